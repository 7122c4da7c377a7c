# SPDX-License-Identifier: GPL-3.0-or-later
"""A result is a layer of the project: QGIS's layer tree shows and hides it, and nothing lies over it unasked."""

from __future__ import annotations

import pytest
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtXml import QDomDocument

RESULTS = ("reconstruction", "changed", "uncertainty")


@pytest.fixture
def done(dock, wait_until):
    """The dock after a run over the whole scene, a preview before it."""
    dock.ask_preview()
    wait_until(lambda: dock.compare.has_preview and dock.previews.is_idle)
    dock.dock.run_box.with_uncertainty.setChecked(True)
    dock.dock.run_box.run.click()
    wait_until(lambda: dock.dock.run_box.run.isEnabled())
    return dock


def visible() -> set:
    """Names of the results that the layer tree shows."""
    group = QgsProject.instance().layerTreeRoot().findGroup("S2 2020-08-23, clouds removed")
    return {node.name() for node in group.findLayers() if node.isVisible()}


def choose(dock, key: str) -> None:
    lines = dock.dock.compare_lines
    lines.shown.setCurrentIndex(lines.shown.findData(key))


def test_a_run_takes_the_preview_off_the_map_and_lays_nothing_there(done):
    assert done.compare.over_map._layers == [] and not done.compare.has_preview
    assert visible() == {"cloud-free"}


@pytest.mark.parametrize("key", ["sar", "changed"])
def test_what_lay_over_the_map_does_not_hide_a_new_result(dock, wait_until, key):
    choose(dock, key)
    dock.dock.run_box.run.click()
    wait_until(lambda: dock.dock.run_box.run.isEnabled())
    assert dock.compare.over_map._layers == [] and dock.dock.compare_lines.shown.currentData() == "reconstruction"


def test_a_preview_of_another_image_stays(dock, scene, wait_until):
    dock.dock.run_box.run.click()
    other = QgsRasterLayer(scene["OPTICAL"], "other")
    QgsProject.instance().addMapLayer(other)
    wait_until(lambda: dock.dock.optical.findData(other.id()) >= 0)
    dock.dock.optical.setCurrentIndex(dock.dock.optical.findData(other.id()))
    dock.ask_preview()
    wait_until(lambda: dock.compare.has_preview and dock.previews.is_idle and dock.dock.run_box.run.isEnabled())
    dock._on_loaded(dock.runs._runs[-1].parameters["OPTICAL"])
    assert dock.compare.has_preview and dock.compare.over_map._layers
    dock.compare.forget()
    assert dock.runs.result_layer("reconstruction") is not None
    assert dock.compare.pictures.of("reconstruction") is None, "a result of the first image is none of the other's"


def test_flipping_and_choosing_results_switches_them_in_the_layer_tree(done):
    lines = done.dock.compare_lines
    lines.flip.click()
    assert visible() == set()
    lines.flip.click()
    assert visible() == {"cloud-free"}
    choose(done, "changed")
    assert visible() == {"cloud-free", "reconstructed pixels"}
    choose(done, "uncertainty")
    assert visible() == {"cloud-free", "uncertainty"}
    choose(done, "reconstruction")
    assert visible() == {"cloud-free"} and done.compare.over_map._layers == []


def test_a_switched_off_group_is_switched_on_with_the_result_that_is_chosen(done):
    QgsProject.instance().layerTreeRoot().findGroups()[0].setItemVisibilityChecked(False)
    done.dock.compare_lines.flip.click()
    assert visible() == {"cloud-free"}


def test_a_result_is_swiped_against_the_bare_input(done):
    """The map itself shows the result on both sides of the line."""
    compare, swipe = done.compare, done.dock.compare_lines.swipe
    swipe.click()
    assert compare.over_map._layers == [done.runs.result_layer("reconstruction")]
    assert [layer.source() for layer in compare.under._layers] == [done.inputs.optical.source()]
    assert compare.over_map._captions == ("input", "reconstruction")
    compare.over_map.flip()
    assert compare.under.isVisible() and not compare.over_map.isVisible(), "flipped: the input alone"
    swipe.click()
    assert compare.over_map._layers == [] and compare.under._layers == []
    swipe.click()
    done._canvas.unsetMapTool(compare.tool)
    assert compare.over_map._layers == [] and compare.under._layers == []


def test_side_by_side_shows_the_results_and_leaves_the_map_alone(done):
    done.dock.compare_lines.side_by_side.click()
    tops = {key: each.canvas.layers()[0].name() for key, each in done.compare.maps.maps.items()}
    assert tops["reconstruction"] == "cloud-free" and tops["uncertainty"] == "uncertainty"
    assert done.compare.over_map._layers == []


