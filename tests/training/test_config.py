# SPDX-License-Identifier: GPL-3.0-or-later
"""Configurations are typed, complete, and refuse what they do not know."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dbcr_core.errors import DbcrError, InputError
from dbcr_core.network import PAPER_CONFIG
from training.config import config_from_dict, load_config
from training.loop import learning_rate_share

CONFIGS = sorted(p for p in Path("training/configs").glob("*.toml") if "card" not in p.name)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda p: p.stem)
def test_every_configuration_file_loads_and_survives_json(path):
    config = load_config(path)
    assert config_from_dict(config.to_dict()) == config


def test_the_papers_configuration_is_the_papers():
    config = load_config(Path("training/configs/paper.toml"))
    assert config.network == PAPER_CONFIG
    assert (config.epochs, config.stages[0].batch, config.stages[0].crop) == (50, 4, 256)
    assert config.bridge and not config.stochastic and config.terminal_share == 0


@pytest.mark.parametrize(
    "name, setting",
    [
        ("resblock", ("network", "backbone", "res")),
        ("naf-concat", ("network", "fusion", "concat")),
        ("one-step", ("bridge", False)),
        ("sde", ("stochastic", True)),
    ],
)
def test_an_ablation_differs_from_the_paper_in_one_setting(name, setting):
    paper = load_config(Path("training/configs/paper.toml")).to_dict()
    ablation = load_config(Path(f"training/configs/ablation-{name}.toml")).to_dict()
    if len(setting) == 3:
        paper[setting[0]][setting[1]] = setting[2]
    else:
        paper[setting[0]] = setting[1]
    paper["name"] = ablation["name"]
    assert ablation == paper


def test_a_base_gives_what_a_file_leaves_out_table_by_table(tmp_path):
    (tmp_path / "paper.toml").write_text(Path("training/configs/paper.toml").read_text())
    (tmp_path / "middle.toml").write_text('base = "paper.toml"\nwarmup = 7\n[drop]\nvh = 0.5\n')
    (tmp_path / "own.toml").write_text(
        'base = "middle.toml"\nepochs = 3\n[[stages]]\nstart = 0.0\ncrop = 64\nbatch = 2\n'
    )
    paper, own = (load_config(tmp_path / name) for name in ("paper.toml", "own.toml"))
    assert (own.warmup, own.epochs, own.drop.vh, own.drop.sar) == (7, 3, 0.5, 0.0)
    assert [s.crop for s in own.stages] == [64] and own.data == paper.data and own.network == paper.network
    (tmp_path / "lost.toml").write_text('base = "gone.toml"')
    with pytest.raises(InputError, match="gone.toml"):
        load_config(tmp_path / "lost.toml")
    (tmp_path / "paper.toml").write_text('base = "own.toml"')
    with pytest.raises(InputError, match="own base"):
        load_config(tmp_path / "own.toml")


def test_single_settings_are_changed_over_those_of_a_file(tmp_path):
    path = Path("training/configs/paper.toml")
    paper, own = load_config(path), load_config(path, ["network.fusion=concat", "drop.sar = 0.5", "bridge=false"])
    assert (own.network.fusion, own.drop.sar, own.bridge) == ("concat", 0.5, False)
    assert own.network.widths == paper.network.widths and own.stages == paper.stages
    saved = tmp_path / "config.json"
    saved.write_text(json.dumps(own.to_dict()))
    assert load_config(saved, ["network.encoder_blocks=[1, 1, 1, 4]"]).network.encoder_blocks == (1, 1, 1, 4)
    for change, match in (
        ("network.fusoin=concat", "fusoin"),
        ("bridge", "NAME=VALUE"),
        ("=1", "NAME=VALUE"),
        ("network.fusion=sum", "fusion"),
        ("bridge.a=1", "true or false"),
        ("drop=1", "drop is a table"),
        ("warmup=long", "whole number"),
        ("drop.sar=much", "drop.sar must be a number"),
    ):
        with pytest.raises(DbcrError, match=match):
            load_config(path, [change])


def test_unknown_and_impossible_settings_are_named(tmp_path):
    good = Path("training/configs/paper.toml").read_text()
    for change, match in (
        (good.replace("warmup", "warmpu"), "warmpu"),
        (good.replace("crop = 256", "crop = 100"), "multiples of 8"),
        (good.replace("epochs = 50", ""), "needs an end"),
        (good.replace("epochs = 50", "epochs = 50\nwalked = 0.5"), "walked asks for the estimates of levels_of"),
        (good.replace('sen12mscr = "../SEN12MSCR"', ""), "one source"),
        (good + "[", "bad.toml"),
    ):
        path = tmp_path / "bad.toml"
        path.write_text(change)
        with pytest.raises(InputError, match=match):
            load_config(path)
    with pytest.raises(InputError, match="no configuration"):
        load_config(tmp_path / "none.toml")


def test_the_learning_rate_warms_up_and_ends_at_zero():
    assert learning_rate_share(0, 10, 0.0) == pytest.approx(0.1)
    assert learning_rate_share(9, 10, 0.0) == 1.0
    assert learning_rate_share(500, 10, 0.5) == pytest.approx(0.5)
    assert learning_rate_share(999, 10, 1.0) == pytest.approx(0.0, abs=1e-12)
