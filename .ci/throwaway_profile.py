# SPDX-License-Identifier: GPL-3.0-or-later
"""A QGIS profile of its own for the demo and the tests: nothing of the user's is read or changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

PLUGIN = "dbcr"
PROFILE = Path(".local/share/QGIS/QGIS3/profiles/default")


def qgis_process() -> str:
    """The program to call: Debian 12's wrapper `qgis_process` passes an option that its QGIS refuses."""
    for name in ("qgis_process.bin", "qgis_process"):
        found = shutil.which(name)
        if found:
            return found
    raise SystemExit("qgis_process is not installed; run `make setup`.")


class ThrowawayProfile:
    """HOME, runtime folder and QGIS profile under one folder, with the plugin linked in (or a copy, from `plugin`)."""

    def __init__(self, folder: Path, plugin: Path, with_runtime: bool = True) -> None:
        self.home = folder / "home"
        self.run_folder = folder / "run"
        self.plugins = self.home / PROFILE / "python" / "plugins"
        self.plugins.mkdir(parents=True, exist_ok=True)
        self.run_folder.mkdir(mode=0o700, exist_ok=True)
        link = self.plugins / PLUGIN
        if not link.is_symlink() and not link.exists():
            link.symlink_to(plugin.resolve(), target_is_directory=True)
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV", "QGIS", "DBCR"))},
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.run_folder),
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        if with_runtime:
            self.environment["DBCR_RUNTIME_DIR"] = str(self._runtime_of_this_environment(folder / "runtime"))

    @staticmethod
    def _runtime_of_this_environment(folder: Path) -> Path:
        """A folder with this environment's onnxruntime alone: QGIS must not see its other packages."""
        folder.mkdir(exist_ok=True)
        link = folder / "onnxruntime"
        if not link.is_symlink():
            link.symlink_to(Path(sysconfig.get_path("purelib")) / "onnxruntime", target_is_directory=True)
        return folder

    def call(self, *arguments: str, timeout: float = 600) -> subprocess.CompletedProcess:
        """One qgis_process run; its output is captured as text."""
        return subprocess.run(
            [qgis_process(), *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen:
        """A qgis_process run that goes on in the background."""
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([qgis_process(), *arguments], env=self.environment, **pipes)

    def enable_plugin(self) -> None:
        done = self.call("plugins", "enable", PLUGIN)
        if done.returncode:
            raise SystemExit(f"qgis_process could not enable the plugin:\n{done.stdout}{done.stderr}")


def as_arguments(parameters: dict) -> list:
    """NAME=VALUE words for qgis_process."""
    return [f"{name}={value}" for name, value in parameters.items()]
