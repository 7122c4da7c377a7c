# SPDX-License-Identifier: GPL-3.0-or-later
"""Predictors simple enough that a test can say what the scene must look like afterwards."""

from __future__ import annotations

import numpy as np

from dbcr_core.model_card import ModelCard
from dbcr_core.predictors import Prediction
from dbcr_core.schedule import ALL_TIMESTEPS


def plain_card(**changes) -> ModelCard:
    values = {
        "name": "plain",
        "version": "1",
        "description": "for tests",
        "licence": "GPL-3.0-or-later",
        "schedule": {"kind": "linear"},
        "timesteps": ALL_TIMESTEPS,
        "network": {},
    }
    return ModelCard(**{**values, **changes})


class FunctionPredictor:
    """x̂₀ = function(x_t, t, sar); counts its evaluations."""

    device = "test"

    def __init__(self, function, **card) -> None:
        self.card = plain_card(**card)
        self._function = function
        self.evaluations = 0
        self.encoded = 0

    def encode_sar(self, sar):
        self.encoded += 1
        return sar

    def predict_clear(self, x_t, t, sar_features):
        self.evaluations += 1
        result = self._function(x_t, t, sar_features)
        return result if isinstance(result, Prediction) else Prediction(np.asarray(result, np.float32))

    def close(self) -> None:
        pass


def identity() -> FunctionPredictor:
    """A network that returns its input."""
    return FunctionPredictor(lambda x_t, t, sar: x_t)


def brightness_head(threshold: float = 0.3) -> FunctionPredictor:
    """Paints 0.1 everywhere and calls cloud whatever is brighter than the threshold in B02."""

    def predict(x_t, t, sar):
        cloud = (x_t[:, 1:2] > threshold).astype(np.float32)
        return Prediction(np.full_like(x_t, 0.1), np.full_like(x_t, 0.02), np.concatenate([cloud, 0 * cloud], axis=1))

    return FunctionPredictor(predict, heads=("scale", "opacity"))


def tile_dependent() -> FunctionPredictor:
    """A network whose result depends on the whole tile, so that a wrong tile shows; it finds clouds, too."""
    known = brightness_head()

    def predict(x_t, t, sar):
        clear = 0.4 * x_t + 0.1 * sar[:, :1] + 0.05 * x_t.mean((2, 3), keepdims=True) * (t / 1000)
        found = known.predict_clear(x_t, t, sar)
        return Prediction(clear.astype(np.float32), found.scale + 0.1 * clear, found.opacity)

    return FunctionPredictor(predict, heads=("scale", "opacity"))
