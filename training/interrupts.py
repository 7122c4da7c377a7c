# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl-C as a request: what is being done is finished first, so that nothing is lost."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType
from typing import Any, Callable


class StopRequest:
    """A context manager; ``asked`` is true after the first Ctrl-C. A second one interrupts at once."""

    def __init__(self) -> None:
        self.asked = False
        self._before: Callable[[int, FrameType | None], Any] | int | None = None

    def __enter__(self) -> StopRequest:
        # Python hears signals in the main thread only.
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def _note(self, number: int, frame: object) -> None:
        self.asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        print("\nstopping after this step; press Ctrl-C again to stop at once", file=sys.stderr)

    def __exit__(self, *exc: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
