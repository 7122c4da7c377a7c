# SPDX-License-Identifier: GPL-3.0-or-later
"""One whole job in a process of its own; prints its peak memory and time as JSON.

python -m tests.bench.memory_child OPTICAL SAR OUTPUT [CACHE_BYTES [MODEL [NFE]]]

Without a model file the network is a trivial one.
"""

from __future__ import annotations

import json
import sys
import time
from types import SimpleNamespace

import numpy as np

from dbcr_core.predictors import Prediction
from dbcr_core.scene import remove_clouds
from tests.core.predictors import plain_card


class TrivialPredictor:
    """Darkens by a tenth, so that every pixel is computed, blended and written, and nothing else costs memory."""

    device = "none"

    def __init__(self) -> None:
        self.card = plain_card()

    def encode_sar(self, sar):
        """The radar itself."""
        return sar

    def predict_clear(self, x_t, t, sar_features):
        """Nine tenths of the input."""
        return Prediction(np.float32(0.9) * x_t)

    def close(self) -> None:
        """Nothing to free."""


def peak_resident_bytes() -> int:
    """The largest resident size this program has had.

    Linux's VmHWM counts from the program's start; getrusage would count the parent that started it, too.
    """
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        if sys.platform == "win32":
            import psutil

            return psutil.Process().memory_info().peak_wset
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def main(optical: str, sar: str, output: str, cache: str = "", model: str = "", nfe: str = "1", more: str = "") -> None:
    """Runs the job and prints the result."""
    if cache:
        from dbcr_core.rasters import RasterSource
        from dbcr_core.rasters import cache as limits

        # Before the backend is loaded, which takes them over.
        limits.CACHE_BYTES = limits.COPY_CACHE_BYTES = RasterSource.cache_bytes = int(cache)
        limits.COPY_OPTIONS = {**limits.COPY_OPTIONS, "GDAL_SWATH_SIZE": cache}
    import rasterio  # noqa: F401 (its own size belongs to the start)

    start = SimpleNamespace(bytes=peak_resident_bytes(), seconds=time.perf_counter())
    network = {"model": model} if model else {"predictor": TrivialPredictor()}
    further = {"changed": f"{output}.changed.tif", "uncertainty": f"{output}.uncertainty.tif"}
    options = {"mask": "auto" if more else "none", **(further if more == "outputs" else {})}
    report = remove_clouds(optical, sar or None, output, nfe=int(nfe), device="cpu", **options, **network)
    print(
        json.dumps(
            {
                "peak_bytes": peak_resident_bytes(),
                "start_bytes": start.bytes,
                "seconds": round(time.perf_counter() - start.seconds, 2),
                "tiles": report.tiles,
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
