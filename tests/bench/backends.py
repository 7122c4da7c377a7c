# SPDX-License-Identifier: GPL-3.0-or-later
"""One network through everything that can run it: this engine, plain exports, torch, OpenVINO.

Each backend does its evaluations at t = 1000, SAR encoder included, on the same threads.
"""

from __future__ import annotations

import io
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Callable

import numpy as np

from dbcr_core.errors import BackendMissingError, InputError
from dbcr_core.model_file import GRAPH_NAMES, read_model_file
from dbcr_core.network import BridgeNetwork
from dbcr_core.predictors import open_predictor
from dbcr_core.schedule import ALL_TIMESTEPS

ENGINE = "this engine, a tile per core"
ENGINE_ALONE = "this engine, one tile alone"
PLAIN = "plain torch.onnx.export of the textbook form"
PLAIN_OURS = "plain torch.onnx.export of this engine's modules"
TORCH_TEXTBOOK = "torch eager, textbook form"
TORCH = "torch eager, this engine's modules"
ENGINE_OPENVINO = "this engine, OpenVINO through ONNX Runtime"
OPENVINO = "OpenVINO, this engine's graphs"
OPENVINO_PLAIN = "OpenVINO, plain export of the textbook form"
OPSET = 17
LAST = 1000


@dataclass(frozen=True)
class Backend:
    """run(x_t, sar) → clear of one tile; a call of `run` does `tiles` evaluations of that tile."""

    run: Callable[[np.ndarray, np.ndarray], np.ndarray]
    tiles: int = 1


def open_backends(
    model: str, network: BridgeNetwork, size: int, threads: int
) -> tuple[dict[str, Backend], dict[str, str]]:
    """(name → backend) of what runs here, and (name → reason) of what does not. model: a file of the same network."""
    textbook: list[tuple[bytes, bytes]] = []

    def textbook_graphs() -> tuple[bytes, bytes]:
        if not textbook:
            textbook.append(export_textbook(network, size))
        return textbook[0]

    found: dict[str, Backend] = {}
    missing: dict[str, str] = {}
    for name, opener in (
        (ENGINE, lambda: _engine(model, threads, threads)),
        (ENGINE_ALONE, lambda: _engine(model, threads, 1)),
        (ENGINE_OPENVINO, lambda: _predictor(model, "openvino", threads)),
        (PLAIN, lambda: _onnx(*textbook_graphs(), threads)),
        (PLAIN_OURS, lambda: _onnx(*_export_ours(network, size), threads)),
        (TORCH_TEXTBOOK, lambda: _torch_textbook(network, threads)),
        (TORCH, lambda: _predictor(model, "torch-cpu", threads)),
        (OPENVINO, lambda: _openvino(*_our_graphs(model), size, threads)),
        (OPENVINO_PLAIN, lambda: _openvino(*textbook_graphs(), size, threads)),
    ):
        try:
            found[name] = opener()
        except (BackendMissingError, InputError, ImportError) as error:
            missing[name] = str(error)
    return found, missing


def _engine(model: str, threads: int, at_once: int) -> Backend:
    predictor = open_predictor(model, "cpu", threads, at_once)
    at_once = predictor.at_once
    pool = ThreadPoolExecutor(at_once)

    def one(x_t: np.ndarray, sar: np.ndarray) -> np.ndarray:
        return predictor.predict_clear(x_t, LAST, predictor.encode_sar(sar)).clear

    def run(x_t: np.ndarray, sar: np.ndarray) -> np.ndarray:
        return list(pool.map(one, [x_t] * at_once, [sar] * at_once))[0]

    return Backend(run, at_once) if at_once > 1 else Backend(one)


def _predictor(model: str, device: str, threads: int) -> Backend:
    predictor = open_predictor(model, device, threads)
    return Backend(lambda x_t, sar: predictor.predict_clear(x_t, LAST, predictor.encode_sar(sar)).clear)


def export_textbook(network: BridgeNetwork, size: int) -> tuple[bytes, bytes]:
    """The SAR encoder and the bridge in the textbook's form; inputs sar; x_t, t, feature_0 …"""
    import torch

    from .textbook import textbook_of

    textbook = textbook_of(network)
    sar, x_t = torch.rand(1, 2, size, size), torch.rand(1, 13, size, size)
    with torch.no_grad():
        features = textbook.sar_encoder(sar)
    names = [f"feature_{level}" for level in range(len(features))]
    encoder = _export(textbook.sar_encoder, (sar,), ["sar"], names)
    return encoder, _export(textbook, (x_t, torch.tensor([float(LAST)]), *features), ["x_t", "t", *names], None)


