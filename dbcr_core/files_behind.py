# SPDX-License-Identifier: GPL-3.0-or-later
"""The files on disk that an input is read from, as far as its name and the virtual rasters behind it tell.

No raster is opened for that: thousands of scenes are looked at before the first one runs.
"""

from __future__ import annotations

import os

from .products import listed_files, product_folder
from .rasters.faults import files_on_disk, is_virtual
from .remote import references
from .virtual_files import HiddenError

_MANY_FILES = 100_000
_MANY_PIECES = 10
"""More than the colons of any subdataset's name cut it into."""


def files_behind(path: str) -> list[str]:
    """Absolute paths of files, archives and products' folders, each once and in one order; none for what is elsewhere.

    path: a raster, a list of them, a product, or a name that GDAL understands.
    """
    waiting = listed_files(path)[::-1]
    seen: set[str] = set()
    found: dict[str, None] = {}
    while waiting and len(seen) < _MANY_FILES:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        files = _on_disk(name)
        found.update(dict.fromkeys(files))
        if not any(map(os.path.isdir, files)):
            waiting += _named_by(name)
    return list(found)


def _named_by(name: str) -> list[str]:
    """What may be files among the texts of a virtual raster; a number may well be the name of some folder."""
    try:
        found = list(references(name))
    except HiddenError:
        return []
    named = [
        text if text.lstrip().startswith("<") or not folder else os.path.normpath(os.path.join(folder, text))
        for text, folder in found
    ]
    return [each for each in named if not os.path.isdir(each)]


def _on_disk(name: str) -> tuple[str, ...]:
    if os.path.exists(name):
        absolute = os.path.abspath(name)
        return (product_folder(absolute) or absolute,)
    archives = files_on_disk(name, ())
    if archives or not is_virtual(name) or name.lstrip().startswith("<"):
        return archives
    # DRIVER:"file":part, and the like
    pieces = name.split(":")[:_MANY_PIECES]
    spans = [(first, end) for first in range(1, len(pieces)) for end in range(len(pieces), first, -1)]
    files = (":".join(pieces[first:end]).strip('"') for first, end in spans)
    file = next((file for file in files if os.path.isfile(file)), "")
    return _on_disk(file) if file else ()
