# SPDX-License-Identifier: GPL-3.0-or-later
"""The dock as a part of QGIS's window: the menu of panels, the map's tool, keys, and who comes back to it."""

from __future__ import annotations

import pytest
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest


def test_after_swiping_the_map_s_tool_is_the_one_before_or_the_one_chosen_instead(dock, qgis_app):
    from qgis.gui import QgsMapToolPan
    from qgis.PyQt import sip

    canvas, swipe = dock._canvas, dock.dock.compare_lines.swipe
    pan, other = QgsMapToolPan(canvas), QgsMapToolPan(canvas)
    canvas.setMapTool(pan)
    swipe.click()
    swipe.click()
    assert canvas.mapTool() is pan and pan.isActive()
    swipe.click()
    canvas.setMapTool(other)
    assert canvas.mapTool() is other and not swipe.isChecked() and dock.compare.over_map.split == 0.0
    swipe.click()
    sip.delete(other)
    swipe.click()
    assert canvas.mapTool() is None and not swipe.isChecked()


def test_a_wheel_s_name_counts_once_it_is_typed_to_its_end(dock, qgis_app):
    asked: list = []
    dock.dock.install_wanted.disconnect()
    dock.dock.install_wanted.connect(asked.append)
    line = dock.dock.wheel.lineEdit()
    QTest.keyClicks(line, "/no/such.whl")
    assert asked == []
    QTest.keyClick(line, Qt.Key.Key_Return)
    line.editingFinished.emit()
    assert asked == ["/no/such.whl"]
    dock.dock.wheel.setFilePath("/chosen.whl")
    assert asked == ["/no/such.whl", "/chosen.whl"]


def test_the_menu_of_panels_opens_and_closes_the_dock_as_its_button_does(dock, plugin, desktop):
    from dbcr.plugin import settings

    desktop.mainWindow().show()
    plugin._action.setChecked(True)
    for is_open in (False, True):
        dock.dock.toggleViewAction().trigger()
        assert dock.dock.isVisible() is is_open and plugin._action.isChecked() is is_open
        assert settings.DOCK_OPEN.read() is is_open and dock.compare.over_map.isVisible() is is_open


def test_a_runtime_installed_elsewhere_is_seen_when_the_user_comes_back(dock, desktop, monkeypatch, wait_until):
    from dbcr.plugin import runtime
    from qgis.PyQt.QtWidgets import QDialog

    with monkeypatch.context() as patched:
        patched.setattr(runtime, "probe", lambda folder: runtime.RuntimeStatus(None, problem=runtime.MISSING))
        dock.refresh_settings()
        desktop.mainWindow().show()
        toolbox = QDialog(desktop.mainWindow())
        toolbox.show()
        toolbox.activateWindow()
        wait_until(toolbox.isActiveWindow)
        assert not dock.dock.preview.isEnabled()
    toolbox.close()
    desktop.mainWindow().activateWindow()
    wait_until(dock.dock.preview.isEnabled)


@pytest.mark.parametrize("moves_on", [False, True])
def test_after_a_run_started_by_the_keyboard_its_button_has_the_focus_again(dock, desktop, wait_until, moves_on):
    run, window = dock.dock.run_box.run, desktop.mainWindow()
    window.show()
    dock.dock.show()
    window.activateWindow()
    run.setFocus()
    wait_until(run.hasFocus)
    QTest.keyClick(run, Qt.Key.Key_Space)
    assert not run.isEnabled() and not run.hasFocus()
    if moves_on:
        dock.dock.mask.setFocus()
    wait_until(run.isEnabled)
    assert window.focusWidget() is (dock.dock.mask if moves_on else run)


def test_after_an_assessment_started_by_the_keyboard_its_button_has_the_focus_again(dock, desktop, sample, wait_until):
    box, window = dock.dock.assess_box, desktop.mainWindow()
    QgsProject.instance().addMapLayer(QgsRasterLayer(str(sample / "optical_clear_2020-06-04_L1C.tif"), "clear"))
    wait_until(lambda: box.reference.currentText() == "clear")
    window.show()
    dock.dock.show()
    window.activateWindow()
    box.setCollapsed(False)
    box.assess.setFocus()
    wait_until(box.assess.hasFocus)
    QTest.keyClick(box.assess, Qt.Key.Key_Space)
    assert not box.assess.isEnabled()
    wait_until(box.assess.isEnabled)
    assert window.focusWidget() is box.assess


def test_the_space_bar_is_the_map_s_while_swiping_from_a_floating_panel_too(dock, desktop, wait_until):
    desktop.mainWindow().show()
    dock.dock.setFloating(True)
    dock.dock.show()
    dock.dock.activateWindow()
    dock.dock.compare_lines.swipe.setFocus()
    wait_until(dock.dock.compare_lines.swipe.hasFocus)
    QTest.keyClick(dock.dock.compare_lines.swipe, Qt.Key.Key_Space)
    wait_until(lambda: dock._canvas.hasFocus() and dock._canvas.mapTool() is dock.compare.tool, seconds=5)
