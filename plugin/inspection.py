# SPDX-License-Identifier: GPL-3.0-or-later
"""The pre-flight report for the dock, made in the background whenever the chosen layers change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsTask
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..dbcr_core.errors import DbcrError, RadiometryError
from .feedback import unexpected
from .tasks import UNASKED, begin, let_end
from .words import say

if TYPE_CHECKING:
    from ..dbcr_core.inspection import InspectionReport


class InspectionController(QObject):
    """Asks for reports and hands out the newest; lives on the main thread."""

    found = pyqtSignal(object)
    """InspectionReport of the newest request."""
    failed = pyqtSignal(str)
    asked = pyqtSignal(object)
    """RadiometryError: metadata and values contradict each other, and the user may decide."""

    def __init__(self) -> None:
        super().__init__()
        self._tasks: list = []
        self._serial = 0

    def ask(self, options: dict) -> None:
        """options: arguments of `inspect_inputs`."""
        self._serial += 1
        self._begin(options)

    def _begin(self, options: dict) -> None:
        task = InspectionTask(options, self._serial)
        task.taskCompleted.connect(lambda: self._on_end(task))
        task.taskTerminated.connect(lambda: self._on_end(task))
        self._tasks.append(task)
        begin(task, lambda: self._begin(options) if task.serial == self._serial else None)

    def cancel(self) -> None:
        """Whatever is under way is of no interest any more."""
        self._serial += 1

    def close(self) -> None:
        """Waits for what runs; a report reads some spots, and a mask once."""
        self.cancel()
        for task in list(self._tasks):
            let_end(task, 60_000)

    def _on_end(self, task: InspectionTask) -> None:
        if task in self._tasks:
            self._tasks.remove(task)
        if task.serial != self._serial:
            return
        if task.report is not None:
            self.found.emit(task.report)
        elif isinstance(task.problem, RadiometryError) and task.problem.choices:
            self.asked.emit(task.problem)
        elif task.problem is not None:
            self.failed.emit(str(task.problem))


class InspectionTask(QgsTask):
    """One report on QGIS's thread pool."""

    def __init__(self, options: dict, serial: int) -> None:
        super().__init__(say("Inspecting the inputs"), UNASKED)
        self.serial = serial
        self.report: InspectionReport | None = None
        self.problem: DbcrError | None = None
        self._options = options

    def run(self) -> bool:
        from ..dbcr_core.inspect import inspect_inputs

        try:
            self.report = inspect_inputs(**self._options)
        except DbcrError as error:
            self.problem = error
        except Exception as error:  # QGIS would end the task without a word
            self.problem = DbcrError(unexpected(error))
        return self.report is not None
