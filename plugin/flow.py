# SPDX-License-Identifier: GPL-3.0-or-later
"""A row of widgets that goes on below where its place is too narrow: for long languages and large fonts."""

from __future__ import annotations

from qgis.PyQt.QtCore import QRect, QSize, Qt
from qgis.PyQt.QtWidgets import QLayout, QStyle, QWidget

ONE_LINE = 350
"""Pixels that a window has for a row in any case: up to this, its parts stay beside each other."""


class Flow(QLayout):
    """Parts keep their order; what is left of a line goes to those that expand."""

    def __init__(self, *parts: QWidget) -> None:
        super().__init__()
        self._items: list = []
        for part in parts:
            self.addWidget(part)

    def addItem(self, item) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int):
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int):
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self):
        return Qt.Orientation.Horizontal

    def sizeHint(self) -> QSize:
        return QSize(self._width(self._items), _height(self._items))

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._items]
        width = min(self.sizeHint().width(), ONE_LINE)
        return QSize(max(width, *(size.width() for size in sizes)), max(size.height() for size in sizes))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        heights = [_height(line) for line in self._lines(width)]
        return sum(heights) + self.spacing() * (len(heights) - 1)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        direction, top = self.parentWidget().layoutDirection(), rect.top()
        for line in self._lines(rect.width()):
            height = _height(line)
            growing = [item for item in line if item.expandingDirections() & Qt.Orientation.Horizontal]
            spare = max(0, rect.width() - self._width(line))
            left = rect.left()
            for item in line:
                width = min(item.sizeHint().width(), rect.width())
                if item in growing:
                    share = spare // len(growing)
                    spare, width = spare - share, width + share
                    growing.remove(item)
                item.setGeometry(QStyle.visualRect(direction, rect, QRect(left, top, width, height)))
                left += width + self.spacing()
            top += height + self.spacing()

    def _lines(self, width: int) -> list:
        """The parts, as many to a line as fit."""
        lines: list = []
        for item in self._items:
            if lines and self._width([*lines[-1], item]) <= width:
                lines[-1].append(item)
            else:
                lines.append([item])
        return lines

    def _width(self, line: list) -> int:
        return sum(item.sizeHint().width() for item in line) + self.spacing() * (len(line) - 1)


def _height(line: list) -> int:
    return max(item.sizeHint().height() for item in line)
