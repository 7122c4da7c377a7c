# SPDX-License-Identifier: GPL-3.0-or-later
"""When a scene was taken, as far as its tags or its name tell."""

from __future__ import annotations

import os
import re
from datetime import datetime, timezone
from typing import Mapping

TAGS = (
    "DATATAKE_1_DATATAKE_SENSING_START",
    "PRODUCT_START_TIME",
    "ACQUISITION_DATETIME",
    "ACQUISITIONDATETIME",
    "DATETIME",
    "SENSING_TIME",
    "TIFFTAG_DATETIME",
)
"""Metadata items that hold the time of acquisition, most trustworthy first."""

_TIME = re.compile(
    r"(?<!\d)(20\d\d|19[7-9]\d)[-:_]?(0[1-9]|1[0-2])[-:_]?(0[1-9]|[12]\d|3[01])(?!\d)"
    r"(?:[T ]([01]\d|2[0-3]):?([0-5]\d):?([0-5]\d))?"
    r"|(?<!\d)(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3])([0-5]\d)([0-5]\d)"
)


def acquisition_time(tags: Mapping[str, str], path: str) -> str:
    """RFC 3339 in UTC ("2020-08-23T00:00:00Z", midnight where only the day is known), or "" where nothing tells."""
    upper = {key.upper(): value for key, value in tags.items()}
    for text in (*(upper.get(key, "") for key in TAGS), os.path.basename(path)):
        found = parse_time(text)
        if found:
            return found
    return ""


def parse_time(text: str) -> str:
    """The first date, with its time if it has one, in a text; "" where there is none."""
    for match in _TIME.finditer(text):
        groups = match.groups()
        year, month, day, hour, minute, second = (int(part or 0) for part in (groups[:6] if groups[0] else groups[6:]))
        try:
            return datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        except ValueError:
            continue
    return ""
