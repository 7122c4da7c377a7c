# SPDX-License-Identifier: GPL-3.0-or-later
"""A crew on a Dask cluster: scenes, or parts of scenes, on workers that see the same paths.

A worker that is lost costs what it was doing, no more: others get its tasks, and every task may run twice without harm,
because outputs and parts appear in one step. Tasks wait here until a worker has room for them, so that workers that
join later get their share. Needs the optional extra `dask[distributed]`, here and on the workers, and `dbcr_core`
importable there.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import pickle
import queue
import time
import uuid
from collections import Counter, deque
from dataclasses import dataclass, replace
from typing import Any, Callable, Iterator

from ..errors import BackendMissingError, InputError, OutputError
from ..predictors import auto_device
from .dask_tasks import Call, Done, assembled_scene, close_idle, outputs_seen, scene_part, whole_scene
from .dask_workers import FitWorkers
from .ownership import disown, owner
from .run import Finished
from .scene_row import Scene
from .scene_task import is_refusal, sentence

CONNECT_SECONDS = 20.0
AGAIN_SECONDS = 3.0
"""How long a new connection to a scheduler that has answered before may take; answers may take any time."""

PATIENCE_SECONDS = 60.0
"""How long running tasks may take to stop cleanly after Ctrl-C."""

SEEN_SECONDS = 60.0
"""How long a network disk may take to show here what a worker has written."""

POLL_SECONDS = 0.5
LOSSES = 3
"""How often all workers that may do a task may be lost; as often as Dask itself forgives."""

DEADLY = "Several workers died over this scene; give them more memory or fewer threads."


class DaskCrew:
    """Runs scenes on the cluster whose scheduler listens at `address`, each split into `parts`.

    A Dask worker's thread counts as one core: jobs that name no threads use one each. Raises InputError where no
    scheduler answers or no worker is fit, BackendMissingError without Dask. warn: told what is amiss with workers.
    """

    def __init__(self, address: str, folder: str, parts: int = 1, warn: Callable[[str], None] | None = None) -> None:
        if parts < 1:
            raise InputError(f"The number of parts must be at least 1, not {parts}.")
        distributed = _import_distributed()
        self._parts = parts
        self._address = address
        self._folder = os.path.abspath(folder)
        self._batch = owner(folder)
        try:
            self._client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise InputError(
                f"No Dask scheduler answers at {address}; start one with `dask scheduler` and give its address."
            ) from error
        # Dask would try for as long as at first: a question asked just after the scheduler died kept the batch waiting.
        self._client.rpc.timeout = AGAIN_SECONDS
        try:
            self._workers = FitWorkers(self._client, address, warn or (lambda text: None))
        except BaseException:
            self._client.close()
            raise
        self._ended: queue.Queue[tuple[str, Any]] = queue.Queue()
        self._tries: dict[str, _Try] = {}
        self._shunned: dict[str, set[str]] = {}
        self._devices: dict[str | None, str] = {}

    def submit(self, scene: Scene) -> None:
        """Queues a scene."""
        if scene.job.threads is None:
            scene = replace(scene, job=replace(scene.job, threads=1))
        self._tries[scene.name] = _Try(scene, self._parts)

    def next(self, progress: Callable[[dict[str, float]], None]) -> Finished:
        """Waits for the next scene to end; raises OutputError where the scheduler is lost."""
        while True:
            self._check_scheduler()
            finished = None
            with contextlib.suppress(OSError):  # no answer: the scheduler is lost, or will answer again
                finished = self._hand_out()
            finished = finished or self._shown()
            if finished is None:
                with contextlib.suppress(queue.Empty):
                    ended = self._ended.get(timeout=POLL_SECONDS)
                    if self._client.status == "running":  # a lost scheduler is nothing that a scene did
                        finished = self._hear(*ended)
            if finished:
                return finished
            progress({name: each.share for name, each in self._tries.items() if each.began})

    def close(self) -> None:
        """Tells all workers to stop, waits until they have, and leaves the cluster as it was."""
        running = [task.future for each in self._tries.values() for task in each.running.values()]
        running = [future for future in running if not future.done()]
        try:
            if running and self._client.status == "running":
                disown(self._folder)
                deadline = time.monotonic() + PATIENCE_SECONDS
                while time.monotonic() < deadline and not all(future.done() for future in running):
                    time.sleep(0.1)
                self._client.cancel(running)
            if self._client.status == "running":
                with contextlib.suppress(OSError):  # the scheduler ended, too
                    self._client.run(close_idle, workers=list(self._workers.now()), on_error="ignore")
                    self._workers.close()
        finally:
            self._tries.clear()
            with _without_tracebacks():
                self._client.close()

    def _check_scheduler(self) -> None:
        if self._client.status != "running":
            raise OutputError(
                f"The Dask scheduler at {self._address} is gone; start it again and run the same command."
            )

    def _hand_out(self) -> Finished | None:
        """Gives the tasks that wait to workers with room; a scene whose workers are lost again and again has ended."""
        fit = self._workers.now()
        self._check_scheduler()  # its last answer may be an old one
        for name, each in self._tries.items():
            each.take_back(fit, self._client)
            if each.losses > LOSSES:
                return self._failed(name, DEADLY)
        room = sum(fit.values()) - sum(len(each.running) for each in self._tries.values())
        waiting = (each for each in self._tries.values() for _ in range(len(each.waiting)))
        for _, each in zip(range(room), waiting):
            self._start(each, fit)
        return None

    def _start(self, each: _Try, fit: dict[str, int]) -> None:
        """Submits a scene's next task to all fit workers but those on which the scene has failed, where others are."""
        if self._parts > 1 and each.scene.job.device == "auto":
            device = self._device_of_all(each.scene.job.model, fit)
            each.scene = replace(each.scene, job=replace(each.scene.job, device=device))
        name, index = each.scene.name, each.waiting.popleft()
        workers = frozenset(fit) - self._shunned.get(name, set()) or frozenset(fit)
        batch = self._folder, self._batch
        if self._parts == 1:
            kind, call = "scene", Call(whole_scene, each.scene, *batch)
        elif index < self._parts:
            kind, call = f"part-{index}", Call(scene_part, each.scene, index, self._parts, *batch)
        else:
            kind, call = "scene", Call(assembled_scene, each.scene, self._parts, *batch)
        key = f"{kind}-{name}-{uuid.uuid4().hex[:8]}"
        future = self._client.submit(pickle.loads, pickle.dumps(call), key=key, pure=False, workers=list(workers))
        each.running[future.key] = _Task(future, index, workers)
        future.add_done_callback(lambda future: self._ended.put((name, future)))

    def _device_of_all(self, model: str | None, fit: dict[str, int]) -> str:
        """What "auto" means on every worker, the CPU where they differ: a scene's parts must come from one device."""
        if model not in self._devices:
            # A worker that is lost meanwhile, or cannot open the model, has its say when a part fails on it.
            answers = self._client.run(auto_device, model, workers=list(fit), on_error="ignore")
            found = set(answers.values())
            self._devices[model] = found.pop() if len(found) == 1 else "cpu"
        return self._devices[model]

    def _hear(self, name: str, future: Any) -> Finished | None:
        """Notes that a task has ended; returns how its scene did, where it has failed."""
        each = self._tries.get(name)
        task = each.running.pop(future.key, None) if each else None
        if each is None or task is None:
            return None  # of an earlier try, or lost and submitted anew
        if future.status == "finished":
            try:
                each.ended(future.result(timeout=CONNECT_SECONDS))
            except (asyncio.TimeoutError, OSError):  # the worker is gone, and its answer with it; or the scheduler
                each.put_back(task, self._client)
            return None
        if not future.done():  # the same, noticed by Dask
            each.put_back(task, self._client)
            return None
        if future.cancelled():
            return self._failed(name, "The cluster dropped the scene; run it again.")
        error = future.exception()
        failed = self._failed(name, _cluster_sentence(error), getattr(error, "worker", ""))
        return replace(failed, is_refused=is_refusal(error))

    def _shown(self) -> Finished | None:
        """The next scene that is complete and whose outputs are seen here, too; those not seen in time have failed."""
        for name, each in self._tries.items():
            done = each.done
            if done is None:
                continue
            with contextlib.suppress(OSError):
                if outputs_seen(each.scene.job) == done.seen:
                    del self._tries[name]
                    return Finished(name, done.report)
            if time.monotonic() - each.done_at > SEEN_SECONDS:
                hidden = f"{each.scene.job.output} is not seen here; let the workers share the output's folder."
                return self._failed(name, hidden, done.worker)
        return None

    def _failed(self, name: str, error: str, worker: str = "") -> Finished:
        """Ends a scene's try; the next one is another worker's, where there are others."""
        del self._tries[name]
        if worker:
            self._shunned.setdefault(name, set()).add(worker)
        return Finished(name, error=f"On the worker {worker}: {error}" if worker else error)


