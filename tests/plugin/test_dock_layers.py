# SPDX-License-Identifier: GPL-3.0-or-later
"""Layers that do not fit, go away or belong to another project: a sentence in the message bar, nothing left running."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer, QgsVectorLayer

gdal.UseExceptions()


def is_quiet() -> bool:
    return QgsApplication.taskManager().countActiveTasks() == 0


@pytest.fixture
def strange(scene, tmp_path) -> dict:
    """Layers that cannot serve, by kind."""
    bare, single = str(tmp_path / "bare.tif"), str(tmp_path / "single.tif")
    gdal.Translate(single, scene["OPTICAL"], bandList=[1])
    copy = gdal.GetDriverByName("GTiff").CreateCopy(bare, gdal.Open(scene["OPTICAL"]))
    copy.SetProjection("")
    copy = None
    no_crs = QgsRasterLayer(bare, "no CRS")
    no_crs.setCrs(type(no_crs.crs())())
    return {
        "web map": QgsRasterLayer("type=xyz&url=file:///tiles/{z}/{x}/{y}.png", "web map", "wms"),
        "WMS": QgsRasterLayer("url=http://127.0.0.1:9/wms&layers=a&format=image/png&crs=EPSG:3857", "WMS", "wms"),
        "remote file": QgsRasterLayer("/vsicurl/http://127.0.0.1:9/s2.tif", "remote file"),
        "vector": QgsVectorLayer("Point?crs=epsg:4326", "vector", "memory"),
        "no CRS": no_crs,
        "one band": QgsRasterLayer(single, "one band"),
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["web map", "WMS", "remote file", "vector", "no CRS"])
def test_a_layer_that_cannot_serve_is_not_offered_and_the_reason_is_known(dock, strange, wait_until, kind):
    from dbcr.plugin.layers import unsuitable

    before = dock.dock.optical.count()
    layer = strange[kind]
    QgsProject.instance().addMapLayer(layer)
    wait_until(lambda: not dock.watch.is_waiting)
    assert dock.dock.optical.count() == before
    sentence = unsuitable(layer, "optical image")
    assert kind in sentence and sentence.endswith((".", ")."))


@pytest.mark.parametrize("options", ["|option:NUM_THREADS=2", "|option:NUM_THREADS=2|option:SPARSE_OK=TRUE"])
def test_a_layer_with_open_options_is_the_file_behind(dock, desktop, scene, wait_until, options):
    layer = QgsRasterLayer(scene["OPTICAL"] + options, "with options")
    QgsProject.instance().addMapLayer(layer)
    wait_until(lambda: dock.dock.optical.findData(layer.id()) >= 0)
    dock.dock.optical.setCurrentIndex(dock.dock.optical.findData(layer.id()))
    dock.dock.preview.click()
    wait_until(lambda: dock.compare.has_preview and dock.previews.is_idle and dock.dock.findings.text())
    assert desktop.messages == []
    assert dock.inputs.portable_parameters()["OPTICAL"] == scene["OPTICAL"]
    dock.dock.run_box.run.click()
    wait_until(lambda: dock.dock.run_box.run.isEnabled())
    assert "reconstructed" in desktop.messages[-1]


@pytest.mark.parametrize("source", ['NETCDF:"/a/b.nc":x', "/vsizip//a/b.zip/c.tif", "/a|b.tif"])
def test_what_is_no_open_option_stays_in_the_path(dbcr, source):
    from dbcr.plugin.layers import file_of

    for options in ("", "|option:NUM_THREADS=2"):
        assert file_of(QgsRasterLayer(source + options, "any")) == source


def test_one_band_as_the_optical_image_is_refused_in_the_message_bar(dock, desktop, strange, wait_until):
    layer = strange["one band"]
    QgsProject.instance().addMapLayer(layer)
    wait_until(lambda: dock.dock.optical.findData(layer.id()) >= 0)
    dock.dock.optical.setCurrentIndex(dock.dock.optical.findData(layer.id()))
    dock.dock.preview.click()
    wait_until(lambda: desktop.messages and is_quiet())
    assert "bands" in desktop.messages[-1] and "Traceback" not in desktop.messages[-1]
    assert not dock.compare.has_preview
    dock.dock.run_box.run.click()
    wait_until(lambda: len(desktop.messages) > 1 and dock.dock.run_box.run.isEnabled() and is_quiet())
    assert "bands" in desktop.messages[-1]


def test_the_optical_image_as_sar_is_refused_in_the_message_bar(dock, desktop, wait_until):
    dock.dock.sar.setCurrentIndex(dock.dock.sar.findData(dock.inputs.choice.optical))
    dock.dock.preview.click()
    wait_until(lambda: desktop.messages and is_quiet())
    assert "VV" in desktop.messages[-1] and not dock.compare.has_preview


def test_the_layers_go_during_a_run_and_its_result_is_loaded_all_the_same(dock, desktop, wait_until):
    dock.dock.run_box.run.click()
    assert not dock.dock.run_box.run.isEnabled(), desktop.messages
    QgsProject.instance().removeMapLayers([dock.inputs.choice.optical, dock.inputs.choice.sar])
    wait_until(lambda: is_quiet() and "reconstructed" in desktop.messages[-1])
    assert {layer.name() for layer in QgsProject.instance().mapLayers().values()} == {
        "cloud-free", "reconstructed pixels"}  # fmt: skip


@pytest.mark.parametrize("is_side_by_side", [False, True])
def test_the_result_goes_while_it_is_compared(dock, wait_until, is_side_by_side):
    dock.dock.run_box.run.click()
    wait_until(lambda: dock.dock.run_box.run.isEnabled())
    dock.dock.compare_lines.swipe.click()
    assert dock.compare.over_map._layers and dock.compare.under._layers
    if is_side_by_side:
        dock.dock.compare_lines.side_by_side.click()
    QgsProject.instance().removeMapLayer(dock.runs.result_layer("reconstruction").id())
    wait_until(lambda: not dock.watch.is_waiting)
    dock.compare.refresh()
    assert dock.runs.result_layer("reconstruction") is None
    assert dock.compare.over_map._layers == [] and dock.compare.under._layers == []


def test_the_layer_over_the_map_goes_and_the_map_can_still_be_moved(dock, wait_until):
    dock.dock.compare_lines.shown.setCurrentIndex(dock.dock.compare_lines.shown.findData("sar"))
    dock.dock.compare_lines.side_by_side.click()
    assert dock.compare.over_map._layers
    QgsProject.instance().removeMapLayer(dock.inputs.choice.sar)
    dock._canvas.zoomByFactor(0.5)
    assert dock.compare.over_map._layers == []
    wait_until(is_quiet)


def test_a_run_of_a_project_that_was_closed_puts_nothing_into_the_next(dock, desktop, wait_until):
    dock.dock.run_box.run.click()
    dock.dock.preview.click()
    QgsProject.instance().clear()
    wait_until(lambda: is_quiet() and dock.previews.is_idle and not dock.runs._runs[-1].is_running)
    assert not QgsProject.instance().mapLayers() and not QgsProject.instance().layerTreeRoot().findGroups()
    assert not any("Traceback" in text for text in desktop.messages)


def test_another_project_stops_what_works_for_this_one_and_not_the_installation(dock):
    from dbcr.plugin.assessment import AssessmentRun
    from dbcr.plugin.background_run import BackgroundRun
    from dbcr.plugin.whole_scene import WholeSceneRun

    installation, of_project = BackgroundRun("dbcr:installruntime", {}), [WholeSceneRun({}, "s2"), AssessmentRun({})]
    dock.runs._runs += [installation, *of_project]
    for run in dock.runs._runs:
        run.done.connect(print)
    QgsProject.instance().clear()
    assert all(run._feedback.isCanceled() for run in of_project) and not installation._feedback.isCanceled()
    dock.runs.close()
    assert installation._feedback.isCanceled()


def test_unloading_during_a_run_and_a_preview_leaves_nothing_running(dbcr, desktop, dock, plugin, wait_until):
    dock.dock.dial.slider.setValue(10)
    dock.dock.run_box.run.click()
    dock.dock.preview.click()
    plugin.unload()
    wait_until(is_quiet)
    assert plugin.controller is None


def test_a_profile_that_cannot_be_written_changes_nothing_for_the_user(dbcr, scene, tiny_model):
    plugins = str(Path(sys.modules["dbcr"].__file__).parent.parent)
    child = Path(__file__).with_name("read_only_child.py")
    # Not even root makes folders in /proc.
    arguments = [plugins, "/proc/no-profile", scene["OPTICAL"], scene["SAR"], str(tiny_model)]
    done = subprocess.run(
        [sys.executable, str(child), *arguments],
        env={**os.environ, "HOME": "/proc/no-home"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["nfe"] == 4 and told["running"] == 0
    assert "reconstructed" in told["messages"][-1]
    assert told["layers"] == ["cloud-free", "optical", "radar", "reconstructed pixels"]
