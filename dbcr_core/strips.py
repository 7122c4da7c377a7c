# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading rasters from top to bottom once, ahead of the work on them, holding only the rows that are still needed."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any, Callable, Sequence

import numpy as np

from .grid import Window
from .work_queue import WorkQueue

PIECE_ROWS = 64
"""Rows are read, kept and let go in pieces of so many, never joined: joining would hold them twice. In the file they
begin at multiples of it, so that no piece needs two rows of the file's blocks."""


class RollingRows:
    """A moving strip of rows of a raster, within a window of it; `read` gives (bands, h, w) for windows of the raster.

    Rows are numbered from the window's top. Each is read from the file exactly once. bottom: first row not read yet.
    While one thread reads further, others may use and release the rows above.
    """

    def __init__(self, read: Callable[[Window], np.ndarray], window: Window) -> None:
        self._read = read
        self._window = window
        self.bottom = 0
        self._pieces: deque[tuple[int, np.ndarray]] = deque()
        self._changing = threading.Lock()

    @property
    def next_bottom(self) -> int:
        """Bottom of the next piece, first row that is not read with it."""
        return self.bottom + PIECE_ROWS - (self._window.row + self.bottom) % PIECE_ROWS

    def need(self, bottom: int) -> None:
        """Reads what is missing above `bottom`."""
        while self.bottom < bottom:
            end = min(self.next_bottom, bottom)
            place = Window(self._window.col, self._window.row + self.bottom, self._window.width, end - self.bottom)
            piece = self._read(place)
            with self._changing:
                self._pieces.append((self.bottom, piece))
                self.bottom = end

    def rows(self, top: int, bottom: int, columns: slice = slice(None), bands: Any = slice(None)) -> np.ndarray:
        """A copy (bands, bottom − top, columns) of what `read` gave; `top` must not lie above what was released."""
        self.need(bottom)
        with self._changing:
            pieces = tuple(self._pieces)
        found, filled = None, 0
        for start, piece in pieces:
            first, end = max(top - start, 0), min(bottom - start, piece.shape[1])
            if first < end:
                part = piece[:, first:end, columns][bands]
                if found is None:
                    found = np.empty((part.shape[0], bottom - top, part.shape[2]), part.dtype)
                found[:, start + first - top : start + end - top] = part
                filled += end - first
        assert found is not None and filled == bottom - top
        return found

    def release(self, top: int) -> None:
        """Forgets rows above `top`, or never reads them."""
        with self._changing:
            while self._pieces and self._pieces[0][0] + self._pieces[0][1].shape[1] <= top:
                self._pieces.popleft()
            self.bottom = max(self.bottom, top)


def read_in_turn(strips: Sequence[RollingRows], bottom: int, check: Callable[[], None] = lambda: None) -> None:
    """Reads what is missing above `bottom`, a piece of each strip in turn; check is called before every one.

    What lies in the cache of the raster library longest unused is then what none of them needs again.
    """
    while missing := [strip for strip in strips if strip.bottom < bottom]:
        end = min(bottom, *(strip.next_bottom for strip in missing))
        for strip in missing:
            check()
            strip.need(end)


class ReadAhead:
    """Reads strips in turn on a thread of its own, before anybody asks; a context manager that leaves none behind.

    All reading is done by that thread, as what lies behind two strips may be one file, which no two threads may read.
    is_apart: False where whoever asks is to read himself, when he asks. check: raises where the user wants to stop;
    only he calls it.
    """

    def __init__(self, strips: Sequence[RollingRows], is_apart: bool, check: Callable[[], None]) -> None:
        self._bottom, self._begun = 0, 0
        self._queue = WorkQueue(
            lambda bottom, go_on: read_in_turn(strips, bottom, go_on), int(is_apart), check, name="dbcr-rows"
        )

    def begin(self, bottom: int) -> None:
        """Rows above `bottom` will be needed."""
        if bottom > self._bottom:
            self._bottom = bottom
            self._begun += 1
            self._queue.add(bottom)

    def need(self, bottom: int) -> None:
        """Returns when the rows above `bottom`, and all that were begun, are there; raises what reading raised."""
        self.begin(bottom)
        while self._begun:
            self._queue.next()
            self._begun -= 1

    def __enter__(self) -> ReadAhead:
        return self

    def __exit__(self, *exc: object) -> None:
        self._queue.__exit__(*exc)
