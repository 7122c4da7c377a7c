# SPDX-License-Identifier: GPL-3.0-or-later
"""The dock's widgets and their layout. It shows values and emits wishes; `dock_controller` decides."""

from __future__ import annotations

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDockWidget,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from .nfe_dial import NfeDial

FIND_CLOUDS = "auto"
EVERY_PIXEL = "none"
"""Entries of the mask picker that stand for no layer; the engine's own words."""

SHOWN = ("reconstruction", "sar", "changed", "uncertainty")


class DbcrDock(QDockWidget):
    """“Cloud removal”."""

    inputs_changed = pyqtSignal()
    preview_wanted = pyqtSignal()
    shown_changed = pyqtSignal(str)
    swipe_toggled = pyqtSignal(bool)
    flip_wanted = pyqtSignal()
    run_wanted = pyqtSignal()
    copy_wanted = pyqtSignal(str)
    assess_wanted = pyqtSignal()
    card_wanted = pyqtSignal()
    install_wanted = pyqtSignal(str)
    """Path of a wheel, or empty to download."""
    closed = pyqtSignal()

    def __init__(self, parent: QWidget, nfe: int) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Cloud removal"))
        self.setObjectName("DbcrDock")
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.addWidget(self._runtime_panel())
        layout.addLayout(self._input_form())
        layout.addWidget(self._findings_label())
        layout.addLayout(self._model_line())
        self.dial = NfeDial(nfe)
        layout.addWidget(self.dial)
        self.cost = QLabel()
        self.cost.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self.cost)
        layout.addLayout(self._preview_line())
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setMaximumHeight(6)
        self.progress.setTextVisible(False)
        self.progress.setVisible(False)
        layout.addWidget(self.progress)
        self.status = _text_label()
        layout.addWidget(self.status)
        layout.addLayout(self._compare_line())
        layout.addLayout(self._run_form())
        layout.addWidget(self._notice())
        layout.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        bar = area.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        area.setMinimumWidth(body.minimumSizeHint().width() + bar + 2 * area.frameWidth())
        self.setWidget(area)

    def set_layers(self, optical: list, sar: list, masks: list, chosen: tuple) -> None:
        """Fills the pickers with (layer id, name) pairs and selects `chosen`, without emitting inputs_changed."""
        masks = [(FIND_CLOUDS, self.tr("let the model find clouds")), (EVERY_PIXEL, self.tr("every pixel")), *masks]
        sar = [("", self.tr("none (poorer result)")), *sar]
        for picker, entries, selected in zip((self.optical, self.sar, self.mask), (optical, sar, masks), chosen):
            picker.blockSignals(True)
            picker.clear()
            for layer_id, name in entries:
                picker.addItem(name, layer_id)
            picker.setCurrentIndex(max(0, picker.findData(selected)) if entries else -1)
            picker.blockSignals(False)

    def set_runtime_problem(self, problem: str) -> None:
        """Shows why nothing can be computed, and the buttons that mend it; empty hides the panel."""
        self._runtime_text.setText(problem)
        self._runtime_box.setVisible(bool(problem))
        for widget in (self.preview, self.run):
            widget.setEnabled(not problem)

    def set_busy(self, busy: bool) -> None:
        self.progress.setVisible(busy)

    def closeEvent(self, event) -> None:
        self.closed.emit()
        super().closeEvent(event)

    def _runtime_panel(self) -> QWidget:
        self._runtime_box = QWidget()
        layout = QVBoxLayout(self._runtime_box)
        layout.setContentsMargins(0, 0, 0, 0)
        self._runtime_text = _text_label()
        install = QPushButton(self.tr("Install ONNX Runtime (about 20 MB)"))
        install.clicked.connect(lambda: self.install_wanted.emit(""))
        self._wheel = QgsFileWidget()
        self._wheel.setFilter("Wheels (*.whl)")
        self._wheel.setToolTip(self.tr("Without a network: the same wheel as a file"))
        self._wheel.fileChanged.connect(lambda path: self.install_wanted.emit(path) if path else None)
        for widget in (self._runtime_text, install, self._wheel):
            layout.addWidget(widget)
        self._runtime_box.setVisible(False)
        return self._runtime_box

    def _input_form(self) -> QFormLayout:
        form = QFormLayout()
        self.optical, self.sar, self.mask = (QComboBox() for _ in range(3))
        for picker, label, tip in (
            (self.optical, self.tr("&Optical"), self.tr("The cloudy Sentinel-2 image")),
            (self.sar, self.tr("&SAR"), self.tr("A Sentinel-1 image of the same place and about the same date")),
            (self.mask, self.tr("&Mask"), self.tr("Where to reconstruct; the rest stays exactly as it is")),
        ):
            picker.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            picker.setMinimumContentsLength(12)
            picker.setToolTip(tip)
            picker.currentIndexChanged.connect(lambda _index: self.inputs_changed.emit())
            form.addRow(label, picker)
        return form

    def _findings_label(self) -> QLabel:
        self.findings = _text_label()
        self.findings.setToolTip(self.tr("What was found in the inputs"))
        return self.findings

    def _model_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        self.model = QPushButton()
        self.model.setFlat(True)
        self.model.setToolTip(self.tr("What the model was trained on, how well it does, and where not to trust it"))
        self.model.clicked.connect(self.card_wanted)
        self.device = QLabel()
        line.addWidget(self.model)
        line.addWidget(self.device, 1)
        return line

    def _preview_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        self.preview = QPushButton(self.tr("&Preview"))
        self.preview.setToolTip(self.tr("Reconstruct what the map shows now"))
        self.preview.clicked.connect(self.preview_wanted)
        self.follow = QCheckBox(self.tr("follow the map"))
        self.follow.setToolTip(self.tr("Draw a new preview after panning and zooming"))
        line.addWidget(self.preview, 1)
        line.addWidget(self.follow)
        return line

    def _compare_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        self.shown = QComboBox()
        for key, text in zip(
            SHOWN, (self.tr("reconstruction"), self.tr("SAR"), self.tr("changed pixels"), self.tr("uncertainty"))
        ):
            self.shown.addItem(text, key)
        self.shown.setToolTip(self.tr("What lies over the input"))
        self.shown.currentIndexChanged.connect(lambda _index: self.shown_changed.emit(self.shown.currentData()))
        self.swipe = QPushButton(self.tr("S&wipe"))
        self.swipe.setCheckable(True)
        self.swipe.setToolTip(self.tr("Drag a line over the map between input and picture"))
        self.swipe.toggled.connect(self.swipe_toggled)
        flip = QPushButton(self.tr("&Flip"))
        flip.setToolTip(self.tr("Hide or show the picture; the space bar does it while swiping"))
        flip.clicked.connect(self.flip_wanted)
        for widget in (self.shown, self.swipe, flip):
            line.addWidget(widget)
        return line

    def _run_form(self) -> QVBoxLayout:
        box = QVBoxLayout()
        self.output = QgsFileWidget()
        self.output.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.output.setFilter("GeoTIFF (*.tif)")
        self.output.lineEdit().setPlaceholderText(self.tr("[temporary file]"))
        box.addWidget(self.output)
        extras = QHBoxLayout()
        self.with_changed = QCheckBox(self.tr("changed pixels"))
        self.with_changed.setChecked(True)
        self.with_uncertainty = QCheckBox(self.tr("uncertainty"))
        for widget in (self.with_changed, self.with_uncertainty):
            widget.setToolTip(self.tr("Also written and loaded, beside the image"))
            extras.addWidget(widget)
        box.addLayout(extras)
        line = QHBoxLayout()
        self.run = QPushButton(self.tr("&Run on the whole scene"))
        self.run.clicked.connect(self.run_wanted)
        copy = QToolButton()
        copy.setText(self.tr("Copy as"))
        copy.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(copy)
        for kind, text in (("command", self.tr("qgis_process command")), ("python", self.tr("Python"))):
            menu.addAction(text).triggered.connect(lambda _checked=False, kind=kind: self.copy_wanted.emit(kind))
        copy.setMenu(menu)
        assess = QToolButton()
        assess.setText(self.tr("Assess…"))
        assess.setToolTip(self.tr("Compare the latest result with a clear image"))
        assess.clicked.connect(self.assess_wanted)
        line.addWidget(self.run, 1)
        line.addWidget(copy)
        line.addWidget(assess)
        box.addLayout(line)
        return box

    def _notice(self) -> QLabel:
        notice = _text_label()
        notice.setText(self.tr("Reconstructed pixels are estimates, not observations."))
        notice.setEnabled(False)
        return notice


def _text_label() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
