# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of raster sources, kept by both backends."""

from __future__ import annotations

import logging
import threading
import warnings
from pathlib import Path
from typing import Iterable

import numpy as np
import pytest
import rasterio.shutil

from dbcr_core.errors import InputError
from dbcr_core.grid import RasterGrid, Window
from dbcr_core.rasters import DTYPES, RasterProfile, RasterSource, lattice, open_raster, rasterio_backend, vrt
from dbcr_core.rasters.cache import CACHE_BYTES, cache_for
from dbcr_core.rasters.raster import check_nodata, common_nodata
from dbcr_core.rasters.remembered import remembered
from dbcr_core.rasters.stack import stack_vrt
from dbcr_core.strips import PIECE_ROWS
from tests.core.raster_files import BACKENDS, UTM, backscatter_db, needs_both_backends, reflective_dn, write_raster
from tests.core.safe_files import write_safe_optical

both_backends = pytest.mark.parametrize("backend", BACKENDS)


@pytest.fixture
def scene(tmp_path: Path) -> str:
    return write_raster(
        tmp_path / "scene.tif",
        reflective_dn(4),
        descriptions=("B02", "B03", "B04", "B08"),
        nodata=0,
        scale=0.0001,
        offset=-0.1,
        tags={"PROCESSING_BASELINE": "05.09"},
        band_tags={2: {"wavelength": "560"}},
        imagery={3: {"CENTRAL_WAVELENGTH_UM": "0.665"}},
    )


@both_backends
def test_a_source_reports_the_whole_profile(scene: str, backend: str) -> None:
    with open_raster(scene, backend) as source:
        profile = source.profile
        assert (profile.count, profile.dtype, profile.nodata) == (4, "uint16", 0)
        assert (profile.grid.width, profile.grid.height) == (70, 60)
        assert profile.grid.transform == (10, 0, 600_000, 0, -10, 5_000_000)
        assert "32632" in profile.grid.crs_wkt
        assert profile.descriptions == ("B02", "B03", "B04", "B08")
        assert profile.scales == (0.0001,) * 4
        assert profile.offsets == (-0.1,) * 4
        assert profile.tags["PROCESSING_BASELINE"] == "05.09"
        assert profile.band_tags[1]["wavelength"] == "560"
        assert profile.imagery_tags[2]["CENTRAL_WAVELENGTH_UM"] == "0.665"
        assert source.files == (scene,)
        assert source.path == scene


@needs_both_backends
def test_both_backends_report_the_same_profile(scene: str) -> None:
    profiles = []
    for backend in BACKENDS:
        with open_raster(scene, backend) as source:
            profiles.append(source.profile)
    assert profiles[0] == profiles[1]


def declaring(*values: float | None) -> str:
    """A virtual raster without pixels whose bands declare these values for no data."""
    grid = RasterGrid(4, 3, (10, 0, 600_000, 0, -10, 5_000_000), "")
    return vrt.dataset(grid, [vrt.band(i, "uint16", "", nodata=value) for i, value in enumerate(values, 1)])


@both_backends
@pytest.mark.parametrize(
    "declared, found",
    [
        ((None, 65535, 65535), 65535),
        ((0, None), 0),
        ((None, None), None),
        ((-9999, 7), 7),
        ((float("nan"),), None),
        ((None, None, None, 0), None),
        ((0, 65535), 0),
    ],
)
def test_what_one_band_declares_as_no_data_holds_for_all_where_pixels_can_hold_it(
    backend: str, declared: tuple[float | None, ...], found: float | None
) -> None:
    with open_raster(declaring(*declared), backend) as source:
        assert source.profile.nodata == found


@both_backends
def test_bands_that_declare_different_values_for_no_data_are_refused_where_they_are_used(backend: str) -> None:
    with open_raster(declaring(0, None, 65535), backend) as source:
        check_nodata(source.profile, (1, 2))
        with pytest.raises(InputError, match="different values for no data; give the bands' files separated by commas"):
            check_nodata(source.profile, (2, 3))


