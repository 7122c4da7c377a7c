# SPDX-License-Identifier: GPL-3.0-or-later
"""What a model's card is to say of its weights: put together from texts, the run that trained them, an evaluation."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dbcr_core.band_names import BAND_SETS, OPTICAL_BANDS
from dbcr_core.errors import InputError
from dbcr_core.model_card import ModelCard
from dbcr_core.model_file import read_model_file

from .card_texts import best_mask, read_card_texts, read_evaluation
from .checkpoints import load_checkpoint
from .moments import scene_moments
from .pack import scenes_of

LICENCE = "GPL-3.0-or-later"


def band_sets_of(trained: Sequence[str]) -> tuple[str, ...]:
    """The sets of bands that a model serves which has learnt these."""
    return tuple(names for names in BAND_SETS if set(names.split(",")) <= set(trained))


def card_facts(checkpoint: Path, card_text: Path | None, evaluation: Path | None, device: str) -> dict[str, Any]:
    """What people want to know of the weights: texts from a TOML file, the run's figures, the evaluation's metrics.

    Raises InputError and ModelError that name the file that does not fit.
    """
    texts, metrics = read_card_texts(card_text), read_evaluation(evaluation)
    state = load_checkpoint(checkpoint)
    config, trained = state["config"], tuple(state.get("trained_bands", OPTICAL_BANDS))
    facts = {
        "name": config["name"],
        "version": "0",
        "description": "A bridge network trained with `python -m training train`.",
        "licence": LICENCE,
        "limits": (),
        "band_moments": tuple(state.get("band_moments", ())),
        "trained_bands": trained,
        "band_sets": band_sets_of(trained),
        **{k: v for k, v in texts.items() if k not in ("data", "earlier")},
    }
    facts["training"] = {
        "data": list(texts["data"]) if "data" in texts else config["data"]["groups"],
        "steps": state["step"],
        "samples": state["samples"],
        "hours": round(state["elapsed"] / 3600, 2),
        "device": device,
        "seed": config["seed"],
        **({"earlier": texts["earlier"]} if "earlier" in texts else {}),
        "commit": state.get("commit") or current_commit(),
        "config": config,
    }
    facts["mask_threshold"], facts["training"]["mask_threshold_from"], facts["metrics"] = _threshold(
        texts.get("mask_threshold"), best_mask(evaluation), config.get("init", ""), metrics
    )
    return facts


def card_changes(card_text: Path | None, evaluation: Path | None, bands_of: Sequence[Path]) -> dict[str, Any]:
    """What `rewrite_model` shall change in a card: texts from a TOML file, those about training under "training", an
    evaluation's metrics, how the bands go together in packs or folders of scenes. Raises InputError that names what
    does not fit."""
    texts = read_card_texts(card_text)
    told = {name: texts.pop(name) for name in ("data", "earlier") if name in texts}
    changes = {**texts, **({"training": told} if told else {})}
    if evaluation is not None:
        changes["metrics"] = read_evaluation(evaluation)
    if bands_of:
        scenes = [scene for path in bands_of for scene in scenes_of(path)]
        changes["band_moments"] = scene_moments(scenes)
        if not changes["band_moments"]:
            raise InputError("No scene there has all 13 bands; name scenes or packs that have.")
    return changes


def current_commit() -> str:
    """The revision of the code, or "unknown"."""
    here = Path(__file__).parent
    try:
        answer = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=here, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return answer.stdout.strip()


def judged_at(threshold: float, metrics: dict[str, Any], best: dict[str, float] | None = None) -> dict[str, Any]:
    """The metrics, and of a mask only what was judged at that threshold: a checkpoint's own may have had another."""
    judged = {}
    for name, kept in metrics.items():
        others = {k: v for k, v in kept.items() if k != "auto_mask"}
        rows = [row for row in (kept.get("auto_mask"), best) if row and row["threshold"] == threshold]
        judged[name] = {**others, "auto_mask": rows[0]} if rows else others
    return judged


def _threshold(
    written: float | None, best: dict[str, float] | None, init: str, metrics: dict[str, Any]
) -> tuple[float, str, dict[str, Any]]:
    """The opacity from which the model's own mask reconstructs, where it comes from, and the metrics as they are then.

    That of the card text, else what the evaluation found, else that of the model file that training began with.
    """
    if written is not None:
        threshold, source = written, "as the card text says"
    elif best is not None:
        threshold, source = best["threshold"], "as the evaluation found"
    elif init.endswith(".dbcr") and Path(init).exists():
        threshold, source = read_model_file(init).card.mask_threshold, f"that of {Path(init).name}"
    else:
        threshold, source = ModelCard.mask_threshold, "which nobody has judged"
    return threshold, source, judged_at(threshold, metrics, best)
