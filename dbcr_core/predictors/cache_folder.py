# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the program keeps what it can make again: the system's folder for such things."""

from __future__ import annotations

import os
import sys

NAME = "dbcr"


def cache_folder(*parts: str) -> str | None:
    """A folder of the user's cache; it need not exist. None for a user without a home, who has no cache."""
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
    # Relative to wherever the program was started it would not be found again, and lie in the user's way.
    return os.path.join(base, NAME, *parts) if os.path.isabs(base) else None
