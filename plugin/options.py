# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin's page in Settings ▸ Options."""

from __future__ import annotations

from qgis.core import QgsTask
from qgis.gui import QgsFileWidget, QgsOptionsPageWidget
from qgis.PyQt import sip
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..dbcr_core.errors import DbcrError
from ..dbcr_core.predictors import DEVICES
from ..dbcr_core.rasters import COMPRESSIONS
from . import settings
from .dock_inputs import MOST_PREVIEW
from .preview_cache import MEGABYTE, SHARED
from .self_test import run_self_test
from .tasks import begin
from .words import say


class OptionsPage(QgsOptionsPageWidget):
    """Shows the settings when opened and stores them on OK."""

    applied = pyqtSignal()
    """The settings are stored."""

    def __init__(self, parent=None) -> None:
        super().__init__(parent)
        self.fields: dict = {}
        self._tasks: list = []
        layout = QVBoxLayout(self)
        layout.addWidget(self._computing())
        layout.addWidget(self._model())
        layout.addWidget(self._previews())
        layout.addWidget(self._runtime())
        layout.addStretch(1)

    def apply(self) -> None:
        """Stores what the page shows."""
        for setting, field in self.fields.items():
            setting.write(_value(field))
        self.applied.emit()

    def test(self) -> None:
        """Runs the self-test in the background with what the page shows, stored or not."""
        shown = {setting.key: _value(field) for setting, field in self.fields.items()}
        self.test_button.setEnabled(False)
        self.test_result.setText(self.tr("running…"))
        self._begin_test(shown["model"], shown["device"], shown["threads"] or None, shown["worker-python"])

    def _begin_test(self, *arguments) -> None:
        task = SelfTestTask(*arguments)
        self._tasks.append(task)
        task.ended.connect(self._on_tested)
        begin(task, lambda: None if sip.isdeleted(self) else self._begin_test(*arguments))

    def clear_cache(self) -> None:
        """Forgets the grounds of earlier previews."""
        SHARED.clear()
        self._show_cache()

    def _computing(self) -> QGroupBox:
        box, form = _group(self.tr("Computing"))
        self._add(
            form,
            self.tr("Device"),
            settings.DEVICE,
            _choice(DEVICES),
            self.tr("auto takes the fastest at hand; those that begin with torch need a worker"),
        )
        self._add(
            form,
            self.tr("Threads"),
            settings.THREADS,
            _number(0, 256, self.tr("all cores")),
            self.tr("Processor threads for the network"),
        )
        self._add(
            form,
            self.tr("Tile overlap"),
            settings.OVERLAP,
            _number(-1, 128, self.tr("a quarter of a tile"), self.tr(" pixels")),
            self.tr("What neighbouring tiles share; more costs time and hides their borders better"),
        )
        self._add(
            form,
            self.tr("Compression"),
            settings.COMPRESSION,
            _choice(COMPRESSIONS),
            self.tr("Of the files that the dock writes: deflate is read by every program, zstd takes half the time"),
        )
        self._add(
            form,
            self.tr("Python of the worker"),
            settings.WORKER_PYTHON,
            _file("", self.tr("none: everything runs inside QGIS")),
            self.tr("Another Python, which has torch or a CUDA build of ONNX Runtime; jobs and previews run there"),
        )
        self.test_button = QPushButton(self.tr("&Self-test"))
        self.test_button.setToolTip(self.tr("Runs one tile with these settings: device, seconds, checksum"))
        self.test_button.clicked.connect(self.test)
        self.test_result = QLabel()
        self.test_result.setWordWrap(True)
        form.addRow(self.test_button, self.test_result)
        return box

    def _model(self) -> QGroupBox:
        box, form = _group(self.tr("Model"))
        self._add(
            form,
            self.tr("Model file"),
            settings.MODEL,
            _file(self.tr("DB-CR models") + " (*.dbcr)", self.tr("the bundled one")),
            self.tr("What the dock and the algorithms use unless they are told otherwise"),
        )
        self._add(
            form,
            self.tr("Model folder"),
            settings.MODEL_FOLDER,
            _folder(self.tr("none")),
            self.tr("The dock offers every model file in it"),
        )
        return box

    def _previews(self) -> QGroupBox:
        box, form = _group(self.tr("Preview"))
        self._add(
            form,
            self.tr("Longest side"),
            settings.PREVIEW_PIXELS,
            _number(64, MOST_PREVIEW, suffix=self.tr(" pixels")),
            self.tr("A map that shows more is previewed in its centre"),
        )
        self._add(
            form,
            self.tr("Cache"),
            settings.CACHE_MEGABYTES,
            _number(64, 16_384, suffix=" MB"),
            self.tr("Memory for what earlier previews looked at: going back costs nothing"),
        )
        self.cache_used = QLabel()
        self.cache_button = QPushButton(self.tr("&Clear"))
        self.cache_button.setToolTip(self.tr("Forgets what earlier previews looked at"))
        self.cache_button.clicked.connect(self.clear_cache)
        line = QHBoxLayout()
        line.addWidget(self.cache_used, 1)
        line.addWidget(self.cache_button)
        form.addRow("", line)
        self._show_cache()
        return box

    def _runtime(self) -> QGroupBox:
        box, form = _group("ONNX Runtime")
        self._add(
            form,
            self.tr("Folder"),
            settings.RUNTIME_FOLDER,
            _folder(self.tr("in the profile")),
            self.tr("Where the plugin keeps its own ONNX Runtime, outside QGIS's packages"),
        )
        self._add(
            form,
            self.tr("Package index"),
            settings.PACKAGE_INDEX,
            QLineEdit(),
            self.tr("Where it is downloaded from, on request only"),
        )
        return box

    def _on_tested(self, text: str) -> None:
        self.test_button.setEnabled(True)
        self.test_result.setText(text)

    def _show_cache(self) -> None:
        self.cache_used.setText(self.tr("in use: {0} MB").format(round(SHARED.nbytes / MEGABYTE)))

    def _add(self, form: QFormLayout, label: str, setting: settings.Setting, field: QWidget, tip: str) -> None:
        value = setting.read()
        if isinstance(field, QComboBox):
            field.setCurrentIndex(max(0, field.findText(value)))
        elif isinstance(field, QSpinBox):
            field.setValue(value)
        elif isinstance(field, QgsFileWidget):
            field.setFilePath(value)
        else:
            field.setText(value)
        for widget in (field, *field.findChildren(QLineEdit), *field.findChildren(QToolButton)):
            widget.setToolTip(tip)
        self.fields[setting] = field
        form.addRow(label, field)


