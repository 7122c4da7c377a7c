# SPDX-License-Identifier: GPL-3.0-or-later
"""“Assess”: dbcr:assess in the background, its report shown, and saved where asked."""

from __future__ import annotations

import shutil
from pathlib import Path

from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QTextBrowser, QVBoxLayout, QWidget

from .background_run import BackgroundRun
from .words import say


class AssessmentRun(BackgroundRun):
    """One run of dbcr:assess. report: path of the HTML page, once it succeeded."""

    def __init__(self, parameters: dict) -> None:
        super().__init__("dbcr:assess", parameters)
        self.report = ""

    def _finish(self, results: dict) -> str:
        self.report = results["HTML"]
        return say("PSNR {0} dB, SSIM {1}, MAE {2}, SAM {3}°").format(
            f"{results['PSNR']:.2f}", f"{results['SSIM']:.3f}", f"{results['MAE']:.4f}", f"{results['SAM']:.2f}"
        )


class AssessmentDialog(QDialog):
    """Shows the report; it stays open while one works on."""

    def __init__(self, report: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._report = report
        self.setWindowTitle(self.tr("Assessment"))
        self.resize(680, 720)
        self.text = QTextBrowser()
        self.text.setHtml(Path(report).read_text(encoding="utf-8"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        save = buttons.addButton(self.tr("Save as HTML…"), QDialogButtonBox.ButtonRole.ActionRole)
        save.setToolTip(self.tr("The same page with its figures, as one file"))
        save.clicked.connect(self.ask_and_save)
        browse = buttons.addButton(self.tr("Open in the browser"), QDialogButtonBox.ButtonRole.ActionRole)
        browse.setToolTip(self.tr("Shows the page where it can be printed"))
        browse.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(self._report)))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(buttons)

    def ask_and_save(self) -> None:
        """Asks where to, and saves the page there."""
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Save the report"), "assessment.html", "HTML (*.html)")
        if path:
            self.save(path)

    def save(self, path: str) -> None:
        """Copies the page; says in the window's own place where that fails."""
        try:
            shutil.copyfile(self._report, path)
        except OSError as error:
            self.text.append(self.tr("Cannot write {0} ({1}); choose another folder.").format(path, error.strerror))
