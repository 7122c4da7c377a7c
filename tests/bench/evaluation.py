# SPDX-License-Identifier: GPL-3.0-or-later
"""Seconds per 256² evaluation of every backend, beside the machine's matrix-product ceiling."""

from __future__ import annotations

import statistics
from typing import Any

import numpy as np

from dbcr_core.model_card import read_model_file

from .backends import ENGINE, PLAIN, open_backends
from .timing import interleaved, paired_ratio, summary

MATRIX = 1536
CEILING = "matrix product"


def measure_evaluations(model: str, turns: int, threads: int) -> dict[str, Any]:
    """Times, differences of the results, GFLOP/s, and ratios to this engine."""
    card = read_model_file(model).card
    random = np.random.default_rng(0)
    x_t = random.random((1, 13, card.tile_size, card.tile_size), np.float32)
    sar = random.random((1, 2, card.tile_size, card.tile_size), np.float32)
    backends, missing = open_backends(model, threads)
    expected = backends[ENGINE](x_t, sar)
    difference = {name: float(np.abs(run(x_t, sar) - expected).max()) for name, run in backends.items()}
    product, library = _matrix_product(threads)
    cases = {name: (lambda run=run: run(x_t, sar)) for name, run in backends.items()}
    seconds = interleaved({**cases, CEILING: product}, turns)
    ceiling = [2 * MATRIX**3 / s / 1e9 for s in seconds.pop(CEILING)]
    gflop = _gflop(card.network, card.tile_size)
    rows = []
    for name, times in seconds.items():
        speed = None if gflop is None else [gflop / s for s in times]
        rows.append(
            {
                "backend": name,
                **summary(times),
                "times_this_engine": round(paired_ratio(times, seconds[ENGINE]), 3),
                "gflop_per_s": speed and round(statistics.median(speed), 1),
                "share_of_ceiling": speed and round(statistics.median(a / b for a, b in zip(speed, ceiling)), 3),
                "largest_difference": difference[name],
            }
        )
    return {
        "model": card.id,
        "tile": card.tile_size,
        "gflop_per_evaluation": gflop and round(gflop, 2),
        "ceiling_gflop_per_s": round(statistics.median(ceiling), 1),
        "ceiling_how": f"{MATRIX}³ float32 product by {library}",
        "turns": turns,
        "threads": threads,
        "rows": rows,
        "plain_over_engine": round(paired_ratio(seconds[PLAIN], seconds[ENGINE]), 3) if PLAIN in seconds else None,
        "missing": missing,
    }


def _gflop(network: dict[str, Any], size: int) -> float | None:
    """Twice the multiply-accumulates, counted from the modules; None without torch."""
    try:
        from dbcr_core.network import NetworkConfig, count_macs
    except ImportError:
        return None
    return 2 * count_macs(NetworkConfig.from_dict(network), size) / 1e9


def _matrix_product(threads: int) -> tuple[Any, str]:
    """A large product by the fastest library at hand."""
    values = np.random.default_rng(1).random((MATRIX, MATRIX), np.float32)
    try:
        import torch
    except ImportError:
        return (lambda: values @ values), "numpy"
    torch.set_num_threads(threads)
    tensor = torch.from_numpy(values)
    return (lambda: tensor @ tensor), "torch"
