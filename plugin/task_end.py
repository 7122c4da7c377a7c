# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a background task when its owner goes."""

from __future__ import annotations

from qgis.core import QgsTask


def let_end(task: QgsTask, milliseconds: int) -> None:
    """Waits for a task that runs, and calls off one that has not begun.

    QGIS's own `waitForFinished` first waits for the beginning, without any limit: for good, where that never comes.
    """
    if task.status() == QgsTask.TaskStatus.Running:
        task.waitForFinished(milliseconds)
    else:
        task.cancel()
