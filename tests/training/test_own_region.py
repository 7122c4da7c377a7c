# SPDX-License-Identifier: GPL-3.0-or-later
"""A colleague with a folder of scenes gets a model: pack, train, evaluate, export, and each slip is one sentence."""

from __future__ import annotations

import json
import re
import shlex
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scenes import make_scene, write_placed, write_scene_folder

pytest.importorskip("rasterio")
pytest.importorskip("onnxruntime")

from dbcr_core.errors import InputError  # noqa: E402
from dbcr_core.model_card import bundled_model_path  # noqa: E402
from dbcr_core.model_file import read_model_file  # noqa: E402
from dbcr_core.predictors import open_predictor  # noqa: E402
from training import lpips, packing  # noqa: E402
from training.backscatter import fit_pairs  # noqa: E402
from training.bundled_data import write_bundled_pack  # noqa: E402
from training.checkpoints import save_checkpoint  # noqa: E402
from training.cli import main  # noqa: E402
from training.completion import complete_scenes  # noqa: E402
from training.config import load_config  # noqa: E402
from training.datasets.scene import SAR_NODATA  # noqa: E402
from training.pack import load_pack, save_pack  # noqa: E402
from training.packing import cloud_spectra, cut_to_size, write_region_pack, write_windows_pack  # noqa: E402
from training.sampling import PROFILES  # noqa: E402
from training.validation import load_validation  # noqa: E402

SMALL = (
    "network.widths=[4,8,16,32]", "network.encoder_blocks=[1,1,1,1]", "network.fusion_heads=[1,1,2,4]",
    "network.middle_blocks=1", "network.time_width=8", "stages=[{start=0.0,crop=16,batch=2}]", "steps=3", "warmup=1",
)  # fmt: skip


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A folder with scenes of one's own, none of which is as the bundled data are, in which commands are given."""
    four = np.array(PROFILES["four"])
    clear = make_scene(size=24).clear
    for scene in (
        make_scene("plain", size=24),
        make_scene("four", size=24, seed=1, clear=clear * four[:, None, None], bands=four),
        make_scene("no radar", size=24, seed=2, sar=None, sar_bands=None),
    ):
        write_scene_folder(tmp_path / "my-region", scene)
    for i, shape in enumerate(((19, 26), (24, 16))):
        whole = make_scene(f"v{i}", seed=5 + i, size=26, cloudy=True)
        cut = {name: getattr(whole, name)[:, : shape[0], : shape[1]] for name in ("clear", "cloudy", "sar")}
        write_scene_folder(tmp_path / "my-validation", replace(whole, **cut))
    (tmp_path / "my-region.toml").write_text(Path("training/configs/own-region.toml").read_text())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(lpips, "USUAL_WEIGHTS", tmp_path / "nowhere")
    monkeypatch.setattr(packing, "fit_backscatter", lambda fit: (lambda x: x[:, :2], (1.0, 1.0)))
    return tmp_path


def changes(*more: str) -> list[str]:
    return [word for change in (*SMALL, *more) for word in ("--set", change)]


def test_the_way_from_a_folder_of_scenes_to_a_model_file(here, capsys):
    assert main(["pack", "--scenes", "my-region", "--output", "runs/my-region.npz"]) == 0
    assert "3 scenes, 3 clear, 2 with radar, 1 with modelled radar" in capsys.readouterr().out
    assert main(["train", "--config", "my-region.toml", *changes(), "--output", "runs/my-region"]) == 0
    assert main(["evaluate", "runs/my-region/best.pt", "--data", "my-validation", "--nfe", "1", "--quick"]) == 0
    out = capsys.readouterr().out
    assert "LPIPS is left out" in out and "alexnet_features.pth is missing" in out and "| NFE 1 |" in out
    (here / "card.toml").write_text('name = "north"\nversion = "3"\ndata = ["Three scenes."]\nlimits = ["Untried."]')
    given = ["--card", "card.toml", "--evaluation", "runs/evaluation/evaluation.json", "--output", "north.dbcr"]
    assert main(["export", "--checkpoint", "runs/my-region/best.pt", *given]) == 0
    card = open_predictor("north.dbcr", "cpu").card
    assert card.id == "north 3" and card.limits == ("Untried.",) and card.training["data"] == ("Three scenes.",)
    # The run's own validation images fitted the expected errors, without being named again.
    assert card.training["scale_fitted_on"] == ("v0", "v1") and "my-validation" in card.metrics
    # Bands that lack were estimated in training, so the engine is to estimate them as well.
    assert len(card.band_moments) == 182


