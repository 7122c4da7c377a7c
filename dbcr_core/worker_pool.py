# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker process that waits for the next job for a while: its libraries, its device and the model are ready then.

On a graphics card that saves ten seconds for each preview.
"""

from __future__ import annotations

from typing import Callable, Sequence

from .errors import Cancelled
from .job import CloudRemovalJob, SceneReport
from .progress import ProgressPort
from .spare import Spare
from .worker_client import WorkerProcess

IDLE_SECONDS = 300.0
"""How long a process waits before it is ended: it holds a device's memory."""


class WorkerPool:
    """Runs jobs with another Python interpreter, and keeps a process that is free. Threads may share it."""

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        self._spare: Spare[WorkerProcess] = Spare(lambda worker: worker.end(), idle_seconds)

    def run(
        self,
        python: str | Sequence[str],
        job: CloudRemovalJob,
        progress: ProgressPort,
        cancelled: Callable[[], bool] | None = None,
    ) -> SceneReport:
        """See `WorkerProcess`. A process in which a job failed is ended: what it lacked may be there next time.

        python: an interpreter, or a command that starts one.
        """
        command = (python,) if isinstance(python, str) else tuple(python)
        worker = self._spare.take(command)
        if worker is not None and not worker.is_alive:
            worker.end()
            worker = None
        worker = worker or WorkerProcess(command)
        is_sound = False
        try:
            report = worker.run(job, progress, cancelled)
            is_sound = True
            return report
        except Cancelled:
            is_sound = worker.is_free
            raise
        finally:
            if is_sound:
                self._spare.put(command, worker)
            else:
                worker.end()

    def close(self) -> None:
        """Ends the process that waits; one that works goes on, and is kept afterwards."""
        self._spare.clear()
