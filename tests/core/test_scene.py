# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole job on small scenes, with predictors whose result can be foretold."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dbcr_core import scene_inputs, scene_mask
from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.bands import match_optical
from dbcr_core.errors import Cancelled, InputError, ModelError, OutputError
from dbcr_core.grid import RasterGrid
from dbcr_core.predictors import Prediction
from dbcr_core.progress import Silence
from dbcr_core.rasters import open_raster, vrt
from dbcr_core.scene import remove_clouds
from tests.core.predictors import FunctionPredictor, brightness_head, identity
from tests.core.raster_files import backscatter_db, write_raster

PROFILES = {13: OPTICAL_BANDS, 4: ("B02", "B03", "B04", "B08"), 3: ("B04", "B03", "B02")}


def constant(value: float) -> FunctionPredictor:
    return FunctionPredictor(lambda x, t, s: np.full_like(x, value))


def make_scene(folder, height=300, width=280, bands=13, dtype="uint16", seed=0, nodata=None, low=200, high=9000):
    """An optical scene with band descriptions and a SAR scene that covers it; their paths and the optical values."""
    random = np.random.default_rng(seed)
    values = random.integers(low, high, (bands, height, width)).astype(dtype)
    if np.dtype(dtype).kind == "f":
        values = (values / 10000).astype(dtype)
    optical = write_raster(folder / "s2.tif", values, descriptions=PROFILES[bands], nodata=nodata)
    sar = write_raster(folder / "s1.tif", backscatter_db(height, width), descriptions=("VV", "VH"))
    return optical, sar, values


def read(path) -> np.ndarray:
    with rasterio.open(path) as raster:
        return raster.read()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    height=st.one_of(st.integers(1, 40), st.integers(250, 600)),
    width=st.one_of(st.integers(1, 40), st.integers(250, 600)),
    dtype=st.sampled_from(["uint16", "int16", "float32", "float64", "int32"]),
    nodata_share=st.sampled_from([0.0, 0.02, 0.5]),
    nfe=st.sampled_from([1, 3]),
    overlap=st.sampled_from([0, 64, 128]),
    seed=st.integers(0, 1000),
)
def test_identity_a_network_that_returns_its_input_gives_the_input(
    tmp_path_factory, height, width, dtype, nodata_share, nfe, overlap, seed
):
    folder = tmp_path_factory.mktemp("identity")
    random = np.random.default_rng(seed)
    values = random.integers(1, 16000, (4, height, width)).astype(dtype)
    nodata = 0
    if np.dtype(dtype).kind == "f":
        values, nodata = (values / 10000).astype(dtype), float("nan")
    gone = random.random(values.shape) < nodata_share
    gone[0, 0, 0] = False
    values[gone] = nodata
    optical = write_raster(folder / "s2.tif", values, descriptions=PROFILES[4], nodata=nodata)
    output = str(folder / "out.tif")
    kind = "reflectance" if np.dtype(dtype).kind == "f" else "dn"
    remove_clouds(
        optical, None, output, predictor=identity(), mask="none", nfe=nfe, overlap=overlap, optical_values=kind
    )
    assert read(output).tobytes() == values.tobytes()


def test_the_output_keeps_grid_bands_dtype_nodata_scale_and_tags(tmp_path):
    values = np.random.default_rng(0).integers(100, 5000, (13, 90, 110)).astype(np.uint16)
    optical = write_raster(
        tmp_path / "s2.tif",
        values,
        descriptions=OPTICAL_BANDS,
        nodata=0,
        tags={"MY_TAG": "kept"},
        band_tags={2: {"note": "blue"}},
    )
    output = str(tmp_path / "out.tif")
    remove_clouds(optical, None, output, predictor=constant(0.2), mask="none")
    with rasterio.open(optical) as before, rasterio.open(output) as after:
        assert (after.crs, after.transform, after.shape) == (before.crs, before.transform, before.shape)
        assert (after.dtypes, after.nodata, after.descriptions) == (before.dtypes, 0, OPTICAL_BANDS)
        assert after.tags()["MY_TAG"] == "kept" and after.tags(2)["note"] == "blue"
        assert after.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert after.tags()["DBCR_NFE"] == "1" and "estimates" in after.tags()["DBCR_NOTICE"]


