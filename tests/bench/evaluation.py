# SPDX-License-Identifier: GPL-3.0-or-later
"""Seconds per 256² evaluation of every backend, beside the machine's matrix-product ceiling."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any, Callable

import numpy as np

from dbcr_core.network import NetworkConfig, count_macs

from .backends import ENGINE, ENGINE_ALONE, PLAIN, _engine, _export, open_backends, plain_session
from .networks import random_network, write_model
from .timing import interleaved, paired_ratio, summary

SIZE = 256
MATRIX = 3072
PRODUCT = "matrix product by "


def measure_evaluations(config: NetworkConfig, path: Path, turns: int, threads: int) -> dict[str, Any]:
    """Times, differences of the results, GFLOP/s, and ratios to this engine, of a network with random weights."""
    network = random_network(config)
    model = write_model(path, network)
    random = np.random.default_rng(0)
    x_t = random.random((1, 13, SIZE, SIZE), np.float32)
    sar = random.random((1, 2, SIZE, SIZE), np.float32)
    backends, missing = open_backends(model, network, SIZE, threads)
    expected = backends[ENGINE].run(x_t, sar)
    difference = {name: float(np.abs(backend.run(x_t, sar) - expected).max()) for name, backend in backends.items()}
    products = {f"{PRODUCT}{library}": product for library, product in _matrix_products(threads).items()}
    cases = {name: (lambda backend=backend: backend.run(x_t, sar)) for name, backend in backends.items()}
    seconds = interleaved({**cases, **products}, turns)
    # The machine's best: Intel's library, which torch has, is slow on other makers' processors.
    fastest = min(products, key=lambda name: statistics.median(seconds[name]))
    ceiling = [2 * MATRIX**3 / s / 1e9 for s in seconds[fastest]]
    for name in products:
        del seconds[name]
    seconds = {name: [s / backends[name].tiles for s in times] for name, times in seconds.items()}
    gflop = 2 * count_macs(config, SIZE) / 1e9
    rows = []
    for name, times in seconds.items():
        rows.append(
            {
                "backend": name,
                **summary(times),
                "times_this_engine": round(paired_ratio(times, seconds[ENGINE]), 3),
                "gflop_per_s": round(statistics.median(gflop / s for s in times), 1),
                "share_of_ceiling": round(statistics.median(gflop / s / c for s, c in zip(times, ceiling)), 3),
                "largest_difference": difference[name],
            }
        )
    return {
        "tile": SIZE,
        "gflop_per_evaluation": round(gflop, 2),
        "ceiling_gflop_per_s": round(statistics.median(ceiling), 1),
        "ceiling_how": f"{MATRIX}³ float32 {fastest}",
        "turns": turns,
        "threads": threads,
        "rows": rows,
        "plain_over_engine": round(paired_ratio(seconds[PLAIN], seconds[ENGINE]), 3),
        "plain_over_engine_alone": round(paired_ratio(seconds[PLAIN], seconds[ENGINE_ALONE]), 3),
        "missing": missing,
    }


def measure_competitors(path: Path, turns: int, threads: int) -> dict[str, Any]:
    """Published networks at equal input: as published, as counted here, and in seconds where they can be built.

    All run by ONNX Runtime from a plain export on the same threads; this engine's own row is the paper's network.
    """
    import torch

    from dbcr_core.network import PAPER_CONFIG, count_parameters

    from .competitors import BUILT, PUBLISHED, count

    random = np.random.default_rng(0)
    image = random.random((1, 15, SIZE, SIZE), np.float32)
    own = _engine(write_model(path, random_network(PAPER_CONFIG)), threads, threads)
    cases: dict[str, Any] = {"DB-CR": lambda: own.run(image[:, :13], image[:, 13:])}
    tiles, counted = (
        {"DB-CR": own.tiles},
        {"DB-CR": (count_parameters(PAPER_CONFIG) / 1e6, count_macs(PAPER_CONFIG) / 1e9)},
    )
    for name, build in BUILT.items():
        counted[name], tiles[name] = count(build()), 1
        torch.manual_seed(0)
        graph = _export(build(), (torch.zeros(1, 15, SIZE, SIZE),), ["x"], None)
        session = plain_session(graph, threads)
        cases[name] = lambda session=session: session.run(None, {"x": image})
    measured = interleaved(cases, turns)
    seconds = {name: [s / tiles[name] for s in times] for name, times in measured.items()}
    rows = []
    for name, (parameters, macs) in sorted(PUBLISHED.items(), key=lambda item: item[1][1]):
        row: dict[str, Any] = {"network": name, "published_million_parameters": parameters, "published_gmacs": macs}
        if name in seconds:
            row["counted_million_parameters"], row["counted_gmacs"] = (round(value, 2) for value in counted[name])
            row.update(summary(seconds[name]), times_db_cr=round(paired_ratio(seconds[name], seconds["DB-CR"]), 2))
        rows.append(row)
    return {"rows": rows, "turns": turns, "threads": threads}


def _matrix_products(threads: int) -> dict[str, Callable[[], Any]]:
    """A large product by each library at hand: the fastest says how fast the machine multiplies at best."""
    import torch

    class Product(torch.nn.Module):
        def forward(self, matrix: torch.Tensor) -> torch.Tensor:
            return matrix @ tensor

    tensor = torch.from_numpy(np.random.default_rng(1).random((MATRIX, MATRIX), np.float32))
    session = plain_session(_export(Product(), (tensor,), ["matrix"], None), threads)

    def by_torch() -> None:
        torch.set_num_threads(threads)
        _ = tensor @ tensor

    return {"torch": by_torch, "ONNX Runtime": lambda: session.run(None, {"matrix": tensor.numpy()})}
