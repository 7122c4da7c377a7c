# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside QGIS desktop (qgis --code): uses the dock as a person would, takes pictures, writes what happened."""

from __future__ import annotations

import json
import os
import sys
import time
import traceback

from qgis.core import QgsContrastEnhancement, QgsMultiBandColorRenderer, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication
from qgis.utils import iface, plugins

PLAN = json.loads(os.environ["DBCR_DESKTOP_PLAN"])
"""folder, optical, sar, model (or empty), nfe"""
REPORT: dict = {"screenshots": []}


def pump(seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        QApplication.processEvents()
        time.sleep(0.01)


def wait_for(condition, seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
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


def session() -> None:
    settings = sys.modules["dbcr.plugin.settings"]
    if PLAN["model"]:
        settings.MODEL.write(PLAN["model"])
    REPORT["heavy_at_start"] = [name for name in ("onnxruntime", "torch") if name in sys.modules]
    iface.mainWindow().resize(1400, 900)
    sar, optical = (
        QgsRasterLayer(PLAN["sar"], "Sentinel-1 2020-09-03"),
        QgsRasterLayer(PLAN["optical"], "Sentinel-2 2020-08-23"),
    )
    natural_colour(optical)
    QgsProject.instance().addMapLayers([sar, optical])
    plugin = plugins["dbcr"]
    plugin._action.trigger()
    controller = plugin.controller
    wait_for(lambda: controller.inputs.optical is not None and controller.inputs.sar is not None)
    QgsProject.instance().layerTreeRoot().findLayer(sar.id()).setItemVisibilityChecked(False)
    iface.mapCanvas().setDestinationCrs(optical.crs())
    pump(0.5)
    iface.mapCanvas().setExtent(optical.extent())
    iface.mapCanvas().refresh()
    pump(1)
    steps: list = []
    controller.previews.stepped.connect(lambda shown, path: steps.append((shown.request.nfe, shown.step)))
    controller.ask_preview()
    wait_for(lambda: (1, 1) in steps)
    controller.dock.dial.slider.setValue(PLAN["nfe"])
    wait_for(lambda: (PLAN["nfe"], PLAN["nfe"]) in steps)
    wait_for(lambda: controller.compare._image is not None)
    pump(1)
    picture("dock-preview")
    controller.dock.swipe.setChecked(True)
    pump(1)
    picture("dock-swipe")
    controller.dock.swipe.setChecked(False)
    controller.run_scene()
    wait_for(lambda: controller.dock.run.isEnabled())
    pump(1)
    picture("dock-whole-scene")
    REPORT["steps"] = steps
    REPORT["layers"] = [layer.name() for layer in QgsProject.instance().mapLayers().values()]
    wait_for(lambda: controller.dock.findings.text())
    REPORT["findings"] = controller.dock.findings.text()


def main() -> None:
    try:
        session()
    except Exception:  # whatever goes wrong must reach the test
        REPORT["error"] = traceback.format_exc()
    with open(os.path.join(PLAN["folder"], "report.json"), "w", encoding="utf-8") as stream:
        json.dump(REPORT, stream)
    # Without layers and changes QGIS leaves without asking anyone.
    QgsProject.instance().clear()
    QgsProject.instance().setDirty(False)
    iface.actionExit().trigger()


QTimer.singleShot(1500, main)
