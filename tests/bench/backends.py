# SPDX-License-Identifier: GPL-3.0-or-later
"""The same weights through every backend that is installed, and through a plain `torch.onnx.export`.

Each backend is a function (x_t, sar) → clear that does one evaluation at t = 1000, SAR encoder included.
"""

from __future__ import annotations

import io
import warnings
from typing import Any, Callable

import numpy as np

from dbcr_core.errors import BackendMissingError, InputError
from dbcr_core.model_card import GRAPH_NAMES, read_model_file
from dbcr_core.predictor import open_predictor

Evaluate = Callable[[np.ndarray, np.ndarray], np.ndarray]

ENGINE = "this engine, ONNX Runtime CPU"
PLAIN = "plain torch.onnx.export, ONNX Runtime CPU"
TORCH = "torch eager CPU"
OPENVINO = "this engine's graphs, OpenVINO CPU"
OPSET = 17
LAST = 1000


def open_backends(model: str, threads: int) -> tuple[dict[str, Evaluate], dict[str, str]]:
    """(name → function) of what runs here on `threads` threads, and (name → reason) of what does not."""
    found: dict[str, Evaluate] = {}
    missing: dict[str, str] = {}
    for name, opener in (
        (ENGINE, lambda: _predictor(model, "cpu", threads)),
        (PLAIN, lambda: _plain_export(model, threads)),
        (TORCH, lambda: _predictor(model, "torch-cpu", threads)),
        (OPENVINO, lambda: _openvino(model, threads)),
    ):
        try:
            found[name] = opener()
        except (BackendMissingError, InputError, ImportError) as error:
            missing[name] = str(error)
    return found, missing


def _predictor(model: str, device: str, threads: int) -> Evaluate:
    predictor = open_predictor(model, device, threads)

    def evaluate(x_t: np.ndarray, sar: np.ndarray) -> np.ndarray:
        return predictor.predict_clear(x_t, LAST, predictor.encode_sar(sar)).clear

    return evaluate


def _plain_export(model: str, threads: int) -> Evaluate:
    """What anyone gets who exports the torch network and runs the file."""
    import onnxruntime
    import torch

    from dbcr_core.torch_predictor import TorchPredictor

    reference = TorchPredictor(model, "cpu")
    network, last = reference._network, reference.card.timesteps.index(LAST)

    class Encoder(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, sar: Any) -> Any:
            return self.network.encode_sar(sar)

    class Bridge(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, x_t: Any, step: Any, *features: Any) -> Any:
            return tuple(output for output in self.network(x_t, step, features) if output is not None)

    size = reference.card.tile_size
    sar, x_t = torch.rand(1, 2, size, size), torch.rand(1, 13, size, size)
    features = [f"feature_{level}" for level in range(4)]
    with torch.no_grad():
        encoded = network.encode_sar(sar)
        first = _export(Encoder(), (sar,), ["sar"], features)
        second = _export(Bridge(), (x_t, torch.tensor([last]), *encoded), ["x_t", "step", *features], None)
    session = onnxruntime.SessionOptions()
    session.intra_op_num_threads = threads
    encoder, bridge = (
        onnxruntime.InferenceSession(graph, session, providers=["CPUExecutionProvider"]) for graph in (first, second)
    )
    step = np.array([last], np.int64)

    def evaluate(x_t: np.ndarray, sar: np.ndarray) -> np.ndarray:
        values = encoder.run(None, {"sar": sar})
        return bridge.run(None, {"x_t": x_t, "step": step, **dict(zip(features, values))})[0]

    return evaluate


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


def _openvino(model: str, threads: int) -> Evaluate:
    import openvino

    file = read_model_file(model)
    core = openvino.Core()
    # Left to itself OpenVINO computes in bfloat16 where the processor can, and the results differ by a percent.
    core.set_property("CPU", {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32"})
    encoder, bridge = (core.compile_model(core.read_model(file.graph(name), b""), "CPU") for name in GRAPH_NAMES)
    step = np.array([file.card.timesteps.index(LAST)], np.int64)

    def evaluate(x_t: np.ndarray, sar: np.ndarray) -> np.ndarray:
        outputs = encoder({"sar": sar})
        features = {f"sar_features_{level}": outputs[f"sar_features_{level}"] for level in range(4)}
        return bridge({"x_t": x_t, "step": step, **features})["clear"]

    return evaluate
