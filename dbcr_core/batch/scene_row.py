# SPDX-License-Identifier: GPL-3.0-or-later
"""One scene of a batch: from the texts or JSON values of a row to a job, each value checked."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass, field, fields
from typing import Any, Callable, Iterable, Mapping, NamedTuple

from ..acquisition import whole_time
from ..errors import InputError
from ..identity import unsigned
from ..job import DECIMALS, NO_MASK_FILE, SWITCHES, WHOLE_NUMBERS, CloudRemovalJob
from .input_files import input_path, one_input, stack_path
from .names import file_name, usable_name, writable_name

# Network access is for the user to allow, not for a list that came from elsewhere.
JOB_FIELDS = tuple(f.name for f in fields(CloudRemovalJob) if f.name != "allow_network")
OTHER_FIELDS = ("name", "datetime", "note")
"""Columns beside the job's own: the scene's name, its time of acquisition (RFC 3339), and a remark for people."""

NUMBERS = WHOLE_NUMBERS + DECIMALS
_RASTERS = ("optical", "sar")
_INPUT_PATHS = (*_RASTERS, "mask", "model")
_EXTRA_OUTPUTS = ("changed", "uncertainty")
_NO_FILE = {"mask": NO_MASK_FILE}


class Row(NamedTuple):
    """A scene as a list states it: its place in messages, and raw values by column; the rest as in `Scene`.

    options: more values, which are the scene's problem where they do not fit, and not the list's.
    """

    place: str
    values: Mapping[str, Any]
    derived_from: tuple[str, ...] = ()
    problem: str = ""
    options: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Scene:
    """One scene of a list: its unique name, its job with absolute paths, and what a STAC item says of it.

    datetime: time of acquisition, RFC 3339 in UTC, empty where unknown. derived_from: addresses of the STAC items it is
    made from. problem: why it cannot run, one sentence, empty where it can.
    """

    name: str
    job: CloudRemovalJob
    datetime: str = ""
    derived_from: tuple[str, ...] = field(default=())
    problem: str = ""

    @property
    def inputs(self) -> tuple[str, ...]:
        """Its rasters and products as they are named, each a path or a list of them."""
        mask = None if self.job.mask in _NO_FILE["mask"] else self.job.mask
        return tuple(path for path in (self.job.optical, self.job.sar, mask) if path)


def filled(values: Iterable[Any]) -> list[Any]:
    """The values that are not empty; nor is a cell of blanks one."""
    return [value for value in values if value is not None and not (isinstance(value, str) and not value.strip())]


def columns(names: Iterable[Any]) -> list[str]:
    """The options that a table's or an object's columns stand for; InputError where two stand for the same."""
    found = [str(name).strip().lower().replace("-", "_") for name in names]
    for name in found:
        if name and found.count(name) > 1:
            raise InputError(f"the column {name!r} is there twice; keep one of them.")
    return found


def scene_from_row(row: Row, base: str, folder: str, options: dict[str, Any]) -> Scene:
    """The scene of a row: inputs relative to `base`, outputs to `folder`; options hold where the row says nothing.

    Raises InputError naming the column and the fact.
    """
    given = dict(zip(columns(row.values), row.values.values()))
    unknown = sorted(set(given) - set(JOB_FIELDS) - set(OTHER_FIELDS))
    if unknown:
        raise InputError(
            f"there is no option {unknown[0]!r}; the columns are {', '.join((*OTHER_FIELDS, *JOB_FIELDS))}."
        )
    values = {key: _typed(key, value) for key, value in given.items() if filled([value])}
    listed = {key: values[key] for key in _RASTERS if key in values}
    for key in _INPUT_PATHS:
        if key in values and values[key] not in _NO_FILE.get(key, ()):
            values[key] = input_path(values[key], base)
    options.update(values)
    other = {key: str(options.pop(key, "")).strip() for key in OTHER_FIELDS}
    if not options.get("optical"):
        raise InputError("no optical image is named; fill the column 'optical'.")
    stem = os.path.splitext(os.path.basename(options.get("output") or unsigned(options["optical"])))[0]
    name = file_name(other["name"] or stem)
    time = whole_time(other["datetime"])
    if other["datetime"] and not time:
        raise InputError(
            f"the datetime {other['datetime']!r} cannot be read; write it as 2020-08-23T05:46:41Z, or leave it out."
        )
    options.setdefault("sar", None)
    options["output"] = os.path.normpath(os.path.join(folder, options.get("output") or f"{name}.tif"))
    for key in _EXTRA_OUTPUTS:
        options[key] = _extra_output(options.get(key), folder, f"{name}_{key}.tif")
    for key in _INPUT_PATHS:
        writable_name(options.get(key) or "")
    for path in (f"{name}.tif", options["output"], *(options[key] or "" for key in _EXTRA_OUTPUTS)):
        usable_name(path)
    problem = row.problem
    for key, text in listed.items():
        stack = stack_path(folder, name, key, unsigned(text))
        options[key], why = one_input(text, base, stack, bool(options.get("allow_network")))
        problem = problem or (f"{row.place}: {why}" if why else "")
    return Scene(name, CloudRemovalJob(**options), time, row.derived_from, problem)


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
    if key in NUMBERS:
        return _number(key, value, float if key in DECIMALS else _whole)
    if key in SWITCHES:
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


_YES_NO = {
    **dict.fromkeys(("yes", "true", "1", "1.0"), True),
    **dict.fromkeys(("no", "false", "0", "0.0"), False),
}


def _yes_no(key: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() not in _YES_NO:
        raise InputError(f"the value of {key} must be yes or no, not {value!r}.")
    return _YES_NO[str(value).lower()]


def _number(key: str, value: Any, kind: Callable[[Any], Any]) -> Any:
    try:
        if isinstance(value, bool):
            raise ValueError
        return kind(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"the value of {key} must be a number, not {value!r}.") from error


def _whole(value: Any) -> int:
    """A whole number, also as programs write it that keep columns with gaps as decimal numbers: 1.0."""
    with suppress(ValueError):
        if not isinstance(value, float):
            return int(value)
    number = float(value)
    if not number.is_integer():
        raise ValueError
    return int(number)
