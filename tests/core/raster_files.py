# SPDX-License-Identifier: GPL-3.0-or-later
"""Small rasters with the names, tags and values of real products, written when a test needs them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any, Mapping, Sequence

import numpy as np
import pytest
import rasterio
from rasterio.crs import CRS
from rasterio.transform import Affine

from dbcr_core.bands import match_optical
from dbcr_core.errors import RadiometryError
from dbcr_core.radiometry import OpticalRadiometry, detect_optical
from dbcr_core.rasters import open_raster

UTM = "EPSG:32632"
BACKENDS = tuple(
    name for name, module in (("gdal", "osgeo"), ("rasterio", "rasterio")) if importlib.util.find_spec(module)
)
"""The raster libraries that are here: on Windows without QGIS it is rasterio alone."""
needs_both_backends = pytest.mark.skipif(len(BACKENDS) < 2, reason="compares the two raster libraries")


def judged(path: str | Path, backend: str | None = None) -> OpticalRadiometry | str:
    """What an optical file's numbers are found to mean, or the sentence with which it is refused."""
    with open_raster(path, backend) as source:
        try:
            return detect_optical(source, match_optical(source.profile))
        except RadiometryError as error:
            return str(error)


def write_raster(
    path: Path,
    array: np.ndarray,
    *,
    crs: str | None = UTM,
    origin: tuple[float, float] = (600_000.0, 5_000_000.0),
    pixel: float = 10.0,
    transform: Sequence[float] | None = None,
    descriptions: Sequence[str] = (),
    nodata: float | None = None,
    scale: float = 1.0,
    offset: float = 0.0,
    tags: Mapping[str, str] | None = None,
    band_tags: Mapping[int, Mapping[str, str]] | None = None,
    imagery: Mapping[int, Mapping[str, str]] | None = None,
    **options: Any,
) -> str:
    """A GeoTIFF of (n, h, w) values, north up unless a transform (a, b, c, d, e, f) says otherwise."""
    count, height, width = array.shape
    affine = Affine(*transform) if transform else Affine(pixel, 0, origin[0], 0, -pixel, origin[1])
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=width,
        height=height,
        count=count,
        dtype=array.dtype,
        crs=CRS.from_user_input(crs) if crs else None,
        transform=affine,
        nodata=nodata,
        **options,
    ) as raster:
        raster.write(array)
        for band, text in enumerate(descriptions, 1):
            raster.set_band_description(band, text)
        if scale != 1 or offset != 0:
            raster.scales, raster.offsets = (scale,) * count, (offset,) * count
        raster.update_tags(**(tags or {}))
        for band, values in (band_tags or {}).items():
            raster.update_tags(band, **values)
        for band, values in (imagery or {}).items():
            raster.update_tags(band, ns="IMAGERY", **values)
    return str(path)


def reflective_dn(count: int, height: int = 60, width: int = 70, *, seed: int = 0, offset: int = 0) -> np.ndarray:
    """Plausible Sentinel-2 DN (uint16): dark to bright surfaces, every band with some shadow, plus an offset."""
    random = np.random.default_rng(seed)
    surface = random.gamma(2.0, 700.0, (count, height, width))
    return np.clip(surface + 20 + offset, 1, 15000).astype(np.uint16)


def backscatter_db(height: int = 60, width: int = 70, *, seed: int = 0) -> np.ndarray:
    """Plausible VV and VH in decibel (float32), with speckle."""
    random = np.random.default_rng(seed)
    speckle = 10 * np.log10(random.gamma(4.0, 0.25, (2, height, width)))
    return (np.array([-10.0, -16.5])[:, None, None] + speckle).astype(np.float32)


def clouded_dn(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """(13, height, width) DN of smooth land under clouds across the borders of tiles, with a gap of zeros at rows
    300 to 339, columns 40 to 89; and (height, width) bool where the clouds are."""
    rows, cols = np.mgrid[:height, :width]
    land = (1200 + 300 * np.sin(rows / 31) * np.cos(cols / 17)).astype(np.uint16)
    values = np.repeat(land[None], 13, 0) + np.random.default_rng(0).integers(0, 90, (13, 1, 1), np.uint16)
    cloud = (rows // 67 + cols // 59) % 3 == 0
    values[:, cloud] += 5000
    values[:, 300:340, 40:90] = 0
    return values, cloud


def write_radar_around(path: str | Path, height: int, width: int) -> str:
    """Radar on a grid of its own that lies over an image of that many pixels of 10 m at the usual origin."""
    radar = backscatter_db(height // 2 + 9, width // 2 + 9)
    return write_raster(path, radar, descriptions=("VV", "VH"), pixel=20.0, origin=(599_953.0, 5_000_041.0))
