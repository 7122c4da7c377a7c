# SPDX-License-Identifier: GPL-3.0-or-later
"""The blocks of ``dbcr_core.network`` as ONNX operators, in the form that runs fast on a CPU.

A 1x1 convolution is one Gemm, norms are in `onnx_norms`; only 3x3 convolutions see (n, c, h, w), and what halves or
doubles the image is a Gemm beside one transposition of whole pixels. Weights keep torch's names and shapes; where
another shape computes faster, operators on them say so, and runtimes fold those when they load the graph.
"""

from __future__ import annotations

import numpy as np

from dbcr_core.network.fusion import LENGTH_EPSILON

from .onnx_maps import MapWriter
from .onnx_norms import NARROW, row_width

LANES = 16
"""Channels that a convolution computes at once; a gate's halves are filled up to a multiple of it with zeros."""

UNCHANGED = 8.0
"""A value that GELU leaves as it is, as erf(8 / sqrt(2)) is one in float32."""


class BlockWriter(MapWriter):
    """Emits blocks one by one, under the names that they have in torch; maps are lists of strips."""

    def block(self, strips: list[str], name: str, level: int, width: int) -> list[str]:
        """NAFBlock. A gate is the product of two maps, so that nothing needs to be cut in halves afterwards."""
        more, lanes = -width % LANES, width + -width % LANES
        expand = list(zip(self.halves(f"{name}.expand1.weight", more), self.halves(f"{name}.expand1.bias", more)))
        # The lanes that fill up give one times one: `attention` takes its bias from there.
        weights, biases = self.halves(f"{name}.depthwise.weight", more), self.halves(f"{name}.depthwise.bias", more, 1)
        kernels = list(zip(weights, biases))
        gates = []
        for index in range(len(strips)):
            x, rows, pads = self.bordered(strips, index, level)
            images = [self.image(half, level, rows) for half in self.normed(x, f"{name}.norm1", expand)]
            maps = [self.op("Conv", [image, *kernel], group=lanes, pads=pads) for image, kernel in zip(images, kernels)]
            gates.append(self.op("Mul", maps))
        matrix, bias = self.attention(gates, name, width)
        # A gate's halves end in a one each, which carries the projection's bias.
        more = row_width(width) - width
        expand = list(zip(self.halves(f"{name}.expand2.weight", more), self.halves(f"{name}.expand2.bias")))
        expand = [(weight, self.ended(bias, more)) for weight, bias in expand]
        weight, bias_of_rows = self.into_rows(f"{name}.project2", width)
        project = self.with_bias(self.filled(weight, [0, more]), bias_of_rows, width)
        done = []
        for x, gate in zip(strips, gates):
            y = self.added(x, self.op("Transpose", [gate], perm=[0, 2, 3, 1]), lanes, matrix, bias, level)
            z = self.op("Mul", self.normed(y, f"{name}.norm2", expand))
            done.append(self.plus(y, z, *project))
        return done

    def attention(self, gates: list[str], name: str, width: int) -> tuple[str, str | None]:
        """Channel attention and projection of (n, lanes, h, w) maps: attention scales the projection's weights.

        Returns (n, lanes, row width) and the bias. Lanes beyond `width` are ones, one of them carries the bias;
        without such lanes it is to be added.
        """
        more = -width % LANES
        lanes = width + more
        means = [self.op("GlobalAveragePool", [gate]) for gate in gates]
        mean = self.op("Reshape", [self.op("Mean", means) if len(means) > 1 else means[0], self.numbers(-1, lanes)])
        matrix = self.filled(self.weight(f"{name}.attention.weight"), [more, more])
        attention = [mean, matrix, self.filled(self.weight(f"{name}.attention.bias"), [more], 1)]
        attention = self.op("Reshape", [self.op("Gemm", attention, transB=1), self.numbers(-1, lanes, 1)])
        weight, bias = self.into_rows(f"{name}.project1", width)
        project = self.op("Transpose", [weight], perm=[1, 0])
        if more:
            bias = self.op("Reshape", [bias, self.numbers(1, row_width(width))])
            project = self.filled(self.op("Concat", [project, bias], axis=0), [more - 1, 0])
        return self.op("Mul", [attention, project]), None if more else bias

    def added(self, x: str, rows: str, inner: int, matrix: str, bias: str | None, level: int) -> str:
        """x plus rows (..., inner) times the image's own matrix (n, inner, row width) plus a bias."""
        width = row_width(self.config.widths[level])
        if self.size:
            rows, matrix = self.rows(rows, inner), self.op("Squeeze", [matrix, self.numbers(0)])
            if not bias:
                return self.op("Gemm", [rows, matrix, x])
            return self.op("Add", [x, self.op("Gemm", [rows, matrix, bias])])
        shape = self.op("Concat", [self.batch(level), self.numbers(-1, inner)], axis=0)
        product = self.op("MatMul", [self.op("Reshape", [rows, shape]), matrix])
        return self.op("Add", [x, self.rows(self.op("Add", [product, bias]) if bias else product, width)])

    def into_rows(self, name: str, width: int) -> tuple[str, str]:
        """Weights and bias of a linear layer whose results are rows of `width` channels."""
        weight, bias = self.layer(name)
        return self.to_rows(weight, width), self.bias_to_rows(bias, width, one=False)

    def ended(self, bias: str, more: int) -> str:
        """A bias for `more` lanes behind its own, of which the first gives one."""
        return self.filled(self.filled(bias, [1], 1), [more - 1]) if more else bias

    def plus(self, x: str, z: str, weight: str, bias: str | None) -> str:
        """x plus a linear layer of z: one product where the weights hold the bias."""
        if not bias:
            return self.op("Gemm", [z, weight, x], transB=1)
        return self.op("Add", [x, self.gemm(z, weight, bias)])

    def run_level(self, strips: list[str], name: str, level: int, count: int) -> list[str]:
        for i in range(count):
            strips = self.block(strips, f"{name}.blocks.{i}", level, self.config.widths[level])
        return strips

    def down(self, strips: list[str], name: str, level: int) -> list[str]:
        """2x2 convolution with stride 2: the four pixels of a square side by side, times one matrix."""
        width = self.config.widths[level]
        row = row_width(width)
        weight, bias = self.layer(f"{name}.conv")
        weight = self.op("Reshape", [weight, self.numbers(2 * width, width, 4)])
        weight = self.from_rows(self.op("Transpose", [weight], perm=[0, 2, 1]), width)
        weight = self.to_rows(self.op("Reshape", [weight, self.numbers(2 * width, 4 * row)]), 2 * width)
        bias = self.bias_to_rows(bias, 2 * width)
        middle = [self.numbers(2), self.row_length(level + 1)]
        squares = [self.rows(self.swapped(x, middle, 2 * row), 4 * row) for x in strips]
        return self.arranged_for(level + 1, [self.gemm(x, weight, bias) for x in squares])

    def up(self, strips: list[str], name: str, level: int) -> list[str]:
        """1x1 convolution and pixel shuffle: the matrix's rows ordered so that whole pixels move. The skip
        that is added brings the ones of narrow rows."""
        width = self.config.widths[level]
        half, row = width // 2, row_width(width // 2)
        weight = self.op("Reshape", [self.weight(f"{name}.conv.weight"), self.numbers(half, 4, width)])
        weight = self.from_rows(self.to_rows(self.op("Transpose", [weight], perm=[1, 0, 2]), half), width)
        weight = self.op("Reshape", [weight, self.numbers(4 * row, row_width(width))])
        middle = [self.row_length(level), self.numbers(2)]
        squares = [self.swapped(self.gemm(x, weight, None), middle, 2 * row) for x in strips]
        return self.arranged_for(level - 1, [self.rows(x, row) for x in squares])

    def radar_side(self, sar: list[str], name: str, level: int) -> tuple[list[str], str]:
        """What an SFBlock takes of the radar, the same for all steps: its norm, and the lengths of the keys."""
        sar = [self.before_layers(x, f"{name}.norm_sar") for x in sar]
        key = self.weight_of(f"{name}.norm_sar", self.weight(f"{name}.key.weight"))
        heads = self.config.fusion_heads[level]
        return sar, self.lengths(key, self.summed_products(sar, sar, level), [-1, heads, 1, self.depth(level)])

    def fuse(self, optical: list[str], sar: list[str], key_lengths: str, name: str, level: int) -> list[str]:
        """SFBlock. The attention map is multiplied into the small value and output weights first."""
        width = self.config.widths[level]
        mixed = self.matrix_of(f"{name}.norm_sar", self.mixing(optical, sar, key_lengths, name, level))
        mlp_in = self.layer(f"{name}.mlp_in")
        weight, bias = self.into_rows(f"{name}.mlp_out", width)
        mlp_out: tuple[str, str | None] = weight, bias
        if width <= NARROW:
            # GELU leaves an 8 as it is, to the last bit: it carries the bias.
            mlp_in = self.filled(mlp_in[0], [1, 0]), self.filled(mlp_in[1], [1], UNCHANGED)
            column = self.op("Div", [bias, self.constant(UNCHANGED, np.float32)])
            column = self.op("Reshape", [column, self.numbers(-1, 1)])
            mlp_out = self.op("Concat", [weight, column], axis=1), None
        done = []
        for x, s in zip(optical, sar):
            fused = self.added(x, s, row_width(width), mixed, None, level)
            hidden = self.gelu(self.normed(fused, f"{name}.norm_mlp", [mlp_in])[0])
            done.append(self.plus(fused, hidden, *mlp_out))
        return done

    def mixing(self, optical: list[str], sar: list[str], key_lengths: str, name: str, level: int) -> str:
        """(n, width, row width): what the attention map, value and output weights make of the normed radar.

        No pixel has a query or a key: their products q^T k are W_q (x^T s) W_k^T, where x^T s is as small as W.
        """
        width, heads, depth = self.config.widths[level], self.config.fusion_heads[level], self.depth(level)
        optical = [self.before_layers(x, f"{name}.norm_optical") for x in optical]
        query = self.weight_of(f"{name}.norm_optical", self.weight(f"{name}.query.weight"))
        key = self.weight_of(f"{name}.norm_sar", self.weight(f"{name}.key.weight"))
        row = row_width(width)
        keys = self.arranged(key, [heads, depth, row], [0, 2, 1], [1, heads, row, depth])
        products = self.op("MatMul", [query, self.summed_products(optical, sar, level)])
        products = self.op("MatMul", [self.op("Reshape", [products, self.numbers(-1, heads, depth, row)]), keys])
        query_lengths = self.lengths(query, self.summed_products(optical, optical, level), [-1, heads, depth, 1])
        lengths = self.op("Mul", [query_lengths, key_lengths])
        lengths = self.op("Add", [lengths, self.constant(LENGTH_EPSILON, np.float32)])
        scores = self.op("Mul", [self.op("Div", [products, lengths]), self.weight(f"{name}.temperature")])
        attention = self.op("Transpose", [self.op("Softmax", [scores], axis=-1)], perm=[0, 1, 3, 2])
        # (1, heads, width, d) on the left: some versions of OpenVINO go wrong where such a constant is on the right.
        value = self.arranged(
            self.weight(f"{name}.value.weight"), [heads, depth, width], [0, 2, 1], [1, heads, width, depth]
        )
        mixed = self.op("Transpose", [self.op("MatMul", [value, attention])], perm=[0, 2, 1, 3])
        project = self.to_rows(self.weight(f"{name}.project.weight"), width)
        project = self.op("Transpose", [project], perm=[1, 0])
        return self.op("MatMul", [self.op("Reshape", [mixed, self.numbers(-1, width, width)]), project])

    def depth(self, level: int) -> int:
        """Channels of a head."""
        return self.config.widths[level] // self.config.fusion_heads[level]

    def summed_products(self, first: list[str], second: list[str], level: int) -> str:
        """Transposed rows times rows, (row width, row width) for the one image of a graph, else (n, ., .)."""
        row = row_width(self.config.widths[level])
        if self.size:
            total: list[str] = []
            for pair in zip(first, second):
                total = [self.op("Gemm", [*pair, *total], transA=1)]
            return total[0]
        shape = self.op("Concat", [self.batch(level), self.numbers(-1, row)], axis=0)
        left, right = (self.op("Reshape", [x, shape]) for (x,) in (first, second))
        return self.op("MatMul", [self.op("Transpose", [left], perm=[0, 2, 1]), right])

    def lengths(self, weight: str, squares: str, shape: list[int]) -> str:
        """Lengths of queries or keys over all pixels, from the rows' products with themselves."""
        squares = self.op("Mul", [self.op("MatMul", [weight, squares]), weight])
        squares = self.op("ReduceSum", [squares, self.numbers(-1)], keepdims=0)
        # Rounding can leave less than nothing of a channel of zeros.
        return self.op("Sqrt", [self.op("Relu", [self.op("Reshape", [squares, self.numbers(*shape)])])])
