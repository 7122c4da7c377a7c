# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark's own arithmetic and its report; what it measures is no matter of tests."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio

torch = pytest.importorskip("torch")

from dbcr_core.network import NetworkConfig  # noqa: E402
from tests.bench import cards  # noqa: E402
from tests.bench.backends import (  # noqa: E402
    ENGINE,
    ENGINE_ALONE,
    PLAIN,
    PLAIN_OURS,
    TORCH,
    TORCH_TEXTBOOK,
    open_backends,
)
from tests.bench.competitors import BUILT, PUBLISHED, count  # noqa: E402
from tests.bench.machine import describe_machine  # noqa: E402
from tests.bench.networks import random_network, write_model  # noqa: E402
from tests.bench.report import findings, to_markdown, write_plots  # noqa: E402
from tests.bench.scenes import OPTICAL, write_mask, write_pair  # noqa: E402
from tests.bench.textbook import encode_and_restore, textbook_of  # noqa: E402
from tests.bench.timing import interleaved, paired_ratio  # noqa: E402
from tests.plugin.tiny_model import write_tiny_model  # noqa: E402

SMALL = NetworkConfig(
    widths=(4, 8, 16, 32), encoder_blocks=(1, 1, 1, 2), fusion_heads=(1, 1, 2, 4), middle_blocks=1, time_width=8,
    heads=("scale", "opacity"), gated=True,
)  # fmt: skip

RESULT = {
    "network_threads": 2,
    "mode": "quick",
    "evaluations": {
        "rows": [
            {
                "backend": "engine",
                "median_s": 0.2,
                "fastest_s": 0.19,
                "times_this_engine": 1.0,
                "share_of_ceiling": 0.5,
            },
            {
                "backend": "plain",
                "median_s": 0.4,
                "fastest_s": 0.39,
                "times_this_engine": 2.0,
                "share_of_ceiling": 0.25,
            },
        ],
        "plain_over_engine": 2.0,
        "plain_over_engine_alone": 1.5,
        "ceiling_gflop_per_s": 150.0,
        "missing": {"OpenVINO": "not installed"},
    },
    "cover": {"rows": [{"cover": 0.0, "evaluations_of_full_cover": 0.0, "median_s": 0.1, "of_full_cover": 0.05}]},
    "memory": {
        "rows": [
            {
                "network": "trivial network",
                "width": 10980,
                "height": 10980,
                "input_mb": 3134.0,
                "peak_mb": 1200.0,
                "seconds": 600.0,
            }
        ],
        "limit_mb": 1500.0,
    },
}


def random_tile():
    """x_t and radar."""
    random = np.random.default_rng(0)
    return random.random((1, 13, 64, 64), np.float32), random.random((1, 2, 64, 64), np.float32)


def test_cases_run_in_turn_and_ratios_are_taken_within_a_turn():
    calls = []
    seconds = interleaved({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 3)
    assert calls == list("ab" + "ab" + "ba" + "ab")
    assert [len(times) for times in seconds.values()] == [3, 3]
    # A slow second turn does not change the ratio.
    assert paired_ratio([2.0, 20.0, 2.0], [1.0, 10.0, 1.0]) == 2.0


def test_the_report_tells_the_findings_and_what_was_not_measured(tmp_path):
    result = {**RESULT, "machine": describe_machine()}
    text = to_markdown(result)
    assert "a plain export takes 2.00 times as long" in text and "50% of the matrix-product ceiling" in text
    assert "1200 MB at 10980 × 10980 × 13" in text
    assert "Not measured: OpenVINO (not installed)" in text
    assert len(findings(result)) == 3
    assert {path.name for path in write_plots(result, tmp_path)} == {"evaluations.png", "cover.png", "memory.png"}


def test_the_machine_is_described_without_its_name(monkeypatch):
    import platform

    described = str(describe_machine())
    assert platform.node() not in described or not platform.node()
    assert "cores" in described


def test_scenes_repeat_the_real_one_at_any_size(tmp_path):
    optical, sar = write_pair(tmp_path, 700, 600)
    with rasterio.open(optical) as large, rasterio.open(OPTICAL) as small:
        patch, size = small.read(), small.height
        assert (large.width, large.height, large.count, large.descriptions) == (700, 600, 13, small.descriptions)
        values = large.read()
        assert (values[:, :size, : small.width] == patch).all()
        assert (values[:, size : 2 * size, : small.width] == patch[:, ::-1]).all()
    with rasterio.open(sar) as radar, rasterio.open(write_mask(tmp_path, 700, 600, 0.25)) as mask:
        assert radar.bounds == mask.bounds and mask.read().mean() == 0.25


@pytest.mark.parametrize("config", [SMALL, NetworkConfig(**{**SMALL.to_dict(), "heads": (), "gated": False})])
def test_the_textbook_form_of_the_network_computes_the_same(config):
    network = random_network(config)
    x_t, sar = map(torch.from_numpy, random_tile())
    with torch.no_grad():
        t = torch.tensor([1000.0])
        expected = network(x_t, t, network.encode_sar(sar))
        found = encode_and_restore(textbook_of(network), x_t, t, sar)
    assert len(found) == 1 + len(config.heads)
    for mine, theirs in zip([value for value in expected if value is not None], found):
        assert (mine - theirs).abs().max() < 1e-4
    assert (expected.clear - x_t).abs().max() > 0.01


def test_all_that_can_run_a_network_computes_the_same_its_plain_exports_among_them(tmp_path):
    network = random_network(SMALL)
    backends, _ = open_backends(write_model(tmp_path / "m.dbcr", network), network, 64, threads=1)
    assert {ENGINE, ENGINE_ALONE, PLAIN, PLAIN_OURS, TORCH, TORCH_TEXTBOOK} <= set(backends)
    expected = backends[TORCH_TEXTBOOK].run(*random_tile())
    for name, backend in backends.items():
        assert np.abs(backend.run(*random_tile()) - expected).max() < 1e-4, name


def test_networks_built_from_papers_have_the_published_size():
    for name, build in BUILT.items():
        for mine, published in zip(count(build()), PUBLISHED[name]):
            assert mine == pytest.approx(published, rel=0.04)


def test_cards_are_measured_in_calls_flows_and_jobs(tmp_path, monkeypatch):
    """On the processor in the card's place; without a card the section says why it is empty."""
    monkeypatch.setattr(cards, "CALLS", 2)
    rows = cards._measure(str(write_tiny_model(tmp_path / "tiny.dbcr")), "cpu", tmp_path, 300, 1, 0.1)
    names = [row["case"] for row in rows]
    assert [name.split(", NFE")[0] for name in names[:4]][0::3] == ["a tile", "job of 300²"]
    assert len(names) == 8 and [name.endswith("NFE 5") for name in names] == [False] * 4 + [True] * 4
    assert all(row["megapixels_per_s"] > 0 and row["share_of_ceiling"] > 0 for row in rows)
    text = to_markdown({"machine": describe_machine(), "mode": "quick", "gpu": {"rows": rows}, "network_threads": 1})
    assert "job of 300², NFE 5" in text and "matrix-product speed" in text
    if not pytest.importorskip("torch").cuda.is_available():
        assert cards.measure_gpu("none", tmp_path, 300, 1)["missing"]
