# SPDX-License-Identifier: GPL-3.0-or-later
"""What the plugin's algorithms share: how parameters are added and read, inputs opened, and outputs checked."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Any, Iterable

from qgis.core import (
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsProcessingUtils,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QIcon

from ...dbcr_core import disk
from ...dbcr_core.errors import DbcrError, ModelError, OutputError
from .. import settings
from ..feedback import engine_errors
from ..icons import ICON_FILE, plugin_icon
from ..layers import source_path
from .choices import MASK_KINDS
from .values import plain_values


def translated(text: str) -> str:
    """The text in the user's language."""
    return QCoreApplication.translate("DbcrAlgorithm", text)


def write_text(path: str, text: str) -> None:
    """Writes a report; raises QgsProcessingException where the folder does not take it."""
    with engine_errors():
        try:
            disk.write_text(os.path.realpath(path), text)  # a link stays one
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

    def plain(self, parameters: dict, context) -> dict:
        """The parameters as `plain_values`, which all else here is given; raises InputError."""
        return plain_values(self.parameterDefinitions(), parameters, context)

    def read(self, parameters: dict, context) -> None:
        """Takes what the run needs from plain parameters; raises DbcrError for those that cannot be run with."""

    def checkParameterValues(self, parameters, context) -> tuple:
        try:
            parameters = self.plain(parameters, context)
            self.read(parameters, context)
        except DbcrError as error:
            return False, str(error)
        return super().checkParameterValues(self.with_layers(parameters, context), context)

    def prepareAlgorithm(self, parameters, context, feedback) -> bool:
        # Models come here without the check, and whoever checks may ask another instance.
        fine, reason = self.checkParameterValues(parameters, context)
        if not fine:
            raise QgsProcessingException(reason)
        return True

    def raster_path(self, parameters: dict, name: str, context, role: str) -> str | None:
        """The path behind a raster parameter; None where an optional one was left out.

        role: what the layer is to be, for messages. Raises InputError for a layer or file that cannot serve.
        """
        value = parameters.get(name)
        definition = self.parameterDefinition(name)
        if value in (None, "") and definition.flags() & QgsProcessingParameterDefinition.Flag.FlagOptional:
            return None
        layer = self.parameterAsRasterLayer(parameters, name, context)
        allow_network = self.allows_network(parameters, context)
        # One of another kind is none of the raster layers, and `source_path` says so.
        if layer is None and isinstance(value, QgsMapLayer):
            layer = value
        elif layer is None and isinstance(value, str):
            layer = QgsProcessingUtils.mapLayerFromString(value, context, False)
        if layer is None and isinstance(value, str):
            # A product that the engine opens and QGIS does not, or the engine has the sentence for what it is.
            from ...dbcr_core.rasters import open_raster

            open_raster(value, allow_network=allow_network).close()
            return value
        # A radar swath is located by control points, which QGIS takes for no CRS and the engine does not.
        return source_path(layer, role, needs_crs=name != "SAR", allow_network=allow_network)

    def inputs(self, parameters: dict, context) -> dict[str, Any]:
        """The engine's arguments that say what the images hold and with which model; raises InputError for layers that
        cannot serve."""
        return {
            "optical": self.raster_path(parameters, "OPTICAL", context, translated("optical image")),
            "sar": self.raster_path(parameters, "SAR", context, translated("SAR image")),
            "bands": self.parameterAsString(parameters, "BANDS", context) or None,
            "sar_bands": self.parameterAsString(parameters, "SAR_BANDS", context) or None,
            "optical_values": self.parameterAsEnumString(parameters, "OPTICAL_VALUES", context) or None,
            "sar_values": self.parameterAsEnumString(parameters, "SAR_VALUES", context) or None,
            "mask_kind": self.parameterAsEnumString(parameters, "MASK_KIND", context),
            "model": self.model(parameters, context),
            "allow_network": self.allows_network(parameters, context),
        }

    def raster_layer(self, parameters: dict, name: str, context) -> QgsRasterLayer | None:
        """The layer of a raster parameter; for products that QGIS does not open by itself (SAFE folders, zips, lists
        of files) one that shows what the engine reads. Raises InputError."""
        layer = self.parameterAsRasterLayer(parameters, name, context)
        value = parameters.get(name)
        if layer is None and isinstance(value, str) and value:
            layer = QgsRasterLayer(self._virtual_file(value, self.allows_network(parameters, context)), name)
        return layer

    def with_layers(self, parameters: dict, context) -> dict:
        """The parameters as QGIS's own check accepts them: products and files inside of others are layers for it."""
        replaced = dict(parameters)
        for definition in self.parameterDefinitions():
            name, value = definition.name(), parameters.get(definition.name())
            is_raster = definition.type() == QgsProcessingParameterRasterLayer.typeName()
            if is_raster and value and isinstance(value, str):
                with contextlib.suppress(DbcrError):
                    replaced[name] = self.raster_layer(parameters, name, context)
        return replaced

    @staticmethod
    def _virtual_file(product: str, allow_network: bool) -> str:
        """What QGIS opens for a product: a path, or a virtual raster written to the temporary folder."""
        from ...dbcr_core.products import resolve
        from ...dbcr_core.remote import check_local

        name = resolve(product, allow_network)
        if not allow_network:
            check_local(name, product)
        if not name.startswith("<"):
            return name
        path = Path(QgsProcessingUtils.tempFolder(), f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.vrt")
        write_text(str(path), name)
        return str(path)

    def output_path(self, parameters: dict, name: str, context) -> str | None:
        """Where a raster output goes; None where it is not wanted. Raises OutputError for what would be no GeoTIFF."""
        path = self.parameterAsOutputLayer(parameters, name, context)
        if path and Path(path).suffix.lower() not in (".tif", ".tiff"):
            raise OutputError(f"The output “{path}” is no name of a GeoTIFF; give a file that ends in .tif or .tiff.")
        return path or None

    def check_outputs(self, parameters: dict, context) -> None:
        """Raises OutputError as `output_path` would, and leaves no trace in the context."""
        scratch = QgsProcessingContext()
        scratch.setExpressionContext(context.expressionContext())
        for definition in self.destinationParameterDefinitions():
            if definition.type() == QgsProcessingParameterRasterDestination.typeName():
                self.output_path(parameters, definition.name(), scratch)

    def check_reports(self, parameters: dict, context, rasters: Iterable, model: str | None = None) -> None:
        """Raises DbcrError for reports that could not be written, or would replace one of the inputs or each other."""
        from ...dbcr_core.job import distinct_files
        from ...dbcr_core.rasters import open_raster
        from ...dbcr_core.rasters.sink import check_target

        names = [definition.name() for definition in self.destinationParameterDefinitions()]
        reports = [path for path in (self.parameterAsFileOutput(parameters, name, context) for name in names) if path]
        if not reports:
            return
        distinct_files(reports)
        files = [model] if model else []
        for name in filter(None, rasters):
            with open_raster(name, allow_network=self.allows_network(parameters, context)) as raster:
                files += raster.files
        for path in reports:
            check_target(path, files)

    def add_model_parameter(self) -> None:
        """Adds the choice of a model file."""
        self.add_parameter(
            QgsProcessingParameterFile("MODEL", translated("Model file"), optional=True, extension="dbcr"),
            translated("A .dbcr file; default: the one chosen in the options, or else the bundled model."),
            advanced=True,
        )

    def model(self, parameters: dict, context) -> str | None:
        """The model file that was given, or else the options'; None for the bundled one."""
        return self.parameterAsFile(parameters, "MODEL", context) or settings.MODEL.read() or None

    def check_model(self, parameters: dict, context) -> None:
        """Raises ModelError; QGIS says only that the value is incorrect, and of what ends in .dbcr nothing."""
        from ...dbcr_core.model_file import read_model_file

        path = self.model(parameters, context)
        if path:
            read_model_file(path)
            # The options' model may be called otherwise: QGIS looks at what is given only.
            if self.parameterAsFile(parameters, "MODEL", context) and not path.lower().endswith(".dbcr"):
                raise ModelError(f"The model file {path} does not end in .dbcr, which QGIS wants; rename it.")

    def add_network_parameter(self) -> None:
        """Adds the permission to read inputs over the network."""
        self.add_parameter(
            QgsProcessingParameterBoolean("ALLOW_NETWORK", translated("Read inputs over the network, too"), False),
            translated("Otherwise files that lead there, such as virtual rasters of web addresses, are refused."),
            advanced=True,
        )

    def allows_network(self, parameters: dict, context) -> bool:
        """Whether the user allowed it."""
        return self.parameterAsBoolean(parameters, "ALLOW_NETWORK", context)

    def add_parameter(
        self, parameter: QgsProcessingParameterDefinition, help_text: str, advanced: bool = False
    ) -> None:
        """Adds a parameter with its tooltip."""
        parameter.setHelp(help_text)
        if advanced:
            parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
        self.addParameter(parameter)

    def add_mask_kind(self) -> None:
        """Adds what a mask layer's values mean."""
        self.add_choice(
            "MASK_KIND",
            translated("Mask values are"),
            MASK_KINDS,
            translated(
                "auto decides by name and values; binary (above 0 is cloud), probability, or scl (scene classes)."
            ),
        )

    def add_bands(self, name: str, label: str) -> None:
        """Adds an advanced list of the bands of a file that does not name them."""
        self.add_parameter(
            QgsProcessingParameterString(name, label, optional=True),
            translated("Only where the file does not name its bands; - skips a band."),
            advanced=True,
        )

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
