# SPDX-License-Identifier: GPL-3.0-or-later
"""ONNX Runtime's execution providers, and the two sessions of a model on one of them."""

from __future__ import annotations

import contextlib
import io
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ..errors import BackendMissingError, ModelError
from ..model_card import HEADS
from ..model_file import GRAPH_NAMES, TILE_GRAPH_NAMES, ModelFile
from .cache_folder import cache_folder
from .onnx_advance import advance_graph
from .onnx_edit import UNFIT, with_outputs, with_weights

PROVIDERS = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
    "directml": "DmlExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
}
"""Device names and ONNX Runtime's names for them."""

LABELS = {
    "cpu": "CPU",
    "cuda": "NVIDIA GPU (CUDA)",
    "tensorrt": "NVIDIA GPU (TensorRT)",
    "directml": "GPU (DirectML)",
    "coreml": "Apple CoreML",
    "openvino": "OpenVINO",
}

NEEDS = {
    "cuda": "an NVIDIA driver and `pip install onnxruntime-gpu[cuda,cudnn]`",
    "tensorrt": "NVIDIA's driver, CUDA, cuDNN and TensorRT libraries",
}
"""What a build that offers a device still lacks where the device does not start."""

KEEPS_STATE = {"cuda": "cuda", "tensorrt": "cuda"}
"""Devices whose memory holds what the radar encoder gives, and x_t, until the bridge needs it; that memory's name."""

BATCHING = ("cuda", "tensorrt", "directml")
"""Devices that gain from several tiles per call."""

OVERLAPPING = ("cuda",)
"""Devices that compute one call while others copy."""


_sharing = threading.Lock()
_is_shared: bool | None = None


@dataclass(frozen=True)
class Sessions:
    """Both graphs, ready to run.

    features: the encoder's outputs, in order. asked: the bridge's inputs; a network may leave the step or the radar
    unused, and then the bridge does not ask for it. outputs: the bridge's.
    """

    encoder: Any
    bridge: Any
    features: tuple[str, ...]
    asked: frozenset[str]
    outputs: tuple[str, ...]


def import_runtime() -> Any:
    """The onnxruntime module; raises BackendMissingError with the remedy where it cannot be loaded."""
    try:
        import onnxruntime
    except (ImportError, OSError, AttributeError) as error:
        raise BackendMissingError(
            f"ONNX Runtime cannot be loaded ({error}); install it with `pip install --no-deps onnxruntime`, "
            "in QGIS with the plugin's own installer."
        ) from error
    if not hasattr(onnxruntime, "InferenceSession"):
        raise BackendMissingError("The onnxruntime found is incomplete; reinstall it with `--no-deps`.")
    onnxruntime.set_default_logger_severity(3)
    return onnxruntime


def available_devices() -> tuple[str, ...]:
    """Device names that this ONNX Runtime build offers; raises BackendMissingError without it."""
    offered = import_runtime().get_available_providers()
    return tuple(name for name, provider in PROVIDERS.items() if provider in offered)


def open_sessions(
    model: ModelFile, device: str, threads: int, shape: tuple[int, int] | None, outputs: list[str]
) -> Sessions:
    """Both sessions on a device, `threads` threads each.

    shape: the only number of images and their side, None for any. outputs: of the bridge, which keeps the inputs that
    these need. A processor gets the graphs that the file holds for its tiles, where there are such.
    Raises BackendMissingError where the device is not there or does not start, ModelError for unsound graphs.
    """
    runtime = import_runtime()
    provider = PROVIDERS[device]
    if provider not in runtime.get_available_providers():
        raise BackendMissingError(
            f"This ONNX Runtime offers no {LABELS[device]}; use 'auto' or 'cpu', or install a build for that device."
        )
    encoder, bridge = (_graph(model, name, device, shape) for name in GRAPH_NAMES)
    bridge = with_outputs(bridge, outputs)
    options = _session_options(runtime, device, threads, shape)
    # What TensorRT cannot build runs on the same card.
    chain = (device, "cuda") if device == "tensorrt" else (device,)
    providers = [(PROVIDERS[name], _provider_options(name, threads)) for name in chain]
    if "cuda" in chain:
        _load_nvidia_libraries(runtime)

    start = partial(_start, options=options, providers=providers)
    try:
        if device == "cpu":
            with ThreadPoolExecutor(1) as other:  # two cores open both in the time of the larger one
                smaller = other.submit(start, encoder)
                opened_bridge, opened_encoder = start(bridge), smaller.result()
        else:
            opened_encoder, opened_bridge = start(encoder), start(bridge)
    except Exception as error:  # ONNX Runtime's exceptions share no base class
        if device == "cpu":
            raise ModelError(f"ONNX Runtime refuses the graphs in {model.path}; get the model again.") from error
        raise BackendMissingError(_not_started(device)) from error
    if not all(session.get_providers()[0] == provider for session in (opened_encoder, opened_bridge)):
        raise BackendMissingError(_not_started(device))
    features, asked = _signatures(opened_encoder, opened_bridge, outputs)
    return Sessions(opened_encoder, opened_bridge, features, asked, tuple(outputs))


