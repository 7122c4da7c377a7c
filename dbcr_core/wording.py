# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings as people read them, the same words wherever they are told."""

from __future__ import annotations

SAR_UNITS = {"db": "decibel", "power": "linear power", "amplitude": "amplitude"}

ORDER_ASSUMED = (
    "the bands have no names and were taken in Sentinel-2's order, B8A after B08; if theirs is another, name them in "
    "file order with --bands"
)
OFFSET_ASSUMED = "whether the −1000 offset is removed cannot be told; if you know, say --optical-values"
OFFSET_BY_NAME = (
    "the −1000 offset is taken to be still in, as in all files that the agency has named so since 25 January 2022, and "
    "no value is dark enough to show it removed; if it is, say --optical-values dn"
)
OFFSET_IN_DECIMALS = (
    "hardly any decimal value lies below 0.09, as if the offset of 0.1 (−1000 in DN) were still in; if it is, write "
    "that into the file: gdal_edit.py -scale 1 -offset -0.1"
)
VV_ESTIMATED = "SAR: VV is estimated from VH, so the radar tells less"
UNIT_ASSUMED = "the SAR unit was judged by the values alone; if you know it, say --sar-values"


def percent(share: float) -> str:
    """A share (0 … 1) in whole percents, none of them rounded away to nothing."""
    return "less than 1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"


def reflectance_words(scale: float, offset: float) -> str:
    """How stored values become reflectance, in words."""
    if (scale, offset) == (1, 0):
        return "stored as it is"
    if offset == 0:
        return f"stored × {scale:g}, no offset or already removed"
    still = ", the offset is still in" if round(offset, 6) == -0.1 else ""
    return f"stored × {scale:g} {'−' if offset < 0 else '+'} {abs(offset):g}{still}"


def duration(seconds: float) -> str:
    """A time in whole seconds or minutes, or in hours."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
