# SPDX-License-Identifier: GPL-3.0-or-later
"""What others compute per 256² image, as far as their papers tell how: built from these, with random weights.

DSen2-CR (Meraner et al., ISPRS 2020) is told completely: optical and radar bands stacked, a 3x3 convolution to 256
features, 16 residual blocks of two 3x3 convolutions with a ReLU between them, scaled by 0.1, a 3x3 convolution back,
added to the optical bands. UnCRtainTS (Ebel et al., CVPRW 2023) is made of MBConv blocks at full resolution; the DB-CR
paper enlarged it without saying how, so that here is a network of such blocks with the size that it reports. GLF-CR and
DiffCR are not told in enough detail: for them only the published multiply-accumulates stand in the table.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

PUBLISHED = {
    "DSen2-CR": (18.95, 1241.8),
    "GLF-CR": (14.83, 245.28),
    "UnCRtainTS": (2.02, 107.57),
    "DiffCR": (22.91, 137.58),
    "DB-CR": (18.06, 15.24),
}
"""Million parameters, and 10⁹ multiply-accumulates per evaluation of a 256² image, from Table I of the DB-CR paper."""


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions, scaled by 0.1 and added."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1, self.conv2 = (nn.Conv2d(width, width, 3, padding=1) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        return x + 0.1 * self.conv2(torch.relu(self.conv1(x)))


class DSen2CR(nn.Module):
    """(n, 15, h, w), 13 optical and 2 radar bands, to (n, 13, h, w)."""

    def __init__(self, width: int = 256, blocks: int = 16) -> None:
        super().__init__()
        self.intro = nn.Conv2d(15, width, 3, padding=1)
        self.blocks = nn.Sequential(*(ResidualBlock(width) for _ in range(blocks)))
        self.ending = nn.Conv2d(width, 13, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return x[:, :13] + self.ending(self.blocks(torch.relu(self.intro(x))))


class MBConv(nn.Module):
    """Expansion by 1x1, depthwise 3x3, squeeze and excitation, projection; added to its input."""

    def __init__(self, width: int, expansion: int = 2, squeeze: int = 4) -> None:
        super().__init__()
        inner = expansion * width
        self.expand = nn.Sequential(nn.Conv2d(width, inner, 1), nn.GroupNorm(4, inner), nn.GELU())
        self.spread = nn.Sequential(
            nn.Conv2d(inner, inner, 3, padding=1, groups=inner), nn.GroupNorm(4, inner), nn.GELU()
        )
        self.excite = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(inner, width // squeeze, 1),
            nn.GELU(),
            nn.Conv2d(width // squeeze, inner, 1),
            nn.Sigmoid(),
        )
        self.project = nn.Sequential(nn.Conv2d(inner, width, 1), nn.GroupNorm(4, width))

    def forward(self, x: Tensor) -> Tensor:
        z = self.spread(self.expand(x))
        return x + self.project(z * self.excite(z))


class MBConvNetwork(nn.Module):
    """(n, 15, h, w) to 13 means and 13 variances, all at full resolution."""

    def __init__(self, width: int = 128, blocks: int = 24) -> None:
        super().__init__()
        self.intro = nn.Conv2d(15, width, 1)
        self.blocks = nn.Sequential(*(MBConv(width) for _ in range(blocks)))
        self.ending = nn.Conv2d(width, 26, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.ending(self.blocks(self.intro(x)))


BUILT = {"DSen2-CR": DSen2CR, "UnCRtainTS": MBConvNetwork}


def count(network: nn.Module, size: int = 256) -> tuple[float, float]:
    """Million parameters, and 10⁹ multiply-accumulates of the convolutions on a size² image."""
    total = 0

    def add(module: nn.Conv2d, inputs: Any, output: Tensor) -> None:
        nonlocal total
        total += output.numel() * module.weight[0].numel()

    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            module.register_forward_hook(add)
    network.to("meta")(torch.zeros(1, 15, size, size, device="meta"))
    return sum(p.numel() for p in network.parameters()) / 1e6, total / 1e9
