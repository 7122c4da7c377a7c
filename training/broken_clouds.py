# SPDX-License-Identifier: GPL-3.0-or-later
"""How well a model continues the land around opaque clouds: simulated ones over the clear validation images.

Real pairs cannot tell. Their cloudy and clear images are of different dates, so that land which is plain to see differs
from the reference too; and few of them have opaque clouds with open land between.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.predictors import Predictor
from dbcr_core.surroundings import matched_values

from .clouds import CloudSettings, CloudSimulator
from .validation import ValidationImage, restore_image, without_gaps

SKY = CloudSettings(clear=0, overcast=0, veil=0, mixed=0, gloom=0, max_shadow_shift=4)
OPAQUE, OPEN = 0.9, 0.02
COVERS = (0.15, 0.6)
LEAST_OPEN = 0.2
SKIES_PER_IMAGE = 3
MOST_DRAWN = 50  # until one has the covers wanted
SEED = 3
HUMIDITY = ("B09", "B10")
"""Bands that are left out: the simulated cloudy date is the more humid, and they see little else."""
LEVEL = 17
"""Side of the window, in pixels, over which errors are averaged to find the error of the level."""
SCALES = ((17, 1.0), (49, 0.03), (161, 0.001))
"""Windows that the interpolation averages over, in pixels, and their weights: far land counts where none is near."""


@dataclass(frozen=True)
class BrokenSky:
    """An image under broken cloud; ``opaque`` and ``open`` (h, w) bool: nothing of the land is seen, all of it is."""

    image: ValidationImage
    opaque: Tensor
    open: Tensor


def broken_skies(images: Sequence[ValidationImage]) -> Iterator[BrokenSky]:
    """The same skies in every call: opaque over 15 to 60 % of an image, a fifth of it or more open."""
    simulator = CloudSimulator(SKY)
    generator = torch.Generator().manual_seed(SEED)
    for image in images:
        side = min(image.clear.shape[1:])
        image = replace(
            image,
            clear=image.clear[:, :side, :side],
            sar=image.sar[:, :side, :side],
            valid=image.valid[:side, :side],
        )
        land, valid = without_gaps(image.clear), torch.from_numpy(image.valid)
        for _ in range(SKIES_PER_IMAGE):
            for _ in range(MOST_DRAWN):
                sample = simulator(land[None], generator)
                opaque = (sample.opacity[0, 0] > OPAQUE) & valid
                seen = (sample.opacity[0].amax(0) < OPEN) & valid
                if COVERS[0] < opaque.float().mean() < COVERS[1] and seen.float().mean() > LEAST_OPEN:
                    bands = torch.from_numpy(image.bands)[:, None, None]
                    yield BrokenSky(replace(image, cloudy=sample.cloudy[0] * bands), opaque, seen)
                    break


def continue_open_land(sky: BrokenSky) -> np.ndarray:
    """What plain interpolation makes of it (13, h, w): means of the open land around, the nearer the more."""
    total, weight = torch.zeros_like(sky.image.clear), torch.zeros(1, *sky.open.shape)
    seen = sky.open[None].float()
    for window, share in SCALES:
        total += share * _broad(sky.image.clear * seen, window)
        weight += share * _broad(seen, window)
    return (total / weight.clamp_min(1e-9)).numpy()


def under_broken_clouds(predictor: Predictor, images: Sequence[ValidationImage]) -> dict[str, dict[str, float]]:
    """Root mean square errors in the opaque parts, by pixel and of the level: of the model, of the same with its levels
    fitted to the land around as the engine does it, and of plain interpolation.

    Empty where no image can be covered in part, as none can of a few pixels.
    """
    errors: dict[str, list] = {}
    for sky in broken_skies(images):
        counted = torch.from_numpy(sky.image.bands & ~np.isin(OPTICAL_BANDS, HUMIDITY))
        for name, result in _results(predictor, sky).items():
            error = ((torch.from_numpy(result) - sky.image.clear) * torch.from_numpy(sky.image.valid))[counted]
            parts = (error, _broad(error, LEVEL))
            errors.setdefault(name, []).append([float(e[:, sky.opaque].square().mean()) for e in parts])
    return {
        name: dict(zip(("rmse", "level_rmse"), np.sqrt(np.mean(values, 0)).tolist())) for name, values in errors.items()
    }


def _results(predictor: Predictor, sky: BrokenSky) -> dict[str, np.ndarray]:
    result, first = restore_image(predictor, sky.image)
    results = {"model": result}
    if first.opacity is not None:
        cloudy, sar = sky.image.cloudy.numpy(), sky.image.sar.numpy()
        observed = (cloudy > 0).any(axis=0) & sky.image.valid
        results["matched"] = cloudy + matched_values(cloudy, result - cloudy, sar, first.opacity[0], observed)
    return {**results, "interpolation": continue_open_land(sky)}


def _broad(values: Tensor, window: int) -> Tensor:
    """Means of (c, h, w) over a window, what lies outside the image left out; twice, for a soft edge."""
    half = window // 2
    for _ in range(2):
        for size, margin in (((window, 1), (half, 0)), ((1, window), (0, half))):
            values = F.avg_pool2d(values[None], size, 1, margin, count_include_pad=False)[0]
    return values
