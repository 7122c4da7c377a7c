# SPDX-License-Identifier: GPL-3.0-or-later
"""A model file can be trained on: the time MLPs fitted to its tables answer as the ones that made them did."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from test_export import SMALL, model_file, random_network
from test_loop import CONFIG, trainer

from dbcr_core.errors import ModelError
from dbcr_core.network import FoldedBridgeNetwork
from dbcr_core.schedule import ALL_TIMESTEPS
from training.unfolding import starting_weights, unfold

WIDE_TIME = replace(SMALL, time_width=64)


def test_an_unfolded_network_answers_as_the_folded_one_at_its_timesteps():
    folded = FoldedBridgeNetwork(random_network(WIDE_TIME), ALL_TIMESTEPS)
    network = unfold(folded).eval()
    random = torch.Generator().manual_seed(1)
    x_t, sar = torch.rand(1, 13, 16, 16, generator=random), torch.rand(1, 2, 16, 16, generator=random)
    with torch.no_grad():
        for step in (0, len(ALL_TIMESTEPS) // 2, len(ALL_TIMESTEPS) - 1):
            expected = folded(x_t, torch.tensor([step]), folded.encode_sar(sar))
            found = network(x_t, torch.tensor([ALL_TIMESTEPS[step]]), network.encode_sar(sar))
            for name in ("clear", "scale", "opacity"):
                assert float((getattr(found, name) - getattr(expected, name)).abs().max()) < 2e-3


def test_folding_again_gives_the_same_tables_also_where_a_gain_is_zero():
    made = FoldedBridgeNetwork(random_network(WIDE_TIME), ALL_TIMESTEPS)
    with torch.no_grad():
        made.network.middle.blocks[0].norm1.gain[:, 0] = 0
    again = FoldedBridgeNetwork(unfold(made), ALL_TIMESTEPS).state_dict()
    for name, values in made.state_dict().items():
        assert float((again[name] - values).abs().max()) < 2e-3, name


def test_a_run_starts_from_a_model_file(tmp_path):
    path = model_file(tmp_path / "m.dbcr", random_network(WIDE_TIME), int8=True)
    run = trainer(tmp_path / "run", replace(CONFIG, network=WIDE_TIME, init=str(path)))
    expected = starting_weights(path)
    for name, values in run.network.state_dict().items():
        assert torch.equal(values, expected[name]), name


def test_a_model_file_of_another_network_is_refused(tmp_path):
    path = model_file(tmp_path / "m.dbcr", random_network(WIDE_TIME), int8=True)
    wider = replace(CONFIG.network, widths=(6, 12))
    with pytest.raises(ModelError, match="do not fit this network"):
        trainer(tmp_path / "run", replace(CONFIG, network=wider, init=str(path)))
