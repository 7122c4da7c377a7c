# SPDX-License-Identifier: GPL-3.0-or-later
"""Exported graphs compute what torch computes; the card, the names and int8 weights are as the engine expects."""

from __future__ import annotations

import dataclasses
import json
import signal
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from scenes import make_scene, write_scene_folder

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from dbcr_core.band_names import BAND_SETS, OPTICAL_BANDS  # noqa: E402
from dbcr_core.errors import InputError, ModelError  # noqa: E402
from dbcr_core.model_card import ModelCard  # noqa: E402
from dbcr_core.model_file import read_model_file, write_model_file  # noqa: E402
from dbcr_core.network import BridgeNetwork, FoldedBridgeNetwork, NetworkConfig  # noqa: E402
from dbcr_core.predictors import open_predictor  # noqa: E402
from dbcr_core.schedule import ALL_TIMESTEPS  # noqa: E402
from dbcr_core.self_test import self_test  # noqa: E402
from training import export, onnx_maps  # noqa: E402
from training.averaging import average_checkpoints  # noqa: E402
from training.card_facts import card_changes, card_facts, current_commit  # noqa: E402
from training.card_texts import read_card_texts  # noqa: E402
from training.checkpoint_predictor import CheckpointPredictor, load_average  # noqa: E402
from training.checkpoints import load_checkpoint, save_checkpoint  # noqa: E402
from training.cli import main  # noqa: E402
from training.clouds import CloudSimulator  # noqa: E402
from training.export import export_model, largest_difference, rewrite_model  # noqa: E402
from training.finetune import _train_step, finetune  # noqa: E402
from training.onnx_graph import quantise  # noqa: E402
from training.onnx_network import write_graphs  # noqa: E402
from training.unfolding import load_folded  # noqa: E402
from training.validation import validation_image  # noqa: E402
from training.weights_hash import weights_hash  # noqa: E402

SMALL = NetworkConfig(
    widths=(4, 8, 16, 32), encoder_blocks=(1, 1, 1, 2), decoder_blocks=(1, 1, 1, 1), fusion_heads=(1, 1, 2, 4),
    middle_blocks=1, time_width=8, heads=("scale", "opacity"),
)  # fmt: skip
FACTS = {"name": "tiny", "version": "1", "description": "A test.", "licence": "GPL-3.0-or-later"}


def random_network(config: NetworkConfig = SMALL, strength: float = 0.1) -> BridgeNetwork:
    torch.manual_seed(0)
    network = BridgeNetwork(config)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(strength * torch.randn_like(parameter))
    return network.eval()


def model_file(path, network, int8: bool, **facts):
    config = network.config
    facts = {**FACTS, "schedule": {"kind": "linear"}, "heads": config.heads, **facts}
    card = ModelCard(timesteps=ALL_TIMESTEPS, network=config.to_dict(), **facts)
    write_model_file(str(path), card, write_graphs(FoldedBridgeNetwork(network, ALL_TIMESTEPS), int8, card.tile_size))
    return path


@pytest.mark.parametrize("gated", [False, True])
@pytest.mark.parametrize("heads", [(), ("scale", "opacity")])
def test_fp32_graphs_agree_with_torch_for_every_output(tmp_path, heads, gated):
    network = random_network(NetworkConfig(**{**SMALL.to_dict(), "heads": heads, "gated": gated}))
    path = model_file(tmp_path / "m.dbcr", network, int8=False)
    assert largest_difference(CheckpointPredictor(network, "linear", "x"), open_predictor(str(path), "cpu")) < 1e-4


@pytest.mark.parametrize(
    ("size", "values", "expected"),
    [
        (256, 40_000, (8, 4, 2, 1)),
        (256, 2_000, (64, 32, 16, 8)),
        (144, 2_000, (8, 4, 2, 1)),  # at the second level 8 strips would be of 9 rows each
        (88, 2_000, (4, 2, 1, 1)),
    ],
)
def test_graphs_for_a_tile_in_strips_agree_with_torch(tmp_path, monkeypatch, size, values, expected):
    monkeypatch.setattr(onnx_maps, "STRIP_VALUES", values)
    counts = onnx_maps.strip_counts(SMALL, size)
    assert counts == expected
    network = random_network()
    path = model_file(tmp_path / "m.dbcr", network, int8=False, tile_size=size)
    graph = onnx.load_from_string(read_model_file(str(path)).graph("bridge_step.tile.onnx")).graph
    assert {f"sar_features_0_{strip}" for strip in range(counts[0])} <= {value.name for value in graph.input}
    assert not any(value.name.startswith("network.") for value in graph.initializer)
    assert largest_difference(CheckpointPredictor(network, "linear", "x"), open_predictor(str(path), "cpu")) < 1e-4


