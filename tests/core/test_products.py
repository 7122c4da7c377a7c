# SPDX-License-Identifier: GPL-3.0-or-later
"""Products as they are downloaded open as one raster, with both backends."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
import rasterio
import rasterio.shutil

from dbcr_core.backscatter import detect_sar
from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.bands import match_optical, match_sar
from dbcr_core.errors import InputError, RadiometryError
from dbcr_core.on_grid import SarOnGrid
from dbcr_core.pairing import check_pair
from dbcr_core.products import bands_of_files, listed_files
from dbcr_core.radiometry import detect_optical
from dbcr_core.rasters import open_raster
from tests.core.raster_files import BACKENDS, backscatter_db, judged, reflective_dn, write_raster
from tests.core.safe_files import (
    OLD_BANDS,
    RESOLUTION,
    as_level_2ap,
    dn,
    write_old_safe_optical,
    write_safe_optical,
    write_safe_sar,
    zipped,
)

both_backends = pytest.mark.parametrize("backend", BACKENDS)
L2A_BANDS = tuple(b for b in OPTICAL_BANDS if b != "B10")


@pytest.fixture(autouse=True)
def _quiet() -> None:
    warnings.filterwarnings("ignore", "Dataset has no geotransform")


@both_backends
@pytest.mark.parametrize("level, bands", [("L1C", OPTICAL_BANDS), ("L2A", L2A_BANDS)])
@pytest.mark.parametrize("form", ["folder", "metadata file", "zip"])
def test_a_safe_product_is_one_raster_of_all_bands(
    tmp_path: Path, backend: str, level: str, bands: tuple[str, ...], form: str
) -> None:
    path = write_safe_optical(tmp_path, level)
    path = {"folder": path, "metadata file": path / f"MTD_MSI{level}.xml", "zip": path}[form]
    if form == "zip":
        path = zipped(path)
    with open_raster(path, backend) as source:
        selection = match_optical(source.profile)
        radiometry = detect_optical(source, selection)
        assert selection.names == bands
        assert (radiometry.scale, radiometry.offset, radiometry.nodata) == (1e-4, -0.1, 0)
        assert source.profile.tags["PROCESSING_LEVEL"] == f"Level-{level[1:]}"
        assert source.profile.grid.transform == (10, 0, 600_000, 0, -10, 5_100_000)
        assert "32632" in source.profile.grid.crs_wkt
        values = source.read(selection.file_bands, source.grid.window)
        assert str(path).split(".SAFE")[0].rstrip(".zip") in source.files[0]
    for stored, band in zip(values, bands):
        resolution = RESOLUTION[band]
        expected = dn(band, resolution, 1000).repeat(resolution // 10, 0).repeat(resolution // 10, 1)
        np.testing.assert_array_equal(stored, expected, err_msg=band)


@both_backends
@pytest.mark.parametrize("level", ["L1C", "L2A"])
def test_gdals_own_subdatasets_open(tmp_path: Path, backend: str, level: str) -> None:
    safe = write_safe_optical(tmp_path, level)
    name = f"SENTINEL2_{level}:{safe}/MTD_MSI{level}.xml:10m:EPSG_32632"
    with open_raster(name, backend) as source:
        selection = match_optical(source.profile)
        assert set(selection.names) == {"B02", "B03", "B04", "B08"}
        assert detect_optical(source, selection).offset == -0.1
        red = source.read([selection.file_bands[selection.names.index("B04")]], source.grid.window)[0]
    np.testing.assert_array_equal(red, dn("B04", 10, 1000))


def test_a_product_before_baseline_4_has_no_offset(tmp_path: Path) -> None:
    with open_raster(write_safe_optical(tmp_path, baseline="02.09", harmonised=True)) as source:
        assert detect_optical(source, match_optical(source.profile)).offset == 0


def test_a_product_without_an_image_is_incomplete(tmp_path: Path) -> None:
    safe = write_safe_optical(tmp_path)
    next(safe.rglob("*_B05.jp2")).unlink()
    with pytest.raises(InputError, match=r"lacks the image T32TPS_20230612T101559_B05\.jp2; download it again"):
        open_raster(safe)


def test_a_product_with_damaged_metadata_is_refused(tmp_path: Path) -> None:
    safe = write_safe_optical(tmp_path)
    metadata = safe / "MTD_MSIL1C.xml"
    metadata.write_bytes(metadata.read_bytes()[:800])
    with pytest.raises(InputError, match="MTD_MSIL1C.xml .*is damaged"):
        open_raster(safe)


def test_a_product_without_granule_is_refused(tmp_path: Path) -> None:
    safe = write_safe_optical(tmp_path)
    next(safe.rglob("MTD_TL.xml")).unlink()
    with pytest.raises(InputError, match="holds no complete granule; download it again"):
        open_raster(safe)


def test_a_product_without_its_metadata_file_is_incomplete(tmp_path: Path) -> None:
    safe = write_safe_optical(tmp_path)
    (safe / "MTD_MSIL1C.xml").unlink()
    with pytest.raises(InputError, match=r"lacks its MTD_MSIL1C\.xml or MTD_MSIL2A\.xml; download it again"):
        open_raster(safe)


# Products of the first years


@both_backends
@pytest.mark.parametrize("form", ["folder", "zip"])
def test_granules_of_one_crs_are_put_side_by_side(tmp_path: Path, backend: str, form: str) -> None:
    # The second tile lies 90 pixels to the east and covers the first one's last 30 columns, as real tiles overlap.
    tiles = {"T32TPS": (32632, 600_000, 5_100_000), "T32TQS": (32632, 600_900, 5_100_000)}
    path = write_old_safe_optical(tmp_path, tiles)
    with open_raster(zipped(path) if form == "zip" else path, backend) as source:
        selection = match_optical(source.profile)
        assert selection.names == OLD_BANDS
        assert detect_optical(source, selection).offset == 0
        assert (source.grid.width, source.grid.height) == (210, 120)
        assert source.grid.transform == (10, 0, 600_000, 0, -10, 5_100_000)
        blue, _, swir = source.read(selection.file_bands, source.grid.window)
    for band, values in (("B02", blue), ("B11", swir)):
        step = RESOLUTION[band] // 10
        west = dn(band, RESOLUTION[band]).repeat(step, 0).repeat(step, 1)
        east = np.where(west > 0, west + 100, 0)
        np.testing.assert_array_equal(values[:, :90], west[:, :90])
        # Where the eastern tile has no data its neighbour shows.
        np.testing.assert_array_equal(
            values[:, 90:120], np.where(east > 0, east, 0)[:, :30] + (east == 0)[:, :30] * west[:, 90:]
        )
        np.testing.assert_array_equal(values[:, 120:], east[:, 30:])


def test_granules_of_two_zones_are_refused_and_one_of_them_opens(tmp_path: Path) -> None:
    tiles = {"T32TPS": (32632, 600_000, 5_100_000), "T33TUM": (32633, 300_000, 5_100_000)}
    safe = write_old_safe_optical(tmp_path, tiles)
    with pytest.raises(InputError, match=r"2 coordinate systems \(EPSG:32632: 1, such as S2A_.*give the folder of one"):
        open_raster(safe)
    (granule,) = (safe / "GRANULE").glob("*T33TUM*")
    with open_raster(granule) as source:
        assert "32633" in source.grid.crs_wkt
        assert (source.grid.width, source.profile.count) == (120, 3)


def test_a_granule_that_was_not_downloaded_is_left_out(tmp_path: Path) -> None:
    tiles = {"T32TPS": (32632, 600_000, 5_100_000), "T32TQS": (32632, 600_900, 5_100_000)}
    safe = write_old_safe_optical(tmp_path, tiles)
    shutil.rmtree(next((safe / "GRANULE").glob("*T32TQS*")))
    with open_raster(safe) as source:
        assert (source.grid.width, source.profile.count) == (120, 3)


def test_the_folder_of_the_only_granule_opens_like_the_product(tmp_path: Path) -> None:
    safe = write_safe_optical(tmp_path)
    (granule,) = (safe / "GRANULE").iterdir()
    for path in (granule, granule / "MTD_TL.xml"):
        with open_raster(path) as source:
            assert match_optical(source.profile).names == OPTICAL_BANDS


def test_the_element_names_of_the_first_level_2a_products_are_known(tmp_path: Path) -> None:
    with open_raster(as_level_2ap(write_safe_optical(tmp_path, "L2A", "02.05", harmonised=True))) as source:
        selection = match_optical(source.profile)
        radiometry = detect_optical(source, selection)
    assert selection.names == L2A_BANDS
    assert (radiometry.scale, radiometry.offset, radiometry.how) == (1e-4, 0, "processing baseline 02.05")


def test_the_quantification_in_the_metadata_is_taken(tmp_path: Path) -> None:
    with open_raster(write_old_safe_optical(tmp_path, {"T32TPS": (32632, 0, 0)}, quantification=4000)) as source:
        radiometry = detect_optical(source, match_optical(source.profile))
        overruled = detect_optical(source, match_optical(source.profile), "dn")
    assert radiometry.scale == 1 / 4000
    assert radiometry.how == "processing baseline 02.01; quantification 4000 in the tags"
    assert overruled.scale == 1e-4


def test_a_quantification_that_the_values_contradict_is_refused(tmp_path: Path) -> None:
    with open_raster(write_old_safe_optical(tmp_path, {"T32TPS": (32632, 0, 0)}, quantification=100)) as source:
        with pytest.raises(RadiometryError, match="quantification of 100, which makes .* decide with --optical-values"):
            detect_optical(source, match_optical(source.profile))


@both_backends
@pytest.mark.parametrize("form", ["product", "image"])
def test_a_gdal_without_jpeg_2000_is_named_as_the_reason(tmp_path: Path, backend: str, form: str, repository) -> None:
    safe = write_safe_optical(tmp_path)
    path = safe if form == "product" else next(safe.rglob("*_B02.jp2"))
    code = (
        "import sys\nfrom dbcr_core.errors import InputError\nfrom dbcr_core.rasters import open_raster\ntry:\n"
        "    with open_raster(sys.argv[1], sys.argv[2]) as source:\n        source.read([1], source.grid.window)\n"
        "except InputError as error:\n    print(error)\n"
    )
    drivers = "JP2OpenJPEG,JP2ECW,JP2KAK,JP2MrSID,JPEG2000"
    child = subprocess.run(
        [sys.executable, "-c", code, str(path), backend],
        cwd=repository,
        env={**os.environ, "GDAL_SKIP": drivers},
        capture_output=True,
        text=True,
    )
    assert "holds a JPEG 2000 image that GDAL does not know; download it again if others open" in child.stdout, (
        child.stderr
    )


WIDE = 10_200  # metres: enough pixels for darkness to be expected, and for spots to be few of them
LAND, HAZE = (20, 4000), (3000, 6000)  # ranges of surface reflectance x 10000
CORNER = (*LAND, "data in the upper third alone")


@pytest.mark.parametrize("backend, form", zip(BACKENDS, ("folder", "zip")))
@pytest.mark.parametrize(
    "baseline, offset, land, is_enough",
    [
        ("05.09", 1000, LAND, True),
        ("02.09", 0, LAND, True),
        ("05.09", 0, LAND, False),  # refused
        ("02.09", 1000, LAND, False),
        ("05.09", 1000, HAZE, False),  # nothing dark
        ("02.09", 0, HAZE, False),
        ("05.09", 1000, CORNER, False),  # hardly any data in the middle
    ],
)
def test_four_spots_in_the_middle_of_a_level_2a_product_may_be_enough(
    tmp_path, monkeypatch, reads, backend: str, form: str, baseline: str, offset: int, land: tuple, is_enough: bool
) -> None:
    def values(band: str, resolution: int, _: int) -> np.ndarray:
        size, random = WIDE // resolution, np.random.default_rng(OPTICAL_BANDS.index(band))
        stored = (random.integers(*land[:2], (size, size)) + offset).astype(np.uint16)
        if land == CORNER:
            stored[size * 33 // 100 :] = 0
        return stored

    path = write_safe_optical(tmp_path, "L2A", baseline, metres=WIDE, values=values)
    path = zipped(path) if form == "zip" else path

    def windows_read():
        return len({window for _, window in reads})

    found = judged(path, backend)
    assert windows_read() == (4 if is_enough else 16)
    monkeypatch.setattr("dbcr_core.radiometry._middle_agrees", lambda *_: False)
    assert found == judged(path, backend) and windows_read() == 16
    if is_enough or land in (HAZE, CORNER):
        assert found.offset == -offset / 10000
    else:
        assert "decide with --optical-values" in found


def test_a_folder_without_product_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no Sentinel product and holds no rasters"):
        open_raster(tmp_path)
    write_raster(tmp_path / "a.tif", reflective_dn(3))
    write_raster(tmp_path / "b.tif", reflective_dn(3))
    with pytest.raises(InputError, match="holds 2 rasters; give one raster"):
        open_raster(tmp_path)


@both_backends
def test_what_is_read_from_jpeg_2000_is_known_as_that(tmp_path: Path, backend: str) -> None:
    safe = write_safe_optical(tmp_path, "L2A")
    image = str(next(safe.rglob("*_B02_10m.jp2")))
    write_raster(tmp_path / "B02.jp2.tif", reflective_dn(3))
    for path, expected in ((str(safe), True), (image, True), (str(tmp_path / "B02.jp2.tif"), False)):
        with open_raster(path, backend) as source:
            assert source.is_wavelet is expected, path
    with open_raster(zipped(safe), backend) as source:
        assert source.is_wavelet


@both_backends
def test_a_zip_with_one_raster_opens_and_counts_as_that_file(tmp_path: Path, backend: str) -> None:
    write_raster(tmp_path / "a.tif", reflective_dn(3))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "a.tif", "inside/a.tif")
    with open_raster(tmp_path / "a.zip", backend) as source:
        assert source.profile.count == 3
        assert source.files == (str(tmp_path / "a.zip"),)


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(InputError, match="not a readable zip file"):
        open_raster(tmp_path / "a.zip")


# Bands in files of their own


def test_a_virtual_raster_of_single_bands_is_matched_by_the_files_names(tmp_path: Path) -> None:
    if not shutil.which("gdalbuildvrt"):
        pytest.skip("gdalbuildvrt is not installed")
    safe = write_safe_optical(tmp_path)
    images = [str(next(safe.rglob(f"*_{band}.jp2"))) for band in ("B04", "B08", "B11", "B01")]
    virtual = tmp_path / "stack.vrt"
    subprocess.run(["gdalbuildvrt", "-q", "-separate", "-resolution", "highest", virtual, *images], check=True)
    for backend in BACKENDS:
        with open_raster(virtual, backend) as source:
            selection = match_optical(source.profile)
            assert selection.names == ("B04", "B08", "B11", "B01")
            assert (source.grid.width, selection.how) == (120, "the names of the bands' files")
            coarse = source.read([4], source.grid.window)[0]
        np.testing.assert_array_equal(coarse, dn("B01", 60, 1000).repeat(6, 0).repeat(6, 1))


@both_backends
@pytest.mark.parametrize("separator", [",", ";", ", "])
def test_polarisations_in_two_files_are_one_raster(tmp_path: Path, backend: str, separator: str) -> None:
    stored = backscatter_db()
    names = [
        write_raster(tmp_path / f"S1A_IW_GRDH_20230613_{pol}.tif", stored[i : i + 1])
        for i, pol in enumerate(("VH", "VV"))
    ]
    with open_raster(separator.join(names), backend) as source:
        selection = match_sar(source.profile)
        assert selection.names == ("VH", "VV")
        assert set(source.files) == set(names)
        np.testing.assert_array_equal(source.read([1, 2], source.grid.window), stored)


def test_bands_of_different_resolution_may_be_listed(tmp_path: Path) -> None:
    safe = write_safe_optical(tmp_path)
    images = [str(next(safe.rglob(f"*_{band}.jp2"))) for band in ("B02", "B05", "B09")]
    with open_raster(",".join(images)) as source:
        assert match_optical(source.profile).names == ("B02", "B05", "B09")
        np.testing.assert_array_equal(
            source.read([3], source.grid.window)[0], dn("B09", 60, 1000).repeat(6, 0).repeat(6, 1)
        )


def test_a_list_with_a_missing_file_names_it(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "VV.tif", backscatter_db()[:1])
    with pytest.raises(InputError, match="VH.tif does not exist"):
        open_raster(f"{path},{tmp_path}/VH.tif")


def test_a_file_whose_name_holds_a_comma_is_no_list(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "a,b.tif", reflective_dn(3))
    with open_raster(path) as source:
        assert source.profile.count == 3


# Sentinel-1


@both_backends
@pytest.mark.parametrize("form", ["folder", "manifest", "zip"])
def test_a_radar_product_is_calibrated_by_its_own_table_and_located(tmp_path: Path, backend: str, form: str) -> None:
    optical_path = write_safe_optical(tmp_path)
    path, stored = write_safe_sar(tmp_path, sigma_nought=550.0)
    path = {"folder": path, "manifest": path / "manifest.safe", "zip": path}[form]
    if form == "zip":
        path = zipped(path)
    with open_raster(path, backend) as sar, open_raster(optical_path, backend) as optical:
        selection = match_sar(sar.profile)
        assert selection.names == ("VV", "VH")
        radiometry = detect_sar(sar, selection)
        assert (radiometry.unit, radiometry.gain_db) == ("amplitude", 0)
        pair = check_pair(optical, sar, optical_bands=(1, 2), sar_bands=selection.file_bands)
        assert pair.sar_cover == 1
        assert "not terrain-corrected" in pair.notes[0]
        with SarOnGrid(sar, selection.file_bands, radiometry, optical.grid) as aligned:
            decibel = aligned.read(optical.grid.window)
    for band, pol in zip(decibel, selection.names):
        expected = 10 * np.log10(np.mean((stored[pol] / 550.0) ** 2))
        assert abs(10 * np.log10(np.mean(10 ** (band / 10))) - expected) < 0.3
    # The SAR grid starts 200 m north-west of the optical one with 20 m pixels: column 11 lies at its columns 2 and 3.
    truth = 20 * np.log10(stored["VV"][10:70, 10:70] / 550.0)
    np.testing.assert_allclose(decibel[0][::2, ::2][5:-5, 5:-5], truth[5:-5, 5:-5], atol=12)
    assert np.corrcoef(decibel[0][::2, ::2].ravel(), truth.ravel())[0, 1] > 0.6


def test_a_single_look_complex_product_is_refused(tmp_path: Path) -> None:
    safe, _ = write_safe_sar(tmp_path)
    for file in (safe / "measurement").iterdir():
        file.rename(file.with_name(file.name.replace("-grd-", "-slc-")))
    with pytest.raises(InputError, match="single-look complex product; download the GRD product"):
        open_raster(safe)


def test_a_product_in_hh_is_refused(tmp_path: Path) -> None:
    safe, _ = write_safe_sar(tmp_path)
    for file in (safe / "measurement").iterdir():
        file.rename(file.with_name(file.name.replace("-vv-", "-hh-").replace("-vh-", "-hv-")))
    with pytest.raises(InputError, match="neither VV nor VH"):
        open_raster(safe)


def test_a_radar_product_without_calibration_is_incomplete(tmp_path: Path) -> None:
    safe, _ = write_safe_sar(tmp_path)
    shutil.rmtree(safe / "annotation" / "calibration")
    with pytest.raises(InputError, match="lacks annotation/calibration/.*download it again"):
        open_raster(safe)


def test_a_list_of_files_with_several_bands_is_refused(tmp_path: Path) -> None:
    pair = [write_raster(tmp_path / f"{name}.tif", backscatter_db()) for name in ("a", "b")]
    with pytest.raises(InputError, match="holds 2 bands; list files of one band each"):
        open_raster(",".join(pair))


def test_a_listed_file_upside_down_is_refused(tmp_path: Path) -> None:
    stored = reflective_dn(1)
    files = [write_raster(tmp_path / f"{band}.tif", stored) for band in ("B02", "B03")]
    flipped = write_raster(tmp_path / "B04.tif", stored[:, ::-1], transform=(10, 0, 600_000, 0, 10, 4_999_400))
    with pytest.raises(InputError, match="band B04 .* does not lie on the same ground"):
        open_raster(",".join([*files, flipped]))


def test_listed_files_keep_their_units_and_what_only_they_say_of_their_band(tmp_path: Path) -> None:
    import rasterio

    files = []
    for name, text in (("VV", "first"), ("layer_2", "VH"), ("angle", "x")):
        files.append(write_raster(tmp_path / f"{name}.tif", np.full((1, 9, 9), 0.2, np.float32), descriptions=(text,)))
        with rasterio.open(files[-1], "r+") as raster:
            raster.set_band_unit(1, "amplitude")
    with open_raster(",".join(files)) as source:
        assert source.profile.descriptions == ("VV", "VH", "angle")
        assert detect_sar(source, match_sar(source.profile)).unit == "amplitude"


@both_backends
def test_files_in_an_archive_may_be_listed(tmp_path: Path, backend: str) -> None:
    with zipfile.ZipFile(tmp_path / "bands.zip", "w") as archive:
        for band in ("B02", "B03", "B04"):
            archive.write(write_raster(tmp_path / f"{band}.tif", reflective_dn(1)), f"{band}.tif")
    inside = [f"/vsizip/{tmp_path.as_posix()}/bands.zip/{band}.tif" for band in ("B02", "B03", "B04")]
    with open_raster(", ".join([*inside[:2], str(tmp_path / "B04.tif")]), backend) as source:
        assert match_optical(source.profile).names == ("B02", "B03", "B04")


def test_a_name_of_gdals_may_hold_a_comma() -> None:
    for name in ("vrt://a.tif?bands=1,2", "/vsicurl?max_retry=3,a&url=x", "<VRTDataset>1,<a/></VRTDataset>"):
        assert listed_files(name) == [name]


@both_backends
def test_subdatasets_of_one_file_may_be_listed(tmp_path: Path, backend: str) -> None:
    with rasterio.Env() as gdal:
        if "netCDF" not in gdal.drivers():
            pytest.skip("this GDAL has no netCDF driver")
    values = reflective_dn(3, 8, 9)
    plain = write_raster(tmp_path / "a.tif", values, band_tags=dict.fromkeys((1, 2, 3), {"NETCDF_VARNAME": "B0"}))
    rasterio.shutil.copy(plain, tmp_path / "cube.nc", driver="netCDF")
    with pytest.raises(InputError, match='list, such as NETCDF:".*cube.nc":B01,NETCDF:".*cube.nc":B02') as refused:
        open_raster(tmp_path / "cube.nc", backend)
    parts = str(refused.value).partition("such as ")[2].rstrip(".").split(",")
    with open_raster(",".join([*parts, parts[0].replace("B01", "B03")]), backend) as source:
        assert match_optical(source.profile).names == ("B01", "B02", "B03")
        np.testing.assert_array_equal(source.read([1, 2, 3], source.grid.window), values)


@pytest.mark.parametrize(
    "paths, names",
    [
        (['NETCDF:"x.nc":B02', 'NETCDF:"x.nc":B03'], ["B02", "B03"]),
        (['NETCDF:"fine.nc":B02', 'NETCDF:"coarse.nc":B11'], ["B02", "B11"]),
        (['NETCDF:"blue_hills.nc":B04', 'NETCDF:"red_rock.nc":B02'], ["B04", "B02"]),
        (['NETCDF:"/a/B02.nc":Band1', 'NETCDF:"/a/B03.nc":Band1'], ["B02", "B03"]),
        (["netcdf:/a/x.nc:vv", "netcdf:/a/x.nc:vh"], ["vv", "vh"]),
        (['HDF5:"x.h5"://bands/B02', 'HDF5:"x.h5"://bands/B03'], ["B02", "B03"]),
        (["/vsicurl/https://a.org/B02/x?key=a:b", "/vsicurl/https://a.org/B03/x?key=c:d"], None),
        (["https://a.org/B02.tif?se=T10:00Z&sig=VV", "https://a.org/B03.tif?se=T10:00Z&sig=VH"], ["B02", "B03"]),
    ],
)
def test_a_subdataset_is_named_by_its_part(paths: list[str], names: list[str] | None) -> None:
    found = bands_of_files(paths)
    assert list(found.values()) == paths
    assert list(found) == (names or paths)


@both_backends
@pytest.mark.parametrize("count", [1, 4])
def test_a_list_of_tiles_is_told_to_become_a_mosaic(tmp_path: Path, backend: str, count: int) -> None:
    tiles = [
        write_raster(tmp_path / f"export-{column}.tif", reflective_dn(count), origin=(600_000 + 700 * column, 5e6))
        for column in range(2)
    ]
    with pytest.raises(InputError, match=r"tiles (put them )?side by side first \(gdalbuildvrt mosaic\.vrt TILES\)"):
        open_raster(",".join(tiles), backend)


@both_backends
@pytest.mark.parametrize("form", ["folder", "metadata file"])
def test_a_product_of_sen2like_is_called_by_its_name(tmp_path: Path, backend: str, form: str) -> None:
    safe = write_safe_optical(tmp_path, "L2A")
    metadata = safe / "MTD_MSIL2F.xml"
    next(safe.glob("MTD_MSIL2A.xml")).rename(metadata)
    with pytest.raises(InputError, match=r"is a product of sen2like; give its bands' files .GRANULE/…/IMG_DATA"):
        open_raster(safe if form == "folder" else metadata, backend)


@both_backends
def test_an_image_of_snap_is_given_as_its_bands(tmp_path: Path, backend: str) -> None:
    folder = tmp_path / "S1A_TC.data"
    folder.mkdir()
    values = backscatter_db()
    for name, band in (("Sigma0_VV_db", values[0]), ("Sigma0_VH_db", values[1]), ("elevation", values[0])):
        plain = write_raster(tmp_path / "plain.tif", band[None])
        rasterio.shutil.copy(plain, folder / f"{name}.img", driver="ENVI")
    path = tmp_path / "S1A_TC.dim"
    path.write_text('<?xml version="1.0"?><Dimap_Document name="S1A_TC.dim"></Dimap_Document>')
    with pytest.raises(InputError, match="only describes an image of SNAP's; .* separated by commas, such as ") as told:
        open_raster(path, backend)
    with open_raster(str(told.value).partition("such as ")[2].rstrip("."), backend) as source:
        assert match_sar(source.profile).names == ("VH", "VV")


@pytest.mark.parametrize("form", ["folder", "metadata file", "zip"])
def test_what_macos_puts_beside_files_is_no_product(tmp_path: Path, form: str) -> None:
    safe = write_safe_optical(tmp_path)
    metadata = next(safe.glob("MTD_MSIL*.xml"))
    (safe / f"._{metadata.name}").write_bytes(b"\0\5\x16\7")
    path = {"folder": safe, "metadata file": metadata, "zip": tmp_path / "whole.zip"}[form]
    if form == "zip":
        shutil.move(zipped(safe), path)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(f"__MACOSX/{safe.name}/{metadata.name}", b"\0\5\x16\7")
    with open_raster(path) as source:
        assert source.profile.count >= 12


def test_listed_files_may_mark_missing_pixels_differently(tmp_path: Path) -> None:
    stored = backscatter_db()
    stored[0, 0, 0], stored[1, 0, 1] = -9999, -32768
    first = write_raster(tmp_path / "VV.tif", stored[:1], nodata=-9999)
    second = write_raster(tmp_path / "VH.tif", stored[1:], nodata=-32768)
    with open_raster(f"{first},{second}") as source, source.warped(source.grid, [1, 2]) as warped:
        missing = np.isnan(warped.read([1, 2], source.grid.window))
    assert missing.sum() == 2
    assert missing[0, 0, 0]
    assert missing[1, 0, 1]


@both_backends
def test_two_measurements_located_by_control_points_may_be_listed(tmp_path: Path, backend: str) -> None:
    import rasterio
    from rasterio.control import GroundControlPoint
    from rasterio.crs import CRS

    names = []
    for pol, band in zip(("vv", "vh"), backscatter_db()):
        names.append(str(tmp_path / f"s1a-iw-grd-{pol}-20230613t053511.tiff"))
        with rasterio.open(names[-1], "w", driver="GTiff", width=70, height=60, count=1, dtype="float32") as raster:
            raster.write(band, 1)
            corners = [(0, 0), (0, 70), (60, 0), (60, 70), (30, 35)]
            points = [GroundControlPoint(r, c, 600_000 + 10 * c, 5_000_000 - 10 * r) for r, c in corners]
            raster.gcps = (points, CRS.from_epsg(32632))
    optical = write_raster(tmp_path / "o.tif", reflective_dn(3))
    with open_raster(",".join(names), backend) as sar, open_raster(optical, backend) as image:
        found = match_sar(sar.profile)
        assert found.names == ("VV", "VH")
        assert check_pair(image, sar, optical_bands=(1, 2), sar_bands=found.file_bands).sar_cover == 1
