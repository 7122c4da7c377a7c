# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import threading
from contextlib import ExitStack
from dataclasses import asdict, replace

import numpy as np
import pytest

from dbcr_core.assess import assess
from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.cli import main
from dbcr_core.errors import BandOrderError, Cancelled, InputError
from dbcr_core.metrics import image_metrics
from dbcr_core.progress import Silence
from dbcr_core.rasters import open_raster, parts_across
from tests.core.raster_files import reflective_dn, write_raster

OF_BANDS = (
    "descriptions",
    "scales",
    "offsets",
    "units",
    "colours",
    "band_tags",
    "imagery_tags",
    "source_names",
)


def scenes(tmp_path, height=300, width=140, bands=OPTICAL_BANDS):
    random = np.random.default_rng(1)
    target = random.integers(300, 6000, (len(bands), height, width)).astype(np.uint16)
    prediction = (target + random.integers(-200, 200, target.shape)).astype(np.uint16)
    paths = [
        write_raster(tmp_path / f"{name}.tif", values, descriptions=bands, nodata=0)
        for name, values in (("p", prediction), ("t", target))
    ]
    return (*paths, prediction / 1e4, target / 1e4)


def test_scores_by_blocks_of_rows_equal_those_of_the_whole_image(tmp_path):
    p, t, prediction, target = scenes(tmp_path)
    whole, blocks = image_metrics(target, prediction), assess(p, t).all
    assert (blocks.psnr, blocks.ssim, blocks.mae, blocks.sam) == pytest.approx(
        (whole.psnr, whole.ssim, whole.mae, whole.sam), rel=1e-9
    )
    assert blocks.pixels == 300 * 140


def test_cloudy_and_clear_pixels_make_up_all(tmp_path):
    p, t, prediction, target = scenes(tmp_path)
    cloud = np.zeros((1, 300, 140), np.uint8)
    cloud[0, 50:170, 20:90] = 1
    result = assess(p, t, write_raster(tmp_path / "m.tif", cloud))
    where = cloud[0] == 1
    assert result.cloudy.mae == pytest.approx(np.abs(prediction - target)[:, where].mean())
    parts = result.cloudy.mae * result.cloudy.pixels + result.clear.mae * result.clear.pixels
    assert parts / result.all.pixels == pytest.approx(result.all.mae)


def test_only_bands_that_both_have_are_compared(tmp_path):
    p, _, prediction, target = scenes(tmp_path)
    few = write_raster(tmp_path / "few.tif", (target[[3, 2]] * 1e4).astype(np.uint16), descriptions=("B04", "B03"))
    with pytest.raises(InputError):
        assess(p, few)  # two bands are not an optical image
    three = (target[[3, 2, 1]] * 1e4).round().astype(np.uint16)
    result = assess(p, write_raster(tmp_path / "rgb.tif", three, descriptions=("B04", "B03", "B02"), nodata=0))
    assert result.bands == ("B02", "B03", "B04")
    assert result.mae_per_band[0] == pytest.approx(np.abs(prediction[1] - target[1]).mean(), rel=1e-6)


def test_pixels_without_data_in_either_image_do_not_count(tmp_path):
    p, t, *_ = scenes(tmp_path)
    import rasterio

    with rasterio.open(p, "r+") as raster:
        values = raster.read()
        values[:, :100] = 0
        raster.write(values)
    assert assess(p, t).all.pixels == 200 * 140


def test_images_of_different_places_are_refused(tmp_path):
    p, _, _, target = scenes(tmp_path)
    far = write_raster(
        tmp_path / "far.tif", (target * 1e4).astype(np.uint16), descriptions=OPTICAL_BANDS, origin=(1e5, 1e6), nodata=0
    )
    with pytest.raises(InputError, match="overlap"):
        assess(p, far)


def test_a_reference_on_a_shifted_grid_is_warped_to_the_predictions(tmp_path):
    p, _, prediction, target = scenes(tmp_path)
    shifted = np.pad((target * 1e4).round().astype(np.uint16), ((0, 0), (3, 3), (4, 4)), mode="edge")
    path = write_raster(tmp_path / "s.tif", shifted, descriptions=OPTICAL_BANDS, origin=(599_960, 5_000_030), nodata=0)
    assert assess(p, path).all.mae == pytest.approx(np.abs(prediction - target).mean(), rel=1e-5)


