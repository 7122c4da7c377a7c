# SPDX-License-Identifier: GPL-3.0-or-later
"""The Processing provider `dbcr`."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .icons import ICON_FILE, plugin_icon


class DbcrProvider(QgsProcessingProvider):
    """Offers the plugin's algorithms to the toolbox, models, batch and qgis_process."""

    def id(self) -> str:
        return "dbcr"

    def name(self) -> str:
        return "DB-CR cloud removal"

    def icon(self) -> QIcon:
        return plugin_icon()

    def svgIconPath(self) -> str:
        return str(ICON_FILE)

    def defaultRasterFileExtension(self) -> str:
        return "tif"

    def supportedOutputRasterLayerExtensions(self) -> list:
        return ["tif", "tiff"]

    def loadAlgorithms(self) -> None:
        from .algorithms.assess import Assess
        from .algorithms.diagnostics import Diagnostics
        from .algorithms.inspect import Inspect
        from .algorithms.install_runtime import InstallRuntime
        from .algorithms.remove_clouds import RemoveClouds

        for algorithm in (RemoveClouds, Inspect, Assess, InstallRuntime, Diagnostics):
            self.addAlgorithm(algorithm())
