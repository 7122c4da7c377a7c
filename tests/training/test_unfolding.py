# SPDX-License-Identifier: GPL-3.0-or-later
"""A model file can be trained on: the time MLPs fitted to its tables answer as the ones that made them did."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from scenes import make_scene
from test_export import SMALL, model_file, random_network
from test_loop import CONFIG, trainer

from dbcr_core.band_names import BAND_SETS, OPTICAL_BANDS
from dbcr_core.errors import ModelError
from dbcr_core.network import FoldedBridgeNetwork
from dbcr_core.schedule import ALL_TIMESTEPS
from training.averaging import average_checkpoints
from training.card_facts import card_facts
from training.checkpoint_predictor import CheckpointPredictor
from training.checkpoints import load_checkpoint
from training.loop import Trainer
from training.moments import scene_moments
from training.run import estimates_words, make_sampler
from training.sampling import PROFILES
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


def test_a_run_from_a_model_file_shows_what_that_one_is_used_to_of_bands_that_lack(tmp_path):
    moments = scene_moments([make_scene("whole")])
    ten = np.array(PROFILES["ten"])
    scenes = [make_scene(str(i), seed=i, bands=ten) for i in range(2)]
    for scene in scenes:
        scene.clear[~ten] = 0
    names = tuple(band for band, there in zip(OPTICAL_BANDS, ten) if there)
    few = {"band_moments": moments, "trained_bands": ("B01", "B02")}
    path = model_file(tmp_path / "m.dbcr", random_network(WIDE_TIME), int8=True, **few)
    for init, weight, known, bands in (
        ("", 0.5, (), names),
        (str(path), 0.5, moments, ("B01", *names)),
        (str(path), 0.0, moments, ("B01", *names)),
    ):
        config = replace(
            CONFIG, network=WIDE_TIME, init=init, data=replace(CONFIG.data, completed_weight=weight), steps=1
        )
        run = Trainer(config, make_sampler(scenes, {}, config), tmp_path / f"{bool(init)}{weight}")
        run.run()
        source = run.output / "last.pt"
        assert run.sampler.band_moments == known and run.trained_bands == bands
        assert bool(run.sampler(0, 16, 2).cloudy[:, 0].any()) == bool(known)
        card = CheckpointPredictor.from_file(source).card
        assert card.band_moments == known and card.trained_bands == bands
        facts = card_facts(source, None, None, "")
        assert facts["band_moments"] == known and facts["trained_bands"] == bands
        assert facts["band_sets"] == BAND_SETS[2:], "neither Level-1C nor Level-2A as a whole"
        assert ("zeros" in estimates_words(known, init)) == (not known)
    assert estimates_words(moments, str(path)) == f"bands that an image lacks are estimated, as the card of {path} says"
    assert "scenes with all 13 bands tell" in estimates_words(scene_moments([make_scene(seed=9)]), str(path))
    again = Trainer(config, make_sampler([make_scene("whole")], {}, config), run.output)
    assert again.resume() and again.trained_bands == OPTICAL_BANDS
    mean = tmp_path / "mean.pt"
    average_checkpoints([source, tmp_path / "False0.5" / "last.pt"], mean)
    assert load_checkpoint(mean)["trained_bands"] == list(names), "a band that one of them never learned is not known"
