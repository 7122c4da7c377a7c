# SPDX-License-Identifier: GPL-3.0-or-later
"""Configurations are typed, complete, and refuse what they do not know."""

from __future__ import annotations

import json
import subprocess
import sys
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


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("steps=-5", "steps must be 0 or above, not -5; correct it there."),
        ("max_minutes=nan", "max_minutes must be 0 or above, not nan"),
        ("ema=1.5", "ema must be at least 0 and below 1, not 1.5"),
        ("learning_rate=-1", "learning_rate must be above 0, not -1.0"),
        ("learning_rate=0.0", "learning_rate must be above 0"),
        ("weight_decay=inf", "weight_decay must be 0 or above, not inf"),
        ("seed=-1", "seed must be from 0 to 4294967295, not -1"),
        ("validate_every=0", "validate_every must be 1 or above, not 0"),
        ("checkpoint_every=0", "checkpoint_every must be 1 or above, not 0"),
        ("terminal_share=1.1", "terminal_share must be from 0 to 1, not 1.1"),
        ("drop.sar=2", "drop.sar must be from 0 to 1, not 2.0"),
        ("drop.l2a=1.5", "drop.l2a must be from 0 to 1"),
        ("drop.l2a=0.9 drop.rgb=0.2", "drop.l2a, .*drop.rgb are shares of one whole .* not 1.1"),
        ("drop.vh=0.9 drop.sar=0.2", "drop.vh, drop.sar are shares"),
        ("data.real_pairs=7", "data.real_pairs must be from 0 to 1, not 7.0"),
        ("data.groups.a=-1", "data.groups.a must be a number of 0 or above, not -1"),
        ("data.groups.a=b", "data.groups.a must be a number of 0 or above, not 'b'"),
        ("data.groups.a=0", "data.groups are all 0; give one a weight"),
        ("data.groups=3", "data.groups is a table of numbers, not 3"),
        ("clouds.clear=0.9 clouds.overcast=0.9", "clouds.clear, clouds.overcast"),
        ("stages=3", r"stages is a list of tables \[\[stages\]\], not 3"),
        ("stages=[3]", "stages is a table of settings, not 3"),
        ("stages=[{start=0.0,crop=0,batch=1}]", "stages.crop must be 1 or above, not 0"),
        ("stages=[{start=0.0,crop=8,batch=0}]", "stages.batch must be 1 or above, not 0"),
        ("stages=[{start=0.0,crop=8}]", "the settings stages.batch are missing"),
        ("stages=[{start=0.0,crop=8,batch=1},{start=0.5,crop=8,batch=1},{start=0.2,crop=8,batch=1}]", "behind the one"),
        ("network.heads=scale", "network.heads must be a list, each entry a word, not 'scale'"),
        ("network.fusion_heads=[1,1,2,0]", "network.fusion_heads must be a list of numbers above 0"),
        ("network.middle_blocks=-1", "network.middle_blocks must be 0 or above"),
        ("schedule=cosine", "schedule must be one of"),
    ],
)
def test_values_out_of_range_are_refused_by_name(change, said):
    path = Path("training/configs/paper.toml")
    with pytest.raises(InputError, match=said) as told:
        load_config(path, change.split(" "))
    assert str(told.value).startswith(f"{path}: ") and str(told.value).endswith(".")


def test_what_a_configuration_lacks_and_files_that_are_none_are_named(tmp_path):
    for name, content, said in (
        ("a.toml", 'name = "a"\nsteps = 3', "the settings data, network, stages are missing; correct it there."),
        ("a.json", "[1, 2]", "a configuration is a table of settings"),
        ("a.json", "{", "a.json: .*; correct it there."),
    ):
        (tmp_path / name).write_text(content)
        with pytest.raises(InputError, match=said):
            load_config(tmp_path / name)
    with pytest.raises(InputError, match=f"{tmp_path} cannot be read .*; name a TOML file."):
        load_config(tmp_path)


def test_the_learning_rate_warms_up_and_ends_at_zero():
    assert learning_rate_share(0, 10, 0.0) == pytest.approx(0.1)
    assert learning_rate_share(9, 10, 0.0) == 1.0
    assert learning_rate_share(500, 10, 0.5) == pytest.approx(0.5)
    assert learning_rate_share(999, 10, 1.0) == pytest.approx(0.0, abs=1e-12)


def test_training_from_a_pack_needs_torch_and_numpy_alone():
    others = ("onnx", "onnxruntime", "rasterio", "osgeo", "matplotlib", "tqdm")
    code = f"import sys; sys.modules.update(dict.fromkeys({others})); import training.run"
    subprocess.run([sys.executable, "-c", code], check=True)
