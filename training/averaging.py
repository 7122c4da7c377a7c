# SPDX-License-Identifier: GPL-3.0-or-later
"""The mean of several checkpoints of one training, or of trainings that began from the same weights.

What each run knows by heart differs and partly cancels out; what they share stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.errors import ModelError

from .checkpoints import load_checkpoint, save_checkpoint


def average_checkpoints(paths: Sequence[Path], output: Path) -> None:
    """Write a checkpoint for ``evaluate`` and ``export``; configuration and counters are those of the first.

    Raises ModelError where the networks or the schedules differ.
    """
    states = [load_checkpoint(path) for path in paths]
    first = states[0]
    for path, state in zip(paths, states):
        if state["config"]["network"] != first["config"]["network"]:
            raise ModelError(f"{path} holds another network than {paths[0]}; only weights of one network have a mean.")
        if state["config"]["schedule"] != first["config"]["schedule"]:
            raise ModelError(
                f"{path} learned the schedule {state['config']['schedule']}, {paths[0]} {first['config']['schedule']}; "
                "only weights of one schedule have a mean."
            )
    mean = {name: sum(state["average"][name] for state in states) / len(states) for name in first["average"]}
    kept = {key: value for key, value in first.items() if key not in ("network", "optimiser")}
    known = [state.get("trained_bands", OPTICAL_BANDS) for state in states]
    shared = [band for band in OPTICAL_BANDS if all(band in bands for bands in known)]
    save_checkpoint(output, {**kept, "average": mean, "trained_bands": shared})
