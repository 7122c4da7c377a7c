# SPDX-License-Identifier: GPL-3.0-or-later
"""Layer norms of an ONNX graph, and the linear layers behind them, in the form that runs fast on a CPU."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from onnx import numpy_helper

from dbcr_core.network.blocks import NORM_EPSILON

from .onnx_graph import GraphWriter

NARROW = 64
"""Channels up to which ONNX Runtime's own LayerNormalization is slower than what `NormWriter` does instead: it takes
75 ns for every row of 22 values, and threads at it wait for each other, so that two are no faster than one."""


def row_width(width: int) -> int:
    """Values in a row of a map of so many channels: see `NormWriter`."""
    return width if width > NARROW else (width + 9) // 8 * 8


class NormWriter(GraphWriter):
    """Emits ``ConditionedNorm`` and ``FoldedNorm`` of ``dbcr_core.network``; arrays are (pixels, row width).

    Rows of up to NARROW channels hold the channels less their mean, then a one, then the mean, then zeros up to a
    multiple of eight. So a norm needs no mean, and its gain, offset and the bias of the linear layer behind it become
    part of that layer's matrix: of ``(x - mean) / s * gain + offset`` only 1 / s is left to do. (To add a bias takes
    ONNX Runtime a third of the time of so small a product.) What depends on the step alone is folded into tables when
    a runtime loads the graph.
    """

    step = ""
    """The result that holds the step's index, in a graph with a step table."""

    def __init__(self, state: dict[str, np.ndarray], int8: bool) -> None:
        super().__init__(state, int8)
        self._tables: dict[tuple[str, ...], str] = {}

    def normed(self, x: str, name: str, layers: Iterable[tuple[str, str | None]]) -> list[str]:
        """The results of linear layers, each (weight (out, in), bias (out,) or None), of one and the same norm of x."""
        z = self.before_layers(x, name)
        is_whole = self._width(name) <= NARROW
        return [self.gemm(z, self.weight_of(name, weight, bias), None if is_whole else bias) for weight, bias in layers]

    def before_layers(self, x: str, name: str) -> str:
        """What `weight_of` and `matrix_of` are for: the norm, or as much of it as cannot become part of a matrix."""
        width = self._width(name)
        if width <= NARROW:
            return self._scaled(x, width)
        gain, offset = (self._at_step(name, table) for table in self._parts(name))
        return self.op("LayerNormalization", [x, gain, offset], axis=-1, epsilon=NORM_EPSILON)

    def weight_of(self, name: str, weight: str, bias: str | None = None) -> str:
        """(out, row width): a linear layer's weights for what `before_layers` gives; up to NARROW with its bias."""
        if self._width(name) > NARROW:
            return weight
        return self._once(("layer", name, weight), lambda: self._merged(name, weight, bias))

    def matrix_of(self, name: str, matrix: str) -> str:
        """A matrix (n, channels, row width) that is computed, as one (n, row width, row width) for `before_layers`."""
        width = self._width(name)
        if width > NARROW:
            return matrix
        gain, offset = (self._at_step(name, table) for table in self._parts(name))
        rows = self.op("Mul", [matrix, self.op("Reshape", [gain, self.constant([width, 1], np.int64)])])
        bias = self.op("MatMul", [self.op("Reshape", [offset, self.constant([1, width], np.int64)]), matrix])
        return self.filled(self.op("Concat", [rows, bias], axis=1), [0, row_width(width) - width - 1, 0])

    def to_rows(self, weight: str, width: int) -> str:
        """Weights (..., width, in) whose results are channels, for results that are rows, without the one."""
        if width > NARROW:
            return weight
        centre = np.eye(width) - 1 / width
        spare = np.zeros((row_width(width) - width, width))
        spare[1] = 1 / width
        return self.op("MatMul", [self._fixed(f"to_rows_{width}", np.concatenate([centre, spare])), weight])

    def bias_to_rows(self, bias: str, width: int, one: bool = True) -> str:
        """(width,) for results that are rows, with the one or without."""
        if width > NARROW:
            return bias
        bias = self.to_rows(bias, width)
        if not one:
            return bias
        return self.op("Add", [bias, self.op("Reshape", [self._row_of_one(width), self.constant([-1], np.int64)])])

    def from_rows(self, weight: str, width: int) -> str:
        """Weights (..., out, width) that take channels, for rows."""
        if width > NARROW:
            return weight
        spare = np.zeros((width, row_width(width) - width))
        spare[:, 1] = 1
        return self.op("MatMul", [weight, self._fixed(f"from_rows_{width}", np.concatenate([np.eye(width), spare], 1))])

    def without_one(self, x: str, width: int) -> str:
        """Rows less the one."""
        return x if width > NARROW else self.op("Sub", [x, self._row_of_one(width)])

    def with_bias(self, weight: str, bias: str, width: int) -> tuple[str, str | None]:
        """Weights (out, row width) for rows whose weights for the one are zero, with the bias in that place if there is
        such a place: then the bias is None."""
        if width > NARROW:
            return weight, bias
        column = self.op("Reshape", [bias, self.constant([-1, 1], np.int64)])
        return self.op("Add", [weight, self.op("Mul", [column, self._row_of_one(width)])]), None

    def _row_of_one(self, width: int) -> str:
        return self._fixed(f"row_of_one_of_{width}", np.eye(row_width(width))[width : width + 1])

    def _scaled(self, x: str, width: int) -> str:
        """Every row divided by its standard deviation, but for the one.

        Products sum faster than reductions do, and spread a factor over its row faster than a multiplication does.
        """
        shares, spread = np.zeros((1, row_width(width))), np.zeros((2, row_width(width)))
        shares[0, :width], spread[0, :width], spread[1, width] = 1 / width, 1, 1
        squares = [self._fixed(f"mean_of_{width}", shares), self.op("Mul", [x, x])]
        variance = self.op("Add", [self.op("Gemm", squares, transB=1), self.constant(NORM_EPSILON, np.float32)])
        factor = self.op("Reciprocal", [self.op("Sqrt", [variance])])
        factors = self.op("Pad", [factor, self.constant([0, 0, 1, 0], np.int64), self.constant(1, np.float32)])
        return self.op("Mul", [x, self.op("Gemm", [factors, self._fixed(f"spread_to_{width}", spread)], transA=1)])

    def _merged(self, name: str, weight: str, bias: str | None) -> str:
        """(out, row width) of a layer that takes scaled rows and does the rest of the norm itself."""
        gain, offset = self._parts(name)
        width, is_conditioned = self._width(name), self._is_conditioned(name)
        biases = self.op("MatMul", [offset, self.op("Transpose", [weight], perm=[1, 0])])
        if bias:
            biases = self.op("Add", [biases, bias])
        if is_conditioned:
            # One layer for each step: (steps, 1, in) times (1, out, in).
            gain = self.op("Unsqueeze", [gain, self.constant([1], np.int64)])
            weight = self.op("Unsqueeze", [weight, self.constant([0], np.int64)])
        biases = self.op("Unsqueeze", [biases, self.constant([-1], np.int64)])
        whole = self.op("Concat", [self.op("Mul", [weight, gain]), biases], axis=-1)
        whole = self.filled(whole, [0] * (1 + is_conditioned) + [row_width(width) - width - 1])
        return self._at_step(name, whole)

    def _at_step(self, name: str, table: str) -> str:
        """A norm's table at the graph's step; the table itself where the norm does not depend on the step."""
        if not self._is_conditioned(name):
            return table
        return self._once(("step", table), lambda: self.op("Gather", [table, self.step]))

    def _fixed(self, name: str, values: np.ndarray) -> str:
        self.initializers.setdefault(name, numpy_helper.from_array(values.astype(np.float32), name))
        return name

    def _once(self, key: tuple[str, ...], make: Callable[[], str]) -> str:
        if key not in self._tables:
            self._tables[key] = make()
        return self._tables[key]

    def _is_conditioned(self, name: str) -> bool:
        return f"{name}.gain" in self.state

    def _parts(self, name: str) -> list[str]:
        parts = ("gain", "offset") if self._is_conditioned(name) else ("weight", "bias")
        return [self.weight(f"{name}.{part}") for part in parts]

    def _width(self, name: str) -> int:
        return self.state[f"{name}.gain" if self._is_conditioned(name) else f"{name}.weight"].shape[-1]
