# SPDX-License-Identifier: GPL-3.0-or-later
"""Every key that the plugin keeps in QGIS's settings, with its default; nothing else names a key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .runtime import own_folder

PREFIX = "dbcr/"


@dataclass(frozen=True)
class Setting:
    """One value in QGIS's settings; its type is the default's."""

    key: str
    default: Any

    def read(self) -> Any:
        """The stored value, or the default where there is none or it has another type."""
        from qgis.core import QgsSettings

        kind = type(self.default)
        try:
            return kind(QgsSettings().value(PREFIX + self.key, self.default, type=kind))
        except (TypeError, ValueError):
            return self.default

    def write(self, value: Any) -> None:
        """Stores the value; a read-only profile keeps it for this session only."""
        from qgis.core import QgsSettings

        QgsSettings().setValue(PREFIX + self.key, type(self.default)(value))


DEVICE = Setting("device", "auto")
THREADS = Setting("threads", 0)
"""0: as many as the computer has cores."""
OVERLAP = Setting("overlap", -1)
"""Pixels that neighbouring tiles share; negative: a quarter of the model's tile."""
COMPRESSION = Setting("compression", "deflate")
"""Of the files that the dock writes."""
MODEL = Setting("model", "")
"""Empty: the bundled model."""
MODEL_FOLDER = Setting("model-folder", "")
"""Where the dock looks for model files beside the bundled one; empty: nowhere."""
RUNTIME_FOLDER = Setting("runtime-folder", "")
"""Empty: beside the profile's plugins."""
WORKER_PYTHON = Setting("worker-python", "")
"""A Python outside QGIS that runs jobs in a process of its own; empty: jobs run inside QGIS."""
PACKAGE_INDEX = Setting("package-index", "https://pypi.org/simple")
PREVIEW_PIXELS = Setting("preview-pixels", 512)
"""Longest side of the preview, in pixels of the optical image."""
CACHE_MEGABYTES = Setting("cache-megabytes", 512)
"""Memory for grounds that previews were made of."""
TILE_SECONDS = Setting("tile-seconds", "")
"""Model, device and seconds of one evaluation as last measured, so that costs can be told before the first preview."""
PREVIEW_FOLLOWS = Setting("preview-follows", False)
MATCH_SURROUNDINGS = Setting("match-surroundings", True)
"""Whether the dock makes the land under clouds as bright as the clear land around."""
LAST_NFE = Setting("nfe", 1)
DOCK_OPEN = Setting("dock-open", False)
OWN_RESULTS = Setting("own-results", "")
"""What `own_results` remembers of the files that the dock wrote; not in ALL, as it names the user's files."""


def runtime_folder() -> Path:
    """The plugin's own ONNX Runtime: in the profile but outside the plugin's folder, which updates replace."""
    from qgis.core import QgsApplication

    named = RUNTIME_FOLDER.read()
    return own_folder(Path(named or Path(QgsApplication.qgisSettingsDirPath(), "dbcr", "runtime")))


def tile_overlap() -> int | None:
    """OVERLAP as the engine takes it."""
    pixels = OVERLAP.read()
    return None if pixels < 0 else pixels


ALL = (
    DEVICE,
    THREADS,
    OVERLAP,
    COMPRESSION,
    MODEL,
    MODEL_FOLDER,
    RUNTIME_FOLDER,
    WORKER_PYTHON,
    PACKAGE_INDEX,
    PREVIEW_PIXELS,
    CACHE_MEGABYTES,
    TILE_SECONDS,
    PREVIEW_FOLLOWS,
    MATCH_SURROUNDINGS,
    LAST_NFE,
    DOCK_OPEN,
)
