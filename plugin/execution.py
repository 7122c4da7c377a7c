# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a job runs: inside QGIS, or in a worker process with a Python of its own (torch never lives in QGIS)."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Protocol

from ..dbcr_core.errors import BackendMissingError, InputError
from ..dbcr_core.job import CloudRemovalJob, SceneReport
from ..dbcr_core.predictors import PredictorKeeper
from ..dbcr_core.progress import ProgressPort
from ..dbcr_core.worker_pool import WorkerPool
from . import runtime

workers = WorkerPool()
networks = PredictorKeeper(idle_seconds=60)
"""Of runs and previews alike, and of runs inside QGIS, as batches start one after the other."""


_closed = threading.Event()
"""Set while nobody is to keep anything."""


class JobPort(ProgressPort, Protocol):
    """Hears how far a job is, and says whether it is to stop."""

    def cancelled(self) -> bool:
        """Whether the user asked for that."""


def close() -> None:
    """Ends what waits for the next job, and what a job that still runs hands back, until the next one begins."""
    _closed.set()
    workers.close()
    networks.close()


def check_device(device: str, worker_python: str) -> None:
    """Raises InputError for a device that only a worker can offer where none is set up."""
    if device.startswith("torch-") and not worker_python:
        raise InputError(
            "torch does not run inside QGIS; name a Python that has torch as the worker's Python, "
            "or choose another device."
        )


def run_job(options: dict[str, Any], port: JobPort, worker_python: str, runtime_folder: Path) -> SceneReport:
    """Runs the job and returns its report; raises what the engine raises. Safe in a background thread.

    worker_python: an interpreter outside QGIS, or "" to run here with the ONNX Runtime found for `runtime_folder`.
    """
    job = CloudRemovalJob(**options)
    check_device(job.device, worker_python)
    _closed.clear()
    try:
        return _run(job, options, port, worker_python, runtime_folder)
    finally:
        if _closed.is_set():
            close()


def _run(
    job: CloudRemovalJob, options: dict[str, Any], port: JobPort, worker_python: str, runtime_folder: Path
) -> SceneReport:
    if worker_python:
        return workers.run(worker_python, job, port, port.cancelled)
    status = runtime.load(runtime_folder)
    if status.problem:
        raise BackendMissingError(status.problem)
    from ..dbcr_core.scene import remove_clouds

    return remove_clouds(**options, keeper=networks, progress=port, cancelled=port.cancelled)
