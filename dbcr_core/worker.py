# SPDX-License-Identifier: GPL-3.0-or-later
"""The child's side of a worker process: jobs on stdin, JSON lines on stdout (`python -m dbcr_core worker`).

In:  {"command": "remove-clouds", "job": {…fields of CloudRemovalJob…}, "folder": what relative names start from},
     later perhaps {"command": "cancel"}; when that job has ended, perhaps the next. The model stays open in between.
Out: {"event": "progress", "fraction", "text"}, {"event": "message" | "warning", "text"}, and last for each job either
     {"event": "done", "report": {…}} or {"event": "error", "kind", "message"}.

When stdin ends, the parent is gone: a running job is cancelled, so that nothing runs on unseen.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import sys
import threading
from dataclasses import asdict, dataclass, field
from typing import Any, Iterator, TextIO

from .errors import DbcrError, InputError, OutputError
from .predictors import PredictorKeeper
from .remote import close_exceptions

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
"""Where it waits: the folder that it was started in."""
OUTPUTS = ("output", "changed", "uncertainty")
GRACE_SECONDS = 60
"""How long a cancelled job may take to reach its next check before the process ends itself."""


def serve() -> int:
    """Runs the jobs that stdin asks for; returns 0 when the last is done, 1 when it was refused or cancelled."""
    requests = open(sys.stdin.fileno(), encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115 (stdin stays)
    port, keeper, status = _LinePort(_stdout_to_ourselves()), PredictorKeeper(), 0
    asked: queue.Queue[_Request | None] = queue.Queue()
    threading.Thread(target=_listen, args=(requests, asked), daemon=True).start()
    while (request := asked.get()) is not None:
        status = _run(request, port, keeper)
        request.has_ended.set()
    keeper.close()
    return status


def _stdout_to_ourselves() -> TextIO:
    """What stdout was; from now on whatever anyone prints there goes to stderr and cannot break the protocol.

    The descriptor itself moves, too: native libraries know nothing of sys.stdout.
    """
    kept = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout.flush()
    sys.stdout = sys.stderr
    return open(kept, "w", encoding="utf-8")


@dataclass(frozen=True)
class _Request:
    """A line that asks for a job, and what happens to the job."""

    line: str
    is_cancelled: threading.Event = field(default_factory=threading.Event)
    has_ended: threading.Event = field(default_factory=threading.Event)


def _run(request: _Request, port: _LinePort, keeper: PredictorKeeper) -> int:
    """One job; 0 when it is done."""
    try:
        job, folder = _job(request.line)
        from .scene import remove_clouds

        close_exceptions(allow_network=bool(job.get("allow_network")))
        with _working_in(folder, [job.get(name) for name in OUTPUTS]):
            report = remove_clouds(**job, keeper=keeper, progress=port, cancelled=request.is_cancelled.is_set)
    except DbcrError as error:
        port.send(event="error", kind=type(error).__name__, message=str(error))
        return 1
    port.send(event="done", report=asdict(report))
    return 0


@contextlib.contextmanager
def _working_in(folder: str, outputs: list[str | None]) -> Iterator[None]:
    """Relative names mean what they mean to whoever asks; afterwards the folder is let go of, for Windows to remove it.

    Raises OutputError for outputs that would come to lie elsewhere: a program may stand where its child cannot follow.
    """
    try:
        os.chdir(folder)
    except OSError as error:
        for name in outputs:
            if name and not os.path.isabs(name):
                raise OutputError(
                    f"The worker cannot enter the folder in which {name} is to lie; give the output's whole path."
                ) from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # an update of the plugin may have removed it
            os.chdir(HOME)


class _LinePort:
    """A ProgressPort that writes JSON lines."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def report(self, fraction: float, text: str) -> None:
        self.send(event="progress", fraction=round(fraction, 6), text=text)

    def message(self, text: str) -> None:
        self.send(event="message", text=text)

    def warning(self, text: str) -> None:
        self.send(event="warning", text=text)

    def send(self, **values: Any) -> None:
        """One line; a parent that no longer listens is no reason for a traceback."""
        try:
            self._stream.write(json.dumps(values) + "\n")
            self._stream.flush()
        except (BrokenPipeError, OSError):
            os._exit(1)


def _job(line: str) -> tuple[dict[str, Any], str]:
    """(the job, the folder to do it in)"""
    try:
        request = json.loads(line)
        job, folder = dict(request["job"]), str(request.get("folder", ""))
    except (ValueError, TypeError, KeyError) as error:
        raise InputError("The worker takes a job as a JSON line on stdin; this was something else.") from error
    if request.get("command") != "remove-clouds":
        raise InputError(f"The worker knows no command {request.get('command')!r}.")
    if job.get("extent"):
        job["extent"] = tuple(job["extent"])
    return job, folder


def _listen(requests: TextIO, asked: queue.Queue[_Request | None]) -> None:
    """Passes on what is asked for, until the parent ends; cancels the last job then, or when the parent says so."""
    request = None
    try:
        for line in requests:
            if _is_cancel(line):
                if request is not None:
                    _cancel(request)
            elif line.strip():
                request = _Request(line)
                asked.put(request)
    finally:  # also where stdin cannot be read: nobody may wait for the next line for ever
        asked.put(None)
        if request is not None:
            _cancel(request)


def _is_cancel(line: str) -> bool:
    try:
        return json.loads(line)["command"] == "cancel"
    except (ValueError, TypeError, KeyError):
        return False  # nonsense is told by whoever reads it as a job


def _cancel(request: _Request) -> None:
    """Asks the job to stop; one that is stuck in native code is ended the hard way."""
    request.is_cancelled.set()

    def end() -> None:
        if not request.has_ended.wait(GRACE_SECONDS):
            os._exit(1)

    threading.Thread(target=end, daemon=True).start()