@pytest.mark.parametrize(
    ("described", "written"),
    [(("", "", "", ""), ("B08", "B12", "B8A", "")), (("1", "2", "3", "4"), ("B08", "B12", "B8A", "4"))],
)
def test_bands_found_by_their_files_names_are_named_in_the_output(tmp_path, described, written):
    bands = []
    for number, (file, name) in enumerate(zip(("B08", "B12", "B8A", "SCL"), described), 1):
        values = np.full((1, 30, 30), 1000 * number, np.uint16)
        path = write_raster(tmp_path / f"{file}.tif", values)
        bands.append(vrt.band(number, "uint16", vrt.source(path, 1), description=name))
    with open_raster(path) as raster:
        grid = raster.grid
    (tmp_path / "stack.vrt").write_text(vrt.dataset(grid, bands), encoding="utf-8")
    output = str(tmp_path / "o.tif")
    remove_clouds(str(tmp_path / "stack.vrt"), None, output, predictor=constant(0.2), mask="none", optical_values="dn")
    with open_raster(output) as raster:
        assert raster.profile.descriptions == written
        assert match_optical(raster.profile).names == ("B08", "B12", "B8A")


def test_bands_that_the_model_does_not_know_pass_through(tmp_path):
    values = np.random.default_rng(0).integers(100, 5000, (5, 40, 40)).astype(np.uint16)
    optical = write_raster(tmp_path / "s2.tif", values, descriptions=(*PROFILES[4], "AOT"))
    output = str(tmp_path / "out.tif")
    remove_clouds(optical, None, output, predictor=constant(0.2), mask="none")
    result = read(output)
    assert (result[:4] == 2000).all() and (result[4] == values[4]).all()


def test_outside_the_mask_every_byte_is_the_inputs_and_inside_it_is_not(tmp_path):
    optical, sar, values = make_scene(tmp_path)
    cloud = np.zeros((1, 300, 280), np.uint8)
    cloud[0, 100:180, 60:200] = 1
    mask = write_raster(tmp_path / "mask.tif", cloud)
    output, changed = str(tmp_path / "out.tif"), str(tmp_path / "changed.tif")
    report = remove_clouds(optical, sar, output, predictor=constant(0.95), mask=mask, changed=changed)
    result, percent = read(output), read(changed)[0]
    inside = cloud[0] == 1
    assert (result[:, ~inside] == values[:, ~inside]).all()
    assert (result[:, 110:170, 70:190] == 9500).all()
    assert ((percent > 0) == inside).all() and (percent[140, 130]) == 100
    assert report.reconstructed == pytest.approx(inside.mean())


def test_a_tile_without_cloud_costs_no_evaluation(tmp_path):
    optical, sar, _ = make_scene(tmp_path, 256, 640)
    cloud = np.zeros((1, 256, 640), np.uint8)
    cloud[0, :20, :20] = 1
    mask = write_raster(tmp_path / "mask.tif", cloud)
    predictor = constant(0.1)
    report = remove_clouds(optical, sar, str(tmp_path / "o.tif"), predictor=predictor, mask=mask, nfe=5)
    assert predictor.evaluations == 5 == report.evaluations and predictor.encoded == 1
    assert report.tiles == 3 and report.tiles_skipped == 2


def test_an_empty_mask_gives_the_input_without_any_evaluation(tmp_path):
    optical, sar, values = make_scene(tmp_path)
    mask = write_raster(tmp_path / "mask.tif", np.zeros((1, 300, 280), np.uint8))
    predictor = constant(0.1)
    remove_clouds(optical, sar, str(tmp_path / "o.tif"), predictor=predictor, mask=mask)
    assert predictor.evaluations == 0 and (read(tmp_path / "o.tif") == values).all()


