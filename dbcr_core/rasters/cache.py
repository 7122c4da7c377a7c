# SPDX-License-Identifier: GPL-3.0-or-later
"""How much memory GDAL may keep for pixels that it has read or written, whatever the size of the scene."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .source import RasterSource

# Holds one row of tiles of a 10,980-pixel optical scene (13 bands, JPEG 2000: 170 MB) together with one of a whole
# radar swath (106 MB), so that each is decoded once: with 256 MB decoding took three times as long. GDAL's own default,
# 5 % of the machine's memory, would grow the process without end on a large server.
CACHE_BYTES = 280_000_000

# What a file may make GDAL decode at once, and hold: a block is only read as a whole, and the blocks of one place for
# each band. A whole tile of 10,980 pixels squared of one decimal band stays below.
MOST_DECODED = 500_000_000

# While the finished file is made, nothing is read twice and little need be kept.
COPY_CACHE_BYTES = 128_000_000

# For copying raw pixels into a GeoTIFF: read them past the cache, in portions of 64 MB, and leave the overviews, which
# GDAL first puts into a file of their own, uncompressed there: a third less work for the same finished file.
COPY_OPTIONS = {"GDAL_ONE_BIG_READ": "YES", "GDAL_SWATH_SIZE": "67108864", "COG_TMP_COMPRESSION": "NONE"}

# Rows of a warped raster, and of what it is warped from, that lie in the cache beside the file's own blocks.
_WARPED_ROWS = 384
_SPARE = 1.1

HIGHEST_BLOCK = 1024
"""Rows of the highest blocks that are common, the tiles of JPEG 2000."""


def cache_in_turn(row: int) -> int:
    """Bytes to keep while a file is read from top to bottom; row: of one row of its blocks, 0 where not known."""
    return min(CACHE_BYTES, int(_SPARE * row)) if row else CACHE_BYTES


def parts_across(*sources: RasterSource) -> int:
    """How many parts of their columns to read rasters in, side by side, so that the cache holds a row of all blocks.

    Where blocks are not known they are taken to be as high as the highest that are common.
    """

    def row(source: RasterSource) -> float:
        share = min(1.0, HIGHEST_BLOCK / source.grid.height)
        return source.decoded_row_bytes or share * source.profile.nbytes

    return max(1, math.ceil(_SPARE * sum(map(row, sources)) / CACHE_BYTES))


def cache_for(optical_row: int, radar_row: int, radar_width: int, is_turned: bool) -> int:
    """Bytes to keep while an optical scene and its radar are read side by side.

    optical_row, radar_row: bytes of one row of a file's blocks, 0 where that is not known. radar_width: in pixels of
    two bands, 0 where nothing is warped. is_turned: whether rows of the radar run across those of the scene; then there
    is no telling either.
    """
    if not optical_row or not radar_row or is_turned:
        return CACHE_BYTES
    warped = _WARPED_ROWS * radar_width * 2 * 4
    return min(CACHE_BYTES, int(_SPARE * (optical_row + radar_row)) + warped)
