# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the folded network as two ONNX graphs in the form that runs fast on a CPU.

Activations are flat (pixels, channels) arrays: a 1x1 convolution is one Gemm with its bias, norms are in `onnx_norms`.
Only 3x3 convolutions see (n, c, h, w); what halves or doubles the image is a Gemm beside one transposition of whole
pixels. Weights keep torch's names and shapes; where another shape computes faster, operators on them say so, and
runtimes fold those when they load the graph.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import TensorProto, helper

from dbcr_core.errors import ModelError
from dbcr_core.network import FoldedBridgeNetwork, NetworkConfig
from dbcr_core.network.fusion import LENGTH_EPSILON
from dbcr_core.network.heads import SMALLEST_SCALE

from .onnx_norms import NormWriter

FLOAT = TensorProto.FLOAT
LANES = 16
"""Channels that a convolution computes at once; a gate's halves are filled up to a multiple of it with zeros."""


def write_graphs(network: FoldedBridgeNetwork, int8: bool) -> dict[str, bytes]:
    """``sar_encoder.onnx`` and ``bridge_step.onnx`` of a model file. Raises ModelError for an ablation network."""
    config = network.config
    if config.backbone != "naf" or config.fusion != "sf":
        raise ModelError("Only networks with NAFBlocks and SFBlocks can be exported; ablations are evaluated in torch.")
    state = {name: value.numpy() for name, value in network.state_dict().items()}
    return {
        "sar_encoder.onnx": NetworkWriter(config, state, int8).sar_encoder(),
        "bridge_step.onnx": NetworkWriter(config, state, int8).bridge_step(),
    }


