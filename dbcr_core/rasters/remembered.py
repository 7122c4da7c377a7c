# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read of a file to judge it, for as long as the file stays the same.

A panel asks about the same two files again and again, and an answer may take long: to look at a few spots of a
Sentinel-2 product some 170 tiles of JPEG 2000 are decoded.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Callable, Hashable

import numpy as np

from .source import RasterSource

MOST_BYTES = 64_000_000


class Remembered:
    """Arrays by what they were read from, those used last; may be asked by several threads at once."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._arrays: OrderedDict[Hashable, np.ndarray] = OrderedDict()
        self._held = 0
        self._locks = [threading.Lock() for _ in range(16)]  # who asks for what is just being read waits for it
        self._changing = threading.Lock()

    def read(self, source: RasterSource, what: Hashable, read: Callable[[], np.ndarray]) -> np.ndarray:
        """A copy of what read() gave when `what` was last asked of this raster, or gives now."""
        if source.state is None:
            return read()
        key = source.state, what
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
            self._held += found.nbytes
            while self._held > self._most_bytes:
                self._held -= self._arrays.popitem(last=False)[1].nbytes

    def clear(self) -> None:
        """Forgets everything."""
        with self._changing:
            self._arrays.clear()
            self._held = 0


remembered = Remembered()
"""Of this process."""
