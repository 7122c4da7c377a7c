# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs the network: one protocol, ONNX Runtime and torch behind it, and the choice of a device."""

from __future__ import annotations

from .predictor import DEVICES, Prediction, Predictor, largest_batch, open_predictor

__all__ = ["DEVICES", "Prediction", "Predictor", "largest_batch", "open_predictor"]
