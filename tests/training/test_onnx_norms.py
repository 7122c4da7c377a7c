# SPDX-License-Identifier: GPL-3.0-or-later
"""A norm and the linear layers behind it, as written into graphs, against torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional as F

onnxruntime = pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")

from onnx import TensorProto  # noqa: E402

from dbcr_core.network.blocks import NORM_EPSILON  # noqa: E402
from training.onnx_norms import NARROW, NormWriter, row_width  # noqa: E402

STEPS, ROWS = 3, 200


def weights(width: int, conditioned: bool) -> dict[str, np.ndarray]:
    random = np.random.default_rng(width)
    shape = (STEPS, width) if conditioned else (width,)
    gain, offset = ("gain", "offset") if conditioned else ("weight", "bias")
    return {
        f"norm.{gain}": random.normal(1, 0.3, shape).astype(np.float32),
        f"norm.{offset}": random.normal(0, 0.3, shape).astype(np.float32),
        "a.weight": random.normal(0, 0.3, (width + 3, width)).astype(np.float32),
        "a.bias": random.normal(0, 0.3, width + 3).astype(np.float32),
        "b.weight": random.normal(0, 0.3, (5, width)).astype(np.float32),
    }


def rows(x: np.ndarray) -> np.ndarray:
    """(pixels, channels) as the graphs hold them: the channels less their mean, a one, the mean, zeros."""
    count, width = x.shape
    if width > NARROW:
        return x
    mean = x.mean(1, keepdims=True, dtype=np.float64)
    spare = np.zeros((count, row_width(width) - width - 2))
    return np.hstack([x - mean, np.ones((count, 1)), mean, spare]).astype(np.float32)


def from_graph(state: dict[str, np.ndarray], x: np.ndarray, step: int) -> tuple[list[np.ndarray], set[str]]:
    """Both layers' results, and the kinds of operators in the graph."""
    writer = NormWriter(state, int8=False)
    writer.step = writer.op("Squeeze", ["step", writer.constant([0], np.int64)])
    layers = [("a.weight", "a.bias"), ("b.weight", None)]
    layers = [(writer.weight(weight), bias and writer.weight(bias)) for weight, bias in layers]
    for name, result in zip("ab", writer.normed("x", "norm", layers)):
        writer.rename_last(result, name)
    inputs = [("x", TensorProto.FLOAT, ["rows", row_width(x.shape[1])]), ("step", TensorProto.INT64, [1])]
    outputs = [("a", TensorProto.FLOAT, ["rows", len(state["a.bias"])]), ("b", TensorProto.FLOAT, ["rows", 5])]
    session = onnxruntime.InferenceSession(writer.model("norm", inputs, outputs), providers=["CPUExecutionProvider"])
    return session.run(["a", "b"], {"x": rows(x), "step": np.array([step])}), {node.op_type for node in writer.nodes}


def from_torch(state: dict[str, np.ndarray], x: np.ndarray, step: int) -> list[np.ndarray]:
    """The same in double precision."""
    t = {name: torch.from_numpy(array).double() for name, array in state.items()}
    conditioned = "norm.gain" in t
    gain, offset = (t["norm.gain"][step], t["norm.offset"][step]) if conditioned else (t["norm.weight"], t["norm.bias"])
    z = F.layer_norm(torch.from_numpy(x).double(), (x.shape[1],), gain, offset, NORM_EPSILON)
    return [F.linear(z, t["a.weight"], t["a.bias"]).numpy(), F.linear(z, t["b.weight"]).numpy()]


@pytest.mark.parametrize("step", [0, STEPS - 1])
@pytest.mark.parametrize("conditioned", [True, False])
@pytest.mark.parametrize("width", [4, 22, NARROW, NARROW + 1])
def test_a_norm_and_its_layers_are_those_of_torch(width, conditioned, step):
    state = weights(width, conditioned)
    x = np.random.default_rng(1).normal(0.5, 2, (ROWS, width)).astype(np.float32)
    found, kinds = from_graph(state, x, step)
    assert ("LayerNormalization" in kinds) == (width > NARROW)
    for mine, theirs in zip(found, from_torch(state, x, step)):
        assert mine.shape == theirs.shape and np.abs(mine - theirs).max() < 2e-5


def test_the_step_makes_a_difference():
    state = weights(22, True)
    x = np.random.default_rng(2).normal(0, 1, (ROWS, 22)).astype(np.float32)
    (first, _), (last, _) = (from_graph(state, x, step)[0] for step in (0, STEPS - 1))
    assert np.abs(first - last).max() > 0.1


def test_rows_of_one_value_and_rows_far_from_zero_stay_sound():
    state = weights(22, True)
    x = np.random.default_rng(3).normal(20, 1, (ROWS, 22)).astype(np.float32)
    x[:50], x[50:60] = 0, 1.5
    found, _ = from_graph(state, x, 1)
    for mine, theirs in zip(found, from_torch(state, x, 1)):
        assert np.isfinite(mine).all()
        assert np.abs(mine - theirs)[:50].max() < 1e-6
        assert np.abs(mine - theirs)[50:60].max() < 5e-3
        assert np.abs(mine - theirs)[60:].max() < 1e-3
