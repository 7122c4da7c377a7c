# SPDX-License-Identifier: GPL-3.0-or-later
"""Where pixels are: the raster grid and rectangular windows on it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Iterable

from .errors import InputError

DEGREE_METRES = 111_320.0
"""Length of a degree along a meridian, near enough."""

_SAME = 1e-3  # of a pixel, by which two places may differ that are one


@dataclass(frozen=True)
class Window:
    """A rectangle of pixels: first column and row (0-based), width and height in pixels (at least 1)."""

    col: int
    row: int
    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise InputError(f"A window must hold at least one pixel, not {self.width} × {self.height}.")

    @property
    def right(self) -> int:
        """First column after the window."""
        return self.col + self.width

    @property
    def bottom(self) -> int:
        """First row after the window."""
        return self.row + self.height

    def intersection(self, other: Window) -> Window | None:
        """The pixels in both windows, or None."""
        col, row = max(self.col, other.col), max(self.row, other.row)
        width, height = min(self.right, other.right) - col, min(self.bottom, other.bottom) - row
        return Window(col, row, width, height) if width > 0 and height > 0 else None

    def shifted(self, cols: int, rows: int) -> Window:
        """The same window moved by whole pixels."""
        return Window(self.col + cols, self.row + rows, self.width, self.height)

    def grown(self, pixels: int, within: Window) -> Window:
        """The window with so many pixels more on every side, as far as they lie within another that holds it."""
        col, row = max(self.col - pixels, within.col), max(self.row - pixels, within.row)
        right, bottom = min(self.right + pixels, within.right), min(self.bottom + pixels, within.bottom)
        return Window(col, row, right - col, bottom - row)

    def slices(self) -> tuple[slice, slice]:
        """(rows, columns) for indexing an array that covers the whole grid."""
        return slice(self.row, self.bottom), slice(self.col, self.right)


_STRAIGHT = 1e-3
"""Pixels by which a straight row may leave its axis, as programs write rotations of 1e-12."""


@dataclass(frozen=True)
class RasterGrid:
    """Size, geotransform and CRS of a raster.

    transform holds (a, b, c, d, e, f) of x = a·col + b·row + c, y = d·col + e·row + f, in CRS units
    (affine order, not GDAL's). crs_wkt is empty where the raster has no CRS.
    """

    width: int
    height: int
    transform: tuple[float, float, float, float, float, float]
    crs_wkt: str

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise InputError(f"The raster has no pixels ({self.width} × {self.height}).")
        a, b, _, d, e, _ = self.transform
        if not all(math.isfinite(v) for v in self.transform) or a * e - b * d == 0:
            raise InputError("The raster's geotransform is degenerate; assign a valid pixel size and origin.")

    @property
    def window(self) -> Window:
        """The whole grid as a window."""
        return Window(0, 0, self.width, self.height)

    @property
    def is_rotated(self) -> bool:
        """True where rows or columns leave the CRS axes by more than rounding does, over the whole raster."""
        a, b, _, d, e, _ = self.transform
        return abs(b) * self.height > _STRAIGHT * abs(a) or abs(d) * self.width > _STRAIGHT * abs(e)

    @property
    def pixel_size(self) -> tuple[float, float]:
        """Pixel width and height in CRS units, both positive."""
        a, b, _, d, e, _ = self.transform
        return math.hypot(a, d), math.hypot(b, e)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(xmin, ymin, xmax, ymax) of the outer pixel edges, in CRS units."""
        corners = [
            self.xy(col, row) for col, row in ((0, 0), (self.width, 0), (0, self.height), (self.width, self.height))
        ]
        xs, ys = zip(*corners)
        return min(xs), min(ys), max(xs), max(ys)

    def xy(self, col: float, row: float) -> tuple[float, float]:
        """CRS coordinates of a pixel position; (0, 0) is the outer corner of the first pixel."""
        a, b, c, d, e, f = self.transform
        return a * col + b * row + c, d * col + e * row + f

    def colrow(self, x: float, y: float) -> tuple[float, float]:
        """Pixel position (fractional column and row) of CRS coordinates."""
        a, b, c, d, e, f = self.transform
        det = a * e - b * d
        return (e * (x - c) - b * (y - f)) / det, (a * (y - f) - d * (x - c)) / det

    def crop(self, window: Window) -> RasterGrid:
        """The grid of a window of this grid."""
        if window.intersection(self.window) != window:
            raise InputError(f"{window} reaches beyond the grid of {self.width} × {self.height} pixels.")
        a, b, _, d, e, _ = self.transform
        c, f = self.xy(window.col, window.row)
        return RasterGrid(window.width, window.height, (a, b, c, d, e, f), self.crs_wkt)

    def window_of_bounds(self, xmin: float, ymin: float, xmax: float, ymax: float) -> Window:
        """Smallest window of whole pixels that covers the bounds (CRS units), clipped to the grid.

        Raises InputError where the bounds lie outside the grid, between two pixels of it, or are no numbers.
        """
        positions = [self.colrow(x, y) for x in (xmin, xmax) for y in (ymin, ymax)]
        if not all(math.isfinite(value) for position in positions for value in position):
            raise InputError("The extent is not finite; give four numbers in the optical image's CRS.")
        first_col, last_col = _whole_pixels((p[0] for p in positions), self.width)
        first_row, last_row = _whole_pixels((p[1] for p in positions), self.height)
        if last_col <= first_col or last_row <= first_row:
            if all(0 <= col <= self.width and 0 <= row <= self.height for col, row in positions):
                raise InputError("The extent holds no pixel of the optical image; choose a larger one.")
            raise InputError("The extent lies outside the optical image; choose an extent inside it.")
        return Window(first_col, first_row, last_col - first_col, last_row - first_row)

    def whole_pixels_to(self, other: RasterGrid) -> tuple[int, int] | None:
        """(columns, rows) from this grid's first pixel to that of `other`; None unless both are cut from one raster of
        pixels in one CRS, within a thousandth of a pixel."""
        if not self.crs_wkt or self.crs_wkt != other.crs_wkt:
            return None
        col, row = (round(value) for value in self.colrow(*other.xy(0, 0)))
        for corner in ((0, 0), (other.width, 0), (0, other.height)):
            found = self.colrow(*other.xy(*corner))
            if abs(found[0] - corner[0] - col) > _SAME or abs(found[1] - corner[1] - row) > _SAME:
                return None
        return col, row

    def same_pixels(self, other: RasterGrid, tolerance: float = _SAME) -> bool:
        """True where both grids have the same size and the corners agree within `tolerance` pixels (CRS ignored)."""
        if (self.width, self.height) != (other.width, other.height):
            return False
        for col, row in ((0, 0), (self.width, self.height)):
            mine = self.colrow(*other.xy(col, row))
            if abs(mine[0] - col) > tolerance or abs(mine[1] - row) > tolerance:
                return False
        return True


def _whole_pixels(positions: Iterable[float], size: int) -> tuple[int, int]:
    """First and one-past-last whole pixel that cover the positions; a millionth of a pixel counts as exact."""
    values = list(positions)
    first = math.floor(min(values) + 1e-6)
    last = math.ceil(max(values) - 1e-6)
    return max(0, first), min(size, last)
