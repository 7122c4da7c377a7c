# SPDX-License-Identifier: GPL-3.0-or-later
"""Peak resident memory of the whole job against the scene's size, with a network that costs nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Sequence

from .scenes import write_pair

ROOT = Path(__file__).resolve().parents[2]
QUICK_SHAPES = ((512, 512), (512, 2048), (1024, 1024), (2048, 1024))
FULL_SHAPES = ((1024, 1024), (1024, 4096), (2048, 2048), (4096, 4096), (10980, 2048), (10980, 10980))
LIMIT_BYTES = 1_500_000_000
"""What a Sentinel-2 tile of 10,980 × 10,980 × 13 may take."""


def measure_memory(folder: Path, shapes: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Peak bytes per (width, height), each in a process of its own; 13 bands, 16 bit."""
    rows = []
    for width, height in shapes:
        optical, sar = write_pair(folder, width, height)
        command = [sys.executable, "-m", "tests.bench.memory_child", optical, sar, str(folder / "memory.tif")]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        result = json.loads(run.stdout)
        rows.append(
            {
                "width": width,
                "height": height,
                "input_mb": round(width * height * 13 * 2 / 1e6, 1),
                "peak_mb": round(result["peak_bytes"] / 1e6, 1),
                "start_mb": round(result["start_bytes"] / 1e6, 1),
                "seconds": result["seconds"],
                "megapixels_per_s": round(width * height / 1e6 / result["seconds"], 3),
            }
        )
        for path in (optical, sar, str(folder / "memory.tif")):
            if width * height > 4_000_000:
                Path(path).unlink()
    return {"rows": rows, "limit_mb": LIMIT_BYTES / 1e6}
