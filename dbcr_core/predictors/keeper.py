# SPDX-License-Identifier: GPL-3.0-or-later
"""Open networks between one scene of a batch and the next: opening takes about a second, as long as a few tiles do."""

from __future__ import annotations

import os
from typing import Any, Iterable

from ..cores import available_cores
from ..disk import stamp
from ..spare import Spare
from .opening import open_predictor
from .predictor import Predictor

LIGHT_BYTES = 20_000_000
"""Of a model file, at most, whose network takes little memory beside another one on the processor."""


class PredictorKeeper:
    """Lends networks to one job at a time, and keeps those given back for the next job that asks for the same.

    Threads may share it. Of networks that nobody uses it keeps the last one: others would only take memory.
    idle_seconds: how long it keeps that one, None until `close`. keeps_two: the one before, too, if both are light: for
    a list whose scenes need now one, now another.
    """

    def __init__(self, idle_seconds: float | None = None, keeps_two: bool = False) -> None:
        self._spare: Spare[Predictor] = Spare(lambda predictor: predictor.close(), idle_seconds)
        self._keeps_two = keeps_two
        self._keys: dict[int, tuple[Any, ...]] = {}

    def lend(self, path: str, device: str, threads: int | None, at_once: int, heads: Iterable[str] | None) -> Predictor:
        """An open network for this caller alone, as `open_predictor` would give it; raises what that raises."""
        wanted = None if heads is None else frozenset(heads)
        # Scenes of more tiles than there are cores need the same network, whatever their number.
        calls = at_once > 1, min(at_once, threads or available_cores())
        key = (os.path.realpath(path), stamp(path), device, threads, calls, wanted)
        # Another one that is not light is closed before this is opened: both together may be too large.
        predictor = self._spare.take(key) or open_predictor(path, device, threads, at_once=at_once, heads=heads)
        self._keys[id(predictor)] = key
        return predictor

    def take_back(self, predictor: Predictor) -> None:
        """What was lent is no longer used."""
        key = self._keys.pop(id(predictor))
        self._spare.put(key, predictor, self._keeps_two and _is_light(predictor, key[0]))

    def close(self) -> None:
        """Closes what nobody uses; what is lent stays open, and lending goes on."""
        self._spare.clear()


def _is_light(predictor: Predictor, path: str) -> bool:
    """Whether a network takes little memory while nobody uses it: the processor's work in the same memory, and a card's
    keep what they worked in."""
    try:
        return predictor.device.startswith("CPU") and os.path.getsize(path) <= LIGHT_BYTES
    except OSError:
        return False
