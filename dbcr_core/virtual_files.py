# SPDX-License-Identifier: GPL-3.0-or-later
"""The bytes behind a name of GDAL's: a file, or one in a zip, tar or gzip archive, which may lie in another.

GDAL reads more such file systems; what lies there is hidden from us.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import posixpath
import re
import tarfile
import zipfile
import zlib
from lzma import LZMAError
from typing import IO, Iterator, cast

_SYSTEM = re.compile(r"(/vsi\w+)[/?]")
_GZIP, _ZIP, _TAR = "/vsigzip", "/vsizip", "/vsitar"
_MEMORY = "/vsimem"
_DEEPEST = 4

_FAULTS = (
    OSError,
    EOFError,
    KeyError,
    RuntimeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
    tarfile.TarError,
    LZMAError,
)


class HiddenError(Exception):
    """GDAL may be able to read the file, we are not."""


@contextlib.contextmanager
def opened(name: str) -> Iterator[IO[bytes] | None]:
    """The file; None where there is none, or it is damaged, which opening it with GDAL will tell.

    What is in this process's own memory counts as no file: nobody but this process can have put it there. Raises
    HiddenError.
    """
    with contextlib.ExitStack() as stack:
        try:
            file = _open(name, stack, 0)
        except _FAULTS as error:
            if isinstance(error, NotImplementedError):  # a method of compression that Python lacks
                raise HiddenError(name) from error
            file = None
        yield file


def read(file: IO[bytes], count: int) -> bytes:
    """Up to `count` bytes; fewer where the archive is damaged there."""
    try:
        return file.read(count)
    except _FAULTS:
        return b""


def _open(name: str, stack: contextlib.ExitStack, depth: int) -> IO[bytes]:
    system = _SYSTEM.match(name)
    if system is None:
        if not os.path.isfile(name):
            raise FileNotFoundError(name)
        return stack.enter_context(open(name, "rb"))
    rest = name[system.end() :]
    if system[1] == _MEMORY:
        raise FileNotFoundError(name)
    if system[1] not in (_GZIP, _ZIP, _TAR) or depth == _DEEPEST:
        raise HiddenError(name)
    if system[1] == _GZIP:
        unpacked = gzip.GzipFile(fileobj=_open(rest, stack, depth + 1))
        return cast("IO[bytes]", stack.enter_context(unpacked))
    file, inside = _archive(rest, stack, depth + 1)
    return _zip_member(file, inside, stack) if system[1] == _ZIP else _tar_member(file, inside, stack)


def _archive(rest: str, stack: contextlib.ExitStack, depth: int) -> tuple[IO[bytes], str]:
    """(the archive, the name inside) of what follows /vsizip/ or /vsitar/."""
    if rest.startswith("{"):  # GDAL's brackets around an archive's name
        end = rest.rindex("}")
        return _open(rest[1:end], stack, depth), rest[end + 1 :]
    end = len(rest)
    while end > 0:
        try:
            return _open(rest[:end], stack, depth), rest[end:]
        except _FAULTS:
            end = max(rest.rfind("/", 0, end), rest.rfind("\\", 0, end))
    raise FileNotFoundError(rest)


def _zip_member(file: IO[bytes], inside: str, stack: contextlib.ExitStack) -> IO[bytes]:
    archive = stack.enter_context(zipfile.ZipFile(file))
    for entry in archive.infolist():
        if not entry.is_dir() and _is_meant(entry.filename, inside):
            return stack.enter_context(archive.open(entry))
    raise FileNotFoundError(inside)


def _tar_member(file: IO[bytes], inside: str, stack: contextlib.ExitStack) -> IO[bytes]:
    archive = stack.enter_context(tarfile.open(fileobj=file))  # noqa: SIM115 (closed by the stack)
    for entry in archive:
        content = archive.extractfile(entry) if entry.isfile() and _is_meant(entry.name, inside) else None
        if content is not None:
            return stack.enter_context(content)
    raise FileNotFoundError(inside)


def _is_meant(entry: str, inside: str) -> bool:
    """Of several that bear the name, or where there is no name, GDAL takes the first."""
    entry, inside = (posixpath.normpath(name.replace("\\", "/").strip("/")) for name in (entry, inside))
    return inside in (entry, ".")
