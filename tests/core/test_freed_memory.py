# SPDX-License-Identifier: GPL-3.0-or-later
"""What was freed goes back to the system, where the C library can be asked for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dbcr_core import freed_memory
from tests.guide_commands import ROOT

CHILD = """
import numpy as np
from dbcr_core import freed_memory

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

def freed_between_kept():
    # Below the size from which each piece is mapped by itself: the freed ones lie between those that stay.
    pieces = [np.ones(12_000) for _ in range(2000)]
    return pieces[::2]

kept = freed_between_kept()
before = resident()
freed_memory.give_back_freed_memory()
first = resident()
more = freed_between_kept()
again = resident()
freed_memory.give_back_freed_memory()
print(before, first, again, resident(), sum(piece.sum() for piece in kept + more))
"""


@pytest.mark.skipif(freed_memory._malloc_trim is None, reason="this C library has no malloc_trim")
def test_freed_memory_goes_back_at_most_every_second_and_what_is_kept_stays() -> None:
    run = subprocess.run([sys.executable, "-c", CHILD], cwd=ROOT, capture_output=True, text=True, check=True)
    before, first, again, second, total = (float(value) for value in run.stdout.split())
    assert before - first > 60e6
    assert abs(again - second) < 5e6, "the second call came within a second of the first"
    assert total == 2000 * 12_000


def test_nothing_happens_where_there_is_no_such_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freed_memory, "_malloc_trim", None)
    monkeypatch.setattr(freed_memory, "_next_time", 0.0)
    freed_memory.give_back_freed_memory()
    assert freed_memory._next_time == 0.0
