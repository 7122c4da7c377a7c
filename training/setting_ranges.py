# SPDX-License-Identifier: GPL-3.0-or-later
"""Which values a setting may have, so that a slip is told before hours are spent on it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from dbcr_core.errors import InputError

INFINITY = float("inf")
SHARE = (0, 1)
AMOUNT = (0, INFINITY)
COUNT = (1, INFINITY)
SHARES = frozenset(
    {
        "real_pairs", "transplanted", "date_change", "surroundings", "terminal_share", "walked", "start",
        "l2a", "ten", "four", "rgb", "vh", "sar", "clear", "overcast", "veil", "mixed", "saturated", "gloom",
    }
)  # fmt: skip
COUNTS = frozenset({"validate_every", "checkpoint_every", "crop", "batch"})
ABOVE_ZERO = frozenset({"learning_rate", "clip"})
MOST_SEED = 2**32 - 1
"""Seeds are multiplied by other numbers, whose products torch must be able to hold."""


def check_ranges(settings: Any, where: str = "") -> None:
    """Refuse numbers of a dataclass of settings that make no sense; ``where`` precedes the names in the message.

    Raises InputError that names the setting. Tables within are checked for themselves.
    """
    for name in (f.name for f in fields(settings)):
        value = getattr(settings, name)
        if type(value) not in (int, float):
            continue
        low, high = SHARE if name in SHARES else COUNT if name in COUNTS else AMOUNT
        if name == "seed":
            high = MOST_SEED
        # Written so that NaN fits nowhere.
        fits = low <= value <= high and value < INFINITY and not (name in ABOVE_ZERO and value == 0)
        if name == "ema":
            fits = 0 <= value < 1
        if not fits:
            raise InputError(f"{where}{name} must be {_words(name, low, high)}, not {value!r}")


def check_sum(settings: Any, names: tuple[str, ...], where: str) -> None:
    """Refuse shares of one whole that are more than it."""
    total = sum(getattr(settings, name) for name in names)
    if total > 1 + 1e-9:
        listed = ", ".join(f"{where}{name}" for name in names)
        raise InputError(f"{listed} are shares of one whole and must not be more than 1 together, not {total:g}")


def check_weights(weights: Any, where: str) -> None:
    """Refuse weights of groups that are no numbers, below 0, or all 0."""
    if not isinstance(weights, dict):
        raise InputError(f"{where} is a table of numbers, not {weights!r}")
    for name, value in weights.items():
        if type(value) not in (int, float) or not 0 <= value < INFINITY:
            raise InputError(f"{where}.{name} must be a number of 0 or above, not {value!r}")
    if weights and not any(weights.values()):
        raise InputError(f"{where} are all 0; give one a weight")


def _words(name: str, low: float, high: float) -> str:
    if name == "ema":
        return "at least 0 and below 1"
    if name in ABOVE_ZERO:
        return "above 0"
    return f"from {low} to {high}" if high < INFINITY else f"{low} or above"
