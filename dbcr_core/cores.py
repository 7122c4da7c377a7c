# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of the machine this process may use."""

from __future__ import annotations

import contextlib
import math
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import Iterator

_is_forked = False


def available_cores() -> int:
    """Processor cores that this process may use: those that it may run on, or fewer where a container rations time."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(there, math.ceil(_quota())))


@lru_cache(maxsize=None)
def _quota(root: str = "/") -> float:
    """How many cores' time Linux's control groups give this process at most; a huge number where they do not say."""
    return min(_quotas(Path(root)), default=sys.maxsize)


def _quotas(root: Path) -> Iterator[float]:
    """Of the process's group and of all around it, by both versions of control groups."""
    groups = root / "sys" / "fs" / "cgroup"
    with contextlib.suppress(OSError, ValueError):
        for line in (root / "proc" / "self" / "cgroup").read_text(encoding="utf-8").splitlines():
            names: tuple[str, ...]
            _, controllers, path = line.split(":", 2)
            if not controllers:
                folder, names = groups, ("cpu.max",)
            elif "cpu" in controllers.split(","):
                folder, names = groups / "cpu", ("cpu.cfs_quota_us", "cpu.cfs_period_us")
            else:
                continue
            # In a container the path may be the host's, and its files lie at the top.
            around = (folder / path.lstrip("/"), *(folder / path.lstrip("/")).parents)
            for group in around[: around.index(folder) + 1]:
                with contextlib.suppress(OSError, ValueError, ZeroDivisionError):  # "max" is no number
                    quota, period = " ".join((group / name).read_text(encoding="ascii") for name in names).split()
                    if int(quota) > 0:
                        yield int(quota) / int(period)


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
