# SPDX-License-Identifier: GPL-3.0-or-later
"""A batch of scenes by `python -m dbcr_core batch` against the number of workers, loading the model included.

The command, in a process of its own: workers begin by importing their main module again, and this suite is heavy.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Iterator

from dbcr_core.cores import available_cores

from .scenes import ROOT, write_pair
from .timing import paired_ratio, summary


def measure_workers(model: str, folder: Path, size: int, scenes: int, turns: int) -> dict[str, Any]:
    """Seconds of a batch with 1, 2 … workers, each with its share of the cores, as processes and as Dask workers."""
    optical, sar = write_pair(folder, size, size)
    listed = folder / "scenes.json"
    listed.write_text(json.dumps([{"name": f"s{n}", "optical": optical, "sar": sar} for n in range(scenes)]))
    counts = sorted({1, 2, available_cores()})
    seconds: dict[tuple[str, int], list[float]] = {}
    missing: dict[str, str] = {}
    for _ in range(turns):
        for count in counts:
            crews = {"processes": ["--workers", str(count)]}
            with ExitStack() as stack:
                try:
                    crews["Dask"] = ["--scheduler", stack.enter_context(_dask_cluster(count))]
                except ImportError as error:
                    missing["Dask"] = str(error)
                for kind, options in crews.items():
                    threads = str(max(1, available_cores() // count))
                    options = [*options, "--threads", threads, "--model", model]
                    seconds.setdefault((kind, count), []).append(_batch_seconds(listed, folder / "batch", options))
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


def _batch_seconds(listed: Path, output: Path, options: list[str]) -> float:
    """How long the command takes with nothing done yet."""
    shutil.rmtree(output, ignore_errors=True)
    fixed = ["--output", str(output), "--mask", "none", "--device", "cpu", "--retries", "0", "--quiet"]
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "dbcr_core", "batch", str(listed), *fixed, *options],
        cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - start


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
