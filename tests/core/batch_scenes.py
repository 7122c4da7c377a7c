# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder of small scenes and a small model, for the tests of batches."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

from dbcr_core.band_names import OPTICAL_BANDS
from tests.core.raster_files import backscatter_db, reflective_dn, write_raster
from tests.plugin.tiny_model import write_tiny_model

SHAPE = (140, 150)


def write_scenes(folder: Path, names: tuple[str, ...], shape: tuple[int, int] = SHAPE) -> Path:
    """Writes `NAME_s2.tif` and `NAME_s1.tif` for each name, the model, and the list of them; returns the list."""
    height, width = shape
    for number, name in enumerate(names):
        values = reflective_dn(13, height, width, seed=number)
        values[:, : height // 2] += 4000
        write_raster(folder / f"{name}_s2.tif", values, descriptions=OPTICAL_BANDS, nodata=0)
        write_raster(folder / f"{name}_s1.tif", backscatter_db(height, width, seed=number), descriptions=("VV", "VH"))
    write_tiny_model(folder / "tiny.dbcr")
    rows = [
        {
            "name": name,
            "optical": f"{name}_s2.tif",
            "sar": f"{name}_s1.tif",
            "model": "tiny.dbcr",
            "datetime": "2020-08-23",
        }
        for name in names
    ]
    return write_table(folder / "scenes.csv", rows)


def write_table(path: Path, rows: list[dict[str, object]]) -> Path:
    """A CSV list with the keys of the first row."""
    with open(path, "w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def status_of(folder: Path, name: str) -> dict:
    """A scene's status file."""
    return json.loads((folder / "status" / f"{name}.json").read_text(encoding="utf-8"))


def stamps(folder: Path) -> dict[str, int]:
    """When each visible GeoTIFF of a folder was written."""
    return {path.name: path.stat().st_mtime_ns for path in sorted(folder.glob("*.tif"))}


def clouds(shape: tuple[int, int]) -> np.ndarray:
    """(1, h, w) a mask with a cloud in the middle."""
    mask = np.zeros((1, *shape), np.uint8)
    mask[:, shape[0] // 3 : shape[0] // 2, shape[1] // 3 : shape[1] // 2] = 1
    return mask
