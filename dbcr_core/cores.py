# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of the machine this process may use."""

from __future__ import annotations

import os

_is_forked = False


def available_cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def gdal_threads() -> str:
    """How many threads GDAL may use, in the words of its options: one only in a forked process.

    A fork inherits GDAL's pool of threads without its threads, and what is given to that pool waits for ever.
    """
    return "1" if _is_forked else "ALL_CPUS"


def _note_fork() -> None:
    global _is_forked
    _is_forked = True


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_note_fork)
