# SPDX-License-Identifier: GPL-3.0-or-later
"""Graphics cards: single calls, many calls at once, and whole jobs, beside the card's own matrix products."""

from __future__ import annotations

import statistics
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Iterator

import numpy as np

from dbcr_core.errors import DbcrError
from dbcr_core.network import NetworkConfig, count_macs
from dbcr_core.predictors import open_predictor
from dbcr_core.predictors.golden_tile import golden_tile
from dbcr_core.sampler import sample_bridge
from dbcr_core.scene import remove_clouds
from dbcr_core.tiles import TilePlan

from .scenes import write_pair
from .timing import interleaved, summary

DEVICES = ("cuda", "torch-cuda")
NFES = (1, 5)
CALLS = 12
"""Of as many tiles as a call takes, one after the other and at once."""


def measure_gpu(model: str, folder: Path, size: int, turns: int) -> dict[str, Any]:
    """On an NVIDIA GPU: seconds and megapixels per second by library, and the share of the roofline.

    The roofline is the same card's own float32 matrix product. Jobs are of size² pixels, every one reconstructed; their
    share counts the evaluations of all tiles, which overlap. Without such a card only the reason is told.
    """
    import torch

    if not torch.cuda.is_available():
        return {"rows": [], "missing": {"GPU": "no NVIDIA GPU that torch reaches"}}
    ceiling = _ceiling(torch, turns)
    rows, missing = [], {}
    for device in DEVICES:
        try:
            rows += _measure(model, device, folder, size, turns, ceiling)
        except DbcrError as error:
            missing[device] = str(error)
    card = torch.cuda.get_device_name()
    return {"rows": rows, "missing": missing, "card": card, "ceiling_tflop_per_s": round(ceiling, 1), "turns": turns}


def _measure(model: str, device: str, folder: Path, size: int, turns: int, ceiling: float) -> list[dict[str, Any]]:
    """The rows of one library."""
    predictor = open_predictor(model, device, at_once=9, heads=[])
    teraflop = 2 * count_macs(NetworkConfig.from_dict(predictor.card.network), predictor.card.tile_size) / 1e12
    cases: dict[str, Callable[[], Any]] = {}
    work: dict[str, tuple[float, int]] = {}
    optical, sar = write_pair(folder, size, size)
    for nfe in NFES:
        for name, tiles, run in _calls(predictor, nfe):
            cases[name] = run
            work[name] = tiles * predictor.card.tile_size**2 / 1e6, tiles * nfe
        name = f"job of {size}², NFE {nfe}"
        cases[name] = lambda nfe=nfe: remove_clouds(
            optical, sar, str(folder / "card.tif"), predictor=predictor, mask="none", nfe=nfe
        )
        work[name] = size**2 / 1e6, TilePlan(size, size).count * nfe
    seconds = interleaved(cases, turns)
    predictor.close()
    rows = []
    for name, times in seconds.items():
        (megapixels, evaluations), middle = work[name], statistics.median(times)
        rows.append(
            {
                "device": device,
                "case": name,
                **summary(times),
                "megapixels_per_s": round(megapixels / middle, 2),
                "share_of_ceiling": round(evaluations * teraflop / middle / ceiling, 4),
            }
        )
    return rows


def _calls(predictor: Any, nfe: int) -> Iterator[tuple[str, int, Callable[[], Any]]]:
    """Case, its tiles, and what runs it, from arrays to arrays."""

    def walk(tiles: int) -> Callable[..., np.ndarray]:
        cloudy, sar = (np.repeat(image, tiles, axis=0) for image in golden_tile(predictor.card.tile_size))

        def run(*_: Any) -> np.ndarray:
            *_, last = sample_bridge(predictor, cloudy, predictor.encode_sar(sar), nfe)
            return last.prediction.clear

        return run

    most = predictor.tiles_per_call
    yield f"a tile, NFE {nfe}", 1, walk(1)
    many = walk(most)
    yield f"{most} tiles in a call, NFE {nfe}", most, many

    def together() -> None:
        with ThreadPoolExecutor(predictor.at_once) as pool:
            list(pool.map(many, range(CALLS)))

    yield f"{CALLS} such calls, {predictor.at_once} at once, NFE {nfe}", most * CALLS, together


def _ceiling(torch: Any, turns: int) -> float:
    """TFLOP/s of the card's own product of large float32 matrices."""
    matrix = torch.rand(8192, 8192, device="cuda")

    def product() -> None:
        _ = matrix @ matrix
        torch.cuda.synchronize()

    times = interleaved({"product": product}, turns)["product"]
    return 2 * 8192**3 / statistics.median(times) / 1e12
