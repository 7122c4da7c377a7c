# SPDX-License-Identifier: GPL-3.0-or-later
"""`dbcr:removeclouds`: a cloudy Sentinel-2 image and a Sentinel-1 image in, the Sentinel-2 image without clouds out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QThread

from ...dbcr_core.errors import InputError
from .. import runtime, settings, styling
from ..feedback import FeedbackProgress, engine_errors
from ..layers import reload_layers
from .base import translated
from .remove_clouds_parameters import RemoveCloudsParameters

OUTPUTS = ("OUTPUT", "CHANGED", "UNCERTAINTY")


class RemoveClouds(RemoveCloudsParameters):
    """Layers are resolved on the main thread; the background thread sees paths, numbers and words only."""

    def __init__(self) -> None:
        super().__init__()
        self._options: dict = {}
        self._look = styling.Look()
        self._worker_python = ""
        self._runtime_folder = Path()

    def name(self) -> str:
        return "removeclouds"

    def displayName(self) -> str:
        return translated("Remove clouds")

    def tags(self) -> list:
        return translated("cloud,shadow,sentinel-2,sentinel-1,sar,radar,reconstruct,gap,diffusion,deep learning").split(
            ","
        )

    def shortDescription(self) -> str:
        return translated("Reconstructs the ground under clouds of a Sentinel-2 image with a Sentinel-1 image.")

    def shortHelpString(self) -> str:
        return translated(
            "<p>Reconstructs what clouds and their shadows hide in a Sentinel-2 image, with the help of a Sentinel-1 "
            "radar image of the same place from about the same time.</p>"
            "<p>Bands, data type, scale, grid and metadata of the result are those of the optical input. Pixels "
            "outside the cloud mask stay exactly as they are. Bands are found by name or wavelength, units by metadata "
            "and values; the log says what was found, and the advanced parameters overrule it.</p>"
            "<p><b>NFE</b> is the number of network evaluations: 1 is fastest and closest to the truth on average, "
            "more gives sharper texture and takes longer: 3 twice as long, 5 three times.</p>"
            "<p><b>Reconstructed pixels are estimates.</b> Use the second output to tell them from observed ones.</p>"
            "<p>On a server: <code>qgis_process run dbcr:removeclouds -- OPTICAL=s2.tif SAR=s1.tif OUTPUT=clear.tif"
            "</code> (Debian and Ubuntu: <code>qgis_process.bin</code>).</p>"
        )

    def canExecute(self) -> tuple:
        if settings.WORKER_PYTHON.read():
            return True, ""
        # One that did not load may have been mended; if not, the run says so.
        is_missing = runtime.probe(settings.runtime_folder()).problem == runtime.MISSING
        return not is_missing, runtime.MISSING if is_missing else ""

    def read(self, parameters: dict, context) -> None:
        from ...dbcr_core.job import CloudRemovalJob
        from ..execution import check_device

        self._options = self._job_options(parameters, context)
        CloudRemovalJob(output="checked-later.tif", **self._options)
        given = self.parameterAsString(parameters, "WORKER_PYTHON", context)
        self._worker_python = given or settings.WORKER_PYTHON.read()
        check_device(self._options["device"], self._worker_python)
        self.check_model(parameters, context)
        self.check_outputs(parameters, context)

    def prepareAlgorithm(self, parameters, context, feedback) -> bool:
        super().prepareAlgorithm(parameters, context, feedback)
        self._look = styling.input_look(self.raster_layer(self.plain(parameters, context), "OPTICAL", context))
        self._runtime_folder = settings.runtime_folder()
        return True

    def processAlgorithm(self, parameters, context, feedback) -> dict:
        from ..execution import run_job

        with engine_errors():
            # Not while preparing: QGIS loads what this context was told, which in a background task is another one.
            for name in OUTPUTS:
                self._options[name.lower()] = self.output_path(parameters, name, context)
            report = run_job(self._options, FeedbackProgress(feedback), self._worker_python, self._runtime_folder)
        feedback.pushInfo(report.summary())
        results: dict = {"OUTPUT": report.output}
        results.update(
            {key.upper(): getattr(report, key) for key in ("changed", "uncertainty") if getattr(report, key)}
        )
        results.update(DEVICE_USED=report.device, SECONDS=report.seconds, RECONSTRUCTED=report.reconstructed)
        results["REPORT"] = report.to_json()
        return results

    def postProcessAlgorithm(self, context, feedback) -> dict:
        stylers = {
            "output": lambda: styling.ResultStyler.of_image(self._look),
            "changed": styling.ResultStyler.of_changed,
            "uncertainty": lambda: styling.ResultStyler.of_uncertainty(
                self._options["output"], self._options["bands"], self._options["optical_values"]
            ),
        }
        written = [path for path in map(self._options.get, stylers) if path]
        project = context.project()
        # A model calls this on its own thread, where the project's layers must be left alone.
        if project is not None and project.thread() == QThread.currentThread():
            reload_layers(project, written)
        for name, make in stylers.items():
            path = self._options.get(name)
            if path and context.willLoadLayerOnCompletion(path):
                context.layerToLoadOnCompletionDetails(path).setPostProcessor(make())
        return {}

    def _job_options(self, parameters: dict, context) -> dict[str, Any]:
        """The engine's arguments but for the outputs; raises InputError for layers that cannot serve."""
        options: dict[str, Any] = {
            **self.inputs(parameters, context),
            "mask": self._mask(parameters, context),
            "nfe": self.parameterAsInt(parameters, "NFE", context),
            "allow_partial_sar": self.parameterAsBoolean(parameters, "ALLOW_PARTIAL_SAR", context),
            "match_surroundings": self.parameterAsBoolean(parameters, "MATCH_SURROUNDINGS", context),
            "device": self.parameterAsEnumString(parameters, "DEVICE", context),
            "threads": self.parameterAsInt(parameters, "THREADS", context) or None,
            "sampler": self.parameterAsEnumString(parameters, "SAMPLER", context),
            "seed": self.parameterAsInt(parameters, "SEED", context),
            "compression": self.parameterAsEnumString(parameters, "COMPRESSION", context),
        }
        for name in ("MASK_THRESHOLD", "MASK_BUFFER", "FEATHER", "OVERLAP"):
            if parameters.get(name) is not None:
                options[name.lower()] = parameters[name]
        optical = self.raster_layer(parameters, "OPTICAL", context)
        assert optical is not None
        extent = self.parameterAsExtent(parameters, "EXTENT", context, optical.crs())
        if not extent.isNull():
            options["extent"] = (extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum())
        return options

    def _mask(self, parameters: dict, context) -> str:
        mask = self.raster_path(parameters, "MASK", context, translated("cloud mask"))
        if self.parameterAsEnumString(parameters, "MASK_MODE", context) != "none":
            return mask or "auto"
        if mask:
            raise InputError("MASK gives a mask and MASK_MODE=none asks for every pixel; leave one of them out.")
        return "none"
