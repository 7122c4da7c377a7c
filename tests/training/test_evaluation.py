# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluation gives an untouched input the input's own scores, and counts masks and coverage by hand-checkable rules."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from scenes import make_scene, write_scene_folder, write_tiff

pytest.importorskip("rasterio")

from dbcr_core.band_names import OPTICAL_BANDS  # noqa: E402
from dbcr_core.errors import BackendMissingError, InputError  # noqa: E402
from dbcr_core.network import BridgeNetwork, NetworkConfig  # noqa: E402
from dbcr_core.predictors import Prediction  # noqa: E402
from training.broken_clouds import SKIES_PER_IMAGE, broken_skies, under_broken_clouds  # noqa: E402
from training.calibration import multiply_scale, scale_factor  # noqa: E402
from training.card_texts import best_mask, read_evaluation  # noqa: E402
from training.checkpoint_predictor import CheckpointPredictor  # noqa: E402
from training.evaluation import auto_mask, by_cover, calibration, cloud_masks, evaluate, mean_scores  # noqa: E402
from training.evaluation_report import comparison, draw_cases, table, write_report  # noqa: E402
from training.export import mean_psnr  # noqa: E402
from training.frechet import FEWEST_IMAGES, frechet_distance, picture_distance  # noqa: E402
from training.lpips import FEATURES, Lpips  # noqa: E402
from training.validation import (  # noqa: E402
    ValidationImage,
    load_validation,
    restore_image,
    sparse_words,
    validate,
    validation_image,
)

NETWORK = NetworkConfig(
    widths=(4, 8), encoder_blocks=(1, 1), decoder_blocks=(1, 1), fusion_heads=(1, 2), middle_blocks=1, time_width=8,
    heads=("scale", "opacity"),
)  # fmt: skip
WEIGHTS = Path("../shared/weights")


@pytest.fixture
def folder(tmp_path) -> Path:
    for i in range(2):
        scene = write_scene_folder(tmp_path / "v", make_scene(f"sen12mscr_test_{i}", seed=i, size=16, cloudy=True))
        mask = np.zeros((1, 16, 16), np.uint8)
        mask[:, : 4 + 8 * i] = 1
        write_tiff(scene / "cloudmask.tif", mask)
    return tmp_path / "v"


def image(name: str = "a", value: float = 0.2) -> ValidationImage:
    ones = torch.ones(13, 8, 8)
    return ValidationImage(name, ones * value, ones * 0.6, ones[:2] * 0.5, np.ones(13, bool), np.ones((8, 8), bool))


def test_the_identity_has_the_scores_of_its_input_for_every_nfe_and_loses_nothing(folder, tmp_path):
    predictor = CheckpointPredictor(BridgeNetwork(NETWORK), "linear", "identity")
    images = load_validation(str(folder))
    report, restored, first = evaluate(predictor, folder, images, (3, 1), None)
    means = report["nfe"]["all"]
    for nfe in ("1", "3"):
        for name in ("psnr", "ssim", "mae", "sam"):
            assert means[nfe][name] == pytest.approx(means["input"][name], rel=1e-5)
    assert report["each"]["sen12mscr_test_0"]["cover"] == 0.25
    assert report["by_cover"]["20%-40%"]["images"] == 1 and report["by_cover"]["60%-80%"]["images"] == 1
    assert all(abs(entry["loss_db"]) < 1e-6 for entry in report["missing"].values())
    assert report["clear_inputs"]["mae"] == 0
    text = write_report(report, tmp_path / "out")
    draw_cases(images, restored, first, report, tmp_path / "out")
    for name in ("evaluation.json", "evaluation.md", "nfe.png", "cover.png", "cases.png"):
        assert (tmp_path / "out" / name).stat().st_size > 0
    assert json.loads((tmp_path / "out" / "evaluation.json").read_text()) == report
    assert "| NFE 1 |" in text and "without VH" in text
    assert "\n| NFE 3 | " in text.split("| MAE |")[1], "errors per band are those of the first NFE"


