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

from ...dbcr_core.errors import OutputError
from .. import runtime, settings
from ..feedback import engine_errors
from ..layers import source_path
from ..provider import ICON_FILE, plugin_icon


def translated(text: str) -> str:
    """The text in the user's language."""
    return QCoreApplication.translate("DbcrAlgorithm", text)


def runtime_folder() -> Path:
    """The plugin's own ONNX Runtime: in the profile but outside the plugin's folder, which updates replace."""
    named = settings.RUNTIME_FOLDER.read()
    return runtime.own_folder(Path(named or Path(QgsApplication.qgisSettingsDirPath(), "dbcr", "runtime")))


def write_text(path: str, text: str) -> None:
    """Writes a report; raises QgsProcessingException where the folder does not take it."""
    with engine_errors():
        try:
            Path(path).write_text(text, encoding="utf-8")
        except OSError as error:
            raise OutputError(f"Cannot write {path} ({error.strerror}); choose another folder.") from error


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

    def raster_path(self, parameters: dict, name: str, context, role: str) -> str | None:
        """The path behind a raster parameter; None where an optional one was left out.

        role: what the layer is to be, for messages. Raises InputError for a layer or file that cannot serve.
        """
        value = parameters.get(name)
        definition = self.parameterDefinition(name)
        if value in (None, "") and definition.flags() & QgsProcessingParameterDefinition.Flag.FlagOptional:
            return None
        layer = self.parameterAsRasterLayer(parameters, name, context)
        if layer is None and isinstance(value, str):
            # A file that is no raster, or none at all: the engine has the sentence for each.
            from ...dbcr_core.rasters import open_raster

            open_raster(value).close()
        return source_path(layer, role)

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
