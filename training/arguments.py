# SPDX-License-Identifier: GPL-3.0-or-later
"""Types of command line arguments: out of range is a wrong command line, told before anything is read."""

from __future__ import annotations

from argparse import ArgumentTypeError


def whole_number(text: str, least: int = 0, most: int = 2**32 - 1) -> int:
    """A whole number from ``least`` to ``most``."""
    try:
        value = int(text)
    except ValueError:
        value = None
    if value is None or not least <= value <= most:
        raise ArgumentTypeError(f"must be a whole number from {least} to {most}, not {text!r}")
    return value


def count(text: str) -> int:
    """A whole number above 0."""
    return whole_number(text, 1)


def evaluations(text: str) -> int:
    """A number of network evaluations that sampling can do."""
    from dbcr_core.schedule import MAX_NFE

    return whole_number(text, 1, MAX_NFE)


def amount(text: str) -> float:
    """A number of 0 or above, and finite."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise ArgumentTypeError(f"must be a number of 0 or above, not {text!r}")
    return value


def positive(text: str) -> float:
    """A number above 0, and finite."""
    value = amount(text)
    if not value:
        raise ArgumentTypeError(f"must be a number above 0, not {text!r}")
    return value
