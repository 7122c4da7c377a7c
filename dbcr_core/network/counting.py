# SPDX-License-Identifier: GPL-3.0-or-later
"""Count parameters and multiply-accumulates on the real modules, by the rules the paper's figures follow (THOP)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .backbone import BridgeNetwork
from .blocks import GlobalMean
from .config import NetworkConfig


def count_parameters(config: NetworkConfig) -> int:
    """Number of trainable values; 18,062,8xx for the paper's network."""
    with torch.device("meta"):
        return sum(p.numel() for p in BridgeNetwork(config).parameters())


def count_macs(config: NetworkConfig, size: int = 256) -> int:
    """Multiply-accumulates of one evaluation, SAR encoder included, on a (1, 13, size, size) tile.

    Convolutions and linear maps count without their bias, a global mean counts one addition per value; norms, gates and
    the attention's own products do not count, as THOP has no rule for them.
    """
    total = 0

    def count(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal total
        if isinstance(module, nn.Conv2d):
            total += output.numel() * module.weight[0].numel()
        elif isinstance(module, GlobalMean):
            total += inputs[0].numel()
        else:
            total += output.numel() * module.in_features

    with torch.device("meta"):
        network = BridgeNetwork(config)
        for module in network.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear, GlobalMean)):
                module.register_forward_hook(count)
        features = network.encode_sar(torch.zeros(1, 2, size, size))
        network(torch.zeros(1, 13, size, size), torch.ones(1), features)
    return total
