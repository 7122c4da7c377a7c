# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of each scene of a batch, one small JSON file per scene, so that a rerun knows what is left to do."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from functools import partial
from typing import Any, Sequence

from .. import __version__
from ..disk import remedy, write_text
from ..errors import OutputError
from ..files_behind import files_behind
from ..identity import known_by, unsigned
from ..job import options_of
from ..model_card import bundled_model_path
from ..model_file import read_model_file
from ..rasters.faults import is_virtual
from .scene_row import Scene

FOLDER = "status"
STATES = ("waiting", "running", "complete", "failed", "interrupted")


@dataclass(frozen=True)
class SceneStatus:
    """State of one scene. fingerprint: hash of everything that decides the output. attempts: over all runs.

    files: sizes in bytes of the outputs when they were complete, by path relative to the batch's folder. report: what
    `SceneReport` holds, and `warnings`. started, finished: UTC. error: one sentence, empty unless failed. earlier: the
    fields of the status with which the outputs were complete that still stand; empty where it is this one. before: the
    same of those that were complete the last time, whether they stand or not; of a complete scene only while files of
    theirs are left beside its own.
    """

    name: str
    state: str = "waiting"
    fingerprint: str = ""
    attempts: int = 0
    error: str = ""
    started: str = ""
    finished: str = ""
    files: dict[str, int] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
    earlier: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)

    @property
    def remark(self) -> str:
        """What may spoil the result: what was assumed of the inputs, what the model does not know; empty where nothing
        may."""
        warnings = self.report.get("warnings")
        return "; ".join(map(str, warnings)) if isinstance(warnings, (list, tuple)) else ""


class Journal:
    """The status files in `folder`/status. Each is replaced in one step: a kill leaves the old one or the new one."""

    def __init__(self, folder: str) -> None:
        self.outputs = folder
        self._folder = os.path.join(folder, FOLDER)
        try:
            os.makedirs(self._folder, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"The folder {folder} cannot be written to ({error.strerror}); choose another."
            ) from error

    def read(self, name: str) -> SceneStatus:
        """The scene's status; a fresh one where there is none or it cannot be read."""
        try:
            with open(self._path(name), encoding="utf-8") as stream:
                return status_of(name, json.load(stream))
        except (OSError, ValueError, RecursionError):
            return SceneStatus(name)

    def write(self, status: SceneStatus) -> None:
        """Stores a status."""
        path = self._path(status.name)
        try:
            write_text(path, json.dumps(asdict(status), indent=1, ensure_ascii=False))
        except OSError as error:
            raise OutputError(
                f"The status file {path} cannot be written ({error.strerror}); {remedy(error)}."
            ) from error

    def complete(self, status: SceneStatus, fingerprint: str, outputs: Sequence[str]) -> SceneStatus | None:
        """The status, now or earlier, with which the same options and inputs gave these very outputs, still there and
        whole."""
        for each in (status, status_of(status.name, status.earlier)):
            if each.state == "complete" and each.fingerprint == fingerprint:
                with suppress(OSError):
                    if self.sizes(outputs) == each.files:
                        return each
        return None

    def sizes(self, paths: Sequence[str]) -> dict[str, int]:
        """Sizes of finished outputs, as `SceneStatus.files` keeps them."""
        return {relative(path, self.outputs): os.path.getsize(path) for path in paths}

    def _path(self, name: str) -> str:
        return status_path(self.outputs, name)


def relative(path: str, folder: str) -> str:
    """A path from a folder, with slashes; the path itself where it lies on another drive."""
    try:
        return os.path.relpath(path, folder).replace(os.sep, "/")
    except ValueError:
        return path


def status_path(folder: str, name: str) -> str:
    """The status file of a batch's scene."""
    return os.path.join(folder, FOLDER, f"{name}.json")


def fingerprint(scene: Scene, model_hashes: dict[str, str]) -> str:
    """SHA-256 of what decides a scene's output: options, version, model, and each input's place, size and time.

    Inputs are not read: like `make`, what has the same size and time counts as unchanged. model_hashes: a cache.
    Raises ModelError for an unsound model file.
    """
    job, folder = scene.job, os.path.dirname(scene.job.output)
    model = job.model or bundled_model_path()
    if model not in model_hashes:
        model_hashes[model] = read_model_file(model).sha256
    facts = {
        "version": __version__,
        "options": options_of(job),
        "model": model_hashes[model],
        "inputs": [
            _identity(path, folder) if path in scene.inputs else path for path in (job.optical, job.sar, job.mask)
        ],
        "datetime": scene.datetime,
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def status_of(name: str, values: Any) -> SceneStatus:
    """The status with those fields; a fresh one where they are none."""
    try:
        status = SceneStatus(**values)
    except TypeError:
        return SceneStatus(name)
    return status if _is_sound(status, name) else SceneStatus(name)


def _is_sound(status: SceneStatus, name: str) -> bool:
    """Whether what was read is what `Journal.write` wrote, and not another hand."""
    fresh = SceneStatus(name)
    if any(type(getattr(status, each.name)) is not type(getattr(fresh, each.name)) for each in fields(fresh)):
        return False
    numbers = [status.report.get(key, 0.0) for key in ("seconds", "reconstructed")]
    return status.name == name and status.state in STATES and all(isinstance(each, (int, float)) for each in numbers)


def _identity(path: str, folder: str) -> list[Any]:
    """The name of an input, and [place, what changes when it does] of each file behind it.

    Places on disk count from the folder of the output, so that a batch may be moved with all that it names.
    """
    found = [[relative(file, folder), known_by(file, partial(_place, folder))] for file in files_behind(path)]
    return [unsigned(path) if is_virtual(path) or not found else os.path.basename(os.path.normpath(path)), *found]


def _place(folder: str, name: str) -> str:
    """What a virtual raster names, from a folder where it is a path from the disk's root."""
    return relative(name, folder) if os.path.isabs(name) and not is_virtual(name) else name