@pytest.mark.parametrize("parts, cores", [(1, 1), (2, 3), (3, 2)])
def test_wide_images_read_in_parts_score_as_whole_ones_whatever_the_threads(tmp_path, monkeypatch, parts, cores):
    p, t, prediction, target = scenes(tmp_path, height=150, width=1300)
    cloud = (np.random.default_rng(2).random((1, 150, 1300)) < 0.3).astype(np.uint8)
    mask = write_raster(tmp_path / "m.tif", cloud)
    once = assess(p, t, mask)
    monkeypatch.setattr("dbcr_core.assess_pieces.parts_across", lambda *sources: parts)
    monkeypatch.setattr("dbcr_core.assess.available_cores", lambda: cores)
    result = assess(p, t, mask)
    assert result.all.pixels == 150 * 1300 and result.cloudy.pixels == cloud.sum()
    for found, again, where in (
        (result.all, once.all, np.ones_like(cloud[0])),
        (result.cloudy, once.cloudy, cloud[0]),
        (result.clear, once.clear, 1 - cloud[0]),
    ):
        assert asdict(found) == pytest.approx(asdict(image_metrics(target, prediction, where == 1)), rel=1e-9)
        assert asdict(found) == pytest.approx(asdict(again), rel=1e-12)
    np.testing.assert_allclose(result.mae_per_band, np.abs(prediction - target).mean(axis=(1, 2)), rtol=1e-9)


def test_a_row_of_blocks_of_both_files_lies_in_the_cache(tmp_path):
    def tiled(name, side, height=1024, width=10_980):
        blocks = {"tiled": True, "blockxsize": side, "blockysize": side, "compress": "deflate", "sparse_ok": True}
        path = write_raster(tmp_path / name, np.zeros((1, height, width), np.uint16), **blocks)
        return stack.enter_context(open_raster(path))

    with ExitStack() as stack:
        low, high = tiled("low.tif", 256), tiled("high.tif", 1024)
        thirteen = replace(high.profile, count=13, **dict.fromkeys(OF_BANDS, ()))
        high.profile, high.block_row_bytes = thirteen, 13 * high.block_row_bytes
        assert (low.block_row_bytes, high.block_row_bytes) == (11_008 * 256 * 2, 11_264 * 1024 * 13 * 2)
        assert [parts_across(*pair) for pair in ((low, low), (low, high), (high, high))] == [1, 2, 3]
        high.block_row_bytes = 0  # of a virtual raster of such files nobody tells
        assert parts_across(high, high) == 3


def test_the_map_holds_the_mean_error_of_each_cell_and_nothing_where_there_is_no_data(tmp_path, monkeypatch):
    monkeypatch.setattr("dbcr_core.error_map.LONGEST", 60)
    p, t, prediction, target = scenes(tmp_path, height=140, width=600)
    import rasterio

    with rasterio.open(p, "r+") as raster:
        values = raster.read()
        values[:, :, :105] = 0
        raster.write(values)
    found = assess(p, t).error_map
    assert found.shape == (14, 60)
    errors = np.abs(prediction - target).mean(axis=0)
    expected = errors.reshape(14, 10, 60, 10).mean(axis=(1, 3))
    expected[:, :10] = np.nan
    expected[:, 10] = errors.reshape(14, 10, 600)[:, :, 105:110].mean(axis=(1, 2))
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_a_small_image_has_a_cell_for_each_pixel(tmp_path):
    p, t, prediction, target = scenes(tmp_path, height=30, width=20)
    np.testing.assert_allclose(assess(p, t).error_map, np.abs(prediction - target).mean(axis=0), rtol=1e-6)


def test_progress_ends_at_one_and_the_map_is_not_printed(tmp_path):
    class Port(Silence):
        fractions = []

        def report(self, fraction, text):
            self.fractions.append(fraction)

    p, t, *_ = scenes(tmp_path, height=300, width=600)
    printed = json.loads(assess(p, t, progress=Port()).to_json())
    assert Port.fractions == sorted(Port.fractions) and Port.fractions[-1] == 1 and len(Port.fractions) == 6
    assert set(printed) == {"all", "cloudy", "clear", "bands", "mae_per_band", "findings"}


def test_stopping_ends_at_once_and_leaves_no_thread(tmp_path):
    p, t, *_ = scenes(tmp_path, height=300, width=600)
    asked = []

    def cancelled():
        asked.append(1)
        return len(asked) > 3

    with pytest.raises(Cancelled):
        assess(p, t, cancelled=cancelled)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("dbcr-assess")]


def test_gaps_in_one_image_cost_no_similarity(tmp_path):
    p, _, prediction, _ = scenes(tmp_path)
    holes = (prediction * 1e4).round().astype(np.uint16)
    holes[:, ::40] = 0
    holes[:, 100:130, 20:60] = 0
    result = assess(p, write_raster(tmp_path / "h.tif", holes, descriptions=OPTICAL_BANDS, nodata=0)).all
    assert result.ssim == pytest.approx(1) and result.mae == 0


