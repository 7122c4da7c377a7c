# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a raster from top to bottom once, holding only the rows that are still needed."""

from __future__ import annotations

from collections import deque
from typing import Any, Callable

import numpy as np

from .grid import Window

PIECE_ROWS = 64
"""Rows are read, kept and let go in pieces of so many, never joined: joining would hold them twice."""


class RollingRows:
    """A moving strip of rows of a raster, within a window of it; `read` gives (bands, h, w) for windows of the raster.

    Rows are numbered from the window's top. Each is read from the file exactly once.
    """

    def __init__(self, read: Callable[[Window], np.ndarray], window: Window) -> None:
        self._read = read
        self._window = window
        self._bottom = 0
        self._pieces: deque[tuple[int, np.ndarray]] = deque()

    def need(self, bottom: int) -> None:
        """Reads what is missing above `bottom`."""
        while self._bottom < bottom:
            rows = min(PIECE_ROWS, bottom - self._bottom)
            place = Window(self._window.col, self._window.row + self._bottom, self._window.width, rows)
            self._pieces.append((self._bottom, self._read(place)))
            self._bottom += rows

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
        self._bottom = max(self._bottom, top)
