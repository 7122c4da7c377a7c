# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin's page in Settings ▸ Options."""

from __future__ import annotations

from qgis.core import QgsApplication, QgsTask
from qgis.gui import QgsFileWidget, QgsOptionsPageWidget
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QPushButton, QSpinBox

from ..dbcr_core.errors import DbcrError
from ..dbcr_core.predictor import DEVICES
from . import settings
from .algorithms.base import runtime_folder
from .self_test import run_self_test


class OptionsPage(QgsOptionsPageWidget):
    """Shows the settings when opened and stores them on OK."""

    def __init__(self, parent=None) -> None:
        super().__init__(parent)
        self.fields: dict = {}
        self._tasks: list = []
        form = QFormLayout(self)
        self._add(form, self.tr("Device"), settings.DEVICE, _choice(DEVICES))
        self._add(form, self.tr("Threads (0: all cores)"), settings.THREADS, _number(0, 256))
        self._add(form, self.tr("Tile overlap (pixels)"), settings.OVERLAP, _number(0, 128))
        self._add(form, self.tr("Longest side of the preview (pixels)"), settings.PREVIEW_PIXELS, _number(64, 2048))
        self._add(form, self.tr("Model (empty: bundled)"), settings.MODEL, _file("DB-CR models (*.dbcr)"))
        self._add(form, self.tr("ONNX Runtime folder (empty: in the profile)"), settings.RUNTIME_FOLDER, _folder())
        self._add(form, self.tr("Package index"), settings.PACKAGE_INDEX, QLineEdit())
        self._add(form, self.tr("Python of the worker (empty: run inside QGIS)"), settings.WORKER_PYTHON, _file(""))
        self.test_button = QPushButton(self.tr("Self-test"))
        self.test_button.setToolTip(self.tr("Runs one tile with these settings: device, seconds, checksum"))
        self.test_button.clicked.connect(self.test)
        self.test_result = QLabel()
        self.test_result.setWordWrap(True)
        form.addRow(self.test_button, self.test_result)

    def apply(self) -> None:
        """Stores what the page shows."""
        for setting, field in self.fields.items():
            setting.write(_value(field))

    def test(self) -> None:
        """Runs the self-test in the background with what the page shows, stored or not."""
        shown = {setting.key: _value(field) for setting, field in self.fields.items()}
        task = SelfTestTask(shown["model"], shown["device"], shown["threads"] or None)
        self._tasks.append(task)
        self.test_button.setEnabled(False)
        self.test_result.setText(self.tr("running…"))
        task.taskCompleted.connect(lambda: self._on_tested(task))
        task.taskTerminated.connect(lambda: self._on_tested(task))
        QgsApplication.taskManager().addTask(task)

    def _on_tested(self, task: SelfTestTask) -> None:
        self.test_button.setEnabled(True)
        self.test_result.setText(task.text)

    def _add(self, form: QFormLayout, label: str, setting: settings.Setting, field) -> None:
        value = setting.read()
        if isinstance(field, QComboBox):
            field.setCurrentIndex(max(0, field.findText(value)))
        elif isinstance(field, QSpinBox):
            field.setValue(value)
        elif isinstance(field, QgsFileWidget):
            field.setFilePath(value)
        else:
            field.setText(value)
        self.fields[setting] = field
        form.addRow(label, field)


class SelfTestTask(QgsTask):
    """Runs the self-test on QGIS's thread pool; `text` tells the outcome."""

    def __init__(self, model: str, device: str, threads) -> None:
        super().__init__("Cloud removal self-test", QgsTask.Flag.CanCancel)
        self.text = ""
        self._arguments = (runtime_folder(), model, device, threads)

    def run(self) -> bool:
        if self._arguments[2].startswith("torch-"):
            self.text = "torch runs in the worker process; choose another device for the self-test."
            return False
        try:
            self.text = run_self_test(*self._arguments).line()
        except DbcrError as error:
            self.text = str(error)
            return False
        return True


def _value(field) -> object:
    if isinstance(field, QComboBox):
        return field.currentText()
    if isinstance(field, QSpinBox):
        return field.value()
    return field.filePath() if isinstance(field, QgsFileWidget) else field.text()


def _choice(options: tuple) -> QComboBox:
    field = QComboBox()
    field.addItems(list(options))
    return field


def _number(low: int, high: int) -> QSpinBox:
    field = QSpinBox()
    field.setRange(low, high)
    return field


def _file(pattern: str) -> QgsFileWidget:
    field = QgsFileWidget()
    field.setFilter(pattern)
    return field


def _folder() -> QgsFileWidget:
    field = QgsFileWidget()
    field.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
    return field
