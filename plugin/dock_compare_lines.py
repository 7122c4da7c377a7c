# SPDX-License-Identifier: GPL-3.0-or-later
"""The dock's lines that choose what lies over the input, and how the two are compared."""

from __future__ import annotations

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from .dock_widgets import picker, tool_button
from .flow import Flow


class CompareLines(QWidget):
    """A picker of pictures, and below it the ways of comparing."""

    shown_changed = pyqtSignal(str)
    swipe_toggled = pyqtSignal(bool)
    side_by_side_toggled = pyqtSignal(bool)
    flip_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.addLayout(self._shown_line())
        body.addLayout(self._ways_line())

    def choose(self, key: str) -> None:
        """Shows another choice in the picker, without emitting shown_changed."""
        self.shown.blockSignals(True)
        self.shown.setCurrentIndex(self.shown.findData(key))
        self.shown.blockSignals(False)

    def _shown_line(self) -> Flow:
        self.shown = picker()
        self.shown.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
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
        return Flow(label, self.shown)

    def _ways_line(self) -> Flow:
        self.swipe = tool_button("swipe", self.tr("Swipe"))
        self.swipe.setCheckable(True)
        self.swipe.setToolTip(self.tr("Drag a line over the map between input and picture"))
        self.swipe.toggled.connect(self.swipe_toggled)
        self.flip = tool_button("flip", self.tr("&Flip"))
        self.flip.setToolTip(self.tr("Hide or show the picture; the space bar does it while swiping"))
        self.flip.clicked.connect(self.flip_wanted)
        self.side_by_side = tool_button("side-by-side", self.tr("Side &by side"))
        self.side_by_side.setCheckable(True)
        self.side_by_side.setToolTip(self.tr("Reconstruction, SAR, changed pixels and uncertainty in linked maps"))
        self.side_by_side.toggled.connect(self.side_by_side_toggled)
        return Flow(self.swipe, self.flip, self.side_by_side)
