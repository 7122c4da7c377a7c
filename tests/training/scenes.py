# SPDX-License-Identifier: GPL-3.0-or-later
"""Tiny generated scenes for the tests of the training package."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dbcr_core.band_names import OPTICAL_BANDS, SAR_BANDS
from training.datasets.scene import Scene


def make_scene(name: str = "a", group: str = "made", size: int = 48, seed: int = 0, cloudy=False, **changes):
    """A scene of random ground with all bands and SAR in decibels."""
    random = np.random.default_rng(seed)
    clear = random.integers(300, 4000, (13, size, size)).astype(np.uint16)
    facts = {
        "bands": np.ones(13, bool),
        "clear": clear,
        "cloudy": (clear + 3000).astype(np.uint16) if cloudy is True else None if cloudy is False else cloudy,
        "sar": random.integers(-2500, -200, (2, size, size)).astype(np.int16),
        "sar_bands": np.ones(2, bool),
    }
    return Scene(name, group, **{**facts, **changes})


def write_tiff(path: Path, values: np.ndarray, names=None, nodata: float | None = None, **tags: str) -> None:
    """A GeoTIFF with band descriptions and no georeference."""
    import rasterio

    path.parent.mkdir(parents=True, exist_ok=True)
    count, height, width = values.shape
    facts = {"count": count, "height": height, "width": width, "dtype": values.dtype, "nodata": nodata}
    with rasterio.open(path, "w", driver="GTiff", **facts) as file:
        file.write(values)
        file.update_tags(**tags)
        for i, name in enumerate(names or (), start=1):
            file.set_band_description(i, name)


def write_placed(path: Path, values: np.ndarray, names, pixel: float, crs: str = "EPSG:32633") -> None:
    """A GeoTIFF with band descriptions and pixels of that many metres."""
    import rasterio
    from rasterio.transform import from_origin

    count, height, width = values.shape
    with rasterio.open(
        path, "w", driver="GTiff", count=count, height=height, width=width, dtype=values.dtype, crs=crs,
        transform=from_origin(500_000, 5_000_000, pixel, pixel),
    ) as file:  # fmt: skip
        file.write(values)
        for i, name in enumerate(names, start=1):
            file.set_band_description(i, name)


def write_scene_folder(root: Path, scene: Scene) -> Path:
    """The scene as ``<id>/s1.tif, s2_clear.tif[, s2_cloudy.tif]``, only with the bands that exist."""
    folder = root / scene.id
    names = [b for b, there in zip(OPTICAL_BANDS, scene.bands) if there]
    for kind, values in (("clear", scene.clear), ("cloudy", scene.cloudy)):
        if values is not None:
            # Bright ones do not tell by themselves that they have no offset.
            write_tiff(folder / f"s2_{kind}.tif", values[scene.bands], names, BOA_ADD_OFFSET="0")
    if scene.sar is not None:
        polarisations = [b for b, there in zip(SAR_BANDS, scene.sar_bands) if there]
        write_tiff(folder / "s1.tif", scene.sar[scene.sar_bands].astype(np.float32) / 100, polarisations)
    return folder
