# SPDX-License-Identifier: GPL-3.0-or-later
"""A list of scenes to clear: a table (CSV), a JSON list or a STAC item collection, checked before anything runs.

Every column or key is a field of `CloudRemovalJob`, or `name`, `datetime` or `note`. Paths are relative to the list,
outputs to the batch's folder.
"""

from __future__ import annotations

import csv
import json
import os
import re
from dataclasses import dataclass, field, fields
from typing import Any, Callable, Iterable, Mapping

from ..errors import DbcrError, InputError
from ..job import CloudRemovalJob
from ..rasters.faults import is_virtual

# Network access is for the user to allow, not for a list that came from elsewhere.
JOB_FIELDS = tuple(f.name for f in fields(CloudRemovalJob) if f.name != "allow_network")
OTHER_FIELDS = ("name", "datetime", "note")
"""Columns beside the job's own: the scene's name, its time of acquisition (RFC 3339), and a remark for people."""

_WHOLE = ("nfe", "threads", "overlap", "feather", "mask_buffer", "seed")
_INPUT_PATHS = ("optical", "sar", "mask", "model")
_EXTRA_OUTPUTS = ("changed", "uncertainty")
_REMOTE = {"http://": "/vsicurl/http://", "https://": "/vsicurl/https://", "s3://": "/vsis3/", "gs://": "/vsigs/"}
_NO_FILE = {"mask": ("auto", "none")}
MAX_LIST_BYTES = 200_000_000


@dataclass(frozen=True)
class Scene:
    """One scene of a list: its unique name, its job with absolute paths, and what a STAC item says of it.

    datetime: time of acquisition, RFC 3339, empty where unknown. derived_from: addresses of the STAC items it is
    made from.
    """

    name: str
    job: CloudRemovalJob
    datetime: str = ""
    derived_from: tuple[str, ...] = field(default=())


def read_scene_list(path: str, folder: str, defaults: Mapping[str, Any] | None = None) -> list[Scene]:
    """The scenes of a list, in its order; defaults hold options of `CloudRemovalJob` that a scene may override.

    Raises InputError naming the row and the fact: unreadable list, unknown column, value that does not fit, two scenes
    with one name or one output.
    """
    rows = _rows(path, folder, bool((defaults or {}).get("allow_network")))
    if not rows:
        raise InputError(f"{path} lists no scenes; give at least one.")
    base = os.path.dirname(os.path.abspath(path))
    scenes = []
    for place, row in rows:
        try:
            scenes.append(_scene(row, base, os.path.abspath(folder), dict(defaults or {})))
        except DbcrError as error:
            raise InputError(f"{os.path.basename(path)}, {place}: {error}") from error
    _refuse_twins([place for place, _ in rows], scenes)
    for scene in scenes:
        if os.path.splitext(scene.job.output)[0] + ".json" == os.path.abspath(path):
            raise InputError(f"The item of {scene.name} would replace the list {path}; choose another folder or name.")
    return scenes


def file_name(name: str) -> str:
    """A scene's name as a file name that every system accepts."""
    return re.sub(r"[^\w.-]+", "_", name).strip("._") or "scene"


def _rows(path: str, folder: str, allow_network: bool) -> list[tuple[str, dict[str, Any]]]:
    """(place for messages, raw values) of each scene."""
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
        return _table_rows(path, text)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"The list {path} is not valid JSON ({error}); correct it.") from error
    if isinstance(content, dict) and content.get("type") in ("FeatureCollection", "Feature"):
        from .stac_list import rows_of_items

        return rows_of_items(content, os.path.dirname(os.path.abspath(path)), folder, allow_network)
    scenes = content.get("scenes") if isinstance(content, dict) else content
    if not isinstance(scenes, list) or not all(isinstance(scene, dict) for scene in scenes):
        raise InputError(f'{path} is no list of scenes; give a JSON list of objects, or {{"scenes": [...]}}.')
    return [(f"scene {number}", scene) for number, scene in enumerate(scenes, 1)]


def _table_rows(path: str, text: str) -> list[tuple[str, dict[str, Any]]]:
    header = text.partition("\n")[0]
    # Spreadsheets separate by semicolons where the comma is the decimal point.
    delimiter = max(",;\t", key=header.count)
    reader = csv.DictReader(text.splitlines(), delimiter=delimiter, strict=True)
    try:
        rows = [(f"line {reader.line_num}", row) for row in reader if any(_filled(row.values()))]
    except csv.Error as error:
        raise InputError(f"The table {path} is damaged at line {reader.line_num} ({error}); correct it.") from error
    for place, row in rows:
        if None in row:
            raise InputError(f"{path}, {place}: there are more values than columns; put values with commas in quotes.")
    return [(place, {key: value for key, value in row.items() if value is not None}) for place, row in rows]