def test_under_broken_clouds_the_model_is_measured_where_nothing_is_seen():
    rows = torch.linspace(0.1, 0.3, 96)[:, None].expand(96, 96)
    land = torch.stack([rows] * 13)
    known = np.ones(13, bool), np.ones((96, 96), bool)
    flat = ValidationImage("a", land, torch.zeros_like(land), torch.rand(2, 96, 96), *known)
    skies = list(broken_skies([flat]))
    assert len(skies) == SKIES_PER_IMAGE
    for sky in skies:
        assert float((sky.image.cloudy - flat.clear)[1:4, sky.open].abs().median()) < 1e-3
        assert float(sky.image.cloudy[1:4, sky.opaque].mean()) > 0.35 and not (sky.open & sky.opaque).any()
    found = under_broken_clouds(CheckpointPredictor(BridgeNetwork(NETWORK), "linear", "identity"), [flat])
    # The network as it begins lets the cloud be; land that hardly varies is easily continued.
    counted = [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12]
    error = np.mean([float((s.image.cloudy - flat.clear)[counted][:, s.opaque].square().mean()) for s in skies]) ** 0.5
    assert found["model"]["rmse"] == pytest.approx(error, rel=1e-4)
    assert found["interpolation"]["rmse"] < 0.05 < found["model"]["level_rmse"]
    assert set(found) == {"model", "matched", "interpolation"}


def test_masks_come_from_the_file_or_from_brightness(folder):
    images = load_validation(str(folder))
    assert cloud_masks(folder, images)["sen12mscr_test_0"].sum() == 64
    (folder / "sen12mscr_test_0" / "cloudmask.tif").unlink()
    assert cloud_masks(folder, images)["sen12mscr_test_0"].all()


@pytest.mark.parametrize(("names", "there"), [(("B04", "B08"), True), (("B05", "B08"), False)])
def test_without_blue_the_next_visible_band_tells_clouds_and_without_any_none_is_judged(tmp_path, names, there):
    bands = np.isin(OPTICAL_BANDS, names)
    keep = torch.from_numpy(bands)[:, None, None]
    half = image()
    half.cloudy[:, 4:] = 0.1
    few = replace(half, clear=half.clear * keep, cloudy=half.cloudy * keep, bands=bands)
    predictor = CheckpointPredictor(BridgeNetwork(NETWORK), "linear", "identity")
    report, restored, first = evaluate(predictor, tmp_path, [few], (1,), None)
    text = write_report(report, tmp_path / "out")
    for name in ("auto_mask", "by_cover", "cloudy_pixels", "clear_pixels", "input_clear_pixels"):
        assert (name in report) == there
    assert report["each"]["a"].get("cover") == (0.5 if there else None)
    assert ("auto_mask" in report["card"][tmp_path.name]) == there and ("no cloud is known in a." in text) != there
    assert (best_mask(tmp_path / "out" / "evaluation.json") is None) or there


def test_a_mask_is_cut_as_its_image_is_and_must_not_be_smaller(folder):
    scene = folder / "sen12mscr_test_0"
    write_tiff(scene / "cloudmask.tif", np.ones((1, 21, 18), np.uint8))
    images = load_validation(str(folder))
    assert cloud_masks(folder, images)["sen12mscr_test_0"].shape == (16, 16)
    write_tiff(scene / "cloudmask.tif", np.ones((1, 16, 12), np.uint8))
    with pytest.raises(InputError, match="cloudmask.tif is smaller than its scene; warp it"):
        cloud_masks(folder, images)


def test_bands_that_an_image_lacks_do_not_count(tmp_path):
    four = np.isin(np.arange(13), (1, 2, 3, 7))
    whole = image()
    keep = torch.from_numpy(four)[:, None, None]
    less = replace(whole, clear=whole.clear * keep, cloudy=whole.cloudy * keep, bands=four)
    network = BridgeNetwork(NETWORK)
    predictor = CheckpointPredictor(network, "linear", "identity")
    report, _, _ = evaluate(predictor, tmp_path, [less], (1,), None)
    # The identity is off by 0.4 in each of the four bands, which is 7.96 dB; the nine others are not there to be right.
    assert report["nfe"]["all"]["1"]["psnr"] == pytest.approx(20 * np.log10(1 / 0.4), abs=1e-3)
    assert report["nfe"]["all"]["1"]["mae"] == pytest.approx(0.4, abs=1e-6)
    assert sorted(report["mae_per_band"]) == ["B02", "B03", "B04", "B08"]
    found = validate(network, [less])
    assert found.psnr == pytest.approx(20 * np.log10(1 / 0.4), abs=1e-3) and found.mae == pytest.approx(0.4)
    assert mean_psnr(predictor, [less]) == pytest.approx(20 * np.log10(1 / 0.4), abs=1e-3)


