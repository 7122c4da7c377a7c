# SPDX-License-Identifier: GPL-3.0-or-later
"""Small parts that the dock is made of."""

from __future__ import annotations

from qgis.gui import QgsCollapsibleGroupBox, QgsFileWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QComboBox, QLabel, QToolButton, QVBoxLayout


class MessageLabel(QLabel):
    """A text that takes no room while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.setVisible(False)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setVisible(bool(text))


def picker() -> QComboBox:
    """A picker that any width suits."""
    picker = QComboBox()
    picker.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    picker.setMinimumContentsLength(10)
    return picker


def fill(picker: QComboBox, entries: list, selected: str) -> None:
    """Sets (data, text) pairs and selects one, silently."""
    picker.blockSignals(True)
    picker.clear()
    for data, text in entries:
        picker.addItem(text, data)
    picker.setCurrentIndex(picker.findData(selected))
    picker.blockSignals(False)


def tip(file: QgsFileWidget, text: str) -> None:
    """A tooltip for the line and for the button behind it."""
    for widget in (file, file.lineEdit(), *file.findChildren(QToolButton)):
        widget.setToolTip(text)


def group(title: str, name: str) -> tuple:
    """(collapsible box, its layout)."""
    box = QgsCollapsibleGroupBox(title)
    box.setObjectName(name)
    box.setSaveCollapsedState(False)
    layout = QVBoxLayout(box)
    layout.setContentsMargins(8, 6, 8, 8)
    return box, layout


def text_label() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
