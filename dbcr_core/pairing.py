# SPDX-License-Identifier: GPL-3.0-or-later
"""Do an optical and a SAR image belong together: georeference, overlap, resolution."""

from __future__ import annotations

import math
import os
import re
from dataclasses import dataclass
from typing import Callable, Sequence

import numpy as np

from .errors import InputError
from .grid import DEGREE_METRES, RasterGrid, Window
from .hidden_gaps import refuse_hidden_gaps
from .progress import never_cancelled
from .rasters import RasterSource
from .rasters.data_range import UNKNOWN
from .rasters.lattice import lattice_over, look
from .rasters.value_samples import read_spot, sample_windows
from .stored_values import SarRadiometry
from .wording import percent

# Neighbouring grids rarely end at the same pixel; below this the missing rim is worked on without SAR, and said so.
MINIMUM_SAR_COVER = 0.95
_SMALLEST = 1e-11  # of a coordinate: a GeoTIFF's numbers have 15 digits, and a thousandth of a pixel must be among them
_LATTICE = 128  # points per side at which the overlap is looked up
_SPOTS = 4  # per side, at the same places where values are judged, so that they are decoded only once


@dataclass(frozen=True)
class PairReport:
    """How a SAR image lies over an optical one.

    sar_cover is the share (0 … 1) of the optical pixels with data for which SAR has data, looked up on a lattice.
    same_grid is true where the radar lies on the same pixels, so that nothing is resampled. resampling fits the two
    pixel sizes: "bilinear" or "average". notes are findings in plain words.
    """

    sar_cover: float
    same_grid: bool
    resampling: str
    notes: tuple[str, ...]

    @property
    def doubt(self) -> str:
        """What to beware of where the radar covers only a part; empty where it does not."""
        if self.sar_cover >= MINIMUM_SAR_COVER:
            return ""
        return (
            f"SAR has no data for {percent(1 - self.sar_cover)} of the scene (border or stripes): what lies under "
            "thick cloud there is a guess from its surroundings"
        )


def check_optical_grid(optical: RasterSource, check: Callable[[], None] = never_cancelled) -> None:
    """InputError where the optical grid has no CRS or does not lie north up, or a mask band tells where data are.

    check: see `refuse_hidden_gaps`.
    """
    grid = optical.grid
    refuse_hidden_gaps(optical, "optical", check)
    if not grid.crs_wkt:
        raise InputError(
            f"The optical image {os.path.basename(optical.path)} has no coordinate reference system; "
            "assign its CRS (in QGIS: Raster > Projections > Assign Projection) and try again."
        )
    if min(grid.pixel_size) < _SMALLEST * max(map(abs, grid.bounds)):
        raise InputError(
            f"The pixels of {os.path.basename(optical.path)} are too small for its coordinates to tell them apart; "
            "assign the right pixel size and origin (gdal_edit.py -a_ullr)."
        )
    if grid.is_rotated or grid.transform[0] < 0 or grid.transform[4] > 0:
        raise InputError(
            f"The optical image {os.path.basename(optical.path)} is rotated or not north up; "
            "warp it to a north-up grid first (in QGIS: Raster > Projections > Warp)."
        )


def check_pair(
    optical: RasterSource,
    sar: RasterSource,
    *,
    optical_bands: Sequence[int],
    sar_bands: Sequence[int],
    window: Window | None = None,
    allow_partial_sar: bool = False,
    radiometry: SarRadiometry | None = None,
    check: Callable[[], None] = never_cancelled,
) -> PairReport:
    """Check that the SAR image covers the optical one, or the `window` of it that is to be cleared.

    optical: one that `check_optical_grid` has taken, which may cost as much as reading all of it. optical_bands are
    those of its bands (1-based) that tell where it holds data, sar_bands the file's bands with backscatter. radiometry:
    how they are read, which tells what else is no data than what no file means by it. check: see `refuse_hidden_gaps`.
    Raises InputError: no CRS, no overlap, SAR covering less than 95 % (unless allowed).
    """
    refuse_hidden_gaps(sar, "SAR", check)
    is_local = sar.grid.crs_wkt.startswith(("LOCAL_CS", "ENGCRS")) and sar.grid.crs_wkt != optical.grid.crs_wkt
    if is_local or not sar.profile.is_georeferenced:
        raise InputError(
            f"The SAR image {os.path.basename(sar.path)} has no coordinate reference system; "
            "assign its CRS (in QGIS: Raster > Projections > Assign Projection) and try again."
        )
    cover = _cover(optical, sar, optical_bands, sar_bands, window, radiometry)
    _refuse_little(cover, _is_part(optical, window), allow_partial_sar)
    ratio = _pixel_ratio(optical, sar)
    same = sar.grid.whole_pixels_to(optical.grid) is not None
    notes = []
    if cover < 1:
        notes.append(
            f"SAR has no data for {percent(1 - cover)} of the scene; near its edge that is continued, further away "
            "none is used"
        )
    if not sar.grid.crs_wkt:
        notes.append("SAR is located by ground control points only (not terrain-corrected): expect shifts in mountains")
    if ratio > 3:
        notes.append(f"SAR pixels are {ratio:.0f} times as large as the optical ones: little detail can come from SAR")
    return PairReport(cover, same, "average" if ratio < 0.6 else "bilinear", tuple(notes))


