# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks with random weights, as torch modules and as model files: speed does not depend on what was learned."""

from __future__ import annotations

from pathlib import Path

from dbcr_core.model_file import write_model_file
from dbcr_core.network import BridgeNetwork, FoldedBridgeNetwork, NetworkConfig
from dbcr_core.schedule import ALL_TIMESTEPS
from tests.core.predictors import plain_card


def random_network(config: NetworkConfig) -> BridgeNetwork:
    """The same weights in every call. What starts at 0 does not stay so: a runtime could leave whole blocks out."""
    import torch

    torch.manual_seed(0)
    network = BridgeNetwork(config).eval().requires_grad_(False)
    for weights in network.parameters():
        if not weights.any():
            weights.normal_(0, 0.05)
    return network


def write_model(path: Path, network: BridgeNetwork) -> str:
    """A model file of the network, float32; returns its path."""
    from training.onnx_network import write_graphs

    card = plain_card(
        name=path.stem,
        version="random",
        description="Random weights, for measuring speed.",
        network=network.config.to_dict(),
        heads=network.config.heads,
        limits=("It has learned nothing.",),
    )
    write_model_file(str(path), card, write_graphs(FoldedBridgeNetwork(network, ALL_TIMESTEPS), int8=False))
    return str(path)
