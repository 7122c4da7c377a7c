# SPDX-License-Identifier: GPL-3.0-or-later
"""An unfinished output: raw pixels in a hidden file beside the target, with a journal of the rows that are safe.

Plain band-sequential pixels take windows in any order without memory, show a full disk before hours of work, and
survive a kill: what the journal counts is on the disk, and a rerun goes on from there.
"""

from __future__ import annotations

import contextlib
import errno
import glob
import hashlib
import os
import uuid
from pathlib import Path
from typing import BinaryIO, Iterator

import numpy as np

from ..disk import hold, reserve, sync
from ..errors import OutputError, OutputInUse
from ..grid import Window
from .raster import RasterProfile

COPYING = "dbcr-copy"
"""Name of a thread that makes a finished file and may outlive a cancelled job (see `rasterio_backend`)."""

BLOCK = 512
"""Pixels per side of the finished file's tiles; a raster that is no larger has no overviews."""

_OVERVIEWS = ".ovr.tmp"
"""What GDAL adds to the name of a file that it makes, for its overviews."""

LONGEST_NAME = 255 - len(f"..{'0' * 12}.{'0' * 8}.tif{_OVERVIEWS}")
"""Bytes of an output's name that leave room for those of its unfinished files, where a file's name may have 255."""

_ENVI_TYPES = {"uint8": 1, "int16": 2, "int32": 3, "float32": 4, "float64": 5, "uint16": 12, "uint32": 13}