def test_a_run_tells_of_scenes_that_train_and_judge_and_keeps_its_beginning(here, capsys):
    for folder in ("my-validation", "my-region"):
        assert main(["pack", "--scenes", folder, "--output", f"{folder}.npz"]) == 0
    command = ["train", "--config", "my-region.toml", "--output", "run"]
    assert main([*command, *changes("data.pack=my-validation.npz")]) == 0
    told = capsys.readouterr().out
    assert "warning: validation scenes are among those that train (v0, v1)" in told
    assert "bands that an image lacks are zeros" in told and "other scenes" not in told
    assert main([*command, *changes("data.pack=my-region.npz", "steps=4")]) == 0
    told = capsys.readouterr().out
    assert "my-region.npz holds other scenes than this run was trained with before" in told and "warning" not in told
    assert "estimated, as scenes with all 13 bands tell" in told
    config = (here / "run" / "config.json").read_bytes()
    assert main([*command, *changes("data.pack=my-region.npz", "steps=9", "init=run/best.pt")]) == 1
    assert "began with nothing, not with run/best.pt" in capsys.readouterr().err
    assert (here / "run" / "config.json").read_bytes() == config


def test_a_run_without_validation_images_is_exported_and_says_what_was_not_judged(here, capsys):
    assert main(["pack", "--scenes", "my-region", "--output", "runs/my-region.npz"]) == 0
    assert main(["train", "--config", "my-region.toml", *changes("data.validation=''"), "--output", "run"]) == 0
    assert main(["export", "--checkpoint", "run/best.pt", "--output", "a.dbcr"]) == 0
    assert "no validation images: " in capsys.readouterr().out
    assert open_predictor("a.dbcr", "cpu").card.training["steps"] == 3


def test_validation_images_of_any_size_are_cut_to_what_a_network_takes(here):
    assert [tuple(image.clear.shape[1:]) for image in load_validation("my-validation")] == [(16, 24), (24, 16)]
    save_pack(here / "tiny.npz", [make_scene("speck", size=7, cloudy=True)])
    with pytest.raises(Exception, match="scene speck is 7 x 7 pixels"):
        load_validation(str(here / "tiny.npz"))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("pack --scenes nowhere", "nowhere holds no scenes; put <id>/s2_clear.tif"),
        ("pack --data my-region", "holds no folders pairs/ and s2_only/; .* or --scenes at your own."),
        ("pack --scenes clouds-only", "clouds-only holds no clear image; add"),
        ("pack --validation my-region", "no radar needs s2_clear.tif and s2_cloudy.tif|needs s2_clear.tif and"),
        ("pack --cloudy a.tif", "--sar and --cloudy belong to --clear"),
        ("train --config my-region.toml", "There is no pack at runs/my-region.npz"),
        ("train --config .", "cannot be read .* name a TOML file"),
        ("train --config my-region.toml --device foo", "There is no device 'foo'; choose auto, cpu or cuda."),
        ("train --config packed.toml", "There are no validation images at lost; put scenes there, or"),
        ("train --config grouped.toml", "No clear scenes of group 'ben' in the data, but of made; correct"),
        ("evaluate no.pt --data my-validation", "There is no checkpoint no.pt"),
        ("evaluate no.pt --data nowhere", "nowhere holds no scenes"),
        ("evaluate no.pt --data my-validation --weights w", "w/alexnet_features.pth is missing; .*--no-lpips"),
        ("export --checkpoint bad.pt --output a.dbcr", "bad.pt is not a whole checkpoint"),
        ("export --checkpoint b.dbcr --output a.dbcr", "b.dbcr is a model file, not a checkpoint; name a last.pt"),
        ("export --checkpoint lost.pt --output a.dbcr", "not at lost; name them, or '' for none, by --validation"),
        ("export --checkpoint lost.pt --validation '' --card no.toml --output a.dbcr", "There is no card no.toml"),
        ("export --checkpoint lost.pt --validation '' --card bad.pt --output a.dbcr", "card bad.pt is not TOML"),
        ("export --checkpoint lost.pt --validation '' --evaluation no.json --output a.dbcr", "evaluation no.json"),
        ("export --checkpoint lost.pt --validation '' --evaluation [].json --output a.dbcr", "not an evaluation.json"),
        ("finetune --scenes nowhere --output a.dbcr", "nowhere holds no scenes"),
        ("finetune --scenes my-region --crop 30 --output a.dbcr", "crops of 30 pixels .* the crop a multiple of 8"),
        ("pack --scenes my-region --output bad.pt/x.npz", "bad.pt.* cannot be read or written .*check the path"),
    ],
)
def test_a_slip_is_one_sentence_that_names_what_to_do(here, capsys, command, said):
    write_scene_folder(here / "clouds-only", make_scene(clear=None, cloudy=make_scene().clear, size=48))
    save_pack(here / "packed.npz", [make_scene()])
    text = (here / "my-region.toml").read_text().replace("runs/my-region.npz", "packed.npz")
    (here / "packed.toml").write_text(text.replace("my-validation", "lost"))
    (here / "grouped.toml").write_text(text.replace('"my-validation"', '""\ngroups = { ben = 1.0 }'))
    (here / "bad.pt").write_text("no checkpoint")
    (here / "b.dbcr").write_text("a model")
    (here / "[].json").write_text("[]")
    save_checkpoint(here / "lost.pt", {"config": {"data": {"validation": "lost"}}, "average": {}})
    before = sorted(here.rglob("*"))
    assert main(shlex.split(command)) == 1
    told = capsys.readouterr().err.splitlines()
    assert len([line for line in told if line.startswith("error: ")]) == 1
    assert re.search(said, told[-1]) and told[-1].endswith(".") and "Traceback" not in told[-1]
    assert sorted(here.rglob("*")) == before


