# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin in a real QGIS, loaded as QGIS loads it: as the package `dbcr` from a plugins folder."""

from __future__ import annotations

import gc
import importlib
import subprocess
import sys
import time
from pathlib import Path

import pytest
from plain_desktop import PlainDesktop
from throwaway_profile import PLUGIN, ThrowawayProfile
from tiny_model import write_tiny_model

CROP = ("-q", "-srcwin", "40", "40", "96", "80")


@pytest.fixture(scope="session", autouse=True)
def nothing_outlives_qgis(qgis_app):
    """QGIS objects that a failed test's frames still hold must go before QGIS itself does."""
    yield
    sys.last_value = sys.last_traceback = sys.last_exc = None
    gc.collect()


@pytest.fixture(scope="session")
def dbcr(tmp_path_factory, repository):
    """The plugin's package under the name it has in QGIS."""
    plugins = tmp_path_factory.mktemp("plugins")
    (plugins / PLUGIN).symlink_to(repository, target_is_directory=True)
    sys.path.insert(0, str(plugins))
    return importlib.import_module(PLUGIN)


@pytest.fixture
def desktop(qgis_iface, qgis_processing) -> PlainDesktop:
    """QGIS's interface around the window and the map of pytest-qgis."""
    return PlainDesktop(qgis_iface.mainWindow(), qgis_iface.mapCanvas())


@pytest.fixture
def plugin(dbcr, desktop):
    """A loaded plugin, unloaded afterwards."""
    loaded = dbcr.classFactory(desktop)
    loaded.initGui()
    yield loaded
    loaded.unload()


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory) -> Path:
    """A model file that runs in milliseconds."""
    return write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.dbcr")


@pytest.fixture(scope="session")
def scene(tmp_path_factory, sample) -> dict:
    """A small crop of the real sample scene: paths of its optical and SAR image."""
    folder = tmp_path_factory.mktemp("scene")
    optical, sar = folder / "s2_2020-08-23_L1C.tif", folder / "s1_2020-09-03_dB.tif"
    subprocess.run(["gdal_translate", *CROP, sample / "optical_cloudy_2020-08-23_L1C.tif", optical], check=True)
    subprocess.run(["gdal_translate", "-q", sample / "sar_2020-09-03_GRD_dB.tif", sar], check=True)
    return {"OPTICAL": str(optical), "SAR": str(sar)}


@pytest.fixture
def job(scene, tiny_model, tmp_path) -> dict:
    """Parameters of a run that succeeds."""
    return {**scene, "MODEL": str(tiny_model), "OUTPUT": str(tmp_path / "clear.tif")}


@pytest.fixture
def dock(plugin, tiny_model, scene, qgis_new_project, wait_until):
    """The controller with the sample scene loaded, the canvas on it, and the tiny model."""
    from dbcr.plugin import settings
    from qgis.core import QgsProject, QgsRasterLayer

    settings.MODEL.write(str(tiny_model))
    settings.PREVIEW_FOLLOWS.write(False)
    settings.LAST_NFE.write(1)
    plugin.show_dock()
    controller = plugin.controller
    controller.dock.setFloating(False)  # as the window remembers it of an earlier test's
    optical, sar = QgsRasterLayer(scene["OPTICAL"], "S2 2020-08-23"), QgsRasterLayer(scene["SAR"], "S1 2020-09-03")
    QgsProject.instance().addMapLayers([optical, sar])
    wait_until(lambda: controller.inputs.optical is not None)
    canvas = plugin.controller._canvas
    canvas.setRotation(0)
    canvas.setDestinationCrs(optical.crs())
    canvas.setExtent(optical.extent())
    yield controller
    settings.MODEL.write("")


@pytest.fixture(scope="session")
def profile(tmp_path_factory, repository) -> ThrowawayProfile:
    """A private QGIS profile for qgis_process children, the plugin enabled."""
    made = ThrowawayProfile(tmp_path_factory.mktemp("profile"), repository)
    made.enable_plugin()
    return made


@pytest.fixture
def wait_until(qgis_app):
    """Runs Qt's event loop until a condition holds; fails after a minute."""

    def wait(condition, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "nothing happened within a minute"
            qgis_app.processEvents()
            time.sleep(0.01)

    return wait
