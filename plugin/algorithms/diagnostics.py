# SPDX-License-Identifier: GPL-3.0-or-later
"""`dbcr:diagnostics`: one text to paste into a bug report."""

from __future__ import annotations

import importlib.util
import os
import sys

from qgis.core import Qgis, QgsProcessingAlgorithm, QgsProcessingOutputString
from qgis.PyQt.QtCore import QT_VERSION_STR

from ...dbcr_core import __version__
from ...dbcr_core.errors import DbcrError
from .. import runtime, settings
from .base import DbcrAlgorithm, translated


class Diagnostics(DbcrAlgorithm):
    """Versions, the runtimes found, the model and the settings. Computes and changes nothing."""

    def name(self) -> str:
        return "diagnostics"

    def displayName(self) -> str:
        return translated("Diagnostics")

    def tags(self) -> list:
        return translated("version,support,bug,report").split(",")

    def shortHelpString(self) -> str:
        return translated(
            "<p>Writes versions, the ONNX Runtime found, the model and this plugin's settings to the log: the text to "
            "paste into a bug report. It names folders on your computer; look it over before you post it.</p>"
        )

    def flags(self):
        return super().flags() | QgsProcessingAlgorithm.Flag.FlagNoThreading

    def initAlgorithm(self, configuration=None) -> None:
        self.addOutput(QgsProcessingOutputString("TEXT", translated("Diagnostics")))

    def processAlgorithm(self, parameters, context, feedback) -> dict:
        text = "\n".join(f"{name}: {value}" for name, value in facts())
        feedback.pushInfo(text)
        return {"TEXT": text}


def facts() -> list:
    """(name, value) pairs, in the order to read them."""
    import platform

    folder = settings.runtime_folder()
    status = runtime.load(folder)
    numpy = importlib.util.find_spec("numpy")
    rows = [
        ("plugin", __version__),
        ("QGIS", Qgis.QGIS_VERSION),
        ("Qt", QT_VERSION_STR),
        ("GDAL", _gdal_version()),
        ("JPEG 2000", _jpeg_2000_driver()),
        ("Python", f"{sys.version.split()[0]} ({runtime.python_tag()}, {runtime.platform_tag()})"),
        ("system", platform.platform()),
        ("cores", os.cpu_count()),
        ("numpy", f"{_version('numpy')} ({os.path.dirname(numpy.origin) if numpy and numpy.origin else 'missing'})"),
        ("runtime", f"{status.version or 'none'} ({status.folder or 'not found'})"),
        ("runtime devices", ", ".join(status.providers) or "none"),
        ("runtime candidates", "; ".join(runtime.candidates(folder)) or "none"),
        ("runtime problem", status.problem or "none"),
        ("model", _model()),
    ]
    return rows + [(f"setting {each.key}", each.read()) for each in settings.ALL]


def _gdal_version() -> str:
    from osgeo import gdal

    return gdal.VersionInfo("RELEASE_NAME")


def _jpeg_2000_driver() -> str:
    """The GDAL driver that reads Sentinel-2 products' images; some builds of GDAL have none."""
    from osgeo import gdal

    drivers = ("JP2OpenJPEG", "JP2KAK", "JP2ECW", "JP2MrSID", "JPEG2000")
    return next((name for name in drivers if gdal.GetDriverByName(name)), "none: Sentinel-2 products cannot be read")


def _version(package: str) -> str:
    return getattr(sys.modules.get(package), "__version__", "not loaded")


def _model() -> str:
    from ...dbcr_core.model_card import bundled_model_path
    from ...dbcr_core.model_file import read_model_file

    try:
        model = read_model_file(settings.MODEL.read() or bundled_model_path())
    except DbcrError as error:
        return str(error)
    return f"{model.card.id}, SHA-256 {model.sha256}"
