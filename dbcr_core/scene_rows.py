# SPDX-License-Identifier: GPL-3.0-or-later
"""The last steps of a scene's rows: sums of tiles and weights of the mask become values of the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Sequence

import numpy as np

from .composite import BLOCK_ROWS, composite
from .freed_memory import give_back_freed_memory
from .grid import Window
from .scene_inputs import SceneInputs
from .strips import RollingRows
from .surroundings import LevelField, looked_at
from .tile_inputs import model_values, reflectance_clip, sar_values


@dataclass(frozen=True)
class RowsToFinish:
    """Rows from `top` on. sums: (channels, h, w) what the network adds to each band, then the opacities, if these are
    there. weights: (h, w) of the mask, 0…1. clear: (h, w) where a mask layer calls it so, or None. error: (k, h, w) the
    network's error scale, or None."""

    top: int
    sums: np.ndarray
    weights: np.ndarray
    clear: np.ndarray | None
    error: np.ndarray | None


@dataclass(frozen=True)
class FinishedRows:
    """Rows from `top` on, as `SceneOutputs.write` takes them."""

    top: int
    scene: np.ndarray
    weights: np.ndarray
    valid: np.ndarray
    error: np.ndarray | None


class RowFinisher:
    """Finishes rows whose tiles are all there; it keeps nothing between calls, so that threads may share it.

    stored: the scene's rows, all bands of the file. sar: the radar's, or None. levels: what is fitted to the land
    around, or None. Its methods' check is called first and raises where the work is no longer wanted.
    """

    def __init__(
        self, inputs: SceneInputs, stored: RollingRows, sar: RollingRows | None, levels: LevelField | None
    ) -> None:
        self._inputs, self._stored, self._sar, self._levels = inputs, stored, sar, levels
        self._count, self._bands = len(inputs.selection.file_bands), inputs.bands

    def feed_levels(
        self,
        top: int,
        sums: np.ndarray,
        unknown: Sequence[Window],
        clear: np.ndarray | None,
        check: Callable[[], None],
    ) -> None:
        """Tells the levels about rows from `top` on that they have named; sums as in `RowsToFinish`.

        unknown: windows where clouds were not looked for, so that a sum of no opacity does not mean clear land. clear:
        (h, w) where a mask layer calls it so, or None.
        """
        check()
        assert self._levels is not None
        inputs, bottom = self._inputs, top + sums.shape[1]
        pixels = self._stored.rows(top, bottom, bands=self._bands)
        valid = ~inputs.radiometry.missing(pixels)
        sar = None if self._sar is None else self._sar.rows(top, bottom)
        self._levels.feed(
            top,
            seen=model_values(pixels, valid, inputs.radiometry, inputs.card),
            added=sums[: self._count],
            sar=None if sar is None else sar_values(sar, inputs.sar_model_bands, inputs.card),
            opacity=sums[-2:],
            observed=looked_at(valid.any(axis=0), top, unknown),
            complete=valid[inputs.holding].all(axis=0),
            clear=clear,
        )

    def finish(self, rows: RowsToFinish, check: Callable[[], None]) -> FinishedRows:
        """The rows as they are to be written."""
        check()
        give_back_freed_memory()
        top, height = rows.top, rows.weights.shape[0]
        scene = self._stored.rows(top, top + height)
        # A few rows at a time, so that what is computed in double precision stays small.
        blocks = [slice(first, min(first + BLOCK_ROWS, height)) for first in range(0, height, BLOCK_ROWS)]
        missing = self._inputs.radiometry.missing
        valid = np.concatenate([~missing(scene[self._bands, block]) for block in blocks], axis=1)
        weights = np.where(valid.any(axis=0), rows.weights, np.float32(0))
        for block in blocks:
            if weights[block].any():
                pixels = scene[self._bands, block]
                clear = None if rows.clear is None else rows.clear[block]
                found = self._reconstructed(
                    pixels, rows.sums[:, block], weights[block], valid[:, block], clear, top + block.start
                )
                scene[self._bands, block] = found
        return FinishedRows(top, scene, weights, valid, rows.error)

    def _reconstructed(
        self,
        pixels: np.ndarray,
        sums: np.ndarray,
        weights: np.ndarray,
        valid: np.ndarray,
        clear: np.ndarray | None,
        top: int,
    ) -> np.ndarray:
        """(k, h, w) output values of a few rows of stored pixels from `top` on."""
        inputs, delta = self._inputs, sums[: self._count]
        seen = model_values(pixels, valid, inputs.radiometry, inputs.card)
        if self._levels is not None:
            delta = self._levels.matched(top, seen, delta, sums[-2:], clear)
        low, high = reflectance_clip(inputs.card)
        result = seen + delta
        if (low, high) != (0, 1):
            result = result * np.float32(high - low) + np.float32(low)
        return composite(pixels, result, delta != 0, weights, valid, inputs.radiometry)
