# SPDX-License-Identifier: GPL-3.0-or-later
"""What earlier runs of a batch left: which scenes are complete, and what stands of the others."""

from __future__ import annotations

import os
from dataclasses import asdict, fields, replace
from typing import Any, Sequence

from ..errors import DbcrError, ModelError
from ..job import SceneReport
from .journal import Journal, SceneStatus, fingerprint, status_of
from .scene_row import Scene


def statuses_at_first(journal: Journal, scenes: Sequence[Scene]) -> tuple[list[Scene], dict[str, SceneStatus]]:
    """The scenes, with their problem where their model is unsound, and the status of each by name: complete or waiting.

    Raises ModelError where no scene has a sound model.
    """
    checked, prints = _fingerprints(scenes)
    statuses = {}
    for scene in checked:
        known, name = journal.read(scene.name), scene.name
        complete = journal.complete(known, prints[name], scene.job.outputs)
        if complete and _has_item(scene, complete):
            statuses[name] = complete
            if complete is not known:
                journal.write(complete)
        else:
            tries = known.attempts if known.fingerprint == prints[name] else 0
            earlier = asdict(known) if known.state == "complete" else known.earlier
            before = _with_what_was_beside(known) if known.state == "complete" else known.earlier or known.before
            statuses[name] = SceneStatus(name, "waiting", prints[name], tries, earlier=earlier, before=before)
    return checked, statuses


def _with_what_was_beside(known: SceneStatus) -> dict[str, Any]:
    """The fields of a complete status, whose files are also those that stood beside its image already."""
    beside = status_of(known.name, known.before).files
    return asdict(replace(known, files={**beside, **known.files}, before={}))


def _fingerprints(scenes: Sequence[Scene]) -> tuple[list[Scene], dict[str, str]]:
    """The scenes, with their problem where their model is unsound, and each one's fingerprint, "" without a model.

    Raises ModelError where that is so of all.
    """
    hashes: dict[str, str] = {}
    prints: dict[str, str] = {}
    checked, error = [], None
    for scene in scenes:
        try:
            prints[scene.name] = fingerprint(scene, hashes)
        except ModelError as unsound:
            error, prints[scene.name] = unsound, ""
            scene = replace(scene, problem=scene.problem or str(unsound))
        checked.append(scene)
    if error is not None and not any(prints.values()):
        raise error
    return checked, prints


def _has_item(scene: Scene, status: SceneStatus) -> bool:
    """Whether the item of a complete scene is there, written again where it was deleted."""
    from .stac import item_path, write_item

    if os.path.exists(item_path(scene.job.output)):
        return True
    names = [each.name for each in fields(SceneReport)]
    try:
        write_item(scene, SceneReport(**{name: status.report[name] for name in names if name in status.report}))
    except (DbcrError, TypeError, ValueError):  # then the scene itself is done again, which will tell why
        return False
    return True
