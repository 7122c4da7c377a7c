# SPDX-License-Identifier: GPL-3.0-or-later
"""Side-by-side timing on a machine that has other things to do.

Cases run in turn, again and again, so that a slow minute hits all of them alike. A ratio is the median of the ratios
within one turn; a time is the median over turns, with the fastest beside it.
"""

from __future__ import annotations

import statistics
import time
from typing import Any, Callable, Mapping, Sequence


def interleaved(cases: Mapping[str, Callable[[], Any]], turns: int, warm_up: bool = True) -> dict[str, list[float]]:
    """Seconds of each case per turn; the order alternates from turn to turn."""
    if warm_up:
        for run in cases.values():
            run()
    seconds: dict[str, list[float]] = {name: [] for name in cases}
    for turn in range(turns):
        names = list(cases) if turn % 2 == 0 else list(reversed(cases))
        for name in names:
            start = time.perf_counter()
            cases[name]()
            seconds[name].append(time.perf_counter() - start)
    return seconds


def paired_ratio(seconds: Sequence[float], base: Sequence[float]) -> float:
    """Median over turns of seconds / base."""
    return statistics.median(a / b for a, b in zip(seconds, base))


def summary(seconds: Sequence[float]) -> dict[str, float]:
    """Median and fastest."""
    return {"median_s": round(statistics.median(seconds), 4), "fastest_s": round(min(seconds), 4)}
