# SPDX-License-Identifier: GPL-3.0-or-later
"""The child's side of a worker process: one job on stdin, JSON lines on stdout (`python -m dbcr_core worker`).

In:  {"command": "remove-clouds", "job": {…fields of CloudRemovalJob…}}, later perhaps {"command": "cancel"}.
Out: {"event": "progress", "fraction", "text"}, {"event": "message" | "warning", "text"}, and last either
     {"event": "done", "report": {…}} or {"event": "error", "kind", "message"}.

When stdin ends, the parent is gone: the job is cancelled, so that nothing runs on unseen.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import asdict
from typing import Any, TextIO

from .errors import DbcrError, InputError

GRACE_SECONDS = 60
"""How long a cancelled job may take to reach its next check before the process ends itself."""


def serve(requests: TextIO | None = None, answers: TextIO | None = None) -> int:
    """Runs the one job that `requests` asks for; returns 0 when it is done, 1 when it was refused or cancelled."""
    requests = requests or sys.stdin
    if answers is None:
        answers, sys.stdout = sys.stdout, sys.stderr  # whatever a library prints must not break the protocol
    port = _LinePort(answers)
    try:
        job = _request(requests.readline())
        cancelled = threading.Event()
        threading.Thread(target=_listen, args=(requests, cancelled), daemon=True).start()
        from .scene import remove_clouds

        report = remove_clouds(**job, progress=port, cancelled=cancelled.is_set)
    except DbcrError as error:
        port.send(event="error", kind=type(error).__name__, message=str(error))
        return 1
    port.send(event="done", report=asdict(report))
    return 0


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


def _request(line: str) -> dict[str, Any]:
    try:
        request = json.loads(line)
        job = dict(request["job"])
    except (ValueError, TypeError, KeyError) as error:
        raise InputError("The worker takes one job as a JSON line on stdin; this was something else.") from error
    if request.get("command") != "remove-clouds":
        raise InputError(f"The worker knows no command {request.get('command')!r}.")
    if job.get("extent"):
        job["extent"] = tuple(job["extent"])
    return job


def _listen(requests: TextIO, cancelled: threading.Event) -> None:
    """Waits for a cancel or for the parent's end; a job stuck in native code is ended the hard way."""
    for line in requests:
        if '"cancel"' in line:
            break
    cancelled.set()
    threading.Event().wait(GRACE_SECONDS)
    os._exit(1)
