# SPDX-License-Identifier: GPL-3.0-or-later
"""Adapt a model file to one's own region: clear dates with SAR, simulated clouds, a few hundred steps on a CPU.

A model file holds no time MLPs, only the table they fold into. So the folded network itself is trained, table included:
each step draws one of the table's timesteps for the whole batch.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.errors import Cancelled, DbcrError, InputError
from dbcr_core.model_card import ModelCard
from dbcr_core.network import FoldedBridgeNetwork

from .card_facts import band_sets_of, current_commit
from .card_texts import read_card_texts
from .checkpoints import load_checkpoint, save_checkpoint
from .clouds import CloudSettings, CloudSimulator
from .config import DataSettings, DropSettings
from .datasets.scene_folders import require_clear
from .ema import WeightAverage
from .export import write_answered
from .files import whole_file
from .interrupts import StopRequest
from .loop import learning_rate_share
from .objective import bridge_losses, point_on_bridge
from .onnx_network import write_graphs
from .pack import scenes_of
from .packing import cloud_spectra
from .run import flush_denormals
from .sampling import CropSampler
from .unfolding import load_folded
from .weights_hash import weights_hash

EMA_DECAY = 0.99
HEAD_WEIGHT = 0.1
TERMINAL_SHARE = 0.4
SAVE_EVERY = 50


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
    card_text: Path | None = None,
) -> ModelCard:
    """Train on ``scenes`` (a folder as in ``datasets.scene_folders``, or a pack) and write a new model file.

    ``steps``, ``batch``: above 0; ``crop``: pixels, a multiple of the network's stride. ``card_text``: TOML as
    ``read_card_texts`` takes it. Raises InputError for these and without clear scenes, DbcrError when the loss is no
    number, OSError where the disk refuses; Cancelled after Ctrl-C or SIGTERM. Then no model file is written, but every
    50 steps and when stopped ``<output>.resume.pt``, from which the next call goes on.
    """
    texts = read_card_texts(card_text)
    torch.manual_seed(seed)
    flush_denormals()
    network, card = load_folded(model)
    if steps < 1 or batch < 1 or crop < 1 or crop % network.config.stride:
        raise InputError(
            f"{steps} steps of {batch} crops of {crop} pixels cannot be done; steps and batch must be above 0, "
            f"the crop a multiple of {network.config.stride}."
        )
    found = scenes_of(scenes)
    require_clear(found, scenes)
    spectra = cloud_spectra(found, card.band_moments)
    simulator = CloudSimulator(CloudSettings(), torch.from_numpy(spectra / 10000).float() if len(spectra) else None)
    sampler = CropSampler(found, DataSettings(), DropSettings(), simulator, seed, band_moments=card.band_moments)
    settings = {
        "model": weights_hash(model, False), "scenes": [s.id for s in found], "steps": steps, "crop": crop,
        "batch": batch, "seed": seed,
    }  # fmt: skip
    average = WeightAverage(network, EMA_DECAY)
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, betas=(0.9, 0.99), weight_decay=1e-4)
    alphas = torch.tensor(card.bridge_schedule.alphas, dtype=torch.float32)
    random = np.random.default_rng(seed)
    began = time.monotonic()
    so_far = output.with_name(f"{output.stem}.resume.pt")
    done, parts = 0, {"network": network, "average": average.average, "optimiser": optimiser}
    if so_far.exists():
        state = load_checkpoint(so_far)
        if state["config"] != settings:
            raise InputError(
                f"{so_far} was begun with another model, other scenes or settings; give those, "
                "or remove it to begin anew."
            )
        for name, part in parts.items():
            part.load_state_dict(state[name])
        done, began = state["step"], began - state["elapsed"]
    with StopRequest() as request:
        for step in range(steps):
            is_terminal = random.random() < TERMINAL_SHARE
            place = len(card.timesteps) - 1 if is_terminal else int(random.integers(len(card.timesteps)))
            if step >= done:
                for group in optimiser.param_groups:
                    group["lr"] = rate * learning_rate_share(step, max(1, steps // 20), step / steps)
                loss = _train_step(network, sampler(step, crop, batch), place, alphas[card.timesteps[place]])
                if not torch.isfinite(loss):
                    raise DbcrError(f"The loss is not a number any more at step {step}; try a lower --rate.")
                nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimiser.step()
                optimiser.zero_grad(set_to_none=True)
                average.update(network, step + 1)
                if request.asked or (step + 1) % SAVE_EVERY == 0:
                    state = {name: part.state_dict() for name, part in parts.items()}
                    spent = {"step": step + 1, "elapsed": time.monotonic() - began}
                    save_checkpoint(so_far, {"config": settings, **state, **spent})
            if bar is not None:
                bar.update(1)
            if request.asked:
                raise Cancelled(f"Interrupted at step {max(done, step + 1)}; run the same command to resume.")
    facts: dict[str, Any] = {
        "from": card.id,
        **{name: settings[name] for name in ("scenes", "steps", "seed")},
        "minutes": round((time.monotonic() - began) / 60, 1),
        **{name: texts.pop(name) for name in ("data", "earlier") if name in texts},
    }
    tuned = tuned_card(learnt(card, sampler.trained_bands), facts, texts, output.stem)
    with whole_file(output) as unfinished:
        tuned = write_answered(unfinished, tuned, write_graphs(average.average, True, card.tile_size))
    so_far.unlink(missing_ok=True)
    return tuned


def learnt(card: ModelCard, bands: Sequence[str]) -> ModelCard:
    """The card of weights that were shown further bands: what they have learnt is no longer left as in the image."""
    known = tuple(band for band in OPTICAL_BANDS if band in card.trained_bands or band in bands)
    return replace(card, trained_bands=known, band_sets=band_sets_of(known))


def tuned_card(card: ModelCard, facts: dict[str, Any], texts: dict[str, Any], file_name: str) -> ModelCard:
    """The card of what was tuned from the model of ``card``, without what holds for that model's weights alone.

    ``facts``: how; ``texts``: entries of the card that people wrote. Unless they say otherwise the version names the
    file, so that two models tuned from one can be told apart.
    """
    count = len(facts["scenes"])
    told = "It was adapted to one region and not judged since: compare it with the truth at places that did not train."
    # The expected errors were fitted to the old weights, too, and are none of these.
    kept = {name: value for name, value in card.training.items() if not name.startswith("scale_")}
    return replace(
        card,
        **{
            "name": f"{card.name}-finetuned",
            "version": f"{card.version}-{file_name}",
            "description": f"{card.id}, adapted to {count} scene{'' if count == 1 else 's'} of one region.",
            "limits": (told, *card.limits),
            **texts,
        },
        metrics={},
        training={**kept, "commit": current_commit(), "finetuned": facts},
    )


def _train_step(network: FoldedBridgeNetwork, batch, place: int, alpha: Tensor) -> Tensor:
    alpha = alpha.expand(len(batch.clear))
    x_t = point_on_bridge(batch, alpha, None)
    output = network(x_t, torch.tensor([place]), network.encode_sar(batch.sar))
    loss, total = bridge_losses(output, batch, alpha, HEAD_WEIGHT if network.config.heads else 0.0)
    total.backward()
    return loss.detach()
