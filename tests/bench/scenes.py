# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes of any size, made by repeating the bundled real one, written a few rows at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import Affine
from rasterio.windows import Window

from tests.core.safe_files import write_safe_optical

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "resources" / "sample"
OPTICAL = SAMPLE / "optical_cloudy_2020-08-23_L1C.tif"
SAR = SAMPLE / "sar_2020-09-03_GRD_dB.tif"
CORNER = (32643, 400_000, 3_500_000)
PLACE = {"crs": f"EPSG:{CORNER[0]}", "transform": Affine(10, 0, CORNER[1], 0, -10, CORNER[2])}
ROWS = 512


def write_pair(folder: Path, width: int, height: int) -> tuple[str, str]:
    """Paths of an optical and a radar scene of this size on one grid (kept if they are there)."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for kind, sample in (("optical", OPTICAL), ("sar", SAR)):
        path = folder / f"{kind}_{width}x{height}.tif"
        if not path.exists():
            _repeat(sample, path, width, height)
        paths.append(str(path))
    return paths[0], paths[1]


def write_product(folder: Path, side: int) -> str:
    """Path of the optical scene of that size, a multiple of 6, as a Level-1C product of JPEG 2000."""
    optical, _ = write_pair(folder, side, side)

    def values(band: str, resolution: int, offset: int) -> np.ndarray:
        with rasterio.open(optical) as source:
            number, size = source.descriptions.index(band) + 1, side * 10 // resolution
            return np.maximum(1, source.read(number, out_shape=(size, size)).astype(np.uint16) + np.uint16(offset))

    return str(write_safe_optical(folder / f"product_{side}", place=CORNER, metres=side * 10, values=values))


def write_mask(folder: Path, width: int, height: int, cover: float) -> str:
    """Path of a mask that is cloud in the upper `cover` (0…1) of the scene."""
    path = folder / f"mask_{width}x{height}_{cover:.2f}.tif"
    mask = np.zeros((height, width), np.uint8)
    mask[: round(cover * height)] = 1
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=1, dtype="uint8", **PLACE
    ) as raster:
        raster.write(mask, 1)
    return str(path)


def _repeat(sample: Path, path: Path, width: int, height: int) -> None:
    """Mirrored repetitions, so that the patches' edges fit."""
    with rasterio.open(sample) as source:
        patch, names, nodata, dtype = source.read(), source.descriptions, source.nodata, source.dtypes[0]
    if np.dtype(dtype).kind == "f":
        patch = np.nan_to_num(patch, nan=-20.0)
    patch = np.concatenate([patch, patch[:, ::-1]], axis=1)
    patch = np.concatenate([patch, patch[:, :, ::-1]], axis=2)
    columns = np.arange(width) % patch.shape[2]
    profile = {
        "driver": "GTiff",
        "width": width,
        "height": height,
        "count": patch.shape[0],
        "dtype": dtype,
        "nodata": nodata,
        "tiled": True,
        "compress": "DEFLATE",
        "zlevel": 1,
        "num_threads": "all_cpus",
        "bigtiff": "IF_SAFER",
        **PLACE,
    }
    with rasterio.open(path, "w", **profile) as raster:
        raster.descriptions = names
        for top in range(0, height, ROWS):
            rows = np.arange(top, min(top + ROWS, height)) % patch.shape[1]
            raster.write(patch[:, rows][:, :, columns], window=Window(0, top, width, len(rows)))
