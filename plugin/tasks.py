# SPDX-License-Identifier: GPL-3.0-or-later
"""Background tasks from their beginning to their end, whatever QGIS makes of them."""

from __future__ import annotations

from typing import Callable

from qgis.core import QgsApplication, QgsTask
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QThread, QTimer

UNASKED = QgsTask.Flag.CanCancel | QgsTask.Flag.CancelWithoutPrompt
"""Flags of a task that no one asked for: QGIS closes without asking about it."""
LOOKS_AGAIN_MILLISECONDS = 300
"""A task that waits although a thread is free, at two looks one after the other, was forgotten."""


def begin(task: QgsTask, again: Callable[[], None]) -> None:
    """Hands a task to QGIS. again: called where QGIS has forgotten it, to begin another one in its place.

    QGIS keeps the address of what a thread was given to run when that is long gone. Where a task that has to wait is
    given the same address, the next change of the older one takes it out of the queue (`taskStatusChanged` in
    qgstaskmanager.cpp, QGIS 3.22 to 3.40 at least): it is shown as waiting and never begins. On two cores that
    happens to one of a thousand short tasks. The forgotten one is called off after `again`.
    """
    QgsApplication.taskManager().addTask(task)
    _look_later(task, again, had_room=False)


def let_end(task: QgsTask, milliseconds: int) -> None:
    """Waits for a task that runs, and calls off one that has not begun.

    QGIS's own `waitForFinished` first waits for the beginning, without any limit: for good, where that never comes.
    """
    if task.status() == QgsTask.TaskStatus.Running:
        task.waitForFinished(milliseconds)
    else:
        task.cancel()


def _look_later(task: QgsTask, again: Callable[[], None], had_room: bool) -> None:
    def look() -> None:
        if sip.isdeleted(task) or task.status() != QgsTask.TaskStatus.Queued:
            return
        has_room = _has_room()
        if not (had_room and has_room):
            _look_later(task, again, has_room)
            return
        again()
        QgsTask.cancel(task)  # not the subclass's own: what it would stop may belong to the new one, too

    QTimer.singleShot(LOOKS_AGAIN_MILLISECONDS, look)


def _has_room() -> bool:
    """Whether QGIS has a thread free for a task that waits."""
    manager = QgsApplication.taskManager()
    if hasattr(manager, "threadPool"):
        pool = manager.threadPool()
        return pool.activeThreadCount() < pool.maxThreadCount()
    running = [task for task in manager.tasks() if task.status() == QgsTask.TaskStatus.Running]
    return len(running) < QThread.idealThreadCount()
