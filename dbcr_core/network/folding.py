# SPDX-License-Identifier: GPL-3.0-or-later
"""Fold the time MLPs of a network into tables over the few timesteps that sampling can ask for."""

from __future__ import annotations

import copy
from collections.abc import Container, Sequence

import torch
from torch import Tensor, nn

from ..model_card import HEADS
from .backbone import BridgeNetwork, NetworkOutput
from .blocks import FoldedNorm, NAFBlock


class FoldedBridgeNetwork(nn.Module):
    """A bridge network for inference that takes a step index instead of a time; the same function, much smaller.

    ``timesteps`` are ascending; index i stands for ``timesteps[i]``. Time scale and shift are multiplied into the
    norms' own gain and offset, so that a conditioned norm costs one layer norm; beta and gamma go into projections.
    """

    def __init__(self, network: BridgeNetwork, timesteps: Sequence[int]) -> None:
        super().__init__()
        self.timesteps = tuple(int(t) for t in timesteps)
        network = copy.deepcopy(network).float().eval()
        with torch.no_grad():
            device = next(network.parameters()).device
            embedding = network.time(torch.tensor(self.timesteps, device=device))
            for module in list(network.modules()):
                if getattr(module, "time", None) is None or isinstance(module, BridgeNetwork):
                    continue
                scale1, shift1, scale2, shift2 = (a[:, 0, 0, :] for a in module.time(embedding))
                module.norm1 = _fold_norm(module.norm1, scale1, shift1)
                module.norm2 = _fold_norm(module.norm2, scale2, shift2)
                module.time = None
            for module in network.modules():
                if isinstance(module, NAFBlock):
                    module.fold_scales()
        network.time = None  # type: ignore[assignment]
        self.network = network.requires_grad_(False)
        self.config = network.config

    @classmethod
    def empty(cls, network_config, timesteps: Sequence[int]) -> FoldedBridgeNetwork:
        """The same structure with weights still to be loaded by ``load_state_dict``."""
        return cls(BridgeNetwork(network_config), timesteps)

    def encode_sar(self, sar: Tensor) -> tuple[Tensor, ...]:
        return self.network.encode_sar(sar)

    def forward(
        self, x_t: Tensor, step: Tensor, sar_features: Sequence[Tensor], heads: Container[str] = HEADS
    ) -> NetworkOutput:
        """``step`` int64 (1,): index into ``timesteps``, the same for the whole batch. ``heads``: those computed."""
        return self.network.restore(x_t, step, sar_features, heads)


def _fold_norm(norm: nn.Module, scale: Tensor, shift: Tensor) -> FoldedNorm:
    return FoldedNorm(norm.weight * (1 + scale), norm.bias * (1 + scale) + shift)
