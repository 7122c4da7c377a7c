# SPDX-License-Identifier: GPL-3.0-or-later
"""Grounds that previews were made of, kept in memory up to a limit: going back to one costs nothing."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any, Optional

MEGABYTE = 1_000_000


class GroundCache:
    """The least recently used ground goes first; the one in use always stays. Safe to clear from any thread."""

    def __init__(self, limit_megabytes: int = 512) -> None:
        self.limit_megabytes = limit_megabytes
        self._lock = threading.Lock()
        self._grounds: OrderedDict = OrderedDict()

    @property
    def nbytes(self) -> int:
        """Bytes held now."""
        with self._lock:
            return sum(ground.nbytes for ground in self._grounds.values())

    def get(self, key: Any) -> Optional[Any]:
        """The ground kept under `key`, which counts as a use; None where there is none."""
        with self._lock:
            if key in self._grounds:
                self._grounds.move_to_end(key)
            return self._grounds.get(key)

    def put(self, key: Any, ground: Any) -> None:
        """Keeps a ground as the one in use."""
        with self._lock:
            self._grounds[key] = ground
            self._grounds.move_to_end(key)
        self.trim()

    def trim(self) -> None:
        """Drops grounds, then finished pictures of the one in use, until the rest fits."""
        limit = self.limit_megabytes * MEGABYTE
        with self._lock:
            sizes = {key: ground.nbytes for key, ground in self._grounds.items()}
            for key in list(self._grounds)[:-1]:
                if sum(sizes.values()) <= limit:
                    return
                del self._grounds[key], sizes[key]
            for ground in self._grounds.values():
                while ground.nbytes > limit and len(ground.pictures) > 1:
                    ground.pictures.pop(next(iter(ground.pictures)))

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._grounds.clear()


SHARED = GroundCache()
"""The dock's; the options page shows its size and clears it."""
