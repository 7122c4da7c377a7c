# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn stored centidecibels into the network's SAR input, with the noise that each kind of SAR lacks."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from .clouds.fields import fractal_field, uniform

LOW_DB = (-25.0, -32.5)
HIGH_DB = 0.0
NODATA_DB = -300.0


def scale_sar(decibels: Tensor) -> Tensor:
    """(n, 2, h, w) dB to 0..1: VV from [-25, 0], VH from [-32.5, 0]; nodata becomes 0."""
    low = torch.tensor(LOW_DB, device=decibels.device).view(1, 2, 1, 1)
    scaled = ((decibels - low) / (HIGH_DB - low)).clamp(0, 1)
    return torch.where(decibels > NODATA_DB, scaled, torch.zeros_like(scaled))


def vary_sar(decibels: Tensor, kinds: list[str], generator: torch.Generator) -> Tensor:
    """Draw a plausible single acquisition from each stored SAR image; ``kinds`` as in ``Scene.sar_kind``.

    Calibrated SAR gets a small gain; temporal means get speckle; modelled SAR gets speckle and a smooth residual;
    relative SAR gets a random stretch, as its decibels are unknown; SAR matched to a modelled level gets an offset.
    """
    count, _, size, _ = decibels.shape
    device = decibels.device
    known = decibels > NODATA_DB
    kind = {name: torch.tensor([k == name for k in kinds], device=device).view(-1, 1, 1, 1) for name in set(kinds)}
    nowhere = torch.zeros(count, 1, 1, 1, dtype=torch.bool, device=device)
    mean, modelled, relative, matched = (
        kind.get(name, nowhere) for name in ("mean", "modelled", "relative", "matched")
    )
    speckle = torch.randn(decibels.shape, generator=generator, device=device)
    blurred = F.avg_pool2d(F.pad(speckle, (1, 1, 1, 1), mode="replicate"), 3, 1) * 3
    share = uniform(0.2, 0.6, count, generator)
    speckle = (speckle * (1 - share) + blurred * share) * uniform(1.0, 2.2, count, generator)
    smooth = fractal_field(2 * count, size, generator).view(count, 2, size, size) * uniform(0.5, 2.0, count, generator)
    stretch = uniform(0.7, 1.1, count, generator)
    stretched = -10 + (decibels + 10) * stretch + uniform(-3, 3, count, generator)
    values = torch.where(relative, stretched, decibels)
    values = values + matched * uniform(-1.5, 1.5, count, generator)
    values = values + (mean | modelled) * speckle + modelled * smooth + uniform(-0.7, 0.7, count, generator)
    return torch.where(known, values, decibels)
