# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes come out of every source with the right bands in the right places, or an error names the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("rasterio")

from scenes import make_scene, write_placed, write_scene_folder, write_tiff  # noqa: E402

from dbcr_core.bands import OPTICAL_BANDS  # noqa: E402
from dbcr_core.errors import InputError  # noqa: E402
from training.bundled_data import is_held_out, pair_series  # noqa: E402
from training.config import DropSettings  # noqa: E402
from training.datasets import ombria, sen12mscr  # noqa: E402
from training.datasets.rasters import read_windows  # noqa: E402
from training.datasets.scene import SAR_NODATA, Scene, spread_optical  # noqa: E402
from training.datasets.scene_folders import read_scene, read_scenes, scene_paths  # noqa: E402
from training.pack import load_pack  # noqa: E402
from training.packing import write_validation_pack  # noqa: E402
from training.triplet_sampling import TripletSampler  # noqa: E402
from training.validation import load_validation  # noqa: E402


def test_a_scene_folder_gives_back_what_was_written(tmp_path):
    scene = make_scene(cloudy=True)
    found = read_scene(write_scene_folder(tmp_path, scene))
    for name in ("clear", "cloudy", "sar", "bands", "sar_bands"):
        assert np.array_equal(getattr(found, name), getattr(scene, name)), name


def test_band_descriptions_decide_where_bands_go(tmp_path):
    values = np.stack([np.full((8, 8), v, np.uint16) for v in (1200, 400, 800)])
    write_tiff(tmp_path / "x" / "s2_clear.tif", values, ("B12", "B04", "B8A"))
    scene = read_scene(tmp_path / "x")
    assert [OPTICAL_BANDS[i] for i in np.flatnonzero(scene.bands)] == ["B04", "B8A", "B12"]
    assert scene.clear[:, 0, 0].tolist() == [0, 0, 0, 400, 0, 0, 0, 0, 800, 0, 0, 0, 1200]
    assert scene.sar is None


def test_a_missing_vh_is_ordinary(tmp_path):
    write_scene_folder(tmp_path, make_scene(sar_bands=np.array([True, False])))
    scene = read_scene(tmp_path / "a")
    assert scene.sar_bands.tolist() == [True, False]
    assert (scene.sar[1] == SAR_NODATA).all()


def test_what_holds_no_number_becomes_nodata_in_sar_and_zero_in_optical(tmp_path):
    optical = np.full((3, 8, 8), 700, np.float32)
    optical[:, 0, 0], optical[:, 0, 1] = np.nan, np.inf
    sar = np.full((1, 8, 8), -10.0, np.float32)
    sar[0, 1, 1] = np.nan
    write_tiff(tmp_path / "x" / "s2_clear.tif", optical, ("B02", "B03", "B04"))
    write_tiff(tmp_path / "x" / "s1.tif", sar, ("VV",))
    scene = read_scene(tmp_path / "x")
    assert scene.clear[1, 0, :3].tolist() == [0, 0, 700]
    assert scene.sar[0, 1, 1] == SAR_NODATA and scene.sar[0, 0, 0] == -1000


def test_declared_nodata_and_filled_borders_are_no_backscatter_and_no_reflectance(tmp_path):
    folder, scene = tmp_path / "a", make_scene(size=16)
    optical, sar = scene.clear.astype(np.float32), scene.sar.astype(np.float32) / 100
    optical[:, :4], sar[:, 4:8], sar[0, 9] = -9999, -9999, -9999
    write_tiff(folder / "s2_clear.tif", optical, OPTICAL_BANDS, nodata=-9999)
    write_tiff(folder / "s1.tif", sar, ("VV", "VH"), nodata=-9999)
    found = read_scene(folder)
    assert not found.clear[:, :4].any() and np.array_equal(found.clear[:, 4:], scene.clear[:, 4:])
    assert (found.sar[:, 4:8] == SAR_NODATA).all() and (found.sar[0, 9] == SAR_NODATA).all()
    assert np.array_equal(found.sar[1, 9], scene.sar[1, 9]) and np.array_equal(found.sar[:, :4], scene.sar[:, :4])
    # Nothing declared: zero in both bands was filled in, zero in one of them may be true.
    sar = scene.sar.astype(np.float32) / 100
    sar[:, 2], sar[0, 3], sar[:, 5] = 0, 0, -9999
    write_tiff(folder / "s1.tif", sar, ("VV", "VH"))
    found = read_scene(folder)
    assert (found.sar[:, [2, 5]] == SAR_NODATA).all() and (found.sar[0, 3] == 0).all()


