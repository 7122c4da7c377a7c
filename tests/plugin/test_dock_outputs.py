# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the dock's runs write, what they refuse to write to, and what a copied run needs."""

from __future__ import annotations

import os
import shutil

import pytest
from osgeo import gdal
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer

gdal.UseExceptions()


def run(dock, wait_until) -> None:
    dock.dock.run_box.run.click()
    wait_until(lambda: dock.dock.run_box.run.isEnabled())


def test_what_belongs_to_a_named_image_lies_beside_it_and_is_replaced_with_it(dock, desktop, tmp_path, wait_until):
    dock.dock.run_box.output.setFilePath(str(tmp_path / "clear.tif"))
    dock.dock.run_box.with_uncertainty.setChecked(True)
    for _ in range(2):
        run(dock, wait_until)
        assert "reconstructed" in desktop.messages[-1], desktop.messages
    written = {path.name for path in tmp_path.glob("*.tif")}
    assert written == {"clear.tif", "clear_changed.tif", "clear_uncertainty.tif"}
    sources = {dock.runs.result_layer(key).source() for key in ("reconstruction", "changed", "uncertainty")}
    assert sources == {str(tmp_path / name) for name in written}


def test_a_run_to_the_same_files_replaces_the_layers_of_the_one_before(dock, desktop, tmp_path, wait_until):
    root = QgsProject.instance().layerTreeRoot()
    dock.dock.run_box.output.setFilePath(str(tmp_path / "clear.tif"))
    for name in ("clear.tif", "clear.tif", "another.tif"):
        dock.dock.run_box.output.setFilePath(str(tmp_path / name))
        run(dock, wait_until)
        assert "reconstructed" in desktop.messages[-1], desktop.messages
    assert [[node.name() for node in group.findLayers()] for group in root.findGroups()] == [
        ["reconstructed pixels", "cloud-free"]] * 2  # fmt: skip
    kept = root.findGroups()[1]
    kept.insertGroup(0, "the user's own")
    dock.dock.run_box.output.setFilePath(str(tmp_path / "clear.tif"))
    run(dock, wait_until)
    assert kept.findLayers() == [] and kept in root.findGroups() and len(root.findGroups()) == 3


def test_a_file_that_no_run_made_is_not_overwritten_by_what_lies_beside(dock, desktop, tmp_path):
    mine = tmp_path / "clear_changed.tif"
    mine.write_text("my own")
    dock.dock.run_box.output.setFilePath(str(tmp_path / "clear.tif"))
    dock.dock.run_box.run.click()
    assert "clear_changed.tif is there already" in desktop.messages[-1] and not dock.runs._runs
    assert mine.read_text() == "my own" and dock.dock.run_box.run.isEnabled()


def test_the_image_itself_does_not_replace_a_file_that_no_run_made(dock, desktop, tmp_path):
    mine = tmp_path / "clear.tif"
    mine.write_text("my own")
    dock.dock.run_box.output.setFilePath(str(mine))
    dock.dock.run_box.run.click()
    assert "clear.tif is there already, and no cloud" in desktop.messages[-1] and not dock.runs._runs
    assert mine.read_text() == "my own"


def choose_copy(dock, scene, file, wait_until) -> None:
    """Makes a copy of the optical image the one to clear."""
    other = QgsRasterLayer(shutil.copyfile(scene["OPTICAL"], str(file)), "other")
    QgsProject.instance().addMapLayer(other)
    wait_until(lambda: dock.dock.optical.findData(other.id()) >= 0)
    dock.dock.optical.setCurrentIndex(dock.dock.optical.findData(other.id()))


@pytest.mark.parametrize("name", ["other.tif", "s2_2020-08-23_L1C.tif"])
def test_the_result_of_another_scene_is_not_overwritten(dock, desktop, scene, tmp_path, wait_until, name):
    """Its file may have the same name, in a folder of its own."""
    result = tmp_path / "clear.tif"
    dock.dock.run_box.output.setFilePath(str(result))
    run(dock, wait_until)
    before = result.read_bytes()
    (tmp_path / "other date").mkdir()
    choose_copy(dock, scene, tmp_path / "other date" / name, wait_until)
    dock.dock.run_box.run.click()
    assert "clear.tif is there already, made from another optical image" in desktop.messages[-1]
    assert len(dock.runs._runs) == 1 and result.read_bytes() == before


def test_a_result_that_something_else_has_rewritten_is_not_overwritten(dock, desktop, tmp_path, wait_until):
    result = tmp_path / "clear.tif"
    dock.dock.run_box.output.setFilePath(str(result))
    run(dock, wait_until)
    os.utime(result, (0, 0))
    dock.dock.run_box.run.click()
    assert "clear.tif is there already, made from another" in desktop.messages[-1] and len(dock.runs._runs) == 1


def test_what_was_made_of_what_outlives_the_session_but_not_for_ever(dbcr, tmp_path, monkeypatch):
    from dbcr.plugin import own_results, settings

    monkeypatch.setattr(own_results, "MOST", 2)
    files = [tmp_path / name for name in ("a.tif", "b.tif", "c.tif")]
    for file in files:
        file.write_text("result")
        own_results.remember([str(file)], "B02.tif,B03.tif")
    own_results.remember([str(files[2])], "other.tif")
    assert [own_results.is_from(str(file), "B02.tif,B03.tif") for file in files] == [False, True, False]
    assert own_results.is_from(str(files[2]), "other.tif")
    settings.OWN_RESULTS.write("damaged")
    assert not own_results.is_from(str(files[1]), "B02.tif,B03.tif")
    own_results.remember([str(files[1])], "other.tif")
    assert own_results.is_from(str(files[1]), "other.tif")


def test_the_next_project_begins_without_names_of_outputs(dock, tmp_path):
    dock.dock.run_box.output.setFilePath(str(tmp_path / "clear.tif"))
    dock.dock.assess_box.report.setFilePath(str(tmp_path / "report.html"))
    QgsProject.instance().clear()
    assert dock.dock.run_box.output.filePath() == dock.dock.assess_box.report.filePath() == ""


@pytest.mark.parametrize("name", ["clear.png", "clear", "memory:"])
def test_an_output_that_is_no_geotiff_is_refused(dock, desktop, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    dock.dock.run_box.output.setFilePath(name)
    dock.dock.run_box.run.click()
    assert "ends in .tif" in desktop.messages[-1] and not dock.runs._runs
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["command", "python"])
def test_without_an_image_nothing_is_copied_and_the_dock_says_what_is_missing(dock, desktop, kind):
    QgsApplication.clipboard().setText("before")
    QgsProject.instance().removeMapLayer(dock.inputs.choice.optical)
    dock.copy(kind)
    assert "No optical image was given" in desktop.messages[-1]
    assert QgsApplication.clipboard().text() == "before"


def test_a_bare_name_is_one_in_the_projects_folder_or_at_home(dock, tmp_path, monkeypatch, wait_until):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    box, report = dock.dock.run_box, dock.dock.assess_box.report
    report.setFilePath("report.html")
    assert dock.inputs.assessment_parameters("")["HTML"] == str(tmp_path / "home" / "report.html")
    report.setFilePath("~/other.html")
    assert dock.inputs.assessment_parameters("")["HTML"] == str(tmp_path / "home" / "other.html")
    (tmp_path / "project").mkdir()
    QgsProject.instance().write(str(tmp_path / "project" / "p.qgz"))
    box.output.setFilePath("clear.tif")
    run(dock, wait_until)
    assert (tmp_path / "project" / "clear_changed.tif").is_file()
    assert box.output.filePath() == str(tmp_path / "project" / "clear.tif")
