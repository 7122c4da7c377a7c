# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sampler asks of a network, whichever library runs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from ..errors import ModelError
from ..model_card import ModelCard


@dataclass(frozen=True)
class Prediction:
    """One network evaluation.

    clear: (n, 13, h, w) float32, the estimate x̂₀ of the clear image in reflectance (0…1 nominal, not clipped).
    scale: (n, 13, h, w) float32 or None, the Laplace scale b of the error per band, in reflectance.
    opacity: (n, 2, h, w) float32 or None, cloud and shadow opacity of the *input*, each 0…1.
    """

    clear: np.ndarray
    scale: np.ndarray | None = None
    opacity: np.ndarray | None = None


class Predictor(Protocol):
    """A network bound to a device.

    device names what really runs, for people ("CPU, ONNX Runtime 1.32"). at_once, where there is such an attribute:
    how many threads may call it at the same time; without it only the thread that opened it may. tiles_per_call, where
    there is one: how many tiles one call should hold.
    """

    card: ModelCard
    device: str

    def encode_sar(self, sar: np.ndarray) -> Any:
        """(n, 2, h, w) float32 SAR scaled to 0…1 → features reused by every step of those tiles."""

    def predict_clear(self, x_t: np.ndarray, t: int, sar_features: Any) -> Prediction:
        """(n, 13, h, w) float32 x_t at timestep t → x̂₀ = f(x_t, t, S) (paper, Equation 12)."""

    def close(self) -> None:
        """Frees the network."""


def still_open(network: Any) -> Any:
    """What a predictor computes with, once it is known not to be closed; raises ModelError where it is."""
    if network is None:
        raise ModelError("The model was closed; open it again.")
    return network


MOST_TILES_PER_CALL = 8


def largest_batch(predictor: Predictor) -> int:
    """Tiles that the device's memory holds at once: half as many until a call succeeds."""
    size, count = predictor.card.tile_size, MOST_TILES_PER_CALL
    while count > 1:
        try:
            features = predictor.encode_sar(np.zeros((count, 2, size, size), np.float32))
            predictor.predict_clear(
                np.zeros((count, 13, size, size), np.float32), predictor.card.timesteps[-1], features
            )
            return count
        except ModelError:
            count //= 2
    return count
