# SPDX-License-Identifier: GPL-3.0-or-later
"""Where metadata and values contradict each other the dock asks, and the answer holds for preview and run."""

from __future__ import annotations

import re

import pytest
from osgeo import gdal
from qgis.core import QgsDataProvider, QgsProject, QgsRasterLayer

gdal.UseExceptions()


@pytest.fixture
def contradictory(scene, tmp_path) -> QgsRasterLayer:
    """The sample, whose values lack the offset, with metadata that say it is still in."""
    path = str(tmp_path / "contradictory.tif")
    options = gdal.TranslateOptions(metadataOptions=["PROCESSING_BASELINE=05.09"])
    gdal.Translate(path, scene["OPTICAL"], options=options)
    return QgsRasterLayer(path, "contradictory")


def test_the_dock_asks_and_the_answer_holds(dock, contradictory, wait_until):
    QgsProject.instance().addMapLayer(contradictory)
    picker = dock.dock.optical
    wait_until(lambda: picker.findData(contradictory.id()) >= 0)
    picker.setCurrentIndex(picker.findData(contradictory.id()))
    wait_until(lambda: "What is right?" in dock.dock.status.text())
    text = dock.dock.status.text()
    assert "−1000 offset is still in" in text and "--" not in text
    assert re.findall(r'href="([^"]+)"', text) == ["optical_values=dn", "optical_values=dn-1000"]
    assert dock.dock.findings.text() == ""
    dock.dock.status.linkActivated.emit("optical_values=dn")
    wait_until(lambda: dock.dock.findings.text() != "")
    assert dock.inputs.parameters()["OPTICAL_VALUES"] == "dn"
    assert dock.inputs.preview_options(256)[0]["optical_values"] == "dn"
    pictures: list = []
    dock.previews.stepped.connect(lambda picture, files: pictures.append(picture))
    dock.ask_preview()
    wait_until(lambda: pictures and dock.previews.is_idle)
    assert pictures[-1].request.job().optical_values == "dn"


def test_the_answer_belongs_to_the_layer(dock, contradictory, wait_until):
    QgsProject.instance().addMapLayer(contradictory)
    picker = dock.dock.optical
    other = dock.inputs.choice.optical
    wait_until(lambda: picker.findData(contradictory.id()) >= 0)
    picker.setCurrentIndex(picker.findData(contradictory.id()))
    dock.dock.status.linkActivated.emit("optical_values=dn")
    picker.setCurrentIndex(picker.findData(other))
    assert dock.inputs.parameters()["OPTICAL_VALUES"] is None
    picker.setCurrentIndex(picker.findData(contradictory.id()))
    assert dock.inputs.parameters()["OPTICAL_VALUES"] == "dn"


def test_the_answer_does_not_outlive_the_file(dock, contradictory, scene, wait_until):
    source = contradictory.source()
    QgsProject.instance().addMapLayer(contradictory)
    picker = dock.dock.optical
    wait_until(lambda: picker.findData(contradictory.id()) >= 0)
    picker.setCurrentIndex(picker.findData(contradictory.id()))
    dock.dock.status.linkActivated.emit("optical_values=dn-1000")
    assert dock.inputs.parameters()["OPTICAL_VALUES"] == "dn-1000"
    contradictory.setDataSource(scene["OPTICAL"], "another", "gdal", QgsDataProvider.ProviderOptions())
    assert dock.inputs.parameters()["OPTICAL_VALUES"] is None
    assert dock.inputs.inspection_options()["optical_values"] is None
    contradictory.setDataSource(source, "the first", "gdal", QgsDataProvider.ProviderOptions())
    assert dock.inputs.parameters()["OPTICAL_VALUES"] == "dn-1000"


def test_the_legend_of_the_uncertainty_believes_the_answer(dock, contradictory, wait_until):
    QgsProject.instance().addMapLayer(contradictory)
    picker = dock.dock.optical
    wait_until(lambda: picker.findData(contradictory.id()) >= 0)
    picker.setCurrentIndex(picker.findData(contradictory.id()))
    dock.dock.status.linkActivated.emit("optical_values=dn")
    dock.dock.run_box.with_uncertainty.setChecked(True)
    dock.dock.run_box.run.click()
    wait_until(lambda: dock.dock.run_box.run.isEnabled())
    stops = dock.runs.result_layer("uncertainty").renderer().shader().rasterShaderFunction().colorRampItemList()
    assert stops[-1].value == pytest.approx(500) and "0.05" in stops[-1].label
