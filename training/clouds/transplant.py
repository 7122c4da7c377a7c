# SPDX-License-Identifier: GPL-3.0-or-later
"""Lift the cloud off a real cloudy image and lay it over another place."""

from __future__ import annotations

import torch
from torch import Tensor

from .simulation import VISIBLE, CloudySample

OPAQUE_EXCESS = 0.30


def transplant_clouds(clear: Tensor, donor: Tensor, donor_ground: Tensor) -> CloudySample:
    """Composite real clouds by opacity; all arrays (n, 13, h, w), reflectance 0..1.

    ``donor_ground`` is what lies under the donor's clouds: a clear date, or a guess. Opacity grows with the visible
    brightness above that ground and reaches 1 at ``OPAQUE_EXCESS``; thin cloud is taken to be a little thinner in
    long wavelengths. What the donor adds is ``donor - (1 - a) * donor_ground``, so an opaque pixel is the donor's own.
    """
    excess = (donor - donor_ground)[:, VISIBLE].mean(1, keepdim=True)
    opacity = ((excess - 0.01) / OPAQUE_EXCESS).clamp(0, 1)
    exponent = torch.linspace(1.0, 0.7, 13, device=clear.device).view(1, -1, 1, 1)
    per_band = 1 - (1 - opacity) ** exponent
    added = torch.where(per_band > 0, donor - (1 - per_band) * donor_ground, torch.zeros_like(donor)).clamp_min(0)
    cloudy = (added + (1 - per_band) * clear).clamp(0, 1)
    return CloudySample(cloudy, torch.cat([opacity, torch.zeros_like(opacity)], 1))
