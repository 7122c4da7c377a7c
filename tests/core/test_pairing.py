# SPDX-License-Identifier: GPL-3.0-or-later
"""SAR and optical belong together, or the user reads one sentence that says why not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio

from dbcr_core.bands import match_sar
from dbcr_core.errors import InputError
from dbcr_core.grid import Window
from dbcr_core.pairing import PairReport, check_optical_grid, check_pair
from dbcr_core.rasters import open_raster
from dbcr_core.stored_values import SarRadiometry
from tests.core.raster_files import BACKENDS, backscatter_db, reflective_dn, write_raster


def check(optical: str, sar: str, backend: str | None = None, **options: object) -> PairReport:
    with open_raster(optical, backend) as a, open_raster(sar, backend) as b:
        check_optical_grid(a)
        bands = match_sar(b.profile).file_bands
        return check_pair(a, b, optical_bands=(1, 2), sar_bands=bands, **options)  # type: ignore[arg-type]


@pytest.fixture
def optical(tmp_path: Path) -> str:
    return write_raster(tmp_path / "optical.tif", reflective_dn(4), descriptions=("B02", "B03", "B04", "B08"))


def radar(tmp_path: Path, **options: object) -> str:
    array = options.pop("array", backscatter_db())
    return write_raster(tmp_path / "sar.tif", array, descriptions=("VV", "VH"), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_pair_on_one_grid_needs_no_resampling(tmp_path: Path, optical: str, backend: str) -> None:
    report = check(optical, radar(tmp_path), backend)
    assert (report.sar_cover, report.same_grid, report.resampling, report.notes) == (1, True, "bilinear", ())


def test_a_larger_radar_image_on_the_same_pixels_needs_none_either(tmp_path: Path, optical: str) -> None:
    big = np.full((2, 200, 200), -10, np.float32)
    assert check(optical, radar(tmp_path, array=big, origin=(599_500.0, 5_000_700.0)), "rasterio").same_grid
    assert not check(optical, radar(tmp_path, array=big, origin=(599_495.0, 5_000_700.0)), "rasterio").same_grid


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("crs, origin", [("EPSG:32633", (126_600, 5_011_800)), ("EPSG:4326", (10.26, 45.16))])
def test_a_radar_image_in_another_crs_is_looked_up_there(
    tmp_path: Path, optical: str, backend: str, crs: str, origin: tuple[float, float]
) -> None:
    big = np.full((2, 400, 400), -10, np.float32)
    pixel = 10.0 if crs != "EPSG:4326" else 0.00012
    report = check(optical, radar(tmp_path, array=big, crs=crs, origin=origin, pixel=pixel), backend)
    assert report.sar_cover == 1
    assert not report.same_grid
    assert (report.resampling, report.notes) == ("bilinear", ())


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "options",
    [
        {"origin": (700_000.0, 5_000_000.0)},
        {"origin": (600_700.0, 5_000_000.0)},  # touching
        {"crs": "EPSG:32613"},
        {"crs": "EPSG:32733"},
        {"crs": "EPSG:3031"},
        {"crs": "EPSG:4326", "origin": (-60.0, -20.0), "pixel": 0.0001},
    ],
)
def test_images_of_different_places_do_not_overlap(
    tmp_path: Path, optical: str, backend: str, options: dict[str, object]
) -> None:
    with pytest.raises(InputError, match="do not overlap; choose a SAR image of the same place"):
        check(optical, radar(tmp_path, **options), backend)


def test_a_radar_image_over_a_part_is_refused_unless_allowed(tmp_path: Path, optical: str) -> None:
    sar = radar(tmp_path, origin=(600_350.0, 5_000_000.0))
    with pytest.raises(InputError, match="covers only 50 % of the optical image.*--allow-partial-sar"):
        check(optical, sar)
    report = check(optical, sar, allow_partial_sar=True)
    assert report.sar_cover == pytest.approx(0.5)
    assert "no data for 50 % of the scene" in report.notes[0]


def test_what_is_wrong_with_an_extent_is_not_said_of_the_whole_image(tmp_path: Path, optical: str) -> None:
    sar = radar(tmp_path, origin=(600_350.0, 5_000_000.0))
    with pytest.raises(InputError, match="SAR image holds no data in the extent; choose another extent"):
        check(optical, sar, window=Window(0, 0, 30, 60))
    with pytest.raises(InputError, match="covers only 50 % of the extent; choose another extent"):
        check(optical, sar, window=Window(25, 0, 20, 60))
    assert check(optical, sar, window=Window(35, 0, 35, 60)).sar_cover == 1
    with pytest.raises(InputError, match="50 % of the optical image"):
        check(optical, sar, window=Window(0, 0, 70, 60))


@pytest.mark.parametrize("missing, nodata", [(np.nan, None), (-9999.0, -9999.0), (0.0, None)])
def test_missing_radar_pixels_count_as_not_covered(
    tmp_path: Path, optical: str, missing: float, nodata: float | None
) -> None:
    array = backscatter_db()
    array[:, :, :35] = missing
    with pytest.raises(InputError, match="covers only 50 %"):
        check(optical, radar(tmp_path, array=array, nodata=nodata))


def test_an_incidence_band_does_not_count_as_cover(tmp_path: Path, optical: str) -> None:
    array = np.concatenate([np.full((1, 60, 70), 38, np.float32), backscatter_db()])
    array[1:, :, :35] = 0
    sar = write_raster(tmp_path / "sar.tif", array, descriptions=("angle", "VV", "VH"))
    with pytest.raises(InputError, match="covers only 50 %"):
        check(optical, sar)


def test_only_optical_pixels_with_data_need_cover(tmp_path: Path) -> None:
    array = reflective_dn(4)
    array[:, :, :35] = 0
    optical = write_raster(tmp_path / "half.tif", array, nodata=0)
    assert check(optical, radar(tmp_path, origin=(600_350.0, 5_000_000.0))).sar_cover == 1


def test_only_the_window_to_be_cleared_needs_cover(tmp_path: Path, optical: str) -> None:
    sar = radar(tmp_path, origin=(600_350.0, 5_000_000.0))
    assert check(optical, sar, window=Window(40, 0, 20, 20)).sar_cover == 1


def test_a_narrow_rim_without_radar_is_noted_and_allowed(tmp_path: Path, optical: str) -> None:
    report = check(optical, radar(tmp_path, origin=(600_020.0, 5_000_000.0)))
    assert 0.95 < report.sar_cover < 1
    assert "no data for 3 % of the scene" in report.notes[0]


@pytest.mark.parametrize("which", ["optical", "sar"])
def test_a_missing_crs_is_named_with_its_remedy(tmp_path: Path, optical: str, which: str) -> None:
    nowhere = {"optical": "optical image bare.tif", "sar": "SAR image bare.tif"}[which]
    array = reflective_dn(4) if which == "optical" else backscatter_db()
    bare = write_raster(tmp_path / "bare.tif", array, crs=None)
    pair = (bare, radar(tmp_path)) if which == "optical" else (optical, bare)
    with pytest.raises(InputError, match=f"{nowhere} has no coordinate reference system; assign its CRS"):
        check(*pair)


@pytest.mark.parametrize(
    "transform",
    [
        (9.8, 2.0, 600_000, 2.0, -9.8, 5_000_000),
        (10, 0, 600_000, 0, 10, 4_999_400),
        (-10, 0, 600_700, 0, -10, 5_000_000),
    ],
)
def test_a_rotated_or_flipped_optical_grid_is_refused(tmp_path: Path, transform: tuple[float, ...]) -> None:
    path = write_raster(tmp_path / "rotated.tif", reflective_dn(4), transform=transform)
    with pytest.raises(InputError, match="rotated or not north up; warp it to a north-up grid"):
        check(path, radar(tmp_path))


def test_a_local_system_is_no_place_on_earth_unless_both_have_it(tmp_path: Path, optical: str) -> None:
    local = 'LOCAL_CS["arbitrary",UNIT["metre",1]]'
    sar = radar(tmp_path, crs=local)
    with pytest.raises(InputError, match="no coordinate reference system; assign its CRS"):
        check(optical, sar)
    assert check(write_raster(tmp_path / "here.tif", reflective_dn(4), crs=local), sar).sar_cover == 1


def test_a_rotated_radar_image_is_warped(tmp_path: Path, optical: str) -> None:
    big = np.full((2, 300, 300), -10, np.float32)
    sar = radar(tmp_path, array=big, transform=(8.0, 6.0, 598_500, 6.0, -8.0, 5_000_000))
    assert check(optical, sar).sar_cover == 1


def test_an_optical_image_without_data_is_refused(tmp_path: Path) -> None:
    empty = write_raster(tmp_path / "empty.tif", np.zeros((4, 60, 70), np.uint16))
    with pytest.raises(InputError, match="optical image holds no data at all"):
        check(empty, radar(tmp_path))


def test_an_optical_image_of_nodata_values_alone_is_refused(tmp_path: Path) -> None:
    empty = write_raster(tmp_path / "empty.tif", np.full((4, 60, 70), 65535, np.uint16), nodata=65535)
    with pytest.raises(InputError, match="optical image holds no data at all"):
        check(empty, radar(tmp_path))


def test_data_in_a_corner_between_the_spots_looked_at_first_are_found(tmp_path: Path) -> None:
    array = np.zeros((4, 500, 500), np.uint16)
    array[:, 80:120, 80:120] = 900
    optical = write_raster(tmp_path / "little.tif", array)
    assert check(optical, radar(tmp_path, array=np.full((2, 500, 500), -10, np.float32))).sar_cover == 1


def test_the_resolutions_are_compared(tmp_path: Path, optical: str) -> None:
    fine = check(optical, radar(tmp_path, array=np.full((2, 150, 150), -10, np.float32), pixel=5))
    assert fine.resampling == "average"
    coarse = check(optical, radar(tmp_path, array=np.full((2, 9, 9), -10, np.float32), pixel=100))
    assert coarse.resampling == "bilinear"
    assert "10 times as large" in coarse.notes[-1]


def test_resolutions_are_compared_in_metres(tmp_path: Path) -> None:
    values = {"descriptions": ("B02", "B03", "B04", "B08"), "crs": "EPSG:32618", "origin": (585_000.0, 4_512_000.0)}
    optical = write_raster(tmp_path / "o.tif", reflective_dn(4), **values)
    array = np.full((2, 150, 150), -10, np.float32)
    feet = {"crs": "EPSG:2263", "origin": (985_000.0, 215_000.0), "pixel": 32.8}
    report = check(optical, radar(tmp_path, array=array, **feet), allow_partial_sar=True)
    assert report.resampling == "bilinear" and not any("times as large" in note for note in report.notes)


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_programs_fill_with_covers_nothing(tmp_path: Path, optical: str, backend: str) -> None:
    array = backscatter_db()
    array[:, :30] = -9999
    with pytest.raises(InputError, match="covers only 50 %"):
        check(optical, radar(tmp_path, array=array), backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("unit, cover", [("db", 1), ("power", 0.5), ("amplitude", 0.5)])
def test_where_the_unit_has_no_negative_values_they_cover_nothing(
    tmp_path: Path, optical: str, backend: str, unit: str, cover: float
) -> None:
    array = np.full((2, 60, 70), 0.1, np.float32)
    array[:, :30] = -1
    found = SarRadiometry(unit, "")
    report = check(optical, radar(tmp_path, array=array), backend, allow_partial_sar=True, radiometry=found)
    assert report.sar_cover == cover


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("role", ["optical", "SAR"])
def test_gaps_told_by_a_mask_band_are_refused(tmp_path: Path, optical: str, backend: str, role: str) -> None:
    paths = {"optical": optical, "SAR": radar(tmp_path)}
    with rasterio.open(paths[role], "r+") as raster:
        raster.write_mask(np.arange(60 * 70).reshape(60, 70) % 3 > 0)
    with pytest.raises(InputError, match=f"The {role} image .* by a mask.*gdalwarp -dstnodata"):
        check(paths["optical"], paths["SAR"], backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_gaps_told_by_the_mask_of_a_listed_file_are_refused(tmp_path: Path, backend: str) -> None:
    values = reflective_dn(4)
    files = [
        write_raster(tmp_path / f"{name}.tif", band[None]) for name, band in zip(("B02", "B03", "B04", "B08"), values)
    ]
    for path, seen in ((files[0], np.ones((60, 70), bool)), (files[2], np.arange(60 * 70).reshape(60, 70) % 3 > 0)):
        open_raster(",".join(files), backend).close()  # a mask that hides nothing is no reason to refuse
        with rasterio.open(path, "r+") as raster:
            raster.write_mask(seen)
    with pytest.raises(InputError, match=r"The single-band image B04\.tif tells by a mask.*gdalwarp -dstnodata"):
        open_raster(",".join(files), backend)


def test_pixels_that_no_coordinate_tells_apart_are_refused(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "o.tif", reflective_dn(4), descriptions=("B02", "B03", "B04", "B08"), pixel=1e-9)
    with pytest.raises(InputError, match="too small for its coordinates"):
        check(path, radar(tmp_path))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("fill", [None, 0])
def test_a_mask_that_says_nothing_new_is_no_reason_to_refuse(tmp_path: Path, backend: str, fill: float | None) -> None:
    values, seen = reflective_dn(4), np.ones((60, 70), bool)
    if fill is not None:
        seen[:, :20] = False
        values[:, ~seen] = fill
    path = write_raster(tmp_path / "o.tif", values, descriptions=("B02", "B03", "B04", "B08"))
    with rasterio.open(path, "r+") as raster:
        raster.write_mask(seen)
    assert check(path, radar(tmp_path), backend).sar_cover == 1
