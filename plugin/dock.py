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
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from .dock_boxes import AssessBox, RunBox
from .dock_compare_lines import CompareLines
from .dock_widgets import (
    BodyArea,
    MessageLabel,
    draw_icons,
    fill,
    on_name,
    picker,
    text_label,
    tip,
    tool_button,
    with_icon,
)
from .flow import Flow
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
        self.compare_lines, self.run_box, self.assess_box = CompareLines(), RunBox(), AssessBox()
        for part in (self.compare_lines, self.run_box, self.assess_box):
            layout.addWidget(part)
        layout.addWidget(self._notice())
        layout.addStretch(1)
        area = BodyArea(body)
        self.setWidget(area)
        draw_icons(self)

    def set_layers(self, optical: list, sar: list, masks: list, chosen: tuple) -> None:
        """Fills the pickers with (layer id, name) pairs and selects `chosen`, without emitting inputs_changed."""
        masks = [(FIND_CLOUDS, self.tr("let the model find clouds")), (EVERY_PIXEL, self.tr("every pixel")), *masks]
        sar = [("", self.tr("none (poorer result)")), *sar]
        for field, entries, selected in zip((self.optical, self.sar, self.mask), (optical, sar, masks), chosen):
            fill(field, entries, selected)

    def rename_layers(self, names: dict) -> None:
        """Shows these layers under other names. names: by layer id."""
        for field in (self.optical, self.sar, self.mask, self.assess_box.assessed, self.assess_box.reference):
            for row in range(field.count()):
                field.setItemText(row, names.get(field.itemData(row), field.itemText(row)))

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
        if not has_image:
            self.device.setText(self.tr("told once an image is chosen"))
        elif not self._has_image:
            self.device.setText("")
        self._has_image = has_image
        self._enable()

    def set_running(self, running: bool) -> None:
        """Whether the whole scene is being computed."""
        self._is_running = running
        self._enable()

    def _enable(self) -> None:
        ready = self._can_compute and self._has_image
        self.preview.setEnabled(ready)
        self.run_box.run.setEnabled(ready and not self._is_running)

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
            draw_icons(self)

    def showEvent(self, event) -> None:
        # Only now a style sheet has had its say on the palette.
        super().showEvent(event)
        draw_icons(self)

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
        tip(self.wheel, self.tr("Wheel on disk"), self.tr("Without a network: the same wheel as a file"))
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
        self.card = tool_button("card", self.tr("Model card"))
        self.card.setToolTip(self.tr("What the model was trained on, how well it does, and where not to trust it"))
        self.card.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.card.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
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

    def _preview_line(self) -> Flow:
        self.preview = with_icon(QPushButton(self.tr("Prev&iew")), "preview")
        self.preview.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.preview.setToolTip(self.tr("Reconstruct what the map shows now"))
        self.preview.clicked.connect(self.preview_wanted)
        self.follow = QCheckBox(self.tr("follow the map"))
        self.follow.setToolTip(self.tr("Draw a new preview after panning and zooming"))
        return Flow(self.preview, self.follow)

    def _progress_bar(self) -> QProgressBar:
        """Always there, so that nothing jumps when work begins."""
        self.progress = QProgressBar()
        self.progress.setRange(0, 1)
        self.progress.setMaximumHeight(4)
        self.progress.setTextVisible(False)
        return self.progress

    def _notice(self) -> QLabel:
        notice = text_label()
        notice.setText(self.tr("Reconstructed pixels are estimates, not observations."))
        return notice
