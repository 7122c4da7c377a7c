# SPDX-License-Identifier: GPL-3.0-or-later
"""One thing that took long to make and that nobody uses just now: kept for a while for whoever asks for its like."""

from __future__ import annotations

import threading
from typing import Any, Callable, Generic, Hashable, TypeVar

Thing = TypeVar("Thing")


class Spare(Generic[Thing]):
    """Holds the thing that was put last; threads may share it.

    end: called with what is not held any longer, and was not taken. idle_seconds: how long it is held, None for ever.
    """

    def __init__(self, end: Callable[[Thing], Any], idle_seconds: float | None = None) -> None:
        self._end = end
        self._seconds = idle_seconds
        self._lock = threading.Lock()
        self._held: tuple[Hashable, Thing] | None = None
        self._timer: threading.Timer | None = None

    @property
    def thing(self) -> Thing | None:
        """What is held now."""
        held = self._held
        return None if held is None else held[1]

    def put(self, key: Hashable, thing: Thing) -> None:
        """Holds this instead of what it held."""
        held = (key, thing)
        timer = None
        if self._seconds is not None:
            timer = threading.Timer(self._seconds, self._expire, (held,))
            timer.daemon = True
            timer.start()
        self._end_unless_none(self._swap(held, timer))

    def take(self, key: Hashable) -> Thing | None:
        """What is held under this key, for the caller alone; what is held under another one is ended before."""
        held = self._swap(None)
        if held is not None and held[0] == key:
            return held[1]
        self._end_unless_none(held)
        return None

    def clear(self) -> None:
        """Ends what is held."""
        self._end_unless_none(self._swap(None))

    def _swap(
        self, new: tuple[Hashable, Thing] | None, timer: threading.Timer | None = None
    ) -> tuple[Hashable, Thing] | None:
        """Holds another; returns the last, whose timer would keep it in memory."""
        with self._lock:
            held, self._held = self._held, new
            old, self._timer = self._timer, timer
        if old is not None:
            old.cancel()
        return held

    def _end_unless_none(self, held: tuple[Hashable, Thing] | None) -> None:
        if held is not None:
            self._end(held[1])

    def _expire(self, held: tuple[Hashable, Thing]) -> None:
        """Ends what has waited since it was put; what was taken meanwhile and put back has its own time."""
        with self._lock:
            is_waiting = self._held is held
            if is_waiting:
                self._held = self._timer = None
        if is_waiting:
            self._end(held[1])
