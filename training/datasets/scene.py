# SPDX-License-Identifier: GPL-3.0-or-later
"""One training scene in memory: optical bands in fixed order, SAR in centidecibels, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dbcr_core.band_names import OPTICAL_BANDS, SAR_BANDS
from dbcr_core.errors import InputError

SAR_NODATA = np.int16(-32768)


@dataclass(frozen=True)
class Scene:
    """Co-registered rasters of one place; every array shares height and width.

    ``clear``, ``cloudy``: (13, h, w) uint16, DN = reflectance x 10000, a missing band all zeros; either may be None.
    ``bands``: (13,) bool, the bands that exist. ``sar``: (2, h, w) int16, 1/100 dB, ``SAR_NODATA`` where missing; None
    without SAR. ``sar_bands``: (2,) bool. ``sar_kind``: "db" for calibrated backscatter, "mean" for a temporal mean
    without speckle, "relative" when only the structure is known. ``group`` names the source, for sampling weights.
    ``measured``: (13,) bool, the bands that were not completed from others; None when all ``bands`` were.
    """

    id: str
    group: str
    bands: np.ndarray
    clear: np.ndarray | None = None
    cloudy: np.ndarray | None = None
    sar: np.ndarray | None = None
    sar_bands: np.ndarray | None = None
    sar_kind: str = "db"
    measured: np.ndarray | None = None

    def __post_init__(self) -> None:
        if self.clear is None and self.cloudy is None:
            raise InputError(f"Scene {self.id} has neither a clear nor a cloudy image.")
        if self.bands.shape != (len(OPTICAL_BANDS),) or not self.bands.any():
            raise InputError(f"Scene {self.id} names no Sentinel-2 band; add band descriptions B01 … B12.")
        shapes = {a.shape[1:] for a in (self.clear, self.cloudy, self.sar) if a is not None}
        if len(shapes) != 1:
            raise InputError(f"Scene {self.id} has rasters of different sizes {sorted(shapes)}; warp them to one grid.")
        for name, array, count in (("clear", self.clear, 13), ("cloudy", self.cloudy, 13), ("sar", self.sar, 2)):
            if array is not None and array.shape[0] != count:
                raise InputError(f"Scene {self.id}: {name} has {array.shape[0]} bands instead of {count}.")

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        _, height, width = next(a.shape for a in (self.clear, self.cloudy) if a is not None)
        return height, width


def spread_optical(values: np.ndarray, names: tuple[str, ...], where: str) -> tuple[np.ndarray, np.ndarray]:
    """Put bands (k, h, w) with ``names`` into their places: (13, h, w) uint16 and (13,) bool.

    Negative values and those that are not finite become 0 (nodata). Raises InputError that begins with the file
    ``where``.
    """
    if len(names) != len(values):
        raise InputError(f"{where} has {len(values)} bands but {len(names)} band names.")
    full = np.zeros((len(OPTICAL_BANDS), *values.shape[1:]), np.uint16)
    present = np.zeros(len(OPTICAL_BANDS), bool)
    for value, name in zip(values, names):
        if name not in OPTICAL_BANDS:
            raise InputError(f"{where} has an unknown band {name!r}; name the bands {OPTICAL_BANDS[0]} … B12.")
        place = OPTICAL_BANDS.index(name)
        if present[place]:
            raise InputError(f"{where} has two bands {name}; name each band once.")
        full[place] = np.clip(np.nan_to_num(value.astype(np.float32), nan=0, posinf=0, neginf=0), 0, 65535)
        present[place] = True
    return full, present


def spread_sar(values: np.ndarray, names: tuple[str, ...], where: str) -> tuple[np.ndarray, np.ndarray]:
    """Put decibel bands (k, h, w) into (2, h, w) int16 centidecibels and (2,) bool; NaN becomes ``SAR_NODATA``."""
    full = np.full((len(SAR_BANDS), *values.shape[1:]), SAR_NODATA, np.int16)
    present = np.zeros(len(SAR_BANDS), bool)
    for value, name in zip(values, names):
        if name not in SAR_BANDS:
            raise InputError(f"{where} has an unknown SAR band {name!r}; name the bands VV and VH.")
        place = SAR_BANDS.index(name)
        if present[place]:
            raise InputError(f"{where} has two bands {name}; name each band once.")
        value = value.astype(np.float32)
        known = np.isfinite(value)
        full[place][known] = np.clip(np.round(value[known] * 100), -10000, 10000)
        present[place] = True
    return full, present
