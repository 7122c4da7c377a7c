# SPDX-License-Identifier: GPL-3.0-or-later
"""What the dock does: reads the project, asks for previews, compares on the canvas, starts runs in the background."""

from __future__ import annotations

from typing import Optional

from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QObject

from ..dbcr_core.errors import DbcrError
from . import copied, dock_state, execution, layer_facts, preview_cache, runtime, settings
from .dock import EVERY_PIXEL, FIND_CLOUDS, DbcrDock
from .dock_compare import DockCompare
from .dock_inputs import DockInputs
from .dock_model import DockModel
from .dock_runs import DockRuns
from .inspection import InspectionController
from .layer_watch import LayerWatch
from .messages import Messages
from .preview import MAP_MOVES_MILLISECONDS, PreviewController
from .question import as_question
from .words import say


class DockController(QObject):
    """Owns the dock and everything it starts; close() ends all of it."""

    def __init__(self, iface) -> None:  # noqa: QGS105 (tests give their own)
        super().__init__()
        self._iface = iface
        self._canvas = iface.mapCanvas()
        self.dock = DbcrDock(iface.mainWindow(), settings.LAST_NFE.read())
        self.dock.follow.setChecked(settings.PREVIEW_FOLLOWS.read())
        self.dock.match.setChecked(settings.MATCH_SURROUNDINGS.read())
        self._tell = Messages(iface, self.tr("Cloud removal")).tell
        self.inputs = DockInputs(self.dock, self._canvas)
        self.model = DockModel(self.dock, self.inputs, lambda text: self._note("model", text))
        self.previews = PreviewController(settings.runtime_folder)
        self.inspections = InspectionController()
        self.watch = LayerWatch()
        self.runs = DockRuns(self.dock, self.inputs, self._tell)
        self.compare = DockCompare(iface, self.dock.compare_lines, self.inputs, self._result)
        self._shown_window = None
        self._seen: Optional[tuple] = None
        self._wants_sar = True
        self._notes: dict = dict.fromkeys(("model", "inputs", "view"), "")
        self._connect()
        self.refresh_settings()
        self.refresh_layers()

    def close(self) -> None:
        """Cancels what runs and takes everything off QGIS that this put there."""
        self._canvas.extentsChanged.disconnect(self._look_ahead)
        self.watch.close()
        self.runs.close()
        self.compare.close()
        self.inspections.close()
        self.previews.close()

    def set_open(self, is_open: bool) -> None:
        """Opens or closes the dock; closed, it leaves nothing over the map."""
        self.dock.setVisible(is_open)
        if not is_open:
            self.previews.cancel()
            self._shown_window = None  # it may not have been finished
            self.dock.compare_lines.swipe.setChecked(False)
            self.dock.compare_lines.side_by_side.setChecked(False)
        self.compare.set_open(is_open)

    def refresh_layers(self) -> None:
        """Fills the pickers from the project, keeping what was chosen where it is still there."""
        optical, sar, mask = self.inputs.picked
        facts = layer_facts.of_project(QgsProject.instance())
        active = self._iface.activeLayer()
        before = dock_state.LayerChoice(optical, sar, mask)
        chosen = dock_state.preselect(facts, before, active.id() if active else "", self._wants_sar)
        mask_word = EVERY_PIXEL if mask == EVERY_PIXEL else FIND_CLOUDS
        named = [(each.layer_id, each.name) for each in facts]
        masks = [(each.layer_id, each.name) for each in facts if each.is_mask]
        self.dock.set_layers(named, named, masks, (chosen.optical, chosen.sar, chosen.mask or mask_word))
        self.runs.refresh_assessable(facts)
        self.watch.follow_layers()
        if self.inputs.sources != self._seen:
            self._on_inputs()
        self.compare.follow()

    def ask_preview(self, after_milliseconds: int = 0) -> None:
        """Wants a preview of what the map shows."""
        self.refresh_settings()
        try:
            options, view = self.inputs.preview_options(self.model.tile_size)
            execution.check_device(options["device"], self.inputs.worker_python)
        except DbcrError as error:
            self.previews.cancel()
            self._forget_preview()  # its NFE, or another choice, may be no longer the one that is shown
            self._tell(str(error), False, "preview")
            return
        self._note(
            "view",
            self.tr("Preview of the centre, {0} × {1} pixels; zoom in to see the rest.").format(
                view.window.width, view.window.height
            )
            if view.is_centre_only
            else "",
        )
        self._shown_window = None if view.is_centre_only else view.window
        self.previews.ask(options, self.dock.dial.nfe, self.inputs.worker_python, after_milliseconds)

    def copy(self, kind: str) -> None:
        """Puts the run on the clipboard, layers as files, so that it runs anywhere."""
        try:
            parameters = self.inputs.portable_parameters()
        except DbcrError as error:
            self._tell(str(error), False)
            return
        QgsApplication.clipboard().setText(copied.TEXTS[kind](parameters))
        self._tell(self.tr("Copied; layers stand in it as files."))

    def refresh_settings(self) -> None:
        """Looks again at what the options page may have changed: runtime, model, cache."""
        self._refresh_runtime()
        preview_cache.SHARED.limit_megabytes = settings.CACHE_MEGABYTES.read()
        self.model.refresh()

    def take_settings(self) -> None:
        """The options page has stored settings."""
        shown = self.dock.model.currentData() or ""
        self.refresh_settings()
        if settings.MODEL.read() != shown:
            self._on_other_model()
        else:
            self._look_ahead()

    def _connect(self) -> None:
        dock = self.dock
        dock.inputs_changed.connect(self._on_inputs)
        dock.sar.activated.connect(lambda _index: self._on_sar_picked())
        dock.model_chosen.connect(self._on_model)
        dock.preview_wanted.connect(self.compare.unflip)
        dock.preview_wanted.connect(self.ask_preview)
        dock.dial.changed.connect(self._on_nfe)
        dock.match.toggled.connect(self._on_match)
        dock.run_box.run_wanted.connect(self.runs.run_scene)
        dock.run_box.copy_wanted.connect(self.copy)
        dock.assess_box.assess_wanted.connect(self.runs.assess)
        dock.card_wanted.connect(self.model.show_card)
        dock.install_wanted.connect(self.runs.install)
        self.runs.loaded.connect(self._on_loaded)
        self.runs.failed.connect(self._refresh_runtime)
        self.runs.installed.connect(self._on_installed)
        dock.activated.connect(self._on_activated)
        dock.visibilityChanged.connect(self._on_visible)
        dock.follow.toggled.connect(self._on_follow)
        self.previews.stepped.connect(self._on_step)
        self.previews.prepared.connect(self._on_prepared)
        self.previews.failed.connect(lambda text: self._tell(text, False, "preview"))
        self.previews.busy.connect(self._on_busy)
        self.inspections.found.connect(self._on_report)
        self.inspections.failed.connect(lambda text: self._note("inputs", text))
        self.inspections.asked.connect(lambda error: self._note("inputs", as_question(error)))
        dock.status.linkActivated.connect(self._on_answer)
        self._canvas.extentsChanged.connect(self._look_ahead)
        self.watch.changed.connect(self.refresh_layers)
        self.watch.removed.connect(self._on_layers_removed)
        self.watch.cleared.connect(self._on_project_cleared)
        self.watch.renamed.connect(lambda: dock.rename_layers(_names()))
        self.watch.restyled.connect(self.compare.restyle)
        self.watch.repainted.connect(self.compare.follow)

    def _on_inputs(self) -> None:
        self._seen = self.inputs.sources
        self.previews.cancel()
        self._forget_preview()
        self.dock.findings.setText("")
        self.dock.cost.setText("")
        self.dock.set_has_image(self.inputs.optical is not None)
        if self._inspect():
            self._look_ahead()

    def _inspect(self) -> bool:
        """Asks what there is to say of the inputs; False where they cannot serve."""
        self.inspections.cancel()
        self._note("inputs", layer_facts.pair_problem(self.inputs.optical, self.inputs.sar))
        if self.inputs.optical is None:
            return False
        # What is wrong with a model file is said already.
        model = settings.MODEL.read() or None if self.model.card else None
        try:
            self.inspections.ask({**self.inputs.inspection_options(), "model": model})
        except DbcrError as error:
            self._note("inputs", str(error))
            return False
        return True

    def _on_answer(self, link: str) -> None:
        self.inputs.answer(link)
        self._on_inputs()

    def _look_ahead(self) -> None:
        """A new preview where the user wants one at every move; else what can be done before he asks for one."""
        if not self.inputs.choice.optical or not self.dock.isVisible():
            return
        try:
            if dock_state.covers(self._shown_window, self.inputs.view()):
                return
            if self.dock.follow.isChecked():
                self.ask_preview(MAP_MOVES_MILLISECONDS)
            elif self.inputs.worker_python:
                self.dock.device.setText(say("{0}, in the worker").format(settings.DEVICE.read()))
            elif not settings.DEVICE.read().startswith("torch-"):
                self.previews.prepare(self.inputs.preview_options(self.model.tile_size)[0])
        except DbcrError:
            return  # the map shows something else, or the layer does not fit: no one has asked yet

    def _on_report(self, report) -> None:
        self.dock.findings.setText(dock_state.findings_line(report, say))
        self.dock.findings.setToolTip("\n".join(report.lines()))
        if report.warnings:
            self._note("inputs", " ".join(f"{text[:1].upper()}{text[1:]}." for text in report.warnings))

    def _on_nfe(self, nfe: int) -> None:
        settings.LAST_NFE.write(nfe)
        self.model.show_cost()
        self._preview_again()

    def _on_sar_picked(self) -> None:
        """By the user: "none" is an answer, and no gap to be filled when the project's layers change."""
        self._wants_sar = bool(self.dock.sar.currentData())

    def _on_match(self, wanted: bool) -> None:
        settings.MATCH_SURROUNDINGS.write(wanted)
        self._preview_again()

    def _preview_again(self) -> None:
        if self.compare.has_preview or (self.dock.follow.isChecked() and self.inputs.choice.optical):
            self.ask_preview()

    def _on_follow(self, wanted: bool) -> None:
        settings.PREVIEW_FOLLOWS.write(wanted)
        self._look_ahead()

    def _on_visible(self, visible: bool) -> None:
        if visible:
            self.refresh_settings()
            self._look_ahead()

    def _on_model(self, path: str) -> None:
        settings.MODEL.write(path)
        self.refresh_settings()
        self._on_other_model()

    def _on_other_model(self) -> None:
        self.model.forget_seconds()
        wants_preview = self.compare.has_preview and not self.dock.isHidden()
        self.previews.cancel()
        self._forget_preview()
        self._inspect()
        if wants_preview:
            self.ask_preview()
        else:
            self._look_ahead()

    def _on_busy(self, busy: bool) -> None:
        self.dock.set_busy(busy)
        if not busy:
            self._refresh_runtime()  # whoever has tried to load it knows by now whether it works

    def _on_prepared(self, device: str, tiles: int) -> None:
        """Before the first preview: the device, and the cost as it was when this model last ran on it."""
        self.dock.device.setText(device)
        self.model.take_memory(device, tiles)

    def _on_step(self, picture, files) -> None:
        if self.inputs.optical is None:
            return
        self.compare.take(files)
        self.dock.set_progress(picture.done, picture.planned)
        self.model.take_measure(picture)
        self.dock.device.setText(picture.device)

    def _result(self, key: str):
        """Of the chosen image: another's result is nothing to compare it with."""
        return self.runs.result_layer(key, self.inputs.choice.optical)

    def _on_loaded(self, optical: str) -> None:
        """The result shows itself, as any layer; a preview of the same image would only lie over it."""
        if optical == self.inputs.choice.optical:
            self.previews.cancel()
            self._note("view", "")
            self.compare.make_way()
        else:
            self.compare.refresh()

    def _on_layers_removed(self, layer_ids: list) -> None:
        if set(self.inputs.picked) & set(layer_ids):
            self.previews.cancel()
            self._forget_preview()
        else:
            self.compare.refresh()

    def _on_project_cleared(self) -> None:
        self._wants_sar = True
        # A name given for one project's scene is none for the next project's.
        self.dock.run_box.output.setFilePath("")
        self.dock.assess_box.report.setFilePath("")
        self.runs.leave_project()
        self.previews.cancel()
        self._forget_preview()
        self.compare.make_way()

    def _forget_preview(self) -> None:
        self._shown_window = None
        self._note("view", "")
        self.compare.forget()

    def _refresh_runtime(self) -> None:
        problem = "" if self.inputs.worker_python else runtime.probe(settings.runtime_folder()).problem
        if problem == runtime.MISSING:
            problem = say("ONNX Runtime, which runs the model, is missing. It can be added in three ways:")
        self.dock.set_runtime_problem(problem or "")

    def _on_activated(self) -> None:
        """The toolbox, or another program, may have installed or mended the runtime meanwhile."""
        if not self.dock.can_compute:
            runtime.try_again()
            self._refresh_runtime()
            if self.dock.can_compute:
                self._look_ahead()

    def _on_installed(self) -> None:
        self._refresh_runtime()
        self._look_ahead()

    def _note(self, subject: str, text: str) -> None:
        """Says something of a subject on the dock, beside what is said of the others, until it is said anew."""
        self._notes[subject] = text
        self.dock.status.setText(" ".join(filter(None, self._notes.values())))


def _names() -> dict:
    """Names of the project's layers by their ids."""
    return {layer_id: layer.name() for layer_id, layer in QgsProject.instance().mapLayers().items()}
