# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl-C, and a job queue's SIGTERM, as a request: what is being done is finished first, so that nothing is lost."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType
from typing import Any, Callable


class StopRequest:
    """A context manager; ``asked`` is true after the first Ctrl-C or SIGTERM. A second Ctrl-C interrupts at once; a
    second SIGTERM does not, as ``timeout`` sends it to a process and again to its group."""

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[signal.Signals, Callable[[int, FrameType | None], Any] | int | None] = {}

    def __enter__(self) -> StopRequest:
        # Python hears signals in the main thread only.
        if threading.current_thread() is threading.main_thread():
            for heard in (signal.SIGINT, signal.SIGTERM):
                self._before[heard] = signal.signal(heard, self._note)
        return self

    def _note(self, number: int, frame: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if not self.asked:
            print("\nstopping after this step; press Ctrl-C again to stop at once", file=sys.stderr)
        self.asked = True

    def __exit__(self, *exc: object) -> None:
        for heard, before in self._before.items():
            if before is not None:
                signal.signal(heard, before)