def test_strips_are_pairs_of_rows_and_never_fewer_than_four_rows():
    wide = dataclasses.replace(SMALL, widths=(64, 128, 256, 512))
    for config in (SMALL, wide):
        for size in (64, 72, 104, 256, 264, 512, 2048):
            for level, count in enumerate(onnx_maps.strip_counts(config, size)):
                rows, rest = divmod(size >> level, count)
                assert rest == 0 and (count == 1 or (rows >= 4 and rows % 2 == 0))


def test_both_backends_read_the_same_int8_weights(tmp_path):
    path = model_file(tmp_path / "m.dbcr", random_network(), int8=True)
    first, second = (open_predictor(str(path), device) for device in ("cpu", "torch-cpu"))
    assert largest_difference(first, second) < 1e-4


def test_a_graph_takes_any_multiple_of_eight(tmp_path):
    predictor = open_predictor(str(model_file(tmp_path / "m.dbcr", random_network(), int8=True)), "cpu")
    for height, width in ((8, 8), (16, 40), (64, 24)):
        features = predictor.encode_sar(np.zeros((1, 2, height, width), np.float32))
        found = predictor.predict_clear(np.zeros((1, 13, height, width), np.float32), 1000, features)
        assert found.clear.shape == (1, 13, height, width) and found.opacity.shape == (1, 2, height, width)


def test_quantised_weights_are_within_half_a_step_or_better_in_the_mean():
    array = np.random.default_rng(0).normal(size=(7, 5, 3, 3)).astype(np.float32)
    values, scale = quantise(array)
    assert values.dtype == np.int8 and scale.shape == (7, 1, 1, 1)
    plain = np.abs(array).max((1, 2, 3), keepdims=True) / 127
    simple = np.round(array / plain) * plain
    assert ((values * scale - array) ** 2).sum() <= ((simple - array) ** 2).sum() + 1e-9


def test_a_channel_of_zeros_is_quantised_to_zeros():
    values, scale = quantise(np.zeros((2, 4), np.float32))
    assert not values.any() and np.isfinite(scale).all()


@pytest.mark.parametrize("switch", [{"backbone": "res"}, {"fusion": "concat"}])
def test_ablation_networks_are_not_exported(switch):
    network = BridgeNetwork(NetworkConfig(**{**SMALL.to_dict(), **switch}))
    with pytest.raises(ModelError, match="ablations"):
        write_graphs(FoldedBridgeNetwork(network, (1000,)), int8=True)


def checkpoint(path, network, init=""):
    config = {
        "network": network.config.to_dict(),
        "schedule": "linear",
        "name": "tiny",
        "seed": 0,
        "data": {"groups": {}},
        "init": init,
    }
    facts = {
        "config": config,
        "average": network.state_dict(),
        "step": 5,
        "samples": 40,
        "elapsed": 7200.0,
        "best": 1.0,
    }
    save_checkpoint(path, facts)
    return path


def test_export_writes_a_model_with_a_filled_card_and_refuses_costly_int8(tmp_path):
    validation = tmp_path / "validation"
    write_scene_folder(validation, make_scene(cloudy=True, size=16))
    source = checkpoint(tmp_path / "best.pt", random_network(strength=0.02))
    output = tmp_path / "models" / "tiny.dbcr"
    arguments = ["--output", str(output), "--validation", str(validation), "--trained-on", "a test"]
    assert main(["export", "--checkpoint", str(source), *arguments]) == 0
    card = open_predictor(str(output), "cpu").card
    assert card.training["steps"] == 5 and card.training["hours"] == 2.0 and card.training["device"] == "a test"
    assert sorted(p.name for p in output.parent.iterdir()) == ["tiny.dbcr"]


