# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters of `dbcr:removeclouds`: names are frozen after release, words are the users'."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterExtent,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from .base import DbcrAlgorithm, translated
from .choices import (
    COMPRESSIONS,
    DEVICES,
    MAX_NFE,
    OPTICAL_VALUES,
    SAMPLERS,
    SAR_VALUES,
)

MASK_MODES = ("auto", "none")


class RemoveCloudsParameters(DbcrAlgorithm):
    """Declares the parameters; `RemoveClouds` acts on them."""

    def initAlgorithm(self, configuration=None) -> None:
        self._add_basic_parameters()
        self._add_input_parameters()
        self._add_mask_parameters()
        self._add_run_parameters()
        self._add_outputs()

    def _add_basic_parameters(self) -> None:
        self.add_parameter(
            QgsProcessingParameterRasterLayer("OPTICAL", translated("Cloudy Sentinel-2 image")),
            translated("L1C or L2A, any number of bands from 3; a raster file or a layer read from one."),
        )
        self.add_parameter(
            QgsProcessingParameterRasterLayer("SAR", translated("Sentinel-1 image"), optional=True),
            translated(
                "VV and VH, in decibels, power or amplitude, on any grid. Without it the result is much poorer."
            ),
        )
        self.add_parameter(
            QgsProcessingParameterRasterLayer("MASK", translated("Cloud mask"), optional=True),
            translated(
                "0 and 1, cloud probability, or Sentinel-2 scene classes. Without one the model finds the clouds."
            ),
        )
        self.add_parameter(
            QgsProcessingParameterNumber(
                "NFE",
                translated("Network evaluations (1 faithful … 10 sharp)"),
                QgsProcessingParameterNumber.Type.Integer,
                defaultValue=1,
                minValue=1,
                maxValue=MAX_NFE,
            ),
            translated("Steps of the bridge from the cloudy to the clear image."),
        )

    def _add_input_parameters(self) -> None:
        for name, label, example in (
            ("BANDS", translated("Optical bands, in file order"), "B02,B03,B04,B08"),
            ("SAR_BANDS", translated("SAR bands, in file order"), "VV,VH"),
        ):
            self.add_parameter(
                QgsProcessingParameterString(name, label, optional=True),
                translated("Only where the file does not name its bands, such as {}; - skips a band.").format(example),
                advanced=True,
            )
        self.add_choice(
            "OPTICAL_VALUES",
            translated("Optical values are"),
            OPTICAL_VALUES,
            translated("Overrules what was detected: dn (reflectance × 10000), dn-1000 (with the offset still in), "
                       "reflectance (0 … 1)."),
            optional=True,
        )  # fmt: skip
        self.add_choice(
            "SAR_VALUES",
            translated("SAR values are"),
            SAR_VALUES,
            translated("Overrules what was detected: decibels, linear power or amplitude."),
            optional=True,
        )
        self.add_parameter(
            QgsProcessingParameterBoolean("ALLOW_PARTIAL_SAR", translated("Go on where SAR covers only a part"), False),
            translated("Outside the radar image the result is then reconstructed without radar."),
            advanced=True,
        )
        self.add_network_parameter()
        self.add_parameter(
            QgsProcessingParameterExtent("EXTENT", translated("Extent"), optional=True),
            translated("Only this part of the image; default: all of it."),
            advanced=True,
        )

    def _add_mask_parameters(self) -> None:
        self.add_choice(
            "MASK_MODE",
            translated("Where to reconstruct"),
            MASK_MODES,
            translated("auto: inside the mask, or where the model sees cloud and shadow if there is no mask; "
                       "none: every pixel."),
        )  # fmt: skip
        self.add_mask_kind()
        self.add_parameter(
            QgsProcessingParameterNumber(
                "MASK_THRESHOLD",
                translated("Mask threshold"),
                QgsProcessingParameterNumber.Type.Double,
                optional=True,
                minValue=0.0,
                maxValue=1.0,
            ),
            translated(
                "Share of certainty, 0 … 1, from which a pixel counts as cloud; default: one half, or the model's."
            ),
            advanced=True,
        )
        self.add_parameter(
            QgsProcessingParameterBoolean(
                "MATCH_SURROUNDINGS", translated("As bright as the clear land around"), defaultValue=True
            ),
            translated(
                "Under opaque cloud, the broad level of each band follows the clear land around; off, or where there "
                "is too little of it: as bright as the model believes."
            ),
            advanced=True,
        )
        for name, label, text in (
            (
                "MASK_BUFFER",
                translated("Grow the mask by (pixels)"),
                translated("For masks that miss the rim of clouds; default: layer 0, the model's own mask 4."),
            ),
            (
                "FEATHER",
                translated("Feather inside the mask (pixels)"),
                translated("The change fades in from the mask's edge inwards; default: layer 0, model 4."),
            ),
        ):
            whole_number = QgsProcessingParameterNumber(
                name, label, QgsProcessingParameterNumber.Type.Integer, optional=True, minValue=0, maxValue=128
            )
            self.add_parameter(whole_number, text, advanced=True)

    def _add_run_parameters(self) -> None:
        self.add_model_parameter()
        self.add_choice(
            "DEVICE", translated("Device"), DEVICES, translated("auto takes the fastest at hand; torch needs a worker.")
        )
        self.add_parameter(
            QgsProcessingParameterString("WORKER_PYTHON", translated("Worker's Python"), optional=True),
            translated("Run in another Python, which has torch or a CUDA build of ONNX Runtime; default: inside QGIS."),
            advanced=True,
        )
        self.add_parameter(
            self._whole_number("THREADS", translated("Threads (0: all cores)"), 0, 0, 256),
            translated("Processor threads for the network."),
            advanced=True,
        )
        self.add_parameter(
            self._whole_number("OVERLAP", translated("Tile overlap (pixels)"), None, 0, 128),
            translated("Pixels that neighbouring tiles share, blended without a seam; default: a quarter of a tile."),
            advanced=True,
        )
        self.add_choice(
            "SAMPLER",
            translated("Sampler"),
            SAMPLERS,
            translated("ode: no randomness; sde: the paper's stochastic variant, reproducible by its seed."),
        )
        self.add_parameter(
            self._whole_number("SEED", translated("Seed of the stochastic sampler"), 0, 0, 2**31 - 1),
            translated("The same seed gives the same result."),
            advanced=True,
        )

    def _add_outputs(self) -> None:
        self.add_choice(
            "COMPRESSION",
            translated("Compression"),
            COMPRESSIONS,
            translated("Both without loss: deflate is read by every program, zstd is made and read in half the time."),
        )
        self.add_parameter(
            QgsProcessingParameterRasterDestination("OUTPUT", translated("Cloud-free image")),
            translated("A cloud-optimised GeoTIFF."),
        )
        for name, label, text in (
            ("CHANGED", translated("Reconstructed pixels"), translated("Per pixel 0 … 100 % reconstructed.")),
            ("UNCERTAINTY", translated("Uncertainty"), translated("Expected absolute error per band, in its units.")),
        ):
            self.add_parameter(
                QgsProcessingParameterRasterDestination(name, label, optional=True, createByDefault=False), text
            )
        self.addOutput(QgsProcessingOutputString("DEVICE_USED", translated("Device used")))
        self.addOutput(QgsProcessingOutputNumber("SECONDS", translated("Seconds")))
        self.addOutput(QgsProcessingOutputNumber("RECONSTRUCTED", translated("Share of pixels reconstructed (0 … 1)")))
        self.addOutput(QgsProcessingOutputString("REPORT", translated("Report (JSON)")))

    @staticmethod
    def _whole_number(name: str, label: str, default: int | None, low: int, high: int) -> QgsProcessingParameterNumber:
        whole = QgsProcessingParameterNumber.Type.Integer
        return QgsProcessingParameterNumber(name, label, whole, default, default is None, low, high)
