# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever goes while a task is under way waits for what runs, and for nothing else."""

from __future__ import annotations

import time

from qgis.core import QgsApplication, QgsTask


class Slow(QgsTask):
    def __init__(self) -> None:
        super().__init__("slow", QgsTask.Flag.CanCancel)
        self.has_ended = False

    def run(self) -> bool:
        time.sleep(0.3)
        self.has_ended = True
        return True


def test_a_task_that_never_begins_is_called_off_at_once(dbcr, qgis_app):
    from dbcr.plugin.task_end import let_end

    task, began = Slow(), time.monotonic()
    let_end(task, 60_000)
    assert time.monotonic() - began < 5 and task.isCanceled() and not task.has_ended


def test_a_task_that_runs_is_waited_for(dbcr, qgis_app, wait_until):
    from dbcr.plugin.task_end import let_end

    task = Slow()
    QgsApplication.taskManager().addTask(task)
    wait_until(lambda: task.status() == QgsTask.TaskStatus.Running)
    let_end(task, 60_000)
    assert task.has_ended
