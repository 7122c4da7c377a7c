# SPDX-License-Identifier: GPL-3.0-or-later
"""When a scene was taken, as far as its tags or its name tell; how times are written."""

from __future__ import annotations

import os
import re
from datetime import datetime, timedelta, timezone
from typing import Mapping

TAGS = (
    "DATATAKE_1_DATATAKE_SENSING_START",
    "PRODUCT_START_TIME",
    "ACQUISITION_DATETIME",
    "ACQUISITIONDATETIME",
    "DATETIME",
    "SENSING_TIME",
)
"""Metadata items that hold the time of acquisition, most trustworthy first."""
UTC_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
"""RFC 3339 in UTC, as all times are written here."""

_OF_FILE = "TIFFTAG_DATETIME"
"""By the standard when the file was made, though some programs write the acquisition: better than nothing."""

_DAY = r"(20\d\d|19[7-9]\d)[-:_]?(0[1-9]|1[0-2])[-:_]?(0[1-9]|[12]\d|3[01])"
# In a name, what follows the seconds may be anything: only a zone with a colon is taken for one.
_TIME = re.compile(
    rf"(?<!\d){_DAY}(?!\d)"
    r"(?:[T ]([01]\d|2[0-3]):?([0-5]\d):?([0-5]\d|60)(?:(?:\.\d+)? ?([+-]\d\d:\d\d)(?!\d))?)?"
)
_WHOLE_TIME = re.compile(
    rf"{_DAY}(?:[T ]([01]?\d|2[0-3]):?([0-5]\d)(?::?([0-5]\d|60)(?:[.,]\d+)?)?(?: ?(?:Z|UTC|([+-]\d\d(?::?\d\d)?)))?)?",
    re.IGNORECASE,
)


def now() -> str:
    """The present time, RFC 3339 in UTC."""
    return datetime.now(timezone.utc).strftime(UTC_FORMAT)


def acquisition_time(tags: Mapping[str, str], path: str) -> str:
    """RFC 3339 in UTC ("2020-08-23T00:00:00Z", midnight where only the day is known), or "" where nothing tells."""
    upper = {key.upper(): value for key, value in tags.items()}
    for text in (*(upper.get(key, "") for key in TAGS), os.path.basename(path), upper.get(_OF_FILE, "")):
        found = parse_time(text)
        if found:
            return found
    return ""


def parse_time(text: str) -> str:
    """The first date, with its time if it has one, in a text; "" where there is none. RFC 3339 in UTC."""
    return next(filter(None, map(_in_utc, _TIME.finditer(text))), "")


def whole_time(text: str) -> str:
    """The same of a text that is a time and nothing else, as tables and catalogues give it; "" where it is none."""
    match = _WHOLE_TIME.fullmatch(text.strip().replace("/", "-"))
    return _in_utc(match) if match else ""


def _in_utc(match: re.Match[str]) -> str:
    """The time in UTC, "" where the calendar or the clocks do not know it; without a zone it is UTC already."""
    zone = (match[7] or "+0000").replace(":", "").ljust(5, "0")
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
        # Second 60 is a leap second.
        time = datetime(year, month, day, hour, minute, tzinfo=timezone.utc) + timedelta(seconds=second)
        time -= timedelta(hours=int(zone[:3]), minutes=int(zone[0] + zone[3:]))
    except (ValueError, OverflowError):
        return ""
    return time.strftime(UTC_FORMAT)
