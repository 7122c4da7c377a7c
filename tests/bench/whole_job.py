# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole job: megapixels per second against size, cloud cover, NFE and threads; and what inference alone takes."""

from __future__ import annotations

import os
import statistics
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Sequence

from dbcr_core.cores import available_cores
from dbcr_core.predictors import open_predictor
from dbcr_core.predictors.golden_tile import golden_tile
from dbcr_core.rasters import COMPRESSIONS
from dbcr_core.sampler import sample_bridge
from dbcr_core.scene import remove_clouds
from dbcr_core.tiles import TilePlan

from .scenes import write_mask, write_pair
from .timing import interleaved, paired_ratio, summary

SIZES = (256, 640, 1216, 1984, 2848)
QUICK_SIZES = (256, 448, 832)
PAPER_SIZES = (256, 1216, 1984)
QUICK_PAPER_SIZES = (256, 448)
COVERS = (0.0, 0.25, 0.5, 0.75, 1.0)
NFES = (1, 2, 3, 5)


def measure_sizes(model: str, folder: Path, sizes: Sequence[int], turns: int, threads: int) -> dict[str, Any]:
    """Cost per tile against size (it must be flat), and the whole job over as many evaluations with nothing else."""
    cases: dict[str, Callable[[], Any]] = {}
    tiles = {size: TilePlan(size, size).count for size in sizes}
    predictors = {size: open_predictor(model, "cpu", threads, at_once=tiles[size]) for size in sizes}
    for size in sizes:
        cases[f"job {size}"] = _job(folder, size, predictors[size])
        cases[f"network {size}"] = lambda size=size: _walk(predictors[size], tiles[size])
    seconds = interleaved(cases, turns)
    rows = []
    for size in sizes:
        times, alone = seconds[f"job {size}"], seconds[f"network {size}"]
        megapixels = size**2 / 1e6
        rows.append(
            {
                "size": size,
                "megapixels": round(megapixels, 3),
                "tiles": tiles[size],
                **_beside_network(times, alone),
                "megapixels_per_s": round(megapixels / statistics.median(times), 4),
                "seconds_per_tile": round(statistics.median(times) / tiles[size], 4),
                # Without what every job costs, however small its scene.
                "further_over_inference": _further(seconds, sizes[0], size),
            }
        )
        predictors[size].close()
    return {"rows": rows, "turns": turns}


def _further(seconds: dict[str, list[float]], smallest: int, size: int) -> float | None:
    """What the pixels beyond the smallest scene cost, over the evaluations that they need."""
    if size == smallest:
        return None
    job, network = (
        [large - small for small, large in zip(seconds[f"{kind} {smallest}"], seconds[f"{kind} {size}"])]
        for kind in ("job", "network")
    )
    return round(paired_ratio(job, network), 3)


def _job(folder: Path, size: int, predictor: Any, **options: Any) -> Callable[[], Any]:
    optical, sar = write_pair(folder, size, size)
    values = {"mask": "none", **options}
    return lambda: remove_clouds(optical, sar, str(folder / "out.tif"), predictor=predictor, **values)


def _walk(predictor: Any, tiles: int, nfe: int = 1) -> None:
    """The bridge of one tile, so many times, with nothing around it, as many at once as the predictor allows."""
    cloudy, sar = golden_tile(predictor.card.tile_size)

    def walk(_: int) -> None:
        for _step in sample_bridge(predictor, cloudy, predictor.encode_sar(sar), nfe):
            pass

    with ThreadPoolExecutor(predictor.at_once) as pool:
        list(pool.map(walk, range(tiles)))


