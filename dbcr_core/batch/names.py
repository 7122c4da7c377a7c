# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of the files that a batch reads and writes: which are one file, and such as every system accepts."""

from __future__ import annotations

import os
import re
import sys

from ..errors import InputError
from ..rasters.partial import LONGEST_NAME


def one_name(path: str) -> str:
    """The same for all names of one file."""
    return os.path.normcase(os.path.realpath(path))


def file_name(name: str) -> str:
    """A scene's name as a file name that every system accepts."""
    return re.sub(r"[^\w.-]+", "_", name).strip("._") or "scene"


def writable_name(path: str) -> str:
    """The path; InputError where the system cannot call a file so, or no text file can hold its name."""
    try:
        os.fsencode(path)
        path.encode("utf-8")
    except UnicodeEncodeError as error:
        shown, encoding = path.encode("ascii", "backslashreplace").decode(), sys.getfilesystemencoding()
        raise InputError(
            f"the file name {shown} cannot be written in this system's encoding ({encoding}); "
            "set PYTHONUTF8=1, or choose another name."
        ) from error
    return path


def usable_name(path: str) -> str:
    """The same of a file that is to be written; before any scene runs its name is refused if few systems take it."""
    name = os.path.basename(writable_name(path))
    size = len(name.encode("utf-8"))
    if size > LONGEST_NAME:
        raise InputError(
            f"the name {name[:20]}… is too long for a file ({size} bytes); give one of at most {LONGEST_NAME}."
        )
    return path
