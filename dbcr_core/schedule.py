# SPDX-License-Identifier: GPL-3.0-or-later
"""The bridge's time table: α_t, the share of the cloudy image in x_t (paper, Equation 10), and the choice of steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .errors import InputError

STEPS = 1000
"""T, the number of timesteps of the bridge (paper, section IV-B)."""

MAX_NFE = 10
"""Largest number of network evaluations that a user may ask for."""


@dataclass(frozen=True)
class BridgeSchedule:
    """α_t and σ_t for t = 0 … T.

    alphas: (T + 1,) float64, strictly increasing from 0 to 1; x_t = (1 − α_t)·x₀ + α_t·y.
    sigmas: (T + 1,) float64, the standard deviation of x_t around that line in the SDE variant (paper, section V-D),
    zero at both ends; in reflectance units (0…1).
    """

    kind: str
    alphas: np.ndarray
    sigmas: np.ndarray

    def __post_init__(self) -> None:
        if self.alphas.shape != (STEPS + 1,) or self.sigmas.shape != (STEPS + 1,):
            raise InputError(f"A bridge schedule needs {STEPS + 1} values of α and of σ.")
        if self.alphas[0] != 0 or self.alphas[-1] != 1 or not np.all(np.diff(self.alphas) > 0):
            raise InputError("The schedule's α must increase strictly from 0 to 1.")
        if not np.all((self.sigmas >= 0) & (self.sigmas <= 1)) or self.sigmas[0] != 0 or self.sigmas[-1] != 0:
            raise InputError("The schedule's σ must lie between 0 and 1 and be zero at both ends.")


def linear_schedule(noise: float = 0.1) -> BridgeSchedule:
    """α_t = t/T, as in InDI; σ_t is a Brownian bridge's √(α(1 − α)) times `noise`."""
    alphas = np.arange(STEPS + 1, dtype=np.float64) / STEPS
    return BridgeSchedule("linear", alphas, noise * np.sqrt(alphas * (1 - alphas)))


def i2sb_schedule(beta_max: float = 0.3) -> BridgeSchedule:
    """The symmetric table of I2SB: β rises to the middle and falls again, α_t = Σβ up to t over Σβ.

    σ_t² = σ_f²·σ_b² / (σ_f² + σ_b²), with σ_f², σ_b² the variances accumulated from either end.
    """
    rising = np.linspace(np.sqrt(1e-4), np.sqrt(beta_max / STEPS), STEPS // 2) ** 2
    betas = np.concatenate([rising, rising[::-1]])
    forward = np.concatenate([[0.0], np.cumsum(betas)])
    total = forward[-1]
    alphas = forward / total
    alphas[-1] = 1.0
    return BridgeSchedule("i2sb", alphas, np.sqrt(forward * (total - forward) / total))


def schedule_from_card(entry: dict[str, Any]) -> BridgeSchedule:
    """The schedule that a model card's `schedule` entry names ({"kind": "linear" | "i2sb", …})."""
    kind = entry.get("kind")
    with np.errstate(all="ignore"):  # what nonsense in a card makes of the numbers is refused by their values
        if kind == "linear":
            return linear_schedule(float(entry.get("noise", 0.1)))
        if kind == "i2sb":
            return i2sb_schedule(float(entry.get("beta_max", 0.3)))
    raise InputError(f"Unknown bridge schedule {kind!r}; known are 'linear' and 'i2sb'.")


def timesteps(nfe: int) -> tuple[int, ...]:
    """The t of each network evaluation, from T downwards: NFE uniform steps (paper, Algorithm 2), rounded to integers.

    nfe: 1 … 10; raises InputError otherwise.
    """
    if isinstance(nfe, bool) or not isinstance(nfe, (int, np.integer)) or not 1 <= nfe <= MAX_NFE:
        raise InputError(f"NFE must be a whole number from 1 to {MAX_NFE}, not {nfe}.")
    return tuple(round(STEPS * (nfe - k) / nfe) for k in range(nfe))


ALL_TIMESTEPS: tuple[int, ...] = tuple(sorted({t for nfe in range(1, MAX_NFE + 1) for t in timesteps(nfe)}))
"""Every t that any NFE can ask for, ascending: what an exported model's time table must hold."""