def test_the_masks_threshold_is_what_was_judged_and_not_a_default(tmp_path, capsys):
    source = checkpoint(tmp_path / "best.pt", random_network())
    start = model_file(tmp_path / "start.dbcr", random_network(), int8=True, mask_threshold=0.135)
    begun = checkpoint(tmp_path / "begun.pt", random_network(), init=str(start))
    at_card = {"threshold": 0.5, "precision": 0.9, "recall": 0.1}
    best = {"threshold": 0.35, "precision": 0.8456, "recall": 0.9612}
    evaluation = {"card": {"v": {"images": 2, "auto_mask": at_card}}, "auto_mask": {"best_with_recall": best}}
    (tmp_path / "found.json").write_text(json.dumps(evaluation))
    (tmp_path / "none.json").write_text(json.dumps({**evaluation, "auto_mask": {"best_with_recall": None}}))
    (tmp_path / "card.toml").write_text("mask_threshold = 0.6")
    rounded = {"threshold": 0.35, "precision": 0.846, "recall": 0.961}
    for path, card, found, threshold, how, judged in (
        (source, None, None, 0.5, "which nobody has judged", None),
        (source, None, "none.json", 0.5, "which nobody has judged", at_card),
        (begun, None, "none.json", 0.135, "that of start.dbcr", None),
        (begun, None, "found.json", 0.35, "as the evaluation found", rounded),
        (begun, "card.toml", "found.json", 0.6, "as the card text says", None),
    ):
        facts = card_facts(path, card and tmp_path / card, found and tmp_path / found, "")
        assert (facts["mask_threshold"], facts["training"]["mask_threshold_from"]) == (threshold, how)
        assert facts["metrics"].get("v", {}).get("auto_mask") == judged
    words = ["--validation", "", "--evaluation", str(tmp_path / "found.json"), "--output", str(tmp_path / "m.dbcr")]
    assert main(["export", "--checkpoint", str(begun), *words]) == 0
    assert "covered by 0.35 or more, as the evaluation found" in capsys.readouterr().out
    assert open_predictor(str(tmp_path / "m.dbcr"), "cpu").card.mask_threshold == 0.35


def test_what_was_found_of_expected_errors_before_they_were_fitted_is_not_told(tmp_path):
    images = [validation_image(make_scene(cloudy=True, size=16))]
    facts = {**FACTS, "metrics": {"v": {"images": 1, "scale_coverage": {"0.5": 0.1}}}}
    source = checkpoint(tmp_path / "c.pt", random_network())
    kept = {}
    for name, given in (("fitted", images), ("as learnt", [])):
        export_model(source, tmp_path / "m.dbcr", [], facts, calibration=given)
        kept[name] = open_predictor(str(tmp_path / "m.dbcr"), "cpu").card.metrics["v"]
    assert kept == {"fitted": {"images": 1}, "as learnt": {"images": 1, "scale_coverage": {"0.5": 0.1}}}


