# SPDX-License-Identifier: GPL-3.0-or-later
"""A list of scenes to clear: a table (CSV), a JSON list or a STAC item collection, checked before anything runs.

Every column or key is a field of `CloudRemovalJob`, or `name`, `datetime` or `note`. Paths are relative to the list,
outputs to the batch's folder.
"""

from __future__ import annotations

import json
import os
from typing import Any, Mapping

from ..errors import DbcrError, InputError
from .clashes import refuse_clashes
from .scene_row import Row, Scene, scene_from_row
from .table import table_rows

MAX_LIST_BYTES = 200_000_000


def read_scene_list(path: str, folder: str, defaults: Mapping[str, Any] | None = None) -> list[Scene]:
    """The scenes of a list, in its order; defaults hold options of `CloudRemovalJob` that a scene may override.

    A scene that cannot run has its problem: results of an earlier run stay. Raises InputError naming the row and the
    fact: unreadable list, unknown column, value that does not fit, two scenes with one name or one output, an output
    that is an input.
    """
    folder, options = os.path.abspath(folder), dict(defaults or {})
    rows = _rows(path, folder, options)
    if not rows:
        raise InputError(f"{path} lists no scenes; give at least one.")
    base = os.path.dirname(os.path.abspath(path))
    scenes = []
    for row in rows:
        try:
            scenes.append(_scene(row, base, folder, options))
        except DbcrError as error:
            raise InputError(f"{os.path.basename(path)}, {row.place}: {error}") from error
    refuse_clashes(path, folder, [row.place for row in rows], scenes)
    return scenes


def _scene(row: Row, base: str, folder: str, options: Mapping[str, Any]) -> Scene:
    """The scene of a row, with its problem where only the row's own options do not fit."""
    if row.options:
        try:
            whole = row._replace(values={**row.values, **row.options})
            return scene_from_row(whole, base, folder, dict(options))
        except DbcrError as error:
            row = row._replace(problem=row.problem or f"{row.place}: {error}")
    return scene_from_row(row, base, folder, dict(options))


def _rows(path: str, folder: str, options: Mapping[str, Any]) -> list[Row]:
    try:
        if os.path.getsize(path) > MAX_LIST_BYTES:
            raise InputError(f"{path} is too large for a list of scenes; give a CSV, JSON or STAC file.")
        with open(path, encoding="utf-8-sig", newline="") as stream:
            text = stream.read()
    except OSError as error:
        raise InputError(f"The list {path} cannot be read ({error.strerror or error}); check the path.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"The list {path} is not UTF-8 text; save it as CSV or JSON in UTF-8.") from error
    if text.lstrip()[:1] not in ("{", "["):
        return table_rows(path, text)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"The list {path} is not valid JSON ({error}); correct it.") from error
    if isinstance(content, dict) and content.get("type") in ("FeatureCollection", "Feature"):
        from .stac_list import rows_of_items

        return rows_of_items(content, os.path.dirname(os.path.abspath(path)), folder, options)
    scenes = content.get("scenes") if isinstance(content, dict) else content
    if not isinstance(scenes, list) or not all(isinstance(scene, dict) for scene in scenes):
        raise InputError(f'{path} is no list of scenes; give a JSON list of objects, or {{"scenes": [...]}}.')
    return [Row(f"scene {number}", scene) for number, scene in enumerate(scenes, 1)]
