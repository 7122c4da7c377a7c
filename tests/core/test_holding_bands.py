# SPDX-License-Identifier: GPL-3.0-or-later
"""Which bands hold anything is known of the whole file, at little cost, and an empty one stops nothing."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio

from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.bands import match_optical
from dbcr_core.holding_bands import holding_bands
from dbcr_core.radiometry import detect_optical
from dbcr_core.rasters import open_raster
from dbcr_core.rasters.remembered import remembered
from dbcr_core.scene import remove_clouds
from tests.core.predictors import brightness_head
from tests.core.raster_files import BACKENDS, backscatter_db, reflective_dn, write_raster


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("nodata", [0, -9999, None])
@pytest.mark.parametrize("scale", [1.0, 0.0001])
def test_a_band_counts_as_empty_only_where_the_whole_file_has_nothing_of_it(tmp_path, backend, nodata, scale):
    values = reflective_dn(4, 700, 600).astype(np.int16)
    fill = -9999 if nodata is None else nodata  # undeclared, but no reflectance
    values[1] = fill
    values[2] = fill
    values[2, 240:250, 100:110] = 900  # between the spots
    path = write_raster(tmp_path / "s2.tif", values, descriptions=OPTICAL_BANDS[1:5], nodata=nodata, scale=scale)
    with open_raster(path, backend) as source:
        bands = match_optical(source.profile).file_bands
        radiometry = detect_optical(source, match_optical(source.profile), "dn")
        assert holding_bands(source, bands, radiometry, lambda: None) == [0, 2, 3]
        assert holding_bands(source, bands[2:], radiometry, lambda: None) == slice(None)
        assert holding_bands(source, bands[1:2], radiometry, lambda: None) == []


def test_one_spot_decides_where_every_band_has_something(tmp_path, monkeypatch):
    path = write_raster(tmp_path / "s2.tif", reflective_dn(3, 700, 600), descriptions=("B02", "B03", "B04"), nodata=0)
    with open_raster(path) as source:
        radiometry = detect_optical(source, match_optical(source.profile), "dn")
        asked, read, library = [], type(source).read, type(source)
        monkeypatch.setattr(library, "read", lambda self, bands, place: asked.append(place) or read(self, bands, place))
        remembered.clear()
        assert holding_bands(source, (1, 2, 3), radiometry, lambda: None) == slice(None)
    assert len(asked) == 1 and asked[0].width == asked[0].height == 64


def cloudy(folder, name: str, change) -> np.ndarray:
    """The result where land of 1500 lies beside a cloud; change(values) is made to the (13, 400, 400) input."""
    values = np.full((13, 400, 400), 1500, np.uint16)
    values[:, 100:300, 150:250] = 6000
    change(values)
    optical = write_raster(folder / f"{name}.tif", values, descriptions=OPTICAL_BANDS, nodata=0)
    sar = write_raster(folder / "sar.tif", backscatter_db(400, 400), descriptions=("VV", "VH"))
    output = str(folder / f"{name}_clear.tif")
    remove_clouds(optical, sar, output, predictor=brightness_head(), optical_values="dn", overlap=64)
    with rasterio.open(output) as raster:
        return raster.read().astype(int)


def test_levels_follow_the_land_where_a_band_is_empty_and_where_one_ends_beside_the_cloud(tmp_path):
    def nothing(values):
        pass

    def empty(values):
        values[10] = 0

    def ending(values):
        values[10] = values[7, :, :130] = 0

    inner = (slice(None), slice(110, 290), slice(160, 240))
    plain, without, ended = (cloudy(tmp_path, made.__name__, made)[inner] for made in (nothing, empty, ending))
    assert abs(plain[7].mean() - 1500) < 60  # the network says 1000
    others = [band for band in range(13) if band != 10]
    assert (without[others] == plain[others]).all()
    assert np.abs(ended[others] - plain[others]).max() < 60
    assert (without[10] == 0).all() and (ended[10] == 0).all()
