# SPDX-License-Identifier: GPL-3.0-or-later
"""What a raster is but for its pixels, whichever library stands behind.

Inside QGIS everything goes through `osgeo`, outside through rasterio; both backends are thin because whatever is
more than opening and reading (stacks, warps, the output's metadata) is described as a GDAL virtual raster (`vrt.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Mapping, Sequence

import numpy as np

from ..errors import InputError
from ..grid import RasterGrid

DTYPES = ("uint8", "uint16", "int16", "uint32", "int32", "float32", "float64")
COMPRESSIONS = ("deflate", "zstd")
"""Lossless methods for finished files: read by everything; half the time, but software must know it."""


@dataclass(frozen=True)
class GroundControlPoint:
    """A pixel position (0, 0 is the outer corner of the first pixel) and its coordinates in the points' CRS."""

    col: float
    row: float
    x: float
    y: float


@dataclass(frozen=True)
class RasterProfile:
    """Everything about a raster except its pixels; sequences over bands have `count` entries.

    dtype is one of DTYPES. nodata holds for every band but those in other_nodata, see `common_nodata`. scales and
    offsets: physical = stored · scale + offset.
    colours are GDAL's colour interpretations in lower case. tags and band_tags are the default metadata domain,
    imagery_tags the bands' IMAGERY domain. source_names are the names of the files behind the bands of a virtual
    raster, empty elsewhere; unlike_file is one of them whose bands are not named as those of others are. gcps (with
    gcps_wkt as their CRS) replace the grid's geotransform where a raster has no other georeference. has_mask: a band
    of its own, or a file beside it, says which pixels are none.
    """

    grid: RasterGrid
    count: int
    dtype: str
    nodata: float | None = None
    descriptions: tuple[str, ...] = ()
    scales: tuple[float, ...] = ()
    offsets: tuple[float, ...] = ()
    units: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    band_tags: tuple[Mapping[str, str], ...] = ()
    imagery_tags: tuple[Mapping[str, str], ...] = ()
    source_names: tuple[str, ...] = ()
    unlike_file: str = ""
    gcps: tuple[GroundControlPoint, ...] = ()
    gcps_wkt: str = ""
    has_mask: bool = False
    other_nodata: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.count < 1:
            raise InputError("The raster has no bands.")
        if self.dtype not in DTYPES:
            raise InputError(
                f"Pixels of type {self.dtype} are not supported; convert the raster to UInt16, Int16 or Float32."
            )
        defaults: dict[str, Any] = {
            "descriptions": "",
            "scales": 1.0,
            "offsets": 0.0,
            "units": "",
            "colours": "undefined",
            "band_tags": {},
            "imagery_tags": {},
            "source_names": "",
        }
        for name, default in defaults.items():
            if not getattr(self, name):
                object.__setattr__(self, name, (default,) * self.count)
            elif len(getattr(self, name)) != self.count:
                raise InputError(f"The raster has {self.count} bands but {len(getattr(self, name))} {name}.")

    @property
    def nbytes(self) -> int:
        """Bytes of all pixels of all bands."""
        return self.grid.width * self.grid.height * self.count * np.dtype(self.dtype).itemsize

    @property
    def interpretation(self) -> tuple[Any, ...]:
        """What decides how pixels are read and where they lie; hashable. NaN as text, for it is equal to nothing."""
        return self.grid, self.dtype, str(self.nodata), self.scales, self.offsets, self.gcps, self.gcps_wkt

    @property
    def is_georeferenced(self) -> bool:
        """True where the pixels' place on Earth is known, by geotransform or by ground control points."""
        return bool(self.grid.crs_wkt) or bool(self.gcps and self.gcps_wkt)


def common_nodata(declared: Sequence[float | None], dtype: str) -> tuple[float | None, tuple[int, ...]]:
    """(the value without data of a raster of one type, 1-based bands that declare another), from what each declares, or
    does not.

    It is the first band's; where that declares none, what at least half of the bands agree on. What no pixel can hold
    counts for nothing.
    """
    values = [value if value is not None and can_hold(dtype, value) else None for value in declared]
    known = [value for value in values if value is not None]
    nodata = values[0] if values else None
    if known and nodata is None and 2 * len(known) >= len(values) and all(_is_same(v, known[0]) for v in known):
        nodata = known[0]
    others = (i for i, v in enumerate(values, 1) if v is not None and (nodata is None or not _is_same(v, nodata)))
    return (None if nodata is None else float(nodata)), tuple(others)


def _is_same(first: float, second: float) -> bool:
    """Whether two texts of a number, of which one may have lost digits, mean one value; NaN is none but itself."""
    return math.isclose(first, second, rel_tol=1e-6) or (first != first and second != second)


def check_nodata(profile: RasterProfile, bands: Sequence[int]) -> None:
    """InputError where 1-based bands declare several values without data: a gap of one would be ground in another."""
    if set(bands) & set(profile.other_nodata):
        raise InputError(
            "The bands declare different values for no data; give the bands' files separated by commas, or write one "
            "value for all (gdalwarp -dstnodata 0 IN OUT, for radar in decibels -9999)."
        )


def can_hold(dtype: str, value: float) -> bool:
    """Whether pixels of that type can have the value; of a type that is not one of DTYPES nobody asks."""
    if dtype not in DTYPES or dtype.startswith("float"):
        return True
    kind = np.dtype(dtype)
    return bool(value == np.rint(value) and np.iinfo(kind).min <= value <= np.iinfo(kind).max)


def common_dtype(dtypes: Sequence[str]) -> str:
    """The smallest type of DTYPES that holds every band's values; another type's name where one band has that."""
    for name in dtypes:
        if name not in DTYPES:
            return name
    return str(np.result_type(*dtypes))
