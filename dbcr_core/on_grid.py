# SPDX-License-Identifier: GPL-3.0-or-later
"""A raster's values on the scene's grid: read as they are where they lie on its pixels, warped otherwise."""

from __future__ import annotations

from typing import Sequence

import numpy as np

from .grid import RasterGrid, Window
from .rasters import RasterSource
from .stored_values import SarRadiometry, physical_values


class OnGrid:
    """1-based bands of a raster on a grid: read() gives physical values (n, h, w) as float32, NaN where there are none.

    unit, resampling: of the warp, see `warp.warped_vrt`; what is not warped stays in the unit of the file. nodata is
    the stored value without data, None where the file knows best.
    """

    def __init__(
        self,
        source: RasterSource,
        bands: Sequence[int],
        grid: RasterGrid,
        *,
        unit: str = "value",
        resampling: str = "bilinear",
        nodata: float | None = None,
    ) -> None:
        self._source, self._bands = source, tuple(bands)
        self._nodata = source.profile.nodata if nodata is None else nodata
        self._shift = source.grid.whole_pixels_to(grid)
        self._warped = None
        if self._shift is None:
            self._warped = source.warped(grid, bands, unit=unit, nodata=nodata, resampling=resampling)

    def read(self, window: Window) -> np.ndarray:
        """All bands that were asked for, in their order, in a window of the grid."""
        if self._warped is not None:
            return self._warped.read(range(1, len(self._bands) + 1), window)
        assert self._shift is not None
        meant = window.shifted(*self._shift)
        place = meant.intersection(self._source.grid.window)
        if place == meant:
            return self._values(place)
        result = np.full((len(self._bands), window.height, window.width), np.nan, np.float32)
        if place is not None:
            rows, columns = place.shifted(-meant.col, -meant.row).slices()
            result[:, rows, columns] = self._values(place)
        return result

    def _values(self, place: Window) -> np.ndarray:
        """The same of a window of the file."""
        stored = self._source.read(self._bands, place)
        return physical_values(stored, self._source.profile, self._bands, self._nodata, np.float32)

    def close(self) -> None:
        """Releases what was warped; the raster itself stays open."""
        if self._warped is not None:
            self._warped.close()

    def __enter__(self) -> OnGrid:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class SarOnGrid(OnGrid):
    """SAR on the optical grid: read() gives decibel (n, h, w) as float32, NaN where there is no data.

    radiometry: how the file's values are read.
    """

    def __init__(
        self,
        source: RasterSource,
        file_bands: Sequence[int],
        radiometry: SarRadiometry,
        grid: RasterGrid,
        resampling: str = "bilinear",
    ) -> None:
        self.radiometry = radiometry
        super().__init__(
            source, file_bands, grid, unit=radiometry.unit, resampling=resampling, nodata=radiometry.nodata
        )

    def read(self, window: Window) -> np.ndarray:
        """All bands that were asked for, in their order, in a window of the optical grid."""
        values = super().read(window)
        return self.radiometry.to_decibel(values) if self._warped is None else self.radiometry.power_to_decibel(values)

    def __enter__(self) -> SarOnGrid:
        return self
