# SPDX-License-Identifier: GPL-3.0-or-later
"""What the plugin's algorithms share: icon, group, and how advanced parameters are added."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QIcon

from .. import runtime, settings
from ..provider import ICON_FILE, plugin_icon


def translated(text: str) -> str:
    """The text in the user's language."""
    return QCoreApplication.translate("DbcrAlgorithm", text)


def runtime_folder() -> Path:
    """The plugin's own ONNX Runtime: in the profile but outside the plugin's folder, which updates replace."""
    named = settings.RUNTIME_FOLDER.read()
    return runtime.own_folder(Path(named or Path(QgsApplication.qgisSettingsDirPath(), "dbcr", "runtime")))


class DbcrAlgorithm(QgsProcessingAlgorithm):
    """Base of the plugin's algorithms."""

    def createInstance(self):
        return type(self)()

    def icon(self) -> QIcon:
        return plugin_icon()

    def svgIconPath(self) -> str:
        return str(ICON_FILE)

    def group(self) -> str:
        return ""

    def groupId(self) -> str:
        return ""

    def add_parameter(
        self, parameter: QgsProcessingParameterDefinition, help_text: str, advanced: bool = False
    ) -> None:
        """Adds a parameter with its tooltip."""
        parameter.setHelp(help_text)
        if advanced:
            parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.FlagAdvanced)
        self.addParameter(parameter)

    def add_choice(self, name: str, label: str, options: tuple, help_text: str, optional: bool = False) -> None:
        """Adds an advanced choice whose values are the engine's own words, on the command line too."""
        self.add_parameter(
            QgsProcessingParameterEnum(
                name,
                label,
                options=list(options),
                defaultValue=None if optional else options[0],
                optional=optional,
                usesStaticStrings=True,
            ),
            help_text,
            advanced=True,
        )
