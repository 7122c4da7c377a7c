# SPDX-License-Identifier: GPL-3.0-or-later
"""What the dock shows is of the layers as they are now: they go, get other names, colours and files, or new pixels."""

from __future__ import annotations

import shutil
import sys

import pytest
from osgeo import gdal
from qgis.core import QgsCoordinateReferenceSystem, QgsMultiBandColorRenderer, QgsProject, QgsRasterLayer
from tiny_model import write_tiny_model

gdal.UseExceptions()


@pytest.fixture
def previewed(dock, wait_until):
    """The dock with a preview over the map and the inspection's findings."""
    dock.ask_preview()
    wait_until(lambda: dock.compare.has_preview and dock.previews.is_idle and dock.dock.findings.text())
    return dock


@pytest.fixture
def settled(wait_until):
    """Waits until a dock has heard of what happened to the layers."""
    return lambda dock: wait_until(lambda: not dock.watch.is_waiting and not dock.inspections._tasks)


def test_without_its_optical_image_the_dock_shows_nothing_and_says_what_to_load(previewed, settled):
    previewed.dock.compare_lines.shown.setCurrentIndex(previewed.dock.compare_lines.shown.findData("changed"))
    QgsProject.instance().removeMapLayer(previewed.inputs.choice.optical)
    assert not previewed.compare.has_preview and previewed.compare.over_map._layers == []
    settled(previewed)
    shown = previewed.dock
    assert shown.status.text() == "Load a Sentinel-2 raster file to begin."
    assert shown.findings.text() == "" and shown.cost.text() == "" and not shown.preview.isEnabled()
    shown.compare_lines.shown.setCurrentIndex(shown.compare_lines.shown.findData("reconstruction"))
    assert previewed.compare.pictures.of("reconstruction") is None


def test_a_preview_without_its_input_is_no_picture(previewed):
    """What QGIS asks for while it takes the layers away, before it says so."""
    previewed.compare.pictures._previews.clear()
    previewed.dock.optical.setCurrentIndex(-1)
    previewed.compare.pictures._files = {"reconstruction": "of/a/layer/that/went.tif"}
    assert previewed.compare.pictures.preview("reconstruction") is None


def test_without_its_sar_image_the_preview_goes_and_the_dock_says_what_that_means(previewed, settled):
    QgsProject.instance().removeMapLayer(previewed.inputs.choice.sar)
    assert not previewed.compare.has_preview and previewed.previews.is_idle
    settled(previewed)
    assert previewed.inputs.sar is None and "Without SAR" in previewed.dock.status.text()
    assert "SAR" not in previewed.dock.findings.text()


def test_without_its_mask_layer_the_clouds_are_found_and_inspected_anew(dock, scene, tmp_path, wait_until, settled):
    path = str(tmp_path / "mask.tif")
    gdal.Translate(path, scene["OPTICAL"], bandList=[1])
    mask = QgsRasterLayer(path, "mask")
    QgsProject.instance().addMapLayer(mask)
    wait_until(lambda: dock.dock.mask.findData(mask.id()) >= 0)
    dock.dock.mask.setCurrentIndex(dock.dock.mask.findData(mask.id()))
    dock._note("inputs", "of the mask")
    QgsProject.instance().removeMapLayer(mask.id())
    settled(dock)
    assert dock.dock.mask.currentData() == "auto" and "of the mask" not in dock.dock.status.text()


def test_every_pixel_stays_chosen_while_layers_come_and_go(dock, scene, settled):
    dock.dock.mask.setCurrentIndex(dock.dock.mask.findData("none"))
    other = QgsRasterLayer(scene["OPTICAL"], "other")
    QgsProject.instance().addMapLayer(other)
    settled(dock)
    QgsProject.instance().removeMapLayer(other.id())
    settled(dock)
    assert dock.dock.mask.currentData() == "none"


