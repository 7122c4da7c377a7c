# SPDX-License-Identifier: GPL-3.0-or-later
"""What was fuzzed: cases by area and by how they ended, printed at the end of a test run."""

from __future__ import annotations

import os
from collections import Counter

from hypothesis import HealthCheck, settings

CASES: Counter = Counter()
"""(area, ending) → number of cases; the ending is "accepted" or "refused"."""


def note(area: str, ending: str) -> None:
    """Counts one case."""
    CASES[area, ending] += 1


def lines() -> list[str]:
    """A table for people; empty where nothing was fuzzed."""
    areas = list(dict.fromkeys(area for area, _ in CASES))
    rows = [(area, CASES[area, "accepted"], CASES[area, "refused"]) for area in areas]
    if not rows:
        return []
    total = ("all", sum(row[1] for row in rows), sum(row[2] for row in rows))
    table = [f"{'area':<24}{'cases':>9}{'accepted':>10}{'refused':>9}"]
    table += [f"{area:<24}{good + bad:>9,}{good:>10,}{bad:>9,}" for area, good, bad in (*rows, total)]
    return table


def cases(count: int) -> settings:
    """The settings of a fuzz test with about `count` cases.

    A plain run tries the same cases every time. DBCR_FUZZ_TIMES=10 makes a campaign of ten times as many random ones.
    """
    times = int(os.environ.get("DBCR_FUZZ_TIMES", "0"))
    return settings(
        max_examples=count * max(1, times),
        derandomize=times == 0,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
