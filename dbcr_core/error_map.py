# SPDX-License-Identifier: GPL-3.0-or-later
"""Where two images differ: the mean absolute error in the cells of a coarse grid over the scene."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .grid import Window

LONGEST = 480
"""Cells of the map's longer side."""


@dataclass(frozen=True)
class ErrorsOfCells:
    """Sums of errors and counts of pixels (h, w) in some of the map's cells."""

    cells: tuple[slice, slice]
    errors: np.ndarray
    pixels: np.ndarray


class ErrorMap:
    """Adds up errors of a (height, width) scene piece by piece."""

    def __init__(self, height: int, width: int) -> None:
        step = max(1.0, max(height, width) / LONGEST)
        self._rows = np.arange(height) * max(1, round(height / step)) // height  # each pixel's cell
        self._columns = np.arange(width) * max(1, round(width / step)) // width
        self._errors, self._pixels = np.zeros((2, self._rows[-1] + 1, self._columns[-1] + 1))

    def of_piece(self, place: Window, absolute: np.ndarray, where: np.ndarray) -> ErrorsOfCells:
        """absolute: (c, h, w) |t − p| of the pixels at `place`; where: (h, w) bool, those that count."""
        rows, columns = (axis[part] for axis, part in zip((self._rows, self._columns), place.slices()))
        cells = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
        shape = rows[-1] + 1 - rows[0], columns[-1] + 1 - columns[0]
        cell = (rows - rows[0])[:, None] * shape[1] + (columns - columns[0])
        errors, pixels = (
            np.bincount(cell.ravel(), weights.ravel(), shape[0] * shape[1]).reshape(shape)
            for weights in (np.where(where, absolute.mean(axis=0), 0.0), where)
        )
        return ErrorsOfCells(cells, errors, pixels)

    def __iadd__(self, found: ErrorsOfCells) -> ErrorMap:
        self._errors[found.cells] += found.errors
        self._pixels[found.cells] += found.pixels
        return self

    def means(self) -> np.ndarray:
        """(h, w) float32 mean absolute error of all bands, in reflectance; NaN where no pixel counts."""
        with np.errstate(invalid="ignore"):
            return (self._errors / self._pixels).astype(np.float32)
