# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Dask worker does: a scene, a part of one, or the parts put together. Errors tell which worker raised them."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Callable, Iterator

from .. import __version__
from ..errors import OutputError
from ..job import CloudRemovalJob
from ..predictors import PredictorKeeper
from .ownership import has_lost
from .scene_parts import assemble, run_part
from .scene_row import Scene
from .scene_task import SceneProgress, finish_scene, once_free, run_scene
from .stac import item_path

_keeper = PredictorKeeper(keeps_two=True)
"""Of a worker's process."""


class Call:
    """A call that happens where it is unpickled.

    Dask's scheduler and workers unpack what they are sent where they listen to each other, and a name that they cannot
    import ends that. Sent as the bytes of a Call and `pickle.loads`, a task is opened by a worker when it runs.
    """

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self._function, self._arguments = function, arguments

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self._function, self._arguments


@dataclass(frozen=True)
class Done:
    """A scene that a worker has completed. report: the fields of `SceneReport`; seen: `outputs_seen` there."""

    worker: str
    report: dict[str, Any]
    seen: list[str]


def engine_version() -> str:
    """The version that computes here."""
    return __version__


def whole_scene(scene: Scene, folder: str, batch: str) -> dict[str, Any]:
    """Clears a scene while the folder is that batch's; returns the fields of `Done`, which the scheduler can unpack."""
    with _signed() as worker:
        return _done(worker, scene, run_scene(scene, _keeper, cancelled=has_lost(folder, batch)))


def scene_part(scene: Scene, index: int, parts: int, folder: str, batch: str) -> None:
    """Computes a part of a scene and keeps it beside the output."""
    with _signed():
        run_part(scene.job, index, parts, keeper=_keeper, cancelled=has_lost(folder, batch))


def assembled_scene(scene: Scene, parts: int, folder: str, batch: str) -> dict[str, Any]:
    """Puts the parts of a scene together; returns the fields of `Done`."""
    cancelled = has_lost(folder, batch)

    def put_together() -> dict[str, Any]:
        progress = SceneProgress()
        report = assemble(scene.job, parts, keeper=_keeper, progress=progress, cancelled=cancelled)
        return finish_scene(scene, report, progress)

    with _signed() as worker:
        return _done(worker, scene, once_free(put_together, cancelled))


def close_idle() -> None:
    """Closes the networks that nobody uses: a cluster may live on for days."""
    _keeper.close()


def outputs_seen(job: CloudRemovalJob) -> list[str]:
    """Sizes of a complete scene's outputs and the hash of its item, which names the time of the run.

    Computers that see the same files see the same; OSError where one is missing.
    """
    seen = []
    for path in (*job.outputs, item_path(job.output)):
        with open(path, "rb") as stream:  # a network disk's client looks anew at what it opens
            seen.append(str(os.fstat(stream.fileno()).st_size))
            if path == item_path(job.output):
                seen.append(hashlib.sha256(stream.read()).hexdigest())
    return seen


def _done(worker: str, scene: Scene, report: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"worker": worker, "report": report, "seen": outputs_seen(scene.job)}
    except OSError as error:
        raise OutputError(f"The output {scene.job.output} vanished after it was written.") from error


@contextmanager
def _signed() -> Iterator[str]:
    """The worker's address; what is raised carries it as `worker`."""
    from distributed import get_worker

    worker = get_worker().address
    try:
        yield worker
    except Exception as error:
        error.worker = worker  # type: ignore[attr-defined]
        raise