@pytest.mark.parametrize("scale, offset", [(1.0, 0.0), (1e-4, 0.0), (1e-4, -0.1)])
@pytest.mark.parametrize("fill, nodata", [(0, None), (0, -9999), (-9999, None), (-9999, -9999)])
def test_what_is_no_ground_is_mixed_with_none_on_another_grid(tmp_path, fill, nodata, scale, offset):
    reflectance = 0.1 + 0.05 * np.random.default_rng(3).random((4, 60, 70))
    values = np.rint((reflectance - offset) / (1e-4 if scale == 1 else scale)).astype(np.int16)
    names = {"descriptions": ("B02", "B03", "B04", "B08"), "scale": scale, "offset": offset}
    holed = values.copy()
    holed[:, 20:40, 20:50] = fill
    quarter = (600_002.5, 5_000_000)
    p = write_raster(tmp_path / "p.tif", values, **names)
    whole, gaps = (
        assess(p, write_raster(tmp_path / f"{name}.tif", array, nodata=nodata, origin=quarter, **names)).all
        for name, array in (("whole", values), ("gaps", holed))
    )
    # Of the gap's rim only what a valid pixel touches may count, by that pixel alone.
    assert 0 <= whole.pixels - gaps.pixels - 20 * 29 <= 40
    assert gaps.mae == pytest.approx(whole.mae, rel=0.05) and gaps.sam == pytest.approx(whole.sam, rel=0.05)


def test_a_black_pixel_takes_no_angle_from_the_others(tmp_path):
    values = np.full((3, 40, 40), 2000, np.uint16)
    p = write_raster(tmp_path / "p.tif", values, descriptions=("B02", "B03", "B04"), nodata=65535)
    values[:, 5, 5], values[0, 7] = 1000, 4000
    t = write_raster(tmp_path / "t.tif", values, descriptions=("B02", "B03", "B04"), offset=-0.1, scale=1e-4)
    result = assess(p, t)
    assert result.all.pixels == 1600 and 0 < result.all.sam < 5


BGRN = ("B02", "B03", "B04", "B08")


class Told(Silence):
    def __init__(self):
        self.messages, self.warnings = [], []

    def message(self, text):
        self.messages.append(text)

    def warning(self, text):
        self.warnings.append(text)


def test_both_readings_are_told_and_what_is_doubtful_in_them(tmp_path):
    values = reflective_dn(4) // 4 + 1300
    p = write_raster(tmp_path / "p.tif", values + 1000, descriptions=BGRN)
    t = write_raster(tmp_path / "t.tif", values, descriptions=BGRN, tags={"BOA_ADD_OFFSET": "0"})
    port = Told()
    result = assess(p, t, progress=port)
    assert port.messages == [
        "Prediction: stored × 0.0001, no offset or already removed "
        "(assumed, as neither metadata nor a dark pixel tells of an offset)",
        "Reference: stored × 0.0001, no offset or already removed (offset 0 in the tags)",
    ]
    assert [text.partition(": ")[0] for text in port.warnings] == ["Prediction"]
    assert sorted(result.findings) == sorted(port.messages + port.warnings)
    assert "--reference-values" in "".join(assess(t, p).findings) and "--optical" not in "".join(assess(t, p).findings)
    said = assess(p, t, optical_values="dn-1000", progress=(port := Told()))
    assert said.all.mae == pytest.approx(0, abs=1e-9) and "as you said" in port.messages[0] and not port.warnings


def test_an_order_that_only_the_number_of_bands_tells_is_named_by_the_option_of_its_image(tmp_path):
    values = np.repeat(reflective_dn(1), 13, axis=0)
    values[OPTICAL_BANDS.index("B10")] = 20
    p = write_raster(tmp_path / "p.tif", values, descriptions=OPTICAL_BANDS)
    t = write_raster(tmp_path / "t.tif", values)
    findings = assess(p, t).findings
    assert findings[-1].startswith("Reference: the bands have no names") and "--reference-bands" in findings[-1]
    t = write_raster(tmp_path / "t.tif", np.roll(values, -6, axis=0))
    with pytest.raises(BandOrderError, match="--reference-bands"):
        assess(p, t)


