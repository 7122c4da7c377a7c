# SPDX-License-Identifier: GPL-3.0-or-later
"""A Processing algorithm as a background task of the dock: checked, started, cancelled, and waited for."""

from __future__ import annotations

from typing import Optional

from qgis.core import QgsApplication, QgsProcessingAlgRunnerTask, QgsProcessingContext, QgsProject
from qgis.PyQt.QtCore import QObject, pyqtSignal

from .feedback import ReasonKeeper
from .tasks import begin, let_end
from .words import say

WAIT_MILLISECONDS = 120_000

_running: set = set()
"""The background thread uses a run's context and feedback: they stay until it ends, whatever closes meanwhile."""


class BackgroundRun(QObject):
    """One run of an algorithm. Subclasses say in `_finish` what a success comes to."""

    done = pyqtSignal(bool, str)
    """Whether it succeeded, and a sentence for the message bar."""

    def __init__(self, algorithm: str, parameters: dict) -> None:
        super().__init__()
        self.parameters = parameters
        self._algorithm = QgsApplication.processingRegistry().createAlgorithmById(algorithm)
        self._context = QgsProcessingContext()
        self._context.setProject(QgsProject.instance())
        self._feedback = ReasonKeeper()
        self._task: Optional[QgsProcessingAlgRunnerTask] = None
        self._given_up = False

    @property
    def is_running(self) -> bool:
        """Whether the background thread has not ended yet."""
        return self in _running

    def start(self) -> str:
        """Begins; returns one sentence where the parameters do not fit, and nothing runs then."""
        fits, problem = self._algorithm.checkParameterValues(self.parameters, self._context)
        return self._begin() if fits else problem

    def _begin(self) -> str:
        self._task = QgsProcessingAlgRunnerTask(self._algorithm, self.parameters, self._context, self._feedback)
        if self._task.isCanceled():
            return self._feedback.reason or say("The run could not be prepared.")
        self._task.executed.connect(self._on_executed)
        _running.add(self)
        begin(self._task, self._start_again)
        return ""

    def _start_again(self) -> None:
        """In place of a task that QGIS has forgotten, whose end is the run's only where the run was given up."""
        if not self._given_up:
            assert self._task is not None
            self._task.executed.disconnect(self._on_executed)
            problem = self._begin()
            if problem:
                _running.discard(self)
                self.done.emit(False, problem)

    def cancel(self) -> None:
        """Stops at the next chance; what comes of it all the same is not taken over."""
        self._given_up = True
        self._feedback.cancel()

    def wait(self) -> None:
        """Returns once the background thread has ended."""
        if self._task is not None and self.is_running:
            let_end(self._task, WAIT_MILLISECONDS)

    def _on_executed(self, succeeded: bool, results: dict) -> None:
        _running.discard(self)
        if succeeded and not self._given_up:
            self.done.emit(True, self._finish(results))
        else:
            self.done.emit(False, self._feedback.reason or say("The run was cancelled; no output was written."))

    def _finish(self, results: dict) -> str:
        """Takes over the results; returns a sentence for the message bar."""
        return ""
