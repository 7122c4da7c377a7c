# SPDX-License-Identifier: GPL-3.0-or-later
"""Small heads beside the reconstruction. They read detached features, so training them cannot change it."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .blocks import SpatialConv

SMALLEST_SCALE = 1e-3
OPACITY_WIDTH = 24


class ScaleHead(nn.Module):
    """Per-band Laplace scale b > 0 in reflectance units (0..1): the expected absolute error of each value.

    Trained with the Laplace likelihood ``|error| / b + log b``.
    """

    def __init__(self, width: int, bands: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(width, width)
        self.output = SpatialConv(width, bands, 3, padding=1)
        nn.init.constant_(self.output.bias, -3.5)

    def forward(self, features: Tensor) -> Tensor:
        """(n, h, w, width) to (n, h, w, bands)."""
        return F.softplus(self.output(F.gelu(self.hidden(features)))) + SMALLEST_SCALE


class OpacityHead(nn.Module):
    """Opacity of cloud and depth of shadow, two channels of logits that a sigmoid turns into shares, 0..1.

    It sees the decoder features, the network's input and how far the reconstruction moved away from it.
    """

    def __init__(self, width: int, bands: int) -> None:
        super().__init__()
        self.hidden1 = SpatialConv(width + 2 * bands, OPACITY_WIDTH, 3, padding=1)
        self.hidden2 = SpatialConv(OPACITY_WIDTH, OPACITY_WIDTH, 3, padding=2, dilation=2)
        self.output = nn.Linear(OPACITY_WIDTH, 2)

    def forward(self, features: Tensor, x_t: Tensor, clear: Tensor) -> Tensor:
        """(n, h, w, width), (n, h, w, bands), (n, h, w, bands) to opacity (n, h, w, 2) in 0..1."""
        z = F.gelu(self.hidden1(torch.cat([features, x_t, clear - x_t], dim=-1)))
        return torch.sigmoid(self.output(F.gelu(self.hidden2(z))))
