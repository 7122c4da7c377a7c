# SPDX-License-Identifier: GPL-3.0-or-later
"""A batch of scenes against the number of worker processes; starting processes and loading the model included."""

from __future__ import annotations

import shutil
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Iterator

from dbcr_core.batch import run_batch
from dbcr_core.batch.dask_crew import DaskCrew
from dbcr_core.batch.process_crew import ProcessCrew
from dbcr_core.batch.scene_row import Scene
from dbcr_core.cores import available_cores
from dbcr_core.job import CloudRemovalJob

from .scenes import write_pair
from .timing import paired_ratio, summary


def measure_workers(model: str, folder: Path, size: int, scenes: int, turns: int) -> dict[str, Any]:
    """Seconds of a batch with 1, 2 … workers, each with its share of the cores, as processes and as Dask workers."""
    optical, sar = write_pair(folder, size, size)
    counts = sorted({1, 2, available_cores()})
    seconds: dict[tuple[str, int], list[float]] = {}
    missing: dict[str, str] = {}
    for _ in range(turns):
        for count in counts:
            crews: dict[str, Any] = {"processes": lambda count=count: ProcessCrew(count)}
            with ExitStack() as stack:
                try:
                    address = stack.enter_context(_dask_cluster(count))
                    crews["Dask"] = lambda address=address: DaskCrew(address, str(folder / "batch"))
                except ImportError as error:
                    missing["Dask"] = str(error)
                for kind, open_crew in crews.items():
                    jobs = _scenes(model, folder, optical, sar, scenes, max(1, available_cores() // count))
                    start = time.perf_counter()
                    report = run_batch(jobs, str(folder / "batch"), open_crew, retries=0)
                    seconds.setdefault((kind, count), []).append(time.perf_counter() - start)
                    if not report.is_complete:
                        raise RuntimeError("\n".join(report.lines()))
    return {
        "size": size,
        "scenes": scenes,
        "turns": turns,
        "missing": missing,
        "rows": [
            {
                "crew": kind,
                "workers": count,
                **summary(times),
                "speed_up": round(paired_ratio(seconds["processes", 1], times), 3),
            }
            for (kind, count), times in sorted(seconds.items(), reverse=True)
        ],
    }


def _scenes(model: str, folder: Path, optical: str, sar: str, count: int, threads: int) -> list[Scene]:
    """As many scenes with nothing done yet."""
    output = folder / "batch"
    shutil.rmtree(output, ignore_errors=True)
    options = {"model": model, "mask": "none", "device": "cpu", "threads": threads}
    return [Scene(f"s{n}", CloudRemovalJob(optical, sar, str(output / f"s{n}.tif"), **options)) for n in range(count)]


@contextmanager
def _dask_cluster(workers: int) -> Iterator[str]:
    """Address of a scheduler with that many worker processes that are ready."""
    import distributed

    with distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as cluster:
        with distributed.Client(cluster, set_as_default=False) as client:
            client.wait_for_workers(workers)
        yield cluster.scheduler_address
