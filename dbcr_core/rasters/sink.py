# SPDX-License-Identifier: GPL-3.0-or-later
"""The output file: written raw under a hidden name, made a cloud-optimised GeoTIFF, then put in place in one step."""

from __future__ import annotations

import contextlib
import errno
import os
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Callable, Iterable, Iterator, Mapping, Protocol, Sequence

import numpy as np

from ..band_names import is_class
from ..cores import gdal_threads
from ..disk import NO_ROOM, meanwhile, sync_path
from ..errors import Cancelled, InputError, OutputError
from ..grid import Window
from . import vrt
from .cache import cache_in_turn
from .partial import BLOCK, PartialRaster, remove_named
from .raster import RasterProfile
from .source import RasterSource

_COG_OPTIONS = {
    "BLOCKSIZE": str(BLOCK),
    "LEVEL": "1",  # one percent larger than usual, and made in half the time
    "PREDICTOR": "YES",
    "BIGTIFF": "IF_SAFER",
    "OVERVIEWS": "AUTO",
    "RESAMPLING": "AVERAGE",
}
_VERIFIED_ROWS = 64  # an eighth of a row of tiles, which GDAL's cache holds
_VERIFIED_BYTES = 160_000_000  # of that row, at most
STALE = (".aux.xml", ".ovr", ".msk")
"""Endings of sidecars that would describe the file that was replaced."""


class Backend(Protocol):
    """What a sink needs of a raster library (a module)."""

    def copy_to_cog(self, xml: str, path: str, options: dict[str, str], cancelled: Callable[[], bool]) -> None:
        """Write a virtual raster as a cloud-optimised GeoTIFF; OutputError where the library notices a failure."""

    def open_source(self, name: str, path: str, *, on_all_cores: bool) -> RasterSource:
        """Open a file for reading, large windows with several threads."""

    def can_compress(self, compression: str) -> bool:
        """Whether GeoTIFFs can be written with that one of COMPRESSIONS."""