def test_pixels_without_data_are_no_ground(folder, tmp_path):
    """A model is judged as it would be if the images ended where their data do."""
    gaps, ends = tmp_path / "gaps", tmp_path / "ends"
    for scene, name in ((make_scene(size=32, cloudy=True), "clear"), (make_scene("b", size=32, cloudy=True), "cloudy")):
        images = {k: getattr(scene, k).copy() for k in ("clear", "cloudy")}
        images[name][:, :, 16:] = 0
        write_scene_folder(gaps, replace(scene, **images))
        write_scene_folder(
            ends, replace(scene, clear=scene.clear[..., :16], cloudy=scene.cloudy[..., :16], sar=scene.sar[..., :16])
        )
    # The identity, with heads that say the same everywhere: what lies beyond the edge changes nothing.
    network = BridgeNetwork(NETWORK)
    with torch.no_grad():
        for head in (network.scale_head, network.opacity_head):
            head.output.weight.zero_()
    predictor = CheckpointPredictor(network, "linear", "identity")
    judged = {}
    for root in (gaps, ends):
        images = load_validation(str(root))
        report, restored, _ = evaluate(predictor, root, images, (1,), None)
        found = validate(network, images)
        judged[root] = {
            "nfe": report["nfe"]["all"]["1"],
            "cover": [entry["cover"] for entry in report["each"].values()],
            "mae_per_band": report["mae_per_band"],
            "clear_inputs": report["clear_inputs"]["mae"],
            "missing": report["missing"]["four"]["without"],
            "coverage": report["calibration"]["coverage"],
            "auto_mask": report["auto_mask"]["at_card"],
            "factor": scale_factor(predictor, images),
            "psnr": mean_psnr(predictor, images),
            "quick": (found.psnr, found.mae),
        }
        assert not restored["a"][:, :, 16:].any()
    for name, value in judged[ends].items():
        if name == "nfe":  # windows of SSIM see what is beyond
            for scores in (value, judged[gaps][name]):
                del scores["ssim"], scores["lpips"]
        if name == "factor":  # of every seventh value
            assert judged[gaps][name] == pytest.approx(value, rel=0.05)
        else:
            assert judged[gaps][name] == pytest.approx(value, rel=1e-4, abs=1e-6), name


def test_the_edge_is_continued_for_the_network_and_nothing_in_common_is_refused(tmp_path):
    scene = make_scene(size=16, cloudy=True)
    scene.cloudy[:, :, 12:] = 0
    seen = validation_image(scene)
    assert torch.equal(seen.cloudy[:, :, 12:], seen.cloudy[:, :, 11:12].expand(13, 16, 4))
    assert not seen.clear[:, :, 12:].any() and seen.valid[:, :12].all() and not seen.valid[:, 12:].any()
    scene.clear[:, :, :12] = 0
    with pytest.raises(InputError, match="No pixel of validation scene a has data in both images"):
        validation_image(scene)


def test_calibration_counts_errors_within_the_laplace_band():
    target = image()
    scale = np.full((1, 13, 8, 8), 0.1, np.float32)
    # An error of 0.15 lies within b ln(5) = 0.161 (the 80 % band) but not within b ln(2) = 0.069.
    restored = {"a": target.clear.numpy() + 0.15}
    with np.errstate(all="ignore"):
        found = calibration([target], restored, {"a": Prediction(restored["a"][None], scale)})
    assert found["coverage"] == {"0.5": 0.0, "0.8": 1.0, "0.9": 1.0, "0.95": 1.0}
    assert found["mean_error"] == pytest.approx(0.15)


def test_a_calibrated_scale_covers_what_it_promises(folder):
    images = load_validation(str(folder))
    torch.manual_seed(0)
    network = BridgeNetwork(NETWORK)
    predictor = CheckpointPredictor(network, "linear", "x")
    factor = scale_factor(predictor, images)
    # The heads' biases of this untrained network expect errors of 0.03; the clouds of these images add 0.3.
    assert factor > 1.5
    multiply_scale(network.scale_head, factor)
    again = scale_factor(predictor, images)
    assert abs(again - 1) < abs(factor - 1) / 3


def test_frechet_distance_of_shifted_and_widened_clouds_of_points():
    random = np.random.default_rng(0)
    points = random.normal(size=(4000, 3))
    assert frechet_distance(points, points) == pytest.approx(0, abs=1e-9)
    assert frechet_distance(points, points + [2, 0, 0]) == pytest.approx(4, abs=1e-9)
    # Tripled standard deviation: sum over three directions of (3 - 1)^2 times the variance.
    assert frechet_distance(points, 3 * points) == pytest.approx(
        4 * points.var(0, ddof=1).sum() + 4 * (points.mean(0) ** 2).sum(), rel=1e-6
    )


