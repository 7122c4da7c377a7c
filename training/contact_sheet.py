# SPDX-License-Identifier: GPL-3.0-or-later
"""A sheet of training samples: look at it beside real clouds before training."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .pictures import FALSE_COLOUR, false_colour_sar, grey, natural_colour, save_grid
from .sampling import CropSampler

PER_ROW = 3


def write_contact_sheet(sampler: CropSampler, path: Path, count: int, crop: int) -> None:
    """Five tiles a sample: cloudy, clear, cloudy as B11 B08 B04, SAR, opacity (red cloud, blue shadow)."""
    tiles = []
    for step in range((count + 5) // 6):
        batch = sampler(step, crop, 6)
        for i in range(6):
            clear, cloudy, sar = (a[i].numpy() for a in (batch.clear, batch.cloudy, batch.sar))
            opacity = batch.opacity[i].numpy()
            bands = (11, 7, 2) if not batch.valid[i, 3].any() else (3, 2, 1)
            shown = np.stack([opacity[0], 0 * opacity[0], opacity[1]], -1)
            if not batch.opacity_known[i]:
                shown = grey(np.full(opacity.shape[1:], 0.3))
            tiles.append(
                [
                    natural_colour(cloudy, bands, 0.5),
                    natural_colour(clear, bands, 0.3),
                    natural_colour(cloudy, FALSE_COLOUR, 0.5),
                    false_colour_sar(sar),
                    shown,
                ]
            )
    tiles = tiles[:count]
    save_grid(path, [sum(tiles[i : i + PER_ROW], []) for i in range(0, len(tiles), PER_ROW)])
