# SPDX-License-Identifier: GPL-3.0-or-later
"""A sheet of training samples: look at it beside real clouds before training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from .bundled_data import SURFACE_GROUPS
from .clouds import CloudSimulator
from .completion import complete_scenes
from .config import TrainConfig
from .datasets.scene import Scene
from .moments import scene_moments
from .pictures import FALSE_COLOUR, false_colour_sar, grey, natural_colour, save_grid
from .sampling import CropSampler


def make_sampler(
    scenes: list[Scene], extra: dict, config: TrainConfig, device: str = "cpu", rank: int = 0
) -> CropSampler:
    """The sampler of a run, with the pack's own cloud spectra where it carries them."""
    spectra = extra.get("cloud_spectra")
    spectra = None if spectra is None else torch.tensor(spectra, dtype=torch.float32) / 10000
    band_moments: tuple[float, ...] = ()
    if config.data.completed_weight:
        band_moments = scene_moments(scenes, config.seed)
        scenes = complete_scenes(scenes, SURFACE_GROUPS, config.seed)
    simulator = CloudSimulator(config.clouds, spectra, device)
    return CropSampler(scenes, config.data, config.drop, simulator, config.seed, rank, band_moments)


def write_contact_sheet(sampler: CropSampler, path: Path, count: int = 30, crop: int = 128, per_row: int = 3) -> None:
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
    save_grid(path, [sum(tiles[i : i + per_row], []) for i in range(0, len(tiles), per_row)])
