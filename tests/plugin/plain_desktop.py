# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of QGIS's interface as the plugin uses: around a window and a map that are there, or with its own."""

from __future__ import annotations

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtWidgets import QMainWindow, QMenu


class PlainDesktop:
    """messages: what the message bar shows; docks, and actions with options pages: what is registered now."""

    def __init__(self, window: QMainWindow | None = None, canvas: QgsMapCanvas | None = None) -> None:
        self.messages: list = []
        self.docks: list = []
        self.actions: list = []
        self.menu = QMenu()
        if window is None:
            window = QMainWindow()
            canvas = QgsMapCanvas(window)
            window.setCentralWidget(canvas)
            window.resize(1000, 700)
            window.show()
        self._window, self._canvas = window, canvas

    def mapCanvas(self):
        return self._canvas

    def mainWindow(self):
        return self._window

    def activeLayer(self):
        return None

    def messageBar(self):
        return self

    def pushItem(self, item) -> None:
        self.messages.append(item.text())

    def popWidget(self, item) -> None:
        self.messages.remove(item.text())

    def addDockWidget(self, area, dock) -> None:
        self._window.addDockWidget(area, dock)
        self.docks.append(dock)

    def removeDockWidget(self, dock) -> None:
        self._window.removeDockWidget(dock)
        self.docks.remove(dock)

    def addToolBarIcon(self, action) -> None:
        self.actions.append(action)

    def removeToolBarIcon(self, action) -> None:
        self.actions.remove(action)

    def registerOptionsWidgetFactory(self, factory) -> None:
        self.actions.append(factory)

    def unregisterOptionsWidgetFactory(self, factory) -> None:
        self.actions.remove(factory)

    def rasterMenu(self):
        return self.menu
