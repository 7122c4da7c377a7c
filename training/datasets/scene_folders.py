# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes of one's own region: a folder per scene with ``s1.tif``, ``s2_clear.tif`` and perhaps ``s2_cloudy.tif``.

Facts: all rasters of a scene share one grid; Sentinel-2 values are DN = reflectance x 10000 without offset, 0 = nodata;
Sentinel-1 is sigma0 or gamma0 in dB. Band descriptions (B01 … B12, VV, VH) decide which bands exist: missing bands, a
missing VH or a missing ``s1.tif`` are ordinary. A scene without ``s2_clear.tif`` lends its clouds only.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dbcr_core.errors import InputError

from .reading import read_raster
from .scene import Scene, spread_optical, spread_sar

RASTERS = ("s1.tif", "s2_clear.tif", "s2_cloudy.tif")


def scene_paths(root: Path) -> list[Path]:
    """Folders under ``root`` that hold a scene, sorted. Raises InputError when there are none."""
    paths = sorted({p.parent for name in RASTERS[1:] for p in Path(root).glob(f"*/{name}")})
    if not paths:
        raise InputError(f"{root} holds no scenes; put <id>/s2_clear.tif (and s1.tif, s2_cloudy.tif) into it.")
    return paths


def read_scene(folder: Path, group: str | None = None, sar_kind: str = "db") -> Scene:
    """Read one scene folder; ``group`` defaults to the name of the folder above."""
    optical = {}
    bands = None
    for name in ("clear", "cloudy"):
        path = folder / f"s2_{name}.tif"
        if path.exists():
            values, present = spread_optical(*read_raster(path), where=str(path))
            bands = present if bands is None else bands & present
            optical[name] = values
    if bands is None:
        raise InputError(f"{folder} holds neither s2_clear.tif nor s2_cloudy.tif.")
    for values in optical.values():
        values[~bands] = 0
    sar = sar_bands = None
    if (folder / "s1.tif").exists():
        sar, sar_bands = spread_sar(*read_raster(folder / "s1.tif"), where=str(folder / "s1.tif"))
    return Scene(
        id=folder.name,
        group=group or folder.parent.name,
        bands=bands,
        clear=optical.get("clear"),
        cloudy=optical.get("cloudy"),
        sar=sar,
        sar_bands=sar_bands,
        sar_kind=sar_kind,
    )


def read_scenes(root: Path, group: str | None = None) -> Iterator[Scene]:
    """Every scene under ``root``."""
    for folder in scene_paths(root):
        yield read_scene(folder, group)
