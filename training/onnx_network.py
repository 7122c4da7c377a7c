# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the folded network as the ONNX graphs of a model file, each in two forms: for any images, and for one tile."""

from __future__ import annotations

import numpy as np
from onnx import TensorProto

from dbcr_core.errors import ModelError
from dbcr_core.model_card import ModelCard
from dbcr_core.model_file import GRAPH_NAMES, TILE_GRAPH_NAMES
from dbcr_core.network import FoldedBridgeNetwork
from dbcr_core.network.heads import SMALLEST_SCALE

from .config import is_exportable
from .onnx_blocks import BlockWriter
from .onnx_graph import GraphValue, without_weights
from .onnx_norms import row_width

FLOAT = TensorProto.FLOAT


def write_graphs(network: FoldedBridgeNetwork, int8: bool, tile_size: int = ModelCard.tile_size) -> dict[str, bytes]:
    """All four graphs of a model file. Raises ModelError for an ablation network."""
    config = network.config
    if not is_exportable(config):
        raise ModelError("Only networks with NAFBlocks and SFBlocks can be exported; ablations are evaluated in torch.")
    state = {name: value.numpy() for name, value in network.state_dict().items()}
    graphs = []
    for size in (None, tile_size):
        graphs += [NetworkWriter(config, state, int8, size).sar_encoder()]
        graphs += [NetworkWriter(config, state, int8, size).bridge_step()]
    graphs[2:] = [without_weights(*pair) for pair in zip(graphs[2:], graphs)]
    return dict(zip(GRAPH_NAMES + TILE_GRAPH_NAMES, graphs))