@pytest.mark.parametrize(
    "words",
    [
        "contact-sheet --count 0",
        "train --config a.toml --threads -1",
        "train --config a.toml --session-minutes nan",
        "evaluate a.pt --nfe 0",
        "evaluate a.pt --nfe 11",
        "finetune --scenes a --output b --steps 0",
        "finetune --scenes a --output b --batch 0",
        "finetune --scenes a --output b --seed -1",
        "finetune --scenes a --output b --rate -1",
        "finetune --scenes a --output b --rate 0",
        "pack --scenes a --validation b",
    ],
)
def test_a_number_out_of_range_is_a_wrong_command_line(words, capsys):
    with pytest.raises(SystemExit) as left:
        main(words.split())
    assert left.value.code == 2
    assert re.search("must be a (whole )?number|not allowed with", capsys.readouterr().err.splitlines()[-1])


def test_data_without_pairs_clouds_or_radar_are_packed_without_what_these_would_teach(tmp_path):
    pairs, others = tmp_path / "pairs", tmp_path / "s2_only"
    three = np.array(PROFILES["rgb"])
    clear = make_scene().clear
    write_scene_folder(
        pairs, make_scene("ben_a", sar=None, sar_bands=None, clear=clear * three[:, None, None], bands=three)
    )
    write_scene_folder(others, make_scene("canberra__b", sar=None, sar_bands=None))
    write_bundled_pack(tmp_path, tmp_path / "p.npz")
    scenes, extra = load_pack(tmp_path / "p.npz")
    assert [s.group for s in scenes] == ["ben", "canberra"] and extra == {}
    completed = complete_scenes(scenes, frozenset())
    assert [(s.bands.all(), s.sar is None) for s in completed] == [(False, True), (True, True), (True, True)]


def test_clouds_are_described_where_enough_of_them_are_seen():
    scene = make_scene(size=48)
    cloud = np.full((13, 192, 192), 6000, np.uint16)
    assert cloud_spectra([scene]).shape == (0, 13)
    assert cloud_spectra([replace(scene, clear=None, sar=None, cloudy=cloud[:, :20, :20])]).shape == (0, 13)
    assert (cloud_spectra([replace(scene, clear=None, sar=None, cloudy=cloud)]) == 6000).all()


