# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the level under a cloud is to move, cell by cell: by what the clear land around has to do with backscatter.

The constants, with those of `surroundings`, were chosen by simulated clouds over the validation images, by a real scene
whose land is known from ten days before, and so that the real validation pairs, which hardly show clear land, lose
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Sequence

import numpy as np

WIDEST = 14
"""Cells to each side that land is looked for in."""
REACHES = ((1.5, 5, 1.0), (6.0, WIDEST, 0.05))
"""Gaussian windows that land is averaged over: standard deviation and half width in cells, and weight; far land counts
where none is near."""
SMOOTH = (1.0, 2)
"""The window that the reconstruction is averaged over to find its level."""
FAINT = 1e-4
"""Weight of land that a mask layer calls clear and the network calls cloud, as it does snow: it may be cloud that the
layer leaves out."""
ALONE = 0.02
"""Share of other land among all around from which land of that kind counts for nothing; it counts in full without."""
SPARSE = 2e-5
"""Weight of the land around at which the network is believed as much."""
SHARES = (0.02, 0.12)
"""Shares of clear land among the cells around from which it is believed at all, and in full."""
RIDGE = 1e-4
"""Variance of backscatter, scaled to 0…1, that is taken for noise."""
SPREAD = 3e-3
"""Variance of backscatter by which land is more various than what of it can be seen."""
UNLIKE = (4.0, 9.0)
"""Squared distances, in variances of the land's backscatter, up to which land tells of a place, and from which it does
not: the relation must not be continued to where no land is."""


@dataclass(frozen=True)
class CellRow:
    """Means over one row of cells, each (…, columns).

    moments: land; faint land; the weight of both times backscatter (2) and values (k), the squares of backscatter (3),
    and backscatter times values (2 k); whether complete. sar: (2, columns). found: of opacity, and opacity times the
    reconstruction (k).
    """

    moments: np.ndarray
    sar: np.ndarray
    found: np.ndarray

    @staticmethod
    def of(land, faint, complete, sar, known, found) -> CellRow:
        weight = land_weight(land, faint)
        squares = np.stack([sar[0] * sar[0], sar[0] * sar[1], sar[1] * sar[1]]) * weight
        parts = [land[None], faint[None], weight * sar, known, squares, sar[0] * known, sar[1] * known, complete[None]]
        return CellRow(np.concatenate(parts), sar, found)


def row_change(around: Sequence[CellRow | None]) -> np.ndarray | None:
    """The change in the middle one of some rows of cells, None for those beyond the scene."""
    here, near = around[WIDEST], [cells for cells in around if cells is not None]
    beside = [cells for cells in around[WIDEST - 1 : WIDEST + 2] if cells is not None]
    if here is None or not any(cells.found[0].any() for cells in beside):
        return None
    if not any(cells.moments[:2].any() for cells in near):
        return None
    bands = len(here.found) - 1
    first_order = slice(0, 4 + bands)
    means = np.zeros((4 + bands, here.sar.shape[1]), np.float32)
    for reach, half, importance in REACHES:
        means += np.float32(importance) * _window(around, lambda cells: cells.moments[first_order], reach, half)
    land, faint = means[:2]
    weight = land_weight(land, faint)
    level, backscatter = means[4:] / (weight + 1e-12), means[2:4] / (weight + 1e-12)
    widest = _window(around, lambda cells: cells.moments, None, WIDEST)
    counts = (1 - widest[0] / (np.float32(ALONE) * (widest[0] + widest[1]) + 1e-9)).clip(0, 1)
    support = land + counts * faint
    slopes, trust = _relation(widest, counts, bands, here.sar)
    expected = level + (slopes * (here.sar - backscatter)[:, None]).sum(axis=0)
    found = _window(around, lambda cells: cells.found, *SMOOTH)
    return (expected - found[1:] / (found[0] + 1e-6)) * (trust * support / (support + np.float32(SPARSE)))


def land_weight(land: np.ndarray, faint: np.ndarray) -> np.ndarray:
    """What land of both kinds counts beside other land, from their shares."""
    return land + np.float32(FAINT) * faint


def _relation(moments: np.ndarray, counts: np.ndarray, bands: int, sar: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slopes (2, k, columns) of the land's values over backscatter, and how far (columns) to trust them for a
    backscatter (2, columns). counts: (columns) how far faint land counts."""
    share = (moments[0] + counts * moments[1]) / (moments[-1] + 1e-9)
    trust = ((share - SHARES[0]) / (SHARES[1] - SHARES[0])).clip(0, 1)
    means = moments[2:-1] / (land_weight(moments[0], moments[1]) + 1e-9)
    first, second, values = means[0], means[1], means[2 : 2 + bands]
    squares, products = means[2 + bands : 5 + bands], means[5 + bands :]
    a = squares[0] - first * first + np.float32(RIDGE)
    b = squares[1] - first * second
    c = squares[2] - second * second + np.float32(RIDGE)
    p, q = products[:bands] - first * values, products[bands:] - second * values
    slopes = np.stack([c * p - b * q, a * q - b * p]) / (a * c - b * b)
    # Mahalanobis distance, squared. What no land around is like, a lake or a gap in the radar, the network tells.
    x, y, a, c = sar[0] - first, sar[1] - second, a + np.float32(SPREAD), c + np.float32(SPREAD)
    unlike = (c * x * x - 2 * b * x * y + a * y * y) / (a * c - b * b)
    return slopes, trust * ((UNLIKE[1] - unlike) / (UNLIKE[1] - UNLIKE[0])).clip(0, 1)


def _window(
    around: Sequence[CellRow | None], maps: Callable[[CellRow], np.ndarray], reach: float | None, half: int
) -> np.ndarray:
    """Sums of `maps` of rows of cells under a Gaussian window of a standard deviation, None for a flat one.

    Tap by tap in one order, so that the last bit depends neither on how many rows nor on how many columns there are.
    """
    offsets = np.arange(-half, half + 1)
    if reach is None:
        taps = [None] * len(offsets)
    else:
        taps = list((np.exp(-0.5 * (offsets / reach) ** 2) / (2.5066283 * reach)).astype(np.float32))
    parts = [(maps(cells), tap) for cells, tap in zip(around[WIDEST - half : WIDEST + half + 1], taps) if cells]
    total = np.zeros_like(parts[0][0])
    for part, tap in parts:
        total += part if tap is None else part * tap
    result, columns = np.zeros_like(total), total.shape[1]
    for offset, tap in zip(offsets, taps):
        if abs(offset) < columns:
            part = total[:, max(0, offset) : columns - max(0, -offset)]
            result[:, max(0, -offset) : columns - max(0, offset)] += part if tap is None else part * tap
    return result
