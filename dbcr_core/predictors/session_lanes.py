# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions for calls at the same time: first all in one, in a longer job one for each thread."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from typing import Callable, Iterator

from ..errors import BackendMissingError, ModelError
from .onnx_sessions import Sessions

WORTH_ANOTHER = 40
"""Calls that had to share sessions before more are opened: opening takes as long as some twenty evaluations gain."""


@dataclass
class _Lane:
    sessions: Sessions
    calls: int = 0


class SessionLanes:
    """Lends sessions of one shape to up to `most` threads.

    Calls may share sessions, but hinder each other there: ONNX Runtime counts for every row of a layer norm who uses
    the session's memory, and two cores that write one counter wait for each other, 5 to 9 % of all time.

    open_sessions(own_memory) opens a further pair, the first time in the memory that all sessions of the process share.
    """

    def __init__(self, open_sessions: Callable[[bool], Sessions], most: int) -> None:
        self._open_sessions, self._most = open_sessions, most
        self._changing, self._opening = threading.Lock(), threading.Lock()
        self._shared_calls = 0
        self._lanes = [_Lane(open_sessions(False))]

    @property
    def first(self) -> Sessions:
        """The pair that was opened first."""
        return self._lanes[0].sessions

    def __len__(self) -> int:
        return len(self._lanes)

    @contextlib.contextmanager
    def lent(self) -> Iterator[Sessions]:
        """The sessions that fewest calls use; as long as the `with` lasts they count as used."""
        self._widen()
        with self._changing:
            lane = min(self._lanes, key=lambda lane: lane.calls)
            self._shared_calls += lane.calls > 0
            lane.calls += 1
        try:
            yield lane.sessions
        finally:
            with self._changing:
                lane.calls -= 1

    def _widen(self) -> None:
        """Opens one more where sharing has cost enough; other threads go on meanwhile with what there is."""
        with self._changing:
            is_worth_it = self._shared_calls >= WORTH_ANOTHER and len(self._lanes) < self._most
        if is_worth_it and self._opening.acquire(blocking=False):
            try:
                lane = _Lane(self._open_sessions(True))
                with self._changing:
                    self._lanes.append(lane)
                    self._shared_calls = 0
            except (BackendMissingError, MemoryError, ModelError):
                self._most = len(self._lanes)  # those that are open will do
            finally:
                self._opening.release()
