# SPDX-License-Identifier: GPL-3.0-or-later
"""What the dock does: reads the project, asks for previews, compares on the canvas, starts the whole scene."""

from __future__ import annotations

from typing import Optional

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsProcessingContext,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QObject, QTimer

from ..dbcr_core.errors import DbcrError
from ..dbcr_core.model_card import ModelCard, bundled_model_path, read_model_file
from ..dbcr_core.tiles import TilePlan
from . import dock_state, layer_facts, runtime, settings, styling
from .algorithms.base import runtime_folder
from .card_dialog import CardDialog
from .dock import EVERY_PIXEL, FIND_CLOUDS, DbcrDock
from .dock_inputs import DockInputs
from .feedback import ReasonKeeper
from .inspection import InspectionController
from .preview import PreviewController, changed_path, uncertainty_path
from .swipe import CompareItem, SwipeTool
from .whole_scene import WholeSceneRun

TITLE = "Cloud removal"


class DockController(QObject):
    """Owns the dock and everything it starts; close() ends all of it."""

    def __init__(self, iface) -> None:  # noqa: QGS105 (tests give their own)
        super().__init__()
        self._iface = iface
        self._canvas = iface.mapCanvas()
        self.dock = DbcrDock(iface.mainWindow(), settings.LAST_NFE.read())
        self.dock.follow.setChecked(settings.PREVIEW_FOLLOWS.read())
        self.inputs = DockInputs(self.dock, self._canvas)
        self.previews = PreviewController(runtime_folder)
        self.inspections = InspectionController()
        self.compare = CompareItem(self._canvas)
        self._tool = SwipeTool(self._canvas, self.compare)
        self._card: Optional[ModelCard] = None
        self._card_of = ""
        self._pictures: dict = {}
        self._seconds_per_pixel = 0.0
        self._preview_pixels = 0
        self._runs: list = []
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.refresh_layers)
        self._connect()
        self.refresh_layers()
        self.refresh_settings()

    def close(self) -> None:
        """Cancels what runs and takes everything off QGIS that this put there."""
        project = QgsProject.instance()
        project.layersAdded.disconnect(self._on_layers_added)
        project.layersRemoved.disconnect(self._on_layers_removed)
        project.cleared.disconnect(self._on_project_cleared)
        self._canvas.extentsChanged.disconnect(self._on_extent)
        for run in self._runs:
            run.done.disconnect()
            run.cancel()
        for run in self._runs:
            run.wait()
        self._later.stop()
        if self._canvas.mapTool() is self._tool:
            self._canvas.unsetMapTool(self._tool)
        self.compare.remove()
        self._pictures = {}
        self.inspections.close()
        self.previews.close()

    def refresh_layers(self) -> None:
        """Fills the pickers from the project, keeping what was chosen where it is still there."""
        before, mask_word = self.inputs.choice, self.dock.mask.currentData() or FIND_CLOUDS
        facts = layer_facts.of_project(QgsProject.instance())
        active = self._iface.activeLayer()
        chosen = dock_state.preselect(facts, before, active.id() if active else "")
        if not chosen.mask and mask_word not in (FIND_CLOUDS, EVERY_PIXEL):
            mask_word = FIND_CLOUDS
        named = [(each.layer_id, each.name) for each in facts]
        masks = [(each.layer_id, each.name) for each in facts if each.is_mask]
        self.dock.set_layers(named, named, masks, (chosen.optical, chosen.sar, chosen.mask or mask_word))
        if (chosen.optical, chosen.sar) != (before.optical, before.sar):
            self._on_inputs()

    def ask_preview(self) -> None:
        """Wants a preview of what the map shows."""
        self.refresh_settings()
        try:
            options, is_centre_only = self.inputs.preview_options()
        except DbcrError as error:
            self._tell(str(error), Qgis.MessageLevel.Warning)
            return
        pixels = settings.PREVIEW_PIXELS.read()
        self.dock.status.setText(
            self.tr("Preview of the centre, {0} × {0} pixels; zoom in to see the rest.").format(pixels)
            if is_centre_only
            else ""
        )
        self.previews.ask(options, self.dock.dial.nfe)

    def run_scene(self) -> None:
        """Starts the whole scene in the background."""
        run = WholeSceneRun(self.inputs.parameters(), self.dock.optical.currentText())
        run.done.connect(lambda succeeded, text: self._on_run_done(run, succeeded, text))
        problem = run.start()
        if problem:
            self._tell(problem, Qgis.MessageLevel.Warning)
            return
        self._runs.append(run)
        self.dock.run.setEnabled(False)
        self._tell(self.tr("Running in the background; the task list shows progress and cancels."))

    def copy(self, kind: str) -> None:
        """Puts the run on the clipboard, layers as files, so that it runs anywhere."""
        parameters = self.inputs.portable_parameters()
        text = (dock_state.as_python if kind == "python" else dock_state.as_process_command)(parameters)
        QgsApplication.clipboard().setText(text)

    def _connect(self) -> None:
        dock, project = self.dock, QgsProject.instance()
        dock.inputs_changed.connect(self._on_inputs)
        dock.preview_wanted.connect(self.ask_preview)
        dock.dial.changed.connect(self._on_nfe)
        dock.shown_changed.connect(self._show)
        dock.swipe_toggled.connect(self._on_swipe)
        dock.flip_wanted.connect(self.compare.flip)
        dock.run_wanted.connect(self.run_scene)
        dock.copy_wanted.connect(self.copy)
        dock.assess_wanted.connect(self._assess)
        dock.card_wanted.connect(self._show_card)
        dock.install_wanted.connect(self._install)
        dock.visibilityChanged.connect(lambda visible: self.refresh_settings() if visible else None)
        dock.follow.toggled.connect(settings.PREVIEW_FOLLOWS.write)
        self._tool.left.connect(lambda: dock.swipe.setChecked(False))
        self.previews.stepped.connect(self._on_step)
        self.previews.failed.connect(lambda text: self._tell(text, Qgis.MessageLevel.Warning))
        self.inspections.found.connect(self._on_report)
        self.inspections.failed.connect(self.dock.status.setText)
        self.previews.busy.connect(dock.set_busy)
        project.layersAdded.connect(self._on_layers_added)
        project.layersRemoved.connect(self._on_layers_removed)
        project.cleared.connect(self._on_project_cleared)
        self._canvas.extentsChanged.connect(self._on_extent)

    def _on_inputs(self) -> None:
        self.previews.cancel()
        self._forget_preview()
        self.dock.findings.setText("")
        self.inspections.cancel()
        problem = layer_facts.pair_problem(self.inputs.optical, self.inputs.sar)
        self.dock.status.setText(problem)
        if self.inputs.optical is None:
            return
        try:
            self.inspections.ask(self.inputs.inspection_options())
        except DbcrError as error:
            self.dock.status.setText(str(error))
        if self._has_preview_wish() and not problem:
            self.ask_preview()

    def _on_report(self, report) -> None:
        self.dock.findings.setText(dock_state.findings_line(report))
        self.dock.findings.setToolTip("\n".join(report.lines()))
        if report.warnings:
            self.dock.status.setText(" ".join(f"{text[:1].upper()}{text[1:]}." for text in report.warnings))

    def _on_nfe(self, nfe: int) -> None:
        settings.LAST_NFE.write(nfe)
        self._show_cost()
        if self._pictures or self._has_preview_wish():
            self.ask_preview()

    def _on_extent(self) -> None:
        if self._has_preview_wish():
            self.ask_preview()

    def _has_preview_wish(self) -> bool:
        return self.dock.follow.isChecked() and bool(self.inputs.choice.optical) and self.dock.isVisible()

    def _on_step(self, picture, path: str) -> None:
        optical = self.inputs.optical
        if optical is None:
            return
        image, changed = QgsRasterLayer(path, "preview"), QgsRasterLayer(changed_path(path), "preview, changed")
        image.setRenderer(optical.renderer().clone())
        changed.setRenderer(styling.changed_renderer(changed))
        self._pictures = {"reconstruction": image, "changed": changed}
        if picture.uncertainty is not None:
            uncertainty = QgsRasterLayer(uncertainty_path(path), "preview, uncertainty")
            uncertainty.setRenderer(styling.uncertainty_renderer(uncertainty))
            self._pictures["uncertainty"] = uncertainty
        self._show(self.dock.shown.currentData())
        self._preview_pixels = picture.grid.width * picture.grid.height
        self._seconds_per_pixel = picture.seconds / self._preview_pixels
        self._show_cost()
        self.dock.device.setText(picture.device)

    def _show(self, key: str) -> None:
        """Lays one of the pictures over the input."""
        layer = self.inputs.sar if key == "sar" else self._pictures.get(key) or self._result_layer(key)
        self.compare.set_layers([layer] if layer else [])

    def _result_layer(self, key: str):
        """The latest whole-scene result that shows `key`, while it is in the project."""
        name = {"reconstruction": "OUTPUT", "changed": "CHANGED", "uncertainty": "UNCERTAINTY"}[key]
        for run in reversed(self._runs):
            layer = self.inputs.layer(run.layers.get(name, ""))
            if layer is not None:
                return layer
        return None

    def _show_cost(self) -> None:
        optical = self.inputs.optical
        if optical is None or self._card is None:
            return
        size = self._card.tile_size
        overlap = min(settings.OVERLAP.read(), size // 2)
        tiles = TilePlan(optical.width(), optical.height(), size, overlap).count
        nfe = self.dock.dial.nfe
        self.dock.cost.setText(dock_state.cost_text(nfe, self._seconds_per_pixel, self._preview_pixels, tiles))

    def _on_swipe(self, wanted: bool) -> None:
        if wanted:
            self._canvas.setMapTool(self._tool)
        elif self._canvas.mapTool() is self._tool:
            self._canvas.unsetMapTool(self._tool)

    def _on_run_done(self, run: WholeSceneRun, succeeded: bool, text: str) -> None:
        self.dock.run.setEnabled(True)
        self._tell(text, Qgis.MessageLevel.Success if succeeded else Qgis.MessageLevel.Warning)
        self._show(self.dock.shown.currentData())

    def _on_layers_added(self, layers: list) -> None:
        self._later.start(0)

    def _on_layers_removed(self, layer_ids: list) -> None:
        if {self.inputs.choice.optical, self.inputs.choice.sar, self.inputs.choice.mask} & set(layer_ids):
            self.previews.cancel()
            self._forget_preview()
        self._later.start(0)

    def _on_project_cleared(self) -> None:
        for run in self._runs:
            run.cancel()
        self.previews.cancel()
        self._forget_preview()
        self._later.start(0)

    def _forget_preview(self) -> None:
        self._pictures = {}
        self.compare.set_layers([])

    def _install(self, wheel: str) -> None:
        algorithm = QgsApplication.processingRegistry().createAlgorithmById("dbcr:installruntime")
        feedback = ReasonKeeper()
        _results, succeeded = algorithm.run({"WHEEL": wheel or None}, QgsProcessingContext(), feedback)
        if not succeeded:
            self._tell(feedback.reason, Qgis.MessageLevel.Warning)
        self._refresh_runtime()

    def _assess(self) -> None:
        """Opens dbcr:assess on the latest result."""
        import processing  # noqa: QGS111 (the dialog is there and not in qgis.processing)

        result = self._result_layer("reconstruction")
        processing.execAlgorithmDialog("dbcr:assess", {"PREDICTION": result.id()} if result else {})

    def refresh_settings(self) -> None:
        """Looks again at what the options page may have changed, the runtime and the model."""
        self._refresh_runtime()
        model = settings.MODEL.read()
        if self._card is None or model != self._card_of:
            self._card_of = model
            self._read_card()

    def _refresh_runtime(self) -> None:
        self.dock.set_runtime_problem(runtime.probe(runtime_folder()).problem or "")

    def _read_card(self) -> None:
        try:
            self._card = read_model_file(settings.MODEL.read() or bundled_model_path()).card
        except DbcrError as error:
            self._card = None
            self.dock.model.setText(self.tr("no model"))
            self.dock.dial.set_curve(())
            self.dock.status.setText(str(error))
            return
        self.dock.model.setText(self._card.id)
        self.dock.dial.set_curve(dock_state.dial_curve(self._card.metrics))

    def _show_card(self) -> None:
        if self._card is not None:
            CardDialog(self._card, self.dock).exec()

    def _tell(self, text: str, level=Qgis.MessageLevel.Info) -> None:
        self._iface.messageBar().pushMessage(TITLE, text, level)
