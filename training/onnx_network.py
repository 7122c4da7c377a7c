# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the folded network as two ONNX graphs in the form that runs fast on a CPU.

Activations are flat (pixels, channels) arrays: a 1x1 convolution is one Gemm with its bias, a conditioned norm is one
LayerNormalization whose gain and offset are gathered from the step table. Only real convolutions see (n, c, h, w).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import TensorProto

from dbcr_core.errors import ModelError
from dbcr_core.network import FoldedBridgeNetwork, NetworkConfig
from dbcr_core.network.blocks import NORM_EPSILON
from dbcr_core.network.fusion import LENGTH_EPSILON
from dbcr_core.network.heads import SMALLEST_SCALE

from .onnx_graph import GraphWriter

FLOAT = TensorProto.FLOAT


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


class NetworkWriter(GraphWriter):
    """Emits the blocks of ``dbcr_core.network`` one by one, under the same names."""

    def __init__(self, config: NetworkConfig, state: dict[str, np.ndarray], int8: bool) -> None:
        super().__init__(state, int8)
        self.config = config
        self.step = ""
        self.shapes: list[str] = []

    # Shapes and layouts

    def measure(self, image: str) -> None:
        """Compute (n, h, w, -1) of every level from an (n, c, h, w) input."""
        shape = self.op("Shape", [image])
        n, _, h, w = self.op("Split", [shape, self.constant([1, 1, 1, 1], np.int64)], outputs=4, axis=0)
        for level in range(len(self.config.widths)):
            scale = self.constant([2**level], np.int64)
            sides = [self.op("Div", [side, scale]) for side in (h, w)] if level else [h, w]
            self.shapes.append(self.op("Concat", [n, *sides, self.constant([-1], np.int64)], axis=0))

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

    # Layers

    def linear(self, x: str, name: str, bias: bool = True) -> str:
        inputs = [x, self.weight(f"{name}.weight")] + ([self.weight(f"{name}.bias")] if bias else [])
        return self.op("Gemm", inputs, transB=1)

    def conv(self, image: str, name: str, **attributes) -> str:
        return self.op("Conv", [image, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")], **attributes)

    def norm(self, x: str, name: str) -> str:
        if f"{name}.gain" in self.state:
            gain, offset = (self.op("Gather", [self.weight(f"{name}.{k}"), self.step]) for k in ("gain", "offset"))
        else:
            gain, offset = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.op("LayerNormalization", [x, gain, offset], axis=-1, epsilon=NORM_EPSILON)

    def gate(self, x: str, axis: int) -> str:
        return self.op("Mul", self.op("Split", [x], outputs=2, axis=axis))

    def gelu(self, x: str) -> str:
        """In the form that runtimes recognise and fuse (opset 17 has no Gelu)."""
        inner = self.op("Erf", [self.op("Div", [x, self.constant(np.sqrt(2), np.float32)])])
        inner = self.op("Mul", [x, self.op("Add", [inner, self.constant(1, np.float32)])])
        return self.op("Mul", [inner, self.constant(0.5, np.float32)])

    def block(self, x: str, name: str, level: int, width: int) -> str:
        """NAFBlock."""
        z = self.linear(self.norm(x, f"{name}.norm1"), f"{name}.expand1")
        z = self.conv(self.image(z, level), f"{name}.depthwise", group=2 * width, pads=[1, 1, 1, 1])
        z = self.gate(z, axis=1)
        mean = self.op("Reshape", [self.op("GlobalAveragePool", [z]), self.constant([-1, width], np.int64)])
        attention = self.linear(mean, f"{name}.attention")
        attention = self.op("Reshape", [attention, self.constant([-1, width, 1, 1], np.int64)])
        z = self.flat(self.op("Mul", [z, attention]), width)
        y = self.op("Add", [x, self.linear(z, f"{name}.project1")])
        z = self.gate(self.linear(self.norm(y, f"{name}.norm2"), f"{name}.expand2"), axis=1)
        return self.op("Add", [y, self.linear(z, f"{name}.project2")])

    def run_level(self, x: str, name: str, level: int, count: int) -> str:
        for i in range(count):
            x = self.block(x, f"{name}.blocks.{i}", level, self.config.widths[level])
        return x

    def down(self, x: str, name: str, level: int) -> str:
        image = self.conv(self.image(x, level), f"{name}.conv", kernel_shape=[2, 2], strides=[2, 2])
        return self.flat(image, self.config.widths[level + 1])

    def up(self, x: str, name: str, level: int) -> str:
        image = self.image(self.linear(x, f"{name}.conv", bias=False), level)
        return self.flat(self.op("DepthToSpace", [image], blocksize=2, mode="CRD"), self.config.widths[level - 1])

    def fuse(self, optical: str, sar: str, name: str, level: int) -> str:
        """SFBlock. The attention map is multiplied into the small value and output weights first."""
        width, heads = self.config.widths[level], self.config.fusion_heads[level]
        depth = width // heads
        sar = self.norm(sar, f"{name}.norm_sar")
        query = self.linear(self.norm(optical, f"{name}.norm_optical"), f"{name}.query", bias=False)
        key = self.linear(sar, f"{name}.key", bias=False)
        # (n, hw, heads, d) to (n, heads, hw, d)
        batch = self.op("Slice", [self.shapes[level], *(self.constant([v], np.int64) for v in (0, 1))])
        split = self.op("Concat", [batch, self.constant([-1, heads, depth], np.int64)], axis=0)
        query, key = (self.op("Transpose", [self.op("Reshape", [x, split])], perm=[0, 2, 1, 3]) for x in (query, key))
        product = self.op("MatMul", [self.op("Transpose", [query], perm=[0, 1, 3, 2]), key])
        query_length = self.op("Transpose", [self.op("ReduceL2", [query], axes=[2], keepdims=1)], perm=[0, 1, 3, 2])
        lengths = self.op("Mul", [query_length, self.op("ReduceL2", [key], axes=[2], keepdims=1)])
        cosine = self.op("Div", [product, self.op("Add", [lengths, self.constant(LENGTH_EPSILON, np.float32)])])
        scores = self.op("Mul", [cosine, self.weight(f"{name}.temperature")])
        attention = self.op("Softmax", [scores], axis=-1)
        value = self.op(
            "Reshape", [self.weight(f"{name}.value.weight"), self.constant([heads, depth, width], np.int64)]
        )
        mixed = self.op("Reshape", [self.op("MatMul", [attention, value]), self.constant([-1, width, width], np.int64)])
        mixed = self.op("MatMul", [self.weight(f"{name}.project.weight"), mixed])
        rows = self.op("Concat", [batch, self.constant([-1, width], np.int64)], axis=0)
        attended = self.op("MatMul", [self.op("Reshape", [sar, rows]), self.op("Transpose", [mixed], perm=[0, 2, 1])])
        fused = self.op("Add", [optical, self.rows(attended, width)])
        hidden = self.gelu(self.linear(self.norm(fused, f"{name}.norm_mlp"), f"{name}.mlp_in"))
        return self.op("Add", [fused, self.linear(hidden, f"{name}.mlp_out")])

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
        clear = self.op("Add", [self.conv(last, "network.ending", pads=[1, 1, 1, 1]), "x_t"])
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

    def scale_head(self, x: str) -> str:
        name = "network.scale_head"
        hidden = self.image(self.gelu(self.linear(x, f"{name}.hidden")), 0)
        scale = self.op("Softplus", [self.conv(hidden, f"{name}.output", pads=[1, 1, 1, 1])])
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
