# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import numpy as np
import pytest

from dbcr_core.assess import assess
from dbcr_core.bands import OPTICAL_BANDS
from dbcr_core.errors import InputError
from dbcr_core.metrics import image_metrics
from tests.core.raster_files import write_raster


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
