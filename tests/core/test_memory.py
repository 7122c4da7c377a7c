# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory: a job holds a strip of the scene, never the scene."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import rasterio
from rasterio.transform import Affine
from rasterio.windows import Window

from dbcr_core.band_names import OPTICAL_BANDS

WIDTH, BAND_ROWS = 320, 500
LOW, TALL = 6000, 16000
CACHE_BYTES = 16_000_000
"""GDAL's caches in the child: as large as usual they would fill up with the taller scene and hide what the engine
holds."""


def write_tall(path, height, count, dtype, names, low, high):
    """A raster of any height, written a few rows at a time."""
    profile = {
        "driver": "GTiff",
        "width": WIDTH,
        "height": height,
        "count": count,
        "dtype": dtype,
        "crs": "EPSG:32632",
        "transform": Affine(10, 0, 600_000, 0, -10, 5_000_000),
        "tiled": True,
    }
    with rasterio.open(path, "w", **profile) as raster:
        raster.descriptions = names
        rows = np.random.default_rng(0).uniform(low, high, (count, BAND_ROWS, WIDTH)).astype(dtype)
        for top in range(0, height, BAND_ROWS):
            raster.write(rows, window=Window(0, top, WIDTH, BAND_ROWS))
    return str(path)


def peak(folder, repository, height):
    """Peak resident bytes of a whole job on a scene of this height, in a process of its own."""
    optical = write_tall(folder / f"s2_{height}.tif", height, 13, "uint16", OPTICAL_BANDS, 100, 9000)
    sar = write_tall(folder / f"s1_{height}.tif", height, 2, "float32", ("VV", "VH"), -22, -6)
    command = [sys.executable, "-m", "tests.bench.memory_child", optical, sar, str(folder / "out.tif")]
    run = subprocess.run(
        [*command, str(CACHE_BYTES)], cwd=repository, capture_output=True, text=True, timeout=300, check=True
    )
    return json.loads(run.stdout)["peak_bytes"]


def test_memory_does_not_grow_with_the_height_of_the_scene(tmp_path, repository):
    low, tall = peak(tmp_path, repository, LOW), peak(tmp_path, repository, TALL)
    more_input = (TALL - LOW) * WIDTH * 13 * 2
    # A third of the additional input, as stored, is left to the moods of the allocator and of GDAL's threads.
    assert tall - low < more_input / 3, f"{low / 1e6:.0f} MB, then {tall / 1e6:.0f} MB"
