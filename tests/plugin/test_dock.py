# SPDX-License-Identifier: GPL-3.0-or-later
"""The dock in a real QGIS: layers in, previews on the canvas, the whole scene, and nothing left running."""

from __future__ import annotations

import gc
import os
import subprocess
import weakref

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QEvent, QPoint, QPointF, Qt
from qgis.PyQt.QtGui import QColor, QImage, QPainter, QWheelEvent
from qgis.PyQt.QtWidgets import QApplication
from tiny_model import write_tiny_model

gdal.UseExceptions()


@pytest.fixture
def steps(dock):
    """Every preview step that arrived: (nfe, step)."""
    seen: list = []
    dock.previews.stepped.connect(lambda picture, files: seen.append((picture.request.nfe, picture.done)))
    return seen


def test_layers_are_preselected_and_masks_offered_in_words(dock):
    assert dock.inputs.optical.name() == "S2 2020-08-23" and dock.inputs.sar.name() == "S1 2020-09-03"
    assert dock.inputs.mask_mode == "auto" and dock.inputs.choice.mask == ""


@pytest.mark.parametrize("part", ["optical", "sar", "mask", "dial"])
def test_scrolling_over_the_panel_changes_no_choice(dock, part):
    field = dock.dock.dial.slider if part == "dial" else getattr(dock.dock, part)
    before = field.value() if part == "dial" else field.currentIndex()
    for turned in (120, -120):
        middle = QPointF(field.rect().center())
        buttons, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        event = QWheelEvent(
            middle, middle, QPoint(), QPoint(0, turned), buttons, keys, Qt.ScrollPhase.NoScrollPhase, False
        )
        QApplication.sendEvent(field, event)
        assert not event.isAccepted()
    assert (field.value() if part == "dial" else field.currentIndex()) == before


@pytest.mark.parametrize(
    ("names", "optical", "sar"),
    [
        (("blue", "green", "red", "nir"), True, False),
        (("Red", "Green", "Blue"), False, False),
        (("B04", "B08", "x"), True, False),
        (("Gamma0-VV", "Gamma0-VH", "x"), False, True),
    ],
)
def test_layers_are_known_by_the_names_that_the_engine_knows(dbcr, tmp_path, names, optical, sar):
    from dbcr.plugin import layers

    raster = gdal.GetDriverByName("GTiff").Create(str(tmp_path / "a.tif"), 4, 4, len(names), gdal.GDT_UInt16)
    raster.SetProjection(QgsCoordinateReferenceSystem("EPSG:32632").toWkt())
    raster.SetGeoTransform((500_000, 10, 0, 5_000_000, 0, -10))
    for number, name in enumerate(names, 1):
        raster.GetRasterBand(number).SetDescription(name)
    raster = None
    layer = QgsRasterLayer(str(tmp_path / "a.tif"), "a")
    assert (layers.is_optical(layer), layers.is_sar(layer)) == (optical, sar)


def test_radar_that_the_user_does_not_want_does_not_come_back_with_the_next_layer(dock, wait_until):
    picker = dock.dock.sar
    picker.setCurrentIndex(picker.findData(""))
    picker.activated.emit(picker.currentIndex())
    dock.refresh_layers()
    assert dock.inputs.sar is None
    picker.setCurrentIndex(1)
    picker.activated.emit(1)
    picker.setCurrentIndex(picker.findData(""))
    dock.refresh_layers()
    assert dock.inputs.sar.name() == "S1 2020-09-03", "a picker that only lost its layer is filled"


def test_the_findings_are_told_in_one_plain_line(dock, wait_until):
    wait_until(lambda: dock.dock.findings.text())
    line = dock.dock.findings.text()
    assert line.startswith("13 bands, Level-1C · SAR VV+VH in dB") and "11 days later" in line
    assert "Reflectance" in dock.dock.findings.toolTip()


def test_a_preview_arrives_after_one_evaluation_and_refines(dock, steps, wait_until):
    dock.dock.dial.slider.setValue(3)
    dock.ask_preview()
    wait_until(lambda: (3, 3) in steps)
    assert steps == [(3, 1), (3, 2), (3, 3)]
    assert "CPU" in dock.dock.device.text()
    assert "whole scene" in dock.dock.cost.text()