class CogSink:
    """A raster being written, to be a cloud-optimised GeoTIFF compressed by one of COMPRESSIONS.

    Nothing is visible under `path` before publish(). Use it from one thread only. See `PartialRaster` for resume_key.
    """

    def __init__(
        self,
        path: str,
        profile: RasterProfile,
        backend: Backend,
        inputs: Sequence[RasterSource] = (),
        resume_key: str = "",
        compression: str = "deflate",
    ) -> None:
        self.path = path
        if not backend.can_compress(compression):
            raise OutputError(f"The GDAL in use was built without {compression}; choose the compression deflate.")
        self._options = cog_options(profile, compression)
        self.profile = without_statistics(profile)
        self._backend = backend
        self._cog: Path | None = None  # the finished file, before it is put in its place
        self._target = Path(os.path.realpath(path))  # a link stays a link: its target is what gets replaced
        check_target(path, (name for source in inputs for name in source.files))
        with self._failing():
            self._partial = PartialRaster(self._target, self.profile, resume_key)

    @property
    def lost_rows(self) -> bool:
        """Whether rows of an unfinished run with another resume_key were thrown away."""
        return self._partial.lost_rows

    @property
    def rows_done(self) -> int:
        """Rows that an earlier run with the same resume_key has completed; 0 without one."""
        return self._partial.rows_done

    def write(self, array: np.ndarray, window: Window) -> None:
        """Store (count, h, w) values in the profile's dtype at a window of the grid; windows may come in any order."""
        grid, count, dtype = self.profile.grid, self.profile.count, self.profile.dtype
        if array.shape != (count, window.height, window.width) or window.intersection(grid.window) != window:
            raise OutputError(f"An array of shape {array.shape} does not fit {window} of the output.")
        if str(array.dtype) != dtype:
            raise OutputError(f"An array of type {array.dtype} does not fit an output of type {dtype}.")
        with self._failing():
            self._partial.write(array, window)

    def checkpoint(self, rows: int, note: str = "") -> None:
        """Make the first `rows` rows survive a kill; a rerun with the same resume_key goes on after them.

        note: a line about them, which `note_at` gives to the rerun.
        """
        with self._failing():
            self._partial.checkpoint(rows, note)

    def note_at(self, rows: int) -> str:
        """What an earlier run noted about the first `rows` rows, empty where nothing is known."""
        return self._partial.note_at(rows)

    def prepare(self, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Make the GeoTIFF beside the target, still under a hidden name; this takes time.

        Raises Cancelled as soon as `cancelled` says so, OutputError where there is no room: what was written is then
        still there for `suspend`.
        """
        self._cog = cog = self._partial.name_of_copy()
        with self._failing():
            self._partial.sync()
            self._partial.write_header()
            virtual = vrt.described(self.profile, str(self._partial.raw))
            self._backend.copy_to_cog(virtual, str(cog), self._options, cancelled)
            # The disk writes while processors read back what it was given.
            with meanwhile(sync_path, cog):
                self._verify(str(cog), cancelled)

    def publish(self) -> None:
        """Put the GeoTIFF in its place in one step, made now unless `prepare` has made it.

        The temporary files stay for a rerun until discard().
        """
        if self._cog is None:
            self.prepare()
        assert self._cog is not None
        try:
            os.replace(self._cog, self._target)
        except OSError as error:
            # Windows replaces no file that another program has open: hours of work wait for the rerun.
            raise OutputError(f"{self._reason(error)}; the previous file, if any, is unchanged.") from error
        for suffix in STALE:
            with contextlib.suppress(OSError):
                os.remove(f"{self._target}{suffix}")
        sync_path(self._target.parent)

    def _verify(self, cog: str, cancelled: Callable[[], bool]) -> None:
        """OutputError unless the finished file holds what was written: a full disk does not always speak up."""
        grid, bands = self.profile.grid, range(1, self.profile.count + 1)
        try:
            with self._backend.open_source(cog, cog, on_all_cores=True) as source:
                # All blocks of a row at once, unless they take too much memory.
                across = -(-grid.width // BLOCK)
                blocks = -(-across // max(1, -(-source.block_row_bytes // _VERIFIED_BYTES)))
                source.cache_bytes = cache_in_turn(source.block_row_bytes * blocks // across)
                is_complete = source.profile.grid.same_pixels(grid) and source.profile.count == self.profile.count
                for place in self._verified(blocks * BLOCK):
                    if cancelled():
                        raise Cancelled()
                    written, meant = source.read(bands, place), self._partial.read(place)
                    # As bytes, since NaN differs from itself.
                    is_complete = is_complete and np.array_equal(written.view(np.uint8), meant.view(np.uint8))
        except InputError:
            is_complete = False
        if not is_complete:
            raise OutputError(
                f"{self.path} could not be written completely, free some space in {self._target.parent} or choose "
                "another folder; the previous file, if any, is unchanged."
            )

    def _verified(self, columns: int) -> Iterator[Window]:
        """Windows of a few rows in an order in which GDAL decodes every block once."""
        grid = self.profile.grid
        for block in range(0, grid.height, BLOCK):
            for col in range(0, grid.width, columns):
                for row in range(block, min(block + BLOCK, grid.height), _VERIFIED_ROWS):
                    yield Window(col, row, min(columns, grid.width - col), min(_VERIFIED_ROWS, grid.height - row))

    def suspend(self) -> None:
        """Stop here and keep the rows of the last checkpoint for a rerun with the same resume_key."""
        self._partial.close()
        if self._cog is not None:
            remove_named(str(self._cog))

    def discard(self) -> None:
        """Remove every temporary file of this output; what was published stays."""
        self._partial.remove()

    def __enter__(self) -> CogSink:
        return self

    def __exit__(self, *exc: object) -> None:
        self.discard()

    @contextlib.contextmanager
    def _failing(self) -> Iterator[None]:
        """Turn the operating system's refusals into one sentence."""
        try:
            yield
        except OSError as error:
            raise OutputError(f"{self._reason(error)}; the previous file, if any, is unchanged.") from error

    def _reason(self, error: OSError) -> str:
        if error.errno in NO_ROOM:
            return f"{self._target.parent} has no room for {self.path}, free some space or choose another folder"
        if (isinstance(error, PermissionError) or error.errno == errno.EBUSY) and self._target.exists():
            return f"{self.path} cannot be replaced, close it in other programs or choose another name"
        return f"Cannot write {self.path} ({error.strerror or error}), choose another output"


def cog_options(profile: RasterProfile, compression: str) -> dict[str, str]:
    """Options of GDAL's COG driver for a raster of that profile."""
    # Classes between two others would be invented; overviews are made one way for all bands.
    has_classes = profile.dtype == "uint8" or any(map(is_class, profile.descriptions))
    resampling = "NEAREST" if has_classes else _COG_OPTIONS["RESAMPLING"]
    fixed = {**_COG_OPTIONS, "COMPRESS": compression.upper(), "RESAMPLING": resampling}
    return {**fixed, "NUM_THREADS": gdal_threads()}


def check_target(path: str, inputs: Iterable[str] = ()) -> None:
    """OutputError where `path` cannot become an output, or is one of the files that are read."""
    target = Path(os.path.realpath(path))
    if any(unicodedata.category(c) in ("Cc", "Cs") or c in "\ufffe\uffff" for c in str(target)):  # VRT is XML
        raise OutputError("The output's name holds characters that are no text; choose another name or folder.")
    if target.is_dir():
        raise OutputError(f"{path} is a folder; give the output a file name.")
    if target.exists() and not target.is_file():
        raise OutputError(f"{path} is a device or a pipe, which a file would replace; choose another output.")
    if not target.parent.is_dir():
        raise OutputError(f"The folder {target.parent} does not exist; create it or choose another output.")
    if any(_is_same_file(name, target) for name in inputs):
        raise OutputError(f"The output {path} is also an input; choose another name for the output.")
    if not os.access(target.parent, os.W_OK):
        raise OutputError(f"The folder {target.parent} cannot be written to; choose another output.")


def without_statistics(profile: RasterProfile) -> RasterProfile:
    """The profile without the statistics of somebody else's pixels."""

    def kept(tags: Mapping[str, str]) -> dict[str, str]:
        return {key: value for key, value in tags.items() if not key.startswith("STATISTICS_")}

    return replace(profile, tags=kept(profile.tags), band_tags=tuple(kept(tags) for tags in profile.band_tags))


def _is_same_file(name: str, target: Path) -> bool:
    """True for the same name and for two names (links) of one file."""
    try:
        return os.path.realpath(name) == str(target) or os.path.samefile(name, target)
    except OSError:
        return False
