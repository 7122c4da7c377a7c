# SPDX-License-Identifier: GPL-3.0-or-later
"""The network as its papers print it: the yardstick for what this engine's own form of it gains.

Everything is (n, c, h, w): layer norm over channels is written out with mean and variance, a 1x1 convolution is a
convolution, time goes through its MLPs in every block, beta and gamma multiply, queries and keys are normalised before
their product. It computes what `dbcr_core.network` does, from the same weights, and `torch.onnx.export` of it is what
one gets without thinking about the machine. Only the backbone and the fusion that are exported exist here.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dbcr_core.network import BridgeNetwork, NetworkConfig
from dbcr_core.network.backbone import TimeEmbedding
from dbcr_core.network.blocks import NORM_EPSILON
from dbcr_core.network.heads import OPACITY_WIDTH, SMALLEST_SCALE


class LayerNorm2d(nn.Module):
    """Layer norm over the channels of (n, c, h, w), written out."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, x: Tensor) -> Tensor:
        mean = x.mean(1, keepdim=True)
        variance = (x - mean).pow(2).mean(1, keepdim=True)
        x = (x - mean) / (variance + NORM_EPSILON).sqrt()
        return self.weight[:, None, None] * x + self.bias[:, None, None]


class SimpleGate(nn.Module):
    """Product of the two halves of the channels."""

    def forward(self, x: Tensor) -> Tensor:
        first, second = x.chunk(2, dim=1)
        return first * second


class NAFBlock(nn.Module):
    """A NAFBlock with time conditioning after both norms where time_width says so."""

    def __init__(self, width: int, time_width: int | None = None) -> None:
        super().__init__()
        self.norm1, self.norm2 = LayerNorm2d(width), LayerNorm2d(width)
        self.expand1 = nn.Conv2d(width, 2 * width, 1)
        self.depthwise = nn.Conv2d(2 * width, 2 * width, 3, padding=1, groups=2 * width)
        self.gate = SimpleGate()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.attention = nn.Conv2d(width, width, 1)
        self.project1 = nn.Conv2d(width, width, 1)
        self.expand2 = nn.Conv2d(width, 2 * width, 1)
        self.project2 = nn.Conv2d(width, width, 1)
        self.beta = nn.Parameter(torch.zeros(1, width, 1, 1))
        self.gamma = nn.Parameter(torch.zeros(1, width, 1, 1))
        self.time = nn.Sequential(nn.SiLU(), nn.Linear(time_width, 4 * width)) if time_width else None

    def forward(self, x: Tensor, embedding: Tensor | None = None) -> Tensor:
        z, second = self.norm1(x), self.norm2
        if self.time is not None:
            scale1, shift1, scale2, shift2 = self.time(embedding)[:, :, None, None].chunk(4, dim=1)
            z = z * (1 + scale1) + shift1
        z = self.gate(self.depthwise(self.expand1(z)))
        z = self.project1(z * self.attention(self.pool(z)))
        y = x + z * self.beta
        z = second(y)
        if self.time is not None:
            z = z * (1 + scale2) + shift2
        return y + self.project2(self.gate(self.expand2(z))) * self.gamma


class SFBlock(nn.Module):
    """Channel attention from optical queries to radar keys and values, then an MLP."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm_optical, self.norm_sar, self.norm_mlp = (LayerNorm2d(width) for _ in range(3))
        self.query, self.key, self.value, self.project = (nn.Conv2d(width, width, 1, bias=False) for _ in range(4))
        self.temperature = nn.Parameter(torch.ones(heads, 1, 1))
        self.mlp_in = nn.Conv2d(width, 2 * width, 1)
        self.mlp_out = nn.Conv2d(2 * width, width, 1)

    def forward(self, optical: Tensor, sar: Tensor) -> Tensor:
        n, c, h, w = optical.shape
        sar = self.norm_sar(sar)
        split = (n, self.heads, c // self.heads, h * w)
        query = F.normalize(self.query(self.norm_optical(optical)).reshape(split), dim=-1)
        key = F.normalize(self.key(sar).reshape(split), dim=-1)
        weights = (query @ key.transpose(-2, -1) * self.temperature).softmax(dim=-1)
        attended = (weights @ self.value(sar).reshape(split)).reshape(n, c, h, w)
        fused = optical + self.project(attended)
        return fused + self.mlp_out(F.gelu(self.mlp_in(self.norm_mlp(fused))))


class Level(nn.Module):
    """A run of blocks."""

    def __init__(self, width: int, count: int, time_width: int | None) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(NAFBlock(width, time_width) for _ in range(count))

    def forward(self, x: Tensor, embedding: Tensor | None = None) -> Tensor:
        for block in self.blocks:
            x = block(x, embedding)
        return x


class Downsample(nn.Module):
    """2x2 convolution with stride 2."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(width, 2 * width, 2, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)


