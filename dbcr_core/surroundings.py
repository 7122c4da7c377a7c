# SPDX-License-Identifier: GPL-3.0-or-later
"""Fits the broad level of what is reconstructed under opaque cloud to the clear land around it.

Radar tells the network what the land under a cloud is made of, but hardly how bright it is on this day. The clear land
around does: its values are continued under the cloud, by a linear relation with the backscatter and by the distance to
it. Everything happens in cells of 8 x 8 pixels; finer detail stays the network's own. A value depends on the rows
within `LAG` of its own, so that a scene comes out the same in one piece, in strips and in parts.
"""

from __future__ import annotations

from itertools import chain
from typing import Iterable

import numpy as np

from .grid import Window
from .level_fit import WIDEST, CellRow, land_weight, row_change

CELL = 8
"""Side of a cell, in pixels."""
OPEN = (0.1, 0.4)
"""Opacity of cloud and of shadow below which a pixel counts as clear land."""
OPAQUE = 0.5
"""Opacity of cloud from which on nothing of the ground is taken to shine through."""
SHADED, MAYBE_SHADED = (0.2, 0.5), (0.2, 1.0)
"""Opacity of shadow from which on its level counts as lost, and as lost in full: where a mask layer covers it, and
without one, as land that is merely dark looks like shadow."""
MARGIN = 5
"""Pixels between a cloud and the land that is believed: bands see its edge in different places."""
FED_AT_ONCE = 180_000
"""Pixels that are fed at most at a time, so that intermediates stay small: two rows of cells of a Sentinel-2 tile."""
ABOVE, BELOW = (WIDEST + 1) * CELL, WIDEST * CELL + 3 * CELL // 2
"""Rows above and from the first row of a cell on whose level may depend on that cell."""
LAG = 144
"""Pixels around a pixel on which its level may depend: the cells and the one beside, their own pixels, the margin."""
LEVELLED = 4 * CELL
"""Pixels around a pixel whose reconstruction its level may depend on; further away only the land counts."""


def cloud_cover(opacity: np.ndarray, clear: np.ndarray | None = None) -> np.ndarray:
    """(h, w) share, 0…1, in which a level is fitted, from the (2, h, w) opacity of cloud and shadow.

    clear: (h, w) bool, where a mask layer calls the land so, None where there is none.
    """
    first, full = MAYBE_SHADED if clear is None else SHADED
    shade = ((opacity[1] - first) / (full - first)).clip(0, 1)
    cloud = ((opacity[0] - OPEN[0]) / (OPAQUE - OPEN[0])).clip(0, 1)
    return np.maximum(cloud, shade if clear is None else shade * ~clear)


