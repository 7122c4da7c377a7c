# SPDX-License-Identifier: GPL-3.0-or-later
"""From a move of the NFE slider to the picture on the map, in QGIS with the real dock, against one bare evaluation.

All at 256 × 256 pixels and with everything in turn. Run as a program it prints JSON; it needs QGIS's Python and runs
without a screen.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
SIDE = 256
SCENE = 2048
PATIENCE = 60
CASES = {
    "bare": "one bare network evaluation",
    "slider": "slider moved on known ground: first picture drawn",
    "slider_evaluation": "slider moved on known ground: first picture with a new evaluation drawn",
    "new_ground_ahead": "“Preview” on new ground that was read ahead: first picture drawn",
    "new_ground": "“Preview” on new ground, nothing read ahead: first picture drawn",
}


def measure_preview(scenes: Path, turns: int) -> dict[str, Any]:
    """Rows of median seconds and of the ratio to the bare evaluation; empty where there is no QGIS."""
    from tests.bench.scenes import write_pair

    pair = write_pair(scenes, SCENE, SCENE)
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": home, "XDG_RUNTIME_DIR": home}
        command = [sys.executable, str(Path(__file__)), *pair, str(turns)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"rows": [], "missing": {"preview": (done.stderr.strip().splitlines() or ["no answer"])[-1]}}
    return json.loads(done.stdout.splitlines()[-1])


class Bench:
    """The dock with the sample scene in it, and a stopwatch."""

    def __init__(self, application, optical: str, radar: str) -> None:
        from dbcr.dbcr_core.model_card import bundled_model_path
        from dbcr.dbcr_core.predictors import open_predictor
        from dbcr.dbcr_core.predictors.golden_tile import golden_tile
        from dbcr.plugin import settings
        from dbcr.plugin.dock_controller import DockController
        from plain_desktop import PlainDesktop
        from qgis.core import QgsProject, QgsRasterLayer
        from qgis.PyQt.QtCore import Qt

        self.application = application
        settings.PREVIEW_PIXELS.write(SIDE)
        self.desk = PlainDesktop()
        self.dock = DockController(self.desk)
        self.desk.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock.dock)
        self.optical = QgsRasterLayer(optical, "optical 2020-08-23")
        QgsProject.instance().addMapLayers([self.optical, QgsRasterLayer(radar, "radar 2020-09-03")])
        self.desk.mapCanvas().setDestinationCrs(self.optical.crs())
        self.places = itertools.product(range(SCENE // SIDE), range(SCENE // SIDE))
        self.nfes = itertools.cycle(range(2, 11))
        self.steps = self.known = 0  # evaluations behind the picture that came last, and first of a turn of the slider
        self.dock.previews.stepped.connect(self._on_step)
        self.predictor = open_predictor(bundled_model_path())
        self.cloudy, sar = golden_tile(SIDE)
        self.features = self.predictor.encode_sar(sar)
        self.wait(lambda: self.dock.inputs.optical is not None and self.dock.inputs.sar is not None)

    def _on_step(self, picture, files) -> None:
        self.steps, self.known = picture.done, self.known or picture.done

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                sys.exit(f"the dock did not answer in time {self.desk.messages}")
            self.application.processEvents()
            time.sleep(0.001)

    def settle(self) -> None:
        self.wait(lambda: self.dock.previews.is_idle)

    def bare(self) -> float:
        """One evaluation of the same network on a tile of the same size."""
        from dbcr.dbcr_core.schedule import STEPS

        start = time.perf_counter()
        self.predictor.predict_clear(self.cloudy, STEPS, self.features)
        return time.perf_counter() - start

    def go_elsewhere(self) -> None:
        """Shows less than a tile: the preview takes the 256 × 256 pixels around it, which are new."""
        from qgis.core import QgsRectangle

        box, (column, row) = self.optical.extent(), next(self.places)
        size = box.width() / self.optical.width()
        x = box.xMinimum() + (SIDE * column + SIDE / 2) * size
        y = box.yMaximum() - (SIDE * row + SIDE / 2) * size
        self.desk.mapCanvas().setExtent(QgsRectangle(x - 50 * size, y - 50 * size, x + 50 * size, y + 50 * size))

    def until_drawn(self, act: Callable[[], None], steps: int) -> float:
        """Seconds from an action to a picture of so many evaluations on the map."""
        self.steps = 0
        start = time.perf_counter()
        act()
        self.wait(lambda: self.steps >= steps)
        before = self.dock.compare.over_map._image
        self.wait(lambda: self.dock.compare.over_map._job is None or self.dock.compare.over_map._image is not before)
        return time.perf_counter() - start

    def turn(self) -> dict[str, float]:
        """Every case once."""
        slider, preview = self.dock.dock.dial.slider, self.dock.dock.preview
        slider.setValue(1)
        self.settle()
        seconds = {"bare": self.bare()}
        self.go_elsewhere()
        seconds["new_ground"] = self.until_drawn(preview.click, 1)
        self.settle()
        cache = self.dock.previews._engine.cache
        cache.clear()
        self.go_elsewhere()
        self.wait(lambda: cache.nbytes > 0)
        self.settle()
        seconds["new_ground_ahead"] = self.until_drawn(preview.click, 1)
        self.settle()
        self.known = 0
        seconds["slider"] = self.until_drawn(lambda: slider.setValue(next(self.nfes)), 1)
        self.settle()
        evaluations = self.known + 1
        seconds["slider_evaluation"] = self.until_drawn(lambda: slider.setValue(next(self.nfes)), evaluations)
        self.settle()
        return seconds


def main(optical: str, radar: str, turns: int) -> dict[str, Any]:
    """Measures and returns rows."""
    from qgis.core import QgsApplication

    application = QgsApplication([], True)
    application.initQgis()
    plugins = tempfile.mkdtemp()
    os.symlink(ROOT, os.path.join(plugins, "dbcr"))
    sys.path[:0] = [plugins, str(ROOT / "tests" / "plugin")]
    from tests.bench.timing import paired_ratio, summary

    bench = Bench(application, optical, radar)
    bench.turn()
    measured = [bench.turn() for _ in range(turns)]
    seconds = {name: [each[name] for each in measured] for name in CASES}
    rows = [
        {"case": text, **summary(seconds[name]), "over_bare": round(paired_ratio(seconds[name], seconds["bare"]), 2)}
        for name, text in CASES.items()
    ]
    return {"rows": rows}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
    sys.stdout.flush()
    os._exit(0)  # QGIS's own teardown is not what is measured
