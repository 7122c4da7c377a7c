# SPDX-License-Identifier: GPL-3.0-or-later
"""`dbcr:assess`: how near a result is to a reference image, as figures, JSON and HTML."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterRasterLayer,
)

from .. import reports
from ..feedback import FeedbackProgress, engine_errors
from .base import DbcrAlgorithm, translated, write_text
from .choices import OPTICAL_VALUES

METRICS = ("psnr", "ssim", "mae", "sam")


class Assess(DbcrAlgorithm):
    """PSNR, SSIM, MAE and SAM for all, cloudy and clear pixels."""

    def __init__(self) -> None:
        super().__init__()
        self._paths: dict = {}
        self._mask_kind = "auto"
        self._allow_network = False
        self._said: dict = {}

    def name(self) -> str:
        return "assess"

    def displayName(self) -> str:
        return translated("Assess against a reference")

    def tags(self) -> list:
        return translated("accuracy,psnr,ssim,mae,sam,validation,compare").split(",")

    def shortHelpString(self) -> str:
        return translated(
            "<p>Compares an image with a reference of the same place: PSNR, SSIM, mean absolute error and spectral "
            "angle, over the bands both have, for all pixels and, with a cloud mask, for cloudy and clear ones "
            "apart.</p>"
            "<p>A reference from another date differs by more than the reconstruction's error: the ground changed "
            "too.</p>"
        )

    def initAlgorithm(self, configuration=None) -> None:
        for name, label, text, optional in (
            ("PREDICTION", translated("Image to assess"), translated("A result of this plugin, say."), False),
            ("REFERENCE", translated("Reference image"), translated("A clear image from about the same date."), False),
            ("CLOUD_MASK", translated("Cloud mask"), translated("Scores its pixels and the others apart."), True),
        ):
            self.add_parameter(QgsProcessingParameterRasterLayer(name, label, optional=optional), text)
        self.add_mask_kind()
        for name, label in (
            ("BANDS", translated("Bands of the image to assess, in file order")),
            ("REFERENCE_BANDS", translated("Bands of the reference image, in file order")),
        ):
            self.add_bands(name, label)
        for name, label in (
            ("OPTICAL_VALUES", translated("Values of the image to assess are")),
            ("REFERENCE_VALUES", translated("Values of the reference image are")),
        ):
            self.add_choice(
                name,
                label,
                OPTICAL_VALUES,
                translated("Overrules what was detected: dn (reflectance × 10000), dn-1000 (with the offset still in), "
                           "reflectance (0 … 1)."),
                optional=True,
            )  # fmt: skip
        self.add_network_parameter()
        self.add_parameter(
            QgsProcessingParameterFileDestination("HTML", translated("Report"), "HTML (*.html)", optional=True),
            translated("A page with the figures and a chart per band."),
        )
        self.add_parameter(
            QgsProcessingParameterFileDestination(
                "JSON", translated("Figures as JSON"), "JSON (*.json)", optional=True, createByDefault=False
            ),
            translated("The same for programs."),
        )
        for metric in METRICS:
            self.addOutput(QgsProcessingOutputNumber(metric.upper(), metric.upper()))
        self.addOutput(QgsProcessingOutputString("REPORT", translated("Report (JSON)")))

    def read(self, parameters: dict, context) -> None:
        for name, role in (
            ("PREDICTION", translated("image to assess")),
            ("REFERENCE", translated("reference image")),
            ("CLOUD_MASK", translated("cloud mask")),
        ):
            self._paths[name] = self.raster_path(parameters, name, context, role)
        self._mask_kind = self.parameterAsEnumString(parameters, "MASK_KIND", context)
        self._allow_network = self.allows_network(parameters, context)
        self._said = {
            name.lower(): self.parameterAsString(parameters, name, context) or None
            for name in ("BANDS", "REFERENCE_BANDS", "OPTICAL_VALUES", "REFERENCE_VALUES")
        }
        self.check_reports(parameters, context, self._paths.values())

    def processAlgorithm(self, parameters, context, feedback) -> dict:
        from ...dbcr_core.assess import assess
        from ..error_picture import as_image_tag

        progress = FeedbackProgress(feedback)
        with engine_errors():
            scores = assess(
                self._paths["PREDICTION"],
                self._paths["REFERENCE"],
                self._paths["CLOUD_MASK"],
                mask_kind=self._mask_kind,
                **self._said,
                allow_network=self._allow_network,
                progress=progress,
                cancelled=progress.cancelled,
            )
        for line in scores.lines():
            feedback.pushInfo(line)
        results = {metric.upper(): getattr(scores.all, metric) for metric in METRICS}
        results["REPORT"] = scores.to_json()
        for name, text in (
            ("HTML", assessment_page(scores, self._paths, as_image_tag(scores.error_map))),
            ("JSON", scores.to_json()),
        ):
            path = self.parameterAsFileOutput(parameters, name, context)
            if path:
                write_text(path, text)
                results[name] = path
        return results


def assessment_page(scores, paths: dict, picture: str) -> str:
    """The HTML report of an Assessment; picture: an <img> tag of the error map."""
    kinds = (
        (translated("all"), scores.all),
        (translated("cloudy"), scores.cloudy),
        (translated("clear"), scores.clear),
    )
    labels = {
        "PREDICTION": translated("Image to assess"),
        "REFERENCE": translated("Reference image"),
        "CLOUD_MASK": translated("Cloud mask"),
    }
    rows = [(name, m.psnr, m.ssim, m.mae, m.sam, m.pixels) for name, m in kinds if m is not None]
    return reports.page(
        translated("Assessment of a cloud-free image"),
        reports.paragraphs([f"{labels[name]}: {Path(path).name}" for name, path in paths.items() if path]),
        reports.paragraphs(scores.findings),
        reports.table((translated("pixels"), "PSNR (dB)", "SSIM", "MAE", "SAM (°)", translated("count")), rows),
        f"<h2>{translated('Mean absolute error per band, in reflectance')}</h2>",
        reports.bar_chart(scores.bands, scores.mae_per_band),
        f"<h2>{translated('Where they differ')}</h2>",
        reports.paragraphs([translated("White: no difference; dark red: 0.1 reflectance and more; grey: no data.")]),
        picture,
    )
