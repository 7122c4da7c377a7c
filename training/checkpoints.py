# SPDX-License-Identifier: GPL-3.0-or-later
"""Checkpoints: everything a run needs to go on as if it had never stopped, read without executing anything."""

from __future__ import annotations

import io
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch

from dbcr_core.errors import InputError, ModelError

from .config import TrainConfig, config_from_dict
from .files import whole_file

FORMAT = 1
# These may change between calls of one run: how long it lasts, how often it reports, where its data lie.
# And the learning rate, as lowering it is the remedy for a loss that has exploded.
FREE_SETTINGS = (
    "steps", "epochs", "max_minutes", "validate_every", "checkpoint_every", "name", "learning_rate",
)  # fmt: skip
WEIGHTS_ONLY = frozenset({"format", "config", "average"})
TO_RESUME = frozenset({"network", "optimiser", "step", "samples", "elapsed", "best"})


def comparable(config: dict[str, Any]) -> dict[str, Any]:
    """The settings that must agree for a checkpoint to be resumed."""
    kept = {k: v for k, v in config.items() if k not in FREE_SETTINGS}
    kept["data"] = {k: v for k, v in config["data"].items() if k not in ("pack", "sen12mscr", "validation")}
    return kept


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """A crash never leaves half a checkpoint under the final name. Raises OSError where the disk refuses."""
    # By way of memory, as torch has no word of its own for a full disk.
    content = io.BytesIO()
    torch.save({"format": FORMAT, **state}, content)
    with whole_file(path) as unfinished:
        unfinished.write_bytes(content.getbuffer())


def load_checkpoint(path: Path, config: TrainConfig | None = None) -> dict[str, Any]:
    """Read a checkpoint; with ``config``, one that ``train`` can resume.

    Raises InputError without the file, ModelError for a damaged or foreign one, and for one that another configuration
    wrote: then the difference is named.
    """
    if not path.exists():
        raise InputError(f"There is no checkpoint {path}; train first, or name another folder.")
    if path.suffix == ".dbcr":
        raise InputError(f"{path} is a model file, not a checkpoint; name a last.pt or best.pt, or use `finetune`.")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror}); check the path and its permissions.") from error
    except (RuntimeError, UnpicklingError, EOFError, KeyError, TypeError, ValueError) as error:
        # What torch says is several sentences about pickles, or a number.
        raise ModelError(f"{path} is not a whole checkpoint; use an older one, or train anew.") from error
    if not isinstance(state, dict) or "format" not in state:
        raise ModelError(f"{path} is not a checkpoint of `train`; name a last.pt or best.pt.")
    if state["format"] != FORMAT:
        raise ModelError(f"{path} is a checkpoint of format {state['format']}, not {FORMAT}; train it anew.")
    missing = sorted((WEIGHTS_ONLY if config is None else WEIGHTS_ONLY | TO_RESUME) - state.keys())
    if missing:
        raise ModelError(f"{path} lacks {', '.join(missing)}; name a last.pt{' or best.pt' if config is None else ''}.")
    if config is not None:
        # Settings that did not exist when the checkpoint was written had their default value.
        ours, theirs = comparable(config.to_dict()), comparable(config_from_dict(state["config"]).to_dict())
        if ours["init"] != theirs["init"]:
            raise ModelError(
                f"The run in {path.parent} began with {theirs['init'] or 'nothing'}, not with "
                f"{ours['init'] or 'nothing'} (setting init); choose a new output folder, or the init that it had."
            )
        different = sorted(k for k in ours.keys() | theirs.keys() if ours.get(k) != theirs.get(k))
        if different:
            raise ModelError(
                f"{path} was written by another configuration (it differs in {', '.join(different)}); "
                "choose a new output folder or the configuration that made it."
            )
    return state
