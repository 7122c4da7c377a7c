# SPDX-License-Identifier: GPL-3.0-or-later
"""Bands are found by what the file says of them, whatever program wrote it, and never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbcr_core.band_names import BAND_SETS, OPTICAL_BANDS, OPTICAL_WAVELENGTHS_NM, SAR_BANDS
from dbcr_core.band_sets import mask_doubt
from dbcr_core.bands import BandSelection, left_out_bands, match_optical, match_sar
from dbcr_core.errors import InputError
from dbcr_core.grid import RasterGrid
from dbcr_core.rasters import RasterProfile
from tests.core.predictors import plain_card

GRID = RasterGrid(10, 10, (10, 0, 0, 0, -10, 0), "")
L2A = tuple(name for name in OPTICAL_BANDS if name != "B10")


def profile(*descriptions: str, dtype: str = "uint16", **options: object) -> RasterProfile:
    return RasterProfile(GRID, len(descriptions), dtype, descriptions=descriptions, **options)  # type: ignore[arg-type]


def number(name: str) -> str:
    return name[1:].lstrip("0")


SPELLINGS = {
    "Sentinel Hub": lambda name: name,
    "Earth Engine": lambda name: "B" + number(name),
    "lower case": lambda name: name.lower(),
    "words": lambda name: "Band " + number(name),
    "underscore": lambda name: "band_" + name[1:],
    "GDAL's driver": lambda name: (
        f"B{number(name)}, central wavelength {OPTICAL_WAVELENGTHS_NM[OPTICAL_BANDS.index(name)]} nm"
    ),
    "SNAP": lambda name: f"S2_{name}_resampled",
    "file name": lambda name: f"T32UQD_20200603T101559_{name}_20m",
    "Sen2Cor": lambda name: f"{name}_10m",
    "MODIS style": lambda name: f"sur_refl_b{name[1:].lower()}",
    "with colour": lambda name: f"{name} - red (665 nm)" if name == "B04" else name,
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(names=st.permutations(OPTICAL_BANDS).flatmap(lambda p: st.integers(3, 13).map(lambda n: p[:n])))
def test_every_subset_in_every_order_and_spelling_is_found(spelling: str, names: list[str]) -> None:
    texts = [SPELLINGS[spelling](name) for name in names]
    if spelling in ("words", "underscore") and [number(n) for n in names] == [str(i) for i in range(1, len(names) + 1)]:
        return  # this only counts the bands
    selection = match_optical(profile(*texts))
    assert selection.names == tuple(names)
    assert selection.file_bands == tuple(range(1, len(names) + 1))


@given(names=st.permutations(OPTICAL_BANDS).flatmap(lambda p: st.integers(3, 13).map(lambda n: p[:n])))
def test_wavelengths_alone_are_enough_in_any_unit_and_domain(names: list[str]) -> None:
    wavelengths = [OPTICAL_WAVELENGTHS_NM[OPTICAL_BANDS.index(n)] for n in names]
    blank = [""] * len(names)
    for tags in (
        {"band_tags": tuple({"wavelength": str(w), "wavelength_units": "Nanometers"} for w in wavelengths)},
        {"band_tags": tuple({"wavelength": f"{w / 1000}", "wavelength_units": "um"} for w in wavelengths)},
        {"imagery_tags": tuple({"CENTRAL_WAVELENGTH_UM": f"{w / 1000:.3f}"} for w in wavelengths)},
    ):
        selection = match_optical(profile(*blank, **tags))
        assert selection.names == tuple(names)
        assert selection.how == "wavelengths"


@given(names=st.permutations(OPTICAL_BANDS).flatmap(lambda p: st.integers(3, 13).map(lambda n: p[:n])))
def test_other_layers_between_the_bands_are_left_out(names: list[str]) -> None:
    texts = [text for name in names for text in (name, "SCL")]
    selection = match_optical(profile(*texts))
    assert selection.names == tuple(names)
    assert selection.file_bands == tuple(range(1, 2 * len(names), 2))


@pytest.mark.parametrize(
    "texts, names",
    [
        (("red", "green", "blue", "nir"), ("B04", "B03", "B02", "B08")),
        (("Blue", "Green", "Red", "Near Infrared"), ("B02", "B03", "B04", "B08")),
        (("coastal", "blue", "green", "red", "rededge1", "rededge2", "rededge3", "nir", "nir08", "nir09", "swir16",
          "swir22"), L2A),
        (("B2 (blue)", "B3 (green)", "B4 (red)", "B8A (nir narrow)"), ("B02", "B03", "B04", "B8A")),
        (("B1", "B2", "B3", "B4"), ("B01", "B02", "B03", "B04")),
        (("B02", "B03", "B04", "dataMask"), ("B02", "B03", "B04")),
        (("B04", "B03", "B02", "AOT", "WVP", "SCL", "QA60", "MSK_CLDPRB"), ("B04", "B03", "B02")),
        (("490 nm", "560 nm", "665 nm"), ("B02", "B03", "B04")),
        (("0.490 µm", "0.560 µm", "0.665 µm"), ("B02", "B03", "B04")),
        (tuple(f"B{i:02d}" for i in range(1, 13)), tuple(f"B{i:02d}" for i in range(1, 13))),
    ],
)  # fmt: skip
def test_names_in_use_are_understood(texts: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert match_optical(profile(*texts)).names == names


def test_name_tags_are_read_where_descriptions_are_missing() -> None:
    tags = tuple({"BANDNAME": name} for name in ("B2", "B3", "B4"))
    assert match_optical(profile("", "", "", band_tags=tags)).names == ("B02", "B03", "B04")


@pytest.mark.parametrize(
    "texts", [("",) * 13, tuple(f"Band {i}" for i in range(1, 14)), tuple("123456789") + ("",) * 4]
)
def test_thirteen_nameless_bands_are_level_1c_and_that_is_said(texts: tuple[str, ...]) -> None:
    selection = match_optical(profile(*texts))
    assert selection.names == OPTICAL_BANDS
    assert "taken as" in selection.how


def test_twelve_nameless_bands_are_level_2a_and_that_is_said() -> None:
    selection = match_optical(profile(*[""] * 12))
    assert selection.names == L2A
    assert "taken as" in selection.how


@pytest.mark.parametrize("count", [3, 4, 6, 10, 11, 14])
def test_any_other_number_of_nameless_bands_is_refused(count: int) -> None:
    with pytest.raises(InputError, match=f"{count} bands without names.*--bands B02,B03"):
        match_optical(profile(*[""] * count))


def test_a_band_of_alpha_is_none_of_thirteen() -> None:
    colours = (*["gray"] * 12, "alpha")
    with pytest.raises(InputError, match="not recognised"):
        match_optical(profile(*[""] * 13, colours=colours))
    assert match_optical(profile(*OPTICAL_BANDS, colours=colours)).names == OPTICAL_BANDS


def test_twelve_bands_counted_like_names_are_ambiguous() -> None:
    with pytest.raises(InputError, match="not recognised"):
        match_optical(profile(*[f"B{i}" for i in range(1, 13)]))


def test_names_that_contradict_their_wavelengths_are_refused() -> None:
    landsat = profile(
        "B4", "B5", "B6", band_tags=({"wavelength": "655"}, {"wavelength": "865"}, {"wavelength": "1609"})
    )
    with pytest.raises(InputError, match="Band 2 is named B05 but has the wavelength of B8A"):
        match_optical(landsat)


def test_one_band_is_refused() -> None:
    with pytest.raises(InputError, match="has only one band; at least 3"):
        match_optical(profile("B04"))


def test_two_bands_are_refused_by_name() -> None:
    with pytest.raises(InputError, match="Only B04, B08"):
        match_optical(profile("B04", "B08"))


@pytest.mark.parametrize("texts", [("", "", ""), ("red", "green", "blue"), ("B04", "B03", "B02")])
def test_an_8_bit_picture_is_refused_whatever_its_bands_are_called(texts: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="8-bit picture .3 bands., not reflectance"):
        match_optical(profile(*texts, dtype="uint8"))


@pytest.mark.parametrize(
    "texts",
    [
        tuple(f"SR_B{i}" for i in range(1, 8)) + ("ST_B10", "QA_PIXEL"),
        tuple(f"LC08_L2SP_193028_20200823_20200905_02_T1_SR_B{i}" for i in range(2, 8)),
        tuple(f"LE07_L1TP_193028_20200823_20200905_02_T1_B{i}" for i in (1, 2, 3, 4, 5, 7)),
        tuple(f"HLS.L30.T32TQM.2020236T100000.v2.0.B0{i}" for i in range(2, 8)),
    ],
)
def test_landsat_is_no_sentinel_2_unless_somebody_says_which_band_is_which(texts: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="Landsat's.*--bands"):
        match_optical(profile(*texts))
    assert match_optical(profile(*texts), "B02,B03,B04,B8A").names == ("B02", "B03", "B04", "B8A")


@pytest.mark.parametrize("tag", ["SPACECRAFT_ID", "SENSOR"])
def test_landsat_is_known_by_its_tags(tag: str) -> None:
    value = {"SPACECRAFT_ID": "LANDSAT_9", "SENSOR": "OLI_TIRS"}[tag]
    with pytest.raises(InputError, match="Landsat's"):
        match_optical(profile("B2", "B3", "B4", "B5", tags={tag: value}))


@pytest.mark.parametrize(
    "texts",
    [tuple(f"SR_{name}" for name in L2A), tuple(f"HLS.S30.T32TQM.2020236T100000.v2.0.{name}" for name in L2A)],
)
def test_sentinel_2_in_the_style_of_landsat_stays_sentinel_2(texts: tuple[str, ...]) -> None:
    for sensor in ("MSI", "Sentinel-2 harmonised to OLI"):
        assert match_optical(profile(*texts, tags={"SENSOR": sensor})).names == L2A


def test_two_bands_of_one_name_are_refused() -> None:
    with pytest.raises(InputError, match="Bands 1 and 4 both look like B02.*--bands"):
        match_optical(profile("B02", "B03", "B04", "B2"))


def test_a_list_overrules_the_file_and_skips() -> None:
    selection = match_optical(profile("red", "green", "blue", "nir"), "b2, -, 4 , B8A".replace("4", "B4"))
    assert selection.names == ("B02", "B04", "B8A")
    assert selection.file_bands == (1, 3, 4)
    assert selection.how == "the band list given"


@pytest.mark.parametrize(
    "bands, reason",
    [
        ("B02,B03,B04,B05,B06", "names 5 bands but the file has 4"),
        ("B02,B03,B99", "'B99' in the band list"),
        ("B02,B03,B03", "both look like B03"),
        ("-,-,-", "skips every band"),
        ("B02,B03", "at least 3"),
        (",,,", "skips every band"),
    ],
)
def test_a_wrong_list_is_refused_with_the_reason(bands: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        match_optical(profile(*[""] * 4), bands)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=20), st.none() | st.text(max_size=40))
def test_any_descriptions_give_a_selection_or_an_input_error(texts: list[str], explicit: str | None) -> None:
    for match in (match_optical, match_sar):
        try:
            selection = match(profile(*texts), explicit)
        except InputError as error:
            assert "\n" not in str(error)
        else:
            assert len(set(selection.model_bands)) == len(selection.model_bands) > 0
            assert all(1 <= band <= len(texts) for band in selection.file_bands)


# SAR


@pytest.mark.parametrize(
    "texts, names, file_bands",
    [
        (("VV", "VH"), ("VV", "VH"), (1, 2)),
        (("VH", "VV"), ("VH", "VV"), (1, 2)),
        (("vv", "vh", "angle"), ("VV", "VH"), (1, 2)),
        (("Sigma0_VV_db", "Sigma0_VH_db"), ("VV", "VH"), (1, 2)),
        (("Gamma0_VH", "Gamma0_VV", "localIncidenceAngle"), ("VH", "VV"), (1, 2)),
        (("incidence", "Intensity_VV"), ("VV",), (2,)),
        (("VV", "VH", "VV/VH"), ("VV", "VH"), (1, 2)),
        (("", ""), ("VV", "VH"), (1, 2)),
        (("Band 1", "Band 2"), ("VV", "VH"), (1, 2)),
        (("S1_IW_VV+VH_VH_(Raw)", "S1_IW_VV+VH_VV_(Raw)"), ("VH", "VV"), (1, 2)),
        (("rectangle_VV", "academy_VH", "lookAngle_VV", "dem"), ("VV", "VH"), (1, 2)),
        (("calibration_VV", "VV ratio"), ("VV",), (1,)),
    ],
)
def test_polarisations_are_found(texts: tuple[str, ...], names: tuple[str, ...], file_bands: tuple[int, ...]) -> None:
    selection = match_sar(profile(*texts, dtype="float32"))
    assert (selection.names, selection.file_bands) == (names, file_bands)


def test_polarisation_tags_are_read() -> None:
    tags = ({"POLARIZATION": "VH"}, {"POLARISATION": "vv"})
    assert match_sar(profile("", "", band_tags=tags)).names == ("VH", "VV")


def test_one_nameless_band_takes_its_polarisation_from_the_file_name() -> None:
    assert match_sar(profile(""), path="/data/s1a-iw-grd-vv-2020.tiff").names == ("VV",)
    with pytest.raises(InputError, match="No VV or VH"):
        match_sar(profile(""), path="/data/radar.tif")


@pytest.mark.parametrize("texts, explicit", [(("VH",), None), (("VH", "angle"), None), (("", ""), "-,VH")])
def test_vh_without_vv_will_do(texts: tuple[str, ...], explicit: str | None) -> None:
    assert match_sar(profile(*texts), explicit).names == ("VH",)


FORCE = ("BLUE", "GREEN", "RED", "REDEDGE1", "REDEDGE2", "REDEDGE3", "BROADNIR", "NIR", "SWIR1", "SWIR2")
DEA = ("coastal_aerosol", "blue", "green", "red", "red_edge_1", "red_edge_2", "red_edge_3", "nir_1", "nir_2", "swir_2",
       "swir_3")  # fmt: skip


@pytest.mark.parametrize(
    "texts, names",
    [
        (FORCE, "B02 B03 B04 B05 B06 B07 B08 B8A B11 B12"),
        (tuple(f"nbart_{name}" for name in DEA), "B01 B02 B03 B04 B05 B06 B07 B08 B8A B11 B12"),
    ],
)
def test_other_archives_names_are_known(texts: tuple[str, ...], names: str) -> None:
    assert match_optical(profile(*texts)).names == tuple(names.split())


def test_what_is_left_out_is_listed() -> None:
    stack = profile("B02", "B03", "B04", "SCL", "", *(f"mean {i}" for i in range(20)))
    left = left_out_bands(stack, match_optical(stack))
    assert left[:3] == ("SCL", "band 5", "mean 0") and left[-1] == "…" and len(left) == 13


@pytest.mark.parametrize("texts", [("HH", "HV"), ("", "", ""), ("red", "green"), ("angle",)])
def test_files_without_vv_or_vh_are_refused(texts: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="No VV or VH band.*--sar-bands VV,VH"):
        match_sar(profile(*texts))


def test_two_dates_in_one_file_are_refused() -> None:
    with pytest.raises(InputError, match="Bands 1 and 3 both look like VV.*--sar-bands"):
        match_sar(profile("VV", "VH", "VV", "VH"))
    assert match_sar(profile("VV", "VH", "VV", "VH"), "-,-,VV,VH").file_bands == (3, 4)


def test_a_selection_refuses_nonsense() -> None:
    for model_bands, file_bands in (((), ()), ((0,), (1, 2)), ((0, 0), (1, 2)), ((0, 1), (2, 2))):
        with pytest.raises(InputError):
            BandSelection(SAR_BANDS, model_bands, file_bands, "")
    assert BandSelection(SAR_BANDS, (1,), (1,), "").missing == ("VV",)


TEN = tuple(name for name in L2A if name not in ("B01", "B09"))


@pytest.mark.parametrize("names", BAND_SETS)
def test_a_set_of_bands_that_a_model_knows_raises_no_doubt_in_any_order(names: str) -> None:
    bands = profile(*names.split(",")[::-1], "SCL")
    assert mask_doubt(match_optical(bands), bands.count, plain_card()) == ""


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        ([name for name in TEN if name != "B8A"], "B02,B03,B04,-,-,-,B08,B11,B12"),
        (["SCL", *(name for name in TEN if name != "B11")], "-,B02,B03,B04,-,-,-,B08"),
        ([name for name in L2A if name != "B09"], "-,B02,B03,B04,B05,B06,B07,B08,B8A,B11,B12"),
    ],
)
def test_another_set_raises_doubt_and_the_list_it_names_does_not(names: list[str], kept: str) -> None:
    bands = profile(*names)
    doubt = mask_doubt(match_optical(bands), bands.count, plain_card())
    assert doubt.endswith(f"--bands={kept}")
    assert mask_doubt(match_optical(bands, kept), bands.count, plain_card()) == ""


def test_where_no_known_set_is_within_only_a_mask_helps() -> None:
    bands = profile("B03", "B04", "B08")
    assert mask_doubt(match_optical(bands), bands.count, plain_card()).endswith("give a mask layer")
