# SPDX-License-Identifier: GPL-3.0-or-later
"""NAFBlock and its time conditioning (paper Sec. III-C1), and the ResBlock of the ablation. Arrays are (n, h, w, c)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

NORM_EPSILON = 1e-6


class SpatialConv(nn.Conv2d):
    """A convolution that takes and returns channels-last arrays (n, h, w, c).

    The permutations are views: underneath, the memory is what torch calls ``channels_last``.
    """

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)


class TimeModulation(nn.Module):
    """SiLU + linear map of the time embedding (n, time_width) to four arrays (n, 1, 1, c): scale and shift, twice."""

    def __init__(self, time_width: int, width: int) -> None:
        super().__init__()
        self.linear = nn.Linear(time_width, 4 * width)

    def forward(self, embedding: Tensor) -> tuple[Tensor, ...]:
        return self.linear(F.silu(embedding))[:, None, None, :].chunk(4, dim=-1)


class ConditionedNorm(nn.Module):
    """Layer norm over channels, then ``(1 + scale) * x + shift`` where time says so."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, x: Tensor, scale: Tensor | None = None, shift: Tensor | None = None) -> Tensor:
        x = F.layer_norm(x, (self.width,), self.weight, self.bias, NORM_EPSILON)
        return x if scale is None else torch.addcmul(x + shift, x, scale)


class FoldedNorm(nn.Module):
    """A conditioned norm whose gain and offset are read from a table: one layer norm per step, nothing else.

    ``gain`` and ``offset`` are (steps, c); the step index has shape (1,) and holds for the whole batch.
    """

    def __init__(self, gain: Tensor, offset: Tensor) -> None:
        super().__init__()
        self.width = gain.shape[1]
        self.gain = nn.Parameter(gain)
        self.offset = nn.Parameter(offset)

    def forward(self, x: Tensor, step: Tensor) -> Tensor:
        gain, offset = self.gain.index_select(0, step)[0], self.offset.index_select(0, step)[0]
        return F.layer_norm(x, (self.width,), gain, offset, NORM_EPSILON)


def simple_gate(x: Tensor) -> Tensor:
    """Product of the two halves of the channels: NAFNet's replacement for an activation."""
    first, second = x.chunk(2, dim=-1)
    return first * second


class GlobalMean(nn.Module):
    """Mean over all pixels of a tile: (n, h, w, c) to (n, 1, 1, c)."""

    def forward(self, x: Tensor) -> Tensor:
        return x.mean((1, 2), keepdim=True)


class NAFBlock(nn.Module):
    """Nonlinear-activation-free block, 7c^2 + 33c parameters without time, 6c^2 + 18c multiply-accumulates per pixel.

    ``y = x + beta * conv(attention(gate(depthwise(conv(norm(x))))))``, ``out = y + gamma * conv(gate(conv(norm(y))))``.
    beta and gamma start at 0, so that a fresh block is the identity.
    """

    def __init__(self, width: int, time_width: int | None = None) -> None:
        super().__init__()
        self.norm1 = ConditionedNorm(width)
        self.expand1 = nn.Linear(width, 2 * width)
        self.depthwise = SpatialConv(2 * width, 2 * width, 3, padding=1, groups=2 * width)
        self.pool = GlobalMean()
        self.attention = nn.Linear(width, width)
        self.project1 = nn.Linear(width, width)
        self.beta = nn.Parameter(torch.zeros(width))
        self.norm2 = ConditionedNorm(width)
        self.expand2 = nn.Linear(width, 2 * width)
        self.project2 = nn.Linear(width, width)
        self.gamma = nn.Parameter(torch.zeros(width))
        self.time = TimeModulation(time_width, width) if time_width else None

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        if isinstance(self.norm1, FoldedNorm):
            first, second = self.norm1(x, context), lambda y: self.norm2(y, context)
        elif self.time is not None:
            scale1, shift1, scale2, shift2 = self.time(context)
            first, second = self.norm1(x, scale1, shift1), lambda y: self.norm2(y, scale2, shift2)
        else:
            first, second = self.norm1(x), self.norm2
        z = simple_gate(self.depthwise(self.expand1(first)))
        z = z * self.attention(self.pool(z))
        y = _add_scaled(x, self.project1(z), self.beta)
        return _add_scaled(y, self.project2(simple_gate(self.expand2(second(y)))), self.gamma)

    @torch.no_grad()
    def fold_scales(self) -> None:
        """Multiply beta and gamma into the projections before them; the function stays the same."""
        for linear, scale in ((self.project1, self.beta), (self.project2, self.gamma)):
            linear.weight.mul_(scale[:, None])
            linear.bias.mul_(scale)
        self.beta = self.gamma = None


def _add_scaled(x: Tensor, z: Tensor, scale: Tensor | None) -> Tensor:
    return x + z if scale is None else torch.addcmul(x, z, scale)


class ResBlock(nn.Module):
    """The residual block of the paper's Table II: norm, 3x3, SiLU, norm, 3x3 with the same time conditioning."""

    def __init__(self, width: int, time_width: int | None = None) -> None:
        super().__init__()
        self.norm1 = ConditionedNorm(width)
        self.conv1 = SpatialConv(width, width, 3, padding=1)
        self.norm2 = ConditionedNorm(width)
        self.conv2 = SpatialConv(width, width, 3, padding=1)
        nn.init.zeros_(self.conv2.weight)
        nn.init.zeros_(self.conv2.bias)
        self.time = TimeModulation(time_width, width) if time_width else None

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        if isinstance(self.norm1, FoldedNorm):
            return x + self.conv2(F.silu(self.norm2(self.conv1(F.silu(self.norm1(x, context))), context)))
        scale1 = shift1 = scale2 = shift2 = None
        if self.time is not None:
            scale1, shift1, scale2, shift2 = self.time(context)
        z = self.conv1(F.silu(self.norm1(x, scale1, shift1)))
        return x + self.conv2(F.silu(self.norm2(z, scale2, shift2)))


class Downsample(nn.Module):
    """2x2 convolution with stride 2: (n, h, w, c) to (n, h/2, w/2, 2c), with bias."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv = SpatialConv(width, 2 * width, 2, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)


class Upsample(nn.Module):
    """1x1 convolution c to 2c without bias, then pixel shuffle by 2: (n, h, w, c) to (n, 2h, 2w, c/2)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv = nn.Linear(width, 2 * width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x).permute(0, 3, 1, 2)
        return F.pixel_shuffle(x, 2).permute(0, 2, 3, 1)


def make_block(kind: str, width: int, time_width: int | None = None) -> nn.Module:
    """The backbone's block: "naf" or, for the ablation, "res"."""
    return NAFBlock(width, time_width) if kind == "naf" else ResBlock(width, time_width)
