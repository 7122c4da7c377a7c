# SPDX-License-Identifier: GPL-3.0-or-later
"""The preview in QGIS: one background task at a time, the newest request wins, each step arrives as raster files."""

from __future__ import annotations

import threading
import time
from typing import Optional

from qgis.core import QgsTask
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..dbcr_core.errors import DbcrError
from . import runtime
from .feedback import unexpected
from .preview_cache import SHARED
from .preview_engine import PreviewEngine, PreviewPicture, PreviewRequest
from .preview_files import PictureFiles, PictureFolder
from .preview_worker import worker_pictures
from .tasks import UNASKED, begin, let_end
from .words import say

MAP_MOVES_MILLISECONDS = 250
"""A map that moves on within this time asks once, not at every stop."""
SLIDER_MOVES_SECONDS = 0.12
"""What is known is shown at once; while the slider is on the move, the network waits this long for it to move on."""
ON_THE_MOVE_SECONDS = 0.4
"""Wishes that follow each other faster than this come from a slider on the move."""


class PreviewController(QObject):
    """Asks for previews and hands out their steps; lives on the main thread."""

    stepped = pyqtSignal(object, object)
    """(PreviewPicture, PictureFiles), after each network evaluation of the newest request."""
    prepared = pyqtSignal(str, int)
    """The device that the next preview will use, once that was found out, and in how many tiles."""
    failed = pyqtSignal(str)
    busy = pyqtSignal(bool)

    def __init__(self, runtime_folder) -> None:
        super().__init__()
        self._runtime_folder = runtime_folder
        self._engine = PreviewEngine(SHARED)
        self._turn = threading.Lock()
        self._folder = PictureFolder()
        self._serial = 0
        self._asked_at = 0.0
        self._tasks: list = []
        self._waiting: Optional[PreviewTask] = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._start)

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits and nothing runs."""
        return not self._tasks and self._waiting is None

    def ask(self, options: dict, nfe: int, worker_python: str = "", after_milliseconds: int = 0) -> None:
        """Wants a preview; older requests are cancelled now.

        worker_python: an interpreter outside QGIS that computes it; empty: it is computed here.
        """
        self._want(PreviewTask, options, nfe, worker_python, after_milliseconds)

    def prepare(self, options: dict, after_milliseconds: int = MAP_MOVES_MILLISECONDS) -> None:
        """Reads pixels and opens the network ahead of a preview; its problems are of no interest yet.

        A preview that someone waits for goes on instead.
        """
        if any(self._is_awaited(task) for task in (*self._tasks, self._waiting)):
            return
        self._want(PreparationTask, options, 1, "", after_milliseconds)

    def cancel(self) -> None:
        """Drops what is waiting and tells what runs to stop after its current evaluation."""
        self._timer.stop()
        self._waiting = None
        self._serial += 1
        for task in list(self._tasks):
            task.cancel()

    def close(self) -> None:
        """Cancels, waits for the running evaluation, and frees network, pixels and files."""
        self.cancel()
        for task in list(self._tasks):
            let_end(task, 60_000)
        with self._turn:
            self._engine.close()
        self._folder.close()

    def _want(self, kind: type, options: dict, nfe: int, worker_python: str, after_milliseconds: int) -> None:
        self.cancel()
        request = PreviewRequest.of(options, nfe, self._serial)
        before, self._asked_at = self._asked_at, time.monotonic()
        patience = SLIDER_MOVES_SECONDS if self._asked_at - before < ON_THE_MOVE_SECONDS else 0.0
        self._waiting = kind(request, self, worker_python, patience)
        if after_milliseconds:
            self._timer.start(after_milliseconds)
        else:
            self._start()

    def _start(self) -> None:
        task, self._waiting = self._waiting, None
        if task is not None:
            self._begin(task)

    def _begin(self, task: PreviewTask) -> None:
        task.stepped.connect(self._on_step)
        task.prepared.connect(self._on_prepared)
        task.taskCompleted.connect(lambda: self._on_end(task))
        task.taskTerminated.connect(lambda: self._on_end(task))
        self._tasks.append(task)
        self.busy.emit(self._is_busy)
        begin(task, lambda: self._begin(task.anew(self)))

    def _on_prepared(self, request: PreviewRequest, device: str, tiles: int) -> None:
        if request.serial == self._serial:
            self.prepared.emit(device, tiles)

    def _on_step(self, picture: PreviewPicture, files: PictureFiles) -> None:
        if picture.request.serial == self._serial:
            self.stepped.emit(picture, files)

    def _on_end(self, task: PreviewTask) -> None:
        if task in self._tasks:
            self._tasks.remove(task)
        if task.problem and task.request.serial == self._serial:
            self.failed.emit(task.problem)
        self.busy.emit(self._is_busy)

    def _is_awaited(self, task: Optional[PreviewTask]) -> bool:
        """Whether it is a preview that was not cancelled."""
        return task is not None and not isinstance(task, PreparationTask) and task.request.serial == self._serial

    @property
    def _is_busy(self) -> bool:
        return any(not isinstance(task, PreparationTask) for task in self._tasks)


class PreviewTask(QgsTask):
    """Runs one request on QGIS's thread pool."""

    FLAGS = QgsTask.Flag.CanCancel
    stepped = pyqtSignal(object, object)
    prepared = pyqtSignal(object, str, int)

    def __init__(self, request: PreviewRequest, owner: PreviewController, worker_python: str, patience: float) -> None:
        super().__init__(self.title(), self.FLAGS)
        self.request = request
        self.problem = ""
        self._engine, self._turn, self._folder = owner._engine, owner._turn, owner._folder
        self._runtime_folder = owner._runtime_folder()
        self._worker_python, self._patience = worker_python, patience
        self._stop = threading.Event()

    @staticmethod
    def title() -> str:
        """What QGIS's list of tasks calls it."""
        return say("Cloud removal preview")

    def anew(self, owner: PreviewController) -> PreviewTask:
        """The same once more, for one that QGIS has forgotten."""
        return type(self)(self.request, owner, self._worker_python, self._patience)

    def cancel(self) -> None:
        self._stop.set()
        super().cancel()

    def run(self) -> bool:
        with self._turn:
            if self._stop.is_set():
                return False
            try:
                self._work()
            except DbcrError as error:
                self.problem = str(error)
            except Exception as error:  # QGIS would end the task without a word
                self.problem = unexpected(error)
        return not self.problem and not self._stop.is_set()

    def _work(self) -> None:
        if self._worker_python:
            pictures = worker_pictures(self.request, self._worker_python, self._stop.is_set, self.setProgress)
        elif self._has_runtime():
            pictures = self._engine.pictures(self.request)
        else:
            return
        for picture in pictures:
            if self._stop.is_set():
                return
            self.setProgress(100.0 * picture.done / max(1, picture.planned))
            self.stepped.emit(picture, self._folder.write(picture))
            if picture.is_free and not picture.is_final:
                self._stop.wait(self._patience)
            if self._stop.is_set():
                return

    def _has_runtime(self) -> bool:
        self.problem = runtime.load(self._runtime_folder).problem or ""
        return not self.problem


class PreparationTask(PreviewTask):
    """Does what a preview does before its first evaluation; has no problems of its own."""

    FLAGS = UNASKED

    @staticmethod
    def title() -> str:
        return say("Preparing a cloud removal preview")

    def run(self) -> bool:
        is_done = super().run()
        self.problem = ""  # the preview itself will say so, when someone asks for it
        return is_done

    def _work(self) -> None:
        if self._has_runtime():
            self.prepared.emit(self.request, *self._engine.prepare(self.request))
