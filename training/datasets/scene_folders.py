# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes of one's own region: a folder per scene with ``s1.tif``, ``s2_clear.tif`` and perhaps ``s2_cloudy.tif``.

Facts: all rasters of a scene share one grid; Sentinel-2 values are DN = reflectance x 10000 without offset, nodata is 0
or what the file declares; Sentinel-1 is sigma0 or gamma0 in dB. Band descriptions (B01 … B12, VV, VH) decide which
bands exist: missing bands, a missing VH or a missing ``s1.tif`` are ordinary. A scene without ``s2_clear.tif`` lends
its clouds only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from dbcr_core.errors import InputError

from .reading import check_same_place, read_optical, read_sar
from .scene import Scene, spread_optical, spread_sar

RASTERS = ("s1.tif", "s2_clear.tif", "s2_cloudy.tif")


def scene_paths(root: Path) -> list[Path]:
    """Folders under ``root`` that hold a scene, sorted. Raises InputError when there are none."""
    paths = sorted({p.parent for name in RASTERS[1:] for p in Path(root).glob(f"*/{name}")})
    if not paths:
        raise InputError(f"{root} holds no scenes; put <id>/s2_clear.tif (and s1.tif, s2_cloudy.tif) into it.")
    return paths


def read_scene(folder: Path, group: str | None = None, sar_kind: str = "db", is_known_dn: bool = False) -> Scene:
    """Read one scene folder; ``group`` defaults to the name of the folder above. ``is_known_dn``: its images have no
    offset, whether they tell so or not.

    Raises InputError that names the file for wrong units, no data, unknown bands, or another grid than the others'.
    """
    optical, paths, grids = {}, [], []
    bands = None
    for name in ("clear", "cloudy"):
        path = folder / f"s2_{name}.tif"
        if path.exists():
            values, names, grid = read_optical(path, is_known_dn)
            optical[name], present = spread_optical(values, names, str(path))
            bands = present if bands is None else bands & present
            paths.append(path)
            grids.append(grid)
    if bands is None:
        raise InputError(f"{folder} holds neither s2_clear.tif nor s2_cloudy.tif; put one of them there.")
    if not bands.any():
        raise InputError(f"{folder}: s2_clear.tif and s2_cloudy.tif share no band; give both the same bands.")
    for values in optical.values():
        values[~bands] = 0
    sar = sar_bands = None
    path = folder / "s1.tif"
    if path.exists():
        values, names, grid = read_sar(path)
        sar, sar_bands = spread_sar(values, names, str(path))
        paths.append(path)
        grids.append(grid)
    for path, grid in zip(paths[1:], grids[1:]):
        check_same_place(path, grid, paths[0], grids[0])
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


def require_clear(scenes: Sequence[Scene], where: Path) -> None:
    """Raises InputError unless there is a clear image, which is what a network learns from."""
    if not any(scene.clear is not None for scene in scenes):
        raise InputError(f"{where} holds no clear image; add at least one <id>/s2_clear.tif.")


def read_scenes(root: Path) -> Iterator[Scene]:
    """Every scene under ``root``."""
    for folder in scene_paths(root):
        yield read_scene(folder)
