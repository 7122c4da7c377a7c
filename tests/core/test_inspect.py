# SPDX-License-Identifier: GPL-3.0-or-later
"""The report before the work says what was found and how, and warns of what will hurt."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio

from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.bands import match_optical
from dbcr_core.errors import InputError, ModelError
from dbcr_core.grid import RasterGrid
from dbcr_core.inspect import InspectionReport, crs_name, inspect_inputs, processing_level
from dbcr_core.job import CloudRemovalJob
from dbcr_core.progress import Silence
from dbcr_core.rasters import RasterProfile
from dbcr_core.scene_inputs import open_inputs
from dbcr_core.surface import surface_shares
from tests.core.predictors import identity
from tests.core.raster_files import backscatter_db, reflective_dn, write_raster
from tests.core.safe_files import write_safe_optical, write_safe_sar
from tests.plugin.tiny_model import write_tiny_model

BANDS = ("B02", "B03", "B04", "B08", "B11", "B12")


def scene(path: Path, *spectra: tuple[float, ...], names: tuple[str, ...] = BANDS, **options: object) -> str:
    """An image of equal stripes of spectra (reflectance), as DN."""
    stripes = [np.broadcast_to(np.array(s)[:, None, None] * 10_000, (len(s), 60, 20)) for s in spectra]
    noise = np.random.default_rng(0).uniform(0, 20, (len(names), 60, 20 * len(spectra)))
    array = (np.concatenate(stripes, 2) + noise).astype(np.uint16)
    return write_raster(path, array, descriptions=names, **options)  # type: ignore[arg-type]


DESERT = (0.23, 0.29, 0.37, 0.42, 0.52, 0.45)
GRASS, CLOUD = (0.03, 0.06, 0.04, 0.35, 0.18, 0.09), (0.45, 0.44, 0.43, 0.5, 0.4, 0.35)
SNOW, WATER = (0.8, 0.8, 0.78, 0.7, 0.05, 0.04), (0.06, 0.05, 0.03, 0.01, 0.005, 0.004)


def radar(path: Path, width: int = 80, **options: object) -> str:
    return write_raster(path, backscatter_db(60, width), descriptions=("VV", "VH"), **options)  # type: ignore[arg-type]


def test_the_bundled_sample_reads_as_it_should(sample: Path) -> None:
    optical, *_ = sorted(sample.glob("optical_cloudy*.tif"))
    sar, *_ = sorted(sample.glob("sar*.tif"))
    report = inspect_inputs(str(optical), str(sar))
    text = "\n".join(report.lines())
    assert report.optical.bands == OPTICAL_BANDS
    assert report.optical.level == "Level-1C"
    assert (report.optical.scale, report.optical.offset) == (1e-4, 0)
    assert report.sar is not None
    assert (report.sar.unit, report.sar.bands) == ("db", ("VV", "VH"))
    assert 0.95 < report.sar.cover < 1
    for words in ("Optical: 13 bands by band descriptions", "Level-1C", "decibel", "days", "EPSG:4326", "Cloud: about"):
        assert words in text


def test_the_report_is_one_json_object_of_one_line(tmp_path: Path) -> None:
    report = inspect_inputs(scene(tmp_path / "a.tif", GRASS, CLOUD), radar(tmp_path / "s.tif"))
    text = report.to_json()
    assert "\n" not in text
    content = json.loads(text)
    assert content["optical"]["bands"] == list(BANDS)
    assert content["sar"]["unit"] == "db"
    assert content["cloud_share"] == pytest.approx(0.5, abs=0.02)


def warnings(report: InspectionReport) -> str:
    return "\n".join(report.warnings)


def test_a_clear_well_covered_scene_has_no_warning(tmp_path: Path) -> None:
    report = inspect_inputs(scene(tmp_path / "a_20230612.tif", *[GRASS] * 4), radar(tmp_path / "s_20230613.tif"))
    assert report.warnings == ()
    assert report.cloud_share == 0


@pytest.mark.parametrize(
    "spectra, words",
    [
        ((CLOUD, CLOUD, CLOUD, GRASS), "75 % looks like cloud or bright ground: little ground is left"),
        ((SNOW, GRASS), "50 % of the scene looks like snow"),
        ((WATER, WATER, GRASS), "67 % of the scene is water"),
        (((1.2, 1.2, 1.2, 1.2, 0.9, 0.8), GRASS), "50 % of the pixels are saturated"),
    ],
)
def test_difficult_scenes_are_announced(tmp_path: Path, spectra: tuple, words: str) -> None:
    assert words in warnings(inspect_inputs(scene(tmp_path / "a.tif", *spectra)))


def test_a_desert_is_no_cloud(tmp_path: Path) -> None:
    report = inspect_inputs(scene(tmp_path / "a.tif", DESERT, DESERT, DESERT, CLOUD))
    assert report.cloud_share == pytest.approx(0.25, abs=0.01)
    assert "cloud" not in warnings(report)


def test_cirrus_is_seen_in_its_band(tmp_path: Path) -> None:
    names = (*BANDS, "B10")
    report = inspect_inputs(scene(tmp_path / "a.tif", (*GRASS, 0.03), (*GRASS, 0.001), names=names))
    assert "50 % of the scene lies under cirrus" in warnings(report)


def test_a_mask_says_how_much_is_cloud(tmp_path: Path) -> None:
    mask = np.zeros((1, 60, 80), np.uint8)
    mask[:, :, :60] = 1
    path = write_raster(tmp_path / "m.tif", mask)
    report = inspect_inputs(scene(tmp_path / "a.tif", *[GRASS] * 4), mask=path)
    assert report.cloud_share == pytest.approx(0.75, abs=0.01)
    assert "from the mask, read as binary" in report.cloud_by
    assert "75 % is cloud" in warnings(report)


@pytest.mark.parametrize(
    "name, warned", [("s_20230613.tif", False), ("s_20230801.tif", True), ("s_2023-05-01.tif", True)]
)
def test_a_long_time_between_the_images_is_announced(tmp_path: Path, name: str, warned: bool) -> None:
    report = inspect_inputs(scene(tmp_path / "a_20230612T101559.tif", *[GRASS] * 4), radar(tmp_path / name))
    assert ("days apart" in warnings(report)) == warned


def test_missing_radar_stripes_are_announced_and_do_not_stop_the_report(tmp_path: Path) -> None:
    array = backscatter_db(60, 80)
    array[:, :, 20:40] = 0
    path = write_raster(tmp_path / "s.tif", array, descriptions=("VV", "VH"))
    optical = scene(tmp_path / "a.tif", *[GRASS] * 4)
    told = warnings(inspect_inputs(optical, path))
    assert "no data for 25 % of the scene (border or stripes): what lies under thick cloud there is a guess" in told
    assert "clearing it needs --allow-partial-sar" in told
    assert "--allow-partial-sar" not in warnings(inspect_inputs(optical, path, allow_partial_sar=True))


def test_swapped_polarisations_are_announced(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "s.tif", backscatter_db(60, 80)[::-1], descriptions=("VV", "VH"))
    assert "VH is brighter than VV" in warnings(inspect_inputs(scene(tmp_path / "a.tif", *[GRASS] * 4), path))


def test_assumptions_are_announced(tmp_path: Path) -> None:
    power = (10 ** (backscatter_db(60, 80) / 10)).astype(np.float32)
    sar = write_raster(tmp_path / "s.tif", power, descriptions=("VV", "VH"))
    report = inspect_inputs(scene(tmp_path / "a.tif", *[CLOUD] * 4), sar)
    assert "--optical-values" in warnings(report)
    assert "--sar-values" in warnings(report)


def test_a_run_warns_of_what_it_assumed_in_the_same_words(tmp_path: Path) -> None:
    power = (10 ** (backscatter_db(60, 80) / 10)).astype(np.float32)
    power[:, :, 20:40] = 0
    sar = write_raster(tmp_path / "s.tif", power, descriptions=("VV", "VH"))
    optical = scene(tmp_path / "a.tif", *[CLOUD] * 4)
    told: list[str] = []

    class Port(Silence):
        def warning(self, text: str) -> None:
            told.append(text)

    for options in ({}, {"optical_values": "dn", "sar_values": "power"}):
        with open_inputs(CloudRemovalJob(optical, sar, "x.tif", allow_partial_sar=True, **options), identity(), Port()):
            pass
    announced = warnings(inspect_inputs(optical, sar, allow_partial_sar=True)).lower()
    assert len(told) == 4 and all(text.lower() in announced for text in told)


@pytest.mark.parametrize(
    ("mask", "bands", "warns"),
    [("auto", None, False), ("auto", "-,B03,B04,B08,B11", True), ("none", "-,B03,B04,B08,B11", False)],
)
def test_bands_with_which_the_own_mask_fails_are_announced(
    tmp_path: Path, mask: str, bands: str | None, warns: bool
) -> None:
    optical = scene(tmp_path / "a.tif", *[GRASS] * 4)
    told: list[str] = []

    class Port(Silence):
        def warning(self, text: str) -> None:
            told.append(text)

    with open_inputs(CloudRemovalJob(optical, None, "x.tif", mask=mask, bands=bands), identity(), Port()):
        pass
    assert any("own mask does not know this set of bands" in text for text in told) is warns
    assert ("own mask does not know" in warnings(inspect_inputs(optical, mask=mask, bands=bands))) is warns


def test_a_model_may_know_other_sets_of_bands(tmp_path: Path) -> None:
    predictor, told = identity(), []
    predictor.card = replace(predictor.card, band_sets=("B03,B04,B08",))

    class Port(Silence):
        def warning(self, text: str) -> None:
            told.append("own mask" in text)

    for bands in ("-,B03,B04,B08", "B02,B03,B04,B08,B11,B12"):
        job = CloudRemovalJob(scene(tmp_path / "a.tif", GRASS), None, "x.tif", bands=bands, optical_values="dn")
        with open_inputs(job, predictor, Port()):
            pass
    assert told == [True]

    model = write_tiny_model(tmp_path / "tiny.dbcr", band_sets=("B03,B04,B08",))
    for bands, warns in (("-,B03,B04,B08", False), ("B02,B03,B04,B08,B11,B12", True)):
        report = inspect_inputs(scene(tmp_path / "a.tif", GRASS), bands=bands, optical_values="dn", model=model)
        assert ("own mask does not know" in warnings(report)) is warns
    with pytest.raises(ModelError, match="no model file"):
        inspect_inputs(scene(tmp_path / "a.tif", GRASS), optical_values="dn", model="missing.dbcr")


def test_orders_are_obeyed_and_said(tmp_path: Path) -> None:
    path = scene(tmp_path / "a.tif", *[GRASS] * 4)
    report = inspect_inputs(path, bands="-,B03,B04,B08", optical_values="dn-1000")
    assert report.optical.bands == ("B03", "B04", "B08")
    assert "the offset is still in (as you said)" in "\n".join(report.lines())


@pytest.mark.parametrize("scale, offset", [(0.0001, 0.0), (0.0001, -0.1)])
def test_scaled_files_are_read_once_scaled(tmp_path: Path, scale: float, offset: float) -> None:
    spectra = [tuple(v - offset for v in GRASS)] * 2 + [tuple(v - offset for v in CLOUD)] * 2
    report = inspect_inputs(scene(tmp_path / "a.tif", *spectra, scale=scale, offset=offset))
    assert report.cloud_share == pytest.approx(0.5, abs=0.02)


def test_products_are_reported_with_level_and_offset(tmp_path: Path) -> None:
    report = inspect_inputs(str(write_safe_optical(tmp_path, "L2A")), str(write_safe_sar(tmp_path)[0]))
    text = "\n".join(report.lines())
    assert "Level-2A (from the tags)" in text
    assert "the offset is still in (offset −1000 in the tags)" in text
    assert "optical 2023-06-12, SAR 2023-06-13, 1 day later" in text
    assert "not terrain-corrected" in text
    assert re.search(r"SAR grid: \d+ × \d+ pixels, placed by points in WGS 84", text)
    assert json.loads(report.to_json())["sar"]["raster"]["pixel_size"] is None


def test_bad_input_is_refused_as_in_the_job_itself(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        inspect_inputs(str(tmp_path / "nothing.tif"))
    picture = write_raster(tmp_path / "rgb.tif", np.full((3, 9, 9), 100, np.uint8))
    with pytest.raises(InputError, match="8-bit picture"):
        inspect_inputs(picture)
    with pytest.raises(InputError, match="has no coordinate reference system"):
        inspect_inputs(write_raster(tmp_path / "bare.tif", reflective_dn(13), crs=None))


@pytest.mark.parametrize(
    "tags, path, bands, level",
    [
        ({"PROCESSING_LEVEL": "Level-2A"}, "a_L1C.tif", BANDS, "Level-2A"),
        ({}, "/L2A/S2B_MSIL1C_20230612T101559.tif", BANDS, "Level-1C"),
        ({}, "demo_2020_L2A.tif", BANDS, "Level-2A"),
        ({"collection": "COPERNICUS/S2_SR_HARMONIZED"}, "a.tif", BANDS, "Level-2A"),
        ({}, "a.tif", OPTICAL_BANDS, "Level-1C"),
        ({}, "a.tif", tuple(b for b in OPTICAL_BANDS if b != "B10"), "Level-2A"),
        ({}, "a.tif", BANDS, "level unknown"),
    ],
)
def test_the_processing_level_is_found(tags: dict[str, str], path: str, bands: tuple[str, ...], level: str) -> None:
    grid = RasterGrid(9, 9, (10, 0, 0, 0, -10, 0), "")
    profile = RasterProfile(grid, len(bands), "uint16", descriptions=bands, tags=tags)
    assert processing_level(profile, path, match_optical(profile))[0] == level


def test_an_image_without_visible_bands_gets_no_cloud_share() -> None:
    shares = surface_shares(np.full((3, 4, 4), 0.3, np.float32), ("B08", "B11", "B12"))
    assert shares.cloud is None
    assert shares.snow is None


def test_a_crs_is_named_with_its_code() -> None:
    assert crs_name('GEOGCS["WGS 84",DATUM["x"],AUTHORITY["EPSG","4326"]]') == "WGS 84, EPSG:4326"
    assert crs_name('PROJCRS["My grid",ID["X","1"]]') == "My grid"


def test_an_image_that_was_cleared_before_is_announced(tmp_path: Path) -> None:
    path = scene(tmp_path / "a.tif", *[GRASS] * 4)
    assert "before" not in warnings(inspect_inputs(path))
    with rasterio.open(path, "r+") as raster:
        raster.update_tags(DBCR_VERSION="0.2.12")
    assert "clouds were removed from this image before" in warnings(inspect_inputs(path))
