# SPDX-License-Identifier: GPL-3.0-or-later
"""Small parts that the dock is made of."""

from __future__ import annotations

from typing import Callable, Optional, TypeVar

from qgis.gui import QgsCollapsibleGroupBox, QgsFileWidget
from qgis.PyQt.QtCore import QEvent, QSize, Qt
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from . import icons

Button = TypeVar("Button", bound=QAbstractButton)

ICON = "dbcr_icon"
"""Property of a button that names its icon."""


class BodyArea(QScrollArea):
    """Scrolls up and down only; it is always as wide as its body needs, in every language, font and style."""

    def __init__(self, body: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(body)

    def minimumSizeHint(self) -> QSize:
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        return QSize(self.widget().minimumSizeHint().width() + bar, super().minimumSizeHint().height())

    def eventFilter(self, watched, event) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


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


class CollapsibleBox(QgsCollapsibleGroupBox):
    """A box whose parts go into `body`, one below the other."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSaveCollapsedState(False)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(8, 6, 8, 8)


class StartButton(QPushButton):
    """Waits, disabled, for what it started; then it has the focus again that Qt passed on, where the user left it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._passed_to: Optional[QWidget] = None

    def setEnabled(self, enabled: bool) -> None:
        had_focus, window = self.hasFocus(), self.window()
        super().setEnabled(enabled)
        if had_focus and not enabled:
            self._passed_to = window.focusWidget()
        elif enabled:
            if self._passed_to is not None and window.focusWidget() is self._passed_to:
                self.setFocus()
            self._passed_to = None


class Unwheeled:
    """Mixed into a field: the wheel over it scrolls the panel, in place of changing the choice."""

    def wheelEvent(self, event) -> None:
        event.ignore()


class _Picker(Unwheeled, QComboBox):
    pass


def picker() -> QComboBox:
    """A picker that any width suits."""
    picker = _Picker()
    picker.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # not the wheel's
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


def tip(file: QgsFileWidget, name: str, text: str) -> None:
    """A tooltip for the line and for the button behind it, and their name for screen readers."""
    line, buttons = file.lineEdit(), file.findChildren(QToolButton)
    for widget in (file, line, *buttons):
        widget.setToolTip(text)
    for widget in (line, *buttons):
        widget.setAccessibleName(name if widget is line else f"{name} …")


def on_name(file: QgsFileWidget, take: Callable[[str], None]) -> None:
    """Has `take` called with a name once it was chosen, or typed to its end; QGIS's own signal comes at every key."""
    line = file.lineEdit()

    def look(is_typed: bool) -> None:
        if line.text() and line.isModified() == is_typed:
            line.setModified(False)  # taken: a line that loses the focus has ended, too
            take(file.filePath())

    file.fileChanged.connect(lambda _path: look(is_typed=False))
    line.editingFinished.connect(lambda: look(is_typed=True))


def text_label() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def tool_button(icon: str, text: str) -> QToolButton:
    """A button with an icon and a text beside it."""
    button = QToolButton()
    button.setText(text)
    button.setAccessibleName(text.replace("&", ""))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return with_icon(button, icon)


def with_icon(button: Button, name: str) -> Button:
    """The button, with the icon of this name once `draw_icons` was called."""
    button.setProperty(ICON, name)
    return button


def draw_icons(parent: QWidget) -> None:
    """Draws the icons of all buttons inside, in the inks of the theme of now."""
    for button in parent.findChildren(QAbstractButton):
        if button.property(ICON):
            button.setIcon(icons.icon(button.property(ICON), parent.palette()))