@pytest.mark.parametrize("role", ["optical", "reference"])
def test_a_contradiction_is_decided_by_the_option_that_the_refusal_names(tmp_path, role, capsys):
    good, bad = (
        write_raster(tmp_path / f"{offset}.tif", reflective_dn(4), descriptions=BGRN, tags={"BOA_ADD_OFFSET": offset})
        for offset in ("0", "-1000")
    )
    pair = (
        ["--prediction", bad, "--reference", good] if role == "optical" else ["--prediction", good, "--reference", bad]
    )
    assert main(["assess", *pair]) == 1
    assert f"decide with --{role}-values dn (" in capsys.readouterr().err
    assert main(["assess", *pair, f"--{role}-values", "dn", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["all"]["mae"] == 0


def test_what_was_said_of_a_result_when_it_was_made_holds(tmp_path):
    options = json.dumps({"optical_values": "dn", "nfe": 1})
    tags = {"BOA_ADD_OFFSET": "-1000", "DBCR_VERSION": "1", "DBCR_OPTIONS": options}
    p = write_raster(tmp_path / "p.tif", reflective_dn(4), descriptions=BGRN, tags=tags)
    t = write_raster(tmp_path / "t.tif", reflective_dn(4), descriptions=BGRN)
    result = assess(p, t)
    assert result.all.mae == 0 and "as was said when it was made" in result.findings[0]
    assert assess(p, t, optical_values="dn-1000").all.mae == pytest.approx(0.1)
    for text in ("", "[]", '{"optical_values": "volts"}', "{"):
        broken = write_raster(tmp_path / "b.tif", reflective_dn(4), descriptions=BGRN, tags={"DBCR_OPTIONS": text})
        assert "below 900" in assess(broken, t).findings[0]


def test_the_bands_that_were_named_when_a_result_was_made_are_known(tmp_path):
    values = reflective_dn(4)
    options = json.dumps({"bands": "B02,B03,B04,B08"})
    p = write_raster(tmp_path / "p.tif", values, tags={"DBCR_VERSION": "1", "DBCR_OPTIONS": options})
    t = write_raster(tmp_path / "t.tif", values[::-1], descriptions=BGRN[::-1])
    assert assess(p, t).all.mae == 0
    assert assess(p, t, bands="B08,B04,B03,B02").all.mae > 0
    described = {"tags": {"DBCR_OPTIONS": options}, "descriptions": BGRN[::-1]}
    assert assess(write_raster(tmp_path / "r.tif", values[::-1], **described), t).all.mae == 0, "bands put elsewhere"
    assert (
        assess(write_raster(tmp_path / "r.tif", values[:0:-1], **{**described, "descriptions": BGRN[:0:-1]}), t).all.mae
        == 0
    )
    p = write_raster(tmp_path / "p.tif", values, tags={"DBCR_OPTIONS": '{"bands": null}'})
    with pytest.raises(InputError, match="The bands of the prediction image are not recognised.* --bands"):
        assess(p, t)
    with pytest.raises(InputError, match="The bands of the reference image are not recognised.* --reference-bands"):
        assess(t, p)


def test_a_mask_without_a_crs_is_named(tmp_path):
    values = reflective_dn(4)
    t = write_raster(tmp_path / "t.tif", values, descriptions=BGRN)
    mask = write_raster(tmp_path / "m.tif", (values[:1] > 1000).astype(np.uint8), crs=None)
    with pytest.raises(InputError, match="^The mask has no coordinate reference system; assign its CRS first"):
        assess(t, t, cloud_mask=mask)


@pytest.mark.parametrize("nodata", [0, None])
def test_a_band_that_one_image_does_not_fill_is_left_out(tmp_path, nodata):
    values = reflective_dn(4)
    t = write_raster(tmp_path / "t.tif", values, descriptions=BGRN)
    values[2] = 0
    p = write_raster(tmp_path / "p.tif", values, descriptions=BGRN, nodata=nodata)
    result = assess(p, t, progress=(port := Told()))
    assert result.all.mae == 0 and result.bands == ("B02", "B03", "B08") and result.all.pixels == values[0].size
    assert port.warnings[-1] == result.findings[-1] and result.findings[-1].endswith(": B04")


def test_gaps_told_by_a_mask_alone_are_not_scored(tmp_path):
    import rasterio

    p = write_raster(tmp_path / "p.tif", reflective_dn(4), descriptions=BGRN)
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        t = write_raster(tmp_path / "t.tif", reflective_dn(4), descriptions=BGRN)
        with rasterio.open(t, "r+") as raster:
            mask = np.full((60, 70), 255, np.uint8)
            mask[:20] = 0
            raster.write_mask(mask)
    for pair, role in (((p, t), "reference"), ((t, p), "prediction")):
        with pytest.raises(InputError, match=f"The {role} image t.tif tells by a mask"):
            assess(*pair)


def test_a_border_of_zeros_is_no_ground_on_another_grid_either(tmp_path):
    p, _, prediction, _ = scenes(tmp_path)
    values = (prediction * 1e4).round().astype(np.uint16)
    values[:, :60] = 0
    same = write_raster(tmp_path / "same.tif", values, descriptions=OPTICAL_BANDS)
    padded = np.pad(values, ((0, 0), (0, 20), (0, 20)))
    other = write_raster(tmp_path / "other.tif", padded, descriptions=OPTICAL_BANDS)
    results = [assess(p, path).all for path in (same, other)]
    assert results[0].mae == results[1].mae == 0 and results[0].pixels == results[1].pixels == 240 * 140
