# SPDX-License-Identifier: GPL-3.0-or-later
"""Two images of one place, read once, in small pieces that fit the processor's cache."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Callable, Iterator

import numpy as np

from .bands import BandSelection
from .grid import Window
from .metrics import SSIM_RADIUS
from .rasters import RasterSource, parts_across
from .stored_values import OpticalRadiometry
from .strips import RollingRows, read_in_turn

ROWS, COLUMNS = 128, 512


class Reflectance:
    """Some bands of a raster as reflectance, with its validity."""

    def __init__(
        self, source: RasterSource, selection: BandSelection, common: list[int], radiometry: OpticalRadiometry
    ) -> None:
        place = dict(zip(selection.model_bands, selection.file_bands))
        self.source, self._bands, self._radiometry = source, [place[band] for band in common], radiometry

    def align(self, stack: ExitStack, other: RasterSource) -> None:
        """Warps this raster to another's grid; what is no ground is not mixed with the pixels beside it.

        A zero counts as none in each band for itself, as a warp takes one band at a time.
        """
        warped = self.source.warped(other.grid, self._bands, unit="stored", data=self._radiometry.data_range)
        self.source = stack.enter_context(warped)
        self._bands = list(range(1, len(self._bands) + 1))
        self._radiometry = replace(self._radiometry, nodata=None, zero_is_nodata=False)

    def read(self, window: Window) -> np.ndarray:
        """(c, h, w) values as they are stored."""
        return self.source.read(self._bands, window)

    def valid(self, stored: np.ndarray) -> np.ndarray:
        """(h, w) bool, where every band has data."""
        return ~self._radiometry.missing(stored).any(axis=0)

    def bands(self, stored: np.ndarray, valid: np.ndarray) -> Iterator[np.ndarray]:
        """Each band's reflectance, (h, w) float64, zero where there is no data."""
        gone = None if valid.all() else ~valid
        for band in stored:
            values = band.astype(np.float64)
            values *= self._radiometry.scale
            values += self._radiometry.offset
            if gone is not None:
                values[gone] = 0.0
            yield values


@dataclass(frozen=True)
class Piece:
    """Stored values (c, h, w) of two images, and where cloud is (h, w), with SSIM's margin as far as the scene goes.

    place: of the piece in the scene. inner: its rows and columns in the arrays, without the margin.
    """

    place: Window
    first: np.ndarray
    second: np.ndarray
    cloud: np.ndarray | None
    inner: tuple[slice, slice]

    def padded(self, band: np.ndarray) -> np.ndarray:
        """A band of the piece with zeros in place of the margin that it lacks."""
        lacking = [
            (SSIM_RADIUS - part.start, SSIM_RADIUS - (size - part.stop)) for part, size in zip(self.inner, band.shape)
        ]
        return np.pad(band, lacking) if np.any(lacking) else band


def pieces(
    first: Reflectance,
    second: Reflectance,
    cloud: Callable[[Window], np.ndarray] | None,
    check: Callable[[], None],
) -> Iterator[Piece]:
    """All pieces of the scene, read when asked for; cloud: gives (h, w) bool. check: called before each reading."""
    grid = first.source.grid
    reads: list[Callable[[Window], np.ndarray]] = [first.read, second.read]
    if cloud is not None:
        reads.append(lambda place: cloud(place)[None])
    first.source.share_cache(second.source)
    parts = parts_across(first.source, second.source)
    step = -(-grid.width // (parts * COLUMNS)) * COLUMNS
    for start in range(0, grid.width, step):
        columns = range(start, min(start + step, grid.width), COLUMNS)
        left, right = max(0, start - SSIM_RADIUS), min(start + step + SSIM_RADIUS, grid.width)
        window = Window(left, 0, right - left, grid.height)
        strips = [RollingRows(read, window) for read in reads]
        for top in range(0, grid.height, ROWS):
            rows, inner_rows = _with_margin(top, ROWS, grid.height)
            read_in_turn(strips, rows.stop, check)
            for column in columns:
                cols, inner_cols = _with_margin(column, COLUMNS, grid.width)
                read = slice(cols.start - left, cols.stop - left)
                values = [strip.rows(rows.start, rows.stop, read) for strip in strips]
                width, height = inner_cols.stop - inner_cols.start, inner_rows.stop - inner_rows.start
                place = Window(column, top, width, height)
                yield Piece(place, values[0], values[1], values[2][0] if values[2:] else None, (inner_rows, inner_cols))
            for strip in strips:
                strip.release(rows.stop - 2 * SSIM_RADIUS)


def _with_margin(start: int, most: int, size: int) -> tuple[slice, slice]:
    """Where a piece and its margin lie along one side of the scene, and where the piece lies in that."""
    end = min(start + most, size)
    outer = slice(max(0, start - SSIM_RADIUS), min(size, end + SSIM_RADIUS))
    return outer, slice(start - outer.start, end - outer.start)