def _export_ours(network: BridgeNetwork, size: int) -> tuple[bytes, bytes]:
    """The same from the modules of `dbcr_core.network`, nothing folded."""
    import torch

    class Encoder(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, sar: Any) -> Any:
            return self.network.encode_sar(sar)

    class Bridge(Encoder):
        def forward(self, x_t: Any, t: Any, *features: Any) -> Any:
            return tuple(output for output in self.network(x_t, t, features) if output is not None)

    sar, x_t = torch.rand(1, 2, size, size), torch.rand(1, 13, size, size)
    with torch.no_grad():
        features = network.encode_sar(sar)
    names = [f"feature_{level}" for level in range(len(features))]
    encoder = _export(Encoder(), (sar,), ["sar"], names)
    return encoder, _export(Bridge(), (x_t, torch.tensor([float(LAST)]), *features), ["x_t", "t", *names], None)


def _export(module: Any, arguments: tuple, inputs: list[str], outputs: list[str] | None) -> bytes:
    import torch

    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(),
            arguments,
            stream,
            input_names=inputs,
            output_names=outputs,
            opset_version=OPSET,
            dynamo=False,
        )
    return stream.getvalue()


def plain_session(graph: bytes, threads: int) -> Any:
    """ONNX Runtime as it comes, on the processor."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _onnx(encoder_graph: bytes, bridge_graph: bytes, threads: int) -> Backend:
    """What anyone gets who runs the files: ONNX Runtime as it comes, on the same number of threads."""
    encoder, bridge = (plain_session(graph, threads) for graph in (encoder_graph, bridge_graph))
    names = [output.name for output in encoder.get_outputs()]
    t = np.array([LAST], np.float32)

    def run(x_t: np.ndarray, sar: np.ndarray) -> np.ndarray:
        return bridge.run(None, {"x_t": x_t, "t": t, **dict(zip(names, encoder.run(None, {"sar": sar})))})[0]

    return Backend(run)


def _torch_textbook(network: BridgeNetwork, threads: int) -> Backend:
    import torch

    from .textbook import textbook_of

    textbook, t = textbook_of(network), torch.tensor([float(LAST)])

    def run(x_t: np.ndarray, sar: np.ndarray) -> np.ndarray:
        torch.set_num_threads(threads)
        with torch.inference_mode():
            features = textbook.sar_encoder(torch.from_numpy(sar))
            return textbook(torch.from_numpy(x_t), t, *features)[0].numpy()

    return Backend(run)


def _our_graphs(model: str) -> tuple[bytes, bytes]:
    file = read_model_file(model)
    encoder, bridge = (file.graph(name) for name in GRAPH_NAMES)
    return encoder, bridge


def _openvino(encoder_graph: bytes, bridge_graph: bytes, size: int, threads: int) -> Backend:
    import openvino

    core = openvino.Core()
    # Left to itself OpenVINO computes in bfloat16 where the processor can, and the results differ by a percent.
    core.set_property("CPU", {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32"})
    encoder, bridge = (core.read_model(graph, b"") for graph in (encoder_graph, bridge_graph))
    encoder.reshape({"sar": [1, 2, size, size]})
    compiled_encoder = core.compile_model(encoder, "CPU")
    asked = {name for value in bridge.inputs for name in value.names}
    names = [next(iter(output.names & asked)) for output in compiled_encoder.outputs]
    shapes = {name: list(output.shape) for name, output in zip(names, compiled_encoder.outputs)}
    bridge.reshape({"x_t": [1, 13, size, size], **shapes})
    compiled_bridge = core.compile_model(bridge, "CPU")
    is_ours = any("step" in value.names for value in bridge.inputs)
    place = (
        {"step": np.array([ALL_TIMESTEPS.index(LAST)], np.int64)} if is_ours else {"t": np.array([LAST], np.float32)}
    )

    def run(x_t: np.ndarray, sar: np.ndarray) -> np.ndarray:
        outputs = compiled_encoder({"sar": sar})
        return compiled_bridge({"x_t": x_t, **place, **{name: outputs[name] for name in names}})[0]

    return Backend(run)
