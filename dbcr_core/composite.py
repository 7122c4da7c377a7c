# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the reconstruction into the input: weighted inside the mask, the input's own bytes everywhere else."""

from __future__ import annotations

import numpy as np

from .stored_values import OpticalRadiometry

BLOCK_ROWS = 16
"""Rows handled at once, so that double-precision intermediates stay small."""


def composite(
    stored: np.ndarray,
    clear: np.ndarray,
    moved: np.ndarray,
    weights: np.ndarray,
    valid: np.ndarray,
    radiometry: OpticalRadiometry,
) -> np.ndarray:
    """The output rows of the reconstructed bands, in the input's own units and dtype.

    stored: (k, h, w) the file's values. clear: (k, h, w) float32 blended reconstruction, in reflectance.
    moved: (k, h, w) bool, where the network changed what it saw. weights: (h, w) 0…1. valid: (k, h, w) False = no data.

    A value changes only where its weight is above 0, it is valid, and the network moved it: a network that returns
    its input leaves every bit as it was, saturated clouds and rounding included. No result reads as no data.
    """
    result = stored.copy()
    for top in range(0, stored.shape[1], BLOCK_ROWS):
        rows = slice(top, top + BLOCK_ROWS)
        share = weights[rows]
        touched = np.flatnonzero((share > 0).any(axis=0))
        if not len(touched):
            continue
        # Whole blocks of the columns in question: picking out single values costs more than computing a few too many.
        # One band at a time, so that its intermediates stay in the processor's cache.
        place = (rows, slice(touched[0], touched[-1] + 1))
        share = share[:, place[1]].astype(np.float64)
        counts = share > 0
        for band in range(len(stored)):
            change = valid[band][place] & counts & moved[band][place]
            if change.any():
                values = _blended(stored[band][place], clear[band][place], share, radiometry)
                np.copyto(result[band][place], values, where=change)
    return result


def _blended(stored: np.ndarray, clear: np.ndarray, share: np.ndarray, radiometry: OpticalRadiometry) -> np.ndarray:
    """Stored values of `old + share * (clear - old)`, computed in double precision; all arrays (h, w)."""
    with np.errstate(invalid="ignore", over="ignore"):
        # In the file's own units: what is mixed linearly may be mixed before or after a change of scale.
        blended, old = radiometry.to_stored(clear), stored.astype(np.float64)
        blended -= old
        blended *= share
        blended += old
        return radiometry.fitted(blended, stored.dtype)
