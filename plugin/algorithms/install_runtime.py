# SPDX-License-Identifier: GPL-3.0-or-later
"""`dbcr:installruntime`: adds ONNX Runtime to the plugin's own folder, after the user ran it, never by itself."""

from __future__ import annotations

import functools

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
)

from ...dbcr_core.errors import BackendMissingError
from .. import runtime, settings
from ..download import download
from ..feedback import engine_errors
from .base import DbcrAlgorithm, translated


class InstallRuntime(DbcrAlgorithm):
    """Installs from the package index or from a wheel on disk; does nothing where a runtime works already, unless it
    lacks the OpenVINO that was asked for."""

    def name(self) -> str:
        return "installruntime"

    def displayName(self) -> str:
        return translated("Install ONNX Runtime")

    def tags(self) -> list:
        return translated("onnx,runtime,setup,dependency").split(",")

    def shortHelpString(self) -> str:
        return translated(
            "<p>Adds ONNX Runtime, which runs the networks, to a folder of this plugin in your QGIS profile. QGIS's "
            "own Python packages stay as they are.</p>"
            "<p>The file comes from PyPI (up to 30 MB) and is accepted only with the SHA-256 that this version of the "
            "plugin knows. On a computer without a network, give the same wheel as a file.</p>"
            "<p>The build <i>openvino</i> (Linux, 84 MB, three times that on disk) can be faster on some Intel "
            "processors. With the device <i>auto</i> the plugin measures on this computer whether it is, and uses it "
            "only then.</p>"
        )

    def flags(self):
        # The interpreter's module table is shared: imports belong to the main thread.
        return super().flags() | QgsProcessingAlgorithm.Flag.FlagNoThreading

    def initAlgorithm(self, configuration=None) -> None:
        self.add_parameter(
            QgsProcessingParameterFile("WHEEL", translated("Wheel on disk"), optional=True, extension="whl"),
            translated("Leave empty to download."),
        )
        self.add_choice(
            "BUILD",
            translated("Build"),
            tuple(runtime.BUILDS),
            translated("“openvino” (Linux, 84 MB) can be faster on Intel processors. A wheel may be of either."),
        )
        self.add_parameter(
            QgsProcessingParameterBoolean("AGAIN", translated("Install even where a runtime works already"), False),
            translated("Takes effect when QGIS starts again."),
            advanced=True,
        )
        self.addOutput(QgsProcessingOutputString("VERSION", translated("Version")))
        self.addOutput(QgsProcessingOutputString("FOLDER", translated("Folder")))

    def processAlgorithm(self, parameters, context, feedback) -> dict:
        folder = settings.runtime_folder()
        parameters = self.plain(parameters, context)
        wheel = self.parameterAsFile(parameters, "WHEEL", context)
        build = self.parameterAsEnumString(parameters, "BUILD", context)
        # Here, since it imports numpy, for which QGIS's start-up should not wait.
        from ...dbcr_core.predictors.onnx_sessions import PROVIDERS

        with engine_errors():
            before = status = runtime.load(folder)
            lacks = build in PROVIDERS and PROVIDERS[build] not in before.providers
            if before.problem or lacks or self.parameterAsBoolean(parameters, "AGAIN", context):
                if wheel:
                    status = runtime.install_from_file(folder, wheel)
                else:
                    feedback.pushInfo(translated("Downloading {}").format(runtime.pinned_wheel(build).filename))
                    fetch = functools.partial(download, feedback=feedback)
                    index = settings.PACKAGE_INDEX.read().strip() or settings.PACKAGE_INDEX.default
                    status = runtime.install_from_index(folder, index, fetch, build)
            if status.problem:
                raise BackendMissingError(status.problem)
        if status is before:
            feedback.pushInfo(
                translated("ONNX Runtime works already, nothing was installed; AGAIN=true installs all the same.")
            )
        elif not before.problem:
            # What is loaded already stays until the program ends.
            first = runtime.candidates(folder)[0]
            feedback.pushWarning(
                translated("Installed; it is used when QGIS starts again.")
                if first == str(folder)
                else translated("Installed, but the ONNX Runtime in {} goes before it; remove that one.").format(first)
            )
        devices = f" ({', '.join(status.providers)})" if status.providers else ""
        feedback.pushInfo(f"ONNX Runtime {status.version}: {status.folder}{devices}")
        return {"VERSION": status.version, "FOLDER": status.folder or ""}
