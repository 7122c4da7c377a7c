# SPDX-License-Identifier: GPL-3.0-or-later
"""The port through which a job talks while it runs: how far it is, what it found, what it did instead."""

from __future__ import annotations

import time
from typing import Callable, Protocol

from .errors import Cancelled
from .wording import duration


class ProgressPort(Protocol):
    """Implemented by QGIS's feedback, by the terminal's progress bar and by tests."""

    def report(self, fraction: float, text: str) -> None:
        """Share of the job done, 0…1, and a few words with the time left."""

    def message(self, text: str) -> None:
        """A finding that the user should read."""

    def warning(self, text: str) -> None:
        """Something that may spoil the result, or a fallback that was taken."""


class Silence:
    """A port for callers that want none."""

    def report(self, fraction: float, text: str) -> None:
        """Ignored."""

    def message(self, text: str) -> None:
        """Ignored."""

    def warning(self, text: str) -> None:
        """Ignored."""


def checking(cancelled: Callable[[], bool] | None) -> Callable[[], None]:
    """A function that raises Cancelled if the user asked for it."""

    def check() -> None:
        if cancelled is not None and cancelled():
            raise Cancelled()

    return check


never_cancelled = checking(None)
"""Where nobody can ask for it."""


class JobClock:
    """Counts the job's units of work, tells the time left, and raises Cancelled when the user asks to stop.

    check: does the last; called before every network evaluation.
    """

    def __init__(self, units: int, port: ProgressPort, cancelled: Callable[[], bool] | None) -> None:
        self._units = max(1, units)
        self._port = port
        self.check = checking(cancelled)
        self._done = 0.0
        self._worked = 0.0
        self._started = time.monotonic()

    def advance(self, units: float, worked: bool) -> None:
        """Adds finished units; `worked` is False for those that cost nothing (skipped tiles)."""
        self._done += units
        if worked:
            self._worked += units
        fraction = min(1.0, self._done / self._units)
        self._port.report(fraction, self._text(fraction))

    @property
    def seconds(self) -> float:
        """Wall-clock seconds since the job began."""
        return time.monotonic() - self._started

    def _text(self, fraction: float) -> str:
        if self._worked == 0 or fraction >= 1:
            return f"{fraction:.0%}"
        # The rest is taken to need the network as often as the part already done.
        left = self.seconds / self._done * (self._units - self._done)
        return f"{fraction:.0%}, about {duration(left)} left"
