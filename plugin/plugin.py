# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin object: registers the provider, and in QGIS desktop the dock. unload() undoes it in reverse order."""

from __future__ import annotations

from qgis.core import QgsApplication

from .provider import DbcrProvider


class DbcrPlugin:
    """Made by classFactory. iface is None in qgis_process, which calls initProcessing alone."""

    def __init__(self, iface) -> None:  # noqa: QGS105 (tests and qgis_process give their own, or None)
        self._iface = iface
        self._provider = None

    def initProcessing(self) -> None:
        if self._provider is None:
            self._provider = DbcrProvider()
            QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:
        self.initProcessing()

    def unload(self) -> None:
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
