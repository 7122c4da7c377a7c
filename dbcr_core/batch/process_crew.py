# SPDX-License-Identifier: GPL-3.0-or-later
"""A crew of processes on this machine: a scene in each, so that a crash takes nothing else with it.

A process that has done a scene without fault, or refused it, gets the next one: it has its libraries and the model at
hand.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from typing import Any, Callable, Iterator

from ..cores import available_cores
from ..errors import InputError
from ..predictors import PredictorKeeper
from ..process_end import how_it_ended
from .run import Finished
from .scene_row import Scene
from .scene_task import is_refusal, run_scene, sentence

PATIENCE_SECONDS = 60.0
"""How long a scene may take to stop cleanly before it is killed."""

REPORT_EVERY_SECONDS = 0.5


class ProcessCrew:
    """Runs up to `workers` scenes at once. The processor's cores are shared out unless a job names its threads."""

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise InputError(f"The number of workers must be at least 1, not {workers}.")
        self._workers = workers
        self._threads = max(1, available_cores() // workers)
        self._waiting: deque[Scene] = deque()
        self._running: dict[Connection, _Running] = {}
        self._idle: list[tuple[Connection, Any]] = []

    def submit(self, scene: Scene) -> None:
        """Queues a scene."""
        self._waiting.append(scene)

    def next(self, progress: Callable[[dict[str, float]], None]) -> Finished:
        """Waits until a scene has ended, one way or the other."""
        while True:
            while self._waiting and len(self._running) < self._workers:
                self._start(self._waiting.popleft())
            # The processes too: Windows keeps the pipe open of one that died before it took its end.
            processes = [running.process.sentinel for running in self._running.values()]
            ready = wait([*self._running, *processes], REPORT_EVERY_SECONDS)
            for connection, running in list(self._running.items()):
                if connection not in ready and running.process.sentinel not in ready:
                    continue
                finished = self._hear(connection)
                if finished:
                    return finished
            progress({running.scene.name: running.share for running in self._running.values()})

    def close(self) -> None:
        """Asks the running scenes to stop, and kills those that do not."""
        self._waiting.clear()
        self._dismiss()
        for connection in self._running:
            connection.close()
        deadline = time.monotonic() + PATIENCE_SECONDS
        for running in self._running.values():
            running.process.join(max(0.0, deadline - time.monotonic()))
            if running.process.is_alive():
                running.process.kill()
                running.process.join()
        self._running.clear()

    def _start(self, scene: Scene) -> None:
        while self._idle:
            connection, process = self._idle.pop()
            try:
                connection.send(scene)
            except OSError:  # it died while it had nothing to do
                connection.close()
                process.join()
            else:
                self._running[connection] = _Running(scene, process)
                return
        context = multiprocessing.get_context("spawn")
        mine, theirs = context.Pipe()
        process = context.Process(target=_scenes_process, args=(scene, self._threads, theirs), name="dbcr-scenes")
        with _undisturbed():
            process.start()
            theirs.close()  # so that the end of the process is the end of the pipe
            self._running[mine] = _Running(scene, process)

    def _dismiss(self) -> None:
        """Ends the processes that have nothing to do."""
        for connection, process in self._idle:
            connection.close()
            process.join()
        self._idle.clear()

    def _hear(self, connection: Connection) -> Finished | None:
        running = self._running[connection]
        content: Any
        try:
            kind, content = connection.recv() if connection.poll() else ("ended", None)
        except (EOFError, OSError):
            kind, content = "ended", None
        if kind == "share":
            running.share = content
            return None
        del self._running[connection]
        if kind in ("report", "refusal"):
            self._idle.append((connection, running.process))
            if not self._waiting:
                self._dismiss()  # for the memory of those that still work
            if kind == "refusal":
                return Finished(running.scene.name, error=content, is_refused=True)
            return Finished(running.scene.name, content)
        connection.close()
        running.process.join()
        return Finished(running.scene.name, error=content or _obituary(running.process.exitcode))


class _Running:
    def __init__(self, scene: Scene, process: Any) -> None:
        self.scene, self.process, self.share = scene, process, 0.0


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A request to stop waits meanwhile, so that no process is left half started; and what is started never hears
    Ctrl-C, not even while it loads. Windows has nothing like the latter."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears signals
        return
    heard: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    before = {number: handler for number, handler in before.items() if callable(handler)}
    for number in before:
        signal.signal(number, lambda number, _: heard.append(number))
    mask = None
    if hasattr(signal, "pthread_sigmask"):
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()  # else it starts with the first process, and lets Ctrl-C in again
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in before.items():
            signal.signal(number, handler)
        if heard:
            signal.raise_signal(heard[0])


def _scenes_process(scene: Scene | None, threads: int, connection: Connection) -> None:
    """What a process of the crew does: one scene after the other, until one fails in it or nobody gives it more."""
    # Ctrl-C reaches the whole group; only the parent acts on it, and tells the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keeper = PredictorKeeper(keeps_two=True)
    while scene is not None and _does(scene, threads, connection, keeper):
        try:
            scene = connection.recv()
        except (EOFError, OSError):
            scene = None


def _does(scene: Scene, threads: int, connection: Connection, keeper: PredictorKeeper) -> bool:
    """Clears a scene and tells how it ended; False where that was a failure that this process may have a part in.

    While it works, anything that the other side says, or its end, means stop.
    """
    if scene.job.threads is None:
        scene = replace(scene, job=replace(scene.job, threads=threads))
    told = 0.0

    def tell(share: float) -> None:
        nonlocal told
        if time.monotonic() - told >= REPORT_EVERY_SECONDS:
            told = time.monotonic()
            connection.send(("share", share))

    def cancelled() -> bool:
        try:
            return connection.poll()
        except OSError:
            return True

    try:
        message: tuple[str, object] = ("report", run_scene(scene, keeper, cancelled, tell))
    except Exception as error:  # a scene's failure, whatever it is, is told and ends only this scene
        message = ("refusal" if is_refusal(error) else "failed", sentence(error))
    try:
        connection.send(message)
    except OSError:
        os._exit(1)  # nobody listens any more
    return message[0] != "failed"


def _obituary(status: int | None) -> str:
    remedy = "use fewer workers, or run this scene alone to see why"
    return f"The scene's process {how_it_ended(status)} and gave no result; {remedy}."
