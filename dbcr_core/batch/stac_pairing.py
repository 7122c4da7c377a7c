# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Sentinel-1 item of a STAC collection fits a Sentinel-2 item best."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Mapping, NamedTuple, Sequence

from ..acquisition import UTC_FORMAT, whole_time
from ..errors import InputError
from .ground_cover import Ground, ground_of, share_covered
from .stac_values import properties_of

MAXIMUM_DAYS = 31.0
"""A radar image further away in time is not paired: the ground has changed."""

_EXACT = timedelta(days=1)
"""The middle of a longer span is no time of acquisition."""

Item = Mapping[str, Any]


class Placed(NamedTuple):
    """An item, when it was taken (the middle where only a span is known, None where nothing is), and its ground."""

    item: Item
    moment: datetime | None
    ground: Ground


def placed(item: Item) -> Placed:
    """The item with what pairing compares, which is worked out once."""
    first, last = _span(item)
    known = [each for each in (first, last) if each is not None]
    return Placed(item, known[0] + (known[-1] - known[0]) / 2 if known else None, ground_of(item))


def best_partner(one: Placed, radar: Sequence[Placed]) -> Item:
    """The radar item nearest in time among those that cover most of the item; one of unknown time for want of others.

    Raises InputError where none covers it.
    """
    best: tuple[bool, float, float] | None = None
    chosen = None
    distances = [_days_between(one, each) for each in radar]
    near = [number for number, days in enumerate(distances) if days is None or days <= MAXIMUM_DAYS]
    for number in sorted(near, key=lambda number: _rank(distances[number], 0.0)):
        cover = share_covered(one.ground, radar[number].ground)
        if cover <= 0:
            continue
        rank = _rank(distances[number], cover)
        if best is None or rank < best:
            best, chosen = rank, radar[number].item
        # The nearest in time comes first: nothing that follows can be better.
        if best == _rank(distances[number], 1.0):
            break
    if chosen is None:
        raise InputError(
            f"no Sentinel-1 item of the collection covers it within {MAXIMUM_DAYS:g} days; "
            "add one, or give the item an asset 'sar'."
        )
    return chosen


def item_time(item: Item) -> str:
    """When an item was taken, the middle where a span of at most a day is known: RFC 3339 in UTC, "" where it says
    nothing that can be read."""
    first, last = _span(item)
    if first is None or last is None or abs(last - first) > _EXACT:
        return ""
    return (first + (last - first) / 2).strftime(UTC_FORMAT)


def _span(item: Item) -> tuple[datetime | None, datetime | None]:
    """The first and the last moment of an item's acquisition; None where it is not said, or not readably."""
    properties = properties_of(item)
    time, start, end = (_moment(properties.get(key)) for key in ("datetime", "start_datetime", "end_datetime"))
    return (time, time) if time else (start, end)


def _rank(days: float | None, cover: float) -> tuple[bool, float, float]:
    """The lower the better. A tenth of the scene without radar is worse than any wait."""
    return days is None, -round(cover, 1), days or 0.0


def _days_between(one: Placed, other: Placed) -> float | None:
    if one.moment is None or other.moment is None:
        return None
    return abs((one.moment - other.moment).total_seconds()) / 86400


def _moment(time: Any) -> datetime | None:
    found = whole_time(str(time or ""))
    return datetime.strptime(found, UTC_FORMAT) if found else None
