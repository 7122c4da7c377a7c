# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells QGIS that there is an options page; the page itself is built when someone opens it."""

from __future__ import annotations

from qgis.gui import QgsOptionsWidgetFactory
from qgis.PyQt.QtCore import pyqtSignal

from .icons import plugin_icon
from .words import say


class OptionsFactory(QgsOptionsWidgetFactory):
    """Register it with iface and keep a reference until it is unregistered."""

    applied = pyqtSignal()
    """The user stored settings."""

    def __init__(self) -> None:
        super().__init__(say("Cloud removal"), plugin_icon())

    def icon(self):
        return plugin_icon()

    def createWidget(self, parent=None):
        from .options import OptionsPage

        page = OptionsPage(parent)
        page.applied.connect(self.applied)
        return page
