# SPDX-License-Identifier: GPL-3.0-or-later
"""Adapt a model file to one's own region: clear dates with SAR, simulated clouds, a few hundred steps on a CPU.

A model file holds no time MLPs, only the table they fold into. So the folded network itself is trained, table included:
each step draws one of the table's timesteps for the whole batch.
"""

from __future__ import annotations

import time
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from dbcr_core.errors import DbcrError, InputError
from dbcr_core.model_card import ModelCard
from dbcr_core.network import FoldedBridgeNetwork

from .clouds import CloudSettings, CloudSimulator
from .config import DataSettings, DropSettings
from .datasets.scene_folders import read_scenes
from .ema import WeightAverage
from .export import write_answered
from .loop import learning_rate_share
from .objective import bridge_losses, point_on_bridge
from .onnx_network import write_graphs
from .pack import load_pack
from .sampling import CropSampler
from .unfolding import load_folded

EMA_DECAY = 0.99
HEAD_WEIGHT = 0.1
TERMINAL_SHARE = 0.4


def finetune(
    model: Path,
    scenes: Path,
    output: Path,
    steps: int = 300,
    crop: int = 64,
    batch: int = 4,
    rate: float = 2e-4,
    seed: int = 0,
    bar=None,
) -> ModelCard:
    """Train on ``scenes`` (a folder as in ``datasets.scene_folders``, or a pack) and write a new model file.

    Raises InputError without clear scenes, DbcrError when the loss is no number; then nothing is written.
    """
    torch.manual_seed(seed)
    torch.set_flush_denormal(True)
    network, card = load_folded(model)
    found = load_pack(scenes)[0] if scenes.suffix == ".npz" else list(read_scenes(scenes))
    if not any(s.clear is not None for s in found):
        raise InputError(f"{scenes} holds no clear image; add at least one <id>/s2_clear.tif.")
    sampler = CropSampler(found, DataSettings(), DropSettings(), CloudSimulator(CloudSettings()), seed)
    average = WeightAverage(network, EMA_DECAY)
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, betas=(0.9, 0.99), weight_decay=1e-4)
    alphas = torch.tensor(card.bridge_schedule.alphas, dtype=torch.float32)
    random = np.random.default_rng(seed)
    began = time.monotonic()
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = rate * learning_rate_share(step, max(1, steps // 20), step / steps)
        place = (
            len(card.timesteps) - 1 if random.random() < TERMINAL_SHARE else int(random.integers(len(card.timesteps)))
        )
        loss = _train_step(network, sampler(step, crop, batch), place, alphas[card.timesteps[place]])
        if not torch.isfinite(loss):
            raise DbcrError(f"The loss is not a number any more at step {step}; try a lower --rate.")
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        average.update(network, step + 1)
        if bar is not None:
            bar.update(1)
    values: dict[str, Any] = {f.name: getattr(card, f.name) for f in fields(card)}
    values["name"] = f"{card.name}-finetuned"
    values["metrics"] = {}
    values["training"] = {
        **card.training,
        "finetuned": {
            "from": card.id,
            "scenes": [s.id for s in found],
            "steps": steps,
            "seed": seed,
            "minutes": round((time.monotonic() - began) / 60, 1),
        },
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    return write_answered(output, ModelCard(**values), write_graphs(average.average, True, card.tile_size))


def _train_step(network: FoldedBridgeNetwork, batch, place: int, alpha: Tensor) -> Tensor:
    alpha = alpha.expand(len(batch.clear))
    x_t = point_on_bridge(batch, alpha, None)
    output = network(x_t, torch.tensor([place]), network.encode_sar(batch.sar))
    loss, total = bridge_losses(output, batch, alpha, HEAD_WEIGHT if network.config.heads else 0.0)
    total.backward()
    return loss.detach()
