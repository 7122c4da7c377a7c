# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows are read once, in an order that lets a raster library decode every block once."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbcr_core.errors import Cancelled, InputError
from dbcr_core.grid import Window
from dbcr_core.strips import PIECE_ROWS, ReadAhead, RollingRows, read_in_turn

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


def no_check() -> None:
    pass


def readers() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("dbcr-rows")]


@pytest.mark.parametrize("is_apart", [False, True])
def test_rows_read_ahead_are_the_same_and_one_thread_reads_them(is_apart: bool) -> None:
    callers: set[int] = set()

    def read(place: Window) -> np.ndarray:
        callers.add(threading.get_ident())
        return RASTER[(slice(None), *place.slices())].copy()

    window = Window(1, 5, 7, 690)
    first, second = RollingRows(read, window), RollingRows(read, window)
    with ReadAhead([first, second], is_apart, no_check) as reading:
        for top in range(0, 690, 46):
            reading.need(top + 46)
            reading.begin(min(690, top + 92))
            for strip in (first, second):
                np.testing.assert_array_equal(strip.rows(top, top + 46), RASTER[:, 5 + top : 51 + top, 1:8])
                strip.release(top + 46)
    assert len(callers) == 1 and (threading.get_ident() in callers) != is_apart
    assert not readers()


def test_rows_that_nobody_needed_yet_are_read_meanwhile() -> None:
    is_read = threading.Event()

    def read(place: Window) -> np.ndarray:
        if place.bottom == 200:
            is_read.set()
        return RASTER[(slice(None), *place.slices())].copy()

    with ReadAhead([RollingRows(read, Window(0, 0, 9, 700))], True, no_check) as reading:
        reading.begin(200)
        assert is_read.wait(10)


def test_a_fault_in_the_file_is_raised_where_its_rows_are_needed() -> None:
    def read(place: Window) -> np.ndarray:
        if place.row >= 128:
            raise InputError("The file is damaged.")
        return RASTER[(slice(None), *place.slices())].copy()

    with ReadAhead([RollingRows(read, Window(0, 0, 9, 700))], True, no_check) as reading:
        reading.need(100)
        reading.begin(300)
        with pytest.raises(InputError, match="damaged"):
            reading.need(300)
    assert not readers()


def test_whoever_waits_may_stop_and_reading_ends_with_the_piece_it_is_at() -> None:
    begun, go_on = threading.Event(), threading.Event()
    pieces: list[int] = []

    def read(place: Window) -> np.ndarray:
        pieces.append(place.row)
        begun.set()
        assert go_on.wait(10)
        time.sleep(0.05)
        return RASTER[(slice(None), *place.slices())].copy()

    def stop() -> None:
        assert begun.wait(10)
        go_on.set()
        raise Cancelled()

    with pytest.raises(Cancelled), ReadAhead([RollingRows(read, Window(0, 0, 9, 700))], True, stop) as reading:
        reading.need(700)
    assert len(pieces) < 11 and not readers()
