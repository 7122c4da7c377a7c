# SPDX-License-Identifier: GPL-3.0-or-later
"""One scene of a batch, wherever it runs: clear it, then describe it as a STAC item beside its output."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any, Callable

from ..errors import Cancelled, DbcrError, InputChanged, InputError, OutputInUse, UnreadableError
from ..job import SceneReport
from ..predictors import PredictorKeeper
from .scene_row import Scene

IN_USE_SECONDS = 60.0
"""How long a scene waits for another run to let go of its output: what a killed batch left running soon stops."""

AGAIN_SECONDS = 1.0


class SceneProgress:
    """A ProgressPort that hands on only how far the scene is, and keeps the warnings for its status."""

    def __init__(self, tell: Callable[[float], None] | None = None) -> None:
        self._tell = tell
        self.warnings: list[str] = []

    def report(self, fraction: float, text: str) -> None:
        """Hands on the share done, 0…1."""
        if self._tell:
            self._tell(fraction)

    def message(self, text: str) -> None:
        """Findings stand in the report."""

    def warning(self, text: str) -> None:
        """Keeps it."""
        self.warnings.append(text)


def run_scene(
    scene: Scene,
    keeper: PredictorKeeper,
    cancelled: Callable[[], bool] | None = None,
    tell: Callable[[float], None] | None = None,
) -> dict[str, Any]:
    """Clears the scene and writes its item; returns what `finish_scene` does. Raises DbcrError."""
    from ..scene import run_job
    from ..scene_outputs import SceneOutputs
    from .scene_parts import remove_parts

    def clear() -> dict[str, Any]:
        progress = SceneProgress(tell)
        report = run_job(scene.job, SceneOutputs, keeper=keeper, progress=progress, cancelled=cancelled)
        remove_parts(scene.job)  # of an earlier run on a cluster
        return finish_scene(scene, report, progress)

    return once_free(clear, cancelled)


def once_free(work: Callable[[], dict[str, Any]], cancelled: Callable[[], bool] | None = None) -> dict[str, Any]:
    """What the work returns, begun again until no other run is writing its outputs; raises OutputInUse in the end."""
    deadline = time.monotonic() + IN_USE_SECONDS
    while True:
        try:
            return work()
        except OutputInUse:
            if time.monotonic() > deadline:
                raise
        time.sleep(AGAIN_SECONDS)
        if cancelled is not None and cancelled():
            raise Cancelled()


def finish_scene(scene: Scene, report: SceneReport, progress: SceneProgress) -> dict[str, Any]:
    """Writes the item of a finished scene; returns the fields of its report, and `warnings`."""
    from .stac import write_item

    write_item(scene, report)
    return {**asdict(report), "warnings": progress.warnings}


def is_refusal(error: BaseException) -> bool:
    """Whether a scene's inputs or options do not fit, which no other try of the same changes."""
    return isinstance(error, InputError) and not isinstance(error, (InputChanged, UnreadableError))


def sentence(error: BaseException) -> str:
    """What went wrong with a scene, as one line."""
    if isinstance(error, DbcrError):
        return str(error)
    if isinstance(error, MemoryError):
        return "There was not enough memory for this scene; use fewer workers."
    first = (str(error).splitlines() or [""])[0]
    return f"Unexpected {type(error).__name__}: {first}"