def test_too_few_pictures_have_no_frechet_distance():
    assert picture_distance(None, [np.zeros((13, 8, 8))] * (FEWEST_IMAGES - 1), []) is None


def test_the_auto_mask_is_judged_by_precision_and_recall():
    opacity = np.zeros((1, 2, 8, 8), np.float32)
    opacity[0, 0, :4] = 0.9
    opacity[0, 0, 4:6] = 0.3
    truth = np.zeros((8, 8), bool)
    truth[:5] = True
    found = auto_mask([image()], {"a": truth}, {"a": Prediction(opacity, None, opacity)}, 0.5)
    assert (found["at_card"]["precision"], found["at_card"]["recall"]) == (1.0, 0.8)
    assert (found["best_with_recall"]["recall"], found["best_with_recall"]["threshold"]) == (1.0, 0.3)
    assert found["best_with_recall"]["precision"] == pytest.approx(5 / 6)


def test_thresholds_of_the_mask_are_tried_finely_where_opacities_are_low():
    opacity = np.full((1, 2, 8, 8), 0.055, np.float32)
    opacity[0, 0, :4] = 0.125
    truth = np.arange(64).reshape(8, 8) < 32
    found = auto_mask([image()], {"a": truth}, {"a": Prediction(opacity, None, opacity)}, 0.5)
    assert found["best_with_recall"] == {"threshold": 0.12, "precision": 1.0, "recall": 1.0}


def test_means_leave_out_images_without_a_value():
    assert mean_scores([{"sam": None, "psnr": 20.0}, {"sam": 4.0, "psnr": 30.0}])["sam"] == 4.0
    assert mean_scores([])["psnr"] is None


def test_full_cover_falls_into_the_last_bin():
    entry = {"cover": 1.0, "nfe": {1: {"psnr": 20.0}}, "input": {"psnr": 8.0}}
    assert by_cover({"a": entry}, 1)["80%-100%"]["images"] == 1


def test_tables_have_the_papers_columns():
    entry = {"psnr": 33.469, "ssim": 0.922, "mae": 0.016, "sam": 4.74, "lpips": None}
    text = table("Method", {"DB-CR": entry})
    assert text.splitlines()[0] == "| Method | PSNR(dB) | SSIM | MAE | SAM | LPIPS |"
    assert text.splitlines()[2] == "| DB-CR | 33.47 | 0.922 | 0.0160 | 4.74 | – |"
    assert "| a | 33.47" in comparison("NFE 1", {"a": {"nfe": {"all": {"1": entry}}}}, "1")


def test_a_bare_folder_named_lpips_is_not_taken_for_the_package(tmp_path, monkeypatch):
    (tmp_path / "lpips").mkdir()
    torch.save({}, tmp_path / FEATURES)
    others = [place for place in sys.path if not (Path(place) / "lpips").exists()]
    monkeypatch.setattr(sys, "path", [str(tmp_path), *others])
    monkeypatch.delitem(sys.modules, "lpips", raising=False)
    with pytest.raises(BackendMissingError, match="pip install --no-deps lpips"):
        Lpips(tmp_path)


@pytest.mark.skipif(not (WEIGHTS / "alexnet_features.pth").exists(), reason="the AlexNet weights are not at hand")
def test_lpips_is_zero_for_equal_pictures_and_grows_with_distortion():
    lpips = Lpips(WEIGHTS)
    clear = make_scene(size=64).clear.astype(np.float32) / 10000
    noise = np.random.default_rng(1).normal(0, 1, clear.shape).astype(np.float32)
    assert lpips(clear, clear) == 0
    assert 0 < lpips(clear, clear + 0.01 * noise) < lpips(clear, clear + 0.1 * noise)


def test_what_inputs_cost_is_measured_with_the_steps_of_the_first_nfe(folder):
    torch.manual_seed(0)
    network = BridgeNetwork(NETWORK)
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(0.1 * torch.randn_like(weight))
    images = load_validation(str(folder))
    for image in images:
        image.sar[:] = 0  # so that nothing is lost without it
    predictor = CheckpointPredictor(network, "linear", "random")
    report, restored, _ = evaluate(predictor, folder, images, (5, 1), None)
    assert report["nfe"]["all"]["5"]["psnr"] != pytest.approx(report["nfe"]["all"]["1"]["psnr"], abs=0.01)
    for name in ("without VH", "without SAR"):
        assert report["missing"][name]["loss_db"] == 0
    text = write_report(report, folder.parent / "out")
    assert "| missing, NFE 5 |" in text and "| pixels, NFE 5 |" in text and "Clear input kept at NFE 5" in text


