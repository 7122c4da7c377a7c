# SPDX-License-Identifier: GPL-3.0-or-later
"""What a mask layer's values mean is judged by all of them, and by what the layer is called."""

from __future__ import annotations

import numpy as np
import pytest

from dbcr_core import mask_layer
from dbcr_core.errors import Cancelled, InputError, RadiometryError
from dbcr_core.grid import RasterGrid, Window
from dbcr_core.mask import MaskReading, MaskValues
from dbcr_core.mask_layer import _all_values, cloud_on_grid, read_layer_kind
from dbcr_core.rasters import open_raster
from tests.core.raster_files import BACKENDS, write_raster

HEIGHT, WIDTH = 264, 240


@pytest.fixture
def grid(tmp_path) -> RasterGrid:
    with open_raster(write_raster(tmp_path / "scene.tif", np.ones((1, HEIGHT, WIDTH), np.uint8))) as scene:
        return scene.grid


def noise(most: int, dtype: type = np.uint8) -> np.ndarray:
    """Whole numbers from 0 to `most`, the smaller the more often."""
    random = np.random.default_rng(0)
    return (random.random((1, HEIGHT, WIDTH)) ** 6 * (most + 1)).astype(dtype)


def values_of(array: np.ndarray) -> MaskValues:
    found = MaskValues()
    found.add(array)
    return found


def read(path: str, grid: RasterGrid, asked: str = "auto", backend: str | None = None):
    with open_raster(path, backend) as layer:
        return read_layer_kind(layer, grid, asked)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32])
def test_one_small_cloud_tells_of_percentages(tmp_path, grid, backend, dtype) -> None:
    values = noise(8, dtype)
    values[0, 55:60, 100:110] = 95
    assert read(write_raster(tmp_path / "m.tif", values), grid, backend=backend) == (MaskReading("probability", 100), 1)


def test_a_scene_without_cloud_keeps_its_percentages(tmp_path, grid) -> None:
    path = write_raster(tmp_path / "m.tif", noise(1))
    reading, _ = read(path, grid, "probability")
    assert reading.full == 100 and not reading.cloud(noise(1)[0]).any()
    assert read(path, grid)[0].kind == "binary"


@pytest.mark.parametrize(
    "name, kind", [("s2_probability.tif", "probability"), ("MSK_CLDPRB_20m.tif", "probability"), ("T32_SCL.tif", "scl")]
)
def test_a_name_decides_where_values_do_not(tmp_path, grid, name, kind) -> None:
    assert read(write_raster(tmp_path / name, noise(9)), grid)[0].kind == kind
    with pytest.raises(RadiometryError, match="classes, bits or percentages"):
        read(write_raster(tmp_path / "m.tif", noise(9)), grid)


def test_classes_are_mostly_ground_or_cloud(tmp_path, grid) -> None:
    values = np.random.default_rng(1).choice([3, 4, 5, 6, 8], (1, HEIGHT, WIDTH)).astype(np.uint8)
    assert read(write_raster(tmp_path / "m.tif", values), grid)[0] == MaskReading("scl")