def test_a_saved_project_s_results_are_compared_when_it_is_opened_again(done, plugin, tmp_path, wait_until):
    """By a plugin that QGIS has loaded anew meanwhile."""
    project, file = QgsProject.instance(), str(tmp_path / "p.qgs")
    sources = [done.runs.result_layer(key).source() for key in RESULTS]
    assert project.write(file)
    plugin.unload()
    project.clear()
    assert project.read(file)
    plugin.initGui()
    plugin.show_dock()
    again = plugin.controller
    wait_until(lambda: again.inputs.optical is not None)
    optical = again.inputs.choice.optical
    assert [again.runs.result_layer(key, optical).source() for key in RESULTS] == sources
    again.dock.compare_lines.flip.click()
    assert visible() == set()
    choose(again, "uncertainty")
    assert visible() == {"uncertainty"}
    again.dock.compare_lines.swipe.click()
    assert [layer.source() for layer in again.compare.over_map._layers] == sources[2:]
    assert again.runs.result_layer("reconstruction", "another image") is None


def test_a_result_whose_file_has_gone_is_none(done, tmp_path):
    image = done.runs.result_layer("reconstruction")
    image.setDataSource(str(tmp_path / "gone.tif"), image.name(), "gdal")
    assert [done.runs.result_layer(key) for key in RESULTS] == [None] * 3
    choose(done, "changed")
    done.dock.compare_lines.swipe.click()
    assert done.compare.over_map._layers == []


def test_a_result_s_style_on_another_layer_makes_no_result_of_it(done):
    image, optical = done.runs.result_layer("reconstruction"), done.inputs.optical
    style = QDomDocument()
    image.exportNamedStyle(style)
    optical.importNamedStyle(style)
    optical.exportNamedStyle(style)
    image.importNamedStyle(style)
    assert done.runs.result_layer("reconstruction", optical.id()) is image


def test_linked_maps_without_a_picture_show_none(dock):
    dock.dock.compare_lines.side_by_side.click()
    shown = {key: each.canvas.layers() for key, each in dock.compare.maps.maps.items()}
    assert shown.pop("sar") and not any(shown.values()), "the cloudy input is no reconstruction"


def test_flipped_away_the_latest_result_shows_the_input_and_no_earlier_result(done, wait_until):
    earlier = done.runs.result_layer("reconstruction")
    done.dock.run_box.run.click()
    wait_until(lambda: done.dock.run_box.run.isEnabled())
    assert done.runs.result_layer("reconstruction") is not earlier
    root = QgsProject.instance().layerTreeRoot()
    assert not root.findLayer(earlier.id()).isVisible() and visible() == {"cloud-free"}
    done.dock.compare_lines.flip.click()
    assert not any(root.findLayer(layer.id()).isVisible() for layer in (earlier, done.compare.pictures.of(RESULTS[0])))


def test_the_layer_tree_shows_what_was_chosen_while_swiping_or_over_a_preview(done, wait_until):
    swipe = done.dock.compare_lines.swipe
    swipe.click()
    choose(done, "changed")
    assert visible() == {"cloud-free"}, "a result is swiped without switching it"
    swipe.click()
    assert visible() == {"cloud-free", "reconstructed pixels"}
    done.ask_preview()
    wait_until(lambda: done.compare.has_preview and done.previews.is_idle)
    choose(done, "uncertainty")
    assert visible() == {"cloud-free", "reconstructed pixels"}
    done._forget_preview()
    assert visible() == {"cloud-free", "uncertainty"}
    changed = done.runs.result_layer("changed").id()
    QgsProject.instance().layerTreeRoot().findLayer(changed).setItemVisibilityChecked(True)
    done._forget_preview()
    assert visible() == {"cloud-free", "uncertainty", "reconstructed pixels"}, "the user's own choice stays"


def test_what_lies_over_the_map_is_drawn_anew_with_its_layer(done, wait_until):
    done.dock.compare_lines.swipe.click()
    items = done.compare.over_map, done.compare.under
    wait_until(lambda: all(item._job is None for item in items))
    result = done.runs.result_layer("reconstruction")
    result.setOpacity(0.3)
    result.triggerRepaint()
    assert items[0]._job is not None and items[1]._job is None
    done.dock.compare_lines.swipe.click()
    result.triggerRepaint()
    assert items[0]._job is None


def test_a_preview_over_a_result_says_that_it_is_one(done, wait_until):
    done.ask_preview()
    wait_until(lambda: done.compare.has_preview and done.previews.is_idle)
    assert done.compare.over_map._captions[1] == "preview: reconstruction"
    done.dock.compare_lines.flip.click()
    assert visible() == {"cloud-free"} and not done.compare.over_map.isVisible()