def measure_cover(model: str, folder: Path, size: int, turns: int, threads: int) -> dict[str, Any]:
    """Time against the share of cloudy pixels; tiles without cloud never reach the network."""
    optical, sar = write_pair(folder, size, size)
    predictor = open_predictor(model, "cpu", threads, at_once=threads)
    evaluations: dict[str, int] = {}

    def job(cover: float) -> Callable[[], None]:
        mask = write_mask(folder, size, size, cover)

        def run() -> None:
            report = remove_clouds(
                optical, sar, str(folder / "out.tif"), predictor=predictor, mask=mask, mask_kind="binary"
            )
            evaluations[str(cover)] = report.evaluations

        return run

    seconds = interleaved({str(cover): job(cover) for cover in COVERS}, turns)
    predictor.close()
    whole = seconds[str(COVERS[-1])]
    return {
        "size": size,
        "turns": turns,
        "rows": [
            {
                "cover": float(cover),
                "evaluations": evaluations[cover],
                **summary(times),
                "of_full_cover": round(paired_ratio(times, whole), 3),
                "evaluations_of_full_cover": round(evaluations[cover] / evaluations[str(COVERS[-1])], 3),
            }
            for cover, times in seconds.items()
        ],
    }


def measure_steps(model: str, folder: Path, size: int, turns: int, threads: int) -> dict[str, Any]:
    """Time against NFE, radar features being computed once per tile; and against as many walks with nothing else."""
    predictor, tiles = open_predictor(model, "cpu", threads, at_once=threads), TilePlan(size, size).count
    cases: dict[str, Callable[[], Any]] = {}
    for nfe in NFES:
        cases[f"job {nfe}"] = _job(folder, size, predictor, nfe=nfe)
        cases[f"network {nfe}"] = lambda nfe=nfe: _walk(predictor, tiles, nfe)
    seconds = interleaved(cases, turns)
    predictor.close()
    return {
        "size": size,
        "turns": turns,
        "rows": [
            {
                "nfe": nfe,
                **_beside_network(seconds[f"job {nfe}"], seconds[f"network {nfe}"]),
                "over_nfe_1": round(paired_ratio(seconds[f"job {nfe}"], seconds["job 1"]), 3),
            }
            for nfe in NFES
        ],
    }


def _beside_network(job: Sequence[float], network: Sequence[float]) -> dict[str, float]:
    """A job's seconds, those of as many walks with nothing else, and their ratio."""
    return {
        **summary(job),
        "network_s": round(statistics.median(network), 4),
        "job_over_inference": round(paired_ratio(job, network), 3),
    }


def measure_compressions(model: str, folder: Path, size: int, turns: int, threads: int) -> dict[str, Any]:
    """Time and the file's size by the way it is compressed; and against as many walks with nothing else."""
    predictor, tiles = open_predictor(model, "cpu", threads, at_once=threads), TilePlan(size, size).count
    file_bytes: dict[str, int] = {}

    def job(compression: str) -> Callable[[], None]:
        run = _job(folder, size, predictor, compression=compression)

        def measured() -> None:
            file_bytes[compression] = os.path.getsize(run().output)

        return measured

    seconds = interleaved(
        {**{name: job(name) for name in COMPRESSIONS}, "network": lambda: _walk(predictor, tiles)}, turns
    )
    predictor.close()
    usual = COMPRESSIONS[0]
    return {
        "size": size,
        "turns": turns,
        "rows": [
            {
                "compression": name,
                **_beside_network(seconds[name], seconds["network"]),
                "over_usual": round(paired_ratio(seconds[name], seconds[usual]), 3),
                "bytes_over_usual": round(file_bytes[name] / file_bytes[usual], 3),
            }
            for name in COMPRESSIONS
        ],
    }


def measure_threads(model: str, folder: Path, size: int, turns: int) -> dict[str, Any]:
    """Time against threads of the network, 1, 2, 4 … all cores."""
    cores = available_cores()
    counts = sorted({1, cores, *(2**k for k in range(1, 10) if 2**k < cores)})
    predictors = {count: open_predictor(model, "cpu", count, at_once=count) for count in counts}
    seconds = interleaved({str(count): _job(folder, size, predictors[count]) for count in counts}, turns)
    for predictor in predictors.values():
        predictor.close()
    return {
        "size": size,
        "turns": turns,
        "rows": [
            {"threads": int(count), **summary(times), "speed_up": round(paired_ratio(seconds["1"], times), 3)}
            for count, times in seconds.items()
        ],
    }
