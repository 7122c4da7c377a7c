# SPDX-License-Identifier: GPL-3.0-or-later
"""Files as each operating system treats them: holding one, claiming its space, and bringing it to the disk for good."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, Callable, Iterator

DERIVED = (".aux.xml", ".ovr")
"""Endings of what GDAL puts beside a raster: statistics and overviews, which QGIS makes while it shows a layer."""

GONE = "gone"
"""The stamp of what is not there."""

NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC, errno.EFBIG)

_WITHOUT_FALLOCATE = (errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS)


def remedy(error: OSError) -> str:
    """What helps where a small file could not be written beside others."""
    return "free some space" if error.errno in NO_ROOM else "see that its folder is there and can be written to"


def hold(file: BinaryIO, beside: str) -> Callable[[], None] | None:
    """Holds an open file for this process; returns what lets go of it, or None where another process holds it.

    Closing the file lets go as well, and so does the process's end, however it ends. Windows locks a byte of a file of
    its own, `beside`, as its locks would keep GDAL from reading. File systems without locks count as free.
    """
    try:
        import fcntl
    except ImportError:
        return _hold_beside(beside)
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    except OSError:
        pass
    return lambda: None


def _hold_beside(path: str) -> Callable[[], None] | None:
    import msvcrt

    try:
        stream = open(path, "ab")  # noqa: SIM115 (closed by what is returned)
    except OSError:
        return lambda: None
    try:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        stream.close()
        return None
    return stream.close


def reserve(file: BinaryIO, size: int, folder: Path) -> None:
    """Makes the file `size` bytes long and claims the space now; OSError rather than a full disk after hours."""
    if hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(file.fileno(), 0, size)
            return
        except OSError as error:
            if error.errno not in _WITHOUT_FALLOCATE:
                raise
    # Windows, macOS, some network disks: nothing can be claimed, but a disk that is too small can be seen.
    if shutil.disk_usage(folder).free < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    file.truncate(size)


def sync(descriptor: int) -> None:
    """Brings what was written to the disk itself, so that it survives a power cut."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)  # type: ignore[attr-defined]  # macOS: else the drive's cache
        return
    os.fsync(descriptor)


def write_text(path: str, text: str) -> None:
    """Puts a text file in the place of `path` in one step, with line ends as they are given; OSError where the disk
    refuses, and then an older file is as it was.

    Several processes may write it at once. What UTF-8 has no bytes for, as in odd file names, is written escaped.
    """
    new = f"{path}.{os.getpid()}.new"
    try:
        with open(new, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            stream.write(text)
        os.replace(new, path)
    finally:
        with contextlib.suppress(OSError):  # as a rule it has its name by now
            os.remove(new)


@contextlib.contextmanager
def meanwhile(work: Callable[..., object], *arguments: object) -> Iterator[None]:
    """Does some work on a thread of its own while the block runs, waits for it, and raises what it raised."""
    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(work, *arguments)
        yield
    done.result()


def sync_path(path: Path) -> None:
    """The same for a file, or for a folder's list of names where the system allows that."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
        try:
            sync(descriptor)
        finally:
            os.close(descriptor)


def stamp(path: str) -> str:
    """Changes when the file does, GONE without it; that of a folder with any file in it that is not DERIVED."""
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            return _stamp_of_folder(path)
    except (OSError, ValueError):
        return GONE
    return f"{status.st_size} {status.st_mtime_ns}"


def _stamp_of_folder(path: str) -> str:
    found = []
    for folder, folders, files in os.walk(path):
        folders.sort()
        for name in sorted(files):
            if not name.endswith(DERIVED):
                full = os.path.join(folder, name)
                found.append(f"{os.path.relpath(full, path)} {stamp(full)}")
    return hashlib.sha256("\n".join(found).encode("utf-8", "surrogateescape")).hexdigest()