def test_a_value_for_no_data_that_lost_digits_is_the_same() -> None:
    lowest, nan = float(np.finfo(np.float32).min), float("nan")
    assert common_nodata([lowest, -3.4028235e38, -3.40282306e38], "float32") == (lowest, ())
    assert common_nodata([0.0, -0.0, None], "float32") == (0, ()) and common_nodata([nan, nan], "float32")[1] == ()
    assert common_nodata([-9999, nan], "float32") == (-9999, (2,))


@both_backends
@pytest.mark.parametrize("dtype", DTYPES)
def test_pixels_are_read_as_stored_in_the_order_asked(tmp_path: Path, backend: str, dtype: str) -> None:
    values = (np.arange(3 * 20 * 30) % 250).reshape(3, 20, 30).astype(dtype)
    with open_raster(write_raster(tmp_path / "a.tif", values), backend) as source:
        read = source.read([3, 1], Window(5, 7, 11, 4))
    assert read.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(read, values[[2, 0], 7:11, 5:16])


@both_backends
def test_a_missing_file_is_one_sentence(tmp_path: Path, backend: str) -> None:
    with pytest.raises(InputError, match=r"nothing\.tif does not exist; check the path\.$"):
        open_raster(tmp_path / "nothing.tif", backend)


@both_backends
@pytest.mark.parametrize("content", [b"This is a text.\n" * 30, b"II*\x00\x08\x00\x00\x00", b"\x00" * 500])
def test_a_file_that_is_no_raster_is_one_sentence(tmp_path: Path, backend: str, content: bytes) -> None:
    path = tmp_path / "text.tif"
    path.write_bytes(content)
    with pytest.raises(InputError, match="is not a raster that can be read") as caught:
        open_raster(path, backend)
    assert "\n" not in str(caught.value)


@both_backends
def test_an_empty_file_is_called_empty(tmp_path: Path, backend: str) -> None:
    (tmp_path / "empty.tif").touch()
    with pytest.raises(InputError, match="is empty"):
        open_raster(tmp_path / "empty.tif", backend)


@both_backends
def test_a_truncated_file_fails_with_rows_and_remedy(tmp_path: Path, backend: str) -> None:
    noise = np.random.default_rng(0).integers(1, 9000, (3, 400, 400)).astype(np.uint16)
    path = str(tmp_path / "cut.tif")
    # This driver writes what a file holds before the pixels: they alone are cut off.
    rasterio.shutil.copy(write_raster(tmp_path / "whole.tif", noise), path, driver="COG", blocksize=128)
    with open(path, "r+b") as file:
        file.truncate(600_000)
    with open_raster(path, backend) as source:
        with pytest.raises(InputError, match=r"cannot be read at rows 300–399 \(.*(TIFF|IReadBlock).*\); .*again"):
            source.read([3], Window(0, 300, 400, 100))


@both_backends
def test_complex_pixels_are_refused(tmp_path: Path, backend: str) -> None:
    path = write_raster(tmp_path / "slc.tif", np.ones((1, 8, 8), np.complex64))
    with pytest.raises(InputError, match="not supported; convert"):
        open_raster(path, backend)


