# SPDX-License-Identifier: GPL-3.0-or-later
"""One tile that is the same everywhere through a whole job: does it run, where, how fast, with which result?"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import numpy as np
from qgis.core import QgsCoordinateReferenceSystem

from ..dbcr_core.band_names import OPTICAL_BANDS, SAR_BANDS
from ..dbcr_core.grid import RasterGrid
from ..dbcr_core.model_card import bundled_model_path
from ..dbcr_core.model_file import read_model_file
from ..dbcr_core.predictors.golden_tile import DN, check_answer, golden_tile
from ..dbcr_core.progress import Silence
from ..dbcr_core.rasters import RasterProfile, create_raster, open_raster
from . import execution
from .words import say

ROUNDING = 20
"""Stored values to which the result is rounded before it is summed up: devices differ by less in the last digits,
yet a value near a step's edge may still fall either way."""
GOLDEN_CRS = "EPSG:32633"


@dataclass(frozen=True)
class SelfTestResult:
    """device: what really ran. seconds: the tile through the job, the model being open. difference: in reflectance,
    from the answer that the model's card holds; None where it holds none."""

    device: str
    seconds: float
    checksum: str
    mean: float
    difference: Optional[float]

    def line(self) -> str:
        text = say(
            "{0}: {1} s per tile, mean {2}, checksum {3} (the same computer and device give the same checksum)"
        ).format(self.device, f"{self.seconds:.2f}", f"{self.mean:.4f}", self.checksum)
        if self.difference is None:
            return text
        return f"{text}; " + say("right: within {0} of the model's own answer").format(f"{self.difference:.6f}")


class _Port(Silence):
    """A job's port that nobody listens to and nobody cancels."""

    @staticmethod
    def cancelled() -> bool:
        return False


def run_self_test(
    runtime_folder: Path, model: str, device: str, threads: Optional[int], worker_python: str = ""
) -> SelfTestResult:
    """Runs here, or in the worker where one is named. Raises DbcrError where runtime, model or device do not work, or
    the result is not what the model's card says."""
    card = read_model_file(model or bundled_model_path()).card
    with tempfile.TemporaryDirectory(prefix="dbcr-self-test-") as folder:
        names = {name: os.path.join(folder, f"{name}.tif") for name in ("optical", "sar", "output")}
        optical, sar = golden_tile(card.tile_size)
        _write(names["optical"], np.rint(optical[0] * DN).astype(np.uint16))
        lowest, highest = np.array([card.sar_clip_db[band] for band in SAR_BANDS], np.float32).T[:, :, None, None]
        _write(names["sar"], lowest + sar[0] * (highest - lowest))
        options = {
            **names,
            "model": model or None,
            "mask": "none",
            "device": device,
            "threads": threads,
            "bands": ",".join(OPTICAL_BANDS),
            "sar_bands": ",".join(SAR_BANDS),
            "optical_values": "dn",
            "sar_values": "db",
        }
        report = execution.run_job(options, _Port(), worker_python, runtime_folder)
        clear = _read(names["output"])
    checksum = hashlib.sha256(np.rint(clear / ROUNDING).astype("<i4").tobytes()).hexdigest()[:12]
    difference = check_answer(card, report.device, clear / DN)
    return SelfTestResult(report.device, report.seconds, checksum, float(clear.mean()) / DN, difference)


def _write(path: str, pixels: np.ndarray) -> None:
    count, height, width = pixels.shape
    place = QgsCoordinateReferenceSystem(GOLDEN_CRS).toWkt()
    grid = RasterGrid(width, height, (10, 0, 500_000, 0, -10, 5_000_000), place)
    with create_raster(path, RasterProfile(grid, count, str(pixels.dtype))) as raster:
        raster.write(pixels, grid.window)
        raster.publish()


def _read(path: str) -> np.ndarray:
    with open_raster(path) as raster:
        return raster.read(range(1, raster.profile.count + 1), raster.grid.window)
