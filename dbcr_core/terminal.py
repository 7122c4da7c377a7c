# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress on a terminal: a bar that redraws itself, findings as lines, all on stderr so that stdout stays clean."""

from __future__ import annotations

import sys
from typing import TextIO

BAR_WIDTH = 30


class TerminalProgress:
    """A ProgressPort for people. Without a terminal there is no bar, only findings and warnings; `quiet` drops both."""

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

    def finish(self) -> None:
        """Ends the bar's line."""
        if self._drawn:
            self._stream.write("\n")
            self._stream.flush()
            self._drawn = 0

    def _line(self, text: str) -> None:
        self.finish()
        print(text, file=self._stream)
