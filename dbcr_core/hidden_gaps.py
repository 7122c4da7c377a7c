# SPDX-License-Identifier: GPL-3.0-or-later
"""Gaps that a raster tells by a mask alone: a stack or result would lose them, and hold ground where none was seen."""

from __future__ import annotations

import os
from typing import Callable

import numpy as np

from .errors import InputError
from .grid import Window
from .progress import never_cancelled
from .rasters import RasterSource
from .rasters.data_range import UNKNOWN
from .rasters.remembered import remembered

_ROWS = 512


def refuse_hidden_gaps(source: RasterSource, role: str, check: Callable[[], None] = never_cancelled) -> None:
    """InputError where the mask of a raster leaves out pixels whose values do not say so themselves.

    check: called before every read; what it raises ends this.
    """
    if not source.profile.has_mask:
        return
    # All of the file is decoded for that: once, however many jobs, previews and reports it is for.
    if remembered.read(source, "hides data", lambda: np.array(_hides_data(source, check))):
        raise InputError(
            f"The {role} image {os.path.basename(source.path)} tells by a mask which pixels hold no data; write that "
            "into the values first (gdalwarp -dstnodata 0, or -dstnodata -9999 for decibels)."
        )


def _hides_data(source: RasterSource, check: Callable[[], None]) -> bool:
    grid = source.grid
    for top in range(0, grid.height, _ROWS):
        check()
        window = Window(0, top, grid.width, min(_ROWS, grid.height - top))
        masked = source.masked(window)
        if masked.any():
            values = source.read([1], window)[0][masked]
            if (UNKNOWN.holds(values) & (values != source.profile.nodata)).any():
                return True
    return False
