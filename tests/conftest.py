# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for every test: the repository, the sample scene, and a tiny model made here."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def repository() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def sample() -> Path:
    """The bundled real scene."""
    return ROOT / "resources" / "sample"
