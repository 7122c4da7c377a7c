# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows are read once, in an order that lets a raster library decode every block once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbcr_core.grid import Window
from dbcr_core.strips import PIECE_ROWS, RollingRows, read_in_turn

RASTER = np.arange(2 * 700 * 9, dtype=np.int32).reshape(2, 700, 9)


def strip(window: Window, log: list[tuple[str, int, int]], name: str = "") -> RollingRows:
    def read(place: Window) -> np.ndarray:
        log.append((name, place.row, place.bottom))
        return RASTER[(slice(None), *place.slices())].copy()

    return RollingRows(read, window)


@given(st.integers(0, 200), st.lists(st.integers(1, 150), min_size=1, max_size=4))
def test_every_row_is_read_once_and_no_piece_crosses_a_multiple(first: int, steps: list[int]) -> None:
    window, log = Window(2, first, 5, 450), []
    rows, bottom = strip(window, log), 0
    for step in steps:
        bottom = min(450, bottom + step)
        rows.need(bottom)
        np.testing.assert_array_equal(rows.rows(0, bottom), RASTER[:, first : first + bottom, 2:7])
    read = [row for _, top, end in log for row in range(top, end)]
    assert read == list(range(first, first + bottom))
    assert all(top // PIECE_ROWS == (end - 1) // PIECE_ROWS for _, top, end in log)


@pytest.mark.parametrize("released", [0, 100])
def test_two_strips_are_read_in_turn(released: int) -> None:
    log: list[tuple[str, int, int]] = []
    window = Window(0, 0, 9, 700)
    optical, radar = strip(window, log, "optical"), strip(window, log, "radar")
    radar.release(released)
    read_in_turn([optical, radar], 200)
    read_in_turn([optical, radar], 200)
    assert optical.bottom == radar.bottom == 200
    both = [entry for entry in log if entry[1] >= released and entry[1] >= 128]
    assert both == [("optical", 128, 192), ("radar", 128, 192), ("optical", 192, 200), ("radar", 192, 200)]
    assert ("radar", 0, 64) not in log or released == 0
    np.testing.assert_array_equal(radar.rows(150, 200), RASTER[:, 150:200])
