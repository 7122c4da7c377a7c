# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions lent to several threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from threading import Barrier

import pytest

from dbcr_core.errors import ModelError
from dbcr_core.predictors.session_lanes import WORTH_ANOTHER, SessionLanes


def lanes_and_openings(most):
    numbers, openings = count(), []

    def another(own_memory):
        openings.append(own_memory)
        return next(numbers)

    return SessionLanes(another, most), openings


def share(lanes, times):
    for _ in range(times):
        with lanes.lent(), lanes.lent():
            pass


def test_calls_one_after_the_other_never_open_a_second_pair():
    lanes, openings = lanes_and_openings(4)
    for _ in range(3 * WORTH_ANOTHER):
        with lanes.lent() as sessions:
            assert sessions == 0
    assert openings == [False] and len(lanes) == 1


def test_calls_that_share_long_enough_get_sessions_of_their_own_up_to_the_limit():
    lanes, openings = lanes_and_openings(2)
    share(lanes, WORTH_ANOTHER - 1)
    assert openings == [False]
    share(lanes, 1)
    with lanes.lent() as one, lanes.lent() as other, lanes.lent() as third:
        assert sorted((one, other)) == [0, 1] and third in (0, 1)
    assert openings == [False, True]
    share(lanes, 5 * WORTH_ANOTHER)
    with ExitStack() as stack:
        for _ in range(3 * WORTH_ANOTHER):
            stack.enter_context(lanes.lent())
    assert openings == [False, True] and lanes.first == 0


def test_sessions_come_back_from_a_call_that_fails():
    lanes, _ = lanes_and_openings(2)
    with pytest.raises(ValueError), lanes.lent():
        raise ValueError
    share(lanes, WORTH_ANOTHER)
    with lanes.lent() as one, lanes.lent() as other:
        assert one != other


def test_what_cannot_be_opened_is_done_without():
    def another(own_memory):
        if own_memory:
            asked.append(1)
            raise ModelError("no memory")
        return "first"

    asked = []
    lanes = SessionLanes(another, 3)
    share(lanes, 3 * WORTH_ANOTHER)
    with lanes.lent() as sessions:
        assert sessions == "first"
    assert asked == [1] and len(lanes) == 1


def test_threads_at_the_same_time_get_different_sessions():
    lanes, _ = lanes_and_openings(3)
    share(lanes, WORTH_ANOTHER)
    with lanes.lent():
        share(lanes, WORTH_ANOTHER)
    with lanes.lent(), lanes.lent():
        share(lanes, WORTH_ANOTHER)
    assert len(lanes) == 3
    barrier = Barrier(3)

    def work(_):
        with lanes.lent() as sessions:
            barrier.wait(30)
            return sessions

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(work, range(3))) == [0, 1, 2]
