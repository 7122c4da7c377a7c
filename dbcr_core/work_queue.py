# SPDX-License-Identifier: GPL-3.0-or-later
"""Work that several threads share, with results in the order in which it was asked for."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Callable

from .errors import Cancelled

AHEAD = 3
"""Pieces of work per thread that are begun and not yet fetched: what the threads live on while rows are written."""

POLL_SECONDS = 0.1


class WorkQueue:
    """Runs work(item, check) for items in turn; a context manager that leaves no thread behind.

    threads: how many run at once; 0 means the thread that fetches the results, one at a time, when it fetches them.
    check: raises where the user wants to stop; only that thread calls it, those at work get a function of their own
    that raises Cancelled once the queue is left. prepare: what makes of each item the one that is worked on; called by
    the thread that fetches, too, shortly before the work begins. ahead: pieces of work per thread that are begun and
    not yet fetched. name: what its threads' names begin with.
    """

    def __init__(
        self,
        work: Callable[[Any, Callable[[], None]], Any],
        threads: int,
        check: Callable[[], None],
        *,
        prepare: Callable[[Any], Any] = lambda item: item,
        ahead: int = AHEAD,
        name: str = "dbcr-tiles",
    ) -> None:
        self._prepare, self._work, self._most, self._check = prepare, work, threads * ahead, check
        self._waiting: deque[Any] = deque()
        self._begun: deque[Future[Any]] = deque()
        self._is_left = threading.Event()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name) if threads else None

    def add(self, item: Any) -> None:
        """Asks for work on one more item."""
        self._waiting.append(item)
        self._begin()

    def next(self) -> Any:
        """The result of the oldest item that was not fetched yet; raises what its work raised."""
        self._check()
        if self._pool is None:
            return self._work(self._prepare(self._waiting.popleft()), self._check)
        self._begin()
        result = self._result_of(self._begun[0])
        self._begun.popleft()
        self._begin()
        return result

    def __enter__(self) -> WorkQueue:
        return self

    def __exit__(self, *exc: object) -> None:
        self._is_left.set()
        self._waiting.clear()
        if self._pool is not None:
            for future in self._begun:
                future.cancel()
            self._pool.shutdown(wait=True)

    def _begin(self) -> None:
        while self._pool is not None and self._waiting and len(self._begun) < self._most:
            item = self._prepare(self._waiting.popleft())
            self._begun.append(self._pool.submit(self._work, item, self._go_on))

    def _result_of(self, future: Future[Any]) -> Any:
        while not wait((future,), POLL_SECONDS).done:
            self._check()
        return future.result()

    def _go_on(self) -> None:
        if self._is_left.is_set():
            raise Cancelled()
