# SPDX-License-Identifier: GPL-3.0-or-later
"""A model file small enough to make in a test: its network darkens, and takes bright pixels for cloud."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from dbcr_core.band_names import BAND_SETS, OPTICAL_BANDS
from dbcr_core.model_card import ModelCard
from dbcr_core.model_file import write_model_file
from dbcr_core.schedule import ALL_TIMESTEPS

CLOUD_FROM = 0.25
"""Mean reflectance above which the network's opacity exceeds one half."""


def write_tiny_model(
    path: Path,
    tile_size: int = 256,
    band_sets: tuple[str, ...] = BAND_SETS,
    darkening: float = 0.5,
    trained_bands: tuple[str, ...] = OPTICAL_BANDS,
) -> Path:
    """Writes `path`. clear = darkening·x_t + 0.1·mean(SAR); scale = 0.05 everywhere; opacity rises with brightness."""
    card = ModelCard(
        name="tiny",
        version="1",
        description="A network of a few operations, for tests.",
        licence="GPL-3.0-or-later",
        schedule={"kind": "linear"},
        timesteps=ALL_TIMESTEPS,
        network={},
        tile_size=tile_size,
        band_sets=band_sets,
        trained_bands=trained_bands,
        heads=("scale", "opacity"),
        metrics={
            "sen12mscr_dev": {
                "nfe": {
                    "1": {"psnr": 30.0, "lpips": 0.30},
                    "3": {"psnr": 29.5, "lpips": 0.25},
                    "5": {"psnr": 29.0, "lpips": 0.2},
                }
            }
        },
        limits=("It knows nothing.",),
    )
    write_model_file(str(path), card, {"sar_encoder.onnx": _encoder(), "bridge_step.onnx": _bridge(darkening)})
    return path


def _value(name: str, channels: int):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", channels, "h", "w"])


def _constant(name: str, value) -> object:
    return numpy_helper.from_array(np.array(value, np.float32), name)


def _model(nodes: list, inputs: list, outputs: list, constants: list) -> bytes:
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return model.SerializeToString()


def _encoder() -> bytes:
    nodes = [helper.make_node("Identity", ["sar"], [f"sar_features_{level}"]) for level in range(4)]
    return _model(nodes, [_value("sar", 2)], [_value(f"sar_features_{level}", 2) for level in range(4)], [])


def _bridge(darkening: float) -> bytes:
    features = [f"sar_features_{level}" for level in range(4)]
    nodes = [
        helper.make_node("ReduceMean", [features[0]], ["radar"], axes=[1], keepdims=1),
        helper.make_node("Mul", ["radar", "tenth"], ["guide"]),
        helper.make_node("Mul", ["x_t", "darkening"], ["dark"]),
        helper.make_node("Add", ["dark", "guide"], ["clear"]),
        helper.make_node("Mul", ["x_t", "zero"], ["nothing"]),
        helper.make_node("Add", ["nothing", "twentieth"], ["scale"]),
        helper.make_node("ReduceMean", ["x_t"], ["brightness"], axes=[1], keepdims=1),
        helper.make_node("Sub", ["brightness", "threshold"], ["excess"]),
        helper.make_node("Mul", ["excess", "steepness"], ["steep"]),
        helper.make_node("Sigmoid", ["steep"], ["cloud"]),
        helper.make_node("Mul", ["cloud", "zero"], ["shadow"]),
        helper.make_node("Concat", ["cloud", "shadow"], ["opacity"], axis=1),
        # The real network looks up its time embedding by `step`; here the input only has to be there.
        helper.make_node("Cast", ["step"], ["unused"], to=TensorProto.FLOAT),
    ]
    constants = [
        _constant("tenth", 0.1),
        _constant("darkening", darkening),
        _constant("zero", 0.0),
        _constant("twentieth", 0.05),
        _constant("threshold", CLOUD_FROM),
        _constant("steepness", 50.0),
    ]
    inputs = [_value("x_t", 13), helper.make_tensor_value_info("step", TensorProto.INT64, [1])]
    inputs += [_value(name, 2) for name in features]
    return _model(nodes, inputs, [_value("clear", 13), _value("scale", 13), _value("opacity", 2)], constants)
