# SPDX-License-Identifier: GPL-3.0-or-later
"""dbcr:inspect and dbcr:diagnostics in a real QGIS."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from qgis.core import QgsProcessingException
from tiny_model import write_tiny_model


def run(name: str, parameters: dict) -> dict:
    import processing

    return processing.run(f"dbcr:{name}", parameters)


def test_the_report_names_bands_units_and_dates_in_text_json_and_html(plugin, scene, tmp_path):
    files = {"HTML": str(tmp_path / "report.html"), "JSON": str(tmp_path / "report.json")}
    results = run("inspect", {**scene, **files})
    report = json.loads(results["REPORT"])
    assert report == json.loads(Path(results["JSON"]).read_text(encoding="utf-8"))
    assert len(report["optical"]["bands"]) == 13 and report["sar"]["unit"] == "db"
    page = Path(results["HTML"]).read_text(encoding="utf-8")
    assert "2020-08-23" in page and "decibel" in page and "<script" not in page


def test_every_warning_of_the_report_is_counted_and_set_off(plugin, scene, tmp_path):
    from dbcr.dbcr_core.inspect import inspect_inputs
    from dbcr.plugin.algorithms.inspect import split_warnings

    report = inspect_inputs(scene["OPTICAL"], scene["SAR"])
    findings, warnings = split_warnings(report)
    results = run("inspect", {**scene, "HTML": str(tmp_path / "report.html")})
    assert results["WARNINGS"] == len(warnings) == len(report.warnings)
    assert findings + warnings == report.lines()
    page = Path(results["HTML"]).read_text(encoding="utf-8")
    assert page.count('class="warning"') == len(warnings)


def test_the_chosen_model_says_with_which_bands_its_mask_is_to_be_trusted(plugin, scene, tmp_path):
    model = write_tiny_model(tmp_path / "other.dbcr", band_sets=("B03,B04,B08",))
    for more, warns in (({}, True), ({"MODEL": str(model)}, False)):
        report = run("inspect", {**scene, "BANDS": "-,-,B03,B04,-,-,-,B08", **more})["REPORT"]
        assert ("own mask does not know" in report) is warns


def test_an_input_that_is_no_sentinel_image_gets_one_sentence(plugin, scene):
    with pytest.raises(QgsProcessingException) as caught:
        run("inspect", {"OPTICAL": scene["SAR"]})
    assert "Traceback" not in str(caught.value)


def test_diagnostics_name_versions_runtime_model_and_settings(plugin):
    text = run("diagnostics", {})["TEXT"]
    for word in ("QGIS: 3.", "GDAL: ", "numpy: ", "runtime: 1.", "CPUExecutionProvider", "setting device: auto"):
        assert word in text, text