class SelfTestTask(QgsTask):
    """Runs the self-test on QGIS's thread pool."""

    ended = pyqtSignal(str)
    """The outcome in words."""

    def __init__(self, model: str, device: str, threads, worker_python: str) -> None:
        super().__init__(say("Cloud removal self-test"), QgsTask.Flag.CanCancel)
        self._arguments = (settings.runtime_folder(), model, device, threads, worker_python)

    def run(self) -> bool:
        try:
            text = run_self_test(*self._arguments).line()
        except DbcrError as error:
            self.ended.emit(str(error))
            return False
        self.ended.emit(text)
        return True


def _value(field) -> object:
    if isinstance(field, QComboBox):
        return field.currentText()
    if isinstance(field, QSpinBox):
        return field.value()
    return field.filePath() if isinstance(field, QgsFileWidget) else field.text()


def _group(title: str) -> tuple:
    box = QGroupBox(title)
    form = QFormLayout(box)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return box, form


def _choice(options: tuple) -> QComboBox:
    field = QComboBox()
    field.addItems(list(options))
    return field


def _number(low: int, high: int, lowest: str = "", suffix: str = "") -> QSpinBox:
    field = QSpinBox()
    field.setRange(low, high)
    field.setSpecialValueText(lowest)
    field.setSuffix(suffix)
    return field


def _file(pattern: str, empty: str) -> QgsFileWidget:
    field = QgsFileWidget()
    field.setFilter(pattern)
    field.lineEdit().setPlaceholderText(empty)
    return field


def _folder(empty: str) -> QgsFileWidget:
    field = _file("", empty)
    field.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
    return field
