# SPDX-License-Identifier: GPL-3.0-or-later
"""“Run on the whole scene”: the Processing algorithm as a background task, its results loaded as one group."""

from __future__ import annotations

from typing import Optional

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QObject, pyqtSignal

from . import styling
from .feedback import ReasonKeeper

RESULTS = (("OUTPUT", "cloud-free"), ("CHANGED", "reconstructed pixels"), ("UNCERTAINTY", "uncertainty"))
WAIT_MILLISECONDS = 120_000

_running: set = set()
"""The background thread uses a run's context and feedback: they stay until it ends, whatever closes meanwhile."""


class WholeSceneRun(QObject):
    """One run of dbcr:removeclouds from the dock."""

    done = pyqtSignal(bool, str)
    """Whether it succeeded, and a sentence for the message bar."""

    def __init__(self, parameters: dict, title: str) -> None:
        super().__init__()
        self._title = title
        self._parameters = parameters
        self._algorithm = QgsApplication.processingRegistry().createAlgorithmById("dbcr:removeclouds")
        self._context = QgsProcessingContext()
        self._context.setProject(QgsProject.instance())
        self._feedback = ReasonKeeper()
        self._renderer = None
        self._task: Optional[QgsProcessingAlgRunnerTask] = None
        self.layers: dict = {}

    def start(self) -> str:
        """Begins; returns one sentence where the parameters do not fit, and nothing runs then."""
        fits, problem = self._algorithm.checkParameterValues(self._parameters, self._context)
        if not fits:
            return problem
        optical = QgsProject.instance().mapLayer(self._parameters["OPTICAL"])
        self._renderer = styling.input_renderer(optical) if optical else None
        self._task = QgsProcessingAlgRunnerTask(self._algorithm, self._parameters, self._context, self._feedback)
        if self._task.isCanceled():
            return self._feedback.reason or "The run could not be prepared."
        self._task.executed.connect(self._on_executed)
        _running.add(self)
        QgsApplication.taskManager().addTask(self._task)
        return ""

    def cancel(self) -> None:
        """Stops after the current network evaluation."""
        self._feedback.cancel()

    def wait(self) -> None:
        """Returns once the background thread has ended."""
        if self._task is not None and self in _running:
            self._task.waitForFinished(WAIT_MILLISECONDS)

    def _on_executed(self, succeeded: bool, results: dict) -> None:
        _running.discard(self)
        if not succeeded:
            self.done.emit(False, self._feedback.reason or "The run was cancelled; no output was written.")
            return
        self._load(results)
        self.done.emit(True, f"{self._title}: {results['RECONSTRUCTED']:.0%} of the pixels were reconstructed.")

    def _load(self, results: dict) -> None:
        project = QgsProject.instance()
        group = project.layerTreeRoot().insertGroup(0, f"{self._title}, clouds removed")
        makers = {
            "OUTPUT": styling.ResultStyler.of_image(self._renderer),
            "CHANGED": styling.ResultStyler.of_changed(),
        }
        for key, name in RESULTS:
            if not results.get(key):
                continue
            layer = QgsRasterLayer(results[key], name)
            project.addMapLayer(layer, False)
            group.addLayer(layer)
            if key in makers:
                makers[key].postProcessLayer(layer, self._context, self._feedback)
            else:
                group.findLayer(layer.id()).setItemVisibilityChecked(False)
            self.layers[key] = layer.id()
