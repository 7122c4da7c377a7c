# SPDX-License-Identifier: GPL-3.0-or-later
"""The workers of a Dask cluster that can do a batch's work: those that have this very version of the engine.

They are asked before they get a scene. One that cannot import what it gets would end without a word, as Dask unpacks
tasks where it listens to the scheduler; one of another version would compute other pixels.
"""

from __future__ import annotations

import asyncio
import time
from importlib import import_module
from typing import Any, Callable

from .. import __version__
from ..errors import InputError
from . import dask_tasks
from .scene_task import sentence

NOBODY_SECONDS = 60.0
"""How long a batch waits for a worker before it says so."""

ANSWER_SECONDS = 15.0
"""How long the batch waits for workers that have just come to answer; who answers later takes part from then on."""

NAMED = 5
"""How many workers a sentence names."""

_ENGINE = __name__.rpartition(".batch.")[0]


class FitWorkers:
    """The fit workers of a cluster as they come and go. warn: told who is left out and why, and where nobody is there.

    Raises InputError where workers are there but none is fit.
    """

    def __init__(self, client: Any, address: str, warn: Callable[[str], None]) -> None:
        self._client, self._warn = client, warn
        self._until_one_joins = f"scenes wait until one joins: `dask worker {address} --nthreads 1`"
        self._threads: dict[str, int] = {}
        self._unfit: dict[str, str] = {}
        self._asked: dict[str, asyncio.Task[object]] = {}
        self._silent: set[str] = set()
        self._look()
        if self._unfit and not self._threads and not self._asked:
            raise InputError(f"No worker of the cluster at {address} can be used: {'; '.join(_reasons(self._unfit))}.")
        self._tell(self._unfit)
        if not self._threads:
            warn(f"The cluster has no workers yet; {self._until_one_joins}.")
        self._told_of_none = not self._threads
        self._seen = time.monotonic()

    def now(self) -> dict[str, int]:
        """Threads of each fit worker, by address; newcomers are asked first."""
        self._tell(self._look())
        if self._threads:
            self._seen, self._told_of_none = time.monotonic(), False
        elif time.monotonic() - self._seen > NOBODY_SECONDS and not self._told_of_none:
            self._warn(f"The cluster has had no worker that can be used for a minute; {self._until_one_joins}.")
            self._told_of_none = True
        return self._threads

    def close(self) -> None:
        """Waits for no answers any more."""
        if self._asked:
            self._client.sync(self._forget)

    def _look(self) -> dict[str, str]:
        """Looks who is there; returns who of the newcomers is unfit, and why."""
        try:
            workers = self._client.scheduler_info(n_workers=-1)["workers"]
            self._unfit = {address: why for address, why in self._unfit.items() if address in workers}
            self._asked = {address: asked for address, asked in self._asked.items() if address in workers}
            new = [address for address in workers if address not in {*self._threads, *self._unfit, *self._asked}]
            if new:
                self._asked.update(self._client.sync(self._ask, new))
            answers = self._answers(new)
        except OSError:  # the crew notices that the scheduler is lost
            return {}
        unfit = {address: why for address, why in answers.items() if why}
        self._unfit.update(unfit)
        fit = {*self._threads, *answers}.difference(self._unfit)
        self._threads = {address: workers[address]["nthreads"] for address in fit if address in workers}
        return unfit

    def _answers(self, new: list[str]) -> dict[str, str]:
        """Why each worker that has answered is unfit, nothing where it is fit; nobody's answer where it has left."""
        end = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < end and not all(self._asked[address].done() for address in new):
            time.sleep(0.02)
        found = {address: asked.result() for address, asked in self._asked.items() if asked.done()}
        self._asked = {address: asked for address, asked in self._asked.items() if address not in found}
        for address in self._asked.keys() - self._silent:
            self._warn(f"The worker {address} gives no answer; it is left out until it does.")
        self._silent = set(self._asked)
        return {address: _unfitness(answer) for address, answer in found.items() if not isinstance(answer, OSError)}

    async def _ask(self, workers: list[str]) -> dict[str, asyncio.Task[object]]:
        """Begins to ask each worker for itself: one that is frozen must hold up no other."""
        return {address: asyncio.ensure_future(self._answer(address)) for address in workers}

    async def _answer(self, worker: str) -> object:
        """A worker's version, or what was raised there. The first question is the standard library's: it cannot end a
        worker that knows nothing else."""
        answer: object = None
        try:
            for question in ((import_module, dask_tasks.__name__), (dask_tasks.engine_version,)):
                found = await self._client.run(*question, workers=[worker], on_error="return")
                answer = found[worker]
                if isinstance(answer, Exception):
                    break
        except OSError as error:
            return error
        return answer

    async def _forget(self) -> None:
        for asked in self._asked.values():
            asked.cancel()

    def _tell(self, unfit: dict[str, str]) -> None:
        for reason in _reasons(unfit):
            self._warn(f"Left out of the batch: {reason}.")


def _unfitness(answer: object) -> str:
    """What is wrong with a worker that gave this answer, with the remedy."""
    if answer == __version__:
        return ""
    of_engine = isinstance(answer, ImportError) and str(answer.name).startswith(f"{_ENGINE}.")
    if isinstance(answer, ModuleNotFoundError) and not of_engine:
        return f"where {answer.name} cannot be imported; install the same packages there, or set PYTHONPATH"
    if isinstance(answer, Exception) and not of_engine:
        return f"where {_ENGINE} cannot be loaded ({sentence(answer)}); install it there as it is here"
    return f"where {_ENGINE} is not version {__version__}; install the same one there"


def _reasons(unfit: dict[str, str]) -> list[str]:
    """Each reason once, after the workers that it holds for."""
    reasons = []
    for why in dict.fromkeys(unfit.values()):
        workers = [address for address in unfit if unfit[address] == why]
        more = f" and {len(workers) - NAMED} more" if len(workers) > NAMED else ""
        reasons.append(f"{', '.join(workers[:NAMED])}{more}, {why}")
    return reasons
