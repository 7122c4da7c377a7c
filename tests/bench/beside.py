# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user waits for before and after a job: inspecting the inputs, assessing the result.

Against decoding the same files once, band by band, with nothing else: GeoTIFFs without overviews, and an optical
image as a product of JPEG 2000.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any, Callable

import rasterio
from rasterio.windows import Window

from dbcr_core.assess import assess
from dbcr_core.inspect import inspect_inputs
from dbcr_core.rasters.remembered import remembered

from .scenes import write_pair, write_product
from .timing import interleaved, paired_ratio, summary

ROWS = 1024  # a row of tiles of JPEG 2000
SETTLED = 2.5  # seconds; what was read of a younger file is not remembered


def measure_beside(folder: Path, side: int, turns: int) -> dict[str, Any]:
    """Rows of median seconds, and of the ratio to decoding what the case reads."""
    optical, sar = write_pair(folder, side, side)
    product = write_product(folder, side)
    images = sorted(str(path) for path in Path(product).rglob("*.jp2"))
    result = str(folder / f"result_{side}.tif")
    shutil.copyfile(optical, result)
    time.sleep(SETTLED)
    cases: dict[str, tuple[list[str], Callable[[], Any]]] = {
        "inspect a pair of GeoTIFFs": ([optical, sar], lambda: _inspect(optical, sar)),
        "inspect it again": ([optical, sar], lambda: inspect_inputs(optical, sar)),
        "inspect a product and a GeoTIFF": ([*images, sar], lambda: _inspect(product, sar)),
        "assess a GeoTIFF against a GeoTIFF": ([result, optical], lambda: assess(result, optical)),
        "assess a GeoTIFF against a product": ([result, *images], lambda: assess(result, product)),
    }
    rows = []
    for name, (files, run) in cases.items():
        decoding = f"decode the files of: {name}"
        seconds = interleaved({decoding: lambda files=files: _decode(files), name: run}, turns)
        for case in (decoding, name):
            ratio = paired_ratio(seconds[case], seconds[decoding])
            rows.append({"side": side, "case": case, **summary(seconds[case]), "over_decoding": round(ratio, 3)})
    return {"rows": rows, "turns": turns}


def _inspect(optical: str, sar: str) -> None:
    remembered.clear()
    inspect_inputs(optical, sar)


def _decode(files: list[str]) -> None:
    """Every pixel once, on one thread but for JPEG 2000, where GDAL's own threads help."""
    for name in files:
        with rasterio.open(name) as source:
            for top in range(0, source.height, ROWS):
                source.read(window=Window(0, top, source.width, min(ROWS, source.height - top)))
