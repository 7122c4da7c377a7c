# SPDX-License-Identifier: GPL-3.0-or-later
"""Many scenes: what is left to do, who does it, what became of it.

The work itself is done by a crew (processes of this machine, or a Dask cluster); the journal makes every batch
resumable: a rerun skips what is complete and tries again what failed or was interrupted.
"""

from __future__ import annotations

import csv
import io
import json
import os
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from typing import Any, Callable, Protocol, Sequence

from ..acquisition import now
from ..disk import stamp, write_text
from ..errors import InputError, OutputError
from ..progress import ProgressPort, Silence
from .earlier_runs import statuses_at_first
from .journal import Journal, SceneStatus
from .leftovers import remove_leftovers
from .ownership import owned
from .scene_row import Scene

SUMMARY_NAME = "summary.csv"
SUMMARY_COLUMNS = (
    "name",
    "state",
    "attempts",
    "seconds",
    "tiles",
    "tiles_skipped",
    "evaluations",
    "reconstructed",
    "device",
    "model",
    "output",
    "error",
    "remark",
)


@dataclass(frozen=True)
class Finished:
    """A scene that a crew has done with. report: the fields of `SceneReport`; else error: one sentence.

    is_refused: no other try in this run can help.
    """

    name: str
    report: dict[str, Any] | None = None
    error: str = ""
    is_refused: bool = False


class Crew(Protocol):
    """Whoever runs scenes. One thread uses it; closing it stops what still runs and leaves no half output."""

    def submit(self, scene: Scene) -> None:
        """Takes a scene to run as soon as there is room."""

    def next(self, progress: Callable[[dict[str, float]], None]) -> Finished:
        """Waits for the next scene to end; meanwhile tells the shares done of the running ones, by name."""

    def close(self) -> None:
        """Stops."""


@dataclass(frozen=True)
class BatchReport:
    """The end of a batch: every scene's status in the list's order. reused: how many were complete already."""

    folder: str
    statuses: tuple[SceneStatus, ...]
    reused: int

    @property
    def is_complete(self) -> bool:
        """True where every scene is complete."""
        return all(status.state == "complete" for status in self.statuses)

    def rows(self) -> list[dict[str, Any]]:
        """One row per scene with SUMMARY_COLUMNS."""
        rows = []
        for status in self.statuses:
            merged = {**status.report, **asdict(status), "remark": status.remark}
            rows.append({column: merged.get(column, "") for column in SUMMARY_COLUMNS})
        return rows

    def to_json(self) -> str:
        """One JSON object on one line."""
        values = {
            "folder": self.folder,
            "complete": self.is_complete,
            "counts": self._counts(),
            "reused": self.reused,
            "scenes": [asdict(status) for status in self.statuses],
        }
        return json.dumps(values, ensure_ascii=False)

    def to_csv(self) -> str:
        """The summary as a table for spreadsheets."""
        text = io.StringIO()
        writer = csv.DictWriter(text, SUMMARY_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows())
        return text.getvalue()

    def lines(self) -> list[str]:
        """A table for people, and the count of each state."""
        width = max(len("scene"), *(len(status.name) for status in self.statuses))
        lines = [f"{'scene':<{width}}  {'state':<11}  tries  seconds  cleared  error or remark"]
        for status in self.statuses:
            seconds, share = status.report.get("seconds"), status.report.get("reconstructed")
            lines.append(
                f"{status.name:<{width}}  {status.state:<11}  {status.attempts:>5}  "
                f"{'' if seconds is None else format(seconds, '.1f'):>7}  "
                f"{'' if share is None else format(share, '.1%'):>7}  {status.error or status.remark}".rstrip()
            )
        counts = ", ".join(f"{number} {state}" for state, number in self._counts().items())
        already = f" ({self.reused} from an earlier run)" if self.reused else ""
        return [*lines, f"{counts}{already}; outputs and {SUMMARY_NAME} in {self.folder}"]

    def _counts(self) -> dict[str, int]:
        states = [status.state for status in self.statuses]
        return {state: states.count(state) for state in dict.fromkeys(states)}


def run_batch(
    scenes: Sequence[Scene],
    folder: str,
    open_crew: Callable[[], Crew],
    *,
    retries: int = 1,
    progress: ProgressPort | None = None,
) -> BatchReport:
    """Clears all scenes that are not complete yet, and writes each one's status and the summary.

    retries: how many more times a scene that failed, and was not refused, is tried in this run. Raises ModelError where
    no scene's model is sound, OutputError where the folder cannot be written; a scene's own failure only shows in its
    status. On Ctrl-C the running scenes stop, all statuses and the summary are written, and KeyboardInterrupt goes on.
    """
    if retries < 0:
        raise InputError(f"The number of retries must be at least 0, not {retries}.")
    journal = Journal(folder)
    with owned(folder):
        scenes, statuses = statuses_at_first(journal, scenes)
        todo = [scene for scene in scenes if statuses[scene.name].state != "complete"]
        _make_folders(todo)
        run = _BatchRun(journal, statuses, scenes, todo, retries, progress or Silence())
        try:
            ready = run.noting_problems(todo)
            if ready:
                run.all(ready, open_crew)
        finally:
            report = BatchReport(folder, tuple(statuses[scene.name] for scene in scenes), len(scenes) - len(todo))
            _write_summary(report)
    return report


