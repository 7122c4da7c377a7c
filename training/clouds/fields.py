# SPDX-License-Identifier: GPL-3.0-or-later
"""Random fields: fractal noise of any roughness, one field per sample of a batch."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def uniform(low: float, high: float, count: int, generator: torch.Generator) -> Tensor:
    """(count, 1, 1, 1) values between ``low`` and ``high``, on the generator's device."""
    values = torch.rand(count, 1, 1, 1, generator=generator, device=generator.device)
    return low + (high - low) * values


def fractal_field(count: int, size: int, generator: torch.Generator, roughness: Tensor | None = None) -> Tensor:
    """Fractal noise (count, 1, size, size) with mean 0 and standard deviation 1 in each sample.

    ``roughness`` (count, 1, 1, 1): 0 gives as much energy to every octave, 1.5 leaves little but the largest shapes.
    A stretch drawn per call makes streets and bands of cloud.
    """
    device = generator.device
    if roughness is None:
        roughness = uniform(0.5, 1.5, count, generator)
    stretch = 2 if torch.rand((), generator=generator, device=device) < 0.3 else 1
    total = torch.zeros(count, 1, size, size, device=device)
    cells = 2
    while cells <= size // 2:
        grid = torch.randn(count, 1, cells + 1, cells // stretch + 2, generator=generator, device=device)
        octave = F.interpolate(grid, size=(size, size), mode="bicubic", align_corners=True)
        total += octave * (cells / 2.0) ** -roughness
        cells *= 2
    if stretch == 2 and torch.rand((), generator=generator, device=device) < 0.5:
        total = total.transpose(2, 3)
    total = total - total.mean((2, 3), keepdim=True)
    return total / total.std((2, 3), keepdim=True).clamp_min(1e-6)


def quantile_of(field: Tensor, share: Tensor) -> Tensor:
    """Value (count, 1, 1, 1) above which ``share`` (count, 1, 1, 1) of each sample's pixels lie."""
    ordered = field.flatten(1).sort(dim=1, descending=True).values
    place = (share.flatten() * (ordered.shape[1] - 1)).round().long().clamp(0, ordered.shape[1] - 1)
    return ordered.gather(1, place[:, None])[:, :, None, None]


def smoothstep(x: Tensor) -> Tensor:
    """0 below 0, 1 above 1, smooth between."""
    x = x.clamp(0, 1)
    return x * x * (3 - 2 * x)


def in_blocks(values: Tensor, size: int, row: int = 0, col: int = 0) -> Tensor:
    """(n, c, h, w) with each ``size`` x ``size`` block replaced by its mean; a block begins at (row, col)."""
    height, width = values.shape[-2:]
    top, left = (size - row) % size, (size - col) % size
    padded = F.pad(values, (left, -(left + width) % size, top, -(top + height) % size), mode="replicate")
    coarse = F.avg_pool2d(padded, size)
    fine = coarse.repeat_interleave(size, 2).repeat_interleave(size, 3)
    return fine[:, :, top : top + height, left : left + width]


def displaced(field: Tensor, rows: Tensor, cols: Tensor) -> Tensor:
    """Each sample of (count, 1, s, s) moved by its own whole number of pixels, wrapping around."""
    count, _, height, width = field.shape
    device = field.device
    row = (torch.arange(height, device=device)[None, :] - rows[:, None]) % height
    col = (torch.arange(width, device=device)[None, :] - cols[:, None]) % width
    return field[torch.arange(count, device=device)[:, None, None], 0, row[:, :, None], col[:, None, :]][:, None]
