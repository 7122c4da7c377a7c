# SPDX-License-Identifier: GPL-3.0-or-later
"""The metadata of a real Sentinel-1 scene (see tests/data/README.md) around pixels that the test writes."""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import rasterio

from dbcr_core.backscatter import GRD_CALIBRATION_DB, detect_sar
from dbcr_core.bands import match_sar
from dbcr_core.grid import RasterGrid, Window
from dbcr_core.on_grid import SarOnGrid
from dbcr_core.rasters import open_raster
from tests.core.raster_files import BACKENDS

DATA = Path(__file__).parents[1] / "data"
DN, LINE, PIXEL, BLOCK = 500, 8400, 13000, 400


@pytest.fixture(scope="module")
def safe(tmp_path_factory) -> Path:
    """The scene with a block of one amplitude in its middle, and two lines of it from border to border."""
    (metadata,) = DATA.glob("S1B_IW_GRDH_*_metadata.zip")
    folder = tmp_path_factory.mktemp("real")
    with zipfile.ZipFile(metadata) as archive:
        archive.extractall(folder)
    (product,) = folder.glob("*.SAFE")
    stem = next((product / "annotation").glob("*.xml")).stem
    (product / "measurement").mkdir()
    warnings.filterwarnings("ignore", "Dataset has no geotransform")
    with rasterio.open(
        product / "measurement" / f"{stem}.tiff",
        "w",
        driver="GTiff",
        width=26102,
        height=16705,
        count=1,
        dtype="uint16",
        sparse_ok=True,
        tiled=True,
        compress="deflate",
    ) as raster:
        raster.write(np.full((BLOCK, BLOCK), DN, "uint16"), 1, window=((LINE, LINE + BLOCK), (PIXEL, PIXEL + BLOCK)))
        raster.write(np.full((2, 26102), DN, "uint16"), 1, window=((LINE, LINE + 2), (0, 26102)))
    return product


def table(safe: Path) -> tuple[np.ndarray, np.ndarray]:
    """(pixels, A) of the calibration table's first line."""
    (path,) = (safe / "annotation" / "calibration").iterdir()
    vector = next(ElementTree.parse(path).getroot().iter("calibrationVector"))
    return tuple(np.array(vector.findtext(key, "").split(), float) for key in ("pixel", "sigmaNought"))


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_column_is_calibrated_by_the_products_own_table(safe: Path, backend: str) -> None:
    with open_raster(safe, backend) as source:
        selection = match_sar(source.profile)
        radiometry = detect_sar(source, selection)
        assert (selection.names, radiometry.unit, radiometry.gain_db) == (("VV",), "amplitude", 0)
        (row,) = source.read([1], Window(0, LINE + 1, 26102, 1))[0]
    exact = DN / np.interp(np.arange(26102) + 0.5, *table(safe))
    assert np.abs(20 * np.log10(row / exact)).max() < 0.02


def test_the_typical_calibration_lies_within_a_decibel_of_the_real_one(safe: Path) -> None:
    decibel = 20 * np.log10(table(safe)[1])
    assert abs(np.median(decibel) - GRD_CALIBRATION_DB) < 0.1
    assert np.abs(decibel - GRD_CALIBRATION_DB).max() < 1


@pytest.mark.parametrize("backend", BACKENDS)
def test_pixels_lie_where_the_products_grid_points_say(safe: Path, backend: str) -> None:
    annotation = next((safe / "annotation").glob("*.xml"))
    points = np.array(
        [
            [float(point.findtext(key, "")) for key in ("pixel", "line", "longitude", "latitude")]
            for point in ElementTree.parse(annotation).getroot().iter("geolocationGridPoint")
        ]
    )
    # Bilinear between the four grid points around the block's middle, which the reader does not use.
    column, line = PIXEL + BLOCK / 2, LINE + BLOCK / 2
    left, right = points[points[:, 0] <= column, 0].max(), points[points[:, 0] > column, 0].min()
    above, below = points[points[:, 1] <= line, 1].max(), points[points[:, 1] > line, 1].min()
    across, down = (column - left) / (right - left), (line - above) / (below - above)
    corner = {
        (p, q): points[(points[:, 0] == p) & (points[:, 1] == q)][0, 2:] for p in (left, right) for q in (above, below)
    }
    upper = (1 - across) * corner[left, above] + across * corner[right, above]
    lower = (1 - across) * corner[left, below] + across * corner[right, below]
    longitude, latitude = (1 - down) * upper + down * lower
    step = 0.0001
    with open_raster(safe, backend) as source:
        wkt = source.profile.gcps_wkt
        grid = RasterGrid(601, 601, (step, 0, longitude - 300 * step, 0, -step, latitude + 300 * step), wkt)
        selection = match_sar(source.profile)
        with SarOnGrid(source, selection.file_bands, detect_sar(source, selection), grid) as aligned:
            decibel = aligned.read(grid.window)[0]
    rows, columns = np.nonzero(np.isfinite(decibel[:, :]) & (np.abs(np.arange(601)[:, None] - 300) < 300))
    block = np.isfinite(decibel)
    assert block[300, 300]
    # 4 km on a side at 10 m; the two lines that reach further add little.
    middle = rows[(np.abs(columns - 300) < 240)].mean(), columns.mean()
    assert abs(middle[0] - 300) < 12 and abs(middle[1] - 300) < 12
    expected = 20 * np.log10(DN / np.interp(column, *table(safe)))
    assert abs(decibel[300, 300] - expected) < 0.05
