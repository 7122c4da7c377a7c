# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes come out of every source with the right bands in the right places, or an error names the file."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("rasterio")

from scenes import make_scene, write_scene_folder, write_tiff  # noqa: E402

from dbcr_core.bands import OPTICAL_BANDS  # noqa: E402
from dbcr_core.errors import InputError  # noqa: E402
from training.bundled_data import is_held_out, pair_series  # noqa: E402
from training.datasets import ombria, sen12mscr  # noqa: E402
from training.datasets.rasters import read_windows  # noqa: E402
from training.datasets.scene import SAR_NODATA, Scene, spread_optical  # noqa: E402
from training.datasets.scene_folders import read_scene, read_scenes, scene_paths  # noqa: E402


def test_a_scene_folder_gives_back_what_was_written(tmp_path):
    scene = make_scene(cloudy=True)
    found = read_scene(write_scene_folder(tmp_path, scene))
    for name in ("clear", "cloudy", "sar", "bands", "sar_bands"):
        assert np.array_equal(getattr(found, name), getattr(scene, name)), name


def test_band_descriptions_decide_where_bands_go(tmp_path):
    values = np.stack([np.full((8, 8), v, np.uint16) for v in (12, 4, 8)])
    write_tiff(tmp_path / "x" / "s2_clear.tif", values, ("B12", "B04", "B8A"))
    scene = read_scene(tmp_path / "x")
    assert [OPTICAL_BANDS[i] for i in np.flatnonzero(scene.bands)] == ["B04", "B8A", "B12"]
    assert scene.clear[:, 0, 0].tolist() == [0, 0, 0, 4, 0, 0, 0, 0, 8, 0, 0, 0, 12]
    assert scene.sar is None


def test_a_missing_vh_is_ordinary(tmp_path):
    write_scene_folder(tmp_path, make_scene(sar_bands=np.array([True, False])))
    scene = read_scene(tmp_path / "a")
    assert scene.sar_bands.tolist() == [True, False]
    assert (scene.sar[1] == SAR_NODATA).all()


def test_nan_becomes_nodata_in_sar_and_zero_in_optical(tmp_path):
    optical = np.full((1, 8, 8), 0.0, np.float32)
    optical[0, 0, 0] = np.nan
    sar = np.full((1, 8, 8), -10.0, np.float32)
    sar[0, 1, 1] = np.nan
    write_tiff(tmp_path / "x" / "s2_clear.tif", optical, ("B02",))
    write_tiff(tmp_path / "x" / "s1.tif", sar, ("VV",))
    scene = read_scene(tmp_path / "x")
    assert scene.clear[1, 0, 0] == 0
    assert scene.sar[0, 1, 1] == SAR_NODATA and scene.sar[0, 0, 0] == -1000


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
    for split, roi in (("train", (1158, 1)), ("test", (1868, 119)), ("val", (2017, 22))):
        found = sen12mscr.triplets(tmp_path, split)
        assert [t.roi for t in found] == [roi]
    read = sen12mscr.read_triplet(found[0])
    assert np.array_equal(read.clear, scene.clear) and np.array_equal(read.sar, scene.sar)


def test_a_missing_sen12mscr_part_is_named(tmp_path):
    write_tiff(tmp_path / "ROIs1158_spring_s2/s2_1/ROIs1158_spring_s2_1_p7.tif", np.zeros((13, 8, 8), np.uint16))
    with pytest.raises(InputError, match="ROIs1158_spring_s1"):
        sen12mscr.triplets(tmp_path, "train")
    with pytest.raises(InputError, match="mediaTUM"):
        sen12mscr.triplets(tmp_path / "nowhere", "train")


def test_the_official_split_has_13_test_and_5_validation_regions():
    assert len(sen12mscr.TEST_ROIS) == 13 and len(sen12mscr.VALIDATION_ROIS) == 5
    assert not sen12mscr.TEST_ROIS & sen12mscr.VALIDATION_ROIS


def test_scenes_of_official_test_regions_never_train():
    assert is_held_out("sen12mscr__ROIs1868_summer_100_p100")
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


def write_placed(path, values, names, pixel: float, crs="EPSG:32633") -> None:
    import rasterio
    from rasterio.transform import from_origin

    count, height, width = values.shape
    with rasterio.open(
        path, "w", driver="GTiff", count=count, height=height, width=width, dtype=values.dtype, crs=crs,
        transform=from_origin(500_000, 5_000_000, pixel, pixel),
    ) as file:  # fmt: skip
        file.write(values)
        for i, name in enumerate(names, start=1):
            file.set_band_description(i, name)


def test_whole_rasters_are_cut_into_windows_with_sar_warped_to_their_grid(tmp_path):
    clear = np.arange(1, 2 * 24 * 40 + 1, dtype=np.uint16).reshape(2, 24, 40)
    clear[:, :, 32:] = 0
    write_placed(tmp_path / "clear.tif", clear, ("B02", "B08"), 10)
    write_placed(tmp_path / "s1.tif", np.full((1, 12, 20), -7.5, np.float32), ("VV",), 20)
    scenes = list(read_windows(tmp_path / "clear.tif", tmp_path / "s1.tif", size=16))
    assert [s.id for s in scenes] == ["clear_0_0", "clear_0_16", "clear_16_0", "clear_16_16"]
    assert np.array_equal(scenes[1].clear[[1, 7]], clear[:, :16, 16:32])
    assert (scenes[0].sar[0] == -750).all() and scenes[0].sar_bands.tolist() == [True, False]


def test_a_raster_without_a_place_is_refused(tmp_path):
    write_tiff(tmp_path / "clear.tif", np.ones((1, 8, 8), np.uint16), ("B02",))
    with pytest.raises(InputError, match="clear.tif has no CRS"):
        list(read_windows(tmp_path / "clear.tif"))
