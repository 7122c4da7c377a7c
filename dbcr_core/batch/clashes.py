# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that a batch writes takes the place of an input, of the list, or of what it writes for another scene."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import Iterator, Sequence

from ..errors import InputError
from ..files_behind import files_behind
from ..products import listed_files
from .journal import status_path
from .names import one_name
from .ownership import LOCK_NAME, OWNER_NAME
from .run import SUMMARY_NAME
from .scene_row import Scene
from .stac import item_path


def refuse_clashes(path: str, folder: str, places: Sequence[str], scenes: Sequence[Scene]) -> None:
    """InputError where two scenes share a name, or where a file that is to be written must stay as it is.

    path: the list, whose places for messages are `places`. folder: the batch's.
    """
    _refuse_namesakes(places, scenes)
    kept = _kept(path, places, scenes)
    written: dict[str, str] = {}
    for place, file in _written(folder, places, scenes):
        key = one_name(file)
        if key in kept:
            raise InputError(f"{place} would replace {kept[key]} ({file}); choose another name or folder.")
        inside = next((kept[parent] for parent in map(str, PurePath(key).parents) if parent in kept), None)
        if inside:
            raise InputError(f"{place} would write {file} into the folder of {inside}; choose another folder.")
        if key in written:
            raise InputError(
                f"{file} would be written twice, by {written[key]} and by {place}; give each output a name of its own."
            )
        written[key] = place


def _refuse_namesakes(places: Sequence[str], scenes: Sequence[Scene]) -> None:
    named: dict[str, str] = {}
    for place, scene in zip(places, scenes):
        if scene.name in named:
            raise InputError(f"{named[scene.name]} and {place} share the name {scene.name}; give each one of its own.")
        named[scene.name] = place


def _kept(path: str, places: Sequence[str], scenes: Sequence[Scene]) -> dict[str, str]:
    """What must stay as it is: {file, or folder with all that is in it: whose it is}."""
    kept = {one_name(path): "the list"}
    for place, scene in zip(places, scenes):
        for name in (*scene.inputs, *([scene.job.model] if scene.job.model else [])):
            for file in files_behind(name) or listed_files(name):
                kept.setdefault(one_name(file), f"an input of {place}")
    return kept


def _written(folder: str, places: Sequence[str], scenes: Sequence[Scene]) -> Iterator[tuple[str, str]]:
    """(who writes it, path) of everything that the batch will write."""
    for name in (SUMMARY_NAME, LOCK_NAME, OWNER_NAME):
        yield "the batch itself", os.path.join(folder, name)
    for place, scene in zip(places, scenes):
        yield place, status_path(folder, scene.name)
        for output in scene.job.outputs:
            yield place, output
        yield place, item_path(scene.job.output)
