# SPDX-License-Identifier: GPL-3.0-or-later
"""A raster open for reading: what both raster libraries share, which is all but opening, reading and closing."""

from __future__ import annotations

import hashlib
import os
import re
import time
from contextlib import ExitStack
from functools import cached_property
from typing import Mapping, Sequence

import numpy as np

from ..cores import gdal_threads
from ..disk import DERIVED
from ..errors import InputError
from ..grid import RasterGrid, Window
from ..remote import BARRIER
from ..strips import PIECE_ROWS
from . import virtual_bands, vrt
from .cache import CACHE_BYTES, HIGHEST_BLOCK, MOST_DECODED, cache_for
from .data_range import DataRange
from .faults import too_large_blocks
from .raster import RasterProfile
from .warp import WARP_ROWS, warped_vrt

_MOST_BEHIND = 16
"""So many files behind a virtual raster are asked for their blocks: bands in files of their own, or a few tiles."""

_SETTLED_SECONDS = 2.0
"""A file changed later than that before it was opened may change again without its time telling."""


def states(files: Sequence[str], now: float) -> tuple[str, ...]:
    """Tells files as they are now from their later states; empty where nothing does."""
    found = []
    for file in files:
        try:
            status = os.stat(file)
        except (OSError, ValueError):
            return ()
        if status.st_mtime > now - _SETTLED_SECONDS:
            return ()
        found.append(f"{file} {status.st_ino} {status.st_size} {status.st_mtime_ns}")
    return tuple(found)


