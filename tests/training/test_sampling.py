# SPDX-License-Identifier: GPL-3.0-or-later
"""Batches hold what the loss and the network expect, and depend on seed and step alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scenes import make_scene, write_tiff

from dbcr_core.band_names import BAND_SETS, OPTICAL_BANDS
from dbcr_core.errors import InputError
from training.clouds import CloudSettings, CloudSimulator
from training.config import DataSettings, DropSettings
from training.datasets.scene import SAR_NODATA
from training.pack import load_pack, save_pack
from training.pictures import save_grid
from training.read_ahead import ReadAhead
from training.sampling import PROFILES, CropSampler, drop_bands, drop_sar
from training.sar_samples import scale_sar, vary_sar
from training.triplet_sampling import TripletSampler

NO_DROP = DropSettings(0, 0, 0, 0, 0, 0)


def sampler(scenes, drop=NO_DROP, seed=0, rank=0, **data) -> CropSampler:
    return CropSampler(scenes, DataSettings(**data), drop, CloudSimulator(CloudSettings()), seed, rank)


def test_the_same_step_gives_the_same_batch_and_another_step_or_process_another():
    scenes = [make_scene(), make_scene("b", seed=1, cloudy=True)]
    first, again = (sampler(scenes)(7, 16, 4) for _ in range(2))
    for name in ("clear", "cloudy", "valid", "sar", "opacity"):
        assert torch.equal(getattr(first, name), getattr(again, name)), name
    assert not torch.equal(first.clear, sampler(scenes)(8, 16, 4).clear)
    assert not torch.equal(first.clear, sampler(scenes, rank=1)(7, 16, 4).clear)


def test_missing_bands_are_zero_everywhere_and_do_not_count():
    bands = np.array(PROFILES["four"])
    scene = make_scene(bands=bands, clear=make_scene().clear * bands[:, None, None])
    batch = sampler([scene])(0, 16, 6)
    for values in (batch.clear, batch.cloudy, batch.valid):
        assert (values[:, ~bands] == 0).all()
    assert (batch.valid[:, bands] == 1).all()


def test_nodata_pixels_do_not_count():
    clear = make_scene().clear.copy()
    clear[:, :, :24] = 0
    batch = sampler([make_scene(clear=clear)])(0, 48, 2)
    assert batch.valid.mean() == pytest.approx(0.5)
    assert (batch.clear * (1 - batch.valid) == 0).all()


def test_real_pairs_keep_the_real_cloudy_date_and_claim_no_opacity():
    flat = {"clear": np.full((13, 16, 16), 1000, np.uint16), "cloudy": np.full((13, 16, 16), 5000, np.uint16)}
    real = make_scene(size=16, sar=None, sar_bands=None, **flat)
    batch = sampler([real], real_pairs=1.0)(0, 16, 3)
    assert torch.allclose(batch.cloudy, torch.full_like(batch.cloudy, 0.5))
    assert torch.allclose(batch.clear, torch.full_like(batch.clear, 0.1))
    assert not batch.opacity_known.any()
    assert (batch.sar == 0).all()


def test_where_the_land_around_is_seen_the_aim_is_what_the_cloudy_date_shows():
    cloudless = CloudSettings(clear=0, overcast=0, veil=0, mixed=0, gloom=0)
    scene = make_scene(size=64)
    settings = {"real_pairs": 0.0, "transplanted": 0.0, "date_change": 1.0}
    found = {}
    for share in (0.1, 1.0):
        data = DataSettings(surroundings=share, **settings)
        found[share] = CropSampler([scene], data, NO_DROP, CloudSimulator(cloudless), 0)(0, 64, 8)
    asked, plain = found[0.1], found[1.0]
    assert not plain.surrounded.any() and asked.surrounded.any()
    for i in range(8):
        # The median over the visible bands: a cloud lies elsewhere in each band, and B09 sees the humidity of the air.
        land = asked.opacity[i].amax(0) == 0
        off = [(b.clear[i] - b.cloudy[i])[1:4, land].abs().median() for b in (asked, plain)]
        assert (off[0] < 0.1 * off[1]) == bool(asked.surrounded[i])
    assert torch.equal(asked.cloudy, plain.cloudy)


def test_scenes_smaller_than_the_crop_are_mirrored():
    batch = sampler([make_scene(size=10)])(0, 16, 2)
    assert batch.clear.shape == (2, 13, 16, 16) and (batch.valid == 1).all()


def test_an_unknown_group_is_refused():
    with pytest.raises(InputError, match="nowhere"):
        sampler([make_scene()], groups={"nowhere": 1.0})


def test_band_profiles_are_dropped_as_often_as_asked():
    present = torch.ones(2000, 13, 1, 1, dtype=torch.bool)
    kept = drop_bands(present, DropSettings(l2a=0.5, ten=0, four=0, rgb=0.25), np.random.default_rng(0))
    counts = kept.sum((1, 2, 3))
    assert (counts == 12).float().mean() == pytest.approx(0.5, abs=0.05)
    assert (counts == 3).float().mean() == pytest.approx(0.25, abs=0.05)


def test_a_scene_never_loses_all_its_bands():
    only_swir = torch.zeros(50, 13, 1, 1, dtype=torch.bool)
    only_swir[:, 11] = True
    kept = drop_bands(only_swir, DropSettings(l2a=0, ten=0, four=0, rgb=1.0), np.random.default_rng(0))
    assert torch.equal(kept, only_swir)


def test_sar_is_dropped_whole_or_only_vh():
    sar = torch.ones(3000, 2, 1, 1)
    kept = drop_sar(sar, DropSettings(sar=0.3, vh=0.2), np.random.default_rng(0))[:, :, 0, 0]
    assert (kept.sum(1) == 0).float().mean() == pytest.approx(0.3, abs=0.03)
    assert ((kept[:, 0] == 1) & (kept[:, 1] == 0)).float().mean() == pytest.approx(0.2, abs=0.03)


def test_decibels_are_scaled_to_the_models_range():
    decibels = torch.tensor([-25.0, 0.0, 5.0, -12.5]).view(1, 1, 1, 4).expand(1, 2, 1, 4).clone()
    decibels[0, 1] = torch.tensor([-32.5, 0.0, -327.68, -16.25])
    scaled = scale_sar(decibels)[0, :, 0]
    torch.testing.assert_close(scaled, torch.tensor([[0, 1, 1, 0.5], [0, 1, 0, 0.5]]))


def test_varied_sar_keeps_nodata_and_stays_near_calibrated_values():
    decibels = torch.full((2, 2, 16, 16), -12.0)
    decibels[:, 1] = SAR_NODATA / 100
    varied = vary_sar(decibels, ["db", "modelled"], torch.Generator().manual_seed(0))
    assert torch.equal(varied[:, 1], decibels[:, 1])
    assert (varied[0, 0] + 12).abs().max() <= 0.7
    assert varied[1, 0].std() > 0.5


def test_a_pack_gives_back_its_scenes(tmp_path):
    bands = np.array(PROFILES["ten"])
    scenes = [
        make_scene(cloudy=True),
        make_scene("b", clear=make_scene().clear * bands[:, None, None], bands=bands, sar=None, sar_bands=None),
    ]
    save_pack(tmp_path / "p.npz", scenes, {"note": [1]}, compressed=True)
    found, extra = load_pack(tmp_path / "p.npz")
    assert extra == {"note": [1]}
    for scene, other in zip(scenes, found):
        assert (scene.id, scene.group, scene.sar_kind) == (other.id, other.group, other.sar_kind)
        for name in ("clear", "cloudy", "sar", "bands", "sar_bands"):
            a, b = getattr(scene, name), getattr(other, name)
            assert (a is None and b is None) or np.array_equal(a, b), name


def test_a_damaged_or_missing_pack_is_named(tmp_path):
    path = tmp_path / "p.npz"
    with pytest.raises(InputError, match="training pack"):
        load_pack(path)
    save_pack(path, [make_scene()])
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(InputError, match="p.npz"):
        load_pack(path)


def test_triplets_are_dealt_once_per_epoch_to_all_processes(tmp_path):
    pytest.importorskip("rasterio")
    scene = make_scene(size=16, cloudy=True)
    for patch in range(6):
        for kind, values in (
            ("s1", scene.sar.astype(np.float32) / 100), ("s2", scene.clear), ("s2_cloudy", scene.cloudy)
        ):  # fmt: skip
            write_tiff(tmp_path / f"ROIs1158_spring_{kind}/{kind}_1/ROIs1158_spring_{kind}_1_p{patch}.tif", values)
    samplers = [TripletSampler(tmp_path, NO_DROP, 0, rank, 2, "cpu") for rank in range(2)]
    dealt = [i for step in range(3) for s in samplers for i in s.indices(step, 1)]
    assert sorted(dealt) == list(range(6))
    batch = samplers[0](0, 16, 2)
    assert batch.clear.shape == (2, 13, 16, 16)
    assert float((batch.cloudy - batch.clear).mean()) == pytest.approx(0.3, abs=0.01)


def test_reading_ahead_gives_the_same_batches():
    plain = sampler([make_scene(), make_scene("b", seed=1)])
    ahead = ReadAhead(sampler([make_scene(), make_scene("b", seed=1)]), threads=2)
    for step, crop in ((0, 16), (1, 16), (2, 24), (3, 24)):
        assert torch.equal(plain(step, crop, 2).cloudy, ahead(step, crop, 2).cloudy)


def test_pictures_are_png_files_that_others_read(tmp_path):
    imread = pytest.importorskip("matplotlib.image").imread
    tile = np.zeros((4, 5, 3), np.float32)
    tile[1, 2] = (1.0, 0.5, 0.0)
    save_grid(tmp_path / "x.png", [[tile, tile]])
    found = imread(tmp_path / "x.png")
    assert found.shape[:2] == (6, 14)
    np.testing.assert_allclose(found[1, 2, :3], (1.0, 0.5, 0.0), atol=0.01)
    save_grid(tmp_path / "y.png", [[tile[:2, :2]], [tile]])
    found = imread(tmp_path / "y.png")
    assert found.shape[:2] == (12, 7) and (found[2:6, 2:] == 1).all() and (found[0, 0, :3] == 0).all()


def test_what_training_leaves_of_the_bands_is_what_a_card_says_by_itself():
    left = {",".join(name for name, kept in zip(OPTICAL_BANDS, keep) if kept) for keep in PROFILES.values()}
    assert left < set(BAND_SETS)
