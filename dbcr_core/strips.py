# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a raster from top to bottom once, holding only the rows that are still needed."""

from __future__ import annotations

from collections import deque
from typing import Any, Callable, Sequence

import numpy as np

from .grid import Window

PIECE_ROWS = 64
"""Rows are read, kept and let go in pieces of so many, never joined: joining would hold them twice. In the file they
begin at multiples of it, so that no piece needs two rows of the file's blocks."""


class RollingRows:
    """A moving strip of rows of a raster, within a window of it; `read` gives (bands, h, w) for windows of the raster.

    Rows are numbered from the window's top. Each is read from the file exactly once. bottom: first row not read yet.
    """

    def __init__(self, read: Callable[[Window], np.ndarray], window: Window) -> None:
        self._read = read
        self._window = window
        self.bottom = 0
        self._pieces: deque[tuple[int, np.ndarray]] = deque()

    @property
    def next_bottom(self) -> int:
        """Bottom of the next piece, first row that is not read with it."""
        return self.bottom + PIECE_ROWS - (self._window.row + self.bottom) % PIECE_ROWS

    def need(self, bottom: int) -> None:
        """Reads what is missing above `bottom`."""
        while self.bottom < bottom:
            end = min(self.next_bottom, bottom)
            place = Window(self._window.col, self._window.row + self.bottom, self._window.width, end - self.bottom)
            self._pieces.append((self.bottom, self._read(place)))
            self.bottom = end

    def rows(self, top: int, bottom: int, columns: slice = slice(None), bands: Any = slice(None)) -> np.ndarray:
        """A copy (bands, bottom − top, columns) of what `read` gave; `top` must not lie above what was released."""
        self.need(bottom)
        found, filled = None, 0
        for start, piece in self._pieces:
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
        while self._pieces and self._pieces[0][0] + self._pieces[0][1].shape[1] <= top:
            self._pieces.popleft()
        self.bottom = max(self.bottom, top)


def read_in_turn(strips: Sequence[RollingRows], bottom: int) -> None:
    """Reads what is missing above `bottom`, a piece of each strip in turn.

    What lies in the cache of the raster library longest unused is then what none of them needs again.
    """
    while missing := [strip for strip in strips if strip.bottom < bottom]:
        end = min(bottom, *(strip.next_bottom for strip in missing))
        for strip in missing:
            strip.need(end)
