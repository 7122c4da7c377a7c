# SPDX-License-Identifier: GPL-3.0-or-later
"""The linked maps: the same place in all of them, whoever moves."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qgis.core import QgsPointXY, QgsRectangle
from qgis.PyQt.QtCore import QEvent


@pytest.fixture
def linked(dock, desktop, wait_until, qgis_app):
    """The linked maps over a finished preview, in a window that is shown."""
    desktop.mainWindow().show()
    desktop.mainWindow().resize(1000, 800)
    dock.ask_preview()
    wait_until(lambda: dock.compare.has_preview and dock.previews.is_idle)
    dock.dock.compare_lines.side_by_side.click()
    settle(lambda: [c.size() for c in (dock._canvas, *(m.canvas for m in dock.compare.maps.maps.values()))], qgis_app)
    dock.compare.maps.follow()
    return dock.compare.maps


def settle(sizes, qgis_app) -> None:
    """Let the window manager and the layouts finish: a map that is resized later changes its scale by itself."""
    before, calm = None, 0
    while calm < 5:
        qgis_app.processEvents()
        time.sleep(0.02)
        calm = calm + 1 if sizes() == before else 0
        before = sizes()


def centre_and_scale(canvas) -> tuple:
    return canvas.center().x(), canvas.center().y(), canvas.mapUnitsPerPixel()


def test_every_map_shows_its_picture(linked, dock):
    tops = {key: each.canvas.layers()[0].name() for key, each in linked.maps.items()}
    assert tops == {
        "reconstruction": "preview, reconstruction",
        "sar": "S1 2020-09-03",
        "changed": "preview, changed",
        "uncertainty": "preview, uncertainty",
    }
    under = linked.maps["changed"].canvas.layers()[1]
    assert under.source() == dock.inputs.optical.source()


def test_they_follow_the_main_map(linked, dock):
    box = dock._canvas.extent()
    box.scale(0.3)
    dock._canvas.setExtent(box)
    for each in linked.maps.values():
        assert each.canvas.extent().contains(dock._canvas.extent())
        assert each.canvas.center().distance(dock._canvas.center()) < each.canvas.mapUnitsPerPixel()


def test_the_main_map_and_the_others_follow_the_one_that_is_moved(linked, dock):
    main, moved, other = dock._canvas, linked.maps["sar"].canvas, linked.maps["changed"].canvas
    before = main.mapUnitsPerPixel()
    target = QgsPointXY(main.center().x() + 20 * before, main.center().y() - 10 * before)
    moved.setCenter(target)
    assert main.center().distance(target) < before and other.center().distance(target) < before
    moved.zoomByFactor(0.5)
    assert main.mapUnitsPerPixel() == pytest.approx(before / 2, rel=0.02)
    assert main.center().distance(target) < before


@pytest.mark.parametrize("rotation", [30, -75, 180])
def test_a_rotated_map_keeps_its_scale_whichever_map_is_moved(linked, dock, rotation):
    main, moved = dock._canvas, linked.maps["sar"].canvas
    main.setRotation(rotation)
    before = main.mapUnitsPerPixel()
    assert all(each.canvas.rotation() == rotation for each in linked.maps.values())
    target = QgsPointXY(main.center().x() + 20 * before, main.center().y() - 10 * before)
    moved.setCenter(target)
    assert main.mapUnitsPerPixel() == pytest.approx(before, rel=0.02)
    moved.zoomByFactor(0.5)
    assert main.mapUnitsPerPixel() == pytest.approx(before / 2, rel=0.02)
    assert main.center().distance(target) < before


def test_the_place_under_the_mouse_is_marked_in_the_other_maps(linked, dock):
    source = linked.maps["sar"]
    source.canvas.xyCoordinates.emit(dock._canvas.center())
    marks = {key: each.mark.isVisible() for key, each in linked.maps.items()}
    assert marks == {"reconstruction": True, "sar": False, "changed": True, "uncertainty": True}
    assert linked._main_mark.isVisible()


def test_closing_them_shows_the_picture_over_the_map_again(linked, dock, desktop):
    assert not dock.compare.over_map.isVisible()
    linked.close()
    assert not dock.dock.compare_lines.side_by_side.isChecked() and dock.compare.maps is None
    assert dock.compare.over_map.isVisible() and linked not in desktop.docks


def test_reopening_them_leaves_no_marks(linked, dock, qgis_app):
    scene = dock._canvas.scene()
    items = len(scene.items())
    for _ in range(3):
        dock.dock.compare_lines.side_by_side.click()
        qgis_app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(scene.items()) == items - 1, "closed: without the mark on the main map"


@given(st.integers(50, 3000), st.integers(50, 3000), st.floats(0.3, 4))
def test_no_place_in_the_grid_stays_empty(dbcr, width, height, shape):
    from dbcr.plugin.side_by_side import columns_for

    assert columns_for(4, width, height, shape) in (1, 2, 4)


@given(*[st.floats(-1e6, 1e6)] * 2, st.floats(1, 1e5), st.floats(0.1, 10))
def test_a_moved_map_moves_the_main_one_by_the_same_ratio(dbcr, x, y, size, ratio):
    from dbcr.plugin.side_by_side import moved_extent

    before = QgsRectangle(0, 0, 3 * size, size)
    moved = QgsRectangle(x, y, x + 3 * size * ratio, y + size * ratio)
    shown = moved_extent(QgsRectangle(0, 0, size, size), before, moved)
    assert shown.width() == pytest.approx(size * ratio, rel=1e-6)
    assert shown.center().x() == pytest.approx(moved.center().x(), abs=1e-3)


def test_maps_that_are_taken_away_tell_nothing_any_more(linked, dock):
    canvases = [each.canvas for each in linked.maps.values()]
    assert all(canvas.receivers(canvas.xyCoordinates) for canvas in canvases)
    dock.dock.compare_lines.side_by_side.click()
    assert dock.compare.maps is None
    for canvas in canvases:
        assert not canvas.receivers(canvas.extentsChanged) and not canvas.receivers(canvas.xyCoordinates)
