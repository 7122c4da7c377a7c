# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker process that waits for the next job for a while: its libraries, its device and the model are ready then.

On a graphics card that saves ten seconds for each preview.
"""

from __future__ import annotations

import threading
from typing import Callable, Sequence

from .errors import Cancelled
from .job import CloudRemovalJob, SceneReport
from .progress import ProgressPort
from .worker_client import WorkerProcess, command_of

IDLE_SECONDS = 300.0
"""How long a process waits before it is ended: it holds a device's memory."""


class WorkerPool:
    """Runs jobs in worker processes, as `run_in_worker` does, and keeps one that is free. Threads may share it."""

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        self._seconds = idle_seconds
        self._lock = threading.Lock()
        self._idle: tuple[tuple[str, ...], WorkerProcess] | None = None

    def run(
        self,
        python: str | Sequence[str],
        job: CloudRemovalJob,
        progress: ProgressPort,
        cancelled: Callable[[], bool] | None = None,
    ) -> SceneReport:
        """See `run_in_worker`. A process in which a job failed is ended: what it lacked may be there next time."""
        command = command_of(python)
        worker = self._taken(command) or WorkerProcess(command)
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
                self._keep(command, worker)
            else:
                worker.end()

    def close(self) -> None:
        """Ends the process that waits; one that works goes on, and is kept afterwards."""
        self._replace(None)

    def _taken(self, command: tuple[str, ...]) -> WorkerProcess | None:
        """The process that waits, if it is one of this command, which then waits no longer."""
        with self._lock:
            idle, self._idle = self._idle, None
        if idle is None:
            return None
        if idle[0] == command and idle[1].is_alive:
            return idle[1]
        idle[1].end()
        return None

    def _keep(self, command: tuple[str, ...], worker: WorkerProcess) -> None:
        kept = (command, worker)
        self._replace(kept)
        timer = threading.Timer(self._seconds, self._end_waiting, (kept,))
        timer.daemon = True
        timer.start()

    def _end_waiting(self, kept: tuple[tuple[str, ...], WorkerProcess]) -> None:
        """Ends a process that has waited since it was kept; one that had another job meanwhile has its own time."""
        with self._lock:
            is_waiting = self._idle is kept
            if is_waiting:
                self._idle = None
        if is_waiting:
            kept[1].end()

    def _replace(self, kept: tuple[tuple[str, ...], WorkerProcess] | None) -> None:
        with self._lock:
            idle, self._idle = self._idle, kept
        if idle is not None:
            idle[1].end()
