# SPDX-License-Identifier: GPL-3.0-or-later
"""Give a model file its time MLPs back, so that a full training can start from it.

A model file holds, per norm, a table of gains and offsets over the timesteps that sampling can ask for. What the time
MLPs computed is gone, but not what they computed it for: the embedding's two layers stay as they are freshly drawn, and
each block's linear map is fitted to its table by least squares. Between the table's timesteps it interpolates.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from dbcr_core.model_card import ModelCard
from dbcr_core.model_file import read_model_file
from dbcr_core.network import BridgeNetwork, FoldedBridgeNetwork, NetworkConfig
from dbcr_core.predictors.torch_predictor import read_weights

from .checkpoints import load_checkpoint

RIDGE = 1e-5
SMALLEST_GAIN = 0.05


def load_folded(path: Path) -> tuple[FoldedBridgeNetwork, ModelCard]:
    """The trainable folded network of a model file, and its card."""
    model = read_model_file(str(path))
    network = FoldedBridgeNetwork.empty(NetworkConfig.from_dict(model.card.network), model.card.timesteps)
    weights = read_weights(model)
    network.load_state_dict({name: torch.from_numpy(weights[name]) for name in network.state_dict()})
    return network.train().requires_grad_(True), model.card


def unfold(folded: FoldedBridgeNetwork) -> BridgeNetwork:
    """A trainable network that answers as ``folded`` does at its timesteps, to within a few thousandths of a gain."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = BridgeNetwork(folded.config)
    known = {name.removeprefix("network."): values for name, values in folded.state_dict().items()}
    own = network.state_dict()
    fitting = {name: values for name, values in known.items() if name in own}
    with torch.no_grad():
        embedding = F.silu(network.time(torch.tensor(folded.timesteps)))
        for name, module in network.named_modules():
            if getattr(module, "time", None) is None or isinstance(module, BridgeNetwork):
                continue
            targets = []
            for norm in ("norm1", "norm2"):
                gain, offset = known[f"{name}.{norm}.gain"], known[f"{name}.{norm}.offset"]
                weight, bias = _centre(gain), offset.mean(0)
                fitting[f"{name}.{norm}.weight"], fitting[f"{name}.{norm}.bias"] = weight, bias
                scale = gain / weight - 1
                targets += [scale, offset - bias * (1 + scale)]
            linear = _fit(embedding, torch.cat(targets, 1))
            fitting[f"{name}.time.linear.weight"], fitting[f"{name}.time.linear.bias"] = linear
        # beta and gamma were multiplied into the projections before them.
        for name in own.keys() - fitting.keys():
            if name.endswith((".beta", ".gamma")):
                fitting[name] = torch.ones_like(own[name])
    network.load_state_dict(fitting, strict=False)
    return network


def _centre(gain: Tensor) -> Tensor:
    """The mean gain (c,) of a table (steps, c), kept away from zero, as scales are shares of it."""
    mean = gain.mean(0)
    return torch.where(mean.abs() < SMALLEST_GAIN, torch.where(mean < 0, -SMALLEST_GAIN, SMALLEST_GAIN), mean)


def _fit(inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Weight (k, d) and bias (k,) of the linear map from (n, d) to (n, k) with the least squares and a small ridge."""
    inputs, targets = inputs.double(), targets.double()
    middle, level = inputs.mean(0), targets.mean(0)
    centred = inputs - middle
    gram = centred @ centred.T
    gram += RIDGE * gram.diagonal().mean() * torch.eye(len(gram), dtype=gram.dtype)
    weight = (centred.T @ torch.linalg.solve(gram, targets - level)).T
    return weight.float(), (level - weight @ middle).float()


def starting_weights(path: Path) -> dict[str, Tensor]:
    """State of the network in a model file (``.dbcr``) or of the averaged weights in a checkpoint."""
    if path.suffix != ".dbcr":
        return load_checkpoint(path)["average"]
    return unfold(load_folded(path)[0]).state_dict()