def test_errors_are_quiet(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text.tif").write_text("text")
    for backend in BACKENDS:
        with pytest.raises(InputError):
            open_raster(tmp_path / "text.tif", backend)
    captured = capfd.readouterr()
    assert captured.out == captured.err == ""


@pytest.mark.parametrize("count", [0, -1])
def test_a_profile_without_bands_is_refused(scene: str, count: int) -> None:
    with open_raster(scene) as source, pytest.raises(InputError, match="no bands"):
        RasterProfile(source.grid, count, "uint8")


# Warping


@pytest.fixture
def sar(tmp_path: Path) -> str:
    return write_raster(tmp_path / "sar.tif", backscatter_db(), descriptions=("VV", "VH"), nodata=-9999)


def assert_windows_show_the_same_pixels(source: RasterSource, grid: RasterGrid, windows: Iterable[Window]) -> None:
    whole = values_on(source, grid, unit="db")
    with source.warped(grid, [1, 2], unit="db") as warped:
        for window in windows:
            rows, cols = window.slices()
            np.testing.assert_array_equal(warped.read([1, 2], window), whole[:, rows, cols])
    assert np.isfinite(whole).mean() > 0.5


def values_on(source: RasterSource, grid: object, **options: object) -> np.ndarray:
    with source.warped(grid, [1, 2], **options) as warped:  # type: ignore[arg-type]
        assert warped.profile.dtype == "float32"
        return warped.read([1, 2], warped.grid.window)


@both_backends
def test_on_its_own_grid_a_warp_changes_nothing(sar: str, backend: str) -> None:
    with open_raster(sar, backend) as source:
        stored = source.read([1, 2], source.grid.window)
        np.testing.assert_array_equal(values_on(source, source.grid), stored)
        power = values_on(source, source.grid, unit="db")
        np.testing.assert_allclose(10 * np.log10(power), stored, atol=1e-4)


@both_backends
@pytest.mark.parametrize("cols, rows", [(3, -5), (-7, 4), (0, 0)])
def test_whole_pixels_away_every_pixel_comes_to_its_place_unchanged(
    sar: str, backend: str, cols: int, rows: int
) -> None:
    with open_raster(sar, backend) as source:
        stored = source.read([1, 2], source.grid.window)
        a, b, c, d, e, f = source.grid.transform
        size = source.grid.width + 4, source.grid.height + 6
        grid = type(source.grid)(*size, (a, b, c + cols * a, d, e, f + rows * e), source.grid.crs_wkt)
        values = values_on(source, grid)
        power = values_on(source, grid, unit="db")
    expected = np.full(values.shape, np.nan, np.float32)
    for row in range(grid.height):
        for col in range(grid.width):
            if 0 <= row + rows < source.grid.height and 0 <= col + cols < source.grid.width:
                expected[:, row, col] = stored[:, row + rows, col + cols]
    np.testing.assert_array_equal(values, expected)
    np.testing.assert_allclose(10 * np.log10(power), expected, atol=1e-4)


@both_backends
def test_half_a_pixel_away_neighbours_are_mixed(sar: str, backend: str) -> None:
    with open_raster(sar, backend) as source:
        stored = source.read([1, 2], source.grid.window)
        a, b, c, d, e, f = source.grid.transform
        grid = type(source.grid)(20, 20, (a, b, c + a / 2, d, e, f), source.grid.crs_wkt)
        values = values_on(source, grid)
    np.testing.assert_allclose(values, (stored[:, :20, :20] + stored[:, :20, 1:21]) / 2, rtol=1e-5)


@both_backends
def test_decibels_are_averaged_as_power(tmp_path: Path, backend: str) -> None:
    stored = np.full((2, 40, 40), -10, np.float32)
    stored[:, ::2] = 10
    with open_raster(write_raster(tmp_path / "s.tif", stored), backend) as source:
        coarse = source.grid.crop(Window(0, 0, 40, 40))
        a, b, c, d, e, f = coarse.transform
        half = type(coarse)(20, 20, (2 * a, b, c, d, 2 * e, f), coarse.crs_wkt)
        power = values_on(source, half, unit="db", resampling="average")
    np.testing.assert_allclose(power, (10 + 0.1) / 2, rtol=1e-5)


@both_backends
def test_amplitude_is_squared(tmp_path: Path, backend: str) -> None:
    stored = np.full((2, 10, 10), 300, np.uint16)
    with open_raster(write_raster(tmp_path / "s.tif", stored), backend) as source:
        np.testing.assert_allclose(values_on(source, source.grid, unit="amplitude"), 90_000)


@both_backends
@pytest.mark.parametrize("missing", [-9999.0, float("nan"), 0.0])
@pytest.mark.parametrize("unit", ["value", "db", "power"])
def test_missing_pixels_stay_missing_and_do_not_spread(tmp_path: Path, backend: str, missing: float, unit: str) -> None:
    stored = np.full((2, 20, 20), 0.5, np.float32)
    stored[0, 5:8, 5:8] = missing
    with open_raster(write_raster(tmp_path / "s.tif", stored, nodata=missing), backend) as source:
        values = values_on(source, source.grid, unit=unit)
    expected = np.zeros((2, 20, 20), bool)
    expected[0, 5:8, 5:8] = True
    np.testing.assert_array_equal(np.isnan(values), expected)


@both_backends
@pytest.mark.parametrize("dtype", ["float32", "float64", "int16"])
@pytest.mark.parametrize(
    "unit, typical, fills",
    [
        ("db", -12, [0, -9999, 9999, np.inf, np.nan]),
        ("power", 3, [0, -1, -9999, np.inf, np.nan]),
        ("amplitude", 3, [0, -1, -9999, np.inf, np.nan]),
    ],
)
def test_what_is_no_backscatter_is_left_out_of_a_warp_beside_a_declared_value(
    tmp_path: Path, backend: str, dtype: str, unit: str, typical: float, fills: list[float]
) -> None:
    stored = np.full((2, 20, 20), typical, dtype)
    for column, fill in enumerate([-32768, *fills]):
        if dtype[0] == "f" or np.isfinite(fill):
            stored[1, 5:8, 3 * column : 3 * column + 2] = fill
    gone = stored[1] != typical
    with open_raster(write_raster(tmp_path / "s.tif", stored, nodata=-32768), backend) as source:
        a, b, c, d, e, f = source.grid.transform
        shifted = RasterGrid(19, 20, (a, b, c + a / 4, d, e, f), source.grid.crs_wkt)
        expected = np.where(gone, np.nan, values_on(source, source.grid, unit=unit)[0])
        np.testing.assert_array_equal(values_on(source, source.grid, unit=unit)[1], expected)
        beside = values_on(source, shifted, unit=unit)
    seen = np.isfinite(beside[1])
    assert seen.sum() > 200 and not seen[gone[:, :19] & gone[:, 1:]].any()
    np.testing.assert_allclose(beside[1][seen], beside[0][seen], rtol=1e-6)


@both_backends
def test_minus_infinity_decibel_is_no_data(tmp_path: Path, backend: str) -> None:
    stored = backscatter_db()
    stored[1, 3, 3] = -np.inf
    with open_raster(write_raster(tmp_path / "s.tif", stored), backend) as source:
        missing = np.isnan(values_on(source, source.grid, unit="db"))
    assert missing[1, 3, 3]
    assert missing.sum() == 1


@both_backends
def test_scale_and_offset_are_applied_before_decibels_become_power(tmp_path: Path, backend: str) -> None:
    stored = np.full((2, 10, 10), -1000, np.int16)
    path = write_raster(tmp_path / "s.tif", stored, scale=0.01, nodata=-32768)
    with open_raster(path, backend) as source:
        np.testing.assert_allclose(values_on(source, source.grid, unit="db"), 0.1, rtol=1e-6)


@both_backends
def test_pixels_outside_the_source_are_nan(sar: str, backend: str) -> None:
    with open_raster(sar, backend) as source:
        a, b, c, d, e, f = source.grid.transform
        shifted = type(source.grid)(70, 60, (a, b, c + 200, d, e, f), source.grid.crs_wkt)
        values = values_on(source, shifted)
    assert np.isnan(values[:, :, 50:]).all()
    assert np.isfinite(values[:, :, :50]).all()


@both_backends
def test_every_window_of_a_warp_gives_the_same_pixels(sar: str, backend: str) -> None:
    with open_raster(sar, backend) as source:
        windows = Window(40, 30, 13, 9), Window(0, 0, 5, 60), Window(7, 1, 60, 3)
        assert_windows_show_the_same_pixels(source, utm33_grid(), windows)


@both_backends
@pytest.mark.parametrize("kind", ["half a pixel", "coarser", "other projection"])
def test_large_windows_of_a_warp_give_the_same_pixels_too(tmp_path: Path, backend: str, kind: str) -> None:
    stored = np.random.default_rng(0).normal(-12, 2, (2, 500, 500)).astype(np.float32)
    with open_raster(write_raster(tmp_path / "noise.tif", stored), backend) as source:
        a, b, c, d, e, f = source.grid.transform
        grid = {
            "half a pixel": RasterGrid(400, 400, (a, b, c + a / 2, d, e, f), source.grid.crs_wkt),
            "coarser": RasterGrid(230, 230, (2.1 * a, b, c + 3, d, 2.1 * e, f), source.grid.crs_wkt),
            "other projection": utm33_grid((602_500, 4_997_500), 400, 400),
        }[kind]
        windows = Window(0, 0, 100, 64), Window(100, 64, 130, 64), Window(30, 100, 200, 130)
        assert_windows_show_the_same_pixels(source, grid, windows)


@needs_both_backends
def test_both_backends_warp_to_the_same_values(sar: str) -> None:
    results = []
    for backend in BACKENDS:
        with open_raster(sar, backend) as source:
            results.append(values_on(source, utm33_grid(), unit="db"))
    np.testing.assert_array_equal(results[0], results[1])


def test_a_warp_agrees_with_gdalwarp(sar: str, tmp_path: Path) -> None:
    gdal = pytest.importorskip("osgeo.gdal")
    reference = gdal.Warp("", sar, format="MEM", dstSRS="EPSG:32633", resampleAlg="bilinear", dstNodata="nan")
    expected = reference.ReadAsArray()
    c, a, b, f, d, e = reference.GetGeoTransform()
    with open_raster(sar, "gdal") as source:
        grid = type(source.grid)(expected.shape[2], expected.shape[1], (a, b, c, d, e, f), reference.GetProjection())
        values = values_on(source, grid)
    np.testing.assert_array_equal(values, expected)


@both_backends
def test_a_raster_placed_by_control_points_is_warped(tmp_path: Path, backend: str) -> None:
    from rasterio.control import GroundControlPoint
    from rasterio.crs import CRS

    points = [
        GroundControlPoint(row=row, col=col, x=600_000 + 10 * col, y=5_000_000 - 10 * row)
        for row in (0, 30, 60)
        for col in (0, 35, 70)
    ]
    import rasterio

    path = tmp_path / "swath.tif"
    stored = backscatter_db()
    with rasterio.open(path, "w", driver="GTiff", width=70, height=60, count=2, dtype="float32") as raster:
        raster.write(stored)
        raster.gcps = (points, CRS.from_user_input(UTM))
    target = write_raster(tmp_path / "grid.tif", reflective_dn(3))
    with open_raster(path, backend) as source, open_raster(target, backend) as optical:
        assert source.profile.is_georeferenced
        values = values_on(source, optical.grid)
    np.testing.assert_allclose(values[:, 2:-2, 2:-2], stored[:, 2:-2, 2:-2], atol=1e-2)


@both_backends
def test_a_raster_without_crs_cannot_be_warped(tmp_path: Path, backend: str, sar: str) -> None:
    path = write_raster(tmp_path / "nowhere.tif", backscatter_db(), crs=None)
    with open_raster(path, backend) as source, open_raster(sar, backend) as other:
        with pytest.raises(InputError, match="assign its CRS"):
            source.warped(other.grid, [1])


def utm33_grid(centre: tuple[float, float] = (600_350, 4_999_700), width: int = 70, height: int = 60) -> RasterGrid:
    """A grid of 9 m in the neighbouring UTM zone over a place of the fixture's own zone: the middle of its scene."""
    from rasterio.crs import CRS
    from rasterio.warp import transform

    xs, ys = transform(CRS.from_user_input(UTM), CRS.from_epsg(32633), *([value] for value in centre))
    corner = (9, 0, xs[0] - 4.5 * width, 0, -9, ys[0] + 4.5 * height)
    return RasterGrid(width, height, corner, CRS.from_epsg(32633).to_wkt())


@both_backends
def test_a_virtual_raster_that_is_not_utf8_is_refused_in_one_sentence(scene: str, backend: str, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.vrt"
    damaged.write_bytes(
        b'<VRTDataset rasterXSize="70" rasterYSize="60"><G\xe5oTransform>0,1,0,0,0,-1</GeoTransform></VRTDataset>'
    )
    with pytest.raises(InputError) as refused:
        open_raster(str(damaged), backend)
    assert "damaged.vrt" in str(refused.value) and "\n" not in str(refused.value)


@both_backends
@pytest.mark.parametrize(
    "count, layout, is_refused",
    [
        (1, {"compress": "deflate"}, False),
        (2, {"compress": "deflate", "interleave": "pixel"}, True),  # decoded together, then kept each for itself
        (2, {"compress": "deflate", "interleave": "band"}, False),
        (3, {"compress": "lzw", "interleave": "band"}, True),
        (3, {"interleave": "band"}, False),
        (3, {"compress": "lzw", "interleave": "pixel", "tiled": True, "blockxsize": 16}, False),
    ],
)
def test_compressed_blocks_too_large_to_be_decoded_as_a_whole_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: str, count: int, layout: dict, is_refused: bool
) -> None:
    monkeypatch.setattr("dbcr_core.rasters.source.MOST_DECODED", 2 * 64 * 80 * 2)
    path = write_raster(tmp_path / "strip.tif", np.ones((count, 64, 80), np.uint16), blockysize=64, **layout)
    if not is_refused:
        open_raster(path, backend).close()
        return
    with pytest.raises(InputError, match=r"strip\.tif is compressed in blocks of .* \(gdal_translate -co TILED=YES IN"):
        open_raster(path, backend)


@both_backends
def test_rasters_read_side_by_side_keep_no_more_than_they_need_of_each_other(tmp_path: Path, backend: str) -> None:
    tiled = {"tiled": True, "blockxsize": 32, "blockysize": 16}
    pixels, radar = reflective_dn(4), backscatter_db()
    height, width = radar.shape[1:]
    optical = write_raster(tmp_path / "s2.tif", pixels, **tiled)
    aligned = write_raster(tmp_path / "s1.tif", radar, **tiled)
    between = write_raster(tmp_path / "between.tif", radar, origin=(600_004.0, 5_000_000.0), **tiled)
    turned = write_raster(tmp_path / "turned.tif", radar, transform=(9, 4, 600_000, 4, -9, 5_000_000), **tiled)
    elsewhere = write_raster(tmp_path / "elsewhere.tif", radar, crs="EPSG:32633", **tiled)
    with open_raster(optical, backend) as scene:
        across = -(-pixels.shape[2] // 32) * 32
        assert scene.block_row_bytes == 4 * 16 * across * 2
        places = ((aligned, True, 0), (between, True, 384), (turned, False, 0), (elsewhere, False, 0))
        for path, is_known, warped_rows in places:
            with open_raster(path, backend) as source:
                scene.share_cache(source)
                with source.warped(scene.grid, [1, 2]) as warped:
                    assert warped.cache_bytes == source.cache_bytes == scene.cache_bytes
                    assert (scene.cache_bytes < CACHE_BYTES) == is_known
                    if is_known:
                        assert source.block_row_bytes == 2 * 16 * -(-width // 32) * 32 * 4
                        blocks = 1.1 * (kept(scene) + kept(source))
                        assert scene.cache_bytes == int(blocks) + warped_rows * width * 8
                        assert np.isfinite(warped.read([1, 2], scene.grid.window)).any()
    huge = cache_for(200_000_000, 100_000_000, width, False)
    assert huge == CACHE_BYTES and cache_for(0, height, width, False) == CACHE_BYTES


def kept(source: RasterSource) -> int:
    """Bytes of a row of blocks, or of the rows that are read at once where those are more."""
    rows = min(PIECE_ROWS, source.grid.height)
    return max(source.decoded_row_bytes, source.profile.nbytes * rows // source.grid.height)


@pytest.mark.parametrize(("width", "columns"), [(1830, 2048), (1024, 1024), (915, 915)])
def test_the_last_block_of_a_row_is_as_wide_as_the_others(width: int, columns: int) -> None:
    sources = [vrt.source("b.jp2", 1, size=(width, 70), target=Window(0, 0, 2 * width, 140)) for _ in range(2)]
    assert vrt.source_columns("".join(sources), 1024) == 2 * columns
    assert vrt.source_columns("".join(sources) + vrt.source("b.jp2", 1), 1024) == 0


@both_backends
def test_of_a_product_no_more_is_kept_than_a_row_of_the_tiles_of_its_own_resolutions(
    tmp_path: Path, backend: str
) -> None:
    with open_raster(write_safe_optical(tmp_path), backend) as product:
        high, medium, low = (4 * 120, 6 * 60, 3 * 20)
        assert product.decoded_row_bytes == 120 * (high + medium + low) * 2
        radar = write_raster(tmp_path / "sar.tif", backscatter_db(), tiled=True, blockxsize=32, blockysize=16)
        with open_raster(radar, backend) as source:
            product.share_cache(source)
            assert source.cache_bytes == product.cache_bytes < 2 * product.decoded_row_bytes


@both_backends
def test_of_a_virtual_raster_the_files_behind_it_say_how_large_their_blocks_are(tmp_path: Path, backend: str) -> None:
    files = {}
    for name, rows in (("VV", 16), ("VH", 32)):
        layout = {"tiled": True, "blockxsize": 32, "blockysize": rows, "compress": "lzw"}
        files[name] = write_raster(tmp_path / f"{name}.tif", backscatter_db()[:1], **layout)
    across = -(-backscatter_db().shape[2] // 32) * 32
    stack, place = stack_vrt(files), str(tmp_path / "stack.vrt")
    Path(place).write_text(stack, encoding="utf-8")
    (tmp_path / "one.vrt").write_text(stack_vrt({"VV": files["VV"]}), encoding="utf-8")
    nested = stack_vrt({"VV": str(tmp_path / "one.vrt")})
    for name in (stack, place):
        with open_raster(name, backend) as virtual, open_raster(nested, backend) as unknown:
            assert virtual.decoded_row_bytes == across * (16 + 32) * 4 and virtual.block_row_bytes == 0
            virtual.share_cache(virtual)
            assert virtual.cache_bytes == int(1.1 * 2 * kept(virtual))
            virtual.share_cache(unknown)
            assert unknown.decoded_row_bytes == 0 and virtual.cache_bytes == CACHE_BYTES
    (tmp_path / "VH.tif").unlink()
    with open_raster(place, backend) as virtual:
        assert virtual.decoded_row_bytes == 0


@both_backends
@pytest.mark.parametrize("crs", [UTM, "EPSG:32633"])
def test_a_look_by_several_threads_sees_what_one_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: str, crs: str
) -> None:
    values = backscatter_db(1100, 1300)
    values[:, 300:500, 200:700] = np.nan
    radar = write_raster(tmp_path / "sar.tif", values, tiled=True, blockxsize=128, blockysize=128, compress="deflate")
    place = {"origin": (600_133.0, 4_999_900.0)} if crs == UTM else {"origin": (128_000.0, 5_010_000.0)}
    image = write_raster(tmp_path / "image.tif", reflective_dn(1, 1150, 1250), crs=crs, **place)
    found = []
    with open_raster(radar, backend) as source, open_raster(image, backend) as other:
        # With a cache for the whole file, for three times two rows of its blocks, and for less than that.
        for cores, cache in ((1, CACHE_BYTES), (2, CACHE_BYTES), (1000, CACHE_BYTES), (7, 10_000_000), (7, 1_000_000)):
            monkeypatch.setattr(lattice, "available_cores", lambda cores=cores: cores)
            source.cache_bytes = cache
            found.append(lattice.look(source, lattice.lattice_over(other.grid, 128), [2, 1], nodata=-99.0))
    assert found[0].shape == (2, 128, 128) and 0.05 < np.isnan(found[0]).mean() < 0.5
    for several in found[1:]:
        np.testing.assert_array_equal(several, found[0])


def test_gdal_keeps_its_own_limit_and_no_more_blocks_than_a_source_may(tmp_path: Path) -> None:
    gdal = pytest.importorskip("osgeo.gdal")
    tiled = {"tiled": True, "blockxsize": 64, "blockysize": 64}
    path = write_raster(tmp_path / "s2.tif", np.zeros((4, 512, 512), np.uint16), **tiled)
    limit, window = gdal.GetCacheMax(), Window(0, 0, 512, 512)
    with open_raster(path, "gdal") as source:
        source.read(range(1, 5), window)
        assert gdal.GetCacheUsed() >= 4 * 512 * 512 * 2
        source.cache_bytes = 4 * 512 * 512
        source.read(range(1, 5), window)
        assert gdal.GetCacheUsed() <= source.cache_bytes and gdal.GetCacheMax() == limit


@both_backends
@pytest.mark.parametrize(
    "blocks, highest",
    [
        ({"tiled": True, "blockxsize": 256, "blockysize": 256}, lattice._FEW_ROWS),
        ({"compress": "deflate", "blockysize": 1030}, 64),  # each read decodes all of it: few reads
    ],
)
def test_a_look_asks_for_few_rows_at_a_time_of_a_file_that_the_cache_does_not_hold(
    tmp_path: Path, backend: str, monkeypatch: pytest.MonkeyPatch, blocks: dict, highest: int
) -> None:
    stored = np.random.default_rng(0).integers(1, 9000, (2, 1030, 1030)).astype(np.uint16)
    path = write_raster(tmp_path / "s2.tif", stored, **blocks)
    with open_raster(path, backend) as source:
        grid = lattice.lattice_over(source.grid, 64)
        whole = lattice.look(source, grid, [1, 2])
    heights = []
    with open_raster(path, backend) as source:
        read, source.cache_bytes = type(source).read, source.profile.nbytes // 2
        monkeypatch.setattr(type(source), "read", lambda self, b, w: heights.append(w.height) or read(self, b, w))
        monkeypatch.setattr(remembered, "read", lambda source, what, found: found())
        np.testing.assert_array_equal(lattice.look(source, grid, [1, 2]), whole)
    assert sum(heights) == 64 and max(heights) == highest


@pytest.mark.parametrize("name", ["rasterio._env", "rasterio._err"])
def test_two_threads_hear_their_own_faults_only_and_leave_log_and_warnings_as_they_were(name: str) -> None:
    logger = logging.getLogger(name)
    before = logger.level, logger.propagate, list(logger.handlers), list(warnings.filters)
    inside, leave, heard = threading.Event(), threading.Event(), {}

    def first() -> None:
        with rasterio_backend._session({}) as errors:
            inside.set()
            assert leave.wait(10)
            heard["first"] = list(errors)

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(10)
    with rasterio_backend._session({}) as errors:
        leave.set()
        thread.join(10)  # the one that came first goes first
        logger.error("the disk is full")
        heard["second"] = list(errors)
    assert heard == {"first": [], "second": ["the disk is full"]}
    assert before == (logger.level, logger.propagate, list(logger.handlers), list(warnings.filters))
