# SPDX-License-Identifier: GPL-3.0-or-later
"""Read whole GeoTIFFs for training; every error names the file and what to do about it.

The engine's own rules say which band is which and what the numbers mean. But what it can ask the user about is refused
here: a scene in wrong units would teach nonsense for hours, and nobody would see it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from dbcr_core.backscatter import detect_sar
from dbcr_core.bands import BandSelection, match_optical, match_sar
from dbcr_core.errors import BackendMissingError, BandOrderError, InputError
from dbcr_core.grid import RasterGrid
from dbcr_core.hidden_gaps import refuse_hidden_gaps
from dbcr_core.radiometry import detect_optical
from dbcr_core.rasters import RasterSource, open_raster
from dbcr_core.stated_offset import is_called_harmonised
from dbcr_core.stored_values import OpticalRadiometry, SarRadiometry, physical_values
from dbcr_core.wording import OFFSET_ASSUMED, SAR_UNITS, reflectance_words

DN_SCALE = 1e-4

NAME_OPTICAL = "describe its bands as B01 … B12, each once, three at least."
NAME_SAR = "describe its bands as VV and VH, each once."
STORE_DN = "store reflectance x 10000 without offset, 0 where there is no data."
STATE_DN = (
    "subtract 1000 where it is still in, or state that it is not by the tag BOA_ADD_OFFSET=0 "
    "(gdal_edit.py -mo BOA_ADD_OFFSET=0 FILE), or by the word harmonised in the file's or a folder's name."
)
STORE_DECIBELS = "store decibels (10 log10 of power), NaN where there is no data."


def read_raster(path: Path) -> tuple[np.ndarray, tuple[str, ...]]:
    """All bands (k, h, w) in the file's type, and their descriptions ("" where a band has none)."""
    try:
        import rasterio
        from rasterio.errors import NotGeoreferencedWarning, RasterioError
    except ImportError as error:
        raise BackendMissingError("Reading GeoTIFFs needs rasterio: install it with `pip install rasterio`.") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path) as file:
                return file.read(), tuple(d or "" for d in file.descriptions)
    except (RasterioError, OSError) as error:
        raise InputError(f"{path} cannot be read ({error}); it is damaged or truncated: fetch it again.") from error


@contextmanager
def opened_optical(
    path: Path, is_known_dn: bool = False
) -> Iterator[tuple[RasterSource, BandSelection, OpticalRadiometry]]:
    """A file of DN = reflectance x 10000, which of its bands are Sentinel-2's, and what it says of nodata.

    Raises InputError for bands that cannot be told apart, for other numbers than DN without offset, for no data, and
    for no data that only a mask tells of; unless ``is_known_dn`` also where nothing tells whether the offset is gone.
    """
    with open_raster(path) as source:
        with _blamed_on(path, NAME_OPTICAL):
            selection = match_optical(source.profile)
        with _blamed_on(path, "gdalwarp -dstnodata 0 writes it into the values."):
            refuse_hidden_gaps(source, "optical")
        with _blamed_on(path, STORE_DN), _blamed_on(path, NAME_OPTICAL, BandOrderError):
            radiometry = detect_optical(source, selection)
        if OFFSET_ASSUMED in radiometry.doubts and not (is_known_dn or is_called_harmonised(str(path))):
            raise InputError(f"{path}: Nothing tells whether the offset of 1000 is still in the values; {STATE_DN}")
        if abs(radiometry.scale / DN_SCALE - 1) > 1e-6 or radiometry.offset:
            words = reflectance_words(radiometry.scale, radiometry.offset)
            raise InputError(f"{path}: The reflectance is {words} ({radiometry.how}); {STORE_DN}")
        yield source, selection, radiometry


@contextmanager
def opened_sar(path: Path) -> Iterator[tuple[RasterSource, BandSelection, SarRadiometry]]:
    """A file of decibels, which of its bands are VV and VH, and what it says of nodata.

    Raises InputError for bands that cannot be told apart, for other units than decibels, and for no data.
    """
    with open_raster(path) as source:
        with _blamed_on(path, NAME_SAR):
            selection = match_sar(source.profile)
            if selection.names == ("VH",):
                raise InputError("It holds VH but no VV")
        with _blamed_on(path, "gdalwarp -dstnodata -9999 writes it into the values."):
            refuse_hidden_gaps(source, "SAR")
        with _blamed_on(path, STORE_DECIBELS), _blamed_on(path, NAME_SAR, BandOrderError):
            radiometry = detect_sar(source, selection)
        if radiometry.unit != "db":
            unit = SAR_UNITS[radiometry.unit]
            raise InputError(f"{path}: The values are {unit} ({radiometry.how}); {STORE_DECIBELS}")
        yield source, selection, radiometry


def read_optical(path: Path, is_known_dn: bool = False) -> tuple[np.ndarray, tuple[str, ...], RasterGrid]:
    """Sentinel-2's bands of a file: float32 (k, h, w) DN, 0 = nodata; their names; the grid.

    Raises InputError as `opened_optical` does.
    """
    with opened_optical(path, is_known_dn) as (source, selection, radiometry):
        stored = source.read(selection.file_bands, source.grid.window)
        values = np.where(radiometry.missing(stored), np.float32(0), stored.astype(np.float32))
        return values, selection.names, source.grid


def read_sar(path: Path) -> tuple[np.ndarray, tuple[str, ...], RasterGrid]:
    """VV and VH of a file as far as it has them: float32 (k, h, w) decibels, NaN = nodata; their names; the grid.

    Raises InputError as `opened_sar` does.
    """
    with opened_sar(path) as (source, selection, radiometry):
        stored = source.read(selection.file_bands, source.grid.window)
        values = physical_values(stored, source.profile, selection.file_bands, source.profile.nodata, np.float32)
        decibels = radiometry.to_decibel(values)
        # On purpose unlike the engine, which takes 0 dB for a border in each band: scenes of SEN12MS-CR were clipped at
        # 0 dB, and their brightest ground is so in one band, while a border that a program filled is so in both.
        decibels[(values == 0) & np.isfinite(decibels).any(0)] = 0
        return decibels, selection.names, source.grid


def check_same_place(path: Path, grid: RasterGrid, other: Path, other_grid: RasterGrid) -> None:
    """Raises InputError unless both files have pixels of one size in one place; a file without a CRS has no place."""
    sizes = [(g.height, g.width) for g in (grid, other_grid)]
    if sizes[0] != sizes[1]:
        fact = "is {} x {} pixels".format(*sizes[0]) + ", {} {} x {}".format(other.name, *sizes[1])
    elif grid.crs_wkt and other_grid.crs_wkt and not (
        _same_crs(grid.crs_wkt, other_grid.crs_wkt) and grid.same_pixels(other_grid, tolerance=0.1)
    ):  # fmt: skip
        fact = f"lies elsewhere or has other pixels than {other.name}"
    else:
        return
    raise InputError(f"{path} {fact}; warp it to the grid of {other.name}.")


def _same_crs(first: str, second: str) -> bool:
    if first == second:
        return True
    from rasterio.crs import CRS

    return CRS.from_wkt(first) == CRS.from_wkt(second)


@contextmanager
def _blamed_on(path: Path, remedy: str, kind: type[InputError] = InputError) -> Iterator[None]:
    """Puts the file before what the engine finds wrong, and behind it the remedy that helps in training."""
    try:
        yield
    except kind as error:
        if str(path) in str(error):  # a file that cannot be read has its own remedy
            raise
        fact = str(error).partition("; ")[0]
        raise InputError(f"{path}: {fact}; {remedy}") from error
