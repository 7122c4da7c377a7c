# SPDX-License-Identifier: GPL-3.0-or-later
"""The parent's side of a worker process: runs a job in another Python, with an environment of its own.

For what must not live in QGIS's process: torch, CUDA builds of ONNX Runtime, another GDAL.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from dataclasses import asdict, fields
from typing import Any, Callable, Sequence

from . import errors
from .errors import Cancelled, DbcrError, WorkerError
from .job import CloudRemovalJob, SceneReport
from .process_end import how_it_ended
from .progress import ProgressPort

FOREIGN_PREFIXES = ("PYTHON", "QT_", "QGIS", "GDAL_", "PROJ_", "OGR_", "GTIFF_", "CPL_", "OSGEO", "O4W_", "GISBASE")
"""Environment variables by which one program's libraries would reach into another's."""

POLL_SECONDS = 0.05
CANCEL_SECONDS = 30
LAST_WORDS = 400
WORDS_KEPT = 50


def clean_environment() -> dict[str, str]:
    """This process's environment without what belongs to QGIS, Python, Qt, GDAL and PROJ."""
    kept = {key: value for key, value in os.environ.items() if not key.upper().startswith(FOREIGN_PREFIXES)}
    kept["PYTHONUTF8"] = "1"
    if os.name == "nt" and os.environ.get("OSGEO4W_ROOT"):
        kept["PATH"] = path_without(kept.get("PATH", ""), os.environ["OSGEO4W_ROOT"])
    return kept


def path_without(path: str, root: str) -> str:
    """A Windows PATH without the folders below `root`: QGIS's libraries would be loaded into the other Python."""
    import ntpath

    def below(folder: str) -> bool:
        place, top = (ntpath.normcase(ntpath.normpath(name)) for name in (folder, root))
        return place == top or place.startswith(top + "\\")

    return ";".join(folder for folder in path.split(";") if folder and not below(folder))


class WorkerProcess:
    """A process that does one job after the other, and never outlives this one: its stdin ends with either.

    command: starts a Python that has what the jobs' devices need; the engine's code is this package's own. is_free:
    whether it waits for the next job. Raises WorkerError where it cannot start.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._process = process = _start(command)
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        self._stdin, self._stdout, self._stderr = process.stdin, process.stdout, process.stderr
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._words: list[str] = []
        self._readers = (
            threading.Thread(target=_read_lines, args=(self._stdout, self._lines), daemon=True),
            threading.Thread(target=self._hear, daemon=True),
        )
        self.is_free = True
        for reader in self._readers:
            reader.start()

    @property
    def is_alive(self) -> bool:
        """Whether it can be given a job."""
        return self._process.poll() is None

    def run(
        self, job: CloudRemovalJob, progress: ProgressPort, cancelled: Callable[[], bool] | None = None
    ) -> SceneReport:
        """Runs the job and passes on its progress; raises what the job raises, Cancelled, or WorkerError where the
        process dies. A process that is still alive may be asked again where it is free."""
        self.is_free = False
        self._send({"command": "remove-clouds", "job": asdict(job), "folder": _own_folder()})
        report = self._follow(progress, cancelled)
        if report is None:
            self.end()
            raise WorkerError(_obituary(self._process.returncode, "".join(self._words)))
        return report

    def end(self) -> None:
        """Ends the process, gently where it listens."""
        process = self._process
        with contextlib.suppress(OSError):
            self._stdin.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for reader in self._readers:
            reader.join(timeout=5)
        self._stdout.close()
        self._stderr.close()

    def _follow(self, progress: ProgressPort, cancelled: Callable[[], bool] | None) -> SceneReport | None:
        """Passes events on until the last one; None where the process ended without an answer."""
        deadline = None
        while True:
            if deadline is None and cancelled is not None and cancelled():
                self._send({"command": "cancel"})
                deadline = time.monotonic() + CANCEL_SECONDS
            if deadline is not None and time.monotonic() > deadline:
                raise Cancelled()
            try:
                line = self._lines.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            if line is None:
                if deadline is not None:
                    raise Cancelled()
                return None
            event = _event(line)
            # Before a port or an error is told, which may raise.
            self.is_free = event.get("event") in ("done", "error")
            report = _handle(event, progress)
            if report is not None:
                return report

    def _send(self, request: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):  # it may have ended; _follow finds out
            self._stdin.write(json.dumps(request) + "\n")
            self._stdin.flush()

    def _hear(self) -> None:
        """Keeps the last that the process said beside the protocol."""
        for line in self._stderr:
            self._words = [*self._words[1 - WORDS_KEPT :], line]


def _own_folder() -> str:
    """What relative names start from here; empty where that is gone."""
    try:
        return os.getcwd()
    except OSError:
        return ""


def _start(command: Sequence[str]) -> subprocess.Popen[str]:
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    program, *arguments = command
    if os.path.dirname(program):
        program = os.path.abspath(program)
    try:
        return subprocess.Popen(
            [program, *arguments, "-s", "-m", "dbcr_core", "worker"],
            cwd=root,  # the engine is found there, and nothing of the user's is taken for a module
            env=clean_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0) if sys.platform == "win32" else 0,
        )
    except OSError as error:
        raise WorkerError(
            f"The worker's Python {command[0]} cannot be started ({error.strerror}); choose another in the settings."
        ) from error


def _event(line: str) -> dict[str, Any]:
    """One line from the worker; empty for a library's own chatter."""
    try:
        event = json.loads(line)
        return event if event["event"] else {}
    except (ValueError, TypeError, KeyError):
        return {}


def _handle(event: dict[str, Any], progress: ProgressPort) -> SceneReport | None:
    """Passes it on; raises the error that it names."""
    kind = event.get("event")
    if kind == "progress":
        progress.report(event["fraction"], event["text"])
    elif kind == "message":
        progress.message(event["text"])
    elif kind == "warning":
        progress.warning(event["text"])
    elif kind == "error":
        raise _error(event)
    elif kind == "done":
        known = {f.name for f in fields(SceneReport)}
        values = {key: value for key, value in event["report"].items() if key in known}
        return SceneReport(**{**values, "messages": tuple(values.get("messages", ()))})
    return None


def _error(event: dict[str, Any]) -> DbcrError:
    kind = getattr(errors, str(event.get("kind")), WorkerError)
    if not (isinstance(kind, type) and issubclass(kind, DbcrError)):
        kind = WorkerError
    return kind(str(event.get("message")))


def _read_lines(stream: Any, lines: queue.Queue[str | None]) -> None:
    for line in stream:
        lines.put(line)
    lines.put(None)


def _obituary(status: int, words: str) -> str:
    last = " ".join(words.split())[-LAST_WORDS:]
    said = f"; its last words: {last}" if last else ""
    return f"The worker process {how_it_ended(status)} without an answer, and no output was written{said}."
