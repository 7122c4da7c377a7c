# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory that this program has let go of, back to the system."""

from __future__ import annotations

import ctypes
import sys
import time
from typing import Callable


def _trim() -> Callable[[int], int] | None:
    """The C library's own function for it, where there is one: GNU's, on Linux."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None


SECONDS = 1.0
_malloc_trim = _trim()
_next_time = 0.0


def give_back_freed_memory() -> None:
    """Lets the system have what was freed and is kept for later, at most every second, in some milliseconds.

    Does nothing where there is no way to ask for it. Arrays of some megabytes come and go by the thousand here, from
    several threads, and between those that stay the C library keeps room that nothing else fits into: 0.2 GB in a scene
    as wide as a Sentinel-2 tile.
    """
    global _next_time
    now = time.monotonic()
    if _malloc_trim is not None and now >= _next_time:
        _next_time = now + SECONDS
        _malloc_trim(0)
