# SPDX-License-Identifier: GPL-3.0-or-later
"""The dock's run as text for other places; what is copied runs as it stands. No Qt, no QGIS."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys


def command(parameters: dict) -> str:
    """One line for this computer's shell."""
    return as_process_command(parameters, program(), sys.platform == "win32")


def program() -> str:
    """Debian's and Ubuntu's wrapper `qgis_process` fails on every command; the program behind it does not."""
    return "qgis_process.bin" if shutil.which("qgis_process.bin") else "qgis_process"


def as_process_command(parameters: dict, program: str, for_windows: bool) -> str:
    """The run as one line for a shell."""
    words = [f"{name}={_plain(value)}" for name, value in parameters.items() if value is not None]
    words = [program, "run", "dbcr:removeclouds", "--", *words]
    return subprocess.list2cmdline(words) if for_windows else " ".join(map(shlex.quote, words))


def as_python(parameters: dict) -> str:
    """The run as Python for QGIS's console."""
    lines = [f"    {name!r}: {value!r}," for name, value in parameters.items() if value is not None]
    return "\n".join(["import processing", "", "processing.run('dbcr:removeclouds', {", *lines, "})"])


def _plain(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


TEXTS = {"command": command, "python": as_python}
