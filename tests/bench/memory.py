# SPDX-License-Identifier: GPL-3.0-or-later
"""Peak resident memory of the whole job against the scene's size, with a network that costs nothing and a real one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Sequence

from .scenes import ROOT, write_pair

TRIVIAL = "trivial network"
QUICK_CASES = ((512, 512, 0, ""), (512, 2048, 0, ""), (1024, 1024, 0, ""), (2048, 1024, 0, ""), (512, 512, 1, ""))
FULL_CASES = (
    (1024, 1024, 0, ""), (1024, 4096, 0, ""), (4096, 4096, 0, ""), (10980, 2048, 0, ""), (10980, 10980, 0, ""),
    (10980, 640, 1, ""), (10980, 1024, 1, ""), (10980, 640, 3, ""),
    (10980, 832, 1, "mask"), (10980, 832, 1, "outputs"), (10980, 832, 3, "outputs"),
)  # fmt: skip
"""(width, height, NFE of the given model, 0 for a trivial network, what more): the whole tile's height with the latter,
full rows with the former. More: the model's own mask and levels matched, and with "outputs" the two further outputs."""

MORE = {"": "", "mask": ", own mask", "outputs": ", own mask, all outputs"}

LIMIT_BYTES = 1_500_000_000
"""What a Sentinel-2 tile of 10,980 × 10,980 × 13 may take."""


def measure_memory(model: str, folder: Path, cases: Sequence[tuple[int, int, int, str]]) -> dict[str, Any]:
    """Peak bytes per case, each in a process of its own; 13 bands, 16 bit, every pixel unless more is said."""
    rows = []
    for width, height, nfe, more in cases:
        optical, sar = write_pair(folder, width, height)
        network = ["", model, str(nfe), more] if nfe else []
        output = folder / "memory.tif"
        command = [sys.executable, "-m", "tests.bench.memory_child", optical, sar, str(output), *network]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        result = json.loads(run.stdout)
        rows.append(
            {
                "network": f"real network, NFE {nfe}{MORE[more]}" if nfe else TRIVIAL,
                "width": width,
                "height": height,
                "input_mb": round(width * height * 13 * 2 / 1e6, 1),
                "peak_mb": round(result["peak_bytes"] / 1e6, 1),
                "start_mb": round(result["start_bytes"] / 1e6, 1),
                "seconds": result["seconds"],
                "megapixels_per_s": round(width * height / 1e6 / result["seconds"], 3),
            }
        )
        for path in (Path(optical), Path(sar), *folder.glob(f"{output.name}*")):
            if width * height > 4_000_000:
                path.unlink()
    return {"rows": rows, "limit_mb": LIMIT_BYTES / 1e6}
