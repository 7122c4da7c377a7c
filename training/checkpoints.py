# SPDX-License-Identifier: GPL-3.0-or-later
"""Checkpoints: everything a run needs to go on as if it had never stopped, read without executing anything."""

from __future__ import annotations

import os
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch

from dbcr_core.errors import InputError, ModelError

from .config import TrainConfig, config_from_dict

FORMAT = 1
# These may change between calls of one run: how long it lasts, how often it reports, where its files lie.
FREE_SETTINGS = ("steps", "epochs", "max_minutes", "validate_every", "checkpoint_every", "init", "name")


def comparable(config: dict[str, Any]) -> dict[str, Any]:
    """The settings that must agree for a checkpoint to be resumed."""
    kept = {k: v for k, v in config.items() if k not in FREE_SETTINGS}
    kept["data"] = {k: v for k, v in config["data"].items() if k not in ("pack", "sen12mscr", "validation")}
    return kept


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write beside the target, then move into place: a crash never leaves half a checkpoint under the final name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    torch.save({"format": FORMAT, **state}, unfinished)
    os.replace(unfinished, path)


def load_checkpoint(path: Path, config: TrainConfig | None = None) -> dict[str, Any]:
    """Read a checkpoint; with ``config``, refuse one that another configuration wrote, and name the difference."""
    if not path.exists():
        raise InputError(f"There is no checkpoint {path}; train first, or name another folder.")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        if state["format"] != FORMAT:
            raise ModelError(f"{path} is a checkpoint of format {state['format']}, not {FORMAT}.")
    except (RuntimeError, UnpicklingError, EOFError, KeyError, TypeError, ValueError, OSError) as error:
        raise ModelError(f"{path} is not a whole checkpoint ({error}); resume from an older one.") from error
    if config is not None:
        # Settings that did not exist when the checkpoint was written had their default value.
        ours, theirs = comparable(config.to_dict()), comparable(config_from_dict(state["config"]).to_dict())
        different = sorted(k for k in ours.keys() | theirs.keys() if ours.get(k) != theirs.get(k))
        if different:
            raise ModelError(
                f"{path} was written by another configuration (it differs in {', '.join(different)}); "
                "choose a new output folder or the configuration that made it."
            )
    return state