class NetworkWriter(NormWriter):
    """Emits the blocks of ``dbcr_core.network`` one by one, under the same names."""

    def __init__(self, config: NetworkConfig, state: dict[str, np.ndarray], int8: bool) -> None:
        super().__init__(state, int8)
        self.config = config
        self.shapes: list[str] = []
        self.row_lengths: list[str] = []

    # Shapes and layouts

    def measure(self, image: str) -> None:
        """Compute (n, h, w, -1) and (w,) of every level from an (n, c, h, w) input."""
        shape = self.op("Shape", [image])
        n, _, h, w = self.op("Split", [shape, self.constant([1, 1, 1, 1], np.int64)], outputs=4, axis=0)
        for level in range(len(self.config.widths)):
            scale = self.constant([2**level], np.int64)
            sides = [self.op("Div", [side, scale]) for side in (h, w)] if level else [h, w]
            self.shapes.append(self.op("Concat", [n, *sides, self.constant([-1], np.int64)], axis=0))
            self.row_lengths.append(sides[1])

    def flat(self, image: str, width: int) -> str:
        """(n, c, h, w) to (pixels, c)."""
        return self.rows(self.op("Transpose", [image], perm=[0, 2, 3, 1]), width)

    def rows(self, image: str, width: int) -> str:
        """(n, h, w, c) to (pixels, c): a view."""
        return self.op("Reshape", [image, self.constant([-1, width], np.int64)])

    def pixels(self, x: str, level: int) -> str:
        """(pixels, c) to (n, h, w, c): a view."""
        return self.op("Reshape", [x, self.shapes[level]])

    def image(self, x: str, level: int) -> str:
        """(pixels, c) to (n, c, h, w)."""
        return self.op("Transpose", [self.pixels(x, level)], perm=[0, 3, 1, 2])

    def swapped(self, x: str, middle: list[str], width: int) -> str:
        """Rows seen as (…, a, b, width), a and b being one-element shapes, to (…, b, a, width)."""
        shape = self.op("Concat", [self.constant([-1], np.int64), *middle, self.constant([width], np.int64)], axis=0)
        return self.op("Transpose", [self.op("Reshape", [x, shape])], perm=[0, 2, 1, 3])

    # Layers

    def linear(self, x: str, name: str, bias: bool = True) -> str:
        return self.gemm(x, *self.layer(name, bias))

    def conv(self, image: str, name: str, **attributes) -> str:
        return self.op("Conv", [image, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")], **attributes)

    def gelu(self, x: str) -> str:
        """In the form that runtimes recognise and fuse (opset 17 has no Gelu)."""
        inner = self.op("Erf", [self.op("Div", [x, self.constant(np.sqrt(2), np.float32)])])
        inner = self.op("Mul", [x, self.op("Add", [inner, self.one()])])
        return self.op("Mul", [inner, self.constant(0.5, np.float32)])

    def softplus(self, x: str) -> str:
        """max(x, 0) + log(1 + exp(-|x|)): several times faster than the operator of that name."""
        small = self.op("Exp", [self.op("Neg", [self.op("Abs", [x])])])
        return self.op("Add", [self.op("Relu", [x]), self.op("Log", [self.op("Add", [small, self.one()])])])

    def one(self) -> str:
        return self.constant(1, np.float32)

    def block(self, x: str, name: str, level: int, width: int) -> str:
        """NAFBlock. A gate is the product of two maps, so that nothing needs to be cut in halves afterwards."""
        more = -width % LANES
        expand = zip(self.halves(f"{name}.expand1.weight", more), self.halves(f"{name}.expand1.bias", more))
        images = [self.image(half, level) for half in self.normed(x, f"{name}.norm1", expand)]
        # The lanes that fill up give one times one: `attended` takes its bias from there.
        kernels = zip(self.halves(f"{name}.depthwise.weight", more), self.halves(f"{name}.depthwise.bias", more, 1))
        maps = [
            self.op("Conv", [image, *kernel], group=width + more, pads=[1, 1, 1, 1])
            for image, kernel in zip(images, kernels)
        ]
        y = self.op("Add", [x, self.attended(self.op("Mul", maps), name, level, width)])
        expand = zip(self.halves(f"{name}.expand2.weight"), self.halves(f"{name}.expand2.bias"))
        z = self.op("Mul", self.normed(y, f"{name}.norm2", expand))
        return self.op("Add", [y, self.linear(z, f"{name}.project2")])

    def attended(self, image: str, name: str, level: int, width: int) -> str:
        """Channel attention and projection of an (n, lanes, h, w) map: attention scales the projection's weights.

        Lanes beyond `width` are ones, one of them carries the bias; without such lanes it is added.
        """
        more = -width % LANES
        lanes = width + more
        mean = self.op("Reshape", [self.op("GlobalAveragePool", [image]), self.constant([-1, lanes], np.int64)])
        matrix = self.filled(self.weight(f"{name}.attention.weight"), [more, more])
        attention = [mean, matrix, self.filled(self.weight(f"{name}.attention.bias"), [more], 1)]
        attention = self.op("Reshape", [self.op("Gemm", attention, transB=1), self.constant([-1, lanes, 1], np.int64)])
        project = self.op("Transpose", [self.weight(f"{name}.project1.weight")], perm=[1, 0])
        bias = self.weight(f"{name}.project1.bias")
        if more:
            bias = self.op("Reshape", [bias, self.constant([1, width], np.int64)])
            project = self.filled(self.op("Concat", [project, bias], axis=0), [more - 1, 0])
        rows = self.op("Concat", [self.batch(level), self.constant([-1, lanes], np.int64)], axis=0)
        z = self.op("Reshape", [self.op("Transpose", [image], perm=[0, 2, 3, 1]), rows])
        z = self.op("MatMul", [z, self.op("Mul", [attention, project])])
        return self.rows(z if more else self.op("Add", [z, bias]), width)

    def batch(self, level: int) -> str:
        """(n,)"""
        return self.op("Slice", [self.shapes[level], *(self.constant([v], np.int64) for v in (0, 1))])

    def run_level(self, x: str, name: str, level: int, count: int) -> str:
        for i in range(count):
            x = self.block(x, f"{name}.blocks.{i}", level, self.config.widths[level])
        return x

    def down(self, x: str, name: str, level: int) -> str:
        """2x2 convolution with stride 2: the four pixels of a square side by side, times one matrix."""
        width = self.config.widths[level]
        two = self.constant([2], np.int64)
        squares = self.swapped(x, [two, self.row_lengths[level + 1]], 2 * width)
        weight = self.weight(f"{name}.conv.weight")
        matrix = self.arranged(weight, [2 * width, width, 4], [0, 2, 1], [2 * width, 4 * width])
        return self.op("Gemm", [self.rows(squares, 4 * width), matrix, self.weight(f"{name}.conv.bias")], transB=1)

    def up(self, x: str, name: str, level: int) -> str:
        """1x1 convolution and pixel shuffle: the matrix's rows ordered so that whole pixels move."""
        width = self.config.widths[level]
        matrix = self.arranged(
            self.weight(f"{name}.conv.weight"), [width // 2, 4, width], [1, 0, 2], [2 * width, width]
        )
        squares = self.op("Gemm", [x, matrix], transB=1)
        two = self.constant([2], np.int64)
        return self.rows(self.swapped(squares, [self.row_lengths[level], two], width), width // 2)

    def fuse(self, optical: str, sar: str, name: str, level: int) -> str:
        """SFBlock. The attention map is multiplied into the small value and output weights first."""
        width, heads = self.config.widths[level], self.config.fusion_heads[level]
        depth = width // heads
        sar = self.norm(sar, f"{name}.norm_sar")
        query = self.normed(optical, f"{name}.norm_optical", [self.layer(f"{name}.query", bias=False)])[0]
        key = self.linear(sar, f"{name}.key", bias=False)
        # (n, hw, heads, d) to (n, heads, hw, d)
        batch = self.batch(level)
        split = self.op("Concat", [batch, self.constant([-1, heads, depth], np.int64)], axis=0)
        query, key = (self.op("Transpose", [self.op("Reshape", [x, split])], perm=[0, 2, 1, 3]) for x in (query, key))
        product = self.op("MatMul", [self.op("Transpose", [query], perm=[0, 1, 3, 2]), key])
        query_length = self.op("Transpose", [self.lengths(query)], perm=[0, 1, 3, 2])
        lengths = self.op("Mul", [query_length, self.lengths(key)])
        cosine = self.op("Div", [product, self.op("Add", [lengths, self.constant(LENGTH_EPSILON, np.float32)])])
        scores = self.op("Mul", [cosine, self.weight(f"{name}.temperature")])
        attention = self.op("Transpose", [self.op("Softmax", [scores], axis=-1)], perm=[0, 1, 3, 2])
        # (1, heads, width, d) on the left: some versions of OpenVINO go wrong where such a constant is on the right.
        value = self.arranged(
            self.weight(f"{name}.value.weight"), [heads, depth, width], [0, 2, 1], [1, heads, width, depth]
        )
        mixed = self.op("Transpose", [self.op("MatMul", [value, attention])], perm=[0, 2, 1, 3])
        project = self.op("Transpose", [self.weight(f"{name}.project.weight")], perm=[1, 0])
        mixed = self.op("MatMul", [self.op("Reshape", [mixed, self.constant([-1, width, width], np.int64)]), project])
        rows = self.op("Concat", [batch, self.constant([-1, width], np.int64)], axis=0)
        attended = self.op("MatMul", [self.op("Reshape", [sar, rows]), mixed])
        fused = self.op("Add", [optical, self.rows(attended, width)])
        hidden = self.gelu(self.normed(fused, f"{name}.norm_mlp", [self.layer(f"{name}.mlp_in")])[0])
        return self.op("Add", [fused, self.linear(hidden, f"{name}.mlp_out")])

    def lengths(self, vectors: str) -> str:
        """(n, heads, pixels, d) to (n, heads, 1, d): a product with ones sums faster than a reduction."""
        pixels = self.op("Slice", [self.op("Shape", [vectors]), *(self.constant([v], np.int64) for v in (2, 3))])
        shape = self.op("Concat", [self.constant([1, 1, 1], np.int64), pixels], axis=0)
        ones = self.op("ConstantOfShape", [shape], value=helper.make_tensor("one", FLOAT, [1], [1.0]))
        return self.op("Sqrt", [self.op("MatMul", [ones, self.op("Mul", [vectors, vectors])])])

    # Graphs

    def sar_encoder(self) -> bytes:
        """Input ``sar``; outputs ``sar_features_i`` (n, h_i, w_i, c_i), finest first."""
        self.measure("sar")
        widths, name = self.config.widths, "network.sar_encoder"
        x = self.flat(self.conv("sar", f"{name}.intro", pads=[1, 1, 1, 1]), widths[0])
        for level, count in enumerate(self.config.encoder_blocks):
            x = self.run_level(x, f"{name}.levels.{level}", level, count)
            self.rename_last(self.pixels(x, level), f"sar_features_{level}")
            if level + 1 < len(widths):
                x = self.down(x, f"{name}.downs.{level}", level)
        return self.model("sar_encoder", [("sar", FLOAT, ["n", 2, "h", "w"])], self._features())

    def bridge_step(self) -> bytes:
        """Inputs ``x_t``, ``step``, ``sar_features_i``; outputs ``clear`` and the heads."""
        self.measure("x_t")
        config, widths = self.config, self.config.widths
        self.step = self.op("Squeeze", ["step", self.constant([0], np.int64)])
        x = self.flat(self.conv("x_t", "network.intro", pads=[1, 1, 1, 1]), widths[0])
        skips = []
        for level, count in enumerate(config.encoder_blocks):
            x = self.run_level(x, f"network.encoder.{level}", level, count)
            x = self.fuse(x, self.rows(f"sar_features_{level}", widths[level]), f"network.fusions.{level}", level)
            skips.append(x)
            if level + 1 < len(widths):
                x = self.down(x, f"network.downs.{level}", level)
        x = self.run_level(x, "network.middle", len(widths) - 1, config.middle_blocks)
        for level in reversed(range(len(widths))):
            x = self.op("Add", [x, skips[level]])
            x = self.run_level(x, f"network.decoder.{level}", level, config.decoder_blocks[level])
            if level:
                x = self.up(x, f"network.ups.{level - 1}", level)
        last = self.image(x, 0)
        clear = self.leave(self.conv(last, "network.ending", pads=[1, 1, 1, 1]))
        outputs = [("clear", FLOAT, ["n", 13, "h", "w"])]
        self.rename_last(clear, "clear")
        if "scale" in config.heads:
            outputs.append(("scale", FLOAT, ["n", 13, "h", "w"]))
            self.rename_last(self.scale_head(x), "scale")
        if "opacity" in config.heads:
            outputs.append(("opacity", FLOAT, ["n", 2, "h", "w"]))
            self.rename_last(self.opacity_head(last, clear), "opacity")
        inputs = [("x_t", FLOAT, ["n", 13, "h", "w"]), ("step", TensorProto.INT64, [1]), *self._features()]
        return self.model("bridge_step", inputs, outputs)

    def leave(self, ending: str) -> str:
        """The global residual, gated where the configuration says so."""
        if not self.config.gated:
            return self.op("Add", [ending, "x_t"])
        added, gate = self.op("Split", [ending, self.constant([13, 13], np.int64)], outputs=2, axis=1)
        return self.op("Add", [added, self.op("Mul", [self.op("Sigmoid", [gate]), "x_t"])])

    def scale_head(self, x: str) -> str:
        name = "network.scale_head"
        hidden = self.image(self.gelu(self.linear(x, f"{name}.hidden")), 0)
        scale = self.softplus(self.conv(hidden, f"{name}.output", pads=[1, 1, 1, 1]))
        return self.op("Add", [scale, self.constant(SMALLEST_SCALE, np.float32)])

    def opacity_head(self, last: str, clear: str) -> str:
        name = "network.opacity_head"
        seen = self.op("Concat", [last, "x_t", self.op("Sub", [clear, "x_t"])], axis=1)
        z = self.gelu(self.conv(seen, f"{name}.hidden1", pads=[1, 1, 1, 1]))
        z = self.gelu(self.conv(z, f"{name}.hidden2", pads=[2, 2, 2, 2], dilations=[2, 2]))
        width = self.state[f"{name}.output.weight"].shape[1]
        return self.image(self.op("Sigmoid", [self.linear(self.flat(z, width), f"{name}.output")]), 0)

    def _features(self) -> list[tuple[str, int, Sequence]]:
        return [
            (f"sar_features_{i}", FLOAT, ["n", f"h{i}", f"w{i}", width]) for i, width in enumerate(self.config.widths)
        ]
