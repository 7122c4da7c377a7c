# SPDX-License-Identifier: GPL-3.0-or-later
"""From moving the NFE slider to the first picture in QGIS, against one bare network evaluation, both at 256².

Run it with the environment's Python, QT_QPA_PLATFORM=offscreen and a HOME of its own (.ci/headless.sh); prints JSON.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "resources" / "sample"
SIDE = 256
REPEATS = 5


def measure() -> dict:
    """Median seconds: a bare evaluation; the first picture on new ground; and after a slider move on known ground."""
    from qgis.core import QgsApplication, QgsRasterLayer

    application = QgsApplication([], True)
    application.initQgis()
    plugins = tempfile.mkdtemp()
    os.symlink(ROOT, os.path.join(plugins, "dbcr"))
    sys.path.insert(0, plugins)
    from dbcr.dbcr_core.grid import Window
    from dbcr.dbcr_core.model_card import bundled_model_path
    from dbcr.dbcr_core.predictor import open_predictor
    from dbcr.dbcr_core.schedule import STEPS
    from dbcr.plugin import dock_inputs, dock_state
    from dbcr.plugin.preview import PreviewController
    from dbcr.plugin.self_test import golden_tile

    optical = QgsRasterLayer(str(SAMPLE / "optical_cloudy_2020-08-23_L1C.tif"), "optical")
    grid = dock_inputs._grid_of(optical)
    options = {
        "optical": optical.source(),
        "sar": str(SAMPLE / "sar_2020-09-03_GRD_dB.tif"),
        "mask": "auto",
        "allow_partial_sar": True,
    }
    previews = PreviewController(lambda: Path(tempfile.gettempdir()) / "no-runtime-here")
    arrived: list = []
    previews.stepped.connect(lambda picture, path: arrived.append(time.perf_counter()))
    previews.failed.connect(sys.exit)

    def first_picture(left: int, nfe: int) -> float:
        window = Window(left, 0, SIDE, SIDE)
        started, before = time.perf_counter(), len(arrived)
        previews.ask({**options, "extent": dock_state.inner_bounds(grid, window)}, nfe)
        while len(arrived) == before:
            application.processEvents()
        seconds = arrived[before] - started
        while previews._tasks:
            application.processEvents()
        return seconds

    predictor = open_predictor(bundled_model_path())
    cloudy, sar = golden_tile(SIDE)
    features = predictor.encode_sar(sar)
    first_picture(0, 1)
    bare, fresh, moved = [], [], []
    for repeat in range(REPEATS):
        started = time.perf_counter()
        predictor.predict_clear(cloudy, STEPS, features)
        bare.append(time.perf_counter() - started)
        fresh.append(first_picture(repeat + 1, 1))
        moved.append(first_picture(repeat + 1, 3))
    previews.close()
    one, new_ground, slider = (statistics.median(values) for values in (bare, fresh, moved))
    return {
        "bare_evaluation_s": round(one, 3),
        "first_picture_on_new_ground_s": round(new_ground, 3),
        "first_picture_after_slider_s": round(slider, 3),
        "slider_over_bare": round(slider / one, 2),
        "new_ground_over_bare": round(new_ground / one, 2),
    }


if __name__ == "__main__":
    print(json.dumps(measure()))
    sys.stdout.flush()
    os._exit(0)  # QGIS's own teardown is not what is measured