class PartialRaster:
    """Raw pixels on their way to `target`; OSError and OutputError where the disk refuses.

    With a resume_key the file keeps its name from run to run, and rows_done says how many rows of an earlier run
    with the same key, size and type are already there. Without one every run starts anew.
    """

    def __init__(self, target: Path, profile: RasterProfile, resume_key: str = "") -> None:
        self._profile = profile
        self._itemsize = np.dtype(profile.dtype).itemsize
        self._band_bytes = profile.nbytes // profile.count
        shape = f"{profile.count} {profile.grid.width} {profile.grid.height} {profile.dtype}"
        key = hashlib.sha256(f"{resume_key} {shape}".encode()).hexdigest()[:12] if resume_key else uuid.uuid4().hex[:12]
        self.stem = f"{target.parent / ('.' + target.name)}.{key}"
        self.raw = Path(f"{self.stem}.raw")
        self._rows = Path(f"{self.stem}.rows")
        self.rows_done = 0
        self._notes: dict[int, str] = {}
        self._check_length(target)
        is_old = self.raw.exists() and self.raw.stat().st_size == self.size
        self._file: BinaryIO = open(self.raw, "r+b" if is_old else "w+b")  # noqa: SIM115 (closed by close())
        let_go = hold(self._file, f"{self.stem}.lock")
        if let_go is None:
            self._file.close()
            raise _held(target)
        self._let_go = let_go
        try:
            # Only now, so that of two runs that begin at once one at least sees the other.
            self.lost_rows = _remove_orphans(target, keep=self.stem)
        except OutputError:
            if is_old:
                self.close()
            else:
                self.remove()
            raise
        if is_old:
            self.rows_done = self._journalled_rows()
        else:
            with contextlib.suppress(FileNotFoundError):
                os.remove(self._rows)
            try:
                reserve(self._file, self.size, target.parent)
            except OSError:
                self.remove()
                raise

    def name_of_copy(self) -> Path:
        """Where to make the finished file; another name each time, as a cancelled copy may not have ended yet."""
        return Path(f"{self.stem}.{uuid.uuid4().hex[:8]}.tif")

    @property
    def size(self) -> int:
        """Bytes of all pixels, two at least: GDAL takes no file of a single byte for a raster."""
        return max(2, self._profile.nbytes)

    def write(self, array: np.ndarray, window: Window) -> None:
        """Store (count, h, w) values in the profile's dtype at a window of the grid."""
        for place, piece in self._pieces(np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")), window):
            self._file.seek(place)
            self._file.write(piece.data)

    def checkpoint(self, rows: int, note: str = "") -> None:
        """Promise that the first `rows` rows are complete and on the disk; note: one line about them, for `note_at`."""
        self.sync()
        self._notes[rows] = note
        new = Path(f"{self._rows}.new")
        with open(new, "w", encoding="ascii") as file:
            file.writelines(f"{number} {text}\n" for number, text in sorted(self._notes.items()))
            file.flush()
            sync(file.fileno())
        os.replace(new, self._rows)
        self.rows_done = rows

    def note_at(self, rows: int) -> str:
        """What was noted about the first `rows` rows when they were complete; empty where that is not known."""
        return self._notes.get(rows, "")

    def sync(self) -> None:
        """Bring everything written so far to the disk."""
        self._file.flush()
        sync(self._file.fileno())

    def write_header(self) -> None:
        """Add the text file by which GDAL reads the raw pixels (ENVI's format)."""
        grid = self._profile.grid
        Path(f"{self.raw}.hdr").write_text(
            f"ENVI\nsamples = {grid.width}\nlines = {grid.height}\nbands = {self._profile.count}\nheader offset = 0\n"
            f"file type = ENVI Standard\ndata type = {_ENVI_TYPES[self._profile.dtype]}\ninterleave = bsq\n"
            "byte order = 0\n",
            encoding="ascii",
        )

    def read(self, window: Window) -> np.ndarray:
        """The (count, h, w) values of a window as they were written."""
        shape = (self._profile.count, window.height, window.width)
        array = np.empty(shape, np.dtype(self._profile.dtype).newbyteorder("<"))
        for place, piece in self._pieces(array, window):
            self._file.seek(place)
            if self._file.readinto(piece.data) != piece.nbytes:  # type: ignore[attr-defined]
                raise OSError("the temporary file lost data")
        return array

    def _pieces(self, array: np.ndarray, window: Window) -> Iterator[tuple[int, np.ndarray]]:
        """Where in the file each run of a window lies, and its values: a row of a band, or all where it is as wide
        as the raster."""
        width = self._profile.grid.width
        runs = array.reshape(len(array), 1, -1) if window.width == width else array
        for index, band in enumerate(runs):
            for row, run in enumerate(band, window.row):
                yield index * self._band_bytes + (row * width + window.col) * self._itemsize, run

    def close(self) -> None:
        """Let go of the file and leave it for a later run."""
        with contextlib.suppress(OSError):
            self._file.close()
        self._let_go()

    def remove(self) -> None:
        """Remove the file and everything named after it."""
        self.close()
        remove_named(f"{self.stem}.")

    def _check_length(self, target: Path) -> None:
        """OutputError where the system takes no name as long as the longest that will be needed."""
        grid = self._profile.grid
        longest = f"{self.name_of_copy()}{_OVERVIEWS if max(grid.width, grid.height) > BLOCK else ''}"
        try:
            with open(longest, "xb"):
                pass
        except OSError as error:
            # Windows says of a path that is too long that it is not there.
            if error.errno == errno.ENAMETOOLONG or (os.name == "nt" and error.errno == errno.ENOENT):
                raise OutputError(
                    f"The name {target.name[:20]}… is too long for the files that are needed beside it while it is "
                    "made; choose a shorter name."
                ) from error
            raise
        os.remove(longest)

    def _journalled_rows(self) -> int:
        try:
            lines = [line.partition(" ") for line in self._rows.read_text(encoding="ascii").splitlines()]
            notes = {int(rows): note for rows, _, note in lines}
        except (OSError, ValueError):
            return 0
        if not notes or not 0 <= max(notes) <= self._profile.grid.height:
            return 0
        self._notes = notes
        return max(notes)


def _remove_orphans(target: Path, keep: str) -> bool:
    """Remove what killed runs left beside the target; OutputError where one is running, which holds its lock.

    True where finished rows were among it: those of a run with another key.
    """
    had_rows = False
    for name in glob.glob(f"{glob.escape(str(target.parent / ('.' + target.name)))}.{'[0-9a-f]' * 12}.raw"):
        stem = name[: -len(".raw")]
        if stem == keep:
            continue
        with contextlib.suppress(OSError):
            with open(name, "r+b") as file:
                let_go = hold(file, f"{stem}.lock")
                if let_go is None:
                    raise _held(target)
                had_rows = had_rows or os.path.exists(f"{stem}.rows")
                remove_named(f"{stem}.")  # while it is held, so that nobody takes it up meanwhile
            if os.name == "nt":
                let_go()
                remove_named(f"{stem}.")  # Windows removes no open file
    return had_rows


def _held(target: Path) -> OutputInUse:
    return OutputInUse(f"Another run is writing {target}; wait for it or choose another output.")


def remove_named(beginning: str) -> None:
    """Remove every file whose path begins so, as far as the system lets go of it."""
    for name in glob.glob(f"{glob.escape(beginning)}*"):
        with contextlib.suppress(OSError):
            os.remove(name)