class LevelField:
    """What to add to the reconstruction of a scene of width x height pixels, fed from top to bottom."""

    def __init__(self, width: int, height: int) -> None:
        self._height, self._count = height, -(-height // CELL)
        self._rows_at_once = max(1, FED_AT_ONCE // (CELL * width))
        self._fed = self._final = 0
        self._is_covered = np.zeros(height, bool)
        self._cells: dict[int, CellRow] = {}
        self._changes: dict[int, np.ndarray | None] = {}
        last = -(-width // CELL) - 1
        place = np.clip((np.arange(width) + 0.5) / CELL - 0.5, 0, last)
        self._left = np.floor(place).astype(int)
        self._right = np.minimum(self._left + 1, last)
        self._share = (place - self._left).astype(np.float32)

    @property
    def next_row(self) -> int:
        """First row of those that were not taken yet."""
        return max(0, self._fed * CELL - MARGIN)

    def begin_below(self, row: int) -> None:
        """Nothing above `row` will be fed."""
        self._fed = -(-(row + MARGIN) // CELL) if row else 0

    def look(self, top: int, opacity: np.ndarray, clear: np.ndarray | None = None) -> None:
        """The rows from `top` on that became final since the last look; opacity and clear as in `feed`."""
        self._final = top + opacity.shape[1]
        self._is_covered[top : self._final] = cloud_cover(opacity, clear).any(axis=1)

    def take(self, bottom: int) -> tuple[int, int] | None:
        """(top, bottom) of the next rows to be fed before those above `bottom` are matched; None where none are needed.

        Rows of cells without cloud in reach are passed over. Rows that were taken may be fed in any order.
        """
        is_end = self._final >= self._height
        complete = self._count if is_end else max(0, self._final - MARGIN) // CELL
        known = self._count if is_end else max(0, self._final - BELOW) // CELL
        while self._fed < known and not self._is_covered[max(0, self._fed * CELL - ABOVE) :][: ABOVE + BELOW].any():
            self._fed += 1
        covered = np.flatnonzero(self._is_covered[:bottom])
        needed = max(known, (covered[-1] + ABOVE) // CELL + 1 if len(covered) else 0)
        end = min(complete, needed, self._fed + self._rows_at_once)
        if end <= self._fed:
            return None
        place = self.next_row, min(self._height, end * CELL + MARGIN)
        self._fed = end
        return place

    def feed(
        self,
        top: int,
        seen: np.ndarray,
        added: np.ndarray,
        sar: np.ndarray | None,
        opacity: np.ndarray,
        observed: np.ndarray,
        complete: np.ndarray | None = None,
        clear: np.ndarray | None = None,
    ) -> None:
        """The rows from `top` on that `take` named; several threads may do this, each with rows of its own.

        seen: (k, h, w) float32 reflectance 0…1, the cloudy image. added: (k, h, w) what the network adds to it. sar:
        (2, h, w) backscatter scaled to 0…1, None where there is none. opacity: (2, h, w) of cloud and shadow. observed:
        (h, w) bool, whether there are data of which the opacity is known. complete: (h, w) bool, where no band lacks
        them, None for wherever there are any; only this counts as land, as what is missing would count as black.
        clear: (h, w) bool, where a mask layer calls the land so, None where there is none.
        """
        index = (top + MARGIN) // CELL
        first = index * CELL - top
        is_last = top + seen.shape[1] >= self._height
        rows = slice(first, None if is_last else seen.shape[1] - MARGIN)
        told = observed if complete is None else observed & complete
        lit = (opacity[1] < OPEN[1]) & told
        cover = cloud_cover(opacity, clear)
        land = _margin((opacity[0] <= OPEN[0]) & lit)[rows].astype(np.float32)
        faint = np.zeros_like(land) if clear is None else _margin(clear & lit)[rows] * (1 - land)
        weight = land_weight(land, faint)
        cover = cover[rows] * observed[rows]
        radar = np.zeros((2, *land.shape), np.float32) if sar is None else sar[:, rows]
        area = _cell_sums(np.ones_like(land))

        def means(images: Iterable[np.ndarray]) -> np.ndarray:
            return np.stack([_cell_sums(image) / area for image in images])

        # One band at a time: a scene is wide.
        shares = means((land, faint, told[rows].astype(np.float32)))
        known = means(band[rows] * weight for band in seen)
        found = means(chain([cover], ((before[rows] + more[rows]) * cover for before, more in zip(seen, added))))
        radar = means(radar)
        for row in range(len(area)):
            self._cells[index + row] = CellRow.of(
                shares[0, row], shares[1, row], shares[2, row], radar[:, row], known[:, row], found[:, row]
            )

    def release(self, top: int) -> None:
        """Forgets what no row from `top` on depends on."""
        first = top // CELL - 1
        for index in [i for i in self._cells if i < first - WIDEST]:
            del self._cells[index]
        for index in [i for i in self._changes if i < first]:
            del self._changes[index]

    def matched(
        self,
        top: int,
        seen: np.ndarray,
        added: np.ndarray,
        opacity: np.ndarray,
        clear: np.ndarray | None = None,
    ) -> np.ndarray:
        """(k, h, w) what to add to the cloudy image instead of `added`, for rows from `top` on, shaped as in `feed`.

        No level changes where the ground shines through or no land is near. No reflectance falls below 0 anywhere, as
        which rows hold cloud depends on how wide a part is computed.
        """
        result, cover = np.maximum(added, -seen), cloud_cover(opacity, clear)
        for row in range(added.shape[1]):
            if cover[row].any():
                change = self._at_row(top + row)
                if change is not None:
                    np.maximum(added[:, row] + change * cover[row], -seen[:, row], out=result[:, row])
        return result

    def _at_row(self, row: int) -> np.ndarray | None:
        """(k, w) the change at full opacity, linearly between the middles of the cells."""
        place = min(max((row + 0.5) / CELL - 0.5, 0), self._count - 1)
        upper = int(place)
        above, below = (self._change(index) for index in (upper, min(upper + 1, self._count - 1)))
        share = np.float32(place - upper)
        if above is None:
            return None if below is None else below * share
        return above * (1 - share) if below is None else above * (1 - share) + below * share

    def _change(self, index: int) -> np.ndarray | None:
        """(k, w) in the middle of a row of cells; None where nothing is to change."""
        if index not in self._changes:
            cells = row_change([self._cells.get(i) for i in range(index - WIDEST, index + WIDEST + 1)])
            if cells is not None:
                cells = cells[:, self._left] * (1 - self._share) + cells[:, self._right] * self._share
            self._changes[index] = cells
        return self._changes[index]


def _margin(land: np.ndarray) -> np.ndarray:
    """Without the pixels near others that are no land, all within a square of MARGIN pixels to each side."""
    for axis in (0, 1):
        size = land.shape[axis]
        counts = np.cumsum(np.insert(~land, 0, False, axis=axis), axis=axis, dtype=np.int32)
        low, high = np.clip(np.arange(size) - MARGIN, 0, None), np.clip(np.arange(size) + MARGIN + 1, None, size)
        land = counts.take(high, axis) == counts.take(low, axis)
    return land


def _cell_sums(values: np.ndarray) -> np.ndarray:
    """Sums over cells of (h, w); the last ones may be smaller."""
    height, width = values.shape
    rows, columns = -(-height // CELL), -(-width // CELL)
    if (height, width) != (rows * CELL, columns * CELL):
        values = np.pad(values, ((0, rows * CELL - height), (0, columns * CELL - width)))
    sums = values.reshape(rows, CELL, columns * CELL).sum(axis=1)
    for _ in range(CELL.bit_length() - 1):  # by halves: six times as fast as numpy's sum over so few columns
        sums = sums[:, ::2] + sums[:, 1::2]
    return sums


def looked_at(observed: np.ndarray, top: int, unknown: Iterable[Window]) -> np.ndarray:
    """`observed` (h, w) of the rows from `top` on, which is changed, without what lies in windows that no network saw.

    A mask layer may leave clouds out: where they were not looked for, nothing is known to be land.
    """
    for window in unknown:
        observed[max(0, window.row - top) : max(0, window.bottom - top), window.col : window.right] = False
    return observed


def matched_values(
    seen: np.ndarray,
    added: np.ndarray,
    sar: np.ndarray | None,
    opacity: np.ndarray,
    observed: np.ndarray,
    complete: np.ndarray | None = None,
    clear: np.ndarray | None = None,
    wanted: slice = slice(None),
) -> np.ndarray:
    """What `LevelField.matched` gives for some rows of an image, usually all; shapes as in `feed`."""
    height, width = observed.shape
    field = LevelField(width, height)
    field.look(0, opacity, clear)
    while place := field.take(height):
        rows = slice(*place)
        radar = None if sar is None else sar[:, rows]
        whole, open_land = (None if each is None else each[rows] for each in (complete, clear))
        field.feed(place[0], seen[:, rows], added[:, rows], radar, opacity[:, rows], observed[rows], whole, open_land)
    open_land = None if clear is None else clear[wanted]
    return field.matched(wanted.start or 0, seen[:, wanted], added[:, wanted], opacity[:, wanted], open_land)