def _altered(kind: str) -> dict:
    """One raster of a good scene made wrong: {name: (values, band names)}."""
    scene = make_scene(size=16)
    clear, sar = scene.clear.astype(np.float32), scene.sar.astype(np.float32) / 100
    raised = clear + 1000
    raised[OPTICAL_BANDS.index("B10")] = 1012
    return {
        "all NaN": {"s2_clear": (clear * np.nan, OPTICAL_BANDS)},
        "all zero": {"s2_clear": (clear * 0, OPTICAL_BANDS)},
        "all infinite": {"s2_clear": (clear + np.inf, OPTICAL_BANDS)},
        "reflectance": {"s2_clear": (clear / 10000, OPTICAL_BANDS)},
        "rounded": {"s2_clear": (np.clip(clear // 2000, 0, 1).astype(np.uint16), OPTICAL_BANDS)},
        "offset": {"s2_clear": (raised, OPTICAL_BANDS)},
        "one name": {"s2_clear": (clear, ["B02"] * 13)},
        "no names": {"s2_clear": (clear[:5], ())},
        "sorted by name": {"s2_clear": (clear[[*range(8), 9, 10, 11, 12, 8]], ())},
        "VH first": {"s1": (sar - np.float32([9, 0])[:, None, None], ())},
        "other bands": {"s2_clear": (clear[:4], OPTICAL_BANDS[:4]), "s2_cloudy": (clear[4:8], OPTICAL_BANDS[4:8])},
        "power": {"s1": (10 ** (sar / 10), ("VV", "VH"))},
        "amplitude": {"s1": ((300 + sar).astype(np.uint16), ("VV", "VH"))},
        "no backscatter": {"s1": (sar * np.nan, ("VV", "VH"))},
        "one polarisation twice": {"s1": (sar, ("VV", "VV"))},
        "size": {"s1": (sar[:, :10], ("VV", "VH"))},
    }[kind]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("all NaN", "s2_clear.tif: The optical image holds no data at all; store reflectance x 10000"),
        ("all zero", "s2_clear.tif: The optical image holds no data at all; store"),
        ("all infinite", "s2_clear.tif: The optical image holds no data at all; store"),
        ("reflectance", "s2_clear.tif: The reflectance is stored as it is .*; store reflectance x 10000"),
        ("rounded", "s2_clear.tif: .*none above 1.* neither reflectance nor DN; store reflectance x 10000"),
        ("offset", "s2_clear.tif: The reflectance is .*offset is still in .*; store .* without offset"),
        ("one name", "s2_clear.tif: Bands 1 and 2 both look like B02; describe its bands as B01"),
        ("no names", "s2_clear.tif: The bands of the optical image are not recognised .*; describe its bands"),
        ("sorted by name", r"s2_clear.tif: The 13 bands have no names, and .*; describe its bands as B01"),
        ("VH first", "s1.tif: The two SAR bands have no names, and .*; describe its bands as VV and VH"),
        ("other bands", "share no band; give both the same bands"),
        ("power", "s1.tif: The values are linear power .*; store decibels"),
        ("amplitude", "s1.tif: The values are amplitude .*; store decibels"),
        ("no backscatter", "s1.tif: The SAR image holds no data at all; store decibels"),
        ("one polarisation twice", "s1.tif: Bands 1 and 2 both look like VV; describe its bands as VV and VH"),
        ("size", "s1.tif is 10 x 16 pixels, s2_clear.tif 16 x 16; warp it"),
    ],
)
def test_scenes_that_would_teach_nonsense_are_refused_with_the_file_and_the_remedy(tmp_path, kind, said):
    folder = write_scene_folder(tmp_path, make_scene(size=16))
    for name, (values, bands) in _altered(kind).items():
        write_tiff(folder / f"{name}.tif", values, bands)
    with pytest.raises(InputError, match=said) as told:
        read_scene(folder)
    assert str(folder) in str(told.value) and "--" not in str(told.value) and str(told.value).endswith(".")


def test_an_offset_that_nothing_tells_of_is_asked_about_before_it_teaches(tmp_path):
    folder, raised = tmp_path / "a", make_scene(size=16).clear + 1000
    bands = [name for name in OPTICAL_BANDS if name != "B10"]
    raised = raised[[OPTICAL_BANDS.index(name) for name in bands]]
    write_tiff(folder / "s2_clear.tif", raised, bands)
    with pytest.raises(InputError, match="s2_clear.tif: Nothing tells whether the offset of 1000 .*BOA_ADD_OFFSET=0"):
        read_scene(folder)
    assert read_scene(folder, is_known_dn=True).clear.max() == raised.max()
    harmonised = tmp_path / "harmonised" / "a"
    write_tiff(harmonised / "s2_clear.tif", raised, bands)
    write_tiff(folder / "s2_clear.tif", raised, bands, BOA_ADD_OFFSET="0")
    assert np.array_equal(read_scene(folder).clear, read_scene(harmonised).clear)


def test_what_a_mask_alone_leaves_out_is_not_taken_for_ground(tmp_path):
    rasterio = pytest.importorskip("rasterio")
    folder = write_scene_folder(tmp_path, make_scene(size=16))
    for name, remedy in (("s1", "-dstnodata -9999"), ("s2_clear", "-dstnodata 0")):
        path = folder / f"{name}.tif"
        with rasterio.open(path, "r+") as file:
            file.write_mask(np.arange(256).reshape(16, 16) > 40)
        with pytest.raises(InputError, match=f"{name}.tif tells by a mask which pixels hold no data; .*{remedy}"):
            read_scene(folder)
        (folder / f"{name}.tif.msk").unlink()


def test_rasters_of_one_scene_lie_in_one_place(tmp_path):
    scene = make_scene(size=16)
    sar = scene.sar.astype(np.float32) / 100
    folder = tmp_path / "a"
    folder.mkdir()
    write_placed(folder / "s2_clear.tif", scene.clear, OPTICAL_BANDS, 10)
    write_placed(folder / "s1.tif", sar, ("VV", "VH"), 10)
    assert np.array_equal(read_scene(folder).sar, scene.sar)
    for pixel, crs in ((20, "EPSG:32633"), (10, "EPSG:32634")):
        write_placed(folder / "s1.tif", sar, ("VV", "VH"), pixel, crs)
        with pytest.raises(InputError, match="s1.tif lies elsewhere .*warp it to the grid of s2_clear.tif"):
            read_scene(folder)


def test_a_truncated_image_is_named(tmp_path):
    folder = write_scene_folder(tmp_path, make_scene())
    path = folder / "s2_clear.tif"
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(InputError, match="s2_clear.tif"):
        read_scene(folder)


def test_an_empty_folder_says_what_to_put_there(tmp_path):
    with pytest.raises(InputError, match="s2_clear.tif"):
        list(read_scenes(tmp_path))


def test_mismatched_sizes_are_refused_with_the_scenes_name(tmp_path):
    folder = write_scene_folder(tmp_path, make_scene(name="odd"))
    write_tiff(folder / "s1.tif", np.zeros((2, 10, 10), np.float32), ("VV", "VH"))
    with pytest.raises(InputError, match="odd"):
        read_scene(folder)


def test_wrong_band_counts_and_unknown_bands_are_refused():
    with pytest.raises(InputError, match="file.tif has 2 bands but 1"):
        spread_optical(np.zeros((2, 4, 4)), ("B02",), "file.tif")
    with pytest.raises(InputError, match="'B13'"):
        spread_optical(np.zeros((1, 4, 4)), ("B13",), "file.tif")
    with pytest.raises(InputError, match="file.tif has two bands B02"):
        spread_optical(np.zeros((2, 4, 4)), ("B02", "B02"), "file.tif")


def test_a_scene_without_any_image_is_refused():
    with pytest.raises(InputError, match="neither"):
        Scene("x", "g", np.ones(13, bool))


def test_sen12mscr_is_split_by_region_and_read_by_position(tmp_path):
    scene = make_scene(cloudy=True, size=16)
    for roi in ("1158_spring_1", "1868_summer_119", "2017_winter_22"):
        season, number = roi.rsplit("_", 1)
        for kind, values in (
            ("s1", scene.sar.astype(np.float32) / 100), ("s2", scene.clear), ("s2_cloudy", scene.cloudy)
        ):  # fmt: skip
            folder = tmp_path / f"ROIs{season}_{kind}" / f"{kind}_{number}"
            write_tiff(folder / f"ROIs{season}_{kind}_{number}_p7.tif", values)
    for split, name in (("train", "1158_spring_s2_1"), ("test", "1868_summer_s2_119"), ("val", "2017_winter_s2_22")):
        found = sen12mscr.triplets(tmp_path, split)
        assert [triplet.clear.stem for triplet in found] == [f"ROIs{name}_p7"]
    (image,) = load_validation(str(tmp_path))
    assert image.id == "ROIs2017_winter_s2_22_p7" and image.clear.shape == (13, 16, 16)
    assert load_validation(str(tmp_path), "test")[0].id == "ROIs1868_summer_s2_119_p7"
    write_validation_pack(tmp_path, tmp_path / "v.npz", "test")
    assert [scene.id for scene in load_pack(tmp_path / "v.npz")[0]] == ["ROIs1868_summer_s2_119_p7"]
    sampler = TripletSampler(tmp_path, DropSettings(), 0, 0, 1, "cpu")
    assert not sampler.shows(image) and sampler.shows(replace(image, id="ROIs1158_spring_s2_1_p7"))
    read = sen12mscr.read_triplet(found[0])
    assert np.array_equal(read.clear, scene.clear) and np.array_equal(read.sar, scene.sar)


def test_a_missing_sen12mscr_part_is_named(tmp_path):
    write_tiff(tmp_path / "ROIs1158_spring_s2/s2_1/ROIs1158_spring_s2_1_p7.tif", np.zeros((13, 8, 8), np.uint16))
    with pytest.raises(InputError, match="ROIs1158_spring_s1"):
        sen12mscr.triplets(tmp_path, "train")
    with pytest.raises(InputError, match="mediaTUM"):
        sen12mscr.triplets(tmp_path / "nowhere", "train")


def test_regions_that_the_benchmark_or_the_time_series_hold_out_never_train():
    assert len(sen12mscr.TEST_ROIS) == len(sen12mscr.VALIDATION_ROIS) == 10
    # 13 + 5 regions of the time series, of which 6 + 4 are the benchmark's, too.
    assert len(sen12mscr.SERIES_ROIS) == 8 and len(sen12mscr.HELD_OUT_ROIS) == 28
    asked = {(1158, 44): "test", (1868, 80): "val", (2017, 140): "", (1868, 100): "", (2017, 146): "train"}
    assert {roi: sen12mscr.split_of(roi) for roi in asked} == asked


def test_scenes_of_official_test_regions_never_train():
    assert is_held_out("sen12mscr__ROIs1868_summer_100_p100") and is_held_out("sen12mscr__ROIs1158_spring_44_p1")
    assert not is_held_out("sen12mscr__ROIs1868_summer_101_p100")


def test_a_cloudy_date_is_paired_with_the_nearest_clear_date_within_16_days():
    def dated(day: str, cloudy: bool, value: int) -> Scene:
        image = np.full((13, 8, 8), value, np.uint16)
        name = f"roi2017_146__patch0_{day}"
        return Scene(name, "roi", np.ones(13, bool), **{"cloudy" if cloudy else "clear": image})

    scenes = [
        dated("2018-05-01", False, 1),
        dated("2018-05-20", False, 2),
        dated("2018-05-18", True, 9),
        dated("2018-08-18", True, 9),
    ]
    paired = {s.id[-10:]: s for s in pair_series(scenes)}
    assert paired["2018-05-18"].clear[0, 0, 0] == 2
    assert paired["2018-08-18"].clear is None


def test_png_pairs_are_relative_sar_with_three_bands(tmp_path):
    imsave = pytest.importorskip("matplotlib.image").imsave
    optical = np.full((8, 8, 3), (51, 102, 204), np.uint8)
    imsave(tmp_path / "p_s2.png", optical)
    imsave(tmp_path / "p_s1.png", np.full((8, 8), 0.5), cmap="gray", vmin=0, vmax=1)
    (scene,) = ombria.read_pairs(tmp_path)
    assert scene.sar_kind == "relative" and scene.sar_bands.tolist() == [True, False]
    assert scene.clear[[11, 7, 2], 0, 0].tolist() == [2000, 4000, 8000]


def test_scene_paths_are_sorted(tmp_path):
    for name in ("b", "a"):
        write_scene_folder(tmp_path, make_scene(name=name, size=8))
    assert [p.name for p in scene_paths(tmp_path)] == ["a", "b"]


def test_whole_rasters_are_cut_into_windows_with_the_others_warped_to_their_grid(tmp_path):
    names = ("B02", "B04", "B08")
    clear = np.arange(1, 3 * 24 * 40 + 1, dtype=np.uint16).reshape(3, 24, 40)
    clear[:, :, 32:] = 0
    write_placed(tmp_path / "clear.tif", clear, names, 10)
    write_placed(tmp_path / "s1.tif", np.full((1, 12, 20), -7.5, np.float32), ("VV",), 20)
    # The cloudy date: other bands, twice as large pixels, an edge that lies within the clear image.
    cloudy = np.arange(500, 500 + 4 * 12 * 12, dtype=np.uint16).reshape(4, 12, 12)
    write_placed(tmp_path / "cloudy.tif", cloudy, ("B01", *names), 20)
    scenes = list(read_windows(tmp_path / "clear.tif", tmp_path / "s1.tif", size=16))
    assert [s.id for s in scenes] == ["clear_0_0", "clear_0_16", "clear_16_0", "clear_16_16"]
    assert np.array_equal(scenes[1].clear[[1, 3, 7]], clear[:, :16, 16:32]) and scenes[0].cloudy is None
    assert (scenes[0].sar[0] == -750).all() and scenes[0].sar_bands.tolist() == [True, False]
    first, second, _, _ = read_windows(tmp_path / "clear.tif", None, tmp_path / "cloudy.tif", size=16)
    assert np.flatnonzero(first.bands).tolist() == [1, 3, 7] and first.sar is None
    assert np.array_equal(first.cloudy[[1, 3, 7]], cloudy[1:, :8, :8].repeat(2, 1).repeat(2, 2))
    assert second.cloudy[1, 0, 6:10].tolist() == [*cloudy[1, 0, [11, 11]], 0, 0]


def test_whole_rasters_without_a_place_or_in_wrong_units_are_refused(tmp_path):
    values = make_scene(size=16).clear[1:4]
    write_tiff(tmp_path / "clear.tif", values, ("B02", "B03", "B04"))
    with pytest.raises(InputError, match="clear.tif has no CRS"):
        list(read_windows(tmp_path / "clear.tif"))
    write_placed(tmp_path / "clear.tif", values, ("B02", "B03", "B04"), 10)
    write_placed(tmp_path / "s1.tif", np.full((2, 16, 16), 0.05, np.float32), ("VV", "VH"), 10)
    with pytest.raises(InputError, match="s1.tif: The values are linear power"):
        list(read_windows(tmp_path / "clear.tif", tmp_path / "s1.tif"))


def test_of_a_large_split_patches_are_taken_evenly(monkeypatch):
    monkeypatch.setattr(sen12mscr, "triplets", lambda root, split: list(range(100)))
    monkeypatch.setattr(sen12mscr, "read_triplet", lambda triplet: triplet)
    assert sen12mscr.read_some(Path(), "test", 5) == [0, 20, 40, 60, 80]
    assert sen12mscr.read_some(Path(), "test", 300) == list(range(100))
