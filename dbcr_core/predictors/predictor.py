# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sampler asks of a network, whichever library runs it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Callable, Protocol

import numpy as np

from ..errors import ModelError
from ..model_card import ModelCard


@dataclass(frozen=True)
class Prediction:
    """One network evaluation.

    clear: (n, 13, h, w) float32, the estimate x̂₀ of the clear image in reflectance (0…1 nominal, not clipped).
    scale: (n, 13, h, w) float32 or None, the Laplace scale b of the error per band, in reflectance.
    opacity: (n, 2, h, w) float32 or None, cloud and shadow opacity of the *input*, each 0…1.
    Both are the first step's: where t < T, x_t is not the input any more, and a predictor may leave them out.
    """

    clear: np.ndarray
    scale: np.ndarray | None = None
    opacity: np.ndarray | None = None


class DevicePrediction(Prediction):
    """A prediction in a device's memory: what is asked for is copied from there, and no longer kept there.

    values: name → whatever the device calls an array. fetch: such a value → float32 array.
    """

    values: dict[str, Any]
    fetch: Callable[[Any], np.ndarray]

    def __init__(self, values: dict[str, Any], fetch: Callable[[Any], np.ndarray]) -> None:
        vars(self).update(values=values, fetch=fetch)

    @cached_property
    def clear(self) -> np.ndarray:  # type: ignore[override]
        return self.fetch(self.values.pop("clear"))

    @cached_property
    def scale(self) -> np.ndarray | None:  # type: ignore[override]
        return self.fetch(self.values.pop("scale")) if "scale" in self.values else None

    @cached_property
    def opacity(self) -> np.ndarray | None:  # type: ignore[override]
        return self.fetch(self.values.pop("opacity")) if "opacity" in self.values else None


def clear_on_device(prediction: Prediction) -> Any:
    """x̂₀ where it lies: a device's own value, or an array once it was copied from there."""
    held = getattr(prediction, "values", {})
    if "clear" in held:
        return held["clear"]
    return prediction.clear


@dataclass(frozen=True)
class DeviceState:
    """An x_t that stays in a device's memory between two steps; `numpy.asarray` copies it from there."""

    value: Any
    fetch: Callable[[Any], np.ndarray]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return self.fetch(self.value).astype(dtype or np.float32, copy=False)


class Evaluator(Protocol):
    """What a walk over the bridge asks of a network."""

    card: ModelCard

    def predict_clear(self, x_t: np.ndarray, t: int, sar_features: Any) -> Prediction:
        """(n, 13, h, w) float32 x_t at timestep t → x̂₀ = f(x_t, t, S) (paper, Equation 12)."""


class Predictor(Evaluator, Protocol):
    """A network bound to a device.

    A device with a memory of its own may have, beside these, `advance(x_t, prediction, ratio, noise)`: the next state
    of the bridge as a `DeviceState`, from which `predict_clear` goes on; `sample_bridge` says what it computes.

    device names what really runs, for people ("CPU, ONNX Runtime 1.32"). at_once, where there is such an attribute:
    how many threads may call it at the same time; without it only the thread that opened it may. tiles_per_call, where
    there is one: how many tiles one call should hold, or else one, as other numbers may take seconds to get ready for.
    """

    device: str

    def encode_sar(self, sar: np.ndarray) -> Any:
        """(n, 2, h, w) float32 SAR scaled to 0…1 → features reused by every step of those tiles."""

    def close(self) -> None:
        """Frees the network."""


def calls_at_once(predictor: Predictor) -> int:
    """How many threads may call it at the same time; 0 where only the one that opened it may."""
    return getattr(predictor, "at_once", 0)


def tiles_per_call(predictor: Predictor) -> int:
    """How many tiles one call should hold."""
    return getattr(predictor, "tiles_per_call", 1)


def still_open(network: Any) -> Any:
    """What a predictor computes with, once it is known not to be closed; raises ModelError where it is."""
    if network is None:
        raise ModelError("The model was closed; open it again.")
    return network


MOST_TILES_PER_CALL = 8

CALLS_AT_ONCE = 2
"""On a card: while one call computes, the other copies and prepares what comes next."""


def largest_batch(predictor: Predictor, too_many: Callable[[int], object] = lambda _: None) -> int:
    """Tiles that the device's memory holds, `at_once` calls at a time: half as many until such calls succeed.

    too_many: told each number of tiles that failed, as what was prepared for it may hold memory.
    """
    size, count = predictor.card.tile_size, MOST_TILES_PER_CALL
    calls = max(1, calls_at_once(predictor))

    def call(_: int) -> None:
        features = predictor.encode_sar(np.zeros((count, 2, size, size), np.float32))
        x_t = np.zeros((count, 13, size, size), np.float32)
        predictor.predict_clear(x_t, predictor.card.timesteps[-1], features)

    while count > 1:
        try:
            call(0)  # a session that prepares itself for a shape should not have to do so in several threads
            if calls > 1:
                with ThreadPoolExecutor(calls) as pool:
                    list(pool.map(call, range(calls)))
            return count
        except ModelError:
            too_many(count)
            count //= 2
    return count
