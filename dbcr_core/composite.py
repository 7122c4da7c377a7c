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
        change = valid[:, rows] & (weights[rows] > 0) & moved[:, rows]
        if not change.any():
            continue
        old = stored[:, rows][change].astype(np.float64) * radiometry.scale + radiometry.offset
        share = np.broadcast_to(weights[rows], change.shape)[change].astype(np.float64)
        blended = old + share * (clear[:, rows][change] - old)
        block = result[:, rows]
        block[change] = radiometry.to_stored(blended, stored.dtype)
    return result
