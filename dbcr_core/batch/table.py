# SPDX-License-Identifier: GPL-3.0-or-later
"""A table of scenes (CSV) as spreadsheets, programs and people write it."""

from __future__ import annotations

import csv
import re
from typing import Sequence

from ..errors import InputError
from .scene_row import NUMBERS, Row, columns, filled

_SEPARATOR = re.compile(r'"?sep=([,;\t])"?\s*', re.IGNORECASE)
_SEPARATORS = re.compile("[,;\t]")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")


def table_rows(path: str, text: str) -> list[Row]:
    """The scenes of a table; raises InputError with the line where it is damaged or a value has no column."""
    lines = text.splitlines()
    first, separator = _header(lines)
    header = lines[first] if first < len(lines) else ""
    # Spreadsheets separate by semicolons where the comma is the decimal point.
    delimiter = separator or max(",;\t", key=header.count)
    reader = csv.reader(lines[first:], delimiter=delimiter, strict=True)
    rows, names = [], []
    try:
        header_cells = next(reader, [])
        names = columns([cell.lstrip("# ") for cell in header_cells[:1]] + header_cells[1:])
        begun = reader.line_num
        for cells in reader:
            place, line, begun = f"line {first + reader.line_num}", lines[first + begun], reader.line_num
            values = _values(names, cells, line)
            if filled(values.values()):
                rows.append(Row(place, values if delimiter == "," else _with_points(values)))
    except csv.Error as error:
        raise InputError(
            f"The table {path} is damaged at line {first + reader.line_num} ({error}); correct it."
        ) from error
    except InputError as error:
        raise InputError(f"{path}, line {first + reader.line_num}: {error}") from error
    return rows


def _header(lines: Sequence[str]) -> tuple[int, str]:
    """Index of the header, behind empty lines, remarks and what tells a spreadsheet the separator; and that."""
    separator = ""
    for index, line in enumerate(lines):
        told = _SEPARATOR.fullmatch(line)
        if told:
            separator = told[1]
        elif line.strip(",;\t ") and not _is_remark(line):
            return index, separator
    return len(lines), separator


def _is_remark(line: str) -> bool:
    """Whether a line above the scenes is no header; some programs begin that with #, too, and spreadsheets put remarks
    in quotes."""
    if not line.lstrip('"').startswith("#"):
        return False
    return "optical" not in (cell.strip('"# ').lower() for cell in _SEPARATORS.split(line))


def _values(names: Sequence[str], cells: Sequence[str], line: str) -> dict[str, str]:
    """A row's cells by column, without those that the table leaves out; none of a remark."""
    if cells and cells[0].startswith("# ") and not filled(cells[1:]):
        return {}
    if line.startswith("#"):
        if filled(cells[1:]):
            raise InputError(
                "the line begins with #; delete it if it is a remark, or put its first value in quotes if it is none."
            )
        return {}
    unnamed = [cell for index, cell in enumerate(cells) if index >= len(names) or not names[index]]
    if unnamed and not names[0] and cells[0].strip().isdigit():
        del unnamed[0]  # the number by which programs count the rows that they write
    if filled(unnamed):
        raise InputError("there are more values than columns; put values with commas in quotes.")
    return {name: cell for name, cell in zip(names, cells) if name}


def _with_points(values: dict[str, str]) -> dict[str, str]:
    """The same with decimal points in numbers."""

    def is_number(name: str, cell: str) -> bool:
        # An extent's four numbers may be separated by commas alone.
        return name in NUMBERS or (name == "extent" and len(cell.split()) == 4)

    return {name: _DECIMAL_COMMA.sub(".", cell) if is_number(name, cell) else cell for name, cell in values.items()}
