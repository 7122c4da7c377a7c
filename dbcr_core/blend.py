# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts overlapping tiles together: a partition of unity, and an accumulator that holds one strip of rows."""

from __future__ import annotations

from itertools import chain
from typing import Sequence

import numpy as np

from .grid import Window
from .tiles import TilePlan


def axis_weights(starts: tuple[int, ...], extent: int, length: int) -> list[np.ndarray]:
    """Raised-cosine weights along one axis, one float32 array of `extent` per tile; at each pixel they sum to one.

    starts: first pixel of each tile; extent: its size; length: the scene's. Within an overlap of two tiles the weight
    falls from 1 to 0 as ½·(1 + cos), which is what makes a tile border invisible; the scene's own borders keep 1.
    """
    raw = []
    for number, start in enumerate(starts):
        positions = np.arange(extent) + 0.5
        weight = np.ones(extent)
        if number > 0:
            weight *= _rise(positions, starts[number - 1] + extent - start)
        if number + 1 < len(starts):
            weight *= _rise(extent - positions, start + extent - starts[number + 1])
        raw.append(weight)
    total = np.zeros(length)
    for start, weight in zip(starts, raw):
        total[start : start + extent] += weight
    return [(weight / total[start : start + extent]).astype(np.float32) for start, weight in zip(starts, raw)]


def _rise(distance: np.ndarray, overlap: int) -> np.ndarray:
    """½·(1 − cos(π·d/overlap)) inside the overlap, 1 beyond it."""
    if overlap <= 0:
        return np.ones_like(distance)
    return 0.5 * (1.0 - np.cos(np.pi * np.clip(distance / overlap, 0.0, 1.0)))


class TileWeights:
    """A plan's partition of unity: the weights of overlapping tiles sum to one at every pixel."""

    def __init__(self, plan: TilePlan) -> None:
        self._rows, self._columns = (
            dict(zip(starts, axis_weights(starts, min(plan.size, length), length)))
            for starts, length in ((plan.rows, plan.height), (plan.columns, plan.width))
        )

    def of(self, tile: Window) -> np.ndarray:
        """(h, w) float32 weights of one tile."""
        return self._rows[tile.row][:, None] * self._columns[tile.col][None, :]


class StripAccumulator:
    """Sums of weighted tiles over the rows that are not finished yet.

    Holds (channels, strip height, width) whatever the height of the scene: float32, and float16 for the last `halves`
    of the channels, where three digits are enough. Rows must be released in order, the first being `top`. is_double:
    with twice the memory, so that released rows stay where they are until others are released.
    """

    def __init__(
        self, channels: int, width: int, strip_height: int, top: int = 0, halves: int = 0, is_double: bool = False
    ) -> None:
        self._sums = np.zeros((channels - halves, strip_height, width), np.float32)
        self._halves = np.zeros((halves, strip_height, width), np.float16)
        self._others = (np.empty_like(self._sums), np.empty_like(self._halves)) if is_double else None
        self._top = top

    def add(self, tile: Window, values: Sequence[np.ndarray]) -> None:
        """Adds channels, in arrays (…, h, w) that were weighted, at a tile's place, which lies within the strip."""
        row = tile.row - self._top
        for channel, band in zip(chain(self._sums, self._halves), chain.from_iterable(values)):
            sums = channel[row : row + tile.height, tile.col : tile.right]
            np.add(sums, band, out=sums, casting="same_kind")

    def rows(self, top: int, bottom: int) -> np.ndarray:
        """The sums of the rows [top, bottom): (channels, rows, width), a view until rows are added or released
        (if it is double, released twice). Without the channels that are held in half precision.
        """
        return self._sums[:, top - self._top : bottom - self._top]

    def half_rows(self, top: int, bottom: int) -> np.ndarray:
        """The same of the channels that are."""
        return self._halves[:, top - self._top : bottom - self._top]

    def release(self, bottom: int) -> None:
        """Forgets the rows above `bottom`."""
        count, height = bottom - self._top, self._sums.shape[1]
        held = self._sums, self._halves
        if self._others is not None:
            (self._sums, self._halves), self._others = self._others, held
        for sums, old in zip(chain(self._sums, self._halves), chain(*held)):
            # One by one: where the places overlap, numpy copies what it is given first.
            sums[: height - count] = old[count:]
            sums[height - count :] = 0
        self._top = bottom
