# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress on a terminal: a bar that redraws itself, findings as lines, all on stderr so that stdout stays clean."""

from __future__ import annotations

import json
import os
import sys
from typing import TextIO

from .errors import OutputError

BAR_WIDTH = 30


class TerminalProgress:
    """A ProgressPort for people, and a context manager that ends the bar's line.

    Without a terminal there is no bar, only findings and warnings; `quiet` drops both. A reader that went away costs
    the progress, never the job.
    """

    def __init__(self, quiet: bool = False) -> None:
        self._stream = sys.stderr
        self._quiet = quiet
        self._bar = not quiet and self._stream.isatty()
        self._drawn = 0

    def report(self, fraction: float, text: str) -> None:
        """Redraws the bar."""
        if not self._bar:
            return
        filled = round(BAR_WIDTH * fraction)
        line = f"[{'#' * filled}{'.' * (BAR_WIDTH - filled)}] {text}"
        self._write("\r" + line.ljust(self._drawn))
        self._drawn = len(line)

    def message(self, text: str) -> None:
        """One finding on its own line."""
        if not self._quiet:
            self._line(text)

    def warning(self, text: str) -> None:
        """One warning on its own line."""
        if not self._quiet:
            self._line(f"Warning: {text}")

    def __enter__(self) -> TerminalProgress:
        return self

    def __exit__(self, *exc: object) -> None:
        self.finish()

    def finish(self) -> None:
        """Ends the bar's line."""
        if self._drawn:
            self._write("\n")
            self._drawn = 0

    def _line(self, text: str) -> None:
        self.finish()
        self._write(f"{text}\n")

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            silence(self._stream)


def silence(stream: TextIO) -> None:
    """What waits in the buffer of a stream that failed must not fail again when the interpreter ends."""
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())


def open_closed_streams() -> None:
    """Gives a process that was started without stdin, stdout or stderr an empty one instead.

    Otherwise the next file that is opened, a raster perhaps, gets the stream's number, and a native library's messages.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115 (stays open)
            os.set_inheritable(stream.fileno(), True)
            setattr(sys, name, stream)


def speak_any_encoding() -> None:
    """Makes stdout and stderr write what their encoding lacks (Windows pipes: cp1252) as escapes instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def print_result(text: str, is_json: bool) -> None:
    """Prints a command's result; JSON comes in plain ASCII where stdout is not UTF-8, as its readers expect UTF-8."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    if is_json and encoding != "utf8":
        text = json.dumps(json.loads(text))
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise  # the reader has what it wanted
    except OSError as error:
        silence(sys.stdout)
        raise OutputError(
            f"Standard output cannot be written ({error.strerror or error}); free some space or send it elsewhere."
        ) from error
