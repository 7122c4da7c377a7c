# SPDX-License-Identifier: GPL-3.0-or-later
"""A model file of the paper's full-size network with random weights: speed does not depend on what it has learned."""

from __future__ import annotations

from pathlib import Path


def write_paper_model(path: Path) -> str:
    """Writes the file (kept if it is there) and returns its path. Needs torch and onnx."""
    import torch

    from dbcr_core.model_card import ModelCard, write_model_file
    from dbcr_core.network import PAPER_CONFIG, BridgeNetwork, FoldedBridgeNetwork
    from dbcr_core.schedule import ALL_TIMESTEPS
    from training.onnx_network import write_graphs

    if path.exists():
        return str(path)
    torch.manual_seed(0)
    network = BridgeNetwork(PAPER_CONFIG)
    with torch.no_grad():
        for weights in network.parameters():
            # What starts at 0 (beta, gamma, last layers) would let a runtime leave whole blocks out.
            if not weights.any():
                weights.normal_(0, 0.05)
    card = ModelCard(
        name="paper-size",
        version="random",
        description="The paper's network with random weights, for measuring speed.",
        licence="GPL-3.0-or-later",
        schedule={"kind": "linear"},
        timesteps=ALL_TIMESTEPS,
        network=PAPER_CONFIG.to_dict(),
        limits=("It has learned nothing.",),
    )
    write_model_file(str(path), card, write_graphs(FoldedBridgeNetwork(network, ALL_TIMESTEPS), int8=False))
    return str(path)
