# SPDX-License-Identifier: GPL-3.0-or-later
"""Tiles of a preview as they arrive: which come first, and what they blend to where not all are there yet."""

from __future__ import annotations

from typing import Optional

import numpy as np

from ..dbcr_core.blend import TileWeights
from ..dbcr_core.grid import Window
from ..dbcr_core.tiles import TilePlan


class TileMosaic:
    """The latest values of every tile of a plan. `skipped` tiles never come and are waited for by no one."""

    def __init__(self, plan: TilePlan, skipped: frozenset = frozenset()) -> None:
        self.tiles = tuple(tile for row in plan.tile_rows() for tile in row.tiles)
        weights = TileWeights(plan)
        self._weights = [weights.of(tile) for tile in self.tiles]
        self._skipped = skipped
        self._values: dict = {}

    def put(self, index: int, values: np.ndarray) -> None:
        """Sets a tile's (channels, h, w) values, in place of earlier ones."""
        self._values[index] = values

    @property
    def is_complete(self) -> bool:
        """Whether all tiles are there that will come."""
        return len(self._values) + len(self._skipped) == len(self.tiles)

    def blended(self, window: Window) -> tuple:
        """((channels, h, w) float32, (h, w) bool where anything is known) of a window.

        Where all tiles are there, these are the sums that a run over the same ground adds up, in the same order. Where
        some are missing, those that are there count in full. Before the first `put` there is nothing to ask for.
        """
        channels = next(iter(self._values.values())).shape[0]
        sums = np.zeros((channels, window.height, window.width), np.float32)
        share = np.zeros((window.height, window.width), np.float32)
        is_complete = True
        for index, tile in enumerate(self.tiles):
            common = tile.intersection(window)
            if common is None or index in self._skipped:
                continue
            if index not in self._values:
                is_complete = False
                continue
            here = common.shifted(-window.col, -window.row).slices()
            there = common.shifted(-tile.col, -tile.row).slices()
            weights = self._weights[index][there]
            sums[(slice(None), *here)] += self._values[index][(slice(None), *there)] * weights
            share[here] += weights
        known = share > 0
        if not is_complete:
            part = known & (
                share < 1 - 1e-5
            )  # a tile that lacks may reach into the window alone, and not where others lie
            sums[:, part] /= share[part]
        return sums, known


def centre_first(tiles: tuple, shown: Window) -> list:
    """Indices of the tiles, those nearest to the middle of what is shown first."""

    def distance(index: int) -> float:
        tile = tiles[index]
        across = tile.col + tile.width / 2 - shown.col - shown.width / 2
        return float(np.hypot(across, tile.row + tile.height / 2 - shown.row - shown.height / 2))

    return sorted(range(len(tiles)), key=distance)


def grown(window: Window, margin: int, within: Window) -> Window:
    """The window with a margin on every side, as far as `within` reaches."""
    wide = Window(window.col - margin, window.row - margin, window.width + 2 * margin, window.height + 2 * margin)
    found: Optional[Window] = wide.intersection(within)
    return found or window
