# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs the network: one protocol, ONNX Runtime and torch behind it, and the choice of a device."""

from __future__ import annotations

from .keeper import PredictorKeeper
from .opening import DEVICES, auto_device, open_predictor
from .predictor import Evaluator, Prediction, Predictor, calls_at_once, largest_batch, tiles_per_call

__all__ = [
    "DEVICES",
    "Evaluator",
    "Prediction",
    "Predictor",
    "PredictorKeeper",
    "auto_device",
    "calls_at_once",
    "largest_batch",
    "open_predictor",
    "tiles_per_call",
]
