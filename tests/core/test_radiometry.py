# SPDX-License-Identifier: GPL-3.0-or-later
"""Stored numbers are understood from metadata first, values second; a contradiction is refused, an order is obeyed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dbcr_core.backscatter import GRD_CALIBRATION_DB, detect_sar
from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.bands import match_optical, match_sar
from dbcr_core.errors import BandOrderError, InputError, RadiometryError
from dbcr_core.grid import RasterGrid, Window
from dbcr_core.on_grid import SarOnGrid
from dbcr_core.radiometry import detect_optical
from dbcr_core.rasters import open_raster
from dbcr_core.stored_values import OpticalRadiometry, SarRadiometry
from dbcr_core.wording import OFFSET_ASSUMED, OFFSET_BY_NAME, OFFSET_IN_DECIMALS, ORDER_ASSUMED, UNIT_ASSUMED
from tests.core.raster_files import BACKENDS, backscatter_db, judged, reflective_dn, write_raster

BGRN = ("B02", "B03", "B04", "B08")


def optical(path: str, override: str | None = None) -> OpticalRadiometry:
    with open_raster(path) as source:
        return detect_optical(source, match_optical(source.profile), override)


def sar(path: str, override: str | None = None) -> SarRadiometry:
    with open_raster(path) as source:
        return detect_sar(source, match_sar(source.profile), override)


@pytest.fixture
def write(tmp_path: Path):
    def write(array: np.ndarray, *, name: str = "scene.tif", names: tuple[str, ...] = BGRN, **options: object) -> str:
        return write_raster(tmp_path / name, array, descriptions=names, **options)  # type: ignore[arg-type]

    return write


# Optical


@pytest.mark.parametrize("dtype", ["uint16", "int16", "float32"])
def test_dark_values_show_that_no_offset_is_in(write, dtype: str) -> None:
    found = optical(write(reflective_dn(4).astype(dtype)))
    assert (found.scale, found.offset, found.doubts) == (1e-4, 0, ())
    assert "below 900" in found.how


def test_data_in_a_small_part_of_a_large_raster_are_found(write) -> None:
    stored = np.zeros((4, 1500, 1500), np.uint16)
    stored[:, 700:790, 200:290] = reflective_dn(4, 90, 90)
    assert "below 900" in optical(write(stored)).how


def test_decimals_between_0_and_1_are_reflectance(write) -> None:
    found = optical(write((reflective_dn(4) / 10_000).astype(np.float32)))
    assert (found.scale, found.offset) == (1, 0)
    assert "decimal" in found.how


def test_the_files_own_scale_and_offset_count(write) -> None:
    found = optical(write(reflective_dn(4, offset=1000), scale=0.0001, offset=-0.1))
    assert (found.scale, found.offset) == (0.0001, -0.1)
    assert "the file's own" in found.how


def test_packed_around_half_all_negative_numbers_are_reflectance(write) -> None:
    reflectance = reflective_dn(4).clip(1, 2500) / 10_000
    stored = np.rint((reflectance - 0.5) / 2e-5).astype(np.int16)
    stored[:, :10] = -32768
    path = write(stored, scale=2e-5, offset=0.5, nodata=-32768)
    found = optical(path)
    with open_raster(path) as source:
        seen = found.to_reflectance(source.read([1, 2, 3, 4], source.grid.window))
    assert np.isnan(seen[:, :10]).all()
    np.testing.assert_allclose(seen[:, 10:], reflectance[:, 10:], atol=2e-5)


def test_a_senseless_offset_is_refused_with_a_question(write) -> None:
    with pytest.raises(RadiometryError, match="--optical-values dn, dn-1000 or reflectance"):
        optical(write(reflective_dn(4), scale=0.0001, offset=1e7))


@pytest.mark.parametrize("scale", [1.0001, 0.01, -0.0001])
def test_a_scale_that_makes_no_reflectance_is_refused(write, scale: float) -> None:
    with pytest.raises(RadiometryError, match="--optical-values dn, dn-1000 or reflectance"):
        optical(write(reflective_dn(4), scale=scale))


@pytest.mark.parametrize(
    "tags, offset",
    [
        ({"PROCESSING_BASELINE": "05.09"}, -0.1),
        ({"PROCESSING_BASELINE": "04.00"}, -0.1),
        ({"PROCESSING_BASELINE": "03.01"}, 0),
        ({"RADIO_ADD_OFFSET_0": "-1000"}, -0.1),
        ({"BOA_ADD_OFFSET": "0"}, 0),
        ({"PROCESSING_BASELINE": "05.09", "COLLECTION": "COPERNICUS/S2_SR_HARMONIZED"}, 0),
    ],
)
def test_metadata_tell_of_the_offset(write, tags: dict[str, str], offset: float) -> None:
    bright = reflective_dn(4) // 4 + 1500  # no value that would tell
    assert optical(write(bright, tags=tags)).offset == offset


@pytest.mark.parametrize("name, offset", [("S2_SR_HARMONIZED.tif", 0.0), ("S2_not_harmonized.tif", -0.1)])
def test_a_collection_says_whether_it_is_harmonised(write, name: str, offset: float) -> None:
    stored = reflective_dn(4, offset=0 if offset == 0 else 1000)
    assert optical(write(stored, name=name, tags={"PROCESSING_BASELINE": "05.09"})).offset == offset


def test_the_word_harmonised_counts_in_a_files_own_name_and_less_than_its_offset(write, tmp_path: Path) -> None:
    bright = reflective_dn(4) // 4 + 1500  # no value that would tell
    folder = tmp_path / "harmonised_project"
    folder.mkdir()
    said = {"BOA_ADD_OFFSET": "-1000"}
    assert optical(write(bright, name="harmonised_project/a.tif", tags=said)).offset == -0.1
    assert optical(write(bright, name="harmonised_project/b.tif", tags={"PROCESSING_BASELINE": "05.09"})).offset == -0.1
    assert optical(write(bright, name="harmonised_project/c.tif")).doubts == (OFFSET_ASSUMED,)
    assert optical(write(bright, name="c_harmonised.tif")).doubts == ()
    assert optical(write(bright, name="d_harmonised.tif", tags=said)).offset == -0.1
    # As Earth Engine hands it on: the tags of the offset stay when it goes.
    assert optical(write(bright, tags={**said, "system:id": "COPERNICUS/S2_SR_HARMONIZED/2022"})).offset == 0


@pytest.mark.parametrize(
    "options",
    [
        {"tags": {"PROCESSING_BASELINE": "99.99"}},
        {"name": "S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_20170613T101031.tif"},
    ],
)
def test_the_baseline_of_a_processor_run_by_hand_tells_nothing(write, options: dict) -> None:
    assert optical(write(reflective_dn(4), **options)).how.endswith("below 900")
    assert optical(write(reflective_dn(4) // 4 + 1500, **options)).doubts == (OFFSET_ASSUMED,)


@pytest.mark.parametrize(
    "name, dark, offset, doubts",
    [
        ("T32TPS_20220823T101559_{}_10m.tif", False, -0.1, (OFFSET_BY_NAME,)),
        ("T32TPS_20220823T101559_{}.tif", False, -0.1, (OFFSET_BY_NAME,)),
        ("T32TPS_20220823T101559_{}_10m.tif", True, 0, ()),  # somebody took it out
        ("T32TPS_20200823T101559_{}_10m.tif", False, 0, (OFFSET_ASSUMED,)),
        ("T32TPS_20220823T101559_{}_10m_minus.tif", False, 0, (OFFSET_ASSUMED,)),
        ("S2A_32TPS_20220823_0_L2A_{}.tif", False, 0, (OFFSET_ASSUMED,)),
    ],
)
def test_files_that_bear_the_agencys_names_hold_the_offset_unless_dark_values_show_otherwise(
    write, name: str, dark: bool, offset: float, doubts: tuple
) -> None:
    values = reflective_dn(4) if dark else reflective_dn(4) // 4 + 1500
    values[0, 0, 0] = 300  # a dead pixel is no dark ground
    files = [write(values[[i]], name=name.format(band), names=()) for i, band in enumerate(BGRN)]
    found = optical(",".join(files))
    assert (found.offset, found.doubts) == (offset, doubts)


def test_an_offset_left_in_decimals_is_announced_with_the_remedy(write) -> None:
    raised = (reflective_dn(4, offset=1000) / 10_000).astype(np.float32)
    for tags in ({}, {"BOA_ADD_OFFSET": "-1000"}):
        found = optical(write(raised, tags=tags))
        assert (found.offset, found.doubts) == (0, (OFFSET_IN_DECIMALS,))
    assert optical(write(raised, tags={"BOA_ADD_OFFSET": "0"})).doubts == ()
    assert optical(write(raised), "reflectance").doubts == ()
    found = optical(write(raised, scale=1.0, offset=-0.1))  # as OFFSET_IN_DECIMALS says
    assert (found.scale, found.offset, found.doubts) == (1, -0.1, ())
    dark = (reflective_dn(4) / 10_000).astype(np.float32)
    assert optical(write(dark, tags={"BOA_ADD_OFFSET": "-1000"})).doubts == ()


CIRRUS = OPTICAL_BANDS.index("B10") + 1


@pytest.mark.parametrize(
    "tags, cirrus, level, is_enough",
    [
        ({"RADIO_ADD_OFFSET_0": "-1000"}, 1010, 1000, True),
        ({"PROCESSING_BASELINE": "05.09"}, 1010, 1000, True),
        ({"RADIO_ADD_OFFSET_0": "0"}, 10, 0, True),
        ({"RADIO_ADD_OFFSET_0": "-1000"}, 10, 0, False),  # refused
        ({"RADIO_ADD_OFFSET_0": "0"}, 1010, 1000, False),  # refused
        ({"RADIO_ADD_OFFSET_0": "-1000"}, 1500, 1000, False),  # cirrus everywhere
        ({"RADIO_ADD_OFFSET_0": "0"}, 1500, 0, False),
        ({"RADIO_ADD_OFFSET_0": "-1000"}, 0, 1000, False),
        ({"RADIO_ADD_OFFSET_0": "0", "QUANTIFICATION_VALUE": "1000"}, 10, 0, False),
        ({}, 1010, 1000, False),
    ],
)
def test_the_cirrus_band_alone_is_read_where_it_agrees_with_the_metadata(
    write, monkeypatch, reads, tags: dict[str, str], cirrus: int, level: int, is_enough: bool
) -> None:
    stored = reflective_dn(13, offset=level).astype(np.uint16)
    stored[CIRRUS - 1] = cirrus
    path = write(stored, names=OPTICAL_BANDS, tags=tags)

    def bands_read():
        return {band for bands, _ in reads for band in bands}

    found = judged(path)
    assert (bands_read() == {CIRRUS}) is is_enough
    monkeypatch.setattr("dbcr_core.radiometry._cirrus_agrees", lambda *_: False)
    assert found == judged(path) and bands_read() == set(range(1, 14))


def test_the_baseline_is_read_from_the_products_name(write) -> None:
    bright = reflective_dn(4) // 4 + 1500
    name = "S2A_MSIL2A_20230612T101559_N0509_R065_T32TPS_20230612T121212.tif"
    assert optical(write(bright, name=name)).offset == -0.1


def test_an_offset_in_the_metadata_and_none_in_the_values_is_refused(write) -> None:
    path = write(reflective_dn(4), tags={"PROCESSING_BASELINE": "05.09"})
    with pytest.raises(
        RadiometryError, match=r"still in \(processing baseline 05\.09\), but .* lie below 900; decide with"
    ):
        optical(path)
    assert optical(path, "dn").offset == 0
    assert optical(path, "dn-1000").offset == -0.1


def test_no_offset_in_the_metadata_and_one_in_the_values_is_refused(write) -> None:
    values = reflective_dn(13, offset=1000)
    values[OPTICAL_BANDS.index("B10")] = 1010
    with pytest.raises(RadiometryError, match="is removed .*03.01.*cirrus band B10 lies around 1010"):
        optical(write(values, names=OPTICAL_BANDS, tags={"PROCESSING_BASELINE": "03.01"}))


def test_the_cirrus_band_shows_the_offset(write) -> None:
    values = reflective_dn(13, offset=1000)
    values[OPTICAL_BANDS.index("B10")] = np.random.default_rng(0).integers(1002, 1030, values[0].shape)
    found = optical(write(values, names=OPTICAL_BANDS))
    assert (found.offset, found.doubts) == (-0.1, ())


@pytest.mark.parametrize("lowest", [900, 1000])
def test_an_overcast_cirrus_band_is_no_proof_of_an_offset(write, lowest: int) -> None:
    values = reflective_dn(13) // 4 + 5000
    values[OPTICAL_BANDS.index("B10")] = np.random.default_rng(0).integers(lowest, 2500, values[0].shape)
    found = optical(write(values, names=OPTICAL_BANDS))
    assert found.offset == 0


def test_slightly_negative_surface_reflectance_is_no_contradiction(write) -> None:
    values = reflective_dn(4, offset=1000)
    values[:, 0, :10] = 950 - np.arange(10) * 20  # 0.2 % of the values
    assert optical(write(values, tags={"BOA_ADD_OFFSET": "-1000"})).offset == -0.1


def test_where_nothing_tells_the_assumption_is_marked(write) -> None:
    found = optical(write(reflective_dn(4) // 4 + 3000))
    assert found.offset == 0
    assert found.doubts == (OFFSET_ASSUMED,)
    assert "assumed" in found.how


def test_values_between_reflectance_and_dn_are_refused(write) -> None:
    with pytest.raises(RadiometryError, match="neither reflectance nor DN"):
        optical(write(np.full((4, 9, 9), 10, np.float32)))


def bright(share: float, level: int = 30_000) -> np.ndarray:
    values = reflective_dn(4, 100, 100)
    values[:, : round(100 * share)] = level
    return values


def test_dn_brighter_than_any_cloud_are_doubted_and_many_of_them_refused(write) -> None:
    assert optical(write(bright(0.5, 19_000))).doubts == () == optical(write(bright(0))).doubts
    (doubt,) = optical(write(bright(0.02))).doubts
    assert doubt.startswith("2 % of the optical values lie above 20000") and "-scale 1.5259e-05" in doubt
    with pytest.raises(
        RadiometryError, match=r"10 % .* 1\.5259e-05.*; decide with --optical-values dn or dn-1000"
    ) as told:
        optical(write(bright(0.1)))
    assert told.value.choices == ("dn", "dn-1000")


def test_bright_dn_are_taken_where_somebody_says_what_they_are(write) -> None:
    path = write(bright(0.1))
    assert optical(path, "dn").scale == 1e-4
    assert optical(write(bright(0.1), tags={"PROCESSING_BASELINE": "03.01"})).scale == 1e-4
    assert optical(write(bright(0.1), scale=1 / 65535)).scale == 1 / 65535


@pytest.mark.parametrize("offset", [0, -0.1])
def test_reflectance_that_kept_the_scale_of_its_dn_is_refused(write, offset: float) -> None:
    reflectance = (reflective_dn(4) / 10_000).astype(np.float32)
    with pytest.raises(RadiometryError, match="typical reflectance .* decide with --optical-values"):
        optical(write(reflectance, scale=1e-4, offset=offset))
    assert optical(write((reflective_dn(4) - offset * 1e4).astype(np.float32), scale=1e-4, offset=offset)).scale == 1e-4


def test_a_few_values_a_little_below_the_offset_leave_it_open_whether_it_is_in(write) -> None:
    values = reflective_dn(4, offset=1000)
    values[:, :2, :5] = 860  # 0.2 % of the values
    assert optical(write(values)).doubts == (OFFSET_ASSUMED,)
    values[:, 0, 0] = 700
    assert optical(write(values)).doubts == ()


def test_a_wide_scene_with_values_below_the_offset_need_not_hold_it(write) -> None:
    values = reflective_dn(4, 1024, 1024, offset=1000)
    assert optical(write(values)).offset == -0.1
    values[0, 0, :64] = 940  # fewer than tell of shadow
    assert optical(write(values)).doubts == (OFFSET_ASSUMED,)


@pytest.mark.parametrize("nodata, value", [(0, 0), (None, 0), (65535, 65535)])
def test_an_image_without_any_data_is_refused(write, nodata: float | None, value: int) -> None:
    with pytest.raises(InputError, match="optical image holds no data at all"):
        optical(write(np.full((4, 9, 9), value, np.uint16), nodata=nodata))


def test_an_image_of_nan_is_refused(write) -> None:
    with pytest.raises(InputError, match="no data at all"):
        optical(write(np.full((4, 9, 9), np.nan, np.float32)))


def test_an_unknown_order_is_refused(write) -> None:
    with pytest.raises(InputError, match="choose dn, dn-1000, reflectance"):
        optical(write(reflective_dn(4)), "radiance")


DN = OpticalRadiometry(1e-4, 0.0, None, True, "")
OFFSET = OpticalRadiometry(1e-4, -0.1, 0.0, False, "")


@given(arrays(np.uint16, (3, 4, 5)), st.sampled_from([DN, OFFSET]))
def test_stored_values_survive_the_way_to_reflectance_and_back(
    stored: np.ndarray, radiometry: OpticalRadiometry
) -> None:
    reflectance = radiometry.to_reflectance(stored)
    missing = radiometry.missing(stored)
    assert reflectance.dtype == np.float32
    np.testing.assert_array_equal(np.isnan(reflectance), missing)
    back = radiometry.fitted(radiometry.to_stored(reflectance), "uint16")
    kept = ~missing & (stored != 0)
    np.testing.assert_array_equal(back[kept], stored[kept])


@given(
    arrays(np.float32, (2, 3, 3), elements=st.floats(-7, 7, width=32)),
    st.sampled_from(
        [
            ("uint16", 0.0),
            ("uint16", 1.0),
            ("uint16", 65535.0),
            ("int16", -1.0),
            ("int16", -9999.0),
            ("int16", -32768.0),
            ("float32", 0.0),
            ("float32", -9999.0),
            ("float64", -1.0),
        ]
    ),
    st.sampled_from([DN, OFFSET]),
)
@example(np.full((2, 3, 3), 7, np.float32), ("uint16", 65535.0), DN)
def test_a_reconstructed_value_is_never_the_no_data_value(reflectance, target, radiometry: OpticalRadiometry) -> None:
    dtype, nodata = target
    stored = replace(radiometry, nodata=nodata).fitted(radiometry.to_stored(reflectance), dtype)
    assert stored.dtype == np.dtype(dtype)
    assert not (stored == nodata).any() and not (radiometry.zero_is_nodata and (stored == 0).any())


def test_zero_in_every_band_is_missing_but_zero_in_one_band_is_not() -> None:
    stored = np.array([[[0, 0, 5]], [[0, 7, 5]]], np.uint16)
    np.testing.assert_array_equal(DN.missing(stored), [[[True, False, False]], [[True, False, False]]])
    np.testing.assert_array_equal(OFFSET.missing(stored), stored == 0)


# Bands without names


LEVELS = dict(
    zip(OPTICAL_BANDS, (1300, 1100, 1200, 1000, 1400, 2300, 2700, 2600, 2900, 900, 15, 2200, 1300))
)  # DN of fields
L2A = tuple(band for band in OPTICAL_BANDS if band != "B10")
BY_PIXEL_SIZE = ("B02", "B03", "B04", "B08", "B05", "B06", "B07", "B8A", "B11", "B12", "B01", "B09")


def fields(bands: tuple[str, ...]) -> np.ndarray:
    shade = np.random.default_rng(0).uniform(0.5, 1.5, (1, 60, 70))
    return (np.array([LEVELS[band] for band in bands])[:, None, None] * shade).astype(np.uint16)


@pytest.mark.parametrize(
    "bands, contradiction",
    [
        (OPTICAL_BANDS, ""),
        (L2A, ""),
        (tuple(sorted(OPTICAL_BANDS)), "band 11 is too bright for B10 in 100 %"),
        ((*L2A, "B01"), "band 11 is too bright for B10"),
        (tuple(sorted(L2A)), "band 12 is too bright for B12"),
        (BY_PIXEL_SIZE, "band 4 is too bright for B04"),
    ],
)
@pytest.mark.parametrize("override", [None, "dn"])
def test_bands_taken_by_their_number_are_doubted_and_refused_where_they_look_otherwise(
    write, bands: tuple[str, ...], contradiction: str, override: str | None
) -> None:
    path = write(fields(bands), names=())
    if contradiction:
        with pytest.raises(BandOrderError, match=rf"no names, and cannot be .*{contradiction}.*; name them .*--bands"):
            optical(path, override)
    else:
        assert optical(path, override).doubts == (ORDER_ASSUMED,)
    with open_raster(path) as source:
        assert detect_optical(source, match_optical(source.profile, ",".join(bands[:12]))).doubts == ()
    assert optical(write(fields(bands[:12]), names=bands[:12])).doubts == ()


# SAR


def test_two_bands_without_names_of_which_the_second_is_brighter_are_refused(tmp_path: Path) -> None:
    swapped = write_raster(tmp_path / "s.tif", backscatter_db()[::-1])
    with pytest.raises(BandOrderError, match=r"second is brighter in \d\d %.* --sar-bands VH,VV"):
        sar(swapped)
    with open_raster(swapped) as source:
        assert detect_sar(source, match_sar(source.profile, "VH,VV")).doubts == ()
        (doubt,) = detect_sar(source, match_sar(source.profile, "VV,VH")).doubts
    assert doubt.startswith("VH is brighter than VV")
    # Where both are noise.
    assert sar(write_raster(tmp_path / "s.tif", backscatter_db()[[0, 0]] - 12)).unit == "db"


def test_power_in_16_bits_is_told_of_the_scale_that_it_needs(tmp_path: Path) -> None:
    scale = "-scale 1.5259e-05"
    stored = np.rint(10 ** (backscatter_db() / 10) * 65535).clip(1, 65535).astype(np.uint16)
    path = write_raster(tmp_path / "s.tif", stored, descriptions=("VV", "VH"))
    with pytest.raises(RadiometryError, match=rf"no land has \(.*{scale}\); decide with --sar-values"):
        sar(path)
    for said in ("power", "amplitude"):
        assert scale in " ".join(sar(path, said).doubts)
    darker = np.rint(10 ** (backscatter_db() / 10 - 0.5) * 65535).astype(np.uint16)
    (doubt,) = sar(write_raster(tmp_path / "s.tif", darker, descriptions=("VV", "VH"))).doubts
    assert "unusual" in doubt and scale in doubt
    found = sar(write_raster(tmp_path / "s.tif", stored, descriptions=("VV", "VH"), scale=1.5259e-05))
    assert (found.unit, found.gain_db) == ("power", 0)


def test_negative_values_are_decibel(tmp_path: Path) -> None:
    found = sar(write_raster(tmp_path / "s.tif", backscatter_db()))
    assert (found.unit, found.gain_db) == ("db", 0)
    assert "negative" in found.how


def test_small_positive_values_are_power_and_that_is_an_assumption(tmp_path: Path) -> None:
    power = (10 ** (backscatter_db() / 10)).astype(np.float32)
    found = sar(write_raster(tmp_path / "s.tif", power))
    assert (found.unit, found.doubts) == ("power", (UNIT_ASSUMED,))


def test_whole_numbers_are_amplitude_and_get_a_typical_calibration(tmp_path: Path) -> None:
    amplitude = (600 * 10 ** (backscatter_db() / 20)).astype(np.uint16)
    path = write_raster(tmp_path / "s.tif", amplitude)
    found = sar(path)
    assert found.unit == "amplitude"
    assert "not calibrated" in found.how
    with open_raster(path) as source, SarOnGrid(source, [1, 2], found, source.grid) as aligned:
        decibel = aligned.read(source.grid.window)
    assert abs(np.median(decibel[0]) + 10) < 1
    assert abs(np.median(decibel[1]) + 16.5) < 1


@pytest.mark.parametrize(
    "descriptions, unit",
    [
        (("Sigma0_VV_db", "Sigma0_VH_db"), "db"),
        (("VV power", "VH power"), "power"),
        (("VV amplitude",) * 2, "amplitude"),
    ],
)
def test_units_in_descriptions_are_read(tmp_path: Path, descriptions: tuple[str, str], unit: str) -> None:
    stored = backscatter_db() if unit == "db" else (10 ** (backscatter_db() / 10)).astype(np.float32)
    path = write_raster(tmp_path / "s.tif", stored, descriptions=descriptions)
    with open_raster(path) as source:
        found = detect_sar(source, match_sar(source.profile, "VV,VH"))
    assert (found.unit, found.doubts) == (unit, ())


def test_decibels_of_an_intensity_are_decibels(tmp_path: Path) -> None:
    names = {"descriptions": ("Intensity_VV_db", "Intensity_VH_db")}
    found = sar(write_raster(tmp_path / "s.tif", backscatter_db(), **names))
    assert (found.unit, found.how) == ("db", '"Intensity_VV_db"')
    with pytest.raises(RadiometryError, match='in decibel .*"Intensity_VV_db".*median is 4'):
        sar(write_raster(tmp_path / "uncalibrated.tif", backscatter_db() + 55, **names))
    both = write_raster(tmp_path / "both.tif", backscatter_db(), tags={"UNITS": "linear intensity / dB"})
    assert "negative" in sar(both).how


@pytest.mark.parametrize("letter, unit", [("p", "power"), ("a", "amplitude"), ("d", "db")])
def test_the_unit_is_read_from_a_hyp3_products_name(tmp_path: Path, letter: str, unit: str) -> None:
    stored = backscatter_db() if unit == "db" else (10 ** (backscatter_db() / 10)).astype(np.float32)
    name = f"S1A_IW_20230613T053511_DVP_RTC30_G_g{letter}uned_1A2B.tif"
    found = sar(write_raster(tmp_path / name, stored))
    assert (found.unit, found.doubts) == (unit, ())


def test_decibel_in_words_and_none_in_the_values_is_refused(tmp_path: Path) -> None:
    power = (10 ** (backscatter_db() / 10)).astype(np.float32)
    path = write_raster(tmp_path / "s.tif", power, descriptions=("VV_db", "VH_db"))
    with pytest.raises(
        RadiometryError, match='decibel .*"VV_db".*positive and small.*--sar-values db, power or amplitude'
    ):
        sar(path)
    assert sar(path, "power").unit == "power"


def test_power_in_words_and_negative_values_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RadiometryError, match="linear power"):
        sar(write_raster(tmp_path / "s.tif", backscatter_db(), descriptions=("VV linear", "VH linear")))


def test_what_the_user_says_is_taken_whatever_the_values(tmp_path: Path) -> None:
    stored = (backscatter_db() + 300).astype(np.float32)
    stored[:, ::3] *= -1
    path = write_raster(tmp_path / "odd.tif", stored, descriptions=("VV", "VH"))
    with pytest.raises(RadiometryError, match="33 % are negative") as caught:
        sar(path)
    assert (caught.value.option, caught.value.choices) == ("sar_values", ("db", "power", "amplitude"))
    assert [sar(path, unit).unit for unit in caught.value.choices[1:]] == ["power", "amplitude"]
    with pytest.raises(RadiometryError, match="typical backscatter of 28. dB"):
        sar(path, "db")


def test_values_that_are_no_decibels_are_refused(tmp_path: Path) -> None:
    for factor in (10, 100):
        path = write_raster(tmp_path / "s.tif", np.rint(backscatter_db() * factor).astype(np.int16))
        for override in (None, "db"):
            with pytest.raises(InputError, match=r"decibels times 10 or 100.*-scale 0\.01"):
                sar(path, override)


@pytest.mark.parametrize("value, nodata", [(0.0, None), (np.nan, None), (-9999.0, -9999.0)])
def test_a_radar_image_without_any_data_is_refused(tmp_path: Path, value: float, nodata: float | None) -> None:
    with pytest.raises(InputError, match="SAR image holds no data at all"):
        sar(write_raster(tmp_path / "s.tif", np.full((2, 9, 9), value, np.float32), nodata=nodata))


def test_every_unit_leads_to_the_same_decibels(tmp_path: Path) -> None:
    truth = backscatter_db()
    stored = {
        "db": truth,
        "power": (10 ** (truth / 10)).astype(np.float32),
        "amplitude": (10 ** (truth / 20)).astype(np.float32),
        "scaled": np.rint(truth * 100).astype(np.int16),
    }
    for name, values in stored.items():
        path = write_raster(tmp_path / f"{name}.tif", values, scale=0.01 if name == "scaled" else 1.0)
        with open_raster(path) as source:
            unit = None if name == "scaled" else name
            found = detect_sar(source, match_sar(source.profile), unit)
            with SarOnGrid(source, [1, 2], found, source.grid) as aligned:
                np.testing.assert_allclose(aligned.read(source.grid.window), truth, atol=0.01)
            if name != "scaled":
                np.testing.assert_allclose(found.to_decibel(values), truth, atol=0.01)


@pytest.mark.parametrize("nodata", [None, -9999.0, float("nan")])
def test_a_border_of_exactly_zero_decibel_is_no_data(tmp_path: Path, nodata: float | None) -> None:
    stored = backscatter_db()
    stored[:, :5] = 0
    path = write_raster(tmp_path / "s.tif", stored, nodata=nodata)
    with open_raster(path) as source:
        found = detect_sar(source, match_sar(source.profile))
        with SarOnGrid(source, [1, 2], found, source.grid) as aligned:
            decibel = aligned.read(source.grid.window)
    np.testing.assert_array_equal(np.isnan(decibel[0]), np.arange(60)[:, None].repeat(70, 1) < 5)


def test_a_negative_amplitude_is_none_and_not_bright(tmp_path: Path) -> None:
    stored = (10 ** (backscatter_db() / 20)).astype(np.float32)
    stored[:, :5] = -9999
    with open_raster(write_raster(tmp_path / "s.tif", stored)) as source:
        found = detect_sar(source, match_sar(source.profile), "amplitude")
        with SarOnGrid(source, [1, 2], found, source.grid) as aligned:
            decibel = aligned.read(source.grid.window)
    assert np.isnan(decibel[:, :5]).all() and np.isfinite(decibel[:, 5:]).all() and np.nanmax(decibel) < 5


@given(arrays(np.float32, (2, 2, 3), elements=st.floats(width=32, allow_nan=True, allow_infinity=True)))
def test_no_power_becomes_nan_and_never_infinity(power: np.ndarray) -> None:
    for unit in ("power", "amplitude", "db"):
        decibel = SarRadiometry(unit, "").to_decibel(power)
        assert not np.isinf(decibel).any()
        assert decibel.dtype == np.float32


@pytest.mark.parametrize(
    "unit, options",
    [
        ("db", {"nodata": -999.0}),
        ("db", {}),
        ("power", {"nodata": float("nan")}),
        ("amplitude", {"nodata": 0.0}),
        ("db", {"nodata": -32768.0, "scale": 0.01, "offset": 1.5}),
    ],
)
def test_radar_on_the_pixels_of_the_scene_is_read_as_the_warp_would_give_it(
    tmp_path: Path, unit: str, options: dict[str, float]
) -> None:
    stored = {
        "db": backscatter_db(),
        "power": (10 ** (backscatter_db() / 10)).astype(np.float32),
        "amplitude": (600 * 10 ** (backscatter_db() / 20)).astype(np.uint16),
    }[unit]
    if "scale" in options:
        stored = np.rint((stored - 1.5) * 100).astype(np.int16)
    missing = options.get("nodata", -9999.0)  # a fill value need not be declared
    stored[:, 20:26, 10:14] = missing
    path = write_raster(tmp_path / "s.tif", stored, **options)
    found = SarRadiometry(unit, "", gain_db=-2.0)
    with open_raster(path) as source:
        a, b, c, d, e, f = source.grid.transform
        # It begins 7 columns further right and 5 rows further up, and ends where there is no radar any more.
        grid = RasterGrid(80, 50, (a, b, c + 7 * a, d, e, f - 5 * e), source.grid.crs_wkt)
        window = Window(3, 2, 76, 47)
        with source.warped(grid, [2, 1], unit=unit) as warped:
            expected = found.power_to_decibel(warped.read([1, 2], window))
        with SarOnGrid(source, [2, 1], found, grid) as aligned:
            decibel = aligned.read(window)
            nothing = aligned.read(Window(70, 0, 9, 9))
    assert np.isnan(nothing).all() and np.isfinite(decibel).mean() > 0.5
    np.testing.assert_array_equal(np.isnan(decibel), np.isnan(expected))
    np.testing.assert_allclose(decibel, expected, atol=1e-4)


# What files hold beside data


@pytest.mark.parametrize("fill", [-9999.0, -32768.0])
@pytest.mark.parametrize("dtype, scale", [(np.float32, 1e-4), (np.int16, 1)])
def test_undeclared_fill_below_all_reflectance_is_no_ground(write, fill: float, dtype: type, scale: float) -> None:
    stored = (reflective_dn(4).clip(0, 9000) * scale).astype(dtype)
    stored[:, :, :35] = fill
    found = optical(write(stored))
    with open_raster(write(stored)) as source:
        missing = found.missing(source.read([1, 2, 3, 4], source.grid.window))
    assert missing[:, :, :35].all() and not missing[:, :, 35:].any()


@pytest.mark.parametrize("nodata", [np.nan, -9999.0])
def test_a_pixel_of_zeros_is_none_whatever_else_is_declared(write, nodata: float) -> None:
    stored = (reflective_dn(4) / 1e4).astype(np.float32)
    stored[:, :9] = 0
    stored[0, 20:] = 0
    found = optical(write(stored, nodata=nodata))
    missing = found.missing(stored)
    assert missing[:, :9].all() and not missing[:, 9:].any()


@pytest.mark.parametrize(
    "stored", [np.arange(4 * 60 * 70).reshape(4, 60, 70) % 256, np.arange(4 * 60 * 70).reshape(4, 60, 70) % 101]
)
@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_grey_values_and_percentages_are_no_dn(write, stored: np.ndarray, dtype: type) -> None:
    path = write(stored.astype(dtype))
    with pytest.raises(RadiometryError, match="neither reflectance nor DN"):
        optical(path)
    assert optical(path, "dn").scale == 1e-4


@pytest.mark.parametrize(
    "dtype, baseline, said",
    [
        (np.uint16, "02.09", ""),
        (np.int16, "02.09", ""),
        (np.float32, "02.09", "neither reflectance nor DN"),
        (np.uint16, "05.09", "offset is still in"),
    ],
)
def test_a_dark_sea_is_dn_where_its_metadata_say_so(write, dtype: type, baseline: str, said: str) -> None:
    noise = np.random.default_rng(0).normal(0, 9, (4, 60, 70))
    sea = np.clip(np.array([50, 45, 40, 38])[:, None, None] + noise, 1, None)
    path = write(sea.astype(dtype), tags={"PROCESSING_BASELINE": baseline})
    if said:
        with pytest.raises(RadiometryError, match=said):
            optical(path)
    else:
        assert (optical(path).scale, optical(path).offset) == (1e-4, 0)


@pytest.mark.parametrize("odd", [-9999.0, -32768.0, -1e-3])
def test_linear_power_with_negative_values_is_no_decibel(tmp_path: Path, odd: float) -> None:
    power = 10 ** (backscatter_db() / 10)
    power[:, :6] = odd
    found = sar(write_raster(tmp_path / "s.tif", power.astype(np.float32), descriptions=("VV", "VH")))
    assert (found.unit, found.gain_db) == ("power", 0)


def test_uncalibrated_intensity_is_calibrated_as_amplitude_is(tmp_path: Path) -> None:
    power = (10 ** ((backscatter_db() + GRD_CALIBRATION_DB) / 10)).astype(np.float32)
    found = sar(write_raster(tmp_path / "s.tif", power, descriptions=("Intensity_VV", "Intensity_VH")))
    assert (found.unit, found.gain_db) == ("power", -GRD_CALIBRATION_DB)


def test_an_8_bit_radar_picture_is_refused(tmp_path: Path) -> None:
    grey = np.clip((backscatter_db() + 30) * 8, 1, 255).astype(np.uint8)
    with pytest.raises(InputError, match="8-bit picture, not backscatter"):
        sar(write_raster(tmp_path / "s.tif", grey, descriptions=("VV", "VH")))


@pytest.mark.parametrize("shift", [-60.0, 20.0])
def test_a_level_that_no_land_has_is_refused(tmp_path: Path, shift: float) -> None:
    power = (10 ** ((backscatter_db() + shift) / 10)).astype(np.float32)
    path = write_raster(tmp_path / "s.tif", power, descriptions=("VV power", "VH power"))
    with pytest.raises(RadiometryError, match="which no land has; decide with --sar-values"):
        sar(path)


@pytest.mark.parametrize("dtype", [np.int16, np.float32])
def test_zeros_among_decibels_are_a_border(tmp_path: Path, dtype: type) -> None:
    stored = np.rint(backscatter_db()).clip(-40, -1).astype(dtype)
    stored[:, :9] = 0
    assert sar(write_raster(tmp_path / "s.tif", stored, descriptions=("VV", "VH"))).nodata == 0


@pytest.mark.parametrize("names", [("VV", "VH"), ("Intensity_VV", "Intensity_VH")])
def test_squares_of_digital_numbers_are_intensity_whatever_they_are_called(tmp_path: Path, names: tuple) -> None:
    power = (10 ** ((backscatter_db() + GRD_CALIBRATION_DB) / 10)).astype(np.float32)
    found = sar(write_raster(tmp_path / "s.tif", power, descriptions=names))
    assert (found.unit, found.gain_db) == ("power", -GRD_CALIBRATION_DB)


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_a_dark_ocean_is_dn_in_any_type(write, dtype: type) -> None:
    stored = np.random.default_rng(0).integers(20, 220, (4, 60, 70))
    stored[1, 5, 5:9] = 300
    assert optical(write(stored.astype(dtype))).scale == 1e-4


@pytest.mark.parametrize("unit", ["db", "power"])
@pytest.mark.parametrize("nodata", [None, np.nan, -9999.0])
@pytest.mark.parametrize("factor", [1, 4])
@pytest.mark.parametrize("backend", BACKENDS)
def test_gaps_in_radar_stay_as_small_as_they_are(
    tmp_path: Path, unit: str, nodata: float | None, factor: int, backend: str
) -> None:
    """A hole must not take the good pixels around it along, whichever way it is told."""
    decibel = backscatter_db(240, 240)
    stored = decibel if unit == "db" else 10 ** (decibel / 10)
    stored = stored.repeat(factor, 1).repeat(factor, 2).astype(np.float32)
    holes = np.random.default_rng(1).random(stored.shape[1:]) < 0.05
    stored[:, holes] = nodata if nodata is not None else np.nan
    pixel = 10.0 / factor
    path = write_raster(
        tmp_path / "s.tif",
        stored,
        descriptions=("VV", "VH"),
        nodata=nodata,
        pixel=pixel,
        origin=(600_004.0, 4_999_995.0),
    )
    with open_raster(path, backend) as source:
        grid = RasterGrid(200, 200, (10.0, 0.0, 600_100.0, 0.0, -10.0, 4_999_900.0), source.grid.crs_wkt)
        found = detect_sar(source, match_sar(source.profile))
        with SarOnGrid(source, (1, 2), found, grid, "average" if factor > 1 else "bilinear") as aligned:
            missing = np.isnan(aligned.read(grid.window)).mean()
    assert missing < 0.03


@pytest.mark.parametrize("shift", [8.0, 10.0, 12.0])
@pytest.mark.parametrize("names", [("VV",), ("VV dB",)])
def test_a_bright_city_in_decibels_is_no_power(tmp_path: Path, shift: float, names: tuple) -> None:
    stored = (backscatter_db(seed=3) * 1.5 + 5 + shift)[:1].astype(np.float32)
    assert sar(write_raster(tmp_path / "vv.tif", stored, descriptions=names)).unit == "db"