class RasterSource:
    """A raster open for reading, of what GDAL calls `name`; messages call it `path`, which is what the user gave.

    Use it from one thread only, and close it (it is a context manager). The library's own kind of it lies in a backend.

    options: those of GDAL that hold while it is opened and read. on_all_cores: decode large windows of a GeoTIFF with
    several threads, which keep quiet about a file that ends too early: only for what is compared afterwards.
    Subclasses set `profile`, and `block_row_bytes`, what one row of the file's blocks takes, where the file has such.
    cache_bytes: what GDAL may keep of all rasters while this one is read.
    """

    profile: RasterProfile
    block_row_bytes = 0
    cache_bytes = CACHE_BYTES

    def __init__(self, name: str, path: str, allow_network: bool = False, on_all_cores: bool = False) -> None:
        self.name = name
        self.path = path
        self._opened_at = time.time()
        self.options = {} if allow_network else dict(BARRIER)
        if on_all_cores:
            self.options["GDAL_NUM_THREADS"] = gdal_threads()
        self._allow_network = allow_network

    @property
    def grid(self) -> RasterGrid:
        """Short for profile.grid."""
        return self.profile.grid

    @property
    def files(self) -> tuple[str, ...]:
        """Absolute paths of the files on disk that the raster is read from."""
        raise NotImplementedError

    @property
    def pixel_files(self) -> tuple[str, ...]:
        """Those of the files that tell by their time whether it changed: not where programs put what they derived (what
        else statistics' files may say is in the profile)."""
        return tuple(file for file in self.files if not file.endswith(DERIVED)) or self.files

    @property
    def is_wavelet(self) -> bool:
        """Whether it is read from JPEG 2000, which takes some hundred times as long to decode as other files."""
        return bool(re.search(r"\.jp2(?!\.?\w)", " ".join((self.name, *self.files)).lower()))

    @cached_property
    def decoded_row_bytes(self) -> int:
        """What one row of blocks takes, be they those of the files behind a virtual raster; 0 where not known."""
        if self.block_row_bytes:
            return self.block_row_bytes
        if self.is_wavelet:
            # A product's coarse bands lie coarse in the cache, too.
            pixels = vrt.source_columns(self.name, HIGHEST_BLOCK) * min(HIGHEST_BLOCK, self.grid.height)
            return pixels * np.dtype(self.profile.dtype).itemsize
        files = virtual_bands.files_of(self.name)
        if not 0 < len(files) <= _MOST_BEHIND:
            return 0
        try:
            with ExitStack() as opened:
                sources = [opened.enter_context(type(self)(file, file, self._allow_network)) for file in files]
                rows = [source.block_row_bytes for source in sources]
        except InputError:  # as whoever reads the pixels will hear
            return 0
        return sum(rows) if all(rows) else 0

    @cached_property
    def state(self) -> str | None:
        """Tells the raster, as it was opened, from any other and from its own later states; None where nothing does."""
        found = states(self.pixel_files, self._opened_at)
        known_by = (self.name, repr(self.profile.interpretation), *found)
        return hashlib.sha256("\n".join(known_by).encode()).hexdigest() if found else None

    def read(self, bands: Sequence[int], window: Window) -> np.ndarray:
        """Stored values (n, h, w) of 1-based bands in the profile's dtype; InputError where the file is damaged."""
        raise NotImplementedError

    def masked(self, window: Window) -> np.ndarray:
        """(h, w) bool, where the mask of a raster that has one says that there is no data."""
        raise NotImplementedError

    def warped(
        self,
        grid: RasterGrid,
        bands: Sequence[int],
        *,
        unit: str = "value",
        resampling: str = "bilinear",
        nodata: float | None = None,
        decimation: int = 1,
        rows_at_once: int = WARP_ROWS,
        data: DataRange | None = None,
    ) -> RasterSource:
        """The 1-based bands on another grid, as float32 with NaN where there is no data.

        See `warp.warped_vrt` for the parameters; "db", "power" and "amplitude" all come back as linear power.
        """
        xml = warped_vrt(
            self.name,
            self.profile,
            grid,
            bands,
            unit=unit,
            resampling=resampling,
            nodata=nodata,
            decimation=decimation,
            rows_at_once=rows_at_once,
            data=data,
        )
        source = type(self)(xml, self.path, self._allow_network)
        source.cache_bytes = self.cache_bytes
        return source

    def again(self) -> RasterSource:
        """The same raster opened once more: what GDAL holds of a block as it lies in the file goes when that closes."""
        source = type(self)(self.name, self.path, self._allow_network)
        source.profile, source.cache_bytes = self.profile, self.cache_bytes
        return source

    def take_blocks(self, width: int, height: int, structure: Mapping[str, str]) -> None:
        """Notes how large the file's blocks of width x height pixels are; structure: GDAL's IMAGE_STRUCTURE.

        Closes the file and raises InputError where they are compressed and too large to be decoded as a whole, again
        and again: GDAL itself reads uncompressed ones in parts, or quickly enough.
        """
        count = self.profile.count
        block = count * height * width * np.dtype(self.profile.dtype).itemsize
        self.block_row_bytes = block * -(-self.grid.width // width)
        # Bands side by side are decoded together, and then kept each for itself.
        is_twice = count > 1 and structure.get("INTERLEAVE") == "PIXEL"
        if "COMPRESSION" in structure and block * (1 + is_twice) > MOST_DECODED:
            self.close()
            raise too_large_blocks(self.path, block)

    @property
    def _bytes_between_reads(self) -> int:
        """What is decoded of it, or read again, while another raster's rows are read once; 0 where not known."""
        share = min(1.0, PIECE_ROWS / self.grid.height)
        return self.decoded_row_bytes and max(self.decoded_row_bytes, int(share * self.profile.nbytes))

    def share_cache(self, other: RasterSource) -> None:
        """Both will be read side by side, the other, often radar, warped to this one's grid."""
        ours, theirs = self.grid, other.grid
        is_turned = ours.crs_wkt != theirs.crs_wkt or ours.is_rotated or theirs.is_rotated
        self.cache_bytes = other.cache_bytes = cache_for(
            self._bytes_between_reads,
            other._bytes_between_reads,
            0 if theirs.whole_pixels_to(ours) is not None else theirs.width,
            is_turned,
        )

    def close(self) -> None:
        """Release the file; reading afterwards is an error."""
        raise NotImplementedError

    def __enter__(self) -> RasterSource:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
