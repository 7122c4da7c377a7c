# SPDX-License-Identifier: GPL-3.0-or-later
"""Stored numbers and what they mean: optical DN and reflectance, backscatter in decibel, power or amplitude."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Sequence

import numpy as np

from .errors import InputError
from .rasters import RasterProfile
from .rasters.data_range import BACKSCATTER, LARGEST, DataRange

LOWEST = -0.5
"""Reflectance that no observation is below; atmospheric correction may end a little below 0."""


def is_number(nodata: float | None) -> bool:
    """Whether a value without data is one that values can be compared with."""
    return nodata is not None and nodata == nodata


@dataclass(frozen=True)
class OpticalRadiometry:
    """reflectance = stored · scale + offset, 0 … 1 for most surfaces.

    nodata is the stored value without data (None: none is known); zero_is_nodata adds Sentinel-2's convention that
    a pixel that is 0 in every band was not observed. What lies below a reflectance of LOWEST is none, whatever the file
    declares: programs fill with -9999 or -32768. doubts: what the user should know better, in plain words.
    """

    scale: float
    offset: float
    nodata: float | None
    zero_is_nodata: bool
    how: str
    doubts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (self.scale > 0 and abs(self.offset) < 1e6):
            raise InputError(f"A reflectance scale of {self.scale} with offset {self.offset} makes no sense.")

    @property
    def lowest(self) -> float:
        """The lowest stored value that can be an observation."""
        return (LOWEST - self.offset) / self.scale

    @property
    def data_range(self) -> DataRange:
        """Stored values of one band that hold an observation, but for `nodata`."""
        below = np.nextafter(np.float32(self.lowest), np.float32(-np.inf))
        return DataRange(float(below), LARGEST, not self.zero_is_nodata)

    def missing(self, stored: np.ndarray) -> np.ndarray:
        """True (n, h, w) where a band holds no observation."""
        gone = ~np.isfinite(stored) if stored.dtype.kind == "f" else np.zeros(stored.shape, bool)
        if is_number(self.nodata):
            gone |= stored == self.nodata
        if self.zero_is_nodata:
            # One pass over whole numbers, instead of two and an array of truths.
            whole = stored.dtype.kind in "iu"
            gone |= np.bitwise_or.reduce(stored, axis=0) == 0 if whole else (stored == 0).all(axis=0)
        if stored.dtype.kind in "if":
            gone |= stored < self.lowest
        return gone

    def to_reflectance(self, stored: np.ndarray) -> np.ndarray:
        """Reflectance (n, h, w) as float32, NaN where there is no observation."""
        reflectance = self.scaled(stored)
        reflectance[self.missing(stored)] = np.nan
        return reflectance

    def scaled(self, stored: np.ndarray) -> np.ndarray:
        """The same for pixels that are known to hold observations: what is no data becomes some number."""
        reflectance = stored.astype(np.float32)
        if self.scale != 1:
            reflectance *= np.float32(self.scale)
        if self.offset != 0:
            reflectance += np.float32(self.offset)
        return reflectance

    def to_stored(self, reflectance: np.ndarray) -> np.ndarray:
        """Stored values of any shape, in double precision and not rounded; see `fitted`."""
        values = reflectance.astype(np.float64)
        if self.offset != 0:
            values -= self.offset
        values /= self.scale
        return values

    def fitted(self, values: np.ndarray, dtype: str | np.dtype) -> np.ndarray:
        """Stored values in double precision as a dtype: integers rounded and clipped to it, and never no data.

        What `values` holds afterwards is not defined.
        """
        kind = np.dtype(dtype)
        # Upwards, so that what leaves one of them for the other leaves that one, too.
        known = (self.nodata, 0.0 if self.zero_is_nodata else None)
        none = sorted({value for value in known if value is not None and value == value})
        if kind.kind == "f":
            stored = values.astype(kind)
            for avoided in none:
                stored[stored == avoided] = np.nextafter(kind.type(avoided), kind.type(np.inf))
            return stored
        limits = np.iinfo(kind)
        np.rint(values, out=values)
        # Reading twice is faster than writing once, and hardly ever is anything to be done; NaN fails both questions.
        if values.size and not (values.min() >= limits.min and values.max() <= limits.max):
            values[np.isnan(values)] = 0
            np.clip(values, limits.min, limits.max, out=values)
        stored = values.astype(kind)
        for avoided in none:
            if limits.min <= avoided <= limits.max:  # no other can be equal
                stored[stored == avoided] = avoided + 1 if avoided < limits.max else avoided - 1
        return stored


def physical_values(
    stored: np.ndarray, profile: RasterProfile, bands: Sequence[int], nodata: float | None, dtype: Any = np.float64
) -> np.ndarray:
    """Stored values (n, …) of 1-based bands in floating point with the file's scale and offset, NaN for nodata."""
    values: np.ndarray = stored.astype(dtype)
    if is_number(nodata):
        values[stored == nodata] = np.nan
    for row, band in enumerate(bands):
        scale, offset = profile.scales[band - 1], profile.offsets[band - 1]
        if (scale, offset) != (1, 0):
            values[row] = values[row] * scale + offset
    return values


@dataclass(frozen=True)
class SarRadiometry:
    """Backscatter as stored: unit "db", "power" or "amplitude"; gain_db is added after the change to decibel.

    nodata is the stored value without data, None where the file knows best. doubts: what the user should know better,
    in plain words.
    """

    unit: str
    how: str
    gain_db: float = 0.0
    nodata: float | None = None
    doubts: tuple[str, ...] = ()

    def to_decibel(self, physical: np.ndarray) -> np.ndarray:
        """Decibel (n, h, w) as float32 of physical values; NaN for NaN, no power, and what no power can be."""
        values = np.where(BACKSCATTER[self.unit].holds(physical), physical, np.nan).astype(np.float32, copy=False)
        if self.unit == "db":
            return values + np.float32(self.gain_db)
        return self.power_to_decibel(np.square(values) if self.unit == "amplitude" else values)

    def power_to_decibel(self, power: np.ndarray) -> np.ndarray:
        """Decibel (n, h, w) as float32 of linear power, as `RasterSource.warped` returns it; NaN where it is none."""
        positive = np.where((power > 0) & (power < np.inf), power, np.nan).astype(np.float32)
        return np.float32(10) * np.log10(positive) + np.float32(self.gain_db)
