# SPDX-License-Identifier: GPL-3.0-or-later
"""Prepare the next batches in threads while the network trains on this one."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from .sampling import Batch


class ReadAhead:
    """Wraps a sampler whose batch depends on (step, crop, count) alone; the batches are the same, only earlier."""

    def __init__(self, sampler, threads: int = 4) -> None:
        self.sampler, self.threads = sampler, threads
        self._pool = ThreadPoolExecutor(threads)
        self._ahead: dict[tuple[int, int, int], Future] = {}

    def __getattr__(self, name: str) -> Any:
        # What else there is to know of the sampler: epoch, band_moments, scenes …
        return getattr(self.sampler, name)

    def __call__(self, step: int, crop: int, count: int) -> Batch:
        wanted = [(later, crop, count) for later in range(step, step + 1 + self.threads)]
        for key, waiting in self._ahead.items():
            if key not in wanted:
                waiting.cancel()
        self._ahead = {key: self._ahead.get(key) or self._pool.submit(self.sampler, *key) for key in wanted}
        return self._ahead.pop(wanted[0]).result()
