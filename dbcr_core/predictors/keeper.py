# SPDX-License-Identifier: GPL-3.0-or-later
"""Open networks between one scene of a batch and the next: opening takes about a second, as long as a few tiles do."""

from __future__ import annotations

import os
import threading
from typing import Any, Iterable

from ..cores import available_cores
from .opening import open_predictor
from .predictor import Predictor


class PredictorKeeper:
    """Lends networks to one job at a time, and keeps those given back for the next job that asks for the same.

    Threads may share it. Of networks that nobody uses it keeps the last one: others would only take memory.
    idle_seconds: how long it keeps that one, None until `close`.
    """

    def __init__(self, idle_seconds: float | None = None) -> None:
        self._seconds = idle_seconds
        self._lock = threading.Lock()
        self._keys: dict[int, tuple[Any, ...]] = {}
        self._idle: tuple[tuple[Any, ...], Predictor] | None = None

    def lend(self, path: str, device: str, threads: int | None, at_once: int, heads: Iterable[str] | None) -> Predictor:
        """An open network for this caller alone, as `open_predictor` would give it; raises what that raises."""
        wanted = None if heads is None else frozenset(heads)
        # Scenes of more tiles than there are cores need the same network, whatever their number.
        calls = at_once > 1, min(at_once, threads or available_cores())
        key = (os.path.realpath(path), _stamp(path), device, threads, calls, wanted)
        with self._lock:
            idle, self._idle = self._idle, None
        if idle is not None and idle[0] == key:
            predictor = idle[1]
        else:
            if idle is not None:
                idle[1].close()  # before the other is opened: both together may be too large
            predictor = open_predictor(path, device, threads, at_once=at_once, heads=heads)
        with self._lock:
            self._keys[id(predictor)] = key
        return predictor

    def take_back(self, predictor: Predictor) -> None:
        """What was lent is no longer used."""
        with self._lock:
            kept = (self._keys.pop(id(predictor)), predictor)
            idle, self._idle = self._idle, kept
        if idle is not None:
            idle[1].close()
        if self._seconds is not None:
            timer = threading.Timer(self._seconds, self._close_waiting, (kept,))
            timer.daemon = True
            timer.start()

    def _close_waiting(self, kept: tuple[tuple[Any, ...], Predictor]) -> None:
        """Closes a network that has waited since it was kept; one that was lent meanwhile has its own time."""
        with self._lock:
            is_waiting = self._idle is kept
            if is_waiting:
                self._idle = None
        if is_waiting:
            kept[1].close()

    def close(self) -> None:
        """Closes what nobody uses; what is lent stays open, and lending goes on."""
        with self._lock:
            idle, self._idle = self._idle, None
        if idle is not None:
            idle[1].close()


def _stamp(path: str) -> tuple[int, int] | None:
    """Changes when the file does."""
    try:
        status = os.stat(path)
    except OSError:
        return None  # `open_predictor` says so
    return status.st_size, status.st_mtime_ns
