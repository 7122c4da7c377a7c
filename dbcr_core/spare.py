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

    @property
    def thing(self) -> Thing | None:
        """What is held now."""
        held = self._held
        return None if held is None else held[1]

    def put(self, key: Hashable, thing: Thing) -> None:
        """Holds this instead of what it held."""
        held = (key, thing)
        self._replace(held)
        if self._seconds is not None:
            timer = threading.Timer(self._seconds, self._expire, (held,))
            timer.daemon = True
            timer.start()

    def take(self, key: Hashable) -> Thing | None:
        """What is held under this key, for the caller alone; what is held under another one is ended before."""
        with self._lock:
            held, self._held = self._held, None
        if held is None:
            return None
        if held[0] == key:
            return held[1]
        self._end(held[1])
        return None

    def clear(self) -> None:
        """Ends what is held."""
        self._replace(None)

    def _replace(self, new: tuple[Hashable, Thing] | None) -> None:
        with self._lock:
            held, self._held = self._held, new
        if held is not None:
            self._end(held[1])

    def _expire(self, held: tuple[Hashable, Thing]) -> None:
        """Ends what has waited since it was put; what was taken meanwhile and put back has its own time."""
        with self._lock:
            is_waiting = self._held is held
            if is_waiting:
                self._held = None
        if is_waiting:
            self._end(held[1])
