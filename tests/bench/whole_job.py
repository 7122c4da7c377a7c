# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole job: megapixels per second against size, cloud cover, NFE and threads; and what inference alone takes."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any, Callable, Sequence

import numpy as np

from dbcr_core.predictor import open_predictor
from dbcr_core.process_crew import available_cores
from dbcr_core.scene import remove_clouds

from .scenes import write_mask, write_pair
from .timing import interleaved, paired_ratio, summary

SIZES = (256, 448, 832, 1216)
QUICK_SIZES = (256, 448, 832)
COVERS = (0.0, 0.25, 0.5, 0.75, 1.0)
STEPS = (1, 2, 3, 5)


class StopwatchPredictor:
    """A predictor that adds up the time spent inside the network, by the clock and by the processor."""

    def __init__(self, model: str, threads: int | None = None) -> None:
        self._known = open_predictor(model, "cpu", threads)
        self.card, self.device = self._known.card, self._known.device
        self.model_sha256 = getattr(self._known, "model_sha256", "")
        self.seconds = self.processor_seconds = 0.0

    def encode_sar(self, sar: np.ndarray) -> Any:
        """Timed."""
        return self._timed(self._known.encode_sar, sar)

    def predict_clear(self, x_t: np.ndarray, t: int, sar_features: Any) -> Any:
        """Timed."""
        return self._timed(self._known.predict_clear, x_t, t, sar_features)

    def close(self) -> None:
        """Frees the network."""
        self._known.close()

    def _timed(self, run: Callable[..., Any], *arguments: Any) -> Any:
        start, processor = time.perf_counter(), time.process_time()
        result = run(*arguments)
        self.seconds += time.perf_counter() - start
        self.processor_seconds += time.process_time() - processor
        return result


def measure_sizes(model: str, folder: Path, sizes: Sequence[int], turns: int, threads: int) -> dict[str, Any]:
    """Cost per megapixel against size (it must be flat), and the whole job over pure inference."""
    predictor = StopwatchPredictor(model, threads)
    shares: dict[str, list[float]] = {str(size): [] for size in sizes}
    processor_shares: dict[str, list[float]] = {str(size): [] for size in sizes}
    tiles: dict[str, int] = {}

    def job(size: int) -> Callable[[], None]:
        optical, sar = write_pair(folder, size, size)

        def run() -> None:
            predictor.seconds = predictor.processor_seconds = 0.0
            start, processor = time.perf_counter(), time.process_time()
            report = remove_clouds(optical, sar, str(folder / "out.tif"), predictor=predictor, mask="none")
            shares[str(size)].append((time.perf_counter() - start) / predictor.seconds)
            processor_shares[str(size)].append((time.process_time() - processor) / predictor.processor_seconds)
            tiles[str(size)] = report.tiles

        return run

    seconds = interleaved({str(size): job(size) for size in sizes}, turns)
    rows = []
    for name, times in seconds.items():
        megapixels = int(name) ** 2 / 1e6
        rows.append(
            {
                "size": int(name),
                "megapixels": round(megapixels, 3),
                "tiles": tiles[name],
                **summary(times),
                "megapixels_per_s": round(megapixels / statistics.median(times), 4),
                "seconds_per_tile": round(statistics.median(times) / tiles[name], 4),
                "job_over_inference": round(statistics.median(shares[name]), 3),
                "processor_time_over_inference": round(statistics.median(processor_shares[name]), 3),
            }
        )
    predictor.close()
    return {"rows": rows, "turns": turns}


def measure_cover(model: str, folder: Path, size: int, turns: int, threads: int) -> dict[str, Any]:
    """Time against the share of cloudy pixels; tiles without cloud never reach the network."""
    optical, sar = write_pair(folder, size, size)
    predictor = StopwatchPredictor(model, threads)
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
    """Time against NFE; radar features are computed once per tile."""
    optical, sar = write_pair(folder, size, size)
    predictor = StopwatchPredictor(model, threads)

    def job(nfe: int) -> Callable[[], None]:
        return lambda: remove_clouds(optical, sar, str(folder / "out.tif"), predictor=predictor, mask="none", nfe=nfe)

    seconds = interleaved({str(nfe): job(nfe) for nfe in STEPS}, turns)
    predictor.close()
    return {
        "size": size,
        "turns": turns,
        "rows": [
            {"nfe": int(nfe), **summary(times), "over_nfe_1": round(paired_ratio(times, seconds["1"]), 3)}
            for nfe, times in seconds.items()
        ],
    }


def measure_threads(model: str, folder: Path, size: int, turns: int) -> dict[str, Any]:
    """Time against threads of the network, 1, 2, 4 … all cores."""
    optical, sar = write_pair(folder, size, size)
    cores = available_cores()
    counts = sorted({1, cores, *(2**k for k in range(1, 10) if 2**k < cores)})
    predictors = {count: StopwatchPredictor(model, count) for count in counts}

    def job(count: int) -> Callable[[], None]:
        return lambda: remove_clouds(optical, sar, str(folder / "out.tif"), predictor=predictors[count], mask="none")

    seconds = interleaved({str(count): job(count) for count in counts}, turns)
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