def test_an_nfe_already_seen_comes_from_the_cache_in_one_step(dock, steps, wait_until):
    dock.ask_preview()
    wait_until(lambda: (1, 1) in steps)
    dock.dock.dial.slider.setValue(4)
    wait_until(lambda: (4, 4) in steps)
    del steps[:]
    dock.dock.dial.slider.setValue(1)
    wait_until(lambda: steps)
    assert steps == [(1, 1)]
    del steps[:]
    dock.dock.dial.slider.setValue(4)
    wait_until(lambda: steps)
    assert steps == [(4, 4)], "a kept picture comes finished, not step by step"


def test_moving_the_slider_on_shows_only_the_last_position(dock, steps, wait_until):
    dock.ask_preview()
    wait_until(lambda: steps)
    del steps[:]
    for nfe in (2, 3, 4, 5):
        dock.dock.dial.slider.setValue(nfe)
    wait_until(lambda: (5, 5) in steps)
    assert {nfe for nfe, _ in steps} == {5}


def test_the_preview_is_what_a_run_on_the_same_extent_writes(dock, steps, wait_until, tmp_path):
    import processing

    pictures: list = []
    dock.previews.stepped.connect(lambda picture, files: pictures.append(picture))
    dock.dock.dial.slider.setValue(2)
    dock.ask_preview()
    wait_until(lambda: (2, 2) in steps)
    parameters = {**dock.inputs.parameters(), "OUTPUT": str(tmp_path / "run.tif"), "CHANGED": None}
    written = gdal.Open(processing.run("dbcr:removeclouds", parameters)["OUTPUT"]).ReadAsArray()
    assert written.shape == pictures[-1].stored.shape
    # The run pads its one tile to 256 pixels; this network looks at single pixels, so padding changes nothing.
    assert np.array_equal(written, pictures[-1].stored)


def test_the_picture_lies_over_the_canvas_and_can_be_swiped_and_flipped(dock, steps, wait_until):
    dock.ask_preview()
    wait_until(lambda: dock.compare.over_map._image is not None)
    dock.dock.compare_lines.swipe.setChecked(True)
    assert dock._canvas.mapTool() is dock.compare.tool and dock.compare.over_map.split == 0.5
    dock.dock.compare_lines.flip_wanted.emit()
    assert not dock.compare.over_map.isVisible()
    dock.dock.compare_lines.swipe.setChecked(False)
    assert dock._canvas.mapTool() is not dock.compare.tool and dock.compare.over_map.split == 0.0


def test_who_asks_for_a_picture_sees_it_though_it_was_flipped_away(dock, steps, wait_until):
    dock.ask_preview()
    wait_until(lambda: steps)
    asks = (
        dock.dock.preview.click,
        lambda: dock.dock.compare_lines.shown.setCurrentIndex(dock.dock.compare_lines.shown.findData("changed")),
    )
    for ask in asks:
        dock.dock.compare_lines.flip.click()
        assert not dock.compare.over_map.isVisible()
        ask()
        assert dock.compare.over_map.isVisible()
    dock.dock.compare_lines.side_by_side.setChecked(True)
    dock.dock.preview.click()
    assert not dock.compare.over_map.isVisible(), "side by side, QGIS's map shows the bare input"
    wait_until(lambda: dock.previews.is_idle)


def test_a_flip_hides_no_later_picture(dock, steps, wait_until):
    flip, item = dock.dock.compare_lines.flip, dock.compare.over_map
    flip.click()
    assert item.isVisible(), "there is none to hide"
    dock.ask_preview()
    wait_until(lambda: steps)
    flip.click()
    assert not item.isVisible()
    dock._forget_preview()
    assert item.isVisible(), "what was hidden has gone"


def test_a_flip_lays_nothing_over_qgis_s_map_beside_linked_ones(dock, steps, wait_until):
    dock.ask_preview()
    wait_until(lambda: steps)
    dock.dock.compare_lines.side_by_side.click()
    dock.dock.compare_lines.flip.click()
    assert not dock.compare.over_map.isVisible()


