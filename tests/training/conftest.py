# SPDX-License-Identifier: GPL-3.0-or-later
"""The training package needs torch; scenes are made by ``scenes.py`` beside this file."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def one_thread():
    """Small arrays run faster on one thread, and always give the same bytes."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
    # Training flushes the smallest numbers to zero for the whole process; other tests ask for them.
    torch.set_flush_denormal(False)
