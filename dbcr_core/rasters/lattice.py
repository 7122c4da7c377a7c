# SPDX-License-Identifier: GPL-3.0-or-later
"""A quick look at a whole raster through a coarse lattice of its pixels, whatever its size."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Sequence

import numpy as np

from ..cores import available_cores
from ..grid import RasterGrid, Window
from .remembered import remembered
from .source import RasterSource
from .warp import WARP_ROWS

_FINE_ENOUGH = 1024  # pixels per side that are looked at; a larger raster is thinned first
_MOST_THREADS = 8
_FEW_ROWS = 4


def lattice_over(grid: RasterGrid, side: int) -> RasterGrid:
    """A grid of at most side × side pixels over the same ground."""
    width, height = min(grid.width, side), min(grid.height, side)
    a, b, c, d, e, f = grid.transform
    across, down = grid.width / width, grid.height / height
    return RasterGrid(width, height, (a * across, b * down, c, d * across, e * down, f), grid.crs_wkt)


def look(
    source: RasterSource, lattice: RasterGrid, bands: Sequence[int], unit: str = "value", nodata: float | None = None
) -> np.ndarray:
    """(n, h, w) float32 of 1-based bands, the source pixel nearest to each lattice point; NaN without data.

    See `warp.warped_vrt` for unit and nodata.
    """
    what = "look", lattice, tuple(bands), unit, str(nodata)  # NaN is equal to nothing
    return remembered.read(source, what, lambda: _look(source, lattice, bands, unit, nodata))


def look_at_stored(source: RasterSource, lattice: RasterGrid, bands: Sequence[int]) -> np.ndarray:
    """The same as stored values, for a caller that overrules the scale that the file states."""
    values, profile = look(source, lattice, bands), source.profile
    for row, band in enumerate(bands):
        scale, offset = profile.scales[band - 1], profile.offsets[band - 1]
        if (scale, offset) != (1, 0):
            values[row] = (values[row] - offset) / scale
    return values


def _look(
    source: RasterSource, lattice: RasterGrid, bands: Sequence[int], unit: str, nodata: float | None
) -> np.ndarray:
    thinning = min(source.grid.width, source.grid.height) // _FINE_ENOUGH
    # A row of the lattice touches two rows of the file's blocks at most. Where the cache does not hold the whole file,
    # a few rows at a time let each block be decoded once instead of once for each band. Not one alone: a row of blocks
    # of a virtual raster may itself be larger than the cache. A file's own that is larger is decoded for each step.
    touched, cache = 2 * source.block_row_bytes, source.cache_bytes
    rows_at_once = _FEW_ROWS if source.profile.nbytes > cache >= source.block_row_bytes else WARP_ROWS
    most = min(available_cores(), _MOST_THREADS, lattice.height)
    count = max(1, min(most, cache // touched)) if thinning and touched else 1

    def seen(part: RasterGrid) -> np.ndarray:
        with source.warped(
            part,
            bands,
            unit=unit,
            resampling="nearest",
            nodata=nodata,
            decimation=max(1, thinning),
            rows_at_once=rows_at_once,
        ) as coarse:
            # Rows that are warped together, one after the other: a library that reads one band after the other finds
            # the others' in its cache.
            tops = range(0, part.height, rows_at_once)
            places = [Window(0, top, part.width, min(rows_at_once, part.height - top)) for top in tops]
            return np.concatenate([coarse.read(range(1, len(bands) + 1), place) for place in places], axis=1)

    edges = [lattice.height * i // count for i in range(count + 1)]
    parts = [lattice.crop(Window(0, top, lattice.width, end - top)) for top, end in zip(edges, edges[1:])]
    with ThreadPoolExecutor(count, thread_name_prefix="dbcr-look") as pool:
        return np.concatenate(list(pool.map(seen, parts)), axis=1)
