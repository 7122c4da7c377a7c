# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress on a terminal: a bar that redraws itself, findings as lines, all on stderr so that stdout stays clean."""

from __future__ import annotations

import json
import sys
from typing import TextIO

BAR_WIDTH = 30


class TerminalProgress:
    """A ProgressPort for people, and a context manager that ends the bar's line.

    Without a terminal there is no bar, only findings and warnings; `quiet` drops both.
    """

    def __init__(self, stream: TextIO | None = None, quiet: bool = False) -> None:
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._bar = not quiet and self._stream.isatty()
        self._drawn = 0

    def report(self, fraction: float, text: str) -> None:
        """Redraws the bar."""
        if not self._bar:
            return
        filled = round(BAR_WIDTH * fraction)
        line = f"[{'#' * filled}{'.' * (BAR_WIDTH - filled)}] {text}"
        self._stream.write("\r" + line.ljust(self._drawn))
        self._stream.flush()
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
            self._stream.write("\n")
            self._stream.flush()
            self._drawn = 0

    def _line(self, text: str) -> None:
        self.finish()
        print(text, file=self._stream)


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
    print(text)
