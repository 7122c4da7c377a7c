# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read of a file to judge it, for as long as the file stays the same.

A panel asks about the same two files again and again, and an answer may take long: to look at a few spots of a
Sentinel-2 product some 170 tiles of JPEG 2000 are decoded.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from typing import Callable, Hashable

import numpy as np

from .opened_source import OpenedSource

MOST_BYTES = 64_000_000
_SETTLED_SECONDS = 2.0
"""A file changed later than that before it was opened may change again without its time telling."""


class Remembered:
    """Arrays by what they were read from, those used last; may be asked by several threads at once."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._arrays: OrderedDict[Hashable, np.ndarray] = OrderedDict()
        self._locks = [threading.Lock() for _ in range(16)]  # who asks for what is just being read waits for it
        self._changing = threading.Lock()

    def read(self, source: OpenedSource, what: Hashable, read: Callable[[], np.ndarray]) -> np.ndarray:
        """A copy of what read() gave when `what` was last asked of this raster, or gives now."""
        state = _state(source)
        if state is None:
            return read()
        key = state, what
        with self._locks[hash(key) % len(self._locks)]:
            with self._changing:
                found = self._arrays.get(key)
                if found is not None:
                    self._arrays.move_to_end(key)
            if found is None:
                found = read()
                self._keep(key, found)
        return found.copy()

    def _keep(self, key: Hashable, found: np.ndarray) -> None:
        with self._changing:
            self._arrays[key] = found
            held = sum(array.nbytes for array in self._arrays.values())
            while held > self._most_bytes:
                held -= self._arrays.popitem(last=False)[1].nbytes


def _state(source: OpenedSource) -> Hashable | None:
    """Tells the raster from any other and from its own later states; None where nothing does."""
    found = []
    for file in source.pixel_files:
        try:
            status = os.stat(file)
        except (OSError, ValueError):
            return None
        if status.st_mtime > source.opened_at - _SETTLED_SECONDS:
            return None
        found.append((file, status.st_ino, status.st_size, status.st_mtime_ns))
    return (source.name, source.profile.interpretation, *found) if found else None


remembered = Remembered()
"""Of this process."""
