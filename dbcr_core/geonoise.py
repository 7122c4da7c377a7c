# SPDX-License-Identifier: GPL-3.0-or-later
"""Standard normal noise that belongs to a place: the same seed and geographic pixel give the same value.

Overlapping tiles, another tiling or a cropped extent therefore see the same noise, and the SDE variant makes no seams.
"""

from __future__ import annotations

from typing import Any

import numpy as np

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def pixel_noise(seed: int, t: int, bands: int, rows: np.ndarray, cols: np.ndarray) -> np.ndarray:
    """(bands, len(rows), len(cols)) float32 from N(0, 1).

    rows, cols: whole-pixel positions on an absolute grid (they may be negative). A counter-based generator: the
    SplitMix64 finaliser hashes (seed, t, band, row, column) to two uniforms, Box–Muller makes them normal.
    """
    with np.errstate(over="ignore"):
        key = _mix(np.uint64(seed & 0xFFFFFFFFFFFFFFFF) + _mix(np.uint64(t)))
        row_key = _mix(key + rows.astype(np.int64).astype(np.uint64) * _GOLDEN)
        pixel_key = _mix(row_key[:, None] + cols.astype(np.int64).astype(np.uint64)[None, :] * _GOLDEN)
        keys = _mix(pixel_key[None] + np.arange(1, bands + 1, dtype=np.uint64)[:, None, None] * _GOLDEN)
        second = _mix(keys + _GOLDEN)
    # 53 random bits each, shifted off zero so that the logarithm is finite.
    u1 = ((keys >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    u2 = (second >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return (np.sqrt(-2.0 * np.log(u1)) * np.cos(2.0 * np.pi * u2)).astype(np.float32)


def _mix(value: Any) -> Any:
    """Of a uint64 or an array of such."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
