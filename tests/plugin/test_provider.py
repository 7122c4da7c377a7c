# SPDX-License-Identifier: GPL-3.0-or-later
"""Loading, unloading, and what QGIS sees of the plugin."""

from __future__ import annotations

import subprocess
import sys

from qgis.core import QgsApplication, QgsProcessingParameterDefinition, QgsProject
from qgis.PyQt.QtCore import QEvent
from qgis.PyQt.QtWidgets import QAction, QDockWidget

LIGHT_LOADING = """
import sys
from qgis.core import QgsApplication
application = QgsApplication([], False)
application.initQgis()
sys.path.insert(0, sys.argv[1])
before = set(sys.modules)
import dbcr
plugin = dbcr.classFactory(None)
plugin.initProcessing()
names = [a.id() for a in QgsApplication.processingRegistry().providerById("dbcr").algorithms()]
assert "dbcr:removeclouds" in names, names
loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
heavy = loaded & {"onnxruntime", "torch", "numpy", "rasterio", "osgeo", "matplotlib", "scipy", "training"}
assert not heavy, heavy
plugin.unload()
assert QgsApplication.processingRegistry().providerById("dbcr") is None
print("light")
"""


def algorithm(name: str):
    return QgsApplication.processingRegistry().algorithmById(f"dbcr:{name}")


def test_provider_is_registered_with_its_algorithms(plugin):
    provider = QgsApplication.processingRegistry().providerById("dbcr")
    assert provider is not None and provider.name()
    assert algorithm("removeclouds") is not None
    assert algorithm("installruntime") is not None


def test_every_algorithm_has_help_icon_tags_and_described_parameters(plugin):
    for each in QgsApplication.processingRegistry().providerById("dbcr").algorithms():
        assert each.shortHelpString() and each.tags() and not each.icon().isNull(), each.id()
        for parameter in each.parameterDefinitions():
            assert parameter.name() == parameter.name().upper() and parameter.description()
            assert parameter.help(), f"{each.id()} {parameter.name()}"


def test_basic_parameters_are_few_and_the_rest_is_advanced(plugin):
    advanced = QgsProcessingParameterDefinition.Flag.FlagAdvanced
    basic = [p.name() for p in algorithm("removeclouds").parameterDefinitions() if not p.flags() & advanced]
    assert basic == ["OPTICAL", "SAR", "MASK", "NFE", "OUTPUT", "CHANGED", "UNCERTAINTY"]


def test_twenty_loads_and_unloads_leave_nothing_behind(dbcr, desktop):
    window, scene = desktop.mainWindow(), desktop.mapCanvas().scene()

    def traces() -> tuple:
        QgsApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QgsApplication.processEvents()
        return (
            len(QgsApplication.processingRegistry().providers()),
            len(window.findChildren(QAction)),
            len(window.findChildren(QDockWidget)),
            QgsApplication.taskManager().count(),
            len(QgsProject.instance().mapLayers()),
            len(desktop.actions) + len(desktop.docks) + len(desktop.menu.actions()),
            len(scene.items()),
        )

    before = traces()
    for _ in range(20):
        plugin = dbcr.classFactory(desktop)
        plugin.initGui()
        plugin.show_dock()
        plugin.unload()
    assert traces() == before


def test_enabling_imports_no_network_runtime_and_no_raster_library(dbcr, repository):
    plugins = next(entry for entry in sys.path if entry.endswith("plugins0"))
    done = subprocess.run(
        ["/usr/bin/python3", "-c", LIGHT_LOADING, plugins], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0 and done.stdout.strip() == "light", done.stderr


def test_the_words_and_defaults_that_parameters_show_are_the_engines(plugin):
    from dbcr.dbcr_core import backscatter, job, mask, predictors, radiometry, rasters, schedule
    from dbcr.plugin.algorithms import choices

    assert choices.DEVICES == predictors.DEVICES and choices.SAMPLERS == job.SAMPLERS
    assert choices.COMPRESSIONS == rasters.COMPRESSIONS
    assert choices.MASK_KINDS == mask.KINDS and choices.MAX_NFE == schedule.MAX_NFE
    assert (choices.OPTICAL_VALUES, choices.SAR_VALUES) == (radiometry.OPTICAL_VALUES, backscatter.SAR_VALUES)
