# SPDX-License-Identifier: GPL-3.0-or-later
"""A handful of a raster's stored values, by which its unit and offset are judged."""

from __future__ import annotations

import math
from typing import Callable, Sequence

import numpy as np

from ..grid import RasterGrid, Window
from .remembered import remembered
from .source import RasterSource

_WINDOW_PIXELS = 64
_LATTICES = (4, 16, 64)  # windows per side; denser where the data cover only a small part of the raster
_ENOUGH_WINDOWS = 16


def sample_values(
    source: RasterSource, bands: Sequence[int], valid: Callable[[np.ndarray], np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """(values, mask), both (n, pixels): stored values of windows spread evenly over the raster, and which are data.

    valid(values) says which of (n, pixels) stored values are observations. The mask is all false where even the
    densest lattice finds none.
    """
    for side in _LATTICES:
        found = []
        for window in sample_windows(source.grid, side):
            # The many of the denser ones would drive everything else out of memory.
            stored = read_spot(source, bands, window) if side == _LATTICES[0] else source.read(bands, window)
            values = stored.reshape(len(bands), -1)
            mask = valid(values)
            # The first lattice is taken as a whole, so that it stays a fair picture of the scene.
            if side == _LATTICES[0] or mask.any():
                found.append((values, mask))
            if side != _LATTICES[0] and len(found) >= _ENOUGH_WINDOWS:
                break
        if any(mask.any() for _, mask in found):
            break
    if not found:
        return np.zeros((len(bands), 0), source.profile.dtype), np.zeros((len(bands), 0), bool)
    values, mask = (np.concatenate(parts, axis=1) for parts in zip(*found))
    return values, mask


def middle_values(
    source: RasterSource, bands: Sequence[int], valid: Callable[[np.ndarray], np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """What `sample_values` gives, of four windows in the middle alone; nothing of a raster that is hardly larger."""
    side = _LATTICES[0]
    if min(source.grid.width, source.grid.height) <= side * _WINDOW_PIXELS:
        return np.zeros((len(bands), 0), source.profile.dtype), np.zeros((len(bands), 0), bool)
    windows = sample_windows(source.grid, side)
    middle = [windows[row * side + col] for row in (1, 2) for col in (1, 2)]
    values = np.concatenate([read_spot(source, bands, spot).reshape(len(bands), -1) for spot in middle], axis=1)
    return values, valid(values)


def spots_from_the_middle(grid: RasterGrid) -> list[Window]:
    """The windows that `sample_values` looks at first, those near the middle before the others."""
    middle = (grid.width / 2, grid.height / 2)

    def distance(window: Window) -> float:
        return math.hypot(window.col + window.width / 2 - middle[0], window.row + window.height / 2 - middle[1])

    return sorted(sample_windows(grid, _LATTICES[0]), key=distance)


def read_spot(source: RasterSource, bands: Sequence[int], window: Window) -> np.ndarray:
    """Stored values (n, h, w) of a small window, from memory where this file was asked for them before."""
    return remembered.read(source, ("spot", tuple(bands), window), lambda: source.read(bands, window))


def sample_windows(grid: RasterGrid, side: int) -> list[Window]:
    """Windows of at most 64 × 64 pixels on a lattice of side × side, or the whole raster where they would cover it."""

    def starts(size: int) -> list[tuple[int, int]]:
        if size <= side * _WINDOW_PIXELS:
            return [(first, min(256, size - first)) for first in range(0, size, 256)]
        last = size - _WINDOW_PIXELS
        return [(round(last * i / (side - 1)), _WINDOW_PIXELS) for i in range(side)]

    return [Window(c, r, w, h) for r, h in starts(grid.height) for c, w in starts(grid.width)]
