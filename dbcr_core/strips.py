# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a raster from top to bottom once, holding only the rows that are still needed."""

from __future__ import annotations

from typing import Callable

import numpy as np

from .grid import Window


class RollingRows:
    """A moving strip of rows of a raster, within a window of it; `read` gives (bands, h, w) for windows of the raster.

    Rows are numbered from the window's top. Each is read from the file exactly once.
    """

    def __init__(self, read: Callable[[Window], np.ndarray], window: Window) -> None:
        self._read = read
        self._window = window
        self._top = 0
        self._rows: np.ndarray | None = None

    def rows(self, top: int, bottom: int) -> np.ndarray:
        """(bands, bottom − top, width) as `read` gave them; `top` must not lie above what was released."""
        held = 0 if self._rows is None else self._rows.shape[1]
        first_missing = self._top + held
        if bottom > first_missing:
            place = Window(
                self._window.col, self._window.row + first_missing, self._window.width, bottom - first_missing
            )
            fresh = self._read(place)
            self._rows = fresh if self._rows is None else np.concatenate([self._rows, fresh], axis=1)
        assert self._rows is not None and top >= self._top
        return self._rows[:, top - self._top : bottom - self._top]

    def release(self, top: int) -> None:
        """Forgets the rows above `top`, or never reads them."""
        if top > self._top:
            if self._rows is not None:
                self._rows = self._rows[:, top - self._top :].copy()
            self._top = top