def _cover(
    optical: RasterSource,
    sar: RasterSource,
    optical_bands: Sequence[int],
    sar_bands: Sequence[int],
    window: Window | None,
    radiometry: SarRadiometry | None,
) -> float:
    """Share of the optical pixels with data for which SAR has data; InputError where the optical image has none."""
    grid = optical.grid.crop(window) if window else optical.grid
    lattice = lattice_over(grid, _LATTICE)
    has_sar = _has_data(sar, lattice, sar_bands, radiometry)
    if has_sar.all() and _holds_something(optical, optical_bands, window):
        return 1.0  # wherever the optical image has data, which is only known once all of it is decoded
    has_optical = _has_data(optical, lattice, optical_bands)
    if not has_optical.any():
        if _is_part(optical, window):
            raise InputError("The extent holds hardly any data of the optical image; choose another extent.")
        raise InputError("The optical image holds no data at all; choose another scene.")
    return float(has_sar[has_optical].mean())


def _refuse_little(cover: float, is_part: bool, is_allowed: bool) -> None:
    """InputError where SAR covers nothing, or too little. is_part: of an extent, which may be chosen otherwise."""
    if cover == 0 and is_part:
        raise InputError(
            "The SAR image holds no data in the extent; choose another extent, or a SAR image that covers it"
            " (if this one should, one of the images has a wrong CRS)."
        )
    if cover == 0:
        raise InputError(
            "The SAR and optical images do not overlap; choose a SAR image of the same place"
            " (if they should overlap, one of them has a wrong CRS)."
        )
    if cover < MINIMUM_SAR_COVER and not is_allowed:
        if is_part:
            raise InputError(
                f"The SAR image covers only {percent(cover)} of the extent; choose another extent, a SAR image that "
                "covers all of it, or allow it with --allow-partial-sar (the rest is then cleared without SAR)."
            )
        raise InputError(
            f"The SAR image covers only {percent(cover)} of the optical image; choose one that covers all of it, "
            "clip the optical image, or allow it with --allow-partial-sar (the rest is then cleared without SAR)."
        )


def _is_part(optical: RasterSource, window: Window | None) -> bool:
    """Whether what is wrong with a window is not wrong with the whole image."""
    return window is not None and window != optical.grid.window


def _has_data(
    source: RasterSource, lattice: RasterGrid, bands: Sequence[int], radiometry: SarRadiometry | None = None
) -> np.ndarray:
    """True (h, w) where any band has data."""
    if radiometry is None:
        return UNKNOWN.holds(look(source, lattice, bands)).any(axis=0)
    return np.isfinite(look(source, lattice, bands, radiometry.unit, radiometry.nodata)).any(axis=0)


def _holds_something(source: RasterSource, bands: Sequence[int], window: Window | None) -> bool:
    """Whether a few spots of the image, or of its window, have data."""
    place = window or source.grid.window
    for spot in sample_windows(source.grid.crop(place), _SPOTS):
        values = read_spot(source, bands, spot.shifted(place.col, place.row))
        if (UNKNOWN.holds(values) & (values != source.profile.nodata)).any():
            return True
    return False


def _pixel_ratio(optical: RasterSource, sar: RasterSource) -> float:
    """Side of a SAR pixel in optical pixels."""
    if not sar.grid.crs_wkt:
        return 1.0
    mine, theirs = optical.grid, sar.grid
    if mine.crs_wkt == theirs.crs_wkt:
        a, b = mine.pixel_size, theirs.pixel_size
        return math.sqrt((b[0] * b[1]) / (a[0] * a[1]))
    return math.sqrt(_ground_area(theirs) / _ground_area(mine))


def _ground_area(grid: RasterGrid) -> float:
    """Area of a pixel in square metres, near enough to compare resolutions."""
    width, height = grid.pixel_size
    if grid.crs_wkt.startswith(("GEOGCS", "GEOGCRS", "GEODCRS")):
        latitude = grid.xy(grid.width / 2, grid.height / 2)[1]
        return width * height * DEGREE_METRES**2 * max(math.cos(math.radians(min(abs(latitude), 89.0))), 0.01)
    units = re.findall(r'(?<!ANGLE)UNIT\["[^"]*",\s*([\d.]+)', grid.crs_wkt)  # of the degree, then of the projection
    metres = float(units[1]) if len(units) > 1 else 1.0
    return width * height * metres**2