def test_the_auto_mask_follows_the_models_opacity_across_tiles_and_strips(tmp_path):
    height, width = 700, 300
    values = np.full((13, height, width), 1500, np.uint16)
    rows, cols = np.mgrid[:height, :width]
    cloud = ((rows // 37 + cols // 53) % 3) == 0
    values[:, cloud] = 6000
    optical = write_raster(tmp_path / "s2.tif", values, descriptions=OPTICAL_BANDS)
    predictor = brightness_head(0.3)
    options = {"predictor": predictor, "mask": "auto", "mask_buffer": 0, "feather": 0, "nfe": 2}
    remove_clouds(optical, None, str(tmp_path / "o.tif"), match_surroundings=False, **options)
    result = read(tmp_path / "o.tif")
    assert (result[:, cloud] == 1000).all() and (result[:, ~cloud] == 1500).all()


@pytest.mark.parametrize("mask", ["auto", "layer", "none"])
def test_under_clouds_the_level_is_that_of_the_clear_land_around(tmp_path, mask):
    """A cloud larger than a tile over land that brightens to the right; the network paints 0.1 everywhere."""
    height, width = 620, 900
    land = np.broadcast_to(1500 + np.arange(width) // 2, (height, width)).astype(np.uint16)
    cloud = np.zeros((height, width), bool)
    cloud[150:480, 300:620] = True
    optical = write_raster(
        tmp_path / "s2.tif", np.repeat(np.where(cloud, 6000, land)[None], 13, 0), descriptions=OPTICAL_BANDS
    )
    layer = write_raster(tmp_path / "mask.tif", cloud[None].astype(np.uint8))
    places = {"predictor": brightness_head(0.3), "mask": layer if mask == "layer" else mask, "feather": 0}
    report = remove_clouds(optical, None, str(tmp_path / "o.tif"), mask_buffer=0, **places)
    result = read(tmp_path / "o.tif").astype(int)
    matched = any("as bright as the clear land around" in message for message in report.messages)
    assert matched == (mask != "none")
    if mask == "none":
        assert (result == 1000).all()
        return
    assert (result[:, ~cloud] == land[~cloud]).all()
    inside = result[:, 154:476, 304:616]
    error = np.abs(inside - land[154:476, 304:616])
    # The network's own error is 650 to 800, and stays where no land is near.
    assert error[:, :40].max() < 150 and error[:, :, :40].max() < 150 and error[:, 160, 160].max() > 600
    # No border of a tile shows: the change fades over what tiles share.
    assert max(np.abs(np.diff(inside, axis=axis)).max() for axis in (1, 2)) < 45


def test_the_auto_mask_has_the_same_feather_as_a_layer_of_the_same_clouds(tmp_path):
    height, width = 620, 300
    values = np.full((13, height, width), 1500, np.uint16)
    cloud = np.zeros((height, width), bool)
    cloud[150:460, 40:250] = cloud[500:560, 10:290] = True
    values[:, cloud] = 6000
    optical = write_raster(tmp_path / "s2.tif", values, descriptions=OPTICAL_BANDS)
    mask = write_raster(tmp_path / "mask.tif", cloud[None].astype(np.uint8))
    options = {"predictor": brightness_head(0.3), "feather": 6, "mask_buffer": 3}
    remove_clouds(optical, None, str(tmp_path / "auto.tif"), mask="auto", **options)
    remove_clouds(optical, None, str(tmp_path / "layer.tif"), mask=mask, **options)
    assert (read(tmp_path / "auto.tif") == read(tmp_path / "layer.tif")).all()


@pytest.mark.parametrize("row,col,height,width", [(0, 0, 500, 420), (37, 60, 300, 200), (-20, 330, 400, 300)])
@pytest.mark.parametrize("kind", ["uint8", "float32"])
def test_a_mask_on_the_scenes_pixels_gives_what_a_warped_one_does(tmp_path, monkeypatch, row, col, height, width, kind):
    optical, sar, _ = make_scene(tmp_path, 500, 420)
    mask = (np.random.default_rng(2).random((1, height, width)) > 0.999).astype(kind)
    mask[:, 40:90, 30:80] = 1
    mask[:, 60:70, 60:70] = 7 if kind == "uint8" else np.nan
    place = (600_000 + 10 * col, 5_000_000 - 10 * row)
    layer = write_raster(tmp_path / "mask.tif", mask, origin=place, nodata=7 if kind == "uint8" else None)
    options = {"predictor": brightness_head(), "mask": layer, "mask_kind": "binary", "mask_buffer": 3}
    extent = (600_310, 4_995_400, 603_900, 4_999_800)
    for name, is_cut in (("cut", False), ("warped", True)):
        if is_cut:
            monkeypatch.setattr(RasterGrid, "whole_pixels_to", lambda grid, other: None)
        remove_clouds(optical, None, str(tmp_path / f"{name}.tif"), changed=str(tmp_path / f"{name}_c.tif"), **options)
        remove_clouds(optical, None, str(tmp_path / f"{name}_part.tif"), extent=extent, **options)
    assert 0 < (read(tmp_path / "cut_c.tif") > 0).mean() < 1
    for name in ("", "_c", "_part"):
        assert (tmp_path / f"cut{name}.tif").read_bytes() == (tmp_path / f"warped{name}.tif").read_bytes()


def test_with_auto_a_clear_tile_costs_one_evaluation_only(tmp_path):
    values = np.full((13, 256, 640), 1500, np.uint16)
    values[:, 10:30, 10:30] = 6000
    optical = write_raster(tmp_path / "s2.tif", values, descriptions=OPTICAL_BANDS)
    report = remove_clouds(optical, None, str(tmp_path / "o.tif"), predictor=brightness_head(0.3), mask="auto", nfe=5)
    assert report.evaluations == 5 + 1 + 1


def test_auto_without_a_cloud_head_is_refused_with_the_remedy(tmp_path):
    optical, sar, _ = make_scene(tmp_path)
    with pytest.raises(InputError, match="give a mask layer, or 'none'"):
        remove_clouds(optical, sar, str(tmp_path / "o.tif"), predictor=identity(), mask="auto")


def test_seams_a_smooth_scene_shows_no_step_at_tile_borders(tmp_path):
    """A network whose output depends on the place inside its tile: the worst that tiling can meet."""
    height = width = 600
    rows, cols = np.mgrid[:height, :width]
    smooth = 3000 + 1500 * np.sin(rows / 90.0) * np.cos(cols / 110.0)
    optical = write_raster(
        tmp_path / "s2.tif", np.repeat(smooth[None], 4, 0).astype(np.float32) / 10000, descriptions=PROFILES[4]
    )
    across = np.linspace(-0.02, 0.02, 256, dtype=np.float32)
    predictor = FunctionPredictor(lambda x, t, s: x + across + across[:, None])
    remove_clouds(optical, None, str(tmp_path / "o.tif"), predictor=predictor, mask="none")
    added = read(tmp_path / "o.tif")[0] - smooth / 10000
    steps = max(np.abs(np.diff(added, axis=0)).max(), np.abs(np.diff(added, axis=1)).max())
    texture = np.abs(np.diff(smooth / 10000, axis=1)).max()
    # Without blending the step would be 0.04; the scene's own gradient is what hides what is left.
    assert steps < texture < 0.04


def test_another_tiling_gives_the_same_scene_where_the_network_is_local(tmp_path):
    optical, sar, _ = make_scene(tmp_path, 500, 520)
    predictor = FunctionPredictor(lambda x, t, s: 0.5 * x + 0.1 * s.mean(axis=1, keepdims=True))
    results = []
    for overlap in (0, 32, 64, 128):
        path = str(tmp_path / f"o{overlap}.tif")
        remove_clouds(optical, sar, path, predictor=predictor, mask="none", overlap=overlap)
        results.append(read(path).astype(int))
    assert max(np.abs(result - results[0]).max() for result in results[1:]) <= 1


def test_nodata_and_nan_are_restored_in_each_band_and_never_reach_the_network(tmp_path):
    values = np.random.default_rng(0).random((4, 60, 60)).astype(np.float32) * 0.5 + 0.01
    values[1, 5:9, 5:9] = np.nan
    values[:, 20, 20] = -9999
    optical = write_raster(tmp_path / "s2.tif", values, descriptions=PROFILES[4], nodata=-9999)
    seen = []

    def predict(x, t, s):
        seen.append(np.isfinite(x).all() and x.min() >= 0)
        return np.full_like(x, 0.3)

    remove_clouds(optical, None, str(tmp_path / "o.tif"), predictor=FunctionPredictor(predict), mask="none")
    result = read(tmp_path / "o.tif")
    assert all(seen)
    assert np.isnan(result[1, 5:9, 5:9]).all() and (result[:, 20, 20] == -9999).all()
    assert result[0, 6, 6] == pytest.approx(0.3)


def test_what_has_no_data_counts_neither_as_reconstructed_nor_as_kept(tmp_path):
    optical, sar, values = make_scene(tmp_path, 60, 50)
    values[:, :20] = 0
    optical, changed = write_raster(tmp_path / "s2.tif", values, descriptions=OPTICAL_BANDS), str(tmp_path / "c.tif")
    report = remove_clouds(optical, sar, str(tmp_path / "o.tif"), predictor=identity(), mask="none", changed=changed)
    assert report.reconstructed == 1
    assert (read(changed)[0, :20] == 255).all() and (read(changed)[0, 20:] == 100).all()


def test_the_scene_is_put_in_place_last_so_that_where_it_is_all_is(tmp_path):
    optical, sar, _ = make_scene(tmp_path, 60, 50)
    output, changed = tmp_path / "o.tif", tmp_path / "c.tif"

    class Port(Silence):
        def report(self, fraction, text):
            if fraction == 1:
                changed.mkdir(exist_ok=True)  # nothing can be put there any more

    with pytest.raises(OutputError, match=r"c\.tif"):
        remove_clouds(optical, sar, str(output), predictor=identity(), mask="none", changed=changed, progress=Port())
    assert not output.exists()


def test_one_band_selection_by_list_orders_what_the_network_sees(tmp_path):
    values = np.stack([np.full((30, 30), v, np.uint16) for v in (1000, 2000, 3000, 9)])
    optical = write_raster(tmp_path / "s2.tif", values)
    seen = {}

    def predict(x, t, s):
        seen.update({band: round(float(x[0, i, 0, 0]), 4) for i, band in enumerate(OPTICAL_BANDS)})
        return x

    remove_clouds(
        optical, None, str(tmp_path / "o.tif"), predictor=FunctionPredictor(predict), mask="none",
        bands="B04,B03,B02,-", optical_values="dn",
    )  # fmt: skip
    assert (seen["B04"], seen["B03"], seen["B02"], seen["B08"]) == (0.1, 0.2, 0.3, 0.0)


def test_sar_reaches_the_network_in_model_units_and_on_the_optical_grid(tmp_path):
    values = np.full((4, 40, 40), 2000, np.uint16)
    optical = write_raster(tmp_path / "s2.tif", values, descriptions=PROFILES[4])
    decibel = np.stack([np.full((60, 60), -12.5), np.full((60, 60), -26.0)]).astype(np.float32)
    sar = write_raster(tmp_path / "s1.tif", decibel, descriptions=("VV", "VH"), origin=(599_900, 5_000_100))
    seen = []
    predictor = FunctionPredictor(lambda x, t, s: (seen.append(s[0, :, :40, :40].copy()), x)[1])
    remove_clouds(optical, sar, str(tmp_path / "o.tif"), predictor=predictor, mask="none")
    assert seen[0][0] == pytest.approx(0.5, abs=1e-5) and seen[0][1] == pytest.approx(0.2, abs=1e-5)


def test_an_extent_gives_the_cropped_grid_and_its_pixels(tmp_path):
    optical, sar, values = make_scene(tmp_path, 300, 280)
    output = str(tmp_path / "o.tif")
    extent = (600_500, 4_998_000, 601_700, 4_999_000)
    remove_clouds(optical, sar, output, predictor=identity(), mask="none", extent=extent)
    with rasterio.open(output) as raster:
        assert tuple(raster.bounds) == extent
        assert (raster.read() == values[:, 100:200, 50:170]).all()


@pytest.mark.parametrize("with_sar", [True, False])
def test_an_extent_without_data_is_refused_before_the_work_and_one_with_a_single_pixel_is_not(tmp_path, with_sar):
    values = np.full((4, 700, 600), 1500, np.uint16)
    values[:, :600, :500] = 0
    values[:, 333, 77] = 900
    optical = write_raster(tmp_path / "s2.tif", values, descriptions=PROFILES[4], nodata=0)
    sar = write_raster(tmp_path / "s1.tif", backscatter_db(700, 600), descriptions=("VV", "VH")) if with_sar else None
    output, options = str(tmp_path / "o.tif"), {"predictor": constant(0.2), "mask": "none", "optical_values": "dn"}
    with pytest.raises(InputError, match="extent holds no data of the optical image; choose another extent"):
        remove_clouds(optical, sar, output, extent=(600_000, 4_996_700, 605_000, 5_000_000), **options)
    assert not list(tmp_path.glob("*o.tif*"))
    remove_clouds(optical, None, output, extent=(600_000, 4_996_600, 605_000, 5_000_000), **options)
    result = read(output)
    assert (result[:, 333, 77] == 2000).all() and np.count_nonzero(result) == 4


LOOKS = ((scene_inputs, "detect_optical"), (scene_inputs, "check_pair"), (scene_mask, "read_layer_kind"))


@pytest.mark.parametrize("done", range(len(LOOKS) + 1))
def test_a_cancel_is_heard_while_the_inputs_are_looked_at(tmp_path, monkeypatch, done):
    optical, sar, _ = make_scene(tmp_path, 100, 90)
    mask = write_raster(tmp_path / "mask.tif", np.ones((1, 100, 90), np.uint8))
    looked = []
    for module, name in LOOKS:

        def look(*arguments, real=getattr(module, name), **options):  # noqa: B008
            looked.append(real)
            return real(*arguments, **options)

        monkeypatch.setattr(module, name, look)
    predictor = constant(0.2)
    with pytest.raises(Cancelled):
        remove_clouds(
            optical,
            sar,
            str(tmp_path / "o.tif"),
            predictor=predictor,
            mask=mask,
            cancelled=lambda: len(looked) >= done,
        )
    assert len(looked) == done and predictor.encoded == 0 and not list(tmp_path.glob("*o.tif*"))


def test_the_sde_is_reproducible_by_seed_and_the_same_in_a_cropped_extent(tmp_path):
    optical, sar, _ = make_scene(tmp_path, 200, 200)
    local = FunctionPredictor(lambda x, t, s: 0.9 * x, schedule={"kind": "linear", "noise": 0.2})
    options = {"predictor": local, "mask": "none", "nfe": 3, "sampler": "sde"}
    for name, extra in (
        ("a", {"seed": 4}),
        ("b", {"seed": 4}),
        ("c", {"seed": 5}),
        ("d", {"seed": 4, "extent": (600_400, 4_998_500, 601_500, 4_999_600)}),
    ):
        remove_clouds(optical, sar, str(tmp_path / f"{name}.tif"), **options, **extra)
    a, b, c, d = (read(tmp_path / f"{name}.tif") for name in "abcd")
    assert (a == b).all() and (a != c).mean() > 0.5
    assert (d == a[:, 40:150, 40:150]).all()


def test_the_uncertainty_is_in_the_inputs_units_and_zero_where_nothing_was_reconstructed(tmp_path):
    values = np.full((13, 100, 100), 1500, np.uint16)
    values[:, 30:60, 30:60] = 6000
    optical = write_raster(tmp_path / "s2.tif", values, descriptions=OPTICAL_BANDS)
    remove_clouds(
        optical, None, str(tmp_path / "o.tif"), predictor=brightness_head(), uncertainty=str(tmp_path / "u.tif")
    )
    error = read(tmp_path / "u.tif")
    assert error.shape == (13, 100, 100) and error[0, 45, 45] == pytest.approx(200, rel=1e-3)  # half precision
    assert error[0, 5, 5] == 0
    # At the soft edge, where some of the cloud stays, it is not smaller.
    assert set(np.unique(error[0] > 0)) == {False, True} and error[0][error[0] > 0].min() == error[0, 45, 45]


def test_a_mask_layer_is_taken_at_its_word_to_its_edge(tmp_path):
    values = np.full((13, 100, 100), 1500, np.uint16)
    values[:, 30:60, 30:60] = 6000
    optical = write_raster(tmp_path / "s2.tif", values, descriptions=OPTICAL_BANDS)
    mask = write_raster(tmp_path / "m.tif", (values[:1] == 6000).astype(np.uint8), descriptions=("cloud",))
    changed = str(tmp_path / "c.tif")
    remove_clouds(optical, None, str(tmp_path / "o.tif"), predictor=brightness_head(), mask=mask, changed=changed)
    np.testing.assert_array_equal(read(changed), np.where(values[:1] == 6000, 100, 0))
    assert read(tmp_path / "o.tif").max() < 6000


def test_the_uncertainty_is_that_of_the_first_step_whatever_the_number_of_steps(tmp_path):
    """Later steps see less of the clouds and are surer than they are right; the first one's is what was calibrated."""
    optical, sar, _ = make_scene(tmp_path, 100, 90)
    predictor = FunctionPredictor(
        lambda x, t, s: Prediction(0.9 * x, np.full_like(x, t / 10_000), np.ones_like(x[:, :2])),
        heads=("scale", "opacity"),
    )
    for nfe in (1, 5):
        files = str(tmp_path / f"o{nfe}.tif"), str(tmp_path / f"u{nfe}.tif")
        remove_clouds(optical, sar, files[0], predictor=predictor, nfe=nfe, mask="none", uncertainty=files[1])
    assert (read(tmp_path / "u1.tif") == read(tmp_path / "u5.tif")).all()
    assert read(tmp_path / "u5.tif")[0, 50, 45] == pytest.approx(1000, rel=1e-3)


def test_clouds_are_those_of_the_first_step_which_alone_sees_the_image_as_it_is(tmp_path):
    optical, sar, _ = make_scene(tmp_path, 60, 50)
    predictor = FunctionPredictor(
        lambda x, t, s: Prediction(0.5 * x, None, np.full_like(x[:, :2], t == 1000)), heads=("opacity",)
    )
    assert remove_clouds(optical, sar, str(tmp_path / "o.tif"), predictor=predictor, nfe=3).reconstructed == 1


@pytest.mark.parametrize(("columns", "mask", "warns"), [(90, "auto", True), (50, "auto", False), (90, "none", False)])
def test_a_scene_that_is_nearly_all_cloud_to_the_model_is_told_of(tmp_path, columns, mask, warns):
    values = np.full((13, 60, 100), 1500, np.uint16)
    values[:, :, :columns] = 6000
    optical = write_raster(tmp_path / "s2.tif", values, descriptions=OPTICAL_BANDS)
    told = []

    class Port(Silence):
        def warning(self, text):
            told.append(text)

    options = {"predictor": brightness_head(), "mask": mask, "optical_values": "dn", "progress": Port()}
    report = remove_clouds(optical, None, str(tmp_path / "o.tif"), **options)
    said = [text for text in told if "taken for cloud" in text]
    assert bool(said) is warns and (not warns or said[0].startswith(f"{report.reconstructed:.0%}".replace("%", " %")))


def test_clouds_that_a_mask_layer_leaves_out_are_not_taken_for_land(tmp_path):
    """Where the mask spares the network its tiles nobody looked for clouds, also where only one of two tiles did."""
    values = np.full((13, 256, 640), 1500, np.uint16)
    values[:, 40:216, 60:420] = 6000
    optical = write_raster(tmp_path / "s2.tif", values, descriptions=OPTICAL_BANDS)
    mask = np.zeros((1, 256, 640), np.uint8)
    mask[0, 40:216, 60:190] = 1
    layer = write_raster(tmp_path / "mask.tif", mask)
    report = remove_clouds(optical, None, str(tmp_path / "o.tif"), predictor=brightness_head(), mask=layer)
    assert report.tiles_skipped > 0
    inside = read(tmp_path / "o.tif")[:, 60:196, 80:170]  # of the mask's rim
    assert inside.min() > 1000 and inside.max() <= 1500  # the network alone says 1000, the land 1500


def test_the_uncertainty_is_written_with_the_digits_it_was_computed_with_and_no_more(tmp_path):
    optical, sar, values = make_scene(tmp_path, 300, 280)
    values[:, 100:120, 200:220] = 0
    optical = write_raster(tmp_path / "s2.tif", values, descriptions=OPTICAL_BANDS)
    scales = np.random.default_rng(1).uniform(0.001, 0.1, (1, 13, 256, 256)).astype(np.float32)
    predictor = FunctionPredictor(lambda x, t, s: Prediction(x, np.repeat(scales, len(x), 0)), heads=("scale",))
    options = {"predictor": predictor, "mask": "none", "overlap": 0}
    remove_clouds(optical, sar, str(tmp_path / "o.tif"), uncertainty=str(tmp_path / "u.tif"), **options)
    error = read(tmp_path / "u.tif")
    assert np.isnan(error[:, 100:120, 200:220]).all() and np.isnan(error).mean() < 0.01
    found, meant = error[:, :44, :24], scales[0, :, :44, :24] * 10_000  # in one tile alone
    assert np.abs(found / meant - 1).max() < 2**-11 + 2**-13
    assert not (error[np.isfinite(error)].view(np.uint32) & 0x7FF).any()


def test_cancelling_stops_within_one_evaluation_and_leaves_the_old_output(tmp_path):
    optical, sar, _ = make_scene(tmp_path, 600, 600)
    output = tmp_path / "out.tif"
    output.write_bytes(b"yesterday's result")
    predictor = constant(0.1)
    with pytest.raises(Cancelled):
        remove_clouds(
            optical, sar, str(output), predictor=predictor, mask="none", nfe=4,
            cancelled=lambda: predictor.evaluations >= 6,
        )  # fmt: skip
    assert predictor.evaluations == 6
    assert output.read_bytes() == b"yesterday's result"
    assert sorted(p.name for p in tmp_path.iterdir() if p.name[0] != ".") == ["out.tif", "s1.tif", "s2.tif"]


def test_a_network_that_returns_nan_is_refused_and_nothing_is_written(tmp_path):
    optical, sar, _ = make_scene(tmp_path)
    predictor = FunctionPredictor(lambda x, t, s: x * np.float32("nan"))
    with pytest.raises(ModelError, match="not finite"):
        remove_clouds(optical, sar, str(tmp_path / "o.tif"), predictor=predictor, mask="none")
    assert not (tmp_path / "o.tif").exists()


def test_the_output_may_not_be_an_input_not_even_the_mask(tmp_path):
    optical, sar, values = make_scene(tmp_path)
    mask = write_raster(tmp_path / "mask.tif", np.ones((1, 300, 280), np.uint8))
    for output in (optical, sar, mask):
        with pytest.raises(OutputError):
            remove_clouds(optical, sar, output, predictor=identity(), mask=mask)
    assert (read(optical) == values).all()


def test_progress_rises_to_one_and_findings_are_told_first(tmp_path):
    optical, sar, _ = make_scene(tmp_path, 500, 500)
    told, fractions = [], []

    class Port:
        def report(self, fraction, text):
            fractions.append(fraction)

        def message(self, text):
            told.append((text, len(fractions)))

        warning = message

    report = remove_clouds(optical, sar, str(tmp_path / "o.tif"), predictor=identity(), mask="none", progress=Port())
    # One for every tile, and one for the making of the file.
    assert fractions == sorted(fractions) and fractions[-1] == 1 and len(fractions) == report.tiles + 1 == 10
    assert all(when == 0 for _, when in told)
    assert any("13 bands" in text for text, _ in told) and any("VV and VH" in text for text, _ in told)


def test_a_prediction_of_scale_and_opacity_is_optional(tmp_path):
    optical, _, _ = make_scene(tmp_path, 50, 50)
    predictor = FunctionPredictor(lambda x, t, s: Prediction(np.full_like(x, 0.4)))
    remove_clouds(optical, None, str(tmp_path / "o.tif"), predictor=predictor, mask="none")
    assert (read(tmp_path / "o.tif") == 4000).all()