def test_another_name_stands_in_every_picker_and_the_preview_stays(previewed):
    previewed.inputs.optical.setName("my scene")
    previewed.inputs.sar.setName("my radar")
    shown = previewed.dock
    assert (shown.optical.currentText(), shown.sar.currentText()) == ("my scene", "my radar")
    assert shown.assess_box.assessed.findText("my scene") >= 0 and previewed.compare.has_preview
    assert shown.mask.itemText(0) == "let the model find clouds"


def test_the_picture_follows_the_colours_of_the_input(previewed):
    optical = previewed.inputs.optical
    optical.setRenderer(QgsMultiBandColorRenderer(optical.dataProvider(), 8, 4, 3))
    picture = previewed.compare.over_map._layers[0].renderer()
    assert (picture.redBand(), picture.greenBand(), picture.blueBand()) == (8, 4, 3)


def brighten(layer: QgsRasterLayer, brightness: int) -> None:
    """As QGIS's toolbar does it: of the layer's signals only a repaint is asked for."""
    layer.brightnessFilter().setBrightness(brightness)
    layer.brightnessFilter().setGamma(1.5)
    layer.hueSaturationFilter().setSaturation(-40)
    layer.triggerRepaint()


def brightness_of(layer: QgsRasterLayer) -> tuple:
    filters = layer.brightnessFilter(), layer.hueSaturationFilter()
    return filters[0].brightness(), filters[0].gamma(), filters[1].saturation()


def test_the_picture_and_the_result_are_as_bright_as_the_input(previewed, wait_until):
    optical, compare = previewed.inputs.optical, previewed.compare
    brighten(optical, 80)
    assert brightness_of(compare.over_map._layers[0]) == (80, 1.5, -40)
    shown = compare.over_map._layers[0]
    optical.triggerRepaint()
    assert compare.over_map._layers[0] is shown, "nothing changed"
    previewed.dock.run_box.run.click()
    wait_until(lambda: previewed.dock.run_box.run.isEnabled())
    assert brightness_of(previewed.runs.result_layer("reconstruction")) == (80, 1.5, -40)
    assert brightness_of(previewed.runs.result_layer("changed")) == (0, 1.0, 0)


def test_the_grey_radar_follows_its_layer_s_file_place_and_brightness(previewed, scene, tmp_path, settled):
    def grey() -> QgsRasterLayer:
        return previewed.compare.over_map._layers[0]

    sar, other = previewed.inputs.sar, str(tmp_path / "other.tif")
    previewed.compare.show_over_map("sar")
    assert grey() is not sar and grey().source() == scene["SAR"]
    shutil.copyfile(scene["SAR"], other)
    sar.setDataSource(other, "other", "gdal")
    settled(previewed)
    assert grey().source() == other
    sar.setCrs(QgsCoordinateReferenceSystem("EPSG:32633"))
    settled(previewed)
    assert grey().crs().authid() == "EPSG:32633"
    brighten(sar, 30)
    assert brightness_of(grey()) == (30, 1.5, -40)
    sar.setOpacity(0.5)
    sar.triggerRepaint()
    assert grey().opacity() == 0.5


def test_another_file_behind_the_layer_makes_what_was_found_and_shown_out_of_date(
    previewed, scene, tmp_path, wait_until
):
    few = str(tmp_path / "few.tif")
    gdal.Translate(few, scene["OPTICAL"], bandList=[2, 3, 4])
    previewed.inputs.optical.setDataSource(few, "few", "gdal")
    wait_until(lambda: not previewed.compare.has_preview)
    wait_until(lambda: previewed.dock.findings.text().startswith("3 bands"))
    assert previewed.dock.optical.currentText() == "few"


def test_an_image_whose_file_has_gone_is_shown_no_more(previewed, settled, monkeypatch):
    uncaught = []
    monkeypatch.setattr(sys, "excepthook", lambda *error: uncaught.append(error))
    previewed.inputs.optical.setDataSource("/gone/away.tif", "gone", "gdal")
    settled(previewed)
    assert not uncaught and not previewed.compare.has_preview and previewed.inputs.optical is None


