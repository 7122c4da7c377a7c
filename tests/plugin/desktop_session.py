# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside QGIS desktop (qgis --code): uses the dock as a person would, takes pictures, writes what happened."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
import traceback

from qgis.core import (
    QgsApplication,
    QgsContrastEnhancement,
    QgsMultiBandColorRenderer,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QTimer, QTranslator
from qgis.PyQt.QtWidgets import QAction, QApplication, QDockWidget, QMenu
from qgis.utils import iface, loadPlugin, plugins, startPlugin, unloadPlugin

PLAN = json.loads(os.environ["DBCR_DESKTOP_PLAN"])
"""folder, optical, sar, reference, model (or empty), nfe; perhaps reload, size of the window"""
REPORT: dict = {"screenshots": []}
UNCAUGHT: list = []
"""Tracebacks that QGIS would show in a window."""


def pump(seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        QApplication.processEvents()
        time.sleep(0.01)


def wait_for(condition, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if UNCAUGHT:
            raise RuntimeError(UNCAUGHT[0])
        if time.monotonic() > deadline:
            raise TimeoutError("the desktop did not get there in time")
        pump(0.05)


def picture(name: str) -> None:
    path = os.path.join(PLAN["folder"], f"{name}.png")
    iface.mainWindow().grab().save(path)
    REPORT["screenshots"].append(path)


def natural_colour(layer: QgsRasterLayer) -> None:
    renderer = QgsMultiBandColorRenderer(layer.dataProvider(), 4, 3, 2)
    for setter in (
        renderer.setRedContrastEnhancement,
        renderer.setGreenContrastEnhancement,
        renderer.setBlueContrastEnhancement,
    ):
        stretch = QgsContrastEnhancement(layer.dataProvider().dataType(4))
        stretch.setMinimumValue(200)
        stretch.setMaximumValue(3000)
        stretch.setContrastEnhancementAlgorithm(
            QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
        )
        setter(stretch)
    layer.setRenderer(renderer)


def open_the_dock():
    """Loads the two images and opens the dock on them, as a person would; returns the dock's controller."""
    iface.mainWindow().resize(*PLAN.get("size", (1400, 900)))
    sar, optical = (
        QgsRasterLayer(PLAN["sar"], "Sentinel-1 2020-09-03"),
        QgsRasterLayer(PLAN["optical"], "Sentinel-2 2020-08-23"),
    )
    natural_colour(optical)
    QgsProject.instance().addMapLayers([sar, optical])
    plugins["dbcr"]._action.trigger()
    controller = plugins["dbcr"].controller
    wait_for(lambda: controller.inputs.optical is not None and controller.inputs.sar is not None)
    QgsProject.instance().layerTreeRoot().findLayer(sar.id()).setItemVisibilityChecked(False)
    iface.mapCanvas().setDestinationCrs(optical.crs())
    pump(0.5)
    iface.mapCanvas().setExtent(optical.extent())
    iface.mapCanvas().refresh()
    pump(1)
    return controller


def preview_and_compare(controller, dock) -> None:
    steps: list = []
    controller.previews.stepped.connect(lambda shown, files: steps.append((shown.request.nfe, shown.done)))
    wait_for(lambda: "ONNX" in dock.device.text())
    REPORT["device_before_the_first_preview"] = dock.device.text()
    dock.dial.slider.setValue(1)
    dock.preview.click()
    wait_for(lambda: controller.compare.has_preview and controller.previews.is_idle)
    dock.dial.slider.setValue(PLAN["nfe"])
    wait_for(lambda: steps[-1][0] == PLAN["nfe"] and controller.previews.is_idle)
    wait_for(lambda: controller.compare.over_map._image is not None)
    REPORT["steps"] = steps
    wait_for(lambda: dock.findings.text())
    REPORT["findings"] = dock.findings.text()
    pump(1)
    picture("dock-preview")
    dock.compare_lines.swipe.click()
    pump(1)
    picture("dock-swipe")
    dock.compare_lines.swipe.click()
    dock.compare_lines.side_by_side.click()
    pump(2)
    picture("dock-side-by-side")
    linked = controller.compare.maps
    main, small = iface.mapCanvas(), linked.maps["sar"].canvas
    main.zoomByFactor(0.5)
    pump(1)
    REPORT["linked"] = small.extent().contains(main.extent()) and small.extent().width() < 3 * main.extent().width()
    dock.compare_lines.side_by_side.click()
    main.zoomToFullExtent()
    pump(1)


def run_and_assess(controller, dock) -> None:
    dock.run_box.with_uncertainty.setChecked(True)
    dock.run_box.run.click()
    wait_for(lambda: dock.run_box.run.isEnabled())
    pump(1)
    root = QgsProject.instance().layerTreeRoot()
    REPORT["groups"] = [group.name() for group in root.findGroups()]
    for node in root.findGroups()[0].findLayers():
        node.setExpanded(True)
    iface.mapCanvas().refresh()
    pump(1)
    picture("dock-whole-scene")
    reference = QgsRasterLayer(PLAN["reference"], "Sentinel-2 2020-06-04")
    QgsProject.instance().addMapLayer(reference)
    root.findLayer(reference.id()).setItemVisibilityChecked(False)
    wait_for(lambda: dock.assess_box.reference.findData(reference.id()) >= 0)
    dock.assess_box.reference.setCurrentIndex(dock.assess_box.reference.findData(reference.id()))
    dock.assess_box.setCollapsed(False)
    pump(0.3)
    dock.assess_box.assess.click()
    wait_for(lambda: controller.runs.dialogs)
    dialog = controller.runs.dialogs[-1]
    pump(1)
    dialog.grab().save(os.path.join(PLAN["folder"], "dock-assess.png"))
    REPORT["screenshots"].append(os.path.join(PLAN["folder"], "dock-assess.png"))
    REPORT["assessment"] = dialog.text.toPlainText()
    dialog.close()


def traces() -> dict:
    """What a plugin could leave in QGIS, counted."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    pump(0.05)
    window = iface.mainWindow()
    return {
        "actions": len(window.findChildren(QAction)),
        "docks": len(window.findChildren(QDockWidget)),
        "menus": len(window.findChildren(QMenu)),
        "canvas items": len(iface.mapCanvas().scene().items()),
        "providers": len(QgsApplication.processingRegistry().providers()),
        "tasks": QgsApplication.taskManager().countActiveTasks(),
        "layers": len(QgsProject.instance().mapLayers()),
        "translators": len(QCoreApplication.instance().findChildren(QTranslator)),
        "folders": len([name for name in os.listdir(tempfile.gettempdir()) if name.startswith("dbcr-preview-")]),
    }


def load_and_unload() -> None:
    """Twenty times, through QGIS's own plugin loader, dock and linked maps open."""
    unloadPlugin("dbcr")
    REPORT["traces_before"] = traces()
    for _ in range(20):
        loadPlugin("dbcr")
        startPlugin("dbcr")
        plugins["dbcr"].show_dock()
        plugins["dbcr"].controller.dock.compare_lines.side_by_side.click()
        pump(0.02)
        unloadPlugin("dbcr")
    REPORT["traces_after"] = traces()


def session() -> None:
    settings = sys.modules["dbcr.plugin.settings"]
    if PLAN["model"]:
        settings.MODEL.write(PLAN["model"])
    REPORT["heavy_at_start"] = [name for name in ("onnxruntime", "torch") if name in sys.modules]
    controller = open_the_dock()
    preview_and_compare(controller, controller.dock)
    run_and_assess(controller, controller.dock)
    REPORT["layers"] = [layer.name() for layer in QgsProject.instance().mapLayers().values()]
    if PLAN.get("reload"):
        load_and_unload()


def main() -> None:
    try:
        session()
        if UNCAUGHT:
            REPORT["error"] = "\n".join(UNCAUGHT)
    except Exception:  # whatever goes wrong must reach the test
        REPORT["error"] = traceback.format_exc()
    with open(os.path.join(PLAN["folder"], "report.json"), "w", encoding="utf-8") as stream:
        json.dump(REPORT, stream)
    # Whatever QGIS still asks of a person who is not there (tasks that run after a failure, say), the process ends.
    signal.alarm(20)
    # Without layers and changes QGIS leaves without asking anyone.
    QgsProject.instance().clear()
    QgsProject.instance().setDirty(False)
    iface.actionExit().trigger()


sys.excepthook = lambda *error: UNCAUGHT.append("".join(traceback.format_exception(*error)))
QTimer.singleShot(1500, main)
