# SPDX-License-Identifier: GPL-3.0-or-later
"""The dock's boxes that start something in the background: the whole scene, and its assessment."""

from __future__ import annotations

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QFormLayout, QMenu, QSizePolicy, QToolButton

from .dock_widgets import CollapsibleBox, StartButton, fill, picker, tip, tool_button, with_icon
from .flow import Flow


class RunBox(CollapsibleBox):
    """“Whole scene”: where results go, and the run itself."""

    run_wanted = pyqtSignal()
    copy_wanted = pyqtSignal(str)
    """Asks for the run as text: "command" or "python"."""

    def __init__(self) -> None:
        super().__init__("DbcrWholeScene")
        self.setTitle(self.tr("Whole scene"))
        self.output = QgsFileWidget()
        self.output.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.output.setFilter("GeoTIFF (*.tif *.tiff)")
        self.output.lineEdit().setPlaceholderText(self.tr("[temporary file]"))
        where = self.tr("Where the cloud-free image goes; empty: a temporary file")
        tip(self.output, self.tr("Cloud-free image"), where)
        self.body.addWidget(self.output)
        self.body.addLayout(self._extras_line())
        self.body.addLayout(self._run_line())

    def _extras_line(self) -> Flow:
        self.with_changed = QCheckBox(self.tr("changed pixels"))
        self.with_changed.setChecked(True)
        self.with_uncertainty = QCheckBox(self.tr("uncertainty"))
        for widget in (self.with_changed, self.with_uncertainty):
            widget.setToolTip(
                self.tr("Also written and loaded; beside a named image, as …_changed.tif and …_uncertainty.tif")
            )
        return Flow(self.with_changed, self.with_uncertainty)

    def _run_line(self) -> Flow:
        self.run = with_icon(StartButton(self.tr("R&un on the whole scene")), "run")
        self.run.setToolTip(self.tr("In the background; the task list at the bottom shows progress and cancels"))
        self.run.clicked.connect(self.run_wanted)
        self.copy = tool_button("copy", self.tr("Cop&y as"))
        self.copy.setToolTip(self.tr("The same run as text, to repeat it elsewhere"))
        self.copy.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.copy.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        menu = QMenu(self.copy)
        for kind, text in (("command", self.tr("qgis_process command")), ("python", self.tr("Python"))):
            menu.addAction(text).triggered.connect(lambda _checked=False, kind=kind: self.copy_wanted.emit(kind))
        self.copy.setMenu(menu)
        return Flow(self.run, self.copy)


class AssessBox(CollapsibleBox):
    """“Assess”: a result against a clear image."""

    assess_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__("DbcrAssess")
        self.setTitle(self.tr("Assess"))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.assessed, self.reference = picker(), picker()
        self.assessed.setToolTip(self.tr("The image to assess: the latest result, or any other"))
        self.reference.setToolTip(self.tr("A clear image of the same place and about the same date"))
        self.report = QgsFileWidget()
        self.report.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.report.setFilter("HTML (*.html)")
        self.report.lineEdit().setPlaceholderText(self.tr("[temporary file]"))
        where = self.tr("Where the report goes, a page with its figures; empty: a temporary file")
        tip(self.report, self.tr("Report"), where)
        form.addRow(self.tr("Result"), self.assessed)
        form.addRow(self.tr("Refere&nce"), self.reference)
        form.addRow(self.tr("Report"), self.report)
        self.body.addLayout(form)
        self.assess = with_icon(StartButton(self.tr("Assess")), "assess")
        self.assess.setToolTip(self.tr("PSNR, SSIM, MAE and SAM for all, cloudy and clear pixels, with an error map"))
        self.assess.clicked.connect(self.assess_wanted)
        self.body.addWidget(self.assess)
        self.setCollapsed(True)

    def set_layers(self, layers: list, result: str, reference: str) -> None:
        """Fills the pickers of result and reference with (layer id, name) pairs."""
        fill(self.assessed, layers, result)
        fill(self.reference, layers, reference)
        self.assess.setEnabled(len(layers) > 1)
