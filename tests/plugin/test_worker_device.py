# SPDX-License-Identifier: GPL-3.0-or-later
"""torch in QGIS: in a worker process only, with the same result as the command line."""

from __future__ import annotations

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


def test_torch_in_a_worker_gives_what_onnx_runtime_gives_here_and_stays_out_of_qgis(plugin, job):
    job = {**job, "MODEL": bundled_model_path(), "MASK_MODE": "none"}
    here = run(job)
    other = job["OUTPUT"].replace("clear", "torch")
    there = run({**job, "OUTPUT": other, "DEVICE": "torch-cpu", "WORKER_PYTHON": sys.executable})
    a, b = (gdal.Open(results["OUTPUT"]).ReadAsArray().astype(int) for results in (here, there))
    assert "torch" in there["DEVICE_USED"] and "ONNX" in here["DEVICE_USED"]
    assert np.abs(a - b).max() <= 2
    assert "torch" not in sys.modules