def _filled(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if value not in (None, "")]


def _scene(row: Mapping[str, Any], base: str, folder: str, options: dict[str, Any]) -> Scene:
    given = {str(key).strip().lower().replace("-", "_"): value for key, value in row.items()}
    derived_from = tuple(given.pop("derived_from", ()))
    unknown = sorted(set(given) - set(JOB_FIELDS) - set(OTHER_FIELDS))
    if unknown:
        raise InputError(
            f"there is no option {unknown[0]!r}; the columns are {', '.join((*OTHER_FIELDS, *JOB_FIELDS))}."
        )
    values = {key: _typed(key, value) for key, value in given.items() if _filled([value])}
    for key in _INPUT_PATHS:
        if key in values and values[key] not in _NO_FILE.get(key, ()):
            values[key] = input_path(values[key], base)
    options.update(values)
    other = {key: str(options.pop(key, "")).strip() for key in OTHER_FIELDS}
    if not options.get("optical"):
        raise InputError("no optical image is named; fill the column 'optical'.")
    stem = os.path.splitext(os.path.basename(options.get("output") or options["optical"]))[0]
    name = file_name(other["name"] or stem)
    options.setdefault("sar", None)
    options["output"] = os.path.normpath(os.path.join(folder, options.get("output") or f"{name}.tif"))
    for key in _EXTRA_OUTPUTS:
        options[key] = _extra_output(options.get(key), folder, f"{name}_{key}.tif")
    return Scene(name, CloudRemovalJob(**options), other["datetime"], derived_from)


def input_path(path: str, base: str) -> str:
    """A path as the engine opens it: web and bucket addresses through GDAL, others relative to `base`."""
    for scheme, prefix in _REMOTE.items():
        if path.lower().startswith(scheme):
            return prefix + path[len(scheme) :]
    return path if is_virtual(path) else os.path.normpath(os.path.join(base, os.path.expanduser(path)))


def _extra_output(value: Any, folder: str, usual: str) -> str | None:
    """Path of an optional output: named, or "yes" for the usual name, or "no"."""
    if value in (None, False):
        return None
    if value is True:
        return os.path.join(folder, usual)
    return os.path.normpath(os.path.join(folder, value))


def _typed(key: str, value: Any) -> Any:
    """A value of the kind that the job's field has, from a table's text or JSON."""
    if isinstance(value, str):
        value = value.strip()
    if key in _WHOLE:
        return _number(key, value, int)
    if key == "mask_threshold":
        return _number(key, value, float)
    if key == "allow_partial_sar":
        return _yes_no(key, value)
    if key in _EXTRA_OUTPUTS and (isinstance(value, bool) or str(value).lower() in _YES_NO):
        return _yes_no(key, value)
    if key == "extent":
        numbers = value if isinstance(value, (list, tuple)) else re.split(r"[\s,;]+", str(value).strip("[]() "))
        if len(numbers) != 4:
            raise InputError("an extent needs four numbers: xmin ymin xmax ymax.")
        return tuple(_number(key, number, float) for number in numbers)
    if not isinstance(value, str):
        raise InputError(f"the value of {key} must be a text, not {value!r}.")
    return value


_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def _yes_no(key: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() not in _YES_NO:
        raise InputError(f"the value of {key} must be yes or no, not {value!r}.")
    return _YES_NO[str(value).lower()]


def _number(key: str, value: Any, kind: Callable[[Any], Any]) -> Any:
    try:
        if isinstance(value, bool) or (kind is int and isinstance(value, float) and value != int(value)):
            raise ValueError
        return kind(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"the value of {key} must be a number, not {value!r}.") from error


def _refuse_twins(places: list[str], scenes: list[Scene]) -> None:
    """InputError where two scenes would write the same file or share a name."""
    taken: dict[str, str] = {}
    for place, scene in zip(places, scenes):
        outputs = [path for path in (scene.job.output, scene.job.changed, scene.job.uncertainty) if path]
        for what in (f"the name {scene.name}", *(f"the output {os.path.normcase(path)}" for path in outputs)):
            if what in taken:
                raise InputError(f"{taken[what]} and {place} share {what}; give each a name of its own.")
            taken[what] = place
