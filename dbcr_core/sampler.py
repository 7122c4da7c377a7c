# SPDX-License-Identifier: GPL-3.0-or-later
"""The walk from the cloudy image to the clear one (paper, Algorithm 2), as a generator.

Each `next()` costs one network evaluation, so progress, cancelling and previews need nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Iterator

import numpy as np

from .predictors import Evaluator, Prediction
from .schedule import timesteps

NoiseField = Callable[[int], np.ndarray]
"""t → standard normal noise of the shape of x_t, for the SDE variant."""


@dataclass(frozen=True)
class BridgeStep:
    """One finished evaluation: its number (from 1), its t, the network's prediction, and the next state.

    x_next: (n, 13, h, w) float32, x_{t−δ}; after the last step it is the reconstruction itself, before that what
    `numpy.asarray` makes such an array of, as a device may keep it.
    """

    number: int
    t: int
    prediction: Prediction
    x_next: np.ndarray


def sample_bridge(
    predictor: Evaluator, cloudy: np.ndarray, sar_features: Any, nfe: int, noise: NoiseField | None = None
) -> Iterator[BridgeStep]:
    """Yields NFE bridge steps, from t = T to 0.

    cloudy: (n, 13, h, w) float32 reflectance 0…1, y. sar_features: what `predictor.encode_sar` returned.
    ODE (paper, Equation 12): x_{t−δ} = (1 − α_{t−δ}/α_t)·x̂₀ + (α_{t−δ}/α_t)·x_t.
    SDE (paper, Equation 17), where `noise` is given: the same mean from the state without its old noise share, plus
    fresh noise so that x_{t−δ} has standard deviation σ_{t−δ} around the line between x̂₀ and y.
    Raises InputError for an NFE outside 1 … 10.
    """
    schedule = predictor.card.bridge_schedule
    alphas, sigmas = schedule.alphas, schedule.sigmas
    advance = getattr(predictor, "advance", _advance)
    steps = timesteps(nfe)
    x_t: Any = cloudy
    for number, t in enumerate(steps, start=1):
        prediction = predictor.predict_clear(x_t, t, sar_features)
        if number == nfe:
            yield BridgeStep(number, t, prediction, prediction.clear)
            return
        t_next = steps[number]
        ratio, fresh = alphas[t_next] / alphas[t], None
        if noise is not None:
            fresh = np.float32(_fresh_noise(sigmas[t], sigmas[t_next], ratio)) * noise(t_next)
        x_t = advance(x_t, prediction, ratio, fresh)
        yield BridgeStep(number, t, prediction, x_t)


def _advance(x_t: np.ndarray, prediction: Prediction, ratio: float, noise: np.ndarray | None) -> np.ndarray:
    """Equation 12. Written around x_t so that a network that returns its input leaves it exactly as it was."""
    x_next = x_t + np.float32(1 - ratio) * (prediction.clear - x_t)
    return x_next if noise is None else x_next + noise


def _fresh_noise(sigma: float, sigma_next: float, ratio: float) -> float:
    """Standard deviation to add at t−δ: Equation 12 carries `ratio`·σ_t of the old noise along, the rest is fresh."""
    return float(np.sqrt(max(0.0, sigma_next**2 - (ratio * sigma) ** 2)))
