# SPDX-License-Identifier: GPL-3.0-or-later
"""A result is a layer of the project: QGIS's layer tree shows and hides it, and nothing lies over it unasked."""

from __future__ import annotations

import pytest
from qgis.core import QgsProject, QgsRasterLayer


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


def test_a_preview_over_a_result_says_that_it_is_one(done, wait_until):
    done.ask_preview()
    wait_until(lambda: done.compare.has_preview and done.previews.is_idle)
    assert done.compare.over_map._captions[1] == "preview: reconstruction"
    done.dock.compare_lines.flip.click()
    assert visible() == {"cloud-free"} and not done.compare.over_map.isVisible()
