# SPDX-License-Identifier: GPL-3.0-or-later
"""QGIS with a profile that nobody can write, the dock used in it: prints what it told as JSON.

read_only_child.py PLUGINS PROFILE OPTICAL SAR MODEL
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from pathlib import Path

from qgis.core import QgsApplication, QgsProject, QgsRasterLayer

PLUGINS, PROFILE, OPTICAL, SAR, MODEL = sys.argv[1:]
sys.path[:0] = [PLUGINS, str(Path(__file__).parent)]

application = QgsApplication([], True, PROFILE)
application.initQgis()

from plain_desktop import PlainDesktop  # noqa: E402 (it makes widgets, which need an application)


def wait(condition) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            sys.exit("nothing happened within a minute")
        application.processEvents()
        time.sleep(0.01)


desktop = PlainDesktop()
plugin = importlib.import_module("dbcr").classFactory(desktop)
plugin.initGui()
settings = importlib.import_module("dbcr.plugin.settings")
settings.MODEL.write(MODEL)
plugin.show_dock()
dock = plugin.controller
optical = QgsRasterLayer(OPTICAL, "optical")
QgsProject.instance().addMapLayers([optical, QgsRasterLayer(SAR, "radar")])
wait(lambda: dock.inputs.optical is not None and dock.inputs.sar is not None)
desktop.mapCanvas().setDestinationCrs(optical.crs())
desktop.mapCanvas().setExtent(optical.extent())
dock.dock.preview.click()
wait(lambda: dock.compare.has_preview)
dock.dock.dial.slider.setValue(4)
dock.dock.run_box.run.click()
wait(lambda: not dock.dock.run_box.run.isEnabled())
wait(lambda: dock.dock.run_box.run.isEnabled())
told = {
    "nfe": settings.LAST_NFE.read(),
    "messages": desktop.messages,
    "layers": sorted(layer.name() for layer in QgsProject.instance().mapLayers().values()),
}
plugin.unload()
told["running"] = QgsApplication.taskManager().countActiveTasks()
print(json.dumps(told))
sys.stdout.flush()
os._exit(0)  # QGIS's own teardown is not what is tested
