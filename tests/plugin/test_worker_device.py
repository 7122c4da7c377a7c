# SPDX-License-Identifier: GPL-3.0-or-later
"""torch in QGIS: in a worker process only, with the same result as the command line."""

from __future__ import annotations

import importlib.util
import sys

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException

from dbcr_core.model_card import bundled_model_path


def run(parameters: dict) -> dict:
    import processing

    return processing.run("dbcr:removeclouds", parameters)


def test_torch_without_a_worker_is_refused_with_the_remedy(plugin, job):
    with pytest.raises(QgsProcessingException, match="worker's Python"):
        run({**job, "DEVICE": "torch-cpu"})


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed")
def test_torch_in_a_worker_gives_what_onnx_runtime_gives_here_and_stays_out_of_qgis(plugin, job):
    job = {**job, "MODEL": bundled_model_path(), "MASK_MODE": "none"}
    here = run(job)
    other = job["OUTPUT"].replace("clear", "torch")
    there = run({**job, "OUTPUT": other, "DEVICE": "torch-cpu", "WORKER_PYTHON": sys.executable})
    a, b = (gdal.Open(results["OUTPUT"]).ReadAsArray().astype(int) for results in (here, there))
    assert "torch" in there["DEVICE_USED"] and "ONNX" in here["DEVICE_USED"]
    assert np.abs(a - b).max() <= 2
    assert "torch" not in sys.modules


def test_the_preview_and_the_self_test_run_in_the_worker_too(dock, tiny_model, wait_until):
    from dbcr.plugin import settings
    from dbcr.plugin.execution import workers
    from dbcr.plugin.self_test import run_self_test
    from dbcr.plugin.settings import runtime_folder

    workers.close()
    pictures: list = []
    dock.previews.stepped.connect(lambda picture, files: pictures.append(picture))
    dock.ask_preview()
    wait_until(lambda: pictures and dock.previews.is_idle)
    settings.WORKER_PYTHON.write(sys.executable)
    dock.ask_preview()
    wait_until(lambda: len(pictures) == 2 and dock.previews.is_idle)
    settings.WORKER_PYTHON.write("")
    here, there = pictures
    assert np.array_equal(here.stored, there.stored) and np.array_equal(here.changed, there.changed)
    # Whole runs, and so the worker, add errors up in half precision.
    assert np.allclose(here.uncertainty, there.uncertainty, rtol=1e-3, atol=1e-6) and here.uncertainty.any()
    assert here.grid.transform == there.grid.transform and there.is_final
    waiting = workers._spare.thing
    results = [run_self_test(runtime_folder(), str(tiny_model), "cpu", 1, python) for python in ("", sys.executable)]
    assert results[0].checksum == results[1].checksum and results[0].device == results[1].device
    assert workers._spare.thing is waiting and waiting.is_alive, "the self-test found the preview's process"


def test_without_the_plugin_no_worker_waits(plugin, job):
    from dbcr.plugin.execution import workers

    run({**job, "WORKER_PYTHON": sys.executable})
    waiting = workers._spare.thing
    assert waiting.is_alive
    plugin.unload()
    assert not waiting.is_alive and workers._spare.thing is None
    plugin.initProcessing()


def test_a_device_of_torch_without_a_worker_is_refused_before_a_preview(dock, desktop, wait_until):
    from dbcr.plugin import settings

    wait_until(lambda: dock.previews.is_idle)  # it looks ahead while nobody asks
    settings.DEVICE.write("torch-cpu")
    dock.ask_preview()
    settings.DEVICE.write("auto")
    assert "worker's Python" in desktop.messages[-1] and dock.previews.is_idle


def test_runs_in_qgis_one_after_the_other_open_the_model_once_and_nothing_stays_without_the_plugin(
    plugin, job, monkeypatch
):
    from dbcr.dbcr_core.predictors import keeper

    opened, really = [], keeper.open_predictor

    def noting(*args, **options):
        opened.append(really(*args, **options))
        return opened[-1]

    monkeypatch.setattr(keeper, "open_predictor", noting)
    plugin.unload()
    plugin.initProcessing()
    outputs = [run({**job, "OUTPUT": job["OUTPUT"].replace("clear", name)})["OUTPUT"] for name in ("first", "second")]
    a, b = (gdal.Open(path).ReadAsArray() for path in outputs)
    assert len(opened) == 1 and (a == b).all()
    assert opened[0]._sessions
    plugin.unload()
    assert not opened[0]._sessions
    plugin.initProcessing()
