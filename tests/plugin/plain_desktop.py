# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of QGIS's interface as the plugin uses, with a window and a map of its own, for children without pytest."""

from __future__ import annotations

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtWidgets import QMainWindow, QMenu


class PlainDesktop:
    """messages: what the message bar was told."""

    def __init__(self) -> None:
        self.window = QMainWindow()
        self.canvas = QgsMapCanvas(self.window)
        self.menu = QMenu()
        self.messages: list = []
        self.window.setCentralWidget(self.canvas)
        self.window.resize(1000, 700)
        self.window.show()

    def mapCanvas(self):
        return self.canvas

    def mainWindow(self):
        return self.window

    def activeLayer(self):
        return None

    def messageBar(self):
        return self

    def pushMessage(self, title, text, level) -> None:
        self.messages.append(text)

    def addDockWidget(self, area, dock) -> None:
        self.window.addDockWidget(area, dock)

    def removeDockWidget(self, dock) -> None:
        self.window.removeDockWidget(dock)

    def addToolBarIcon(self, action) -> None:
        self.menu.addAction(action)

    def removeToolBarIcon(self, action) -> None:
        self.menu.removeAction(action)

    def rasterMenu(self):
        return self.menu

    def registerOptionsWidgetFactory(self, factory) -> None:
        pass

    def unregisterOptionsWidgetFactory(self, factory) -> None:
        pass
