# SPDX-License-Identifier: GPL-3.0-or-later
"""What tells weights apart, whatever file holds them: an evaluation says of which it is."""

from __future__ import annotations

import hashlib
from pathlib import Path

from .checkpoints import load_checkpoint
from .unfolding import load_folded


def weights_hash(path: Path, is_checkpoint: bool) -> str:
    """SHA-256 of the averaged weights in a checkpoint, or of those in a model file."""
    weights = load_checkpoint(path)["average"] if is_checkpoint else load_folded(path)[0].state_dict()
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(f"{name} {tuple(weights[name].shape)}".encode() + weights[name].detach().numpy().tobytes())
    return digest.hexdigest()