class _BatchRun:
    """Statuses while scenes run."""

    def __init__(
        self,
        journal: Journal,
        statuses: dict[str, SceneStatus],
        scenes: Sequence[Scene],
        todo: Sequence[Scene],
        retries: int,
        port: ProgressPort,
    ) -> None:
        self._journal, self._statuses, self._retries, self._port = journal, statuses, retries, port
        self._scenes = scenes
        self._failures: dict[str, int] = {}
        # What stands before anything runs: a scene that fails leaves it, as a rule.
        self._earlier = {scene.name: statuses[scene.name].earlier for scene in todo}
        self._stood = {scene.name: _stamps(scene) for scene in todo}

    def all(self, todo: Sequence[Scene], open_crew: Callable[[], Crew]) -> None:
        """Runs the scenes; whatever ends it early, unfinished ones are marked as interrupted."""
        waiting = {scene.name: scene for scene in todo}
        crew: Crew | None = None
        try:
            crew = open_crew()
            for scene in todo:
                crew.submit(scene)
            while waiting:
                finished = crew.next(lambda shares: self._tell(len(waiting), shares))
                scene = waiting[finished.name]
                if self._ended(scene, finished):
                    del waiting[scene.name]
                else:
                    crew.submit(scene)
        except KeyboardInterrupt:
            self._port.message("Interrupted: what runs is being stopped.")
            raise
        finally:
            with ExitStack() as ending:  # all of it, from the last to the first, whatever of it fails
                for scene in waiting.values():
                    ending.callback(self._note_earlier, scene)
                # Only then does nobody write any more.
                if crew is not None:
                    ending.callback(crew.close)
                # First the statuses: whatever happens to the crew, they are true.
                for name in waiting:
                    ending.callback(self._set, name, state="interrupted", finished=now())

    def noting_problems(self, todo: Sequence[Scene]) -> list[Scene]:
        """The scenes that can run; the others failed before they began, and no second try in this run would help."""
        for scene in todo:
            if scene.problem:
                self._began(scene.name)
                self._failed(scene, scene.problem)
                self._port.warning(f"{scene.name}: {scene.problem}")
        return [scene for scene in todo if not scene.problem]

    def _began(self, name: str) -> None:
        """Notes that a scene's turn has come. A kill leaves it so: then nobody knows which outputs stand."""
        if self._statuses[name].state != "running":
            tries = self._statuses[name].attempts + 1
            self._set(name, state="running", attempts=tries, started=now(), finished="", earlier={})

    def _ended(self, scene: Scene, finished: Finished) -> bool:
        """Notes how a scene ended; False where it is to be tried again."""
        self._began(scene.name)
        report = finished.report
        if report is not None:
            try:
                sizes = self._journal.sizes(scene.job.outputs)
            except OSError:
                finished = Finished(scene.name, error=f"The output {scene.job.output} vanished after it was written.")
            else:
                ended = self._tidied(scene, report)
                self._set(scene.name, state="complete", error="", finished=now(), files=sizes, **ended)
                self._port.message(f"{scene.name}: complete")
                return True
        self._failures[scene.name] = self._failures.get(scene.name, 0) + 1
        again = not finished.is_refused and self._failures[scene.name] <= self._retries
        self._failed(scene, finished.error)
        self._port.warning(f"{scene.name}: {finished.error}{' Trying again.' if again else ''}")
        return not again

    def _tidied(self, scene: Scene, report: dict[str, Any]) -> dict[str, Any]:
        """Removes what described the image that was replaced; returns the report, with a warning of what stays, and
        what `before` is from now on."""
        status = self._statuses[scene.name]
        found = remove_leftovers(self._journal.outputs, scene, status, self._scenes)
        for path in found.removed:
            self._port.message(f"{scene.name}: {path} described the image that was replaced, and was removed")
        untrue = "is an earlier run's and does not describe this image; delete it"
        warnings = [f"{path} {untrue}" for path in found.doubtful]
        for text in warnings:
            self._port.warning(f"{scene.name}: {text}")
        return {
            "report": {**report, "warnings": [*report.get("warnings", ()), *warnings]},
            "before": {**status.before, "files": found.left} if found.left else {},
        }

    def _failed(self, scene: Scene, error: str) -> None:
        """Notes a failure; what an earlier run had made stays known while it stands."""
        earlier = self._still_known(scene)
        self._set(scene.name, state="failed", error=error, finished=now(), earlier=earlier)

    def _still_known(self, scene: Scene) -> dict[str, Any]:
        """What an earlier run had made of a scene, if it stands as it stood before this one."""
        return self._earlier[scene.name] if self._stood[scene.name] == _stamps(scene) else {}

    def _note_earlier(self, scene: Scene) -> None:
        self._set(scene.name, earlier=self._still_known(scene))

    def _tell(self, left: int, shares: dict[str, float]) -> None:
        for name in shares:
            self._began(name)
        total = len(self._statuses)
        done = total - left
        running = ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
        self._port.report((done + sum(shares.values())) / total, f"{done} of {total} scenes; {running}")

    def _set(self, name: str, **changes: Any) -> None:
        self._statuses[name] = replace(self._statuses[name], **changes)
        self._journal.write(self._statuses[name])


def _stamps(scene: Scene) -> list[str]:
    """Tells whether any of a scene's outputs changed."""
    return [stamp(path) for path in scene.job.outputs]


def _make_folders(scenes: Sequence[Scene]) -> None:
    """Makes the folders that the scenes' outputs name."""
    for folder in {os.path.dirname(path) for scene in scenes for path in scene.job.outputs}:
        try:
            os.makedirs(folder, exist_ok=True)
        except OSError as error:
            raise OutputError(f"The folder {folder} cannot be made ({error.strerror}); choose another.") from error


def _write_summary(report: BatchReport) -> None:
    path = os.path.join(report.folder, SUMMARY_NAME)
    try:
        write_text(path, report.to_csv())
    except OSError as error:
        raise OutputError(f"The summary {path} cannot be written ({error.strerror}); close it elsewhere.") from error
