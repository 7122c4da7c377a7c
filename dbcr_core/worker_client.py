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
from .progress import ProgressPort

FOREIGN_PREFIXES = ("PYTHON", "QT_", "QGIS", "GDAL_", "PROJ_", "OGR_", "GTIFF_", "CPL_", "OSGEO", "O4W_", "GISBASE")
"""Environment variables by which one program's libraries would reach into another's."""

POLL_SECONDS = 0.05
CANCEL_SECONDS = 30
LAST_WORDS = 400


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


def run_in_worker(
    python: str | Sequence[str],
    job: CloudRemovalJob,
    progress: ProgressPort,
    cancelled: Callable[[], bool] | None = None,
) -> SceneReport:
    """Runs the job with another Python interpreter and passes on its progress.

    python: an interpreter (or command) that has what the job's device needs; the engine's code is this package's own.
    Raises what the job raises, Cancelled, or WorkerError where the process cannot start or dies. The process never
    outlives the call, nor this process: its stdin ends with either.
    """
    process = _start([python] if isinstance(python, str) else list(python))
    lines: queue.Queue[str | None] = queue.Queue()
    words: list[str] = []
    readers = (
        threading.Thread(target=_read_lines, args=(process.stdout, lines), daemon=True),
        threading.Thread(target=lambda: words.extend(process.stderr), daemon=True),
    )
    for reader in readers:
        reader.start()
    try:
        _send(process, {"command": "remove-clouds", "job": asdict(job)})
        report = _follow(process, lines, progress, cancelled)
    finally:
        _stop(process)
        for reader in readers:
            reader.join(timeout=5)
        process.stdout.close()
        process.stderr.close()
    if report is None:
        raise WorkerError(_obituary(process.returncode, "".join(words)))
    return report


def _start(command: list[str]) -> subprocess.Popen[str]:
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    try:
        return subprocess.Popen(
            [*command, "-s", "-m", "dbcr_core", "worker"],
            cwd=root,
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


def _follow(
    process: subprocess.Popen[str],
    lines: queue.Queue[str | None],
    progress: ProgressPort,
    cancelled: Callable[[], bool] | None,
) -> SceneReport | None:
    """Passes events on until the last one; None where the process ended without an answer."""
    deadline = None
    while True:
        if deadline is None and cancelled is not None and cancelled():
            _send(process, {"command": "cancel"})
            deadline = time.monotonic() + CANCEL_SECONDS
        if deadline is not None and time.monotonic() > deadline:
            raise Cancelled()
        try:
            line = lines.get(timeout=POLL_SECONDS)
        except queue.Empty:
            continue
        if line is None:
            if deadline is not None:
                raise Cancelled()
            return None
        report = _handle(line, progress)
        if report is not None:
            return report


def _handle(line: str, progress: ProgressPort) -> SceneReport | None:
    """One line from the worker; raises the error that it names."""
    try:
        event = json.loads(line)
        kind = event["event"]
    except (ValueError, TypeError, KeyError):
        return None  # a library's own chatter
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


def _send(process: subprocess.Popen[str], request: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # it may have ended; _follow finds out
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()


def _stop(process: subprocess.Popen[str]) -> None:
    """Ends the process, gently where it listens."""
    with contextlib.suppress(OSError):
        process.stdin.close()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _obituary(status: int, words: str) -> str:
    how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
    last = " ".join(words.split())[-LAST_WORDS:]
    said = f"; its last words: {last}" if last else ""
    return f"The worker process {how} without an answer, and no output was written{said}."
