# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for every test: the repository, the sample scene, and a tiny model made here."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How fast a busy machine draws its examples says nothing of the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# A test run in the background ignores Ctrl-C, and so would the children that tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def repository() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def sample() -> Path:
    """The bundled real scene."""
    return ROOT / "resources" / "sample"


TRUST = {
    "products and what they mean": ("test_products", "test_real_product", "test_bands", "test_radiometry"),
    "pairs, masks, warnings": ("test_pairing", "test_mask", "test_inspect", "test_real_scenes"),
    "nothing lost": ("test_resume", "test_sink", "test_disk", "test_scene_parts"),
    "command line and batch": (
        "test_cli",
        "test_batch",
        "test_scene_list",
        "test_files_behind",
        "test_stac",
        "test_qgis_process",
    ),
    "network": ("test_remote",),
    "model files": ("test_model_card", "test_predictors"),
    "runtime": ("test_runtime", "test_imports"),
    "worker process": ("test_worker", "test_worker_device"),
    "plugin and its site's rules": ("test_provider", "test_remove_clouds", "test_desktop", "test_qt6_check"),
    "guide": ("test_guide",),
}
"""What users must be able to rely on, and the test modules that reproduce its faults."""


def pytest_terminal_summary(terminalreporter) -> None:
    """A table of the faults reproduced: tests by subject, and the numbers that tests recorded about themselves."""
    rows, recorded = [], {}
    for subject, modules in TRUST.items():
        counts = {}
        for outcome in ("passed", "failed", "skipped"):
            reports = terminalreporter.stats.get(outcome, [])
            counts[outcome] = sum(Path(report.nodeid.partition("::")[0]).stem in modules for report in reports)
        if any(counts.values()):
            rows.append((subject, *counts.values()))
    for report in terminalreporter.stats.get("passed", []):
        for name, value in getattr(report, "user_properties", ()):
            if isinstance(value, int):
                recorded[name] = recorded.get(name, 0) + value
    if rows:
        terminalreporter.section("faults reproduced")
        terminalreporter.write_line(f"{'subject':<32}{'passed':>8}{'failed':>8}{'skipped':>9}")
        for subject, passed, failed, skipped in rows:
            terminalreporter.write_line(f"{subject:<32}{passed:>8}{failed:>8}{skipped:>9}")
    for name, value in recorded.items():
        terminalreporter.write_line(f"{name}: {value}")
