# SPDX-License-Identifier: GPL-3.0-or-later
"""The output file: written raw under a hidden name, made a cloud-optimised GeoTIFF, then put in place in one step.

The raw part is plain band-sequential pixels, so that windows in any order cost no memory, a full disk is noticed
before hours of work, and a killed run leaves nothing that could pass for a result.
"""

from __future__ import annotations

import contextlib
import glob
import os
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Iterator, Sequence

from . import vrt
from .errors import OutputError
from .grid import Window
from .rasters import RasterProfile, RasterSource

if TYPE_CHECKING:
    import numpy as np

COG_OPTIONS = {
    "BLOCKSIZE": "512",
    "COMPRESS": "DEFLATE",
    "PREDICTOR": "YES",
    "BIGTIFF": "IF_SAFER",
    "OVERVIEWS": "AUTO",
    "RESAMPLING": "AVERAGE",
    "NUM_THREADS": "ALL_CPUS",
}
_ENVI_TYPES = {"uint8": 1, "int16": 2, "int32": 3, "float32": 4, "float64": 5, "uint16": 12, "uint32": 13}
_STALE = (".aux.xml", ".ovr", ".msk")  # sidecars that would describe the file that was replaced

CopyToCog = Callable[[str, str, "dict[str, str]"], None]


class CogSink:
    """A RasterSink that publishes a cloud-optimised GeoTIFF."""

    def __init__(
        self, path: str, profile: RasterProfile, copy_to_cog: CopyToCog, inputs: Sequence[RasterSource] = ()
    ) -> None:
        self.path = path
        self.profile = without_statistics(profile)
        self._copy_to_cog = copy_to_cog
        self._target = Path(os.path.realpath(path))  # a link stays a link: its target is what gets replaced
        _check_target(self._target, path, inputs)
        self._stem = self._target.parent / f".{self._target.name}.{uuid.uuid4().hex[:8]}"
        self._raw = Path(f"{self._stem}.raw")
        grid = profile.grid
        self._band_bytes = grid.width * grid.height * self._itemsize
        with self._failing("start the output"):
            self._file = open(self._raw, "w+b")  # noqa: SIM115 (closed by discard())
            try:
                _reserve(self._file.fileno(), self._band_bytes * profile.count)
            except OSError as error:
                self.discard()
                raise OutputError(
                    f"The folder {self._target.parent} has no room for the {self._gigabytes} of the output; "
                    "free some space or choose another folder."
                ) from error

    @property
    def _itemsize(self) -> int:
        import numpy as np

        return np.dtype(self.profile.dtype).itemsize

    @property
    def _gigabytes(self) -> str:
        size = self._band_bytes * self.profile.count
        return f"{size / 1e9:.1f} GB" if size >= 1e8 else f"{max(size / 1e6, 0.1):.1f} MB"

    def write(self, array: np.ndarray, window: Window) -> None:
        """Store (count, h, w) values in the profile's dtype at a window of the grid."""
        import numpy as np

        grid, count = self.profile.grid, self.profile.count
        if array.shape != (count, window.height, window.width) or window.intersection(grid.window) != window:
            raise OutputError(f"An array of shape {array.shape} does not fit {window} of the output.")
        if array.dtype != np.dtype(self.profile.dtype):
            raise OutputError(f"An array of type {array.dtype} does not fit an output of type {self.profile.dtype}.")
        little_endian = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        with self._failing("write"):
            for index, band in enumerate(little_endian):
                start = index * self._band_bytes
                if window.width == grid.width:
                    self._file.seek(start + window.row * grid.width * self._itemsize)
                    self._file.write(band.data)
                    continue
                for row, line in enumerate(band, window.row):
                    self._file.seek(start + (row * grid.width + window.col) * self._itemsize)
                    self._file.write(line.data)

    def publish(self, progress: Callable[[float], None] | None = None) -> None:
        """Make the GeoTIFF beside the target and rename it to its final name."""
        cog = Path(f"{self._stem}.tif")
        try:
            with self._failing("write"):
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()
                Path(f"{self._raw}.hdr").write_text(self._envi_header(), encoding="ascii")
                options = COG_OPTIONS if self.profile.dtype != "uint8" else {**COG_OPTIONS, "RESAMPLING": "NEAREST"}
                self._copy_to_cog(vrt.described(self.profile, str(self._raw)), str(cog), options)
                _sync(cog)
                os.replace(cog, self._target)
                for suffix in _STALE:
                    with contextlib.suppress(OSError):
                        os.remove(f"{self._target}{suffix}")
                _sync(self._target.parent)
        finally:
            self.discard()

    def discard(self) -> None:
        """Remove every temporary file of this output."""
        self._file.close()
        for name in glob.glob(f"{glob.escape(str(self._stem))}.*"):
            with contextlib.suppress(OSError):
                os.remove(name)

    def __enter__(self) -> CogSink:
        return self

    def __exit__(self, *exc: object) -> None:
        self.discard()

    def _envi_header(self) -> str:
        grid = self.profile.grid
        return (
            f"ENVI\nsamples = {grid.width}\nlines = {grid.height}\nbands = {self.profile.count}\nheader offset = 0\n"
            f"file type = ENVI Standard\ndata type = {_ENVI_TYPES[self.profile.dtype]}\ninterleave = bsq\n"
            "byte order = 0\n"
        )

    @contextlib.contextmanager
    def _failing(self, doing: str) -> Iterator[None]:
        """Turn the operating system's refusals into one sentence."""
        try:
            yield
        except OSError as error:
            raise OutputError(
                f"Cannot {doing} {self.path}: {error.strerror or error}; the previous file, if any, is unchanged."
            ) from error


def without_statistics(profile: RasterProfile) -> RasterProfile:
    """The profile without the statistics of somebody else's pixels."""
    from dataclasses import replace

    def kept(tags: object) -> dict[str, str]:
        return {key: value for key, value in dict(tags).items() if not key.startswith("STATISTICS_")}

    return replace(profile, tags=kept(profile.tags), band_tags=tuple(kept(tags) for tags in profile.band_tags))


def _check_target(target: Path, path: str, inputs: Sequence[RasterSource]) -> None:
    if target.is_dir():
        raise OutputError(f"{path} is a folder; give the output a file name.")
    if not target.parent.is_dir():
        raise OutputError(f"The folder {target.parent} does not exist; create it or choose another output.")
    for source in inputs:
        for name in source.files:
            with contextlib.suppress(OSError):
                if target.exists() and os.path.samefile(name, target) or os.path.realpath(name) == str(target):
                    raise OutputError(f"The output {path} is also an input; choose another name for the output.")
    if not os.access(target.parent, os.W_OK):
        raise OutputError(f"The folder {target.parent} cannot be written to; choose another output.")


def _reserve(descriptor: int, size: int) -> None:
    """Claim the disk space now, where the system can, rather than run out of it after hours."""
    if hasattr(os, "posix_fallocate") and sys.platform != "darwin":
        os.posix_fallocate(descriptor, 0, size)
    else:
        os.ftruncate(descriptor, size)


def _sync(path: Path) -> None:
    """Make a file or folder survive a power cut, where the system allows it."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
