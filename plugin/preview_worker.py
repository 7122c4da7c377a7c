# SPDX-License-Identifier: GPL-3.0-or-later
"""A preview from a worker process, for devices that do not live inside QGIS: the job itself on the window."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from typing import Any, Callable, Iterator

import numpy as np

from ..dbcr_core.bands import match_optical
from ..dbcr_core.job import SceneReport
from ..dbcr_core.model_card import bundled_model_path
from ..dbcr_core.model_file import read_model_file
from ..dbcr_core.progress import Silence
from ..dbcr_core.radiometry import detect_optical
from ..dbcr_core.rasters import open_raster
from .execution import workers
from .preview_engine import PreviewPicture, PreviewRequest


def worker_pictures(
    request: PreviewRequest, python: str, cancelled: Callable[[], bool], progress: Callable[[float], None]
) -> Iterator[PreviewPicture]:
    """Yields the finished picture; steps in between stay in the worker. Raises DbcrError as the job does.

    progress: told percents.
    """
    job = request.job()
    heads = read_model_file(job.model or bundled_model_path()).card.heads
    with tempfile.TemporaryDirectory(prefix="dbcr-preview-") as folder:
        names: dict[str, Any] = {
            name: os.path.join(folder, f"{name}.tif") for name in ("output", "changed", "uncertainty")
        }
        if "scale" not in heads:
            del names["uncertainty"]
        report = workers.run(python, replace(job, **names), _Percents(progress), cancelled)
        yield _picture(request, report, names)


class _Percents(Silence):
    """A progress port for a task."""

    def __init__(self, progress: Callable[[float], None]) -> None:
        self._progress = progress

    def report(self, fraction: float, text: str) -> None:
        self._progress(100.0 * fraction)


def _picture(request: PreviewRequest, report: SceneReport, names: dict) -> PreviewPicture:
    with open_raster(names["output"]) as image:
        stored = image.read(range(1, image.profile.count + 1), image.grid.window)
        grid, nodata = image.grid, image.profile.nodata
        scale = detect_optical(image, match_optical(image.profile, None), request.job().optical_values).scale
    with open_raster(names["changed"]) as layer:
        changed = layer.read([1], grid.window)[0]
    changed[changed > 100] = 0
    error = None
    if "uncertainty" in names:
        with open_raster(names["uncertainty"]) as layer:
            bands = layer.read(range(1, layer.profile.count + 1), grid.window)
        error = (np.nan_to_num(bands).mean(axis=0) * scale).astype(np.float32)
    evaluations = max(1, report.evaluations)
    return PreviewPicture(
        request=request,
        stored=stored,
        changed=changed,
        uncertainty=error,
        grid=grid,
        nodata=nodata,
        done=report.evaluations,
        planned=report.evaluations,
        device=report.device,
        seconds=report.seconds / evaluations,
        tiles=report.tiles,
        is_free=False,
    )
