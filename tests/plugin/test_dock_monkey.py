# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is pressed in whatever order: no exception (PyQt would end the process), and nothing left behind."""

from __future__ import annotations

import random

import pytest
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer

ACTIONS = 70


class Monkey:
    """Does one thing at a time to a dock."""

    def __init__(self, controller, scene, seed: int) -> None:
        self._controller, self._scene = controller, scene
        self._chance = random.Random(seed)  # noqa: S311 (no secret)
        self.done: list = []

    def act(self) -> None:
        """One action, and its name for those who look for the reason of a failure."""
        dock, canvas = self._controller.dock, self._controller._canvas
        choose = self._chance.choice
        actions = {
            "slider": lambda: dock.dial.slider.setValue(self._chance.randint(1, 10)),
            "preview": dock.preview.click,
            "follow": dock.follow.click,
            "swipe": dock.compare_lines.swipe.click,
            "flip": dock.compare_lines.flip.click,
            "side by side": dock.compare_lines.side_by_side.click,
            "shown": lambda: dock.compare_lines.shown.setCurrentIndex(self._chance.randrange(4)),
            "optical": lambda: self._pick(dock.optical),
            "sar": lambda: self._pick(dock.sar),
            "mask": lambda: self._pick(dock.mask),
            "run": dock.run_box.run.click,
            "assess": dock.assess_box.assess.click,
            "copy": lambda: self._controller.copy(choose(["command", "python"])),
            "zoom": lambda: canvas.zoomByFactor(choose([0.5, 0.8, 1.5, 3])),
            "rotate": lambda: canvas.setRotation(choose([0, 30])),
            "add": self._add,
            "remove": self._remove,
            "close and open": lambda: (self._controller.set_open(False), self._controller.set_open(True)),
        }
        name = choose([*actions, "slider", "preview", "zoom"])
        self.done.append(name)
        actions[name]()

    def _pick(self, picker) -> None:
        if picker.count():
            picker.setCurrentIndex(self._chance.randrange(picker.count()))

    def _add(self) -> None:
        path = self._scene[self._chance.choice(["OPTICAL", "SAR"])]
        QgsProject.instance().addMapLayer(QgsRasterLayer(path, f"added {len(self.done)}"))

    def _remove(self) -> None:
        layers = sorted(QgsProject.instance().mapLayers())
        if layers:
            QgsProject.instance().removeMapLayer(self._chance.choice(layers))


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_no_order_of_actions_breaks_the_dock(dock, desktop, plugin, scene, qgis_app, wait_until, seed):
    desktop.mainWindow().show()
    monkey = Monkey(dock, scene, seed)
    for _ in range(ACTIONS):
        monkey.act()
        for _ in range(monkey._chance.randrange(6)):
            qgis_app.processEvents()
    wait_until(lambda: dock.previews.is_idle and QgsApplication.taskManager().countActiveTasks() == 0)
    assert not any("Traceback" in text for text in desktop.messages)
    plugin.unload()
    assert desktop.docks == [] and QgsApplication.taskManager().countActiveTasks() == 0
