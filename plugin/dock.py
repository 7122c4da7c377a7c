# SPDX-License-Identifier: GPL-3.0-or-later
"""The dock's widgets and their layout. It shows values and emits wishes; `dock_controller` decides."""

from __future__ import annotations

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import QEvent, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDockWidget,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from . import icons
from .dock_widgets import BodyArea, MessageLabel, fill, group, on_name, picker, text_label, tip
from .nfe_dial import NfeDial

FIND_CLOUDS = "auto"
EVERY_PIXEL = "none"
"""Entries of the mask picker that stand for no layer; the engine's own words."""


class DbcrDock(QDockWidget):
    """“Cloud removal”."""

    inputs_changed = pyqtSignal()
    model_chosen = pyqtSignal(str)
    """Path of a model file, empty for the bundled one."""
    preview_wanted = pyqtSignal()
    shown_changed = pyqtSignal(str)
    swipe_toggled = pyqtSignal(bool)
    side_by_side_toggled = pyqtSignal(bool)
    flip_wanted = pyqtSignal()
    run_wanted = pyqtSignal()
    copy_wanted = pyqtSignal(str)
    assess_wanted = pyqtSignal()
    card_wanted = pyqtSignal()
    install_wanted = pyqtSignal(str)
    """Path of a wheel, or empty to download."""
    activated = pyqtSignal()
    """The user comes (back) to the window that the dock is in."""
    closed = pyqtSignal()

    def __init__(self, parent: QWidget, nfe: int) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Cloud removal"))
        self.setObjectName("DbcrDock")
        self._icons: dict = {}
        self._can_compute, self._has_image, self._is_running = True, False, False
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self._runtime_panel())
        layout.addLayout(self._input_form())
        layout.addWidget(self._findings_label())
        self.dial = NfeDial(nfe)
        layout.addWidget(self.dial)
        layout.addWidget(self._match_box())
        layout.addLayout(self._preview_line())
        layout.addWidget(self._progress_bar())
        self.cost = MessageLabel()
        self.cost.setToolTip(self.tr("As measured with the preview; a scene costs less where it is clear"))
        layout.addWidget(self.cost)
        self.status = MessageLabel()
        layout.addWidget(self.status)
        layout.addLayout(self._compare_lines())
        layout.addWidget(self._run_box())
        layout.addWidget(self._assess_box())
        layout.addWidget(self._notice())
        layout.addStretch(1)
        area = BodyArea(body)
        self.setWidget(area)
        self._draw_icons()

    def set_layers(self, optical: list, sar: list, masks: list, chosen: tuple) -> None:
        """Fills the pickers with (layer id, name) pairs and selects `chosen`, without emitting inputs_changed."""
        masks = [(FIND_CLOUDS, self.tr("let the model find clouds")), (EVERY_PIXEL, self.tr("every pixel")), *masks]
        sar = [("", self.tr("none (poorer result)")), *sar]
        for field, entries, selected in zip((self.optical, self.sar, self.mask), (optical, sar, masks), chosen):
            fill(field, entries, selected)

    def rename_layers(self, names: dict) -> None:
        """Shows these layers under other names. names: by layer id."""
        for field in (self.optical, self.sar, self.mask, self.assessed, self.reference):
            for row in range(field.count()):
                field.setItemText(row, names.get(field.itemData(row), field.itemText(row)))

    def set_assessable(self, layers: list, result: str, reference: str) -> None:
        """Fills the pickers of result and reference with (layer id, name) pairs."""
        fill(self.assessed, layers, result)
        fill(self.reference, layers, reference)
        self.assess.setEnabled(len(layers) > 1)

    def set_models(self, models: list, chosen: str) -> None:
        """Fills the model picker with (path, name) pairs, without emitting model_chosen."""
        fill(self.model, models, chosen)

    def set_runtime_problem(self, problem: str) -> None:
        """Shows why nothing can be computed, and the buttons that mend it; empty hides the panel."""
        self._runtime_text.setText(problem)
        self._runtime_box.setVisible(bool(problem))
        self._can_compute = not problem
        self._enable()

    def set_has_image(self, has_image: bool) -> None:
        """Whether there is an optical image to work on."""
        self._has_image = has_image
        self._enable()
        if not has_image:
            self.device.setText(self.tr("told once an image is chosen"))

    def set_running(self, running: bool) -> None:
        """Whether the whole scene is being computed."""
        self._is_running = running
        self._enable()

    def _enable(self) -> None:
        ready = self._can_compute and self._has_image
        self.preview.setEnabled(ready)
        self.run.setEnabled(ready and not self._is_running)

    def set_installing(self, installing: bool) -> None:
        """Whether the runtime is being installed right now."""
        for widget in (self.install, self.wheel):
            widget.setEnabled(not installing)
        self.set_busy(installing)

    def set_busy(self, busy: bool) -> None:
        """Whether something is being computed for the dock."""
        self.progress.setRange(0, 0 if busy else 1)
        self.progress.setValue(0)

    def set_progress(self, done: int, planned: int) -> None:
        """How many of the planned evaluations of a preview are done."""
        self.progress.setRange(0, max(1, planned))
        self.progress.setValue(done if done < planned else 0)

    @property
    def can_compute(self) -> bool:
        """Whether there is a runtime, as far as was seen."""
        return self._can_compute

    def event(self, event) -> bool:
        if event.type() == QEvent.Type.WindowActivate:
            self.activated.emit()
        return super().event(event)

    def closeEvent(self, event) -> None:
        self.closed.emit()
        super().closeEvent(event)

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._draw_icons()

    def showEvent(self, event) -> None:
        # Only now a style sheet has had its say on the palette.
        super().showEvent(event)
        self._draw_icons()

    def _draw_icons(self) -> None:
        """In the inks of the theme of now."""
        for button, name in self._icons.items():
            button.setIcon(icons.icon(name, self.palette()))

    def _runtime_panel(self) -> QWidget:
        self._runtime_box = QWidget()
        layout = QVBoxLayout(self._runtime_box)
        layout.setContentsMargins(0, 0, 0, 8)
        self._runtime_text = text_label()
        self.install = QPushButton(self.tr("&Get ONNX Runtime (up to 30 MB)"))
        self.install.setToolTip(self.tr("Downloads it once, beside QGIS's own packages; nothing of QGIS changes"))
        self.install.clicked.connect(lambda: self.install_wanted.emit(""))
        self.wheel = QgsFileWidget()
        self.wheel.setFilter(self.tr("Wheels") + " (*.whl)")
        self.wheel.lineEdit().setPlaceholderText(self.tr("or a wheel from disk"))
        tip(self.wheel, self.tr("Without a network: the same wheel as a file"))
        on_name(self.wheel, self.install_wanted.emit)
        command = QLabel("<code>qgis_process run dbcr:installruntime</code>")
        command.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        command.setToolTip(self.tr("The same from a command line"))
        for widget in (self._runtime_text, self.install, self.wheel, command):
            layout.addWidget(widget)
        self._runtime_box.setVisible(False)
        return self._runtime_box

    def _input_form(self) -> QFormLayout:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.optical, self.sar, self.mask = picker(), picker(), picker()
        for field, label, text in (
            (self.optical, self.tr("Op&tical"), self.tr("The cloudy Sentinel-2 image")),
            (self.sar, self.tr("S&AR"), self.tr("A Sentinel-1 image of the same place and about the same date")),
            (self.mask, self.tr("Mas&k"), self.tr("Where to reconstruct; the rest stays exactly as it is")),
        ):
            field.setToolTip(text)
            field.currentIndexChanged.connect(lambda _index: self.inputs_changed.emit())
            form.addRow(label, field)
        self.model = picker()
        self.model.setToolTip(self.tr("The bundled model, and those in the folder that the options name"))
        self.model.currentIndexChanged.connect(lambda _index: self.model_chosen.emit(self.model.currentData() or ""))
        self.card = self._button("card", self.tr("Model card"))
        self.card.setToolTip(self.tr("What the model was trained on, how well it does, and where not to trust it"))
        self.card.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.card.clicked.connect(self.card_wanted)
        line = QHBoxLayout()
        line.addWidget(self.model, 1)
        line.addWidget(self.card)
        label = QLabel(self.tr("Model"))
        label.setBuddy(self.model)
        form.addRow(label, line)
        self.device = text_label()
        self.device.setToolTip(self.tr("What really computes; the options choose it"))
        form.addRow(self.tr("Device"), self.device)
        return form

    def _findings_label(self) -> QLabel:
        self.findings = text_label()
        self.findings.setToolTip(self.tr("What was found in the inputs"))
        return self.findings

    def _match_box(self) -> QCheckBox:
        self.match = QCheckBox(self.tr("as bright as the clear land around"))
        self.match.setToolTip(
            self.tr("Under clouds the brightness of each band follows the clear land around; off: the model's own")
        )
        return self.match

    def _preview_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        self.preview = QPushButton(self.tr("Prev&iew"))
        self.preview.setToolTip(self.tr("Reconstruct what the map shows now"))
        self.preview.clicked.connect(self.preview_wanted)
        self._icons[self.preview] = "preview"
        self.follow = QCheckBox(self.tr("follow the map"))
        self.follow.setToolTip(self.tr("Draw a new preview after panning and zooming"))
        line.addWidget(self.preview, 1)
        line.addWidget(self.follow)
        return line

    def _progress_bar(self) -> QProgressBar:
        """Always there, so that nothing jumps when work begins."""
        self.progress = QProgressBar()
        self.progress.setRange(0, 1)
        self.progress.setMaximumHeight(4)
        self.progress.setTextVisible(False)
        return self.progress

    def _compare_lines(self) -> QVBoxLayout:
        box, first, second = QVBoxLayout(), QHBoxLayout(), QHBoxLayout()
        self.shown = picker()
        for key, text in (
            ("reconstruction", self.tr("reconstruction")),
            ("sar", self.tr("SAR")),
            ("changed", self.tr("changed pixels")),
            ("uncertainty", self.tr("uncertainty")),
        ):
            self.shown.addItem(text, key)
        self.shown.setToolTip(self.tr("What lies over the input"))
        self.shown.currentIndexChanged.connect(lambda _index: self.shown_changed.emit(self.shown.currentData()))
        label = QLabel(self.tr("Over the input"))
        label.setBuddy(self.shown)
        first.addWidget(label)
        first.addWidget(self.shown, 1)
        self.swipe = self._button("swipe", self.tr("Swipe"))
        self.swipe.setCheckable(True)
        self.swipe.setToolTip(self.tr("Drag a line over the map between input and picture"))
        self.swipe.toggled.connect(self.swipe_toggled)
        self.flip = self._button("flip", self.tr("&Flip"))
        self.flip.setToolTip(self.tr("Hide or show the picture; the space bar does it while swiping"))
        self.flip.clicked.connect(self.flip_wanted)
        self.side_by_side = self._button("side-by-side", self.tr("Side &by side"))
        self.side_by_side.setCheckable(True)
        self.side_by_side.setToolTip(self.tr("Reconstruction, SAR, changed pixels and uncertainty in linked maps"))
        self.side_by_side.toggled.connect(self.side_by_side_toggled)
        for button in (self.swipe, self.flip, self.side_by_side):
            second.addWidget(button)
        box.addLayout(first)
        box.addLayout(second)
        return box

    def _run_box(self) -> QWidget:
        box, layout = group(self.tr("Whole scene"), "DbcrWholeScene")
        self.output = QgsFileWidget()
        self.output.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.output.setFilter("GeoTIFF (*.tif *.tiff)")
        self.output.lineEdit().setPlaceholderText(self.tr("[temporary file]"))
        tip(self.output, self.tr("Where the cloud-free image goes; empty: a temporary file"))
        layout.addWidget(self.output)
        extras = QHBoxLayout()
        self.with_changed = QCheckBox(self.tr("changed pixels"))
        self.with_changed.setChecked(True)
        self.with_uncertainty = QCheckBox(self.tr("uncertainty"))
        for widget in (self.with_changed, self.with_uncertainty):
            widget.setToolTip(
                self.tr("Also written and loaded; beside a named image, as …_changed.tif and …_uncertainty.tif")
            )
            extras.addWidget(widget)
        extras.addStretch(1)
        layout.addLayout(extras)
        line = QHBoxLayout()
        self.run = QPushButton(self.tr("R&un on the whole scene"))
        self.run.setToolTip(self.tr("In the background; the task list at the bottom shows progress and cancels"))
        self.run.clicked.connect(self.run_wanted)
        self._icons[self.run] = "run"
        self.copy = self._button("copy", self.tr("Cop&y as"))
        self.copy.setToolTip(self.tr("The same run as text, to repeat it elsewhere"))
        self.copy.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.copy.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        menu = QMenu(self.copy)
        for kind, text in (("command", self.tr("qgis_process command")), ("python", self.tr("Python"))):
            menu.addAction(text).triggered.connect(lambda _checked=False, kind=kind: self.copy_wanted.emit(kind))
        self.copy.setMenu(menu)
        line.addWidget(self.run, 1)
        line.addWidget(self.copy)
        layout.addLayout(line)
        return box

    def _assess_box(self) -> QWidget:
        box, layout = group(self.tr("Assess"), "DbcrAssess")
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.assessed, self.reference = picker(), picker()
        self.assessed.setToolTip(self.tr("The image to assess: the latest result, or any other"))
        self.reference.setToolTip(self.tr("A clear image of the same place and about the same date"))
        self.report = QgsFileWidget()
        self.report.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.report.setFilter("HTML (*.html)")
        self.report.lineEdit().setPlaceholderText(self.tr("[temporary file]"))
        tip(self.report, self.tr("Where the report goes, a page with its figures; empty: a temporary file"))
        form.addRow(self.tr("Result"), self.assessed)
        form.addRow(self.tr("Refere&nce"), self.reference)
        form.addRow(self.tr("Report"), self.report)
        layout.addLayout(form)
        self.assess = QPushButton(self.tr("Assess"))
        self.assess.setToolTip(self.tr("PSNR, SSIM, MAE and SAM for all, cloudy and clear pixels, with an error map"))
        self.assess.clicked.connect(self.assess_wanted)
        self._icons[self.assess] = "assess"
        layout.addWidget(self.assess)
        box.setCollapsed(True)
        self.assess_box = box
        return box

    def _notice(self) -> QLabel:
        notice = text_label()
        notice.setText(self.tr("Reconstructed pixels are estimates, not observations."))
        return notice

    def _button(self, icon: str, text: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setAccessibleName(text.replace("&", ""))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if icon == "card":
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._icons[button] = icon
        return button
