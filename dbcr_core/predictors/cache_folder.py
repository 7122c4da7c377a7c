# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the program keeps what it can make again: the system's folder for such things."""

from __future__ import annotations

import os
import sys

NAME = "dbcr"


def cache_folder(*parts: str) -> str:
    """A folder of the user's cache; it need not exist."""
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
    return os.path.join(base, NAME, *parts)
