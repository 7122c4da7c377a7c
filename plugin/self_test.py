# SPDX-License-Identifier: GPL-3.0-or-later
"""One tile that is the same everywhere through the network: does it run, where, how fast, with which result?"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import numpy as np

from ..dbcr_core.errors import BackendMissingError
from ..dbcr_core.model_card import bundled_model_path
from ..dbcr_core.predictor import open_predictor
from ..dbcr_core.schedule import STEPS
from . import runtime

ROUNDING = 0.002
"""Reflectance steps to which the result is rounded before it is summed up: devices differ by less in the last digits,
yet a value near a step's edge may still fall either way."""


@dataclass(frozen=True)
class SelfTestResult:
    """device: what really ran. seconds: one evaluation, after a first one for warming up."""

    device: str
    seconds: float
    checksum: str
    mean: float

    def line(self) -> str:
        return (
            f"{self.device}: {self.seconds:.2f} s per tile, mean {self.mean:.4f}, checksum {self.checksum} "
            "(the same computer and device give the same checksum)"
        )


def run_self_test(runtime_folder: Path, model: str, device: str, threads: Optional[int]) -> SelfTestResult:
    """Raises DbcrError where the runtime, the model or the device does not work."""
    status = runtime.load(runtime_folder)
    if status.problem:
        raise BackendMissingError(status.problem)
    predictor = open_predictor(model or bundled_model_path(), device, threads)
    try:
        size = predictor.card.tile_size
        cloudy, sar = golden_tile(size)
        features = predictor.encode_sar(sar)
        predictor.predict_clear(cloudy, STEPS, features)
        started = time.monotonic()
        clear = predictor.predict_clear(cloudy, STEPS, features).clear
        seconds = time.monotonic() - started
        rounded = np.rint(clear / ROUNDING).astype("<i4")
        checksum = hashlib.sha256(rounded.tobytes()).hexdigest()[:12]
        return SelfTestResult(predictor.device, seconds, checksum, float(clear.mean()))
    finally:
        predictor.close()


def golden_tile(size: int) -> tuple:
    """(1, 13, size, size) and (1, 2, size, size) float32 0 … 1: smooth ground, a bright cloud, by formula alone."""
    rows, cols = np.mgrid[0:size, 0:size].astype(np.float32) / size
    ground = 0.15 + 0.08 * np.sin(21 * rows) * np.cos(17 * cols)
    cloud = np.clip(1.2 - 4 * np.hypot(rows - 0.5, cols - 0.5), 0, 1)
    bands = np.linspace(0.7, 1.3, 13, dtype=np.float32)[:, None, None]
    optical = ground * bands * (1 - cloud) + 0.8 * cloud
    sar = np.stack([0.5 + 0.2 * np.sin(21 * rows), 0.4 + 0.2 * np.cos(17 * cols)])
    return optical[None].astype(np.float32), sar[None].astype(np.float32)
