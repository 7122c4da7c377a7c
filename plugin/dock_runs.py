# SPDX-License-Identifier: GPL-3.0-or-later
"""What the dock starts in the background: the whole scene, an assessment, the installation of the runtime."""

from __future__ import annotations

from typing import Callable

from qgis.PyQt.QtCore import QObject, Qt, pyqtSignal

from ..dbcr_core.errors import DbcrError
from .assessment import AssessmentDialog, AssessmentRun
from .background_run import BackgroundRun
from .dock import DbcrDock
from .dock_inputs import DockInputs, check_outputs
from .whole_scene import WholeSceneRun, latest_results
from .words import say


class InstallationRun(BackgroundRun):
    """One run of dbcr:installruntime."""

    def _finish(self, results: dict) -> str:
        text = say("ONNX Runtime {0} is ready.").format(results["VERSION"])
        return " ".join([text, *self._feedback.warnings])


class DockRuns(QObject):
    """Starts runs, shows on the dock that they run, and keeps what came of them."""

    loaded = pyqtSignal(str)
    """A whole scene is done and its results are in the project; the id of the optical image that they are of."""
    failed = pyqtSignal()
    """A whole scene has ended without a result."""
    installed = pyqtSignal()
    """The installation of the runtime has ended, well or not."""

    def __init__(self, dock: DbcrDock, inputs: DockInputs, tell: Callable[..., None]) -> None:
        """tell: as `Messages.tell`."""
        super().__init__()
        self.dock, self.inputs, self._tell = dock, inputs, tell
        self._runs: list = []
        self._new_result = ""
        self.dialogs: list = []

    def leave_project(self) -> None:
        """Tells all to stop that works for the project; the runtime is installed for every one."""
        for run in self._runs:
            if isinstance(run, (WholeSceneRun, AssessmentRun)):
                run.cancel()

    def close(self) -> None:
        """Cancels, waits, and closes the reports."""
        for run in self._runs:
            run.done.disconnect()
            run.cancel()
        for run in self._runs:
            run.wait()
        for dialog in tuple(self.dialogs):
            dialog.close()
        self._runs = []

    def run_scene(self) -> None:
        """Starts the whole scene in the background."""
        parameters = self.inputs.parameters()
        try:
            check_outputs(parameters)
        except DbcrError as error:
            self._tell(str(error), False)
            return
        run = WholeSceneRun(parameters, self.dock.optical.currentText())
        run.done.connect(lambda succeeded, text: self._on_run_done(run, succeeded, text))
        if self._begin(run):
            self.dock.set_running(True)
            self._tell(say("Running in the background; the task list shows progress and cancels."), about="run")

    def assess(self) -> None:
        """Starts the assessment in the background; its report opens when it is done."""
        image, changed = self.result_layer("reconstruction"), self.result_layer("changed")
        is_latest = image is not None and image.id() == self.dock.assess_box.assessed.currentData()
        run = AssessmentRun(self.inputs.assessment_parameters(changed.id() if is_latest and changed else ""))
        run.done.connect(lambda succeeded, text: self._on_assessed(run, succeeded, text))
        if self._begin(run):
            self.dock.assess_box.assess.setEnabled(False)

    def install(self, wheel: str) -> None:
        """Adds ONNX Runtime, from a wheel on disk or, where none is named, from the package index."""
        run = InstallationRun("dbcr:installruntime", {"WHEEL": wheel or None})
        run.done.connect(self._on_installed)
        if self._begin(run):
            self.dock.set_installing(True)

    def _on_installed(self, succeeded: bool, text: str) -> None:
        self.dock.set_installing(False)
        # What an earlier try came to is of no interest any more.
        self._tell(text, succeeded, "installation")
        if not succeeded:
            # The same path chosen again would be no change, and do nothing.
            self.dock.wheel.setFilePath("")
        self.installed.emit()

    def result_layer(self, key: str, optical: str = ""):
        """The latest whole-scene result that shows `key`, of one optical image or any, while it is in the project."""
        name = {"reconstruction": "OUTPUT", "changed": "CHANGED", "uncertainty": "UNCERTAINTY"}[key]
        return latest_results(optical).get(name)

    def refresh_assessable(self, facts: list) -> None:
        """Offers the images and the clear one among them: never the input itself, where there is another.

        A new result is chosen once, and what the user chooses after that stays. Where that is gone, the latest result
        takes its place, an earlier one, or else the input.
        """
        optical = [each for each in facts if each.is_optical]
        layers = [(each.layer_id, each.name) for each in optical]
        result = self.dock.assess_box.assessed.currentData()
        if self._new_result in dict(layers):
            result, self._new_result = self._new_result, ""
        if result not in dict(layers):
            latest, own = self.result_layer("reconstruction"), self.inputs.choice.optical
            wanted = latest.id() if latest else ""
            best = min(
                optical,
                key=lambda each: (each.layer_id != wanted, not each.is_result, each.layer_id != own),
                default=None,
            )
            result = best.layer_id if best else ""
        others = [layer_id for layer_id, _ in layers if layer_id not in (result, self.inputs.choice.optical)]
        reference = self.dock.assess_box.reference.currentData()
        if reference not in others:
            reference = others[0] if others else ""
        self.dock.assess_box.set_layers(layers, result, reference)

    def _begin(self, run: BackgroundRun) -> bool:
        problem = run.start()
        if problem:
            self._tell(problem, False)
            return False
        self._runs = [each for each in self._runs if each.is_running] + [run]
        return True

    def _on_run_done(self, run: WholeSceneRun, succeeded: bool, text: str) -> None:
        self.dock.set_running(False)
        self._tell(text, succeeded, "run")
        if succeeded:
            self._new_result = run.layers["OUTPUT"]
            self.loaded.emit(run.parameters["OPTICAL"])
        else:
            self.failed.emit()

    def _on_assessed(self, run: AssessmentRun, succeeded: bool, text: str) -> None:
        self.dock.assess_box.assess.setEnabled(self.dock.assess_box.assessed.count() > 1)
        self._tell(text, succeeded)
        if succeeded:
            dialog = AssessmentDialog(run.report, self.dock)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.finished.connect(lambda _result: self.dialogs.remove(dialog))
            self.dialogs.append(dialog)
            dialog.show()
