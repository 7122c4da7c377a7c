# SPDX-License-Identifier: GPL-3.0-or-later
"""What changes on the ground between a cloudy and a clear date.

Between the dates of real pairs, clear land differed by factors whose logarithms had standard deviations of 0.16 in the
visible, 0.25 in the near and 0.3 in the short-wave infrared (11 pairs of SEN12MS-CR outside its test regions), and as
much again from field to field. A network that never sees this trusts the level of the cloudy date too much.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .fields import fractal_field, uniform

# Directions in B01 … B12: brightness, greenness, dryness, humidity of the air.
DIRECTIONS = (
    (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0),
    (0.0, 0.0, 0.1, -0.5, -0.2, 0.7, 1.0, 1.0, 1.0, 0.7, 0.0, -0.3, -0.6),
    (0.0, 0.1, 0.2, 0.5, 0.4, 0.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.9, 1.0),
    (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0),
)
SPREAD = (0.07, 0.17, 0.16, 0.25)
LOCAL_SPREAD = (0.03, 0.12, 0.12, 0.0)


def other_date(clear: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """``clear`` (n, 13, h, w), 0..1, as it might have looked some weeks before, in ``share`` of the samples."""
    count, _, size, _ = clear.shape
    device = clear.device
    directions, spread, local = (torch.tensor(v, device=device) for v in (DIRECTIONS, SPREAD, LOCAL_SPREAD))
    # Some dates lie close together, some far apart.
    distance = uniform(0.2, 1.6, count, generator) * (uniform(0, 1, count, generator) < share)
    whole = torch.randn(count, len(spread), generator=generator, device=device) * spread
    fields = torch.cat([fractal_field(count, size, generator, uniform(0.3, 1.2, count, generator)) for _ in spread], 1)
    change = whole[:, :, None, None] + local[:, None, None] * fields
    return (clear * (distance * torch.einsum("nkhw,kb->nbhw", change, directions)).exp()).clamp(0, 1)
