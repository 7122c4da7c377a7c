# SPDX-License-Identifier: GPL-3.0-or-later
"""Between engine and Processing: progress one way, cancel the other, and the one place where errors change family."""

from __future__ import annotations

import traceback
from contextlib import contextmanager
from typing import Iterator

from qgis.core import QgsMessageLog, QgsProcessingException, QgsProcessingFeedback

from ..dbcr_core.errors import Cancelled, DbcrError
from .words import say


class FeedbackProgress:
    """The engine's progress port on a QgsProcessingFeedback; safe to call from the algorithm's thread."""

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        self._feedback = feedback
        self._last_percent = -1

    def report(self, fraction: float, text: str) -> None:
        """fraction: 0 … 1 of the whole job. The text follows whole percents only, so that logs stay readable."""
        self._feedback.setProgress(100.0 * fraction)
        percent = int(100 * fraction)
        if text and percent != self._last_percent:
            self._last_percent = percent
            self._feedback.setProgressText(text)

    def message(self, text: str) -> None:
        self._feedback.pushInfo(text)

    def warning(self, text: str) -> None:
        self._feedback.pushWarning(text)

    def cancelled(self) -> bool:
        return self._feedback.isCanceled()


@contextmanager
def engine_errors() -> Iterator[None]:
    """Turns the engine's errors into Processing's; everything else is a defect and passes through as it is."""
    try:
        yield
    except Cancelled as cancelled:
        raise QgsProcessingException(str(cancelled)) from None
    except DbcrError as error:
        raise QgsProcessingException(str(error)) from error


def unexpected(error: Exception) -> str:
    """One sentence for what is none of the engine's errors; the log gets all of it."""
    QgsMessageLog.logMessage("".join(traceback.format_exception(type(error), error, error.__traceback__)), "DB-CR")
    if isinstance(error, MemoryError):
        return say("There is not enough memory; close other programs.")
    return say("Unexpected {0}; please report it with what QGIS's log says under DB-CR.").format(type(error).__name__)


class ReasonKeeper(QgsProcessingFeedback):
    """Remembers the reason of a failure, and what was warned of, for those who show it elsewhere."""

    def __init__(self) -> None:
        super().__init__(False)
        self.reason = ""
        self.warnings: list = []

    def pushWarning(self, warning: str) -> None:
        self.warnings.append(warning)
        super().pushWarning(warning)

    def reportError(self, error: str, fatalError: bool = False) -> None:
        self.reason = error
        super().reportError(error, fatalError)
