# SPDX-License-Identifier: GPL-3.0-or-later
"""What an earlier run wrote beside an image that was replaced since: nothing in such a file shows that it is another's.

Only what this program wrote for the batch, and nobody has touched or named since, is removed; of the rest the user is
told.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from typing import NamedTuple, Sequence

from ..acquisition import UTC_FORMAT
from ..errors import DbcrError
from ..files_behind import files_behind
from ..provenance import was_cleared
from ..rasters import open_raster
from ..rasters.sink import STALE
from .journal import SceneStatus, relative, status_of
from .names import one_name
from .scene_row import Scene


class Leftovers(NamedTuple):
    """Files by their path from the batch's folder: removed, to be warned of, and, with their sizes, what is left."""

    removed: list[str]
    doubtful: list[str]
    left: dict[str, int]


def remove_leftovers(folder: str, scene: Scene, status: SceneStatus, scenes: Sequence[Scene]) -> Leftovers:
    """Looks after what a scene had beside its image, which has just been written again.

    status: with `before`; the same fingerprint as there means that what stood beside the image still fits. scenes: of
    the whole batch, whose inputs and outputs stay.
    """
    before = status_of(scene.name, status.before)
    new = {relative(path, folder) for path in scene.job.outputs}
    found = Leftovers([], [], {})
    if before.state != "complete" or relative(scene.job.output, folder) not in before.files:
        return found
    left = [path for path in before.files if path not in new and os.path.exists(os.path.join(folder, path))]
    named = _named(scenes) if left else set()
    for path in left:
        file, size = os.path.join(folder, path), before.files[path]
        if one_name(file) in named:
            continue
        fits = before.fingerprint == status.fingerprint
        if not fits and _is_removed(file, size, before.finished):
            found.removed.append(path)
            continue
        found.left[path] = size
        if not fits:
            found.doubtful.append(path)
    return found


def _is_removed(file: str, size: int, finished: str) -> bool:
    """Removes a file, with what describes it, if it is surely an earlier run's own; False where it stays."""
    try:
        if not _is_untouched(file, size, finished):
            return False
        os.remove(file)
    except (OSError, ValueError, DbcrError):
        return False
    for suffix in STALE:
        with suppress(OSError):
            os.remove(f"{file}{suffix}")
    return True


def _is_untouched(file: str, size: int, finished: str) -> bool:
    """Whether a file is this program's and as it was when its run ended; statuses cut times to whole seconds."""
    end = datetime.strptime(finished, UTC_FORMAT).replace(tzinfo=timezone.utc) + timedelta(seconds=1)
    found = os.stat(file, follow_symlinks=False)
    if found.st_size != size or found.st_mtime > end.timestamp():
        return False
    with open_raster(file) as raster:
        return was_cleared(raster.profile)


def _named(scenes: Sequence[Scene]) -> set[str]:
    """All that the batch reads and writes."""
    inputs = (file for scene in scenes for name in scene.inputs for file in files_behind(name))
    return {*map(one_name, inputs), *(one_name(path) for scene in scenes for path in scene.job.outputs)}