@dataclass(frozen=True)
class _Task:
    """A task in the cluster, and the workers that may do it."""

    future: Any
    index: int
    workers: frozenset[str]


class _Try:
    """A scene in work: its tasks by number, first its parts, then what puts them together; a whole scene is one."""

    def __init__(self, scene: Scene, parts: int) -> None:
        self.scene = scene
        self.waiting = deque(range(parts))
        self.running: dict[str, _Task] = {}
        self.done: Done | None = None
        self.done_at = 0.0
        self._parts, self._parts_done = parts, 0
        self._losses: Counter[int] = Counter()

    @property
    def began(self) -> bool:
        """Whether the cluster has got something of it."""
        return bool(self.running or self._parts_done or self.done)

    @property
    def share(self) -> float:
        """The share of its tasks that have ended."""
        return self._parts_done / (self._parts + 1)

    @property
    def losses(self) -> int:
        """How often the task with the worst luck was lost with all its workers."""
        return max(self._losses.values(), default=0)

    def ended(self, result: dict[str, Any] | None) -> None:
        """Notes a task's success."""
        if result is not None:
            self.done, self.done_at = Done(**result), time.monotonic()
            return
        self._parts_done += 1
        if self._parts_done == self._parts:
            self.waiting.append(self._parts)

    def take_back(self, there: dict[str, int], client: Any) -> None:
        """Tasks none of whose workers is there any more wait again: Dask would keep them for these workers for ever."""
        for key, task in list(self.running.items()):
            if not task.future.done() and task.workers.isdisjoint(there):
                del self.running[key]
                self.put_back(task, client)

    def put_back(self, task: _Task, client: Any) -> None:
        """A task that was lost waits again."""
        client.cancel([task.future])
        self.waiting.appendleft(task.index)
        self._losses[task.index] += 1


@contextlib.contextmanager
def _without_tracebacks() -> Iterator[None]:
    """Keeps Dask's client from logging as an error that it stops looking for a scheduler that is gone."""
    logger = logging.getLogger("distributed.client")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _cluster_sentence(error: BaseException) -> str:
    """What went wrong, with the remedy where it is the cluster and not the scene."""
    if isinstance(error, ModuleNotFoundError):
        return f"{error.name} cannot be imported; install the same packages there, or set PYTHONPATH."
    return DEADLY if type(error).__name__ == "KilledWorker" else sentence(error)


def _import_distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise BackendMissingError(
            f"Dask cannot be loaded ({error}); install it with `pip install 'dask[distributed]'`."
        ) from error
    return distributed
