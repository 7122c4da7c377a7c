# SPDX-License-Identifier: GPL-3.0-or-later
"""How the bands of training scenes go together, and what the engine shows of bands that lack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from dbcr_core.band_moments import moments_of, regression, with_estimates

from .datasets.scene import Scene

PIXELS_PER_IMAGE = 3000
FEWEST_PIXELS = 500
REFLECTANCE_DN = 10000


def scene_moments(scenes: Sequence[Scene], seed: int = 0) -> tuple[float, ...]:
    """A card's ``band_moments`` from the clear and cloudy images that have all 13 bands measured; () without any."""
    random = np.random.default_rng(seed)
    pixels = []
    for scene in scenes:
        if scene.bands.all() and (scene.measured is None or scene.measured.all()):
            for image in (scene.clear, scene.cloudy):
                if image is not None:
                    flat = image.reshape(len(image), -1)
                    flat = flat[:, (flat > 0).all(axis=0)]
                    if flat.shape[1] >= FEWEST_PIXELS:
                        pixels.append(flat[:, random.integers(flat.shape[1], size=PIXELS_PER_IMAGE)])
    return moments_of((np.concatenate(pixels, axis=1) / REFLECTANCE_DN).clip(0, 1)) if pixels else ()


def completed(scene: Scene, moments: tuple[float, ...]) -> Scene:
    """The scene with estimates for the bands that it lacks, as the engine makes them, in pixels that have data."""
    if scene.bands.all():
        return scene
    present = [int(band) for band in np.flatnonzero(scene.bands)]

    def whole(image: np.ndarray | None) -> np.ndarray | None:
        if image is None:
            return None
        values = (image.astype(np.float32) / REFLECTANCE_DN).clip(0, 1)
        with_estimates(values, present, moments)
        found = np.clip(np.round(values * REFLECTANCE_DN), 1, None) * (image > 0).any(axis=0)
        return np.where(scene.bands[:, None, None], image, found.astype(image.dtype))

    measured = scene.bands if scene.measured is None else scene.measured
    return replace(
        scene, clear=whole(scene.clear), cloudy=whole(scene.cloudy), bands=np.ones_like(scene.bands), measured=measured
    )


def estimate_lacking(images: Tensor, seen: Tensor, moments: tuple[float, ...]) -> Tensor:
    """``images`` (n, 13, h, w), 0..1, with what the engine would show of bands of which nothing is ``seen``, an array
    of that shape: estimates from the other bands, in pixels where these are."""
    there = seen.flatten(2).any(2).cpu().numpy()
    filled = images.clone()
    for bands in {row.tobytes(): row for row in there}.values():
        if bands.all() or not bands.any():
            continue
        rows = torch.from_numpy(np.flatnonzero((there == bands).all(axis=1))).to(images.device)
        present = torch.from_numpy(np.flatnonzero(bands)).to(images.device)
        lacking, weights, constants = (
            torch.as_tensor(part, device=images.device)
            for part in regression(moments, tuple(int(band) for band in np.flatnonzero(bands)))
        )
        roots = images[rows][:, present].clamp(min=0).sqrt()
        found = torch.einsum("lk,nkhw->nlhw", weights, roots) + constants[None, :, None, None]
        whole = images[rows]
        whole[:, lacking] = found.clamp(0, 1) ** 2 * seen[rows].any(1, keepdim=True)
        filled[rows] = whole
    return filled