def test_an_export_leaves_the_model_of_full_precision_beside_it_alone(tmp_path):
    source, other = checkpoint(tmp_path / "c.pt", random_network()), tmp_path / "m.fp32.dbcr"
    other.write_bytes(b"mine")
    export_model(source, tmp_path / "m.dbcr", [], FACTS)
    assert other.read_bytes() == b"mine"
    export_model(source, other, [], FACTS, int8=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.pt", "m.dbcr", "m.fp32.dbcr"]
    assert open_predictor(str(other), "cpu").card.name == "tiny"


def test_finetuning_simulates_clouds_as_the_scenes_show_them(tmp_path, monkeypatch):
    pytest.importorskip("rasterio")
    cloud = np.full((13, 192, 192), 6000, np.uint16)
    cloud[11] = 2500
    write_scene_folder(tmp_path / "s", make_scene("cloud", size=192, clear=None, sar=None, cloudy=cloud))
    write_scene_folder(tmp_path / "s", make_scene(size=16))
    given = []

    class Noted(CloudSimulator):
        def __init__(self, settings, spectra=None):
            super().__init__(settings, spectra)
            given.append(self.spectra)

    monkeypatch.setattr("training.finetune.CloudSimulator", Noted)
    base = model_file(tmp_path / "base.dbcr", random_network(), int8=True)
    finetune(base, tmp_path / "s", tmp_path / "o.dbcr", steps=1, crop=16, batch=1)
    assert len(given[0]) > 700 and given[0][0, [2, 11]].tolist() == pytest.approx([0.6, 0.25])


def test_expected_errors_are_fitted_to_pairs_of_their_own_where_those_are_given(tmp_path):
    validation = tmp_path / "validation"
    write_scene_folder(validation, make_scene(cloudy=True, size=16))
    other = write_scene_folder(tmp_path / "pairs", make_scene("other", cloudy=True, size=16, seed=1))
    source = checkpoint(tmp_path / "best.pt", random_network(strength=0.02))
    output = tmp_path / "tiny.dbcr"
    arguments = ["--output", str(output), "--validation", str(validation), "--calibration", str(other)]
    assert main(["export", "--checkpoint", str(source), *arguments]) == 0
    assert open_predictor(str(output), "cpu").card.training["scale_fitted_on"] == ("other",)


def test_a_missing_checkpoint_is_one_line_and_a_status(tmp_path, capsys):
    assert main(["export", "--checkpoint", str(tmp_path / "no.pt"), "--output", str(tmp_path / "x.dbcr")]) == 1
    assert "no.pt" in capsys.readouterr().err


def test_export_without_validation_still_checks_parity(tmp_path):
    report = export_model(checkpoint(tmp_path / "c.pt", random_network()), tmp_path / "m.dbcr", [], FACTS)
    assert report.parity < 1e-4 and report.loss_db is None and report.path.exists()


def test_a_model_file_gives_back_trainable_weights(tmp_path):
    network = random_network()
    folded, card = load_folded(model_file(tmp_path / "m.dbcr", network, int8=False))
    assert card.name == "tiny" and all(p.requires_grad for p in folded.parameters())
    expected = FoldedBridgeNetwork(network, ALL_TIMESTEPS).state_dict()
    for name, value in folded.state_dict().items():
        torch.testing.assert_close(value, expected[name], msg=name)


@pytest.mark.parametrize("int8", [True, False])
def test_a_model_is_rewritten_with_the_same_weights_and_card(tmp_path, capsys, int8):
    old, new = model_file(tmp_path / "old.dbcr", random_network(), int8), tmp_path / "new.dbcr"
    assert main(["rewrite", str(old), "--output", str(new), "--version", "2"]) == 0
    assert "the same weights" in capsys.readouterr().out
    before, after = (read_model_file(str(path)) for path in (old, new))
    expected = dataclasses.replace(before.card, version="2", answer=after.card.answer, sha256=after.card.sha256)
    assert after.card == expected
    assert self_test(str(new), "torch-cpu").difference < 1e-5
    (old_folded, _), (new_folded, _) = load_folded(old), load_folded(new)
    mine, theirs = old_folded.state_dict(), new_folded.state_dict()
    assert mine.keys() == theirs.keys() and all(torch.equal(mine[name], theirs[name]) for name in mine)
    assert rewrite_model(new, new) < 1e-6 and read_model_file(str(new)).card == after.card
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.dbcr", "old.dbcr"]


def test_a_model_is_told_afterwards_how_bands_go_together(tmp_path):
    old, new = model_file(tmp_path / "old.dbcr", random_network(), True), tmp_path / "new.dbcr"
    write_scene_folder(tmp_path / "whole", make_scene())
    few = np.arange(13) < 4
    write_scene_folder(tmp_path / "few", make_scene(bands=few))
    assert main(["rewrite", str(old), "--output", str(new), "--bands-of", str(tmp_path / "whole")]) == 0
    before, after = (read_model_file(str(path)).card for path in (old, new))
    assert before.band_moments == () and len(after.band_moments) == 182 and after.version == before.version
    with pytest.raises(InputError, match="No scene there has all 13 bands"):
        card_changes(None, None, [tmp_path / "few"])


def test_a_rewritten_model_that_answers_otherwise_is_refused(tmp_path, monkeypatch):
    old, new = model_file(tmp_path / "old.dbcr", random_network(), True), tmp_path / "new.dbcr"
    monkeypatch.setattr(export, "largest_difference", lambda first, second: 2e-4)
    with pytest.raises(ModelError, match="differ from the old ones"):
        rewrite_model(old, new)
    assert [path.name for path in tmp_path.iterdir()] == ["old.dbcr"]


def test_finetuning_writes_a_model_that_the_engine_loads_and_that_learned(tmp_path):
    pytest.importorskip("rasterio")
    scenes = tmp_path / "scenes"
    write_scene_folder(scenes, make_scene(size=32, clear=np.full((13, 32, 32), 2000, np.uint16)))
    base = model_file(tmp_path / "base.dbcr", random_network(strength=0.0), int8=True)
    card = finetune(base, scenes, tmp_path / "tuned.dbcr", steps=40, crop=16, batch=2, rate=3e-2)
    assert card.name == "tiny-finetuned" and card.training["finetuned"]["scenes"] == ["a"]
    assert self_test(str(tmp_path / "tuned.dbcr"), "cpu").difference < 1e-6
    tuned = open_predictor(str(tmp_path / "tuned.dbcr"), "cpu")
    bright = np.full((1, 13, 16, 16), 0.7, np.float32)
    before, after = (
        abs(float(p.predict_clear(bright, 1000, p.encode_sar(bright[:, :2])).clear.mean()) - 0.2)
        for p in (open_predictor(str(base), "cpu"), tuned)
    )
    assert after < before


def test_a_tuned_model_has_learnt_the_bands_of_its_scenes_too(tmp_path):
    pytest.importorskip("rasterio")
    scenes = tmp_path / "scenes"
    write_scene_folder(scenes, make_scene(size=16))
    few = {"trained_bands": ("B02", "B03", "B04", "B08"), "band_sets": ()}
    base = model_file(tmp_path / "base.dbcr", random_network(), int8=True, **few)
    card = finetune(base, scenes, tmp_path / "all.dbcr", steps=1, crop=16, batch=1)
    assert card.trained_bands == OPTICAL_BANDS and card.band_sets == BAND_SETS


def test_the_card_of_a_tuned_model_tells_of_it_and_not_of_the_model_before(tmp_path):
    pytest.importorskip("rasterio")
    scenes = tmp_path / "scenes"
    write_scene_folder(scenes, make_scene(size=16))
    before = {"data": ["Old."], "commit": "0000000", "scale_factor": 3.0, "scale_fitted_on": ["x"]}
    facts = {"training": before, "metrics": {"a": 1}, "limits": ("Old limit.",), "mask_threshold": 0.2}
    base = model_file(tmp_path / "base.dbcr", random_network(), int8=True, **facts)
    card = finetune(base, scenes, tmp_path / "mine.dbcr", steps=1, crop=16, batch=1)
    assert card.id == "tiny-finetuned 1-mine" and card.metrics == {} and card.mask_threshold == 0.2
    assert card.description == "tiny 1, adapted to 1 scene of one region."
    assert len(card.limits) == 2 and "not judged" in card.limits[0] and card.limits[1] == "Old limit."
    assert not any(name.startswith("scale_") for name in card.training)
    assert card.training["commit"] == current_commit() != "0000000"
    texts = tmp_path / "card.toml"
    texts.write_text('name = "north"\nversion = "2"\ndescription = "Mine."\ndata = ["A."]\nlimits = ["B."]')
    words = ["--scenes", str(scenes), "--model", str(base), "--steps", "1", "--crop", "16", "--batch", "1"]
    output = tmp_path / "north.dbcr"
    assert main(["finetune", *words, "--card", str(texts), "--output", str(output)]) == 0
    card = open_predictor(str(output), "cpu").card
    assert (card.id, card.description, card.limits) == ("north 2", "Mine.", ("B.",))
    assert card.training["finetuned"]["data"] == ["A."] and card.training["data"] == ("Old.",)


@pytest.mark.parametrize("command", ["finetune", "export", "rewrite"])
def test_a_full_disk_leaves_no_half_model_and_the_old_one_alone(tmp_path, monkeypatch, capsys, command):
    pytest.importorskip("rasterio")
    scenes = write_scene_folder(tmp_path / "scenes", make_scene(size=16)).parent
    base = str(model_file(tmp_path / "base.dbcr", random_network(), int8=True))
    source = str(checkpoint(tmp_path / "best.pt", random_network()))
    output = tmp_path / "out.dbcr"
    output.write_bytes(b"old")
    before = sorted(path.name for path in tmp_path.iterdir())
    words = {
        "finetune": ["--scenes", str(scenes), "--model", base, "--steps", "1", "--crop", "16", "--batch", "1"],
        "export": ["--checkpoint", source, "--validation", ""],
        "rewrite": [base],
    }[command]
    writestr, written = zipfile.ZipFile.writestr, []

    def full(archive, info, content):
        # The second file is refused: a model file is written twice, with and without its answer.
        written.append(info.filename)
        if written.count("card.json") == 2 and info.filename != "card.json":
            raise OSError(28, "No space left on device")
        writestr(archive, info, content)

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    assert main([command, *words, "--output", str(output)]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == (
        "error: The disk is full; free some space and give the same command again."
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == before and output.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('limits = "one sentence"', "limits must be a list of sentences .*, not 'one sentence'"),
        ("data = [1]", "data must be a list of sentences"),
        ('Version = "1"', "'Version' is nothing that a card tells; it takes name, version"),
        ("version = 1.0", "version must be a text, not 1.0; put it into quotes"),
        ('description = ""', "description must be a text"),
        ('band_sets = ["RGB"]', "band_sets must be a list such as"),
        ("mask_threshold = 2", "mask_threshold must be a number between 0 and 1"),
        ("version = ", "is not TOML"),
    ],
)
def test_a_card_is_checked_before_anything_is_done(tmp_path, text, said):
    path = tmp_path / "card.toml"
    path.write_text(text)
    for ask in (
        lambda: read_card_texts(path),
        lambda: card_facts(tmp_path / "no.pt", path, None, ""),
        lambda: finetune(tmp_path / "no.dbcr", tmp_path, tmp_path / "o.dbcr", card_text=path),
    ):
        with pytest.raises(InputError, match=f"card.toml.*{said}"):
            ask()


def test_the_bundled_models_card_is_one():
    texts = read_card_texts(Path("training/configs/bundled-card.toml"))
    assert texts["mask_threshold"] == 0.135 and len(texts["limits"]) == 8 and isinstance(texts["data"], tuple)


@pytest.mark.parametrize("words", [{"steps": 0}, {"batch": 0}, {"crop": 12}])
def test_finetuning_by_nothing_is_refused(tmp_path, words):
    base = model_file(tmp_path / "m.dbcr", random_network(), True)
    with pytest.raises(InputError, match="must be above 0, the crop a multiple of 8"):
        finetune(base, tmp_path, tmp_path / "o.dbcr", **words)


def test_finetuning_without_a_clear_image_says_so(tmp_path):
    pytest.importorskip("rasterio")
    write_scene_folder(tmp_path / "s", make_scene(clear=None, cloudy=make_scene().clear))
    with pytest.raises(InputError, match="s2_clear.tif"):
        finetune(model_file(tmp_path / "m.dbcr", random_network(), True), tmp_path / "s", tmp_path / "o.dbcr", steps=1)


def test_the_mean_of_checkpoints_is_their_mean_and_another_network_or_schedule_is_refused(tmp_path):
    networks = [random_network(), random_network()]
    with torch.no_grad():
        for value in networks[1].parameters():
            value.add_(1)
    paths = [checkpoint(tmp_path / f"{i}.pt", network) for i, network in enumerate(networks)]
    average_checkpoints(paths, tmp_path / "mean.pt")
    mean, state = load_average(tmp_path / "mean.pt")
    for name, value in mean.state_dict().items():
        ours = (networks[0].state_dict()[name] + networks[1].state_dict()[name]) / 2
        assert torch.allclose(value, ours, atol=1e-6)
    assert state["step"] == load_average(paths[0])[1]["step"]
    config = load_checkpoint(paths[1])["config"]
    gated = {**config["network"], "gated": not config["network"]["gated"]}
    for change, said in (
        ({"network": gated}, "other.pt holds another network"),
        ({"schedule": "i2sb"}, "other.pt learned the schedule i2sb, .*0.pt linear; only weights of one schedule"),
    ):
        save_checkpoint(tmp_path / "other.pt", {**load_checkpoint(paths[1]), "config": {**config, **change}})
        with pytest.raises(ModelError, match=said):
            average_checkpoints([paths[0], tmp_path / "other.pt"], tmp_path / "none.pt")
    assert not (tmp_path / "none.pt").exists()


def test_an_evaluation_of_other_weights_is_refused(tmp_path, capsys):
    mine, other = (checkpoint(tmp_path / f"{s}.pt", random_network(strength=s)) for s in (0.1, 0.2))
    model = model_file(tmp_path / "m.dbcr", random_network(), int8=True)
    copy = tmp_path / "copy.pt"
    copy.write_bytes(mine.read_bytes())
    hashes = [weights_hash(path, path != model) for path in (mine, other, model, copy)]
    assert len(set(hashes)) == 3 and hashes[0] == hashes[3]
    rewritten = tmp_path / "n.dbcr"
    rewrite_model(model, rewritten, "2")
    assert weights_hash(rewritten, False) == hashes[2], "the same weights under another card"
    found = tmp_path / "evaluation.json"
    words = ["--validation", "", "--evaluation", str(found), "--output", str(tmp_path / "o.dbcr")]
    for weights, status, said in (
        (hashes[0], 0, ""),
        (hashes[1], 1, "evaluation of other weights"),
        (None, 0, "does not say"),
    ):
        found.write_text(json.dumps({"card": {}, **({"weights": weights} if weights else {})}))
        assert main(["export", "--checkpoint", str(mine), *words]) == status
        assert said in capsys.readouterr().err
    found.write_text(json.dumps({"card": {}, "weights": hashes[0]}))
    assert main(["rewrite", str(model), "--evaluation", str(found), "--output", str(tmp_path / "p.dbcr")]) == 1
    assert not (tmp_path / "p.dbcr").exists()


@pytest.mark.parametrize("training", [{"data": ["Old."], "steps": 3}, {"steps": 3, "finetuned": {"data": ["Old."]}}])
def test_a_rewritten_card_tells_of_the_data(tmp_path, training):
    model = model_file(tmp_path / "m.dbcr", random_network(), int8=True, training=training)
    (tmp_path / "card.toml").write_text('data = ["New."]\nearlier = "Before."\nname = "north"')
    output = tmp_path / "o.dbcr"
    assert main(["rewrite", str(model), "--card", str(tmp_path / "card.toml"), "--output", str(output)]) == 0
    card = read_model_file(str(output)).card
    place = card.training.get("finetuned", card.training)
    assert list(place["data"]) == ["New."] and place["earlier"] == "Before." and card.name == "north"
    assert card.training["steps"] == 3 and card.training.keys() - {"earlier"} == training.keys()


@pytest.mark.parametrize("heard", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_finetuning_goes_on_to_the_same_weights(tmp_path, monkeypatch, capsys, heard):
    write_scene_folder(tmp_path / "s", make_scene(size=32))
    base = model_file(tmp_path / "base.dbcr", random_network(), int8=True)
    shape = ["--model", str(base), "--scenes", str(tmp_path / "s"), "--crop", "16", "--batch", "1", "--steps"]
    whole, parted = ["--output", str(tmp_path / "whole.dbcr")], ["--output", str(tmp_path / "parted.dbcr")]
    assert main(["finetune", *shape, "6", *whole]) == 0
    seen = []

    def pressed(*given):
        seen.append(1)
        if len(seen) == 3:
            signal.raise_signal(heard)
        return _train_step(*given)

    monkeypatch.setattr("training.finetune._train_step", pressed)
    assert main(["finetune", *shape, "6", *parted]) == 130
    assert "Interrupted at step 3; run the same command to resume." in capsys.readouterr().err
    assert not (tmp_path / "parted.dbcr").exists()
    assert main(["finetune", *shape, "7", *parted]) == 1
    assert "parted.resume.pt was begun with another model, other scenes or settings; give" in capsys.readouterr().err
    assert main(["finetune", *shape, "6", *parted]) == 0 and len(seen) == 6
    assert not list(tmp_path.glob("*.pt"))
    hashes = {weights_hash(tmp_path / f"{name}.dbcr", False) for name in ("base", "whole", "parted")}
    assert len(hashes) == 2 and weights_hash(base, False) in hashes
