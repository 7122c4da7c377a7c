# SPDX-License-Identifier: GPL-3.0-or-later
"""A small writer of ONNX graphs: initializers keep the torch weights' names, large ones as int8 per channel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Union

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8
SMALLEST_INT8 = 256

GraphValue = tuple[str, int, Sequence[Union[str, int]]]
"""An input or output of a graph: its name, its element type and its shape, in which a name stands for any length."""


class GraphWriter:
    """Collects nodes and initializers of one graph; every method that computes returns the name of its result.

    Weights are looked up in ``state`` by name. An int8 weight is stored as ``<name>_int8`` and ``<name>_scale`` and
    widened by Cast and Mul: runtimes fold the two when they load the graph, so computing costs what fp32 costs.
    """

    def __init__(self, state: dict[str, np.ndarray], int8: bool) -> None:
        self.state, self.int8 = state, int8
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: dict[str, onnx.TensorProto] = {}
        self._results = 0
        self._ready: dict[str, str] = {}

    def op(self, kind: str, inputs: Sequence[str], outputs: int = 1, **attributes):
        """Add a node; returns its output's name, or a list of names for several outputs."""
        names = [f"{kind.lower()}_{self._results + i}" for i in range(outputs)]
        self._results += outputs
        self.nodes.append(helper.make_node(kind, inputs, names, **attributes))
        return names[0] if outputs == 1 else names

    def rename_last(self, result: str, name: str) -> None:
        """Give a graph output its public name."""
        self.nodes.append(helper.make_node("Identity", [result], [name]))

    def constant(self, values, dtype) -> str:
        """A small constant, shared when it occurs again."""
        array = np.asarray(values, dtype)
        name = f"const_{array.dtype}_{'x'.join(map(str, array.shape)) or 's'}_{'_'.join(map(str, array.flatten()))}"
        if name not in self.initializers:
            self.initializers[name] = numpy_helper.from_array(array, name)
        return name

    def weight(self, name: str) -> str:
        """A weight as float32, by its name in the state dictionary."""
        if name in self._ready:
            return self._ready[name]
        array = self.state[name]
        if self.int8 and array.ndim >= 2 and array.size >= SMALLEST_INT8 and name.endswith(".weight"):
            quantised, scale = quantise(array)
            self.initializers[f"{name}_int8"] = numpy_helper.from_array(quantised, f"{name}_int8")
            self.initializers[f"{name}_scale"] = numpy_helper.from_array(scale, f"{name}_scale")
            wide = self.op("Cast", [f"{name}_int8"], to=TensorProto.FLOAT)
            self._ready[name] = self.op("Mul", [wide, f"{name}_scale"])
        else:
            self.initializers[name] = numpy_helper.from_array(np.ascontiguousarray(array, np.float32), name)
            self._ready[name] = name
        return self._ready[name]

    def layer(self, name: str) -> tuple[str, str]:
        """Weight (out, in) and bias (out,) of a linear layer by its name."""
        return self.weight(f"{name}.weight"), self.weight(f"{name}.bias")

    def gemm(self, x: str, weight: str, bias: str | None) -> str:
        """Rows (n, in) through a linear layer."""
        return self.op("Gemm", [x, weight, *([bias] if bias else [])], transB=1)

    def conv(self, image: str, name: str, **attributes) -> str:
        """A convolution by its name."""
        return self.op("Conv", [image, *self.layer(name)], **attributes)

    def gelu(self, x: str) -> str:
        """In the form that runtimes recognise and fuse (opset 17 has no Gelu)."""
        inner = self.op("Erf", [self.op("Div", [x, self.constant(np.sqrt(2), np.float32)])])
        inner = self.op("Mul", [x, self.op("Add", [inner, self.constant(1, np.float32)])])
        return self.op("Mul", [inner, self.constant(0.5, np.float32)])

    def softplus(self, x: str) -> str:
        """max(x, 0) + log(1 + exp(-|x|)): several times faster than the operator of that name."""
        small = self.op("Exp", [self.op("Neg", [self.op("Abs", [x])])])
        small = self.op("Log", [self.op("Add", [small, self.constant(1, np.float32)])])
        return self.op("Add", [self.op("Relu", [x]), small])

    def arranged(self, weight: str, shape: list[int], perm: list[int], final: list[int]) -> str:
        """A weight reshaped, transposed and reshaped again."""
        parts = self.op("Reshape", [weight, self.constant(shape, np.int64)])
        return self.op("Reshape", [self.op("Transpose", [parts], perm=perm), self.constant(final, np.int64)])

    def halves(self, name: str, more: int = 0, filler: float = 0) -> list[str]:
        """The upper and the lower half of a weight's rows, each with `more` rows of `filler` below it."""
        axes = self.state[name].ndim
        parts = self.op("Split", [self.weight(name)], outputs=2, axis=0)
        return [self.filled(part, [more] + [0] * (axes - 1), filler) for part in parts]

    def filled(self, weight: str, more: list[int], filler: float = 0) -> str:
        """A weight with so many values of `filler` more at the end of each axis."""
        if not any(more):
            return weight
        pads = self.constant([0] * len(more) + more, np.int64)
        return self.op("Pad", [weight, pads, self.constant(filler, np.float32)])

    def model(self, name: str, inputs: Sequence[GraphValue], outputs: Sequence[GraphValue]) -> bytes:
        """The finished, checked graph as bytes."""
        taken, given = ([helper.make_tensor_value_info(*value) for value in values] for values in (inputs, outputs))
        graph = helper.make_graph(self.nodes, name, taken, given, initializer=list(self.initializers.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="dbcr")
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model, full_check=True)
        return model.SerializeToString()


def without_weights(model: bytes, lender: bytes) -> bytes:
    """The model without the initializers that `lender` has too."""
    lean, names = (
        onnx.load_from_string(model),
        {value.name for value in onnx.load_from_string(lender).graph.initializer},
    )
    own = [value for value in lean.graph.initializer if value.name not in names]
    del lean.graph.initializer[:]
    lean.graph.initializer.extend(own)
    return lean.SerializeToString()


def quantise(array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric int8 per output channel (axis 0): values (…) int8 and scale (out, 1, …) float32.

    The scale is the one of a few candidates that loses least: clipping an outlier can be better than a coarse step.
    """
    flat = array.reshape(len(array), -1).astype(np.float64)
    top = np.abs(flat).max(1, keepdims=True)
    top[top == 0] = 1.0

    def rounded(share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        scale = (top * share / 127).astype(np.float32)
        values = np.clip(np.round(flat / scale), -127, 127)
        return values, scale, ((values * scale - flat) ** 2).sum(1, keepdims=True)

    values, scale, least = rounded(1.0)
    for share in (0.97, 0.94, 0.9, 0.86, 0.82):
        others, other_scale, error = rounded(share)
        better = error < least
        values, scale = np.where(better, others, values), np.where(better, other_scale, scale)
        least = np.where(better, error, least)
    shape = (-1, *[1] * (array.ndim - 1))
    return values.reshape(array.shape).astype(np.int8), scale.reshape(shape).astype(np.float32)
