# SPDX-License-Identifier: GPL-3.0-or-later
"""A batch of scenes against the number of worker processes; starting processes and loading the model included."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

from dbcr_core.batch import run_batch
from dbcr_core.job import CloudRemovalJob
from dbcr_core.process_crew import ProcessCrew, available_cores
from dbcr_core.scene_list import Scene

from .scenes import write_pair
from .timing import paired_ratio, summary


def measure_workers(model: str, folder: Path, size: int, scenes: int, turns: int) -> dict[str, Any]:
    """Seconds of a batch with 1, 2 … workers, each with its share of the cores."""
    optical, sar = write_pair(folder, size, size)
    counts = sorted({1, 2, available_cores()})
    seconds: dict[int, list[float]] = {count: [] for count in counts}
    for _ in range(turns):
        for count in counts:
            output = folder / "batch"
            shutil.rmtree(output, ignore_errors=True)
            jobs = [
                Scene(f"s{n}", CloudRemovalJob(optical, sar, str(output / f"s{n}.tif"), model=model, mask="none"))
                for n in range(scenes)
            ]
            start = time.perf_counter()
            report = run_batch(jobs, str(output), lambda count=count: ProcessCrew(count), retries=0)
            seconds[count].append(time.perf_counter() - start)
            if not report.is_complete:
                raise RuntimeError("\n".join(report.lines()))
    return {
        "size": size,
        "scenes": scenes,
        "turns": turns,
        "rows": [
            {"workers": count, **summary(times), "speed_up": round(paired_ratio(seconds[1], times), 3)}
            for count, times in seconds.items()
        ],
    }
