# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Sentinel-1 item of a STAC collection fits a Sentinel-2 item best."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Mapping, Sequence

from ..acquisition import whole_time
from ..errors import InputError
from .ground_cover import ground_of, share_covered

MAXIMUM_DAYS = 31.0
"""A radar image further away in time is not paired: the ground has changed."""

_FORMAT = "%Y-%m-%dT%H:%M:%SZ"

Item = Mapping[str, Any]


def best_partner(item: Item, radar: Sequence[Item], place: str) -> Item:
    """The radar item nearest in time among those that cover most of the item; one of unknown time for want of others.

    Raises InputError where none covers it.
    """
    best: tuple[bool, float, float] | None = None
    chosen = None
    ground = ground_of(item)
    for candidate in radar:
        days = _days_between(item, candidate)
        if days is not None and days > MAXIMUM_DAYS:
            continue
        cover = share_covered(ground, ground_of(candidate))
        if cover <= 0:
            continue
        # A tenth of the scene without radar is worse than any wait.
        rank = (days is None, -round(cover, 1), days or 0.0)
        if best is None or rank < best:
            best, chosen = rank, candidate
    if chosen is None:
        raise InputError(
            f"{place}: no Sentinel-1 item of the collection covers it within {MAXIMUM_DAYS:g} days; "
            "add one, or give the item an asset 'sar'."
        )
    return chosen


def item_time(item: Item) -> str:
    """When an item was taken, the middle where only a span is known: RFC 3339 in UTC, or what it says if that is no
    time; "" where it says nothing."""
    properties = item.get("properties", {})
    time = str(properties.get("datetime") or "")
    if time:
        return whole_time(time) or time
    span = [_moment(str(properties.get(key) or "")) for key in ("start_datetime", "end_datetime")]
    known = [each for each in span if each is not None]
    return (known[0] + (known[-1] - known[0]) / 2).strftime(_FORMAT) if known else ""


def _days_between(item: Item, other: Item) -> float | None:
    first, second = _moment(item_time(item)), _moment(item_time(other))
    return None if first is None or second is None else abs((first - second).total_seconds()) / 86400


def _moment(time: str) -> datetime | None:
    found = whole_time(time)
    return datetime.strptime(found, _FORMAT) if found else None
