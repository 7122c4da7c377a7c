# SPDX-License-Identifier: GPL-3.0-or-later
"""A thing that took long to make and that nobody uses just now: kept for a while for whoever asks for its like."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Callable, Generic, Hashable, Iterable, TypeVar

Thing = TypeVar("Thing")


@dataclass(frozen=True, eq=False)
class _Held(Generic[Thing]):
    key: Hashable
    thing: Thing
    is_light: bool


class Spare(Generic[Thing]):
    """Holds the thing that was put last, and the one before where both are light; threads may share it.

    end: called with what is not held any longer, and was not taken. idle_seconds: how long one is held, None for ever.
    """

    def __init__(self, end: Callable[[Thing], Any], idle_seconds: float | None = None) -> None:
        self._end = end
        self._seconds = idle_seconds
        self._lock = threading.Lock()
        self._held: list[_Held[Thing]] = []
        self._timers: dict[_Held[Thing], threading.Timer] = {}

    @property
    def thing(self) -> Thing | None:
        """What was put last and is held now."""
        held = self._held[-1:]
        return held[0].thing if held else None

    def put(self, key: Hashable, thing: Thing, is_light: bool = False) -> None:
        """Holds this instead of what it held, or beside it; is_light: whether it may be there beside another one."""
        new = _Held(key, thing, is_light)
        with self._lock:
            beside = [held for held in self._held[-1:] if is_light and held.is_light]
            ended = self._keep([*beside, new])
            if self._seconds is not None:
                self._timers[new] = timer = threading.Timer(self._seconds, self._expire, (new,))
                timer.daemon = True
                timer.start()
        self._end_all(ended)

    def take(self, key: Hashable) -> Thing | None:
        """What is held under this key, for the caller alone; others are ended before, but for a light one."""
        with self._lock:
            taken = next((held for held in reversed(self._held) if held.key == key), None)
            others = [held for held in self._held if held is not taken]
            ended = self._keep([held for held in others[-1:] if held.is_light])
        self._end_all(held for held in ended if held is not taken)
        return None if taken is None else taken.thing

    def clear(self) -> None:
        """Ends what is held."""
        with self._lock:
            ended = self._keep([])
        self._end_all(ended)

    def _keep(self, kept: list[_Held[Thing]]) -> list[_Held[Thing]]:
        """Holds these from now on; returns what is not held any longer, whose timers would keep it in memory."""
        gone = [held for held in self._held if held not in kept]
        self._held = kept
        for held in gone:
            timer = self._timers.pop(held, None)
            if timer is not None:
                timer.cancel()
        return gone

    def _end_all(self, ended: Iterable[_Held[Thing]]) -> None:
        for held in ended:
            self._end(held.thing)

    def _expire(self, held: _Held[Thing]) -> None:
        """Ends what has waited since it was put; what was taken meanwhile and put back has its own time."""
        with self._lock:
            ended = self._keep([each for each in self._held if each is not held])
        self._end_all(ended)
