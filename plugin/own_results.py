# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files the dock wrote from which optical image: their tags hold its name only, which others share."""

from __future__ import annotations

import json
import os
from typing import Iterable

from ..dbcr_core.disk import stamp
from . import settings

MOST = 200
"""So many files are remembered, the latest ones."""


def remember(files: Iterable[str], optical: str) -> None:
    """Notes that these files, as they are now, were made from the optical image."""
    new = [[os.path.realpath(file), stamp(file), _place(optical)] for file in files]
    names = [name for name, *_ in new]
    kept = [entry for entry in _entries() if entry[0] not in names]
    settings.OWN_RESULTS.write(json.dumps([*kept, *new][-MOST:]))


def is_from(file: str, optical: str) -> bool:
    """Whether the dock wrote the file from this optical image, and nothing has rewritten it since."""
    return [os.path.realpath(file), stamp(file), _place(optical)] in _entries()


def _place(source: str) -> str:
    """One name for one image; lists and products inside of archives are no paths."""
    return os.path.realpath(source) if os.path.lexists(source) else source


def _entries() -> list:
    try:
        found = json.loads(settings.OWN_RESULTS.read() or "[]")
    except ValueError:
        return []
    return [entry for entry in found if isinstance(entry, list) and len(entry) == 3] if isinstance(found, list) else []