class Upsample(nn.Module):
    """1x1 convolution and pixel shuffle."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(width, 2 * width, 1, bias=False)
        self.shuffle = nn.PixelShuffle(2)

    def forward(self, x: Tensor) -> Tensor:
        return self.shuffle(self.conv(x))


class SarEncoder(nn.Module):
    """Radar features of every level."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.intro = nn.Conv2d(2, config.widths[0], 3, padding=1)
        self.levels = nn.ModuleList(Level(w, n, None) for w, n in zip(config.widths, config.encoder_blocks))
        self.downs = nn.ModuleList(Downsample(w) for w in config.widths[:-1])

    def forward(self, sar: Tensor) -> tuple[Tensor, ...]:
        x, features = self.intro(sar), []
        for level, down in zip(self.levels, (*self.downs, nn.Identity())):
            features.append(level(x))
            x = down(features[-1])
        return tuple(features)


class ScaleHead(nn.Module):
    """Expected error per band."""

    def __init__(self, width: int, bands: int) -> None:
        super().__init__()
        self.hidden = nn.Conv2d(width, width, 1)
        self.output = nn.Conv2d(width, bands, 3, padding=1)

    def forward(self, features: Tensor) -> Tensor:
        return F.softplus(self.output(F.gelu(self.hidden(features)))) + SMALLEST_SCALE


class OpacityHead(nn.Module):
    """Opacity of cloud and shadow."""

    def __init__(self, width: int, bands: int) -> None:
        super().__init__()
        self.hidden1 = nn.Conv2d(width + 2 * bands, OPACITY_WIDTH, 3, padding=1)
        self.hidden2 = nn.Conv2d(OPACITY_WIDTH, OPACITY_WIDTH, 3, padding=2, dilation=2)
        self.output = nn.Conv2d(OPACITY_WIDTH, 2, 1)

    def forward(self, features: Tensor, x_t: Tensor, clear: Tensor) -> Tensor:
        z = F.gelu(self.hidden1(torch.cat([features, x_t, clear - x_t], dim=1)))
        return torch.sigmoid(self.output(F.gelu(self.hidden2(z))))


class TextbookNetwork(nn.Module):
    """`BridgeNetwork` once more; ``forward`` takes x_t, t (n,) and the radar features, and returns a tuple."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        widths = config.widths
        self.time = TimeEmbedding(widths[0], config.time_width)
        self.sar_encoder = SarEncoder(config)
        self.intro = nn.Conv2d(13, widths[0], 3, padding=1)
        self.encoder = nn.ModuleList(Level(w, n, config.time_width) for w, n in zip(widths, config.encoder_blocks))
        self.fusions = nn.ModuleList(SFBlock(w, h) for w, h in zip(widths, config.fusion_heads))
        self.downs = nn.ModuleList(Downsample(w) for w in widths[:-1])
        self.middle = Level(widths[-1], config.middle_blocks, config.time_width)
        self.decoder = nn.ModuleList(Level(w, n, config.time_width) for w, n in zip(widths, config.decoder_blocks))
        self.ups = nn.ModuleList(Upsample(w) for w in widths[1:])
        self.gated = config.gated
        self.ending = nn.Conv2d(widths[0], 26 if config.gated else 13, 3, padding=1)
        self.scale_head = ScaleHead(widths[0], 13) if "scale" in config.heads else None
        self.opacity_head = OpacityHead(widths[0], 13) if "opacity" in config.heads else None

    def forward(self, x_t: Tensor, t: Tensor, *sar_features: Tensor) -> tuple[Tensor, ...]:
        embedding = self.time(t)
        x, skips = self.intro(x_t), []
        for i, level in enumerate(self.encoder):
            x = self.fusions[i](level(x, embedding), sar_features[i])
            skips.append(x)
            x = self.downs[i](x) if i < len(self.downs) else x
        x = self.middle(x, embedding)
        for i in reversed(range(len(self.decoder))):
            x = self.decoder[i](x + skips[i], embedding)
            x = self.ups[i - 1](x) if i else x
        ending = self.ending(x)
        outputs = [ending[:, :13] + ending[:, 13:].sigmoid() * x_t if self.gated else ending + x_t]
        if self.scale_head is not None:
            outputs.append(self.scale_head(x))
        if self.opacity_head is not None:
            outputs.append(self.opacity_head(x, x_t, outputs[0]))
        return tuple(outputs)


def textbook_of(network: BridgeNetwork) -> TextbookNetwork:
    """The textbook form with the weights of a network that was not folded yet."""
    textbook = TextbookNetwork(network.config)
    mine, theirs = textbook.state_dict(), network.state_dict()
    textbook.load_state_dict({name: theirs[_source(name)].reshape(value.shape) for name, value in mine.items()})
    return textbook.eval().requires_grad_(False)


def _source(name: str) -> str:
    """A weight's name in `dbcr_core.network`: there, a block's SiLU is no module of its own."""
    return name.replace(".time.1.", ".time.linear.")


def encode_and_restore(network: TextbookNetwork, x_t: Tensor, t: Tensor, sar: Tensor) -> Sequence[Tensor]:
    """One evaluation, radar encoder included."""
    return network(x_t, t, *network.sar_encoder(sar))
