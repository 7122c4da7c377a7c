# SPDX-License-Identifier: GPL-3.0-or-later
"""One tile that is the same everywhere: to see whether a device computes, how fast, and with which result."""

from __future__ import annotations

import numpy as np


def golden_tile(size: int) -> tuple[np.ndarray, np.ndarray]:
    """(1, 13, size, size) and (1, 2, size, size) float32 0 … 1: smooth ground, a bright cloud, by formula alone."""
    rows, cols = np.mgrid[0:size, 0:size].astype(np.float32) / size
    ground = 0.15 + 0.08 * np.sin(21 * rows) * np.cos(17 * cols)
    cloud = np.clip(1.2 - 4 * np.hypot(rows - 0.5, cols - 0.5), 0, 1)
    bands = np.linspace(0.7, 1.3, 13, dtype=np.float32)[:, None, None]
    optical = ground * bands * (1 - cloud) + 0.8 * cloud
    sar = np.stack([0.5 + 0.2 * np.sin(21 * rows), 0.4 + 0.2 * np.cos(17 * cols)])
    return optical[None].astype(np.float32), sar[None].astype(np.float32)
