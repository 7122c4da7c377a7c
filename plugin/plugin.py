# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin object: registers the provider, and in QGIS desktop the dock. unload() undoes it in reverse order."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, QLocale, Qt, QTimer, QTranslator
from qgis.PyQt.QtWidgets import QAction

from . import settings
from .icons import plugin_icon
from .options_factory import OptionsFactory
from .provider import DbcrProvider
from .words import say

if TYPE_CHECKING:
    from .dock_controller import DockController

TRANSLATIONS = Path(__file__).resolve().parents[1] / "resources" / "i18n"


class DbcrPlugin:
    """Made by classFactory. iface is None in qgis_process, which calls initProcessing alone."""

    def __init__(self, iface) -> None:  # noqa: QGS105 (tests and qgis_process give their own, or None)
        self._iface = iface
        self._provider: Optional[DbcrProvider] = None
        self._action: Optional[QAction] = None
        self._options: Optional[OptionsFactory] = None
        self._translator: Optional[QTranslator] = None
        self.controller: Optional[DockController] = None

    def initProcessing(self) -> None:
        if self._provider is None:
            self._provider = DbcrProvider()
            QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:
        self._translate()
        self.initProcessing()
        self._action = action = QAction(plugin_icon(), say("Cloud removal (DB-CR)"), self._iface.mainWindow())
        action.setObjectName("DbcrDockAction")
        action.setCheckable(True)
        action.setToolTip(say("Remove clouds from a Sentinel-2 image"))
        action.toggled.connect(self.show_dock)
        # The toolbar of the plugins: unlike the raster toolbar it is there in a fresh profile.
        self._iface.addToolBarIcon(action)
        # Not through addPluginToRasterMenu: that makes a submenu for one entry, and QGIS never deletes it.
        self._iface.rasterMenu().addAction(action)
        self._options = OptionsFactory()
        self._options.applied.connect(self._on_options)
        self._iface.registerOptionsWidgetFactory(self._options)
        if settings.DOCK_OPEN.read():
            # Only once QGIS is up: start-up does not wait for the dock.
            QTimer.singleShot(0, self._reopen)

    def unload(self) -> None:
        if self._options is not None:
            self._iface.unregisterOptionsWidgetFactory(self._options)
            self._options = None
        if self.controller is not None:
            self.controller.close()
            self._iface.removeDockWidget(self.controller.dock)
            self.controller.dock.deleteLater()
            self.controller = None
        # Only now the dock's runs have ended. Where nothing ran, nothing waits: no reason to import the engine.
        execution = sys.modules.get(f"{__package__}.execution")
        if execution is not None:
            execution.close()
        if self._action is not None:
            self._iface.rasterMenu().removeAction(self._action)
            self._iface.removeToolBarIcon(self._action)
            self._action.deleteLater()
            self._action = None
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None

    def show_dock(self, wanted: bool = True) -> None:
        """Opens or closes the dock; it is built on first use, so that start-up does not pay for it."""
        if wanted and self.controller is None:
            from .dock_controller import DockController

            self.controller = controller = DockController(self._iface)
            controller.dock.closed.connect(self._on_dock_closed)
            # QGIS's own menu of panels opens it as well.
            controller.dock.toggleViewAction().triggered.connect(self._on_panels)
            self._place(controller.dock)
        if self.controller is not None:
            self.controller.set_open(wanted)
        settings.DOCK_OPEN.write(wanted)

    def _on_options(self) -> None:
        if self.controller is not None:
            self.controller.take_settings()

    def _on_dock_closed(self) -> None:
        if self._action is not None:
            self._action.setChecked(False)

    def _on_panels(self, is_open: bool) -> None:
        if self._action is not None:
            self._action.setChecked(is_open)

    def _place(self, dock) -> None:
        """Puts the dock where it stood when QGIS was last closed; on the right when that is not known."""
        window, area = self._iface.mainWindow(), Qt.DockWidgetArea.RightDockWidgetArea
        floats = False
        # QGIS restored its window before this dock was there.
        if window.restoreDockWidget(dock):
            area, floats = window.dockWidgetArea(dock), dock.isFloating()
        self._iface.addDockWidget(area, dock)
        dock.setFloating(floats)

    def _translate(self) -> None:
        """Texts in QGIS's language, where there is a translation; qgis_process stays English.

        QGIS notes there which language it took: of `--lang`, of its options, or of the system. `QgsApplication.locale`
        knows nothing of the first.
        """
        language = QgsSettings().value("locale/userLocale", "", type=str) or QgsApplication.locale()
        translator = QTranslator()
        if translator.load(QLocale(language), "dbcr", "_", str(TRANSLATIONS)):
            self._translator = translator
            QCoreApplication.installTranslator(translator)

    def _reopen(self) -> None:
        if self._action is not None:
            self._action.setChecked(True)
