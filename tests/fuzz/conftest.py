# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints how many cases were fuzzed, and keeps a damaged header from filling the disk."""

from __future__ import annotations

import contextlib

import pytest

from tests.fuzz import ledger
from tests.fuzz.child import Child

MAX_FILE_BYTES = 256_000_000


def pytest_terminal_summary(terminalreporter) -> None:
    for number, line in enumerate(ledger.lines()):
        if number == 0:
            terminalreporter.section("fuzzing")
        terminalreporter.write_line(line)


@pytest.fixture(autouse=True, scope="module")
def small_files():
    """A header that claims a huge raster is met by a small disk, as users meet it by a full one."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with contextlib.suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE_BYTES, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture(scope="module")
def child():
    """A process for cases that may bring a library down."""
    made = Child()
    yield made
    made.close()
