# SPDX-License-Identifier: GPL-3.0-or-later
"""The workers of a Dask cluster that can do a batch's work: those that have this very version of the engine.

They are asked before they get a scene. One that cannot import what it gets would end without a word, as Dask unpacks
tasks where it listens to the scheduler; one of another version would compute other pixels.
"""

from __future__ import annotations

import time
from importlib import import_module
from typing import Any, Callable

from .. import __version__
from ..errors import InputError
from . import dask_tasks
from .scene_task import sentence

NOBODY_SECONDS = 60.0
"""How long a batch waits for a worker before it says so."""

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
        self._look()
        if self._unfit and not self._threads:
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

    def _look(self) -> dict[str, str]:
        """Looks who is there; returns who of the newcomers is unfit, and why."""
        try:
            workers = self._client.scheduler_info(n_workers=-1)["workers"]
            self._unfit = {address: why for address, why in self._unfit.items() if address in workers}
            new = [address for address in workers if address not in self._threads and address not in self._unfit]
            answers = self._ask(new) if new else {}
        except OSError:  # the crew notices that the scheduler is lost
            return {}
        unfit = {address: why for address, why in answers.items() if why}
        self._unfit.update(unfit)
        fit = {*self._threads, *answers}.difference(self._unfit)
        self._threads = {address: workers[address]["nthreads"] for address in fit if address in workers}
        return unfit

    def _ask(self, workers: list[str]) -> dict[str, str]:
        """Why each worker is unfit, nothing where it is fit; nobody's answer where it has left meanwhile.

        The first question is the standard library's: it cannot end a worker that knows nothing else.
        """
        found = self._client.run(import_module, dask_tasks.__name__, workers=workers, on_error="return")
        able = [address for address, answer in found.items() if not isinstance(answer, Exception)]
        found.update(self._client.run(dask_tasks.engine_version, workers=able, on_error="return"))
        return {address: _unfitness(answer) for address, answer in found.items() if not isinstance(answer, OSError)}

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
