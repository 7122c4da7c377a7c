# SPDX-License-Identifier: GPL-3.0-or-later
"""Bands that lack are estimated: by the formula, in the same bits everywhere, and so that clouds are found."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st

from dbcr_core.band_moments import moments_of, with_estimates
from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.band_sets import mask_doubt
from dbcr_core.bands import match_optical
from dbcr_core.errors import ModelError
from dbcr_core.inspect import inspect_inputs
from dbcr_core.model_card import bundled_model_path
from dbcr_core.model_file import read_model_file
from dbcr_core.progress import Silence
from dbcr_core.rasters import open_raster
from dbcr_core.scene import remove_clouds
from tests.core.raster_files import write_raster

RANDOM = np.random.default_rng(3)
SOURCES = RANDOM.random((3, 5000))
MIXTURE = RANDOM.random((13, 3)) / 3
SPECTRA = (MIXTURE @ SOURCES).clip(0.01, 1) ** 2
"""Pixels whose square roots mix three things, so that three bands tell all of them."""
SAMPLE = "resources/sample/"


class Told(Silence):
    def __init__(self):
        self.warnings = []

    def warning(self, text):
        self.warnings.append(text)


def card():
    return read_model_file(bundled_model_path()).card


@given(present=st.sets(st.integers(0, 12), min_size=3, max_size=12))
@settings(max_examples=30, deadline=None)
def test_estimates_are_the_mean_given_the_bands_there_are(present) -> None:
    moments = moments_of(SPECTRA, ridge=1e-6)
    assert len(moments) == 13 * 14
    tile = SPECTRA[:, :400].reshape(13, 20, 20).astype(np.float32)
    truth, here = tile.copy(), sorted(present)
    lacking = [band for band in range(13) if band not in present]
    tile[lacking] = 0.7  # whatever stood there
    with_estimates(tile, here, moments)
    assert np.array_equal(tile[here], truth[here])
    means, covariance = np.array(moments[:13]), np.array(moments[13:]).reshape(13, 13)
    weights = covariance[np.ix_(lacking, here)] @ np.linalg.inv(covariance[np.ix_(here, here)])
    expected = means[lacking] + (np.sqrt(truth[here].reshape(len(here), -1)).T - means[here]) @ weights.T
    np.testing.assert_allclose(tile[lacking].reshape(len(lacking), -1).T, expected.clip(0, 1) ** 2, atol=2e-4)
    assert np.abs(tile - truth).mean() < 0.02, "three bands tell of the others here"


def test_the_order_of_bands_and_the_place_in_a_tile_do_not_matter() -> None:
    moments = card().band_moments
    tile = SPECTRA[:, :4096].reshape(13, 64, 64).astype(np.float32)
    parts = [tile.copy(), tile.copy(), tile[:, 10:30, 20:50].copy()]
    for part, order in zip(parts, ([1, 2, 7], [7, 1, 2], [1, 2, 7])):
        with_estimates(part, order, moments)
    assert np.array_equal(parts[0], parts[1]) and np.array_equal(parts[0][:, 10:30, 20:50], parts[2])


def test_moments_that_are_no_covariance_are_refused() -> None:
    tile = np.full((13, 4, 4), 0.3, np.float32)
    with pytest.raises(ModelError, match="no covariance"):
        with_estimates(tile, [1, 2, 3], (0.5,) * 13 + (-1.0,) * 169)


# Sets of bands that were asked of a network which knew zeros only: without B11 it took most clear land for cloud.
SETS = {
    "without B11": [b for b in OPTICAL_BANDS if b not in ("B01", "B09", "B10", "B11")],
    "visible and near infrared": ["B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A"],
    "as of Landsat": ["B02", "B03", "B04", "B8A", "B11", "B12"],
    "colours": ["B02", "B03", "B04"],
}


@pytest.mark.parametrize("names", SETS.values(), ids=SETS)
def test_clear_land_stays_and_cloud_is_found_whatever_the_bands(tmp_path, names) -> None:
    shares = {}
    for kind in ("clear_2020-06-04_L1C", "cloudy_2020-08-23_L1C"):
        with rasterio.open(f"{SAMPLE}optical_{kind}.tif") as raster:
            values = raster.read([OPTICAL_BANDS.index(name) + 1 for name in names])
        optical = write_raster(tmp_path / f"{kind}.tif", values, descriptions=names)
        with open_raster(optical) as image:
            assert mask_doubt(match_optical(image.profile), image.profile.count, card()) == ""
        shares[kind] = remove_clouds(optical, None, str(tmp_path / "out.tif"), optical_values="dn").reconstructed
    clear, cloudy = shares.values()
    assert clear < 0.05 and 0.5 < cloudy < 0.8, shares


@pytest.mark.parametrize("kind", ["zeros", "no data", "half"])
def test_an_empty_band_counts_as_missing(tmp_path, kind) -> None:
    """B11 is there, but holds nothing: shown as zeros it makes the network take most clear land for cloud."""
    with rasterio.open(f"{SAMPLE}optical_clear_2020-06-04_L1C.tif") as raster:
        values = raster.read()
    place = OPTICAL_BANDS.index("B11")
    if kind == "half":
        values = np.concatenate([values, values, values], axis=2)
    values[place, :, values.shape[2] // 3 if kind == "half" else 0 :] = 0
    options = {"descriptions": OPTICAL_BANDS, "nodata": None if kind == "zeros" else 0}
    optical, output = write_raster(tmp_path / "a.tif", values, **options), str(tmp_path / "out.tif")
    report = remove_clouds(optical, None, output, optical_values="dn", progress=(port := Told()))
    assert report.reconstructed < 0.05
    doubt = "B11 holds no data, or nothing but zeros, and counts as missing"
    told = (port.warnings, inspect_inputs(optical, optical_values="dn").warnings)
    assert [any(doubt in text for text in texts) for texts in told] == [kind != "half"] * 2
    if kind != "half":
        names = [name for name in OPTICAL_BANDS if name != "B11"]
        rest = write_raster(tmp_path / "b.tif", np.delete(values, place, axis=0), descriptions=names)
        remove_clouds(rest, None, str(tmp_path / "rest.tif"), optical_values="dn")
        with rasterio.open(output) as raster, rasterio.open(tmp_path / "rest.tif") as other:
            assert np.array_equal(np.delete(raster.read(), place, axis=0), other.read())


@pytest.mark.parametrize(
    ("names", "doubts"),
    [
        (("B03", "B04", "B08"), True),
        (("B04", "B08", "B11"), True),
        (("B03", "B04", "B05", "B08", "B11", "B12"), False),
    ],
)
def test_few_bands_without_blue_do_not_tell_bright_land_from_cloud(tmp_path, names, doubts) -> None:
    optical = write_raster(tmp_path / "a.tif", np.full((len(names), 9, 9), 900, np.uint16), descriptions=names)
    with open_raster(optical) as image:
        doubt = mask_doubt(match_optical(image.profile), image.profile.count, card())
    assert ("give a mask layer" in doubt) is doubts
