# SPDX-License-Identifier: GPL-3.0-or-later
"""`dbcr:inspect`: what was found in the inputs, before anything is computed, as text, JSON and HTML."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterRasterLayer,
)

from .. import reports
from ..feedback import engine_errors
from .base import DbcrAlgorithm, translated, write_text
from .choices import OPTICAL_VALUES, SAR_VALUES


class Inspect(DbcrAlgorithm):
    """The pre-flight report: bands, level, offset, units, grids, overlap, dates, clouds, and what to beware of."""

    def __init__(self) -> None:
        super().__init__()
        self._options: dict = {}

    def name(self) -> str:
        return "inspect"

    def displayName(self) -> str:
        return translated("Inspect inputs")

    def tags(self) -> list:
        return translated("check,bands,radiometry,offset,decibel,overlap,sentinel").split(",")

    def shortHelpString(self) -> str:
        return translated(
            "<p>Says what “Remove clouds” would find in the inputs: which bands and how they were recognised, L1C or "
            "L2A, whether the −1000 offset is still in, decibels or power, grids, overlap, dates, cloud share; and "
            "warns of snow, water, cirrus, saturation and gaps.</p><p>Nothing is computed and nothing is changed.</p>"
        )

    def initAlgorithm(self, configuration=None) -> None:
        for name, label, text, optional in (
            ("OPTICAL", translated("Cloudy Sentinel-2 image"), translated("L1C or L2A, 3 bands or more."), False),
            ("SAR", translated("Sentinel-1 image"), translated("VV and VH, in any unit, on any grid."), True),
            ("MASK", translated("Cloud mask"), translated("0 and 1, cloud probability, or scene classes."), True),
        ):
            self.add_parameter(QgsProcessingParameterRasterLayer(name, label, optional=optional), text)
        for name, label in (
            ("BANDS", translated("Optical bands, in file order")),
            ("SAR_BANDS", translated("SAR bands, in file order")),
        ):
            self.add_bands(name, label)
        for name, label, options in (
            ("OPTICAL_VALUES", translated("Optical values are"), OPTICAL_VALUES),
            ("SAR_VALUES", translated("SAR values are"), SAR_VALUES),
        ):
            self.add_choice(name, label, options, translated("Overrules what was detected."), optional=True)
        self.add_mask_kind()
        self.add_model_parameter()
        self.add_network_parameter()
        self.add_parameter(
            QgsProcessingParameterFileDestination("HTML", translated("Report"), "HTML (*.html)", optional=True),
            translated("A page with what was found."),
        )
        self.add_parameter(
            QgsProcessingParameterFileDestination(
                "JSON", translated("Report as JSON"), "JSON (*.json)", optional=True, createByDefault=False
            ),
            translated("The same for programs."),
        )
        self.addOutput(QgsProcessingOutputNumber("WARNINGS", translated("Number of warnings")))
        self.addOutput(QgsProcessingOutputString("REPORT", translated("Report (JSON)")))

    def read(self, parameters: dict, context) -> None:
        self._options = options = {
            **self.inputs(parameters, context),
            "mask": self.raster_path(parameters, "MASK", context, translated("cloud mask")),
        }
        rasters = [options[role] for role in ("optical", "sar", "mask")]
        self.check_reports(parameters, context, rasters, options["model"])
        self.check_model(parameters, context)

    def processAlgorithm(self, parameters, context, feedback) -> dict:
        from ...dbcr_core.inspect import inspect_inputs

        with engine_errors():
            report = inspect_inputs(**self._options)
        findings, warnings = split_warnings(report)
        for line in findings:
            feedback.pushInfo(line)
        for line in warnings:
            feedback.pushWarning(line)
        results: dict[str, Any] = {"WARNINGS": len(warnings), "REPORT": report.to_json()}
        for name, text in (("HTML", inspection_page(report)), ("JSON", report.to_json())):
            path = self.parameterAsFileOutput(parameters, name, context)
            if path:
                write_text(path, text)
                results[name] = path
        return results


def split_warnings(report) -> tuple[list, list]:
    """(findings, warnings) of an InspectionReport, as sentences."""
    count = len(report.warnings)
    lines = report.lines()
    return (lines[:-count], lines[-count:]) if count else (lines, [])


def inspection_page(report) -> str:
    """The HTML report."""
    findings, warnings = split_warnings(report)
    rows = [line.split(": ", 1) for line in findings]
    return reports.page(
        translated("What was found in the inputs"),
        reports.paragraphs(warnings, "warning"),
        reports.table(("", ""), rows),
    )
