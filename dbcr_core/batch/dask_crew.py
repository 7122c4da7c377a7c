# SPDX-License-Identifier: GPL-3.0-or-later
"""A crew on a Dask cluster: scenes, or parts of scenes, on workers that see the same paths.

A worker that is lost costs what it was doing, no more: Dask gives its tasks to others, and every task may run twice
without harm, because outputs and parts appear in one step. Needs the optional extra `dask[distributed]`, here and on
the workers, and `dbcr_core` importable there.
"""

from __future__ import annotations

import contextlib
import os
import queue
import time
import uuid
from dataclasses import replace
from functools import partial
from typing import Any, Callable, Sequence

from ..errors import BackendMissingError, InputError, OutputError
from ..predictors import PredictorKeeper, auto_device
from .run import Finished
from .scene_parts import PartReport, assemble, run_part
from .scene_row import Scene
from .scene_task import finish_scene, run_scene, sentence

CONNECT_SECONDS = 20.0
PATIENCE_SECONDS = 60.0
"""How long running tasks may take to stop cleanly after Ctrl-C."""

POLL_SECONDS = 0.5
STOP_NAME = ".stop"
"""A file in the batch's folder that tells every worker to stop; it works however the network is."""

_keeper = PredictorKeeper()
"""Of a worker's process."""


class DaskCrew:
    """Runs scenes on the cluster whose scheduler listens at `address`, each split into `parts`.

    A Dask worker's thread counts as one core: jobs that name no threads use one each. Raises InputError where no
    scheduler answers, BackendMissingError without Dask. warn: told where no worker is there yet.
    """

    def __init__(self, address: str, folder: str, parts: int = 1, warn: Callable[[str], None] | None = None) -> None:
        if parts < 1:
            raise InputError(f"The number of parts must be at least 1, not {parts}.")
        distributed = _import_distributed()
        self._parts = parts
        self._address = address
        self._stop = os.path.join(os.path.abspath(folder), STOP_NAME)
        with contextlib.suppress(FileNotFoundError):
            os.remove(self._stop)
        try:
            self._client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise InputError(
                f"No Dask scheduler answers at {address}; start one with `dask scheduler` and give its address."
            ) from error
        if warn and not self._client.scheduler_info(n_workers=-1)["workers"]:
            warn(f"The cluster has no workers yet; scenes wait until one joins: `dask worker {address} --nthreads 1`.")
        self._ended: queue.Queue[tuple[str, Any]] = queue.Queue()
        self._futures: dict[str, list[Any]] = {}
        self._devices: dict[str | None, str] = {}

    def submit(self, scene: Scene) -> None:
        """Gives a scene to the cluster."""
        if scene.job.threads is None:
            scene = replace(scene, job=replace(scene.job, threads=1))
        submit = partial(self._client.submit, pure=False)
        key = f"{scene.name}-{uuid.uuid4().hex[:8]}"
        if self._parts == 1:
            futures = [submit(_whole_scene, scene, self._stop, key=f"scene-{key}")]
        else:
            if scene.job.device == "auto":
                scene = replace(scene, job=replace(scene.job, device=self._device_of_all(scene.job.model)))
            futures = [
                submit(_scene_part, scene, index, self._parts, self._stop, key=f"part-{index}-{key}")
                for index in range(self._parts)
            ]
            futures.append(submit(_assembled_scene, scene, futures, self._stop, key=f"scene-{key}"))
        self._futures[scene.name] = futures
        futures[-1].add_done_callback(lambda future: self._ended.put((scene.name, future)))

    def next(self, progress: Callable[[dict[str, float]], None]) -> Finished:
        """Waits for the next scene to end; raises OutputError where the scheduler is lost."""
        while True:
            with contextlib.suppress(queue.Empty):
                name, future = self._ended.get(timeout=POLL_SECONDS)
                if self._futures.get(name, [None])[-1] is future:
                    return self._finished(name, future)
            if self._client.status != "running":
                raise OutputError(
                    f"The Dask scheduler at {self._address} is gone; start it again and run the same command."
                )
            progress({name: self._share(futures) for name, futures in self._futures.items()})

    def close(self) -> None:
        """Tells all workers to stop, waits until they have, and leaves the cluster as it was."""
        running = [future for futures in self._futures.values() for future in futures if not future.done()]
        try:
            if running and self._client.status == "running":
                with open(self._stop, "w"):
                    pass
                deadline = time.monotonic() + PATIENCE_SECONDS
                while time.monotonic() < deadline and not all(future.done() for future in running):
                    time.sleep(0.1)
                self._client.cancel(running)
            if self._client.status == "running":
                self._client.run(_close_idle, on_error="ignore")  # the cluster may live on for days
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.remove(self._stop)
            self._futures.clear()
            self._client.close()

    def _device_of_all(self, model: str | None) -> str:
        """What "auto" means on every worker, the CPU where they differ: a scene's parts must come from one device."""
        if model not in self._devices:
            self._client.wait_for_workers(1)
            # A worker that is lost meanwhile, or cannot open the model, has its say when a part fails on it.
            found = set(self._client.run(auto_device, model, on_error="ignore").values())
            self._devices[model] = found.pop() if len(found) == 1 else "cpu"
        return self._devices[model]

    def _finished(self, name: str, future: Any) -> Finished:
        del self._futures[name]
        if future.status == "finished":
            return Finished(name, future.result())
        if future.cancelled():
            return Finished(name, error="The cluster dropped the scene; run it again.")
        return Finished(name, error=_cluster_sentence(future.exception()))

    def _share(self, futures: Sequence[Any]) -> float:
        return sum(future.done() for future in futures) / len(futures)


def _whole_scene(scene: Scene, stop: str) -> dict[str, Any]:
    return run_scene(scene, _keeper, cancelled=partial(os.path.exists, stop))


def _scene_part(scene: Scene, index: int, parts: int, stop: str) -> PartReport:
    return run_part(scene.job, index, parts, keeper=_keeper, cancelled=partial(os.path.exists, stop))


def _assembled_scene(scene: Scene, reports: Sequence[PartReport], stop: str) -> dict[str, Any]:
    cancelled = partial(os.path.exists, stop)
    return finish_scene(scene, assemble(scene.job, len(reports), keeper=_keeper, cancelled=cancelled))


def _close_idle() -> None:
    _keeper.close()


def _cluster_sentence(error: BaseException) -> str:
    """What went wrong, with the remedy where it is the cluster and not the scene."""
    if isinstance(error, ModuleNotFoundError):
        return f"The workers cannot import {error.name}; install the same packages there, or set their PYTHONPATH."
    if type(error).__name__ == "KilledWorker":
        return "Several workers died over this scene; give them more memory or fewer threads."
    return sentence(error)


def _import_distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise BackendMissingError(
            f"Dask cannot be loaded ({error}); install it with `pip install 'dask[distributed]'`."
        ) from error
    return distributed
