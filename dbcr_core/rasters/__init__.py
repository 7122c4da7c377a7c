# SPDX-License-Identifier: GPL-3.0-or-later
"""Rasters through either library: what a source and a sink are, and everything between a file's name and its pixels."""

from __future__ import annotations

from .cache import parts_across
from .opening import create_raster, open_raster, raster_library
from .raster import COMPRESSIONS, DTYPES, GroundControlPoint, RasterProfile, common_dtype
from .sink import CogSink
from .source import RasterSource

__all__ = [
    "COMPRESSIONS",
    "CogSink",
    "DTYPES",
    "GroundControlPoint",
    "RasterProfile",
    "RasterSource",
    "common_dtype",
    "create_raster",
    "open_raster",
    "parts_across",
    "raster_library",
]