def test_another_model_or_every_pixel_has_the_bands_judged_anew(dock, tiny_model, scene, tmp_path, settled):
    few, model = str(tmp_path / "few.tif"), write_tiny_model(tmp_path / "other.dbcr", band_sets=("B03,B04,B08",))
    gdal.Translate(few, scene["OPTICAL"], bandList=[3, 4, 8])
    dock.inputs.optical.setDataSource(few, "few", "gdal")

    def warns():
        settled(dock)
        return "own mask does not know" in dock.dock.status.text()

    try:
        assert warns()
        dock._on_model(str(model))
        assert not warns()
        dock._on_model(str(tiny_model))
        assert warns()
        dock.dock.mask.setCurrentIndex(dock.dock.mask.findData("none"))
        assert not warns()
    finally:
        dock._on_model(str(tiny_model))


def test_layers_tell_nothing_to_a_closed_dock(dock, plugin, scene):
    layer = QgsProject.instance().mapLayer(dock.inputs.choice.optical)
    watch, told = dock.watch, []
    watch.renamed.connect(lambda: told.append("renamed"))
    layer.setName("once")
    plugin.unload()
    layer.setName("twice")
    assert told == ["renamed"]


def test_a_preview_leaves_standing_what_the_inspection_warned_of(previewed, wait_until):
    warning = "SAR has no data for 2 % of the scene."
    previewed._note("inputs", warning)
    previewed.ask_preview()
    assert previewed.dock.status.text() == warning
    previewed._note("view", "Preview of the centre.")
    assert previewed.dock.status.text() == f"{warning} Preview of the centre."
    previewed.ask_preview()
    assert previewed.dock.status.text() == warning
    wait_until(lambda: previewed.previews.is_idle)


def test_a_layer_of_a_file_that_a_run_writes_again_shows_what_it_holds_now(dock, tmp_path, wait_until):
    dock.dock.run_box.output.setFilePath(str(tmp_path / "clear.tif"))
    dock.dock.run_box.with_changed.setChecked(False)

    def run() -> QgsRasterLayer:
        dock.dock.run_box.run.click()
        wait_until(lambda: dock.dock.run_box.run.isEnabled() and not dock.watch.is_waiting)
        return dock.runs.result_layer("reconstruction")

    def mean(layer) -> float:
        block = layer.dataProvider().block(1, layer.extent(), layer.width(), layer.height())
        return sum(block.value(row, row) for row in range(layer.height()))

    run()
    mine = QgsRasterLayer(str(tmp_path / "clear.tif"), "mine")
    QgsProject.instance().addMapLayer(mine)
    before = mean(mine)
    dock.dock.mask.setCurrentIndex(dock.dock.mask.findData("none"))
    newer = run()
    assert newer.id() != mine.id() and mean(newer) != before
    assert mean(mine) == mean(newer)


def test_a_result_is_no_input_where_there_is_another_image(dock, job, tmp_path, settled, monkeypatch):
    import processing

    result = processing.run("dbcr:removeclouds", {**job, "OUTPUT": str(tmp_path / "clear.tif")})["OUTPUT"]
    copy = shutil.copyfile(job["OPTICAL"], tmp_path / "cloudy.tif")
    QgsProject.instance().clear()
    cleared, cloudy = QgsRasterLayer(result, "cloud-free"), QgsRasterLayer(str(copy), "cloudy")
    monkeypatch.setattr(dock._iface, "activeLayer", lambda: cleared)
    QgsProject.instance().addMapLayers([cleared, cloudy])
    settled(dock)
    assert dock.dock.optical.currentText() == "cloudy"
    QgsProject.instance().removeMapLayer(cloudy.id())
    settled(dock)
    assert dock.dock.optical.currentText() == "cloud-free", "better than none"
