# SPDX-License-Identifier: GPL-3.0-or-later
"""Exponential moving average of the weights: what is validated and exported."""

from __future__ import annotations

import copy

import torch
from torch import nn


class WeightAverage:
    """Keeps ``average``, a copy of the network whose weights follow it slowly; early on it follows faster."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.decay = decay
        self.average = copy.deepcopy(network).eval().requires_grad_(False)

    @torch.no_grad()
    def update(self, network: nn.Module, step: int) -> None:
        """Take in the network after optimiser step number ``step`` (from 1)."""
        decay = min(self.decay, (1 + step) / (10 + step))
        averaged, current = list(self.average.parameters()), list(network.parameters())
        torch._foreach_lerp_(averaged, current, 1 - decay)
