# SPDX-License-Identifier: GPL-3.0-or-later
"""Which model files one can choose: the bundled one, those in the model folder, and the one chosen elsewhere."""

from __future__ import annotations

from pathlib import Path

from ..dbcr_core.errors import ModelError
from ..dbcr_core.model_card import bundled_model_path

SUFFIX = ".dbcr"
MOST = 100
"""Files listed at most; a folder with more is no model folder."""


def choices(folder: str, chosen: str) -> list:
    """[(path, name), …], the bundled model first with the path "". Unreadable folders hold no models."""
    try:
        found = [("", Path(bundled_model_path()).stem)]
    except ModelError:
        found = [("", "–")]
    paths = []
    if folder:
        try:
            entries = (path for path in Path(folder).iterdir() if path.suffix.lower() == SUFFIX and path.is_file())
            paths = sorted(map(str, entries))[:MOST]
        except OSError:
            paths = []
    if chosen and chosen not in paths:
        paths.append(chosen)
    return found + [(path, Path(path).stem) for path in paths]
