# SPDX-License-Identifier: GPL-3.0-or-later
"""Fits the broad level of what is reconstructed under opaque cloud to the clear land around it.

Radar tells the network what the land under a cloud is made of, but hardly how bright it is on this day. The clear land
in the same tile does: its values are continued under the cloud, by a linear relation with the backscatter and by the
distance to it. Everything happens in cells of 8 x 8 pixels; finer detail stays the network's own.

The constants were chosen by simulated clouds over the validation images, by a real scene whose land is known from ten
days before, and so that the real validation pairs, which hardly show clear land, lose nothing.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

CELL = 8
"""Side of a cell, in pixels."""
OPEN = (0.1, 0.4)
"""Opacity of cloud and of shadow below which a pixel counts as clear land."""
OPAQUE = 0.5
"""Opacity of cloud from which on nothing of the ground is taken to shine through."""
MARGIN = 5
"""Pixels between a cloud and the land that is believed: bands see its edge in different places."""
REACHES = ((1.5, 1.0), (6.0, 0.05), (15.0, 0.01))
"""Standard deviations, in cells, of the windows that land is averaged over, and their weights: far land counts where
none is near."""
SPARSE = 2e-5
"""Weight of the land around at which the network is believed as much."""
SHARES = (0.02, 0.12)
"""Shares of clear land in a tile from which it is believed at all, and in full."""
RIDGE = 1e-4
"""Variance of backscatter, scaled to 0…1, that is taken for noise."""


def match_levels(clear: np.ndarray, seen: np.ndarray, sar: np.ndarray, opacity: np.ndarray) -> np.ndarray:
    """The reconstruction with its levels fitted to the land around; itself where the tile shows too little of that.

    clear: (k, h, w) float32 reflectance 0…1, the reconstruction. seen: (k, h, w) the cloudy image, zeros where nothing
    was observed. sar: (2, h, w) backscatter scaled to 0…1, zeros where there is none. opacity: (2, h, w) of cloud and
    shadow. Where the ground shines through, nothing changes.
    """
    observed = seen.max(axis=0) > 0
    land = _margin((opacity[0] < OPEN[0]) & (opacity[1] < OPEN[1]) & observed)
    cover = ((opacity[0] - OPEN[0]) / (OPAQUE - OPEN[0])).clip(0, 1) * observed
    share = float(land.mean()) / max(float(observed.mean()), 1e-6)
    trust = float(np.clip((share - SHARES[0]) / (SHARES[1] - SHARES[0]), 0, 1))
    if trust == 0 or not cover.any():
        return clear
    area = _cell_sums(np.ones((1, *land.shape), np.float32))[0]
    land_weight = _cell_sums(land[None].astype(np.float32))[0] / area
    cover_weight = _cell_sums(cover[None])[0] / area
    known = _cell_sums(seen * land) / (land_weight * area).clip(1)
    found = _cell_sums(clear * cover) / (cover_weight * area).clip(1e-3)
    found = _blurred(found * cover_weight, 1.0) / (_blurred(cover_weight[None], 1.0) + 1e-6)
    expected, support = _continued(known, land_weight, _cell_sums(sar) / area)
    change = (expected - found) * (trust * support / (support + SPARSE))
    matched = _spread(change, land.shape)
    matched *= cover
    matched += clear
    return np.maximum(matched, 0, out=matched)


def _continued(known: np.ndarray, weight: np.ndarray, sar: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The land's values (k, rows, cols) in all cells, and how much land around (rows, cols) says so."""
    features = np.concatenate([sar, _blurred(sar, 2.0)]).reshape(2 * len(sar), -1)
    flat, share = known.reshape(len(known), -1), (weight / weight.sum()).ravel()
    features = features - features @ share[:, None]
    offset = flat @ share[:, None]
    moments = (features * share) @ features.T + RIDGE * np.eye(len(features), dtype=features.dtype)
    slopes = np.linalg.solve(moments, (features * share) @ (flat - offset).T)
    related = (slopes.T @ features + offset).reshape(known.shape)
    total, support = np.zeros_like(known), np.zeros_like(weight)
    for reach, importance in REACHES:
        total += importance * _blurred((known - related) * weight, reach)
        support += importance * _blurred(weight[None], reach)[0]
    return related + total / (support + 1e-12), support


def _margin(land: np.ndarray) -> np.ndarray:
    """Without the pixels near others that are no land, all within a square of MARGIN pixels to each side."""
    for axis in (0, 1):
        size = land.shape[axis]
        counts = np.cumsum(np.insert(~land, 0, False, axis=axis), axis=axis, dtype=np.int32)
        low, high = np.clip(np.arange(size) - MARGIN, 0, None), np.clip(np.arange(size) + MARGIN + 1, None, size)
        land = counts.take(high, axis) == counts.take(low, axis)
    return land


def _cell_sums(values: np.ndarray) -> np.ndarray:
    """Sums over cells of (k, h, w); the last ones may be smaller."""
    return _members(values.shape[1]) @ values @ _members(values.shape[2]).T


@lru_cache(32)
def _members(pixels: int) -> np.ndarray:
    """(cells, pixels) 1 where a pixel lies in a cell."""
    return (np.arange(pixels) // CELL == np.arange(-(-pixels // CELL))[:, None]).astype(np.float32)


def _blurred(values: np.ndarray, reach: float) -> np.ndarray:
    """(k, rows, cols) under a Gaussian window; what lies outside counts as zero."""
    return _window(values.shape[1], reach) @ values @ _window(values.shape[2], reach)


@lru_cache(32)
def _window(size: int, reach: float) -> np.ndarray:
    places = np.arange(size, dtype=np.float32)
    return np.exp(-0.5 * ((places[:, None] - places) / reach) ** 2) / np.float32(np.sqrt(2 * np.pi) * reach)


def _spread(values: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """(k, rows, cols) of cells to (k, h, w) of pixels, linearly between the middles of the cells."""
    return _between(shape[0], values.shape[1]) @ values @ _between(shape[1], values.shape[2]).T


@lru_cache(32)
def _between(pixels: int, cells: int) -> np.ndarray:
    place = np.clip((np.arange(pixels) + 0.5) / CELL - 0.5, 0, cells - 1)
    return np.clip(1 - np.abs(place[:, None] - np.arange(cells)), 0, None).astype(np.float32)
