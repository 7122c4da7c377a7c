# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole georeferenced rasters, cut into scenes on the fly: a clear image, perhaps a cloudy one and SAR on any grid.

Facts: the clear image decides the grid; the others are warped to it window by window (SAR bilinear, as power), so they
may have any CRS and resolution. Values and band names are those of ``scene_folders``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from dbcr_core.bands import BandSelection
from dbcr_core.errors import InputError
from dbcr_core.grid import RasterGrid, Window
from dbcr_core.on_grid import SarOnGrid
from dbcr_core.rasters import RasterSource

from .reading import DN_SCALE, opened_optical, opened_sar
from .scene import Scene, spread_optical, spread_sar

SMALLEST_SHARE = 0.5


def read_windows(clear: Path, sar: Path | None = None, cloudy: Path | None = None, size: int = 256) -> Iterator[Scene]:
    """Scenes of ``size`` pixels that tile the clear image; windows that are mostly nodata are left out.

    Raises InputError that names the file when one cannot be read, has no CRS, no known bands, or other units.
    """
    with ExitStack() as stack:
        base, selection, _ = stack.enter_context(opened_optical(clear))
        grid = base.grid
        _check_crs(clear, bool(grid.crs_wkt))
        images = {"clear": (clear, stack.enter_context(OpticalOnGrid(base, selection, grid)))}
        if cloudy:
            source, selection, _ = stack.enter_context(opened_optical(cloudy))
            _check_crs(cloudy, source.profile.is_georeferenced)
            images["cloudy"] = cloudy, stack.enter_context(OpticalOnGrid(source, selection, grid))
        radar = None
        if sar:
            source, polarisations, radiometry = stack.enter_context(opened_sar(sar))
            _check_crs(sar, source.profile.is_georeferenced)
            radar = stack.enter_context(SarOnGrid(source, polarisations.file_bands, radiometry, grid))
        for row in range(0, grid.height, size):
            for col in range(0, grid.width, size):
                window = Window(col, row, min(size, grid.width - col), min(size, grid.height - row))
                optical, bands = {}, np.array(True)
                for name, (path, image) in images.items():
                    optical[name], there = spread_optical(image.read(window), image.names, str(path))
                    bands = bands & there
                for values in optical.values():
                    values[~bands] = 0
                if min((values > 0).any(0).mean() for values in optical.values()) < SMALLEST_SHARE:
                    continue
                backscatter = sar_bands = None
                if radar:
                    backscatter, sar_bands = spread_sar(radar.read(window), polarisations.names, str(sar))
                name = f"{clear.stem}_{row}_{col}"
                yield Scene(name, "rasters", bands, optical["clear"], optical.get("cloudy"), backscatter, sar_bands)


class OpticalOnGrid:
    """DN of a file's bands on a grid by its nearest pixels; 0 where there are none."""

    def __init__(self, source: RasterSource, selection: BandSelection, grid: RasterGrid) -> None:
        self.names = selection.names
        # What is warped comes with the file's own scale, which detection knows to make reflectance.
        scaled = source.profile.scales[selection.file_bands[0] - 1] != 1
        self._factor = np.float32(1 / DN_SCALE if scaled else 1)
        self._warped = source.warped(grid, selection.file_bands, resampling="nearest")

    def read(self, window: Window) -> np.ndarray:
        """(k, h, w) float32 in a window of the grid."""
        values = self._warped.read(range(1, len(self.names) + 1), window) * self._factor
        return np.rint(np.nan_to_num(values, nan=0, posinf=0, neginf=0))

    def __enter__(self) -> OpticalOnGrid:
        return self

    def __exit__(self, *exc: object) -> None:
        self._warped.close()


def _check_crs(path: Path, is_placed: bool) -> None:
    if not is_placed:
        raise InputError(f"{path} has no CRS; assign one, or put the rasters into scene folders.")
