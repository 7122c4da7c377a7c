# SPDX-License-Identifier: GPL-3.0-or-later
"""How a process ended, in words."""

from __future__ import annotations

import pytest

from dbcr_core.process_end import how_it_ended
from tests.systems import posix_only


@pytest.mark.parametrize(
    "status, words",
    [
        (3, "ended with status 3"),
        (None, "ended with status None"),
        pytest.param(-9, "was ended by SIGKILL (it may have run out of memory)", marks=posix_only("that signal")),
        (-11, "was ended by SIGSEGV (a library crashed)"),
        (-15, "was ended by SIGTERM"),
        (-200, "was ended by signal 200"),
        (0xC0000005, "was ended by the error 0xC0000005 (a library crashed)"),
        (0xC0000017, "was ended by the error 0xC0000017 (it ran out of memory)"),
    ],
)
def test_the_end_of_a_process_is_told_by_its_name(status: int | None, words: str) -> None:
    assert how_it_ended(status) == words
