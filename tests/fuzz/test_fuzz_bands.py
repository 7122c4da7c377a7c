# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever stands in band names, tags and lists: bands that exist, each once, or one sentence."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dbcr_core.band_names import OPTICAL_BANDS, SAR_BANDS
from dbcr_core.bands import match_optical, match_sar
from dbcr_core.errors import InputError
from dbcr_core.grid import RasterGrid
from dbcr_core.rasters import RasterProfile
from tests.fuzz.ledger import cases, note
from tests.fuzz.outcomes import assert_one_sentence

REAL = (
    *OPTICAL_BANDS, *SAR_BANDS, "B1", "B4", "Band 4", "band_8a", "B4 - red (665 nm)", "red", "NIR", "nir08", "swir16",
    "rededge1", "coastal aerosol", "sur_refl_b04", "B04_10m", "Sigma0_VV_db", "Gamma0 VH", "VV VH", "SCL", "QA60",
    "AOT", "HH", "1374 nm", "0.665 µm", "-", "",
)  # fmt: skip
TAG_NAMES = (
    "WAVELENGTH", "CENTRAL_WAVELENGTH_UM", "wavelength", "BANDNAME", "name", "common_name", "eo:common_name",
    "polarization", "STATISTICS_MEAN",
)  # fmt: skip


@st.composite
def near_misses(draw: st.DrawFn) -> str:
    """A real name with a slip: another case, a character lost, doubled, foreign or at the wrong end."""
    text = draw(st.sampled_from(REAL))
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(text)))
        slip = draw(st.sampled_from(("case", "lose", "insert", "double", "before", "after", "digits")))
        if slip == "case":
            text = text.swapcase()
        elif slip == "lose":
            text = text[:place] + text[place + 1 :]
        elif slip == "insert":
            text = text[:place] + draw(st.characters()) + text[place:]
        elif slip == "double":
            text = f"{text} {draw(st.sampled_from(REAL))}"
        elif slip == "before":
            text = draw(st.sampled_from((" ", "\t", "0", "x", "S2_", "\ufeff"))) + text
        elif slip == "after":
            text += draw(st.sampled_from((" ", "\n", "0", "x", "_20m", "²", "٤")))
        else:
            text += draw(st.integers(0, 10**30).map(str))
    return text


NAMES = st.one_of(near_misses(), near_misses(), st.text(max_size=12), st.text("bB0189aA -_.vVhH", max_size=200))
VALUES = st.one_of(
    st.text(max_size=12),
    st.floats().map(str),
    st.sampled_from(("664.6", "0.665", "1373.5 Nanometers", "665;560", "9" * 400, "VV", "red")),
)
TAGS = st.dictionaries(st.sampled_from(TAG_NAMES), VALUES, max_size=2)


STACKS = (
    OPTICAL_BANDS,
    ("B2", "B3", "B4", "B8"),
    ("blue", "green", "red", "nir"),
    tuple(f"Band {number}" for number in range(1, 13)),
    ("",) * 13,
    ("VV", "VH"),
    ("Sigma0_VH_db", "Sigma0_VV_db", "angle"),
)


@st.composite
def profiles(draw: st.DrawFn) -> RasterProfile:
    """A raster whose bands are named like a real product's, with a few slips, or by anything."""
    if draw(st.booleans()):
        names = list(draw(st.sampled_from(STACKS)))
        for _ in range(draw(st.integers(0, 2))):
            names[draw(st.integers(0, len(names) - 1))] = draw(NAMES)
    else:
        names = draw(st.lists(NAMES, min_size=1, max_size=6))
    count = len(names)
    band_tags = [{}] * count
    if draw(st.booleans()):
        band_tags[draw(st.integers(0, count - 1))] = draw(TAGS)
    return RasterProfile(
        RasterGrid(4, 4, (10.0, 0.0, 0.0, 0.0, -10.0, 0.0), ""),
        count,
        draw(st.sampled_from(("uint16", "uint16", "float32", "uint8"))),
        descriptions=tuple(names),
        band_tags=tuple(band_tags),
        imagery_tags=tuple(reversed(band_tags)),
        tags=band_tags[0],
    )


def check(area: str, match, profile: RasterProfile, *arguments) -> None:
    try:
        found = match(profile, *arguments)
    except InputError as error:
        assert_one_sentence(error)
        note(area, "refused")
        return
    assert len(set(found.names)) == len(found.names) == len(found.file_bands) == len(set(found.file_bands))
    assert all(1 <= band <= profile.count for band in found.file_bands) and found.how
    assert found == match(profile, *arguments)
    note(area, "accepted")


@cases(1800)
@given(profiles())
def test_any_optical_band_names_give_bands_or_one_sentence(profile):
    check("band names", match_optical, profile)


@cases(900)
@given(profiles(), st.text(max_size=20) | st.sampled_from(("s1_vv.tif", "VH.tiff")))
def test_any_radar_band_names_give_bands_or_one_sentence(profile, path):
    check("band names", match_sar, profile, None, path)


LISTS = st.one_of(
    st.lists(NAMES, max_size=16),
    st.lists(NAMES, max_size=16).map(",".join),
    st.text(max_size=30),
    st.permutations(OPTICAL_BANDS).flatmap(lambda names: st.integers(1, 13).map(lambda n: ",".join(names[:n]))),
)


@cases(900)
@given(profiles(), LISTS, st.sampled_from((match_optical, match_sar)))
def test_any_band_list_gives_bands_or_one_sentence(profile, given_list, match):
    check("band lists", match, profile, given_list)