@pytest.mark.parametrize("backend", BACKENDS)
def test_polygons_that_left_no_pixel_are_a_mask_without_cloud(tmp_path, grid, backend) -> None:
    path = write_raster(tmp_path / "m.tif", np.zeros((1, HEIGHT, WIDTH), np.uint8), nodata=0)
    reading, covered = read(path, grid, backend=backend)
    assert covered == 1
    with open_raster(path, backend) as layer, cloud_on_grid(layer, reading, grid) as cloud:
        assert not cloud(grid.window).any()


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("east", [600_000, 600_135])
def test_a_layer_in_one_block_is_decoded_a_few_times_and_means_the_same(
    tmp_path, grid, backend, east, monkeypatch, reads
) -> None:
    values = np.random.default_rng(2).random((1, HEIGHT, WIDTH)).astype(np.float32)
    path = write_raster(tmp_path / "m.tif", values, origin=(east, 5_000_000), compress="deflate", blockysize=HEIGHT)
    within = Window(13, 7, 201, 250)
    places = [Window(13, 7, 201, 250), Window(21, 90, 5, 1), *(Window(20, row, 64, 3) for row in range(7, 250, 3))]
    reading = MaskReading("probability")
    with open_raster(path, backend) as layer:
        assert layer.block_row_bytes == values.nbytes
        with cloud_on_grid(layer, reading, grid, 0.3, within) as cloud:
            direct = [cloud(place) for place in places]
        monkeypatch.setattr(mask_layer, "_MOST_BLOCKS", values.nbytes - 1)
        monkeypatch.setattr(mask_layer, "_BYTES_OF_BLOCKS", values.nbytes // 3)
        reads.clear()
        with cloud_on_grid(layer, reading, grid, 0.3, within) as cloud:
            kept = [cloud(place) for place in places]
    assert len(reads) == 3
    for one, other in zip(direct, kept):
        assert one.dtype == other.dtype == bool
        np.testing.assert_array_equal(one, other)
    assert 0.6 < direct[0].mean() < 0.8


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_mask_of_nothing_but_nan_is_one_without_cloud(tmp_path, grid, backend) -> None:
    values = np.full((1, HEIGHT, WIDTH), np.nan, np.float32)
    reading, covered = read(write_raster(tmp_path / "m.tif", values, nodata=np.nan), grid, backend=backend)
    assert (reading.kind, covered) == ("binary", 1)
    with pytest.raises(InputError, match="no values over the scene"):
        read(write_raster(tmp_path / "far.tif", values, origin=(700_000, 5_000_000)), grid, backend=backend)


def test_a_mask_of_another_place_is_refused_and_of_a_part_measured(tmp_path, grid) -> None:
    with pytest.raises(InputError, match="no values over the scene"):
        read(write_raster(tmp_path / "far.tif", noise(1), origin=(700_000, 5_000_000)), grid)
    _, covered = read(write_raster(tmp_path / "m.tif", noise(1), origin=(600_000 + 5 * WIDTH, 5_000_000)), grid)
    assert covered == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("name", ["scl_mask.tif", "S2A_SCL_cloudmask.tif", "m.tif"])
def test_zeros_and_ones_are_a_mask_whatever_the_file_is_called(tmp_path, grid, name) -> None:
    assert read(write_raster(tmp_path / name, noise(1)), grid)[0] == MaskReading("binary")


@pytest.mark.parametrize("name", ["cloud_prob_gt50.tif", "mask_clp.tif"])
def test_zeros_and_ones_called_a_probability_may_be_per_cents(tmp_path, grid, name) -> None:
    with pytest.raises(RadiometryError, match="decide with --mask-kind"):
        read(write_raster(tmp_path / name, noise(1)), grid)
    assert read(write_raster(tmp_path / name, noise(0)), grid)[0] == MaskReading("binary")


def test_a_mask_of_a_single_cloud_in_a_large_scene_is_found(tmp_path) -> None:
    big = RasterGrid(2112, 2112, (10.0, 0.0, 600_000.0, 0.0, -10.0, 5_000_000.0), "")
    with open_raster(
        write_raster(tmp_path / "m.tif", np.ones((1, 6, 6), np.uint8), origin=(600_050, 4_999_950))
    ) as layer:
        scene = RasterGrid(big.width, big.height, big.transform, layer.grid.crs_wkt)
        reading, covered = read_layer_kind(layer, scene)
    assert reading.kind == "binary" and 0 < covered < 1e-4


def test_a_mask_in_one_large_block_is_decoded_once(tmp_path, grid, monkeypatch, reads) -> None:
    monkeypatch.setattr("dbcr_core.mask_layer._BYTES_AT_ONCE", 10 * WIDTH)
    path = write_raster(tmp_path / "m.tif", noise(8, np.float32), compress="deflate", blockysize=HEIGHT)
    for most, count in ((4 * WIDTH * HEIGHT, HEIGHT // 2), (4 * WIDTH * HEIGHT - 1, 1)):
        monkeypatch.setattr("dbcr_core.mask_layer._MOST_BLOCKS", most)
        with open_raster(path) as layer:
            found = _all_values(layer)
        asked = [window for bands, window in reads if window.width == WIDTH]
        assert len(asked) == count and sum(window.height for window in asked) == HEIGHT
        np.testing.assert_array_equal(found.to_array(), values_of(noise(8, np.float32)).to_array())
        reads.clear()


def test_a_cancel_is_heard_between_blocks_and_the_mask_is_not_taken_for_known(tmp_path, grid, monkeypatch, reads):
    monkeypatch.setattr("dbcr_core.mask_layer._BYTES_AT_ONCE", 10 * WIDTH)
    path = write_raster(tmp_path / "m.tif", noise(1))

    def check() -> None:
        if len([window for _, window in reads if window.width == WIDTH]) == 3:
            raise Cancelled()

    with open_raster(path) as layer, pytest.raises(Cancelled):
        read_layer_kind(layer, grid, "auto", check)
    assert len([window for _, window in reads if window.width == WIDTH]) == 3
    assert read(path, grid)[0].kind == "binary"


def test_a_huge_mask_is_judged_by_strips_of_all_of_it(tmp_path, grid, monkeypatch) -> None:
    values = noise(8)
    values[0, 200:] = 95
    monkeypatch.setattr("dbcr_core.mask_layer._BYTES_AT_ONCE", 10 * WIDTH)
    monkeypatch.setattr("dbcr_core.mask_layer._MOST_PIXELS", HEIGHT * WIDTH // 4)
    assert read(write_raster(tmp_path / "m.tif", values), grid)[0] == MaskReading("probability", 100)