class NetworkWriter(BlockWriter):
    """Puts the blocks together: one instance for each graph."""

    def sar_encoder(self) -> bytes:
        """Input ``sar``; outputs ``sar_features_i`` (n, h_i, w_i, c_i), finest first, one for each strip, and
        ``sar_lengths_i`` (n, heads, 1, c_i / heads): what the fusions take of them, whatever the step."""
        self.measure("sar")
        widths, name = self.config.widths, "network.sar_encoder"
        x = self.intro("sar", f"{name}.intro")
        for level, count in enumerate(self.config.encoder_blocks):
            x = self.run_level(x, f"{name}.levels.{level}", level, count)
            *strips, lengths = self.feature_names(level)
            sar, length = self.radar_side(x, f"network.fusions.{level}", level)
            for strip, feature in zip(sar, strips):
                self.rename_last(self.pixels(strip, level), feature)
            self.rename_last(length, lengths)
            if level + 1 < len(widths):
                x = self.down(x, f"{name}.downs.{level}", level)
        return self.model("sar_encoder", [("sar", FLOAT, self.image_shape(2))], self._features())

    def bridge_step(self) -> bytes:
        """Inputs ``x_t``, ``step`` and the encoder's outputs; outputs ``clear`` and the heads."""
        self.measure("x_t")
        config, widths = self.config, self.config.widths
        self.step = self.op("Squeeze", ["step", self.numbers(0)])
        x = self.intro("x_t", "network.intro")
        skips = []
        for level, count in enumerate(config.encoder_blocks):
            x = self.run_level(x, f"network.encoder.{level}", level, count)
            *strips, lengths = self.feature_names(level)
            sar = [self.rows(feature, row_width(widths[level])) for feature in strips]
            x = self.fuse(x, sar, lengths, f"network.fusions.{level}", level)
            skips.append(x)
            if level + 1 < len(widths):
                x = self.down(x, f"network.downs.{level}", level)
        x = self.run_level(x, "network.middle", len(widths) - 1, config.middle_blocks)
        x = [self.without_one(strip, widths[-1]) for strip in x]  # the skip that is added has its own
        for level in reversed(range(len(widths))):
            x = [self.op("Add", pair) for pair in zip(x, skips[level])]
            x = self.run_level(x, f"network.decoder.{level}", level, config.decoder_blocks[level])
            if level:
                x = self.up(x, f"network.ups.{level - 1}", level)
        return self.model("bridge_step", *self.ends(x))

    def intro(self, image: str, name: str) -> list[str]:
        """3x3 convolution of an input image, to rows with all lanes."""
        width = self.config.widths[0]
        weight = self.weight(f"{name}.weight")
        bands = self.state[f"{name}.weight"].shape[1]
        weight = self.to_rows(self.op("Reshape", [weight, self.numbers(width, 9 * bands)]), width)
        weight = self.op("Reshape", [weight, self.numbers(row_width(width), bands, 3, 3)])
        bias = self.bias_to_rows(self.weight(f"{name}.bias"), width)
        strips = []
        for index in range(self.counts[0]):
            part, pads = self.cut_image(image, index, border=1)
            strips.append(self.flat(self.op("Conv", [part, weight, bias], pads=pads), row_width(width)))
        return strips

    def ends(self, strips: list[str]) -> tuple[list[GraphValue], list[GraphValue]]:
        """Outputs from the finest level's map; the graph's inputs and outputs."""
        bordered = [self.bordered(strips, index, 0) for index in range(len(strips))]
        ending = self.conv_of_rows(self.weight("network.ending.weight")), self.weight("network.ending.bias")
        clear = []
        for index, (x, more, pads) in enumerate(bordered):
            left = self.op("Conv", [self.image(x, 0, more), *ending], pads=pads)
            clear.append(self.leave(left, self.cut_image("x_t", index)[0]))
        results = {"clear": clear}
        if "scale" in self.config.heads:
            results["scale"] = [self.scale_head(*border) for border in bordered]
        if "opacity" in self.config.heads:
            results["opacity"] = self.opacity_head(bordered, clear)
        for name, parts in results.items():
            self.rename_last(self.joined(parts, 2), name)
        outputs: list[GraphValue] = [
            (name, FLOAT, self.image_shape(2 if name == "opacity" else 13)) for name in results
        ]
        inputs: list[GraphValue] = [("x_t", FLOAT, self.image_shape(13)), ("step", TensorProto.INT64, [1])]
        return inputs + self._features(), outputs

    def leave(self, ending: str, x_t: str) -> str:
        """The global residual, gated where the configuration says so."""
        if not self.config.gated:
            return self.op("Add", [ending, x_t])
        added, gate = self.op("Split", [ending, self.numbers(13, 13)], outputs=2, axis=1)
        return self.op("Add", [added, self.op("Mul", [self.op("Sigmoid", [gate]), x_t])])

    def scale_head(self, x: str, more: int, pads: list[int]) -> str:
        name = "network.scale_head"
        weight, bias = self.layer(f"{name}.hidden")
        layer = self.with_bias(self.from_rows(weight, self.config.widths[0]), bias, self.config.widths[0])
        hidden = self.image(self.gelu(self.gemm(x, *layer)), 0, more)
        scale = self.softplus(self.conv(hidden, f"{name}.output", pads=pads))
        return self.op("Add", [scale, self.constant(SMALLEST_SCALE, np.float32)])

    def opacity_head(self, borders: list[tuple[str, int, list[int]]], clear: list[str]) -> list[str]:
        """Its first convolution sees the map, x_t and clear - x_t: a sum of three of which each has fast channels."""
        name = "network.opacity_head"
        parts = [self.weight(f"{name}.hidden1.weight"), self.numbers(self.config.widths[0], 13, 13)]
        of_map, of_x_t, of_move = self.op("Split", parts, outputs=3, axis=1)
        of_map = self.conv_of_rows(of_map), self.weight(f"{name}.hidden1.bias")
        of_x_t = self.op("Sub", [of_x_t, of_move])
        hidden = []
        for index, (x, more, pads) in enumerate(borders):
            z = self.op("Conv", [self.cut_image("x_t", index, border=1)[0], of_x_t], pads=pads)
            z = self.op("Add", [z, self.op("Conv", [self.bordered_image(clear, index, 1)[0], of_move], pads=pads)])
            z = self.op("Add", [z, self.op("Conv", [self.image(x, 0, more), *of_map], pads=pads)])
            hidden.append(self.gelu(z))
        width = self.state[f"{name}.output.weight"].shape[1]
        opacity = []
        for index in range(len(hidden)):
            z, pads = self.bordered_image(hidden, index, 2)
            z = self.gelu(self.conv(z, f"{name}.hidden2", pads=pads, dilations=[2, 2]))
            z = self.op("Sigmoid", [self.gemm(self.flat(z, width), *self.layer(f"{name}.output"))])
            opacity.append(self.image(z, 0))
        return opacity

    def conv_of_rows(self, weight: str) -> str:
        """The kernels of a convolution of the finest level's channels, for its rows."""
        weight = self.from_rows(self.op("Transpose", [weight], perm=[0, 2, 3, 1]), self.config.widths[0])
        return self.op("Transpose", [weight], perm=[0, 3, 1, 2])

    def feature_names(self, level: int) -> list[str]:
        """One for each strip, and one for the lengths of the keys."""
        count = self.counts[level]
        strips = [f"sar_features_{level}" + (f"_{index}" if count > 1 else "") for index in range(count)]
        return [*strips, f"sar_lengths_{level}"]

    def _features(self) -> list[GraphValue]:
        values: list[GraphValue] = []
        for level, (width, heads) in enumerate(zip(self.config.widths, self.config.fusion_heads)):
            *strips, lengths = self.feature_names(level)
            values += [(name, FLOAT, self.map_shape(level)) for name in strips]
            values.append((lengths, FLOAT, [1 if self.size else "n", heads, 1, width // heads]))
        return values