def test_clouds_of_products_without_the_cirrus_band_are_described_too():
    moments = read_model_file(bundled_model_path()).card.band_moments
    cloud = np.random.default_rng(0).integers(3500, 9000, (1, 192, 192)).astype(np.uint16).repeat(13, 0)
    scene = make_scene(size=192, clear=None, sar=None, cloudy=cloud, bands=np.array(PROFILES["l2a"]))
    scene.cloudy[10] = 0
    found = cloud_spectra([scene], moments)
    assert len(found) > 3000 and (found[:, [1, 12]] == found[:, [3]]).all() and (found[:, 10] > 0).all()
    assert len(cloud_spectra([scene])) == 0
    visible = replace(scene, bands=np.array(PROFILES["rgb"]))  # snow looks the same
    assert len(cloud_spectra([visible], moments)) == 0


def test_a_pack_that_cannot_be_cut_small_enough_is_refused_with_what_would_do():
    scenes = [make_scene(str(i), size=96) for i in range(4)]
    with pytest.raises(InputError, match=r"64 x 64 pixels of each of 4 scenes are more than 0.02 MiB; allow 0.\d MiB"):
        cut_to_size(scenes, 0.02)
    allowed = cut_to_size(scenes, 0.3)
    assert [s.shape for s in allowed] == [(s, s) for s in [allowed[0].shape[0]] * 4] and 64 <= allowed[0].shape[0] < 96


def test_adapting_needs_no_progress_bar_and_toml_alone_needs_a_newer_python(here, capsys, monkeypatch):
    for package in ("tqdm", "tomllib"):
        monkeypatch.setitem(sys.modules, package, None)
    words = shlex.split("finetune --scenes my-region --output a.dbcr --steps 1 --crop 16 --batch 1")
    assert main(words) == 0 and capsys.readouterr().err == ""
    for others in (["train", "--config", "my-region.toml"], [*words, "--card", "my-region.toml"]):
        assert main(others) == 1
        assert capsys.readouterr().err == (
            "error: Configurations and cards are TOML, which needs Python 3.11; use that or a later one.\n"
        )


def test_radar_and_reflectance_of_different_land_fit_no_model():
    scene = make_scene()
    scene.clear[:, :24], scene.sar[:, 24:] = 0, SAR_NODATA
    assert fit_pairs([scene]) == [] and len(fit_pairs([make_scene()])) == 1


def test_packing_says_what_a_file_holds_and_leaves_nothing_behind_where_it_cannot(tmp_path, monkeypatch, capsys):
    write_scene_folder(tmp_path / "s", make_scene(cloudy=True))
    assert write_region_pack(tmp_path / "s", tmp_path / "s.npz") == "1 scene, 1 clear, 1 cloudy, 1 with radar"
    (scene,), _ = load_pack(tmp_path / "s.npz")
    assert scene.group == "s" and np.array_equal(scene.cloudy, make_scene(cloudy=True).cloudy)

    def full(file, size, folder):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("training.pack.reserve", full)
    whole = (tmp_path / "s.npz").read_bytes()
    assert main(["pack", "--scenes", str(tmp_path / "s"), "--output", str(tmp_path / "s.npz")]) == 1
    assert capsys.readouterr().err == "error: The disk is full; free some space and give the same command again.\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["s", "s.npz"] and (tmp_path / "s.npz").read_bytes() == whole


def test_windows_without_data_make_no_pack(tmp_path):
    values = np.zeros((3, 16, 16), np.uint16)
    values[:, 0, 0] = 500
    write_placed(tmp_path / "a.tif", values, ("B02", "B03", "B04"), 10)
    with pytest.raises(Exception, match="a.tif holds no window that is half full"):
        write_windows_pack(tmp_path / "a.tif", None, None, tmp_path / "a.npz")
    assert not (tmp_path / "a.npz").exists()


def test_the_configuration_for_ones_own_region_is_the_bundled_network():
    own, bundled = (load_config(Path(f"training/configs/{name}.toml")) for name in ("own-region", "bundled"))
    assert own.network == bundled.network and not own.init and not own.data.groups
    assert json.dumps(own.to_dict())
