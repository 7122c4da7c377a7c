# SPDX-License-Identifier: GPL-3.0-or-later
"""A quick look at a whole raster through a coarse lattice of its pixels, whatever its size."""

from __future__ import annotations

from typing import Sequence

import numpy as np

from ..grid import RasterGrid
from .raster import RasterSource

_FINE_ENOUGH = 1024  # pixels per side that are looked at; a larger raster is thinned first


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
    thinning = max(1, min(source.grid.width, source.grid.height) // _FINE_ENOUGH)
    with source.warped(lattice, bands, unit=unit, resampling="nearest", nodata=nodata, decimation=thinning) as coarse:
        return coarse.read(range(1, len(bands) + 1), lattice.window)
