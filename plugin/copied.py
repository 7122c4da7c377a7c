# SPDX-License-Identifier: GPL-3.0-or-later
"""The dock's run as text for other places; what is copied runs as it stands."""

from __future__ import annotations

import shutil
import sys

from .dock_state import as_process_command, as_python


def command(parameters: dict) -> str:
    """One line for this computer's shell."""
    return as_process_command(parameters, program(), sys.platform == "win32")


def program() -> str:
    """Debian's and Ubuntu's wrapper `qgis_process` fails on every command; the program behind it does not."""
    return "qgis_process.bin" if shutil.which("qgis_process.bin") else "qgis_process"


TEXTS = {"command": command, "python": as_python}
