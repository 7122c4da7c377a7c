# SPDX-License-Identifier: GPL-3.0-or-later
"""Layer norms of an ONNX graph, and the linear layers behind them, in the form that runs fast on a CPU."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from onnx import numpy_helper

from dbcr_core.network.blocks import NORM_EPSILON

from .onnx_graph import GraphWriter

NARROW = 64
"""Channels up to which ONNX Runtime's own LayerNormalization is slower than what `NormWriter.normed` does instead: it
takes 75 ns for every row of 22 values, and threads at it wait for each other, so that two are no faster than one."""


class NormWriter(GraphWriter):
    """Emits ``ConditionedNorm`` and ``FoldedNorm`` of ``dbcr_core.network``; arrays are (pixels, channels)."""

    step = ""
    """The result that holds the step's index, in a graph with a step table."""

    def norm(self, x: str, name: str) -> str:
        """The norm as one operator."""
        gain, offset = self._norm_weights(name)
        if self._is_conditioned(name):
            gain, offset = (self.op("Gather", [table, self.step]) for table in (gain, offset))
        return self.op("LayerNormalization", [x, gain, offset], axis=-1, epsilon=NORM_EPSILON)

    def normed(self, x: str, name: str, layers: Iterable[Sequence[str | None]]) -> list[str]:
        """The results of linear layers, each (weight (out, in), bias (out,) or None), of one and the same norm of x.

        Where the rows are narrow, the norm's mean, gain and offset become part of the layers, for with the centring
        matrix P = I - 11^T / c a norm and a layer are ``(x P / s) diag(gain) W^T + (offset W^T + b)``. What depends on
        the step alone is folded into tables when a runtime loads the graph; of the pixels, only 1 / s is left to do.
        """
        width = self.state[self._norm_names(name)[0]].shape[-1]
        if width > NARROW:
            z = self.norm(x, name)
            return [self.gemm(z, weight, bias) for weight, bias in layers]
        z = self._scaled(x, width)
        return [self.gemm(z, *self._merged(name, weight, bias)) for weight, bias in layers]

    def _scaled(self, x: str, width: int) -> str:
        """Every row divided by its standard deviation. Products with a row of ones sum faster than reductions do."""
        mean_of = f"mean_of_{width}"
        shares = np.full((1, width), 1 / width, np.float32)
        self.initializers.setdefault(mean_of, numpy_helper.from_array(shares, mean_of))
        mean = self.op("Gemm", [mean_of, x], transB=1)
        square = self.op("Gemm", [mean_of, self.op("Mul", [x, x])], transB=1)
        # Rounding could take the difference below zero.
        variance = self.op("Relu", [self.op("Sub", [square, self.op("Mul", [mean, mean])])])
        deviation = self.op("Sqrt", [self.op("Add", [variance, self.constant(NORM_EPSILON, np.float32)])])
        factor = self.op("Reshape", [self.op("Reciprocal", [deviation]), self.constant([-1, 1], np.int64)])
        return self.op("Mul", [x, factor])

    def _merged(self, name: str, weight: str, bias: str | None) -> list[str]:
        """Weight (out, in) and bias (out,) of a layer that takes scaled rows and does the rest of the norm itself."""
        gain, offset = self._norm_weights(name)
        first, is_conditioned = self.constant([0], np.int64), self._is_conditioned(name)
        if is_conditioned:
            # One layer for each step: (steps, 1, in) times (1, out, in).
            gain = self.op("Unsqueeze", [gain, self.constant([1], np.int64)])
            weights = self.op("Mul", [self.op("Unsqueeze", [weight, first]), gain])
        else:
            weights, offset = self.op("Mul", [weight, gain]), self.op("Unsqueeze", [offset, first])
        weights = self.op("Sub", [weights, self.op("ReduceMean", [weights], axes=[-1], keepdims=1)])
        biases = self.op("MatMul", [offset, self.op("Transpose", [weight], perm=[1, 0])])
        if bias:
            biases = self.op("Add", [biases, bias])
        if is_conditioned:
            return [self.op("Gather", [table, self.step]) for table in (weights, biases)]
        return [weights, self.op("Squeeze", [biases, first])]

    def _is_conditioned(self, name: str) -> bool:
        return f"{name}.gain" in self.state

    def _norm_names(self, name: str) -> list[str]:
        return [f"{name}.{part}" for part in (("gain", "offset") if self._is_conditioned(name) else ("weight", "bias"))]

    def _norm_weights(self, name: str) -> list[str]:
        return [self.weight(part) for part in self._norm_names(name)]