def test_bands_that_a_model_never_learned_are_not_judged(folder, tmp_path):
    known = ("B02", "B03", "B04", "B08")
    predictor = CheckpointPredictor(BridgeNetwork(NETWORK), "linear", "identity", trained_bands=known)
    images = load_validation(str(folder))
    report, _, _ = evaluate(predictor, folder, images, (1,), None, weights="abc")
    assert list(report["mae_per_band"]) == list(known) == report["trained_bands"] and report["weights"] == "abc"
    assert "Of the bands that the model learned: B02, B03, B04, B08." in write_report(report, tmp_path / "out")


def test_images_that_hardly_show_anything_are_told():
    scene = make_scene("hole", size=32, cloudy=True)
    scene.cloudy[:, 1:] = 0
    assert sparse_words([validation_image(make_scene(size=16, cloudy=True))]) == ""
    assert "like a whole one: hole (3.1%)" in sparse_words([validation_image(scene)])


def test_what_the_sde_scores_is_told_and_is_none_for_a_card(folder, tmp_path):
    predictor = CheckpointPredictor(random_network(), "i2sb", "noisy")
    for stochastic in (True, False):
        images = load_validation(str(folder))
        report, _, _ = evaluate(predictor, folder, images, (3,), None, thorough=False, stochastic=stochastic)
        text = write_report(report, tmp_path / "out")
        assert ("2 images, by the SDE\n" in text) == stochastic
        if stochastic:
            with pytest.raises(InputError, match="evaluation.json judged the SDE, .* run `evaluate` without --sde."):
                read_evaluation(tmp_path / "out" / "evaluation.json")
    assert read_evaluation(tmp_path / "out" / "evaluation.json") == report["card"]


def random_network(**changes) -> BridgeNetwork:
    torch.manual_seed(0)
    network = BridgeNetwork(replace(NETWORK, **changes))
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(0.1 * torch.randn_like(weight))
    return network


def test_large_scenes_are_restored_tile_by_tile_as_the_engine_does_it():
    predictor = CheckpointPredictor(random_network(), "linear", "random")
    large = validation_image(make_scene(size=320, cloudy=True))
    result, first = restore_image(predictor, large)
    corners = []
    for rows, columns in ((slice(0, 256), slice(0, 256)), (slice(64, 320), slice(64, 320))):
        parts = {name: getattr(large, name)[:, rows, columns] for name in ("clear", "cloudy", "sar")}
        corners.append(restore_image(predictor, replace(large, **parts, valid=large.valid[rows, columns])))
    # Beyond what tiles share, here 64 ... 256, each shows its own.
    for (part, found), there in zip(corners, (slice(0, 64), slice(-64, None))):
        at = (..., there, there)
        assert np.array_equal(result[at], part[at]) and np.array_equal(first.opacity[at], found.opacity[at])
    whole = predictor.predict_clear(large.cloudy[None].numpy(), 1000, predictor.encode_sar(large.sar[None].numpy()))
    assert np.abs(result - whole.clear[0]).mean() < 0.02 and not np.array_equal(result, whole.clear[0])
    assert validate(predictor.network, [large]).psnr == pytest.approx(mean_psnr(predictor, [large]), abs=1e-4)


def test_a_sheet_of_large_pictures_is_thinned(tmp_path):
    from training.pictures import GAP, LARGEST, save_grid

    for side, drawn in ((LARGEST, LARGEST), (LARGEST + 2, LARGEST // 2 + 1)):
        save_grid(tmp_path / "a.png", [[np.zeros((side, 9, 3))]])
        assert int.from_bytes((tmp_path / "a.png").read_bytes()[20:24], "big") == drawn + GAP


def test_sides_that_a_deeper_network_does_not_take_are_continued():
    deeper = random_network(
        widths=(4, 8, 16, 32, 64), encoder_blocks=(1,) * 5, decoder_blocks=(1,) * 5, fusion_heads=(1,) * 5
    )
    predictor = CheckpointPredictor(deeper, "linear", "deeper")
    image = validation_image(make_scene(size=24, cloudy=True))
    result, first = restore_image(predictor, image, 2)
    assert result.shape == (13, 24, 24) and first.opacity.shape == (1, 2, 24, 24)
    assert np.isfinite(result).all() and validate(deeper, [image]).psnr == pytest.approx(
        mean_psnr(predictor, [image]), abs=1e-4
    )
