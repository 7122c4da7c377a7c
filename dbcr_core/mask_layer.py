# SPDX-License-Identifier: GPL-3.0-or-later
"""A raster as a cloud mask: what its values mean, and where on the scene's grid they mean cloud."""

from __future__ import annotations

import os
from contextlib import contextmanager, nullcontext
from typing import Callable, Iterator

import numpy as np

from .errors import InputError
from .grid import RasterGrid, Window
from .mask import MaskReading, MaskValues, read_mask_kind
from .on_grid import OnGrid
from .progress import never_cancelled
from .rasters import RasterProfile, RasterSource, open_raster, vrt
from .rasters.lattice import lattice_over, look
from .rasters.remembered import remembered
from .stored_values import physical_values

_BYTES_AT_ONCE = 4_000_000
_BYTES_OF_BLOCKS = 128_000_000  # where every read decodes large blocks anew
_MOST_BLOCKS = 64_000_000  # of a row of a mask's blocks that are left to the cache, beside those of the scene
_MOST_PIXELS = 200_000_000  # a mosaic of a country is judged by strips spread over all of it
_LATTICES = (128, 2048)  # points per side at which the overlap is looked up: the finer for masks of a single cloud


@contextmanager
def cloud_on_grid(
    layer: RasterSource,
    reading: MaskReading,
    grid: RasterGrid,
    threshold: float = 0.5,
    within: Window | None = None,
    check: Callable[[], None] = never_cancelled,
) -> Iterator[Callable[[Window], np.ndarray]]:
    """A function that gives (h, w) bool, where a mask layer means cloud, in windows of a grid.

    within: the window that all others lie in, None for the whole grid. A layer in blocks as large as itself is decoded
    now, some times instead of for every few rows, and kept as bits; check: called before each reading then.
    """
    if layer.block_row_bytes > _MOST_BLOCKS:
        with layer.again() as alone, _cloud(alone, reading, grid, threshold) as cloud:
            kept = _Bits(cloud, within or grid.window, check)
        yield kept
    else:
        with _cloud(layer, reading, grid, threshold) as cloud:
            yield cloud


@contextmanager
def _cloud(
    layer: RasterSource, reading: MaskReading, grid: RasterGrid, threshold: float
) -> Iterator[Callable[[Window], np.ndarray]]:
    """Where a mask layer means cloud, read anew for each window."""
    # Nearest neighbour keeps classes classes and a mask's edge where it is.
    with OnGrid(layer, [1], grid, resampling="nearest") as values:
        yield lambda window: reading.cloud(values.read(window)[0], threshold)


class _Bits:
    """What a function gives in windows of `within`: asked for once, in large pieces, and kept as single bits."""

    def __init__(self, read: Callable[[Window], np.ndarray], within: Window, check: Callable[[], None]) -> None:
        self._within = within
        self._bits = np.empty((within.height, -(-within.width // 8)), np.uint8)
        rows = max(1, _BYTES_OF_BLOCKS // (4 * within.width))
        for top in range(within.row, within.bottom, rows):
            check()
            piece = read(Window(within.col, top, within.width, min(rows, within.bottom - top)))
            self._bits[top - within.row :][: len(piece)] = np.packbits(piece, axis=1)

    def __call__(self, window: Window) -> np.ndarray:
        rows, columns = window.shifted(-self._within.col, -self._within.row).slices()
        return np.unpackbits(self._bits[rows], axis=1, count=self._within.width)[:, columns].view(bool)


def read_layer_kind(
    layer: RasterSource, grid: RasterGrid, asked: str = "auto", check: Callable[[], None] = never_cancelled
) -> tuple[MaskReading, float]:
    """What the layer's values mean, by all of them, and the share (0 … 1) of a scene's grid that the layer covers.

    A layer that lies over the scene and holds nothing but no data is a mask without cloud, as programs that turn
    polygons into rasters write it. check: called before every read; what it raises ends this. Raises InputError where
    it does not lie there, or nothing fits for certain.
    """
    if not layer.profile.is_georeferenced:
        raise InputError("The mask has no coordinate reference system; assign its CRS first.")
    for points in _LATTICES:
        covered = _share_within(layer.profile, lattice_over(grid, points))
        if covered:
            break
    else:
        raise InputError("The mask holds no values over the scene; choose another mask layer.")
    found = MaskValues.from_array(remembered.read(layer, "mask values", lambda: _all_values(layer, check).to_array()))
    if found.is_empty:
        return MaskReading("binary" if asked == "auto" else asked), covered
    profile = layer.profile
    is_counted = not profile.dtype.startswith("float") and (profile.scales[0], profile.offsets[0]) == (1, 0)
    hint = f"{os.path.basename(layer.path)} {profile.descriptions[0]}"
    return read_mask_kind(found, asked, hint, is_counted), covered


def _share_within(profile: RasterProfile, lattice: RasterGrid) -> float:
    """Share of a lattice that lies within a raster, whatever that holds there: a mask without cloud may be all NaN."""
    place = vrt.dataset(profile.grid, [vrt.band(1, "uint8", "")], gcps=profile.gcps, gcps_crs=profile.gcps_wkt)
    with open_raster(place) as zeros:
        return float(np.isfinite(look(zeros, lattice, [1])).mean())


def _all_values(layer: RasterSource, check: Callable[[], None] = never_cancelled) -> MaskValues:
    """Of the whole file, or of evenly spread strips of a huge one: a kind must not depend on the part a scene needs."""
    found, grid, profile = MaskValues(), layer.grid, layer.profile
    line = grid.width * np.dtype(profile.dtype).itemsize
    rows = max(1, _BYTES_AT_ONCE // line)
    # Of large blocks much is read at once, or they would be decoded for every few lines.
    held = layer.block_row_bytes // profile.count if layer.block_row_bytes > _MOST_BLOCKS else 0
    at_once = max(rows, min(held, _BYTES_OF_BLOCKS) // line)
    step = at_once * -(-grid.width * grid.height // _MOST_PIXELS)
    with layer.again() if held else nullcontext(layer) as source:
        for top in range(0, grid.height, step):
            check()
            # Without a name of its own it is gone before the next is read.
            _add(source.read([1], Window(0, top, grid.width, min(at_once, grid.height - top))), rows, profile, found)
    return found


def _add(block: np.ndarray, rows: int, profile: RasterProfile, found: MaskValues) -> None:
    """Adds (1, h, w) stored values to those found, some rows at a time."""
    nodata, scaled = profile.nodata, (profile.scales[0], profile.offsets[0]) != (1, 0)
    for stored in (block[:, row : row + rows] for row in range(0, block.shape[1], rows)):
        if profile.dtype == "uint8" and not scaled:
            found.add(stored if nodata is None else stored[stored != nodata])
        else:
            found.add(physical_values(stored, profile, [1], nodata, np.float32))
