# SPDX-License-Identifier: GPL-3.0-or-later
"""Every task that is handed to QGIS begins; whoever goes while one is under way waits for what runs, and no longer."""

from __future__ import annotations

import random
import time

import pytest
from qgis.core import QgsApplication, QgsProject, QgsTask, QgsTaskManager


class Slow(QgsTask):
    def __init__(self, seconds: float = 0.3) -> None:
        super().__init__("slow", QgsTask.Flag.CanCancel)
        self._seconds = seconds
        self.has_ended = False

    def run(self) -> bool:
        time.sleep(self._seconds)
        self.has_ended = True
        return True


class Forgetful:
    """QGIS and its task manager, in which, once `forgets`, a task waits for good, as those do that QGIS forgets."""

    def __init__(self) -> None:
        self._never = QgsTask.fromFunction("never", lambda task: True)
        self.forgets = False
        self.forgotten: list = []

    def taskManager(self):
        return self

    def addTask(self, task) -> None:
        waits_for = [self._never] if self.forgets else []
        if waits_for:
            self.forgets = False
            self.forgotten.append(task)
        QgsApplication.taskManager().addTask(QgsTaskManager.TaskDefinition(task, waits_for))

    def __getattr__(self, name: str):
        return getattr(QgsApplication.taskManager(), name)


@pytest.fixture
def forgetful(dbcr, monkeypatch) -> Forgetful:
    """What the plugin takes for QGIS."""
    from dbcr.plugin import tasks

    qgis = Forgetful()
    monkeypatch.setattr(tasks, "QgsApplication", qgis)
    return qgis


def test_a_task_that_never_begins_is_called_off_at_once(dbcr, qgis_app):
    from dbcr.plugin.tasks import let_end

    task, began = Slow(), time.monotonic()
    let_end(task, 60_000)
    assert time.monotonic() - began < 5 and task.isCanceled() and not task.has_ended


def test_a_task_that_runs_is_waited_for(dbcr, qgis_app, wait_until):
    from dbcr.plugin.tasks import let_end

    task = Slow()
    QgsApplication.taskManager().addTask(task)
    wait_until(lambda: task.status() == QgsTask.TaskStatus.Running)
    let_end(task, 60_000)
    assert task.has_ended


def test_of_very_many_short_tasks_none_is_forgotten(dbcr, qgis_app, wait_until):
    """On two cores QGIS by itself forgets a few of these."""
    from dbcr.plugin.tasks import begin

    chance, done = random.Random(1), []  # noqa: S311 (no secret)

    class Short(QgsTask):
        def __init__(self, number: int, seconds: float) -> None:
            super().__init__("short")
            self._number, self._seconds = number, seconds

        def run(self) -> bool:
            time.sleep(self._seconds)
            done.append(self._number)
            return True

    def start(number: int, seconds: float) -> None:
        begin(Short(number, seconds), lambda: start(number, seconds))

    for first in range(0, 1200, 100):
        for number in range(first, first + 100):
            start(number, chance.choice([0, 0, 0.001, 0.005]))
            for _ in range(chance.randrange(3)):
                qgis_app.processEvents()
            if chance.random() < 0.3:
                time.sleep(0.001)
        wait_until(lambda first=first: len(done) >= first + 100)
    assert sorted(done) == list(range(1200))
    wait_until(lambda: QgsApplication.taskManager().countActiveTasks() == 0)


def test_a_task_that_waits_for_a_free_thread_is_left_alone(dbcr, qgis_app, wait_until):
    from dbcr.plugin.tasks import begin
    from qgis.PyQt.QtCore import QThread

    before, again = [Slow(1.5) for _ in range(QThread.idealThreadCount())], []
    for task in before:
        QgsApplication.taskManager().addTask(task)
    wait_until(lambda: all(task.status() == QgsTask.TaskStatus.Running for task in before))
    waiting = Slow(0)
    begin(waiting, lambda: again.append(waiting))
    wait_until(lambda: waiting.has_ended)
    assert not again and all(task.has_ended for task in before)


def test_a_task_that_was_called_off_meanwhile_is_not_begun_again(forgetful, qgis_app, wait_until):
    from dbcr.plugin.tasks import begin

    again: list = []
    forgetful.forgets = True
    begin(Slow(), lambda: again.append("again"))
    forgetful.forgotten[0].cancel()
    until = time.monotonic() + 1.5
    wait_until(lambda: time.monotonic() > until)
    assert not again and QgsApplication.taskManager().countActiveTasks() == 0


@pytest.fixture
def all_began(dock, forgetful, wait_until):
    """Checks in the end that one task was forgotten, called off, and that nothing waits."""
    wait_until(lambda: dock.previews.is_idle and QgsApplication.taskManager().countActiveTasks() == 0)
    forgetful.forgets = True
    yield dock
    wait_until(lambda: dock.previews.is_idle and QgsApplication.taskManager().countActiveTasks() == 0)
    assert len(forgetful.forgotten) == 1


def test_a_forgotten_preview_arrives(all_began, wait_until):
    seen: list = []
    all_began.previews.stepped.connect(lambda picture, files: seen.append(picture.done))
    all_began.ask_preview()
    wait_until(lambda: seen)
    assert seen == [1]


def test_a_forgotten_look_at_the_inputs_is_told(all_began, wait_until):
    all_began.dock.findings.setText("")
    all_began.inspections.ask(all_began.inputs.inspection_options())
    wait_until(lambda: all_began.dock.findings.text())
    assert "13 bands" in all_began.dock.findings.text()


def test_a_forgotten_run_of_the_whole_scene_runs(all_began, desktop, wait_until):
    all_began.runs.run_scene()
    wait_until(lambda: all_began.dock.run_box.run.isEnabled())
    assert "reconstructed" in desktop.messages[-1], desktop.messages
    assert QgsProject.instance().layerTreeRoot().findGroup("S2 2020-08-23, clouds removed") is not None


def test_a_forgotten_run_that_was_given_up_ends(all_began, desktop, wait_until):
    all_began.runs.run_scene()
    all_began.runs.leave_project()
    wait_until(lambda: all_began.dock.run_box.run.isEnabled())
    assert "cancelled" in desktop.messages[-1], desktop.messages


def test_a_forgotten_self_test_answers(all_began, tiny_model, wait_until):
    from dbcr.plugin.options import OptionsPage

    page = OptionsPage()
    page.test()
    wait_until(lambda: page.test_button.isEnabled())
    assert "checksum" in page.test_result.text()
    page.deleteLater()


def test_qgis_closes_without_asking_about_what_no_one_asked_for(dock, desktop, wait_until):
    told: dict = {}

    def note(number: int) -> None:
        task = QgsApplication.taskManager().task(number)
        told[task.description()] = bool(task.flags() & QgsTask.Flag.CancelWithoutPrompt)

    connection = QgsApplication.taskManager().taskAdded.connect(note)
    desktop.mainWindow().show()
    dock.dock.show()
    dock._on_inputs()
    wait_until(lambda: len(told) == 2)
    assert told == {"Inspecting the inputs": True, "Preparing a cloud removal preview": True}
    dock.ask_preview()
    wait_until(lambda: dock.previews.is_idle)
    assert told["Cloud removal preview"] is False
    QgsApplication.taskManager().taskAdded.disconnect(connection)
