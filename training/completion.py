# SPDX-License-Identifier: GPL-3.0-or-later
"""Give scenes that lack bands, or come as surface reflectance, the 13 top-of-atmosphere bands that they would have had.

Few places with all 13 bands are at hand, many with three or ten. What a missing band would have shown is predicted from
the others by a regression on the scenes that have all 13, plus a draw from its residual; surface reflectance first gets
an atmosphere. The network then sees 13 bands of many more places. A completed band is an estimate: ``Scene.measured``
says which bands are not, and training weighs the others less.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import torch

from dbcr_core.cores import available_cores

from .backscatter import fit_backscatter, fit_pairs, mean_backscatter, with_sar
from .clouds.fields import in_blocks
from .clouds.simulation import BLOCKS, VAPOUR_BAND, WAVELENGTHS_NM
from .datasets.scene import SAR_NODATA, Scene

WAVELENGTHS_UM = np.array(WAVELENGTHS_NM) / 1000
RIDGE = 1e-4
PIXELS_PER_SCENE = 3000
RESIDUAL_DB = 2.6
VH_FOLLOWS_VV = 0.7


def top_of_atmosphere(surface: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Surface reflectance (13, h, w), 0..1, as seen from above a plain atmosphere of Rayleigh scattering and aerosol.

    Single scattering: ``rho = path + transmittance * surface``; Rayleigh's optical depth is 0.00877 lambda^-4.05
    (lambda in micrometres, sea level), the aerosol's falls with lambda^-1.3. B09 loses half or more to water vapour.
    """
    sun = np.cos(np.radians(random.uniform(20, 60)))
    rayleigh = 0.00877 * WAVELENGTHS_UM**-4.05
    aerosol = random.uniform(0.03, 0.25) * (WAVELENGTHS_UM / 0.55) ** -1.3
    phase = 0.75 * (1 + sun**2)
    path = (rayleigh * phase + aerosol * random.uniform(0.15, 0.35)) / (4 * sun)
    transmittance = np.exp(-(0.5 * rayleigh + 0.15 * aerosol) * (1 / sun + 1))
    transmittance[VAPOUR_BAND] *= random.uniform(0.25, 0.6)
    return np.clip(path[:, None, None] + transmittance[:, None, None] * surface, 0, 1.5)