def test_swiping_and_side_by_side_exclude_each_other(dock, steps, wait_until):
    dock.ask_preview()
    wait_until(lambda: steps)
    dock.dock.compare_lines.side_by_side.setChecked(True)
    dock.dock.compare_lines.swipe.setChecked(True)
    assert not dock.dock.compare_lines.side_by_side.isChecked() and dock.compare.maps is None
    assert dock._canvas.mapTool() is dock.compare.tool and dock.compare.over_map.isVisible()
    dock.dock.compare_lines.side_by_side.setChecked(True)
    assert not dock.dock.compare_lines.swipe.isChecked() and not dock.compare.over_map.isVisible()


def test_the_picture_stays_where_it_belongs_until_it_is_drawn_anew(dock, steps, wait_until):
    dock.ask_preview()
    item, canvas = dock.compare.over_map, dock._canvas
    size = canvas.mapSettings().outputSize()
    wait_until(lambda: item._image is not None and item._job is None)

    def painted() -> QImage:
        picture = QImage(size, QImage.Format.Format_ARGB32)
        picture.fill(0)
        painter = QPainter(picture)
        item.paint(painter)
        painter.end()
        return picture

    marked = item._image.copy()
    marked.fill(QColor("red"))
    item._image = marked
    assert painted().pixelColor(0, 0) == QColor("red")
    canvas.zoomByFactor(2)
    zoomed = painted()
    assert zoomed.pixelColor(size.width() // 2, size.height() // 2) == QColor("red")
    assert zoomed.pixelColor(size.width() // 8, size.height() // 8).alpha() == 0
    wait_until(lambda: item._image is not marked)
    assert item._extent == canvas.mapSettings().visibleExtent()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    assert item._image is None, "its place in another projection is another one"
    wait_until(lambda: item._image is not None)


def test_sar_changed_pixels_and_uncertainty_can_lie_over_the_input(dock, steps, wait_until):
    dock.ask_preview()
    wait_until(lambda: steps)
    for key in ("sar", "changed", "uncertainty", "reconstruction"):
        dock.dock.compare_lines.shown.setCurrentIndex(dock.dock.compare_lines.shown.findData(key))
        assert len(dock.compare.over_map._layers) == 1, key
        wait_until(lambda: dock.compare.over_map._image is not None)


def test_the_message_bar_tells_what_the_latest_installation_came_to(dock, desktop, tmp_path, monkeypatch, wait_until):
    from dbcr.plugin import runtime

    wheel = tmp_path / "wrong.whl"
    wheel.write_bytes(b"no wheel")
    desktop.messages.append("of something else")
    with monkeypatch.context() as patched:
        patched.setattr(runtime, "load", lambda folder: runtime.RuntimeStatus(None, problem=runtime.MISSING))
        for _ in range(2):
            dock.dock.wheel.setFilePath(str(wheel))
            wait_until(lambda: not dock.dock.wheel.filePath() and dock.dock.wheel.isEnabled())
            assert len(desktop.messages) == 2 and "SHA-256" in desktop.messages[-1]
    dock.dock.install.click()
    wait_until(dock.dock.install.isEnabled)
    version = runtime.load(tmp_path).version
    assert desktop.messages == ["of something else", f"ONNX Runtime {version} is ready."]


def test_the_whole_scene_runs_in_the_background_and_loads_one_group(dock, desktop, wait_until):
    dock.dock.run_box.with_uncertainty.setChecked(True)
    dock.runs.run_scene()
    assert not dock.dock.run_box.run.isEnabled()
    wait_until(lambda: dock.dock.run_box.run.isEnabled())
    assert "reconstructed" in desktop.messages[-1], desktop.messages
    group = QgsProject.instance().layerTreeRoot().findGroup("S2 2020-08-23, clouds removed")
    assert [node.name() for node in group.findLayers()] == ["uncertainty", "reconstructed pixels", "cloud-free"]


def test_a_run_that_fails_says_why_in_the_message_bar(dock, desktop, scene, wait_until):
    dock.dock.run_box.output.setFilePath(scene["OPTICAL"])
    dock.runs.run_scene()
    wait_until(lambda: dock.dock.run_box.run.isEnabled())
    assert "input" in desktop.messages[-1] and "Traceback" not in desktop.messages[-1]


def test_a_run_whose_parameters_do_not_fit_does_not_start(dock, desktop):
    QgsProject.instance().removeMapLayer(dock.inputs.choice.optical)
    dock.runs.run_scene()
    assert "optical image" in desktop.messages[-1] and not dock.runs._runs


def test_the_copied_command_runs_in_a_shell_and_gives_what_the_dock_gives(dock, profile, tmp_path, wait_until):
    from dbcr.plugin import copied, settings

    settings.COMPRESSION.write("zstd")
    dock.dock.dial.slider.setValue(2)
    dock.dock.run_box.output.setFilePath(str(tmp_path / "dock.tif"))
    dock.dock.run_box.run.click()
    wait_until(lambda: dock.dock.run_box.run.isEnabled())
    dock.dock.run_box.output.setFilePath("")
    dock.dock.run_box.with_uncertainty.setChecked(True)
    dock.dock.run_box.copy.menu().actions()[0].trigger()
    command = QgsApplication.clipboard().text()
    settings.COMPRESSION.write(settings.COMPRESSION.default)
    assert command.startswith(copied.program()) and "QgsRasterLayer" not in command
    done = subprocess.run(
        command, shell=True, cwd=tmp_path, env=profile.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    written = {path.name for path in tmp_path.glob("*.tif")}
    assert {"cloud-free.tif", "reconstructed.tif", "uncertainty.tif"} <= written
    ours, theirs = (gdal.Open(str(tmp_path / name)) for name in ("dock.tif", "cloud-free.tif"))
    assert np.array_equal(ours.ReadAsArray(), theirs.ReadAsArray())
    assert all(file.GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE") == "ZSTD" for file in (ours, theirs))


def test_the_copied_python_runs_in_the_console(dock, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    dock.dock.run_box.copy.menu().actions()[1].trigger()
    code = QgsApplication.clipboard().text()
    assert "TEMPORARY_OUTPUT" not in code
    exec(compile(code, "copied", "exec"), {})  # noqa: S102 (running it is the test)
    assert gdal.Open(str(tmp_path / "cloud-free.tif")).RasterCount == 13
    assert (tmp_path / "reconstructed.tif").is_file()


def test_the_assessment_shows_its_report_and_saves_it(dock, desktop, sample, tmp_path, wait_until):
    box = dock.dock.assess_box
    reference = QgsRasterLayer(str(sample / "optical_clear_2020-06-04_L1C.tif"), "clear")
    QgsProject.instance().addMapLayer(reference)
    dock.dock.run_box.run.click()
    wait_until(lambda: dock.dock.run_box.run.isEnabled() and not dock.watch.is_waiting)
    assert box.assessed.currentText() == "cloud-free" and box.reference.currentText() == "clear"
    box.report.setFilePath(str(tmp_path / "report.html"))
    box.assess.click()
    wait_until(lambda: dock.runs.dialogs)
    assert "PSNR" in desktop.messages[-1]
    dialog = dock.runs.dialogs[-1]
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "cloudy" in page and "image/svg+xml" in page and "image/png" in page
    assert "PSNR" in dialog.text.toPlainText()
    dialog.save(str(tmp_path / "copy.html"))
    assert (tmp_path / "copy.html").read_text(encoding="utf-8") == page
    dialog.save(str(tmp_path / "no" / "folder.html"))
    assert "Cannot write" in dialog.text.toPlainText()
    dialog.close()
    QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
    assert sip.isdeleted(dialog) and not dock.runs.dialogs


def test_an_image_that_the_user_chose_to_assess_stays_until_the_next_run(dock, sample, wait_until):
    box = dock.dock.assess_box

    def run() -> None:
        dock.dock.run_box.run.click()
        wait_until(lambda: dock.dock.run_box.run.isEnabled() and not dock.watch.is_waiting)

    run()
    first = box.assessed.currentData()
    box.assessed.setCurrentIndex(box.assessed.findText("S2 2020-08-23"))
    QgsProject.instance().addMapLayer(QgsRasterLayer(str(sample / "optical_clear_2020-06-04_L1C.tif"), "clear"))
    wait_until(lambda: box.reference.findText("clear") >= 0)
    assert box.assessed.currentText() == "S2 2020-08-23"
    run()
    assert box.assessed.currentText() == "cloud-free" and box.assessed.currentData() != first
    QgsProject.instance().removeMapLayer(box.assessed.currentData())
    wait_until(lambda: not dock.watch.is_waiting)
    assert box.assessed.currentData() == first


def test_another_image_is_assessed_where_the_result_has_gone(dock, sample, wait_until):
    box = dock.dock.assess_box
    reference = QgsRasterLayer(str(sample / "optical_clear_2020-06-04_L1C.tif"), "clear")
    QgsProject.instance().addMapLayer(reference)
    dock.dock.run_box.run.click()
    wait_until(lambda: dock.dock.run_box.run.isEnabled() and not dock.watch.is_waiting)
    QgsProject.instance().removeMapLayer(box.assessed.currentData())
    wait_until(lambda: not dock.watch.is_waiting)
    assert box.assessed.currentText() == "S2 2020-08-23" and box.reference.currentText() == "clear"
    assert box.assess.isEnabled()
    QgsProject.instance().removeMapLayer(reference.id())
    wait_until(lambda: not dock.watch.is_waiting)
    assert box.assessed.currentText() == "S2 2020-08-23" and not box.assess.isEnabled()


def test_results_are_styled_with_legends_in_reflectance(dock, wait_until):
    dock.dock.run_box.with_uncertainty.setChecked(True)
    dock.dock.run_box.run.click()
    wait_until(lambda: dock.dock.run_box.run.isEnabled())
    changed, error = (dock.runs.result_layer(key).renderer() for key in ("changed", "uncertainty"))
    labels = [item.label for item in changed.shader().rasterShaderFunction().colorRampItemList()]
    assert labels[0].startswith("0 %") and labels[-1].startswith("100 %")
    stops = error.shader().rasterShaderFunction().colorRampItemList()
    # The file holds Sentinel-2's numbers: 10,000 are a reflectance of 1.
    assert stops[-1].value == pytest.approx(500) and "0.05" in stops[-1].label
    assert (error.inputBand if hasattr(error, "inputBand") else error.band)() == 4


def test_the_device_is_told_before_the_first_preview(dock, desktop, wait_until):
    from dbcr.plugin import settings

    settings.TILE_SECONDS.write("")
    desktop.mainWindow().show()
    wait_until(lambda: "ONNX" in dock.dock.device.text())
    assert not dock.compare.has_preview and dock.dock.cost.text() == ""


def test_the_cost_is_told_before_the_first_preview_once_the_model_ran(dock, desktop, wait_until):
    from dbcr.plugin import dock_state, settings

    settings.TILE_SECONDS.write(dock_state.cost_memory("tiny 1", "CPU, ONNX Runtime 0", 2.0))
    dock._on_prepared("CPU, ONNX Runtime 0", 1)
    settings.TILE_SECONDS.write("")
    assert dock.dock.cost.text() == "preview 2.0 s · whole scene at most 2.0 s"


def test_going_back_to_a_place_needs_no_evaluation(dock, steps, wait_until):
    arrived: list = []
    dock.previews.stepped.connect(lambda picture, files: arrived.append(picture.is_free))
    dock.ask_preview()
    wait_until(lambda: arrived and dock.previews.is_idle)
    mask = dock.dock.mask
    mask.setCurrentIndex(mask.findData("none"))
    dock.ask_preview()
    wait_until(lambda: len(arrived) == 2 and dock.previews.is_idle)
    mask.setCurrentIndex(mask.findData("auto"))
    dock.ask_preview()
    wait_until(lambda: len(arrived) == 3)
    assert arrived == [False, False, True]


def test_following_the_map_asks_anew_only_for_ground_not_shown_yet(dock, desktop, steps, wait_until):
    desktop.mainWindow().show()
    dock.dock.follow.setChecked(True)
    wait_until(lambda: steps and dock.previews.is_idle)
    del steps[:]
    box = dock._canvas.extent()
    box.scale(0.5)
    dock._canvas.setExtent(box)
    assert dock.previews.is_idle and not steps, "what it shows now was reconstructed already"
    dock.dock.follow.setChecked(False)


def test_a_map_that_moves_does_not_end_a_preview_of_its_centre(dock, desktop, steps, tmp_path, wait_until):
    from dbcr.plugin import settings

    settings.MODEL.write(str(write_tiny_model(tmp_path / "small.dbcr", tile_size=64)))
    settings.PREVIEW_PIXELS.write(64)
    desktop.mainWindow().show()
    wait_until(lambda: dock.previews.is_idle)
    dock.dock.dial.slider.setValue(10)
    finished: list = []
    dock.previews.stepped.connect(lambda picture, files: picture.is_final and finished.append(True))
    dock.dock.preview.click()
    assert "centre" in dock.dock.status.text()
    settings.PREVIEW_PIXELS.write(settings.PREVIEW_PIXELS.default)
    wait_until(lambda: steps)
    dock._canvas.zoomByFactor(0.9)
    wait_until(lambda: dock.previews.is_idle)
    assert finished == [True]


def test_a_preview_that_follows_is_finished_when_the_dock_comes_back(dock, desktop, plugin, steps, wait_until):
    desktop.mainWindow().show()
    plugin._action.setChecked(True)
    dock.dock.dial.slider.setValue(10)
    wait_until(lambda: dock.previews.is_idle)
    dock.dock.follow.setChecked(True)
    wait_until(lambda: steps)
    plugin._action.setChecked(False)
    wait_until(lambda: dock.previews.is_idle)
    plugin._action.setChecked(True)
    wait_until(lambda: (10, 10) in steps)
    dock.dock.follow.setChecked(False)


def test_models_of_the_folder_can_be_chosen_and_the_preview_follows(dock, tiny_model, tmp_path, steps, wait_until):
    import shutil

    from dbcr.plugin import settings

    shutil.copyfile(tiny_model, tmp_path / "mine.dbcr")
    (tmp_path / "notes.txt").write_text("no model")
    settings.MODEL_FOLDER.write(str(tmp_path))
    dock.refresh_settings()
    names = [dock.dock.model.itemText(row) for row in range(dock.dock.model.count())]
    assert names == ["dbcr-small", "mine", "tiny"]
    dock.ask_preview()
    wait_until(lambda: steps and dock.previews.is_idle)
    del steps[:]
    dock.dock.model.setCurrentIndex(1)
    wait_until(lambda: steps)
    assert settings.MODEL.read() == str(tmp_path / "mine.dbcr")
    settings.MODEL_FOLDER.write("")


def test_removing_the_layer_during_a_preview_leaves_no_trace(dock, desktop, wait_until):
    dock.ask_preview()
    QgsProject.instance().removeMapLayer(dock.inputs.choice.optical)
    assert dock.inputs.optical is None
    wait_until(lambda: dock.previews.is_idle)
    assert dock.compare.over_map._image is None
    dock.ask_preview()
    assert "raster" in desktop.messages[-1]


def test_closing_the_project_stops_everything(dock, wait_until):
    dock.runs.run_scene()
    dock.ask_preview()
    QgsProject.instance().clear()
    wait_until(lambda: dock.previews.is_idle and QgsApplication.taskManager().countActiveTasks() == 0)
    wait_until(lambda: dock.dock.optical.count() == 0)


def test_the_radar_over_the_map_of_one_project_lies_not_over_the_next_one_s(dock, scene, wait_until):
    lines = dock.dock.compare_lines
    lines.shown.setCurrentIndex(lines.shown.findData("sar"))
    assert dock.compare.over_map._layers
    QgsProject.instance().clear()
    QgsProject.instance().addMapLayers([QgsRasterLayer(scene[kind], kind) for kind in ("OPTICAL", "SAR")])
    wait_until(lambda: dock.inputs.sar is not None)
    assert dock.compare.over_map._layers == [] and lines.shown.currentData() == "reconstruction"


def test_a_closed_project_s_files_are_let_go(dock, steps, wait_until):
    dock.ask_preview()
    wait_until(lambda: steps and dock.previews.is_idle)
    dock.dock.compare_lines.swipe.click()
    pictures = dock.compare.pictures
    copies = [pictures.input, pictures.radar]
    assert not {layer.id() for layer in copies} & set(QgsProject.instance().mapLayers())
    QgsProject.instance().clear()
    gone = [weakref.ref(layer) for layer in copies]
    del copies
    gc.collect()
    assert [each() for each in gone] == [None, None]


def test_a_map_that_shows_none_of_the_image_asks_to_zoom(dock, desktop):
    box = dock.inputs.optical.extent()
    box.setXMinimum(box.xMinimum() + 10)
    box.setXMaximum(box.xMaximum() + 10)
    dock._canvas.setExtent(box)
    dock.ask_preview()
    assert "zoom" in desktop.messages[-1]


def test_a_dial_turned_while_the_map_shows_none_of_the_image_leaves_no_picture_of_before_and_one_message(
    dock, desktop, wait_until
):
    desktop.mainWindow().show()
    dock.ask_preview()
    wait_until(lambda: dock.compare.has_preview and dock.previews.is_idle)
    dock.dock.follow.setChecked(True)
    there = dock.inputs.optical.extent()
    dock._canvas.setExtent(QgsRectangle(0, 0, 1, 1))
    assert dock.compare.has_preview
    dock.dock.dial.slider.setValue(2)
    dock.dock.dial.slider.setValue(3)
    assert not dock.compare.has_preview and ["zoom" in message for message in desktop.messages] == [True]
    shown: list = []
    dock.previews.stepped.connect(lambda picture, files: shown.append(picture))
    dock._canvas.setExtent(there)
    wait_until(lambda: shown and shown[-1].is_final)
    assert shown[-1].request.nfe == 3 and dock.compare.has_preview


@pytest.mark.parametrize("name", ["gone.dbcr", "gone.onnx"])
def test_a_missing_model_file_is_told_by_the_run_as_by_the_preview_and_its_cost_goes(
    dock, desktop, tmp_path, wait_until, name
):
    from dbcr.plugin import settings

    dock.ask_preview()
    wait_until(lambda: dock.compare.has_preview and dock.previews.is_idle)
    assert dock.dock.cost.text()
    settings.MODEL.write(str(tmp_path / name))
    dock.take_settings()
    assert dock.dock.cost.text() == ""
    dock.dock.dial.slider.setValue(2)
    assert dock.dock.cost.text() == ""
    wait_until(lambda: desktop.messages)
    told = f"There is no model file at {tmp_path / name}; choose an existing .dbcr file."
    dock.dock.run_box.run.click()
    assert desktop.messages[0] == desktop.messages[-1] and desktop.messages[-1].endswith(told)
    assert dock.dock.run_box.run.isEnabled()


def test_another_model_in_the_options_is_the_docks_with_the_next_preview(dock, desktop, tmp_path, wait_until):
    from dbcr.plugin import settings

    assert dock.dock.model.currentText() == "tiny" and dock.model.card.id == "tiny 1"
    settings.MODEL.write(str(tmp_path / "gone.dbcr"))
    dock.ask_preview()
    assert dock.dock.model.currentText() == "gone" and not dock.dock.card.isEnabled()
    wait_until(lambda: desktop.messages)
    assert "no model file" in desktop.messages[-1]


def test_the_model_card_is_readable(dock):
    from dbcr.plugin.card_dialog import card_page

    page = card_page(dock.model.card)
    assert "It knows nothing." in page and "psnr" in page and os.linesep * 3 not in page


def test_the_dock_comes_back_where_it_stood(dbcr, desktop, plugin, dock, qgis_app):
    from qgis.PyQt.QtCore import QEvent, Qt

    window = desktop.mainWindow()
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock.dock)
    place = window.saveState()
    plugin.unload()
    qgis_app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    window.restoreState(place)
    plugin.initGui()
    plugin.show_dock()
    assert window.dockWidgetArea(plugin.controller.dock) == Qt.DockWidgetArea.LeftDockWidgetArea


def test_a_closed_dock_leaves_nothing_over_the_map(dock, plugin, desktop, wait_until):
    plugin._action.setChecked(True)
    dock.ask_preview()
    wait_until(lambda: dock.compare.has_preview and dock.previews.is_idle)
    dock.dock.compare_lines.swipe.click()
    dock.dock.compare_lines.side_by_side.click()
    assert not dock.dock.compare_lines.swipe.isChecked(), "one way of comparing at a time"
    plugin._action.setChecked(False)
    assert not dock.compare.over_map.isVisible() and dock.compare.maps is None
    assert dock._canvas.mapTool() is not dock.compare.tool and len(desktop.docks) == 1
    plugin._action.setChecked(True)
    assert dock.compare.over_map.isVisible()
