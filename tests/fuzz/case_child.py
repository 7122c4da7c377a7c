# SPDX-License-Identifier: GPL-3.0-or-later
"""A process that opens one model file or raster after another, so that a crash of a library is seen.

Reads paths from stdin, one a line (models end in .dbcr); answers each with one line of JSON: {"ending", "message"},
where the ending is "accepted", "refused" (a documented error) or "fault" (anything else).
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import sys
import traceback

import numpy as np

from dbcr_core.errors import DbcrError
from dbcr_core.grid import Window
from dbcr_core.predictors import open_predictor
from dbcr_core.rasters import open_raster
from dbcr_core.sampler import sample_bridge

MEMORY_BYTES = 4_000_000_000


def try_model(path: str) -> None:
    """Runs two evaluations of a model on 16 × 16 pixels and on 64 × 64, the tiny network's tile."""
    with contextlib.closing(open_predictor(path, "cpu", 1)) as network:
        for side in (16, 64):
            tile = np.full((1, 13, side, side), 0.3, np.float32)
            features = network.encode_sar(tile[:, :2])
            for step in sample_bridge(network, tile, features, 2, None):
                assert step.prediction.clear.shape == tile.shape
        json.dumps(network.card.to_json())


def try_raster(path: str) -> None:
    """Reads a corner of a raster through both libraries, as it is and warped onto its own grid."""
    for backend in ("gdal", "rasterio"):
        with open_raster(path, backend) as raster:
            corner = raster.grid.window.intersection(Window(0, 0, 64, 64))
            raster.read([1], corner)
            with raster.warped(raster.grid.crop(corner), [1]) as aligned:
                aligned.read([1], aligned.grid.window)


def ending_of(path: str) -> dict:
    """How one case ended."""
    try:
        (try_model if path.endswith(".dbcr") else try_raster)(path)
    except DbcrError as error:
        return {"ending": "refused", "message": str(error)}
    except MemoryError:
        return {"ending": "refused", "message": "There is not enough memory for this job."}
    except BaseException:
        return {"ending": "fault", "message": traceback.format_exc()}
    return {"ending": "accepted", "message": ""}


def main() -> None:
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    faulthandler.enable()
    for line in sys.stdin:
        print(json.dumps(ending_of(line.rstrip("\n"))), flush=True)


if __name__ == "__main__":
    main()