@dataclass(frozen=True)
class BandRegression:
    """Predicts the square roots of all 13 reflectances from those of ``bands``; ``spread`` draws from the residual."""

    bands: np.ndarray
    weights: np.ndarray
    spread: np.ndarray

    def __call__(self, reflectance: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """(13, h, w) with the measured bands as they are and the others predicted, with a residual of this scene."""
        _, height, width = reflectance.shape
        roots = expand(np.sqrt(reflectance[self.bands].reshape(self.bands.sum(), -1)))
        predicted = (self.weights.T @ roots).reshape(13, height, width)
        # Most of what the other bands cannot tell holds for a whole surface: one draw per scene, one per region in it.
        shift = self.spread @ random.standard_normal(13).astype(np.float32)
        regional = self.spread @ random.standard_normal((13, 16)).astype(np.float32)
        predicted += 0.7 * shift[:, None, None] + 0.7 * smooth_field(regional.reshape(13, 4, 4), height, width)
        predicted = np.clip(predicted, 0, 1.2) ** 2
        for size, bands in BLOCKS.items():
            predicted[list(bands)] = in_blocks(torch.from_numpy(predicted[None, list(bands)]), size)[0].numpy()
        predicted[self.bands] = reflectance[self.bands]
        return predicted


def expand(roots: np.ndarray) -> np.ndarray:
    """Constant, linear and quadratic terms of (k, n)."""
    rows, cols = np.triu_indices(len(roots))
    return np.concatenate([np.ones_like(roots[:1]), roots, roots[rows] * roots[cols]])


def smooth_field(corners: np.ndarray, height: int, width: int) -> np.ndarray:
    """(k, a, b) values on a coarse grid, interpolated bilinearly to (k, height, width)."""

    def mixing(coarse: int, fine: int) -> np.ndarray:
        place = np.linspace(0, coarse - 1, fine)
        return np.clip(1 - np.abs(place[:, None] - np.arange(coarse)), 0, 1).astype(np.float32)

    return mixing(corners.shape[1], height) @ corners @ mixing(corners.shape[2], width).T


def fit_regression(full: Sequence[np.ndarray], bands: np.ndarray, seed: int = 0) -> BandRegression:
    """Ridge regression on pixels of the clear images that have 13 measured bands."""
    random = np.random.default_rng(seed)
    pixels = []
    for clear in full:
        flat = clear.reshape(13, -1)
        flat = flat[:, (flat > 0).any(0)]
        pixels.append(flat[:, random.integers(flat.shape[1], size=PIXELS_PER_SCENE)])
    roots = np.sqrt(np.concatenate(pixels, 1).astype(np.float32) / 10000).clip(0, 1.2)
    inputs = expand(roots[bands])
    gram = inputs @ inputs.T + RIDGE * inputs.shape[1] * np.eye(len(inputs), dtype=np.float32)
    weights = np.linalg.solve(gram.astype(np.float64), (inputs @ roots.T).astype(np.float64)).astype(np.float32)
    residual = roots - weights.T @ inputs
    values, vectors = np.linalg.eigh(np.cov(residual))
    spread = vectors * np.sqrt(values.clip(0))
    return BandRegression(bands.copy(), weights, spread.astype(np.float32))


def complete_scenes(scenes: Sequence[Scene], surface_groups: frozenset[str], seed: int = 0) -> list[Scene]:
    """The scenes as they are, and a copy with 13 bands of each clear one that has fewer.

    Copies of ``surface_groups`` are lifted to the top of the atmosphere first. SAR whose decibels are unknown is
    stretched to what the completed reflectance lets one expect, so that it teaches levels too; where no scene has
    calibrated SAR to expect it from, it stays as it is.
    """
    full = [s.clear for s in scenes if s.clear is not None and s.bands.all()]
    lacking = {i: s.clear for i, s in enumerate(scenes) if full and s.clear is not None and not s.bands.all()}
    combinations = {scenes[i].bands.tobytes(): scenes[i].bands for i in lacking}
    regressions = {key: fit_regression(full, bands, seed) for key, bands in combinations.items()}
    backscatter = None
    fit = fit_pairs(scenes) if any(_lacks_levels(scenes[i]) for i in lacking) else []
    if fit:
        backscatter = fit_backscatter(fit, seed=seed)[0]

    def complete(i: int, clear: np.ndarray) -> Scene:
        scene, random = scenes[i], np.random.default_rng((seed, i))
        whole = _complete(scene, clear, regressions[scene.bands.tobytes()], scene.group in surface_groups, random)
        copy = replace(scene, clear=whole, cloudy=None, bands=np.ones(13, bool), measured=scene.bands)
        if backscatter is None or not _lacks_levels(scene):
            return copy
        expected = mean_backscatter(whole, backscatter)
        if scene.sar is None:
            return with_sar(copy, expected, "modelled")
        return with_sar(copy, match_levels(scene.sar, expected), "matched")

    with ThreadPoolExecutor(available_cores()) as pool:
        copies = dict(zip(lacking, pool.map(complete, lacking, lacking.values())))
    out = []
    for i, scene in enumerate(scenes):
        # SAR of unknown level is worth having only in the copy, where it gets one.
        if i not in copies or scene.sar_kind != "relative":
            out.append(scene)
        if i in copies:
            out.append(copies[i])
    return out


def _lacks_levels(scene: Scene) -> bool:
    """Whether the scene has no SAR, or one whose decibels are unknown."""
    return scene.sar is None or scene.sar_kind == "relative"


def _complete(
    scene: Scene, clear: np.ndarray, regression: BandRegression, surface: bool, random: np.random.Generator
) -> np.ndarray:
    """The scene's clear image (13, h, w) in DN with all bands."""
    # Eight-bit and rounded sources: spread the values evenly over their steps.
    step = 10000 / 255 if scene.sar_kind == "relative" else 4
    spread = clear + random.uniform(-step / 2, step / 2, clear.shape).astype(np.float32)
    reflectance = np.clip(spread, 1, 12000) / 10000
    if surface:
        reflectance = top_of_atmosphere(reflectance, random).astype(np.float32)
    whole = regression(reflectance, random)
    known = (clear[scene.bands] > 0).any(0)
    return np.where(known, np.clip(np.round(whole * 10000), 1, 12000), 0).astype(np.uint16)


def match_levels(stretched: np.ndarray, modelled: np.ndarray) -> np.ndarray:
    """SAR with the structure of a scene's own ``stretched`` VV at the level and spread that ``modelled`` SAR lets one
    expect; all (2, h, w) as `Scene` has them."""
    own = stretched[0].astype(np.float32) / 100
    known = stretched[0] != SAR_NODATA
    expected = modelled.astype(np.float32) / 100
    contrast = np.hypot(expected[0].std(), RESIDUAL_DB) / max(own[known].std(), 0.1)
    vv = expected[0].mean() + (own - own[known].mean()) * contrast
    vh = expected[1] + VH_FOLLOWS_VV * (vv - expected[0])
    sar = (np.stack([vv, vh]).clip(-40, 10) * 100).round().astype(np.int16)
    return np.where(known, sar, SAR_NODATA)