def without_heads(sessions: Sessions, model: ModelFile, threads: int) -> Sessions:
    """The sessions of a processor for one tile, with a bridge that leaves opacity and error scale out."""
    runtime, shape = import_runtime(), (1, model.card.tile_size)
    outputs = [name for name in sessions.outputs if name not in HEADS]
    graph = with_outputs(_graph(model, GRAPH_NAMES[1], "cpu", shape), outputs)
    bridge = _start(graph, _session_options(runtime, "cpu", threads, shape), [PROVIDERS["cpu"]])
    _, asked = _signatures(sessions.encoder, bridge, outputs)
    return replace(sessions, bridge=bridge, asked=asked, outputs=tuple(outputs))


def _graph(model: ModelFile, name: str, device: str, shape: tuple[int, int] | None) -> bytes:
    """The graph of GRAPH_NAMES, in the form that suits device and shape."""
    graph = model.graph(name)
    if device == "cpu" and shape == (1, model.card.tile_size) and model.has_tile_graphs:
        return with_weights(model.graph(TILE_GRAPH_NAMES[GRAPH_NAMES.index(name)]), graph)
    return graph


def _start(graph: bytes, options: Any, providers: list[Any]) -> Any:
    # Without its fallback, which goes on with the CPU and prints why where a program's JSON belongs.
    return import_runtime().InferenceSession(graph, sess_options=options, providers=providers, enable_fallback=0)


def open_advance(device: str) -> Any:
    """A session of `advance_graph` on a device whose memory keeps what it computes."""
    runtime = import_runtime()
    provider = PROVIDERS["cuda" if device == "tensorrt" else device]
    options = _session_options(runtime, device, 1, None)
    return _start(advance_graph(), options, [provider])


def _signatures(encoder: Any, bridge: Any, outputs: list[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Features and asked inputs of `Sessions`; ModelError where the graphs ask or give what the card does not say."""
    given, features, asked, answered = (
        [value.name for value in values]
        for values in (encoder.get_inputs(), encoder.get_outputs(), bridge.get_inputs(), bridge.get_outputs())
    )
    if given != ["sar"] or not {"x_t"} <= {*asked} <= {"x_t", "step", *features} or {*answered} != {*outputs}:
        raise ModelError(UNFIT)
    return tuple(features), frozenset(asked)


def _not_started(device: str) -> str:
    needs = NEEDS.get(device, "its driver")
    return f"{LABELS[device]} does not start here; use 'auto' or 'cpu', or install {needs}."


def _load_nvidia_libraries(runtime: Any) -> None:
    """From where pip puts them or torch has them; ONNX Runtime by itself looks only where the system does."""
    if hasattr(runtime, "preload_dlls"):
        with contextlib.redirect_stdout(io.StringIO()):  # it prints what it does not find
            runtime.preload_dlls()


def _session_options(runtime: Any, device: str, threads: int, shape: tuple[int, int] | None) -> Any:
    options = runtime.SessionOptions()
    options.log_severity_level = 4  # what fails is told by an exception
    options.intra_op_num_threads = threads
    # Threads that spin while they wait take the cores from whoever else computes, this program's other parts included.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Memory laid out beforehand is held once per call at the same time; DirectML cannot do it at all.
    options.enable_mem_pattern = False
    if device == "cpu" and _share_memory(runtime):
        options.add_session_config_entry("session.use_env_allocators", "1")
    if shape is not None:
        count, size = shape
        options.add_free_dimension_override_by_name("n", count)
        for side in ("h", "w"):
            options.add_free_dimension_override_by_name(side, size)
            for level in range(size.bit_length()):
                options.add_free_dimension_override_by_name(f"{side}{level}", size >> level)
    return options


def _share_memory(runtime: Any) -> bool:
    """Lets the sessions of this process that ask for it work in one and the same memory; False where that fails."""
    global _is_shared
    with _sharing:
        if _is_shared is None:
            kind = runtime.OrtAllocatorType.ORT_ARENA_ALLOCATOR
            try:
                place = runtime.OrtMemoryInfo("Cpu", kind, 0, runtime.OrtMemType.DEFAULT)
                runtime.create_and_register_allocator(place, None)
                _is_shared = True
            except Exception:  # ONNX Runtime's exceptions share no base class; without it all works, with more memory
                _is_shared = False
        return _is_shared


def _provider_options(device: str, threads: int) -> dict[str, str]:
    if device == "openvino":
        # Left to itself OpenVINO rounds: activations to 8 bits beside int8 weights, all to bfloat16 where it can.
        exact = {
            "INFERENCE_PRECISION_HINT": "f32",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0",
            "INFERENCE_NUM_THREADS": str(threads),
        }
        return {"device_type": "CPU", "load_config": json.dumps({"CPU": exact})}
    if device == "tensorrt":
        # Building an engine takes minutes. Float32: deep in the radar encoder values pass what float16 can hold.
        folder = cache_folder("tensorrt")
        return {"trt_engine_cache_enable": "1", "trt_engine_cache_path": folder} if folder else {}
    if device == "cuda":
        # Trying out all algorithms, the usual way, is no faster in the end; memory in powers of two takes a third more.
        return {"cudnn_conv_algo_search": "HEURISTIC", "arena_extend_strategy": "kSameAsRequested"}
    if device == "directml":
        return {"performance_preference": "high_performance"}  # of two cards, as in many laptops, the one that computes
    if device == "coreml":
        return {"ModelFormat": "MLProgram", "MLComputeUnits": "ALL"}
    return {}
