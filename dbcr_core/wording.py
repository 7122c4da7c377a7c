# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers as people read them."""

from __future__ import annotations


def percent(share: float) -> str:
    """A share (0 … 1) in whole percents, none of them rounded away to nothing."""
    return "less than 1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"
