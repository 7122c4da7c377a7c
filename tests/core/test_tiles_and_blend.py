# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbcr_core.blend import StripAccumulator, axis_weights
from dbcr_core.errors import InputError
from dbcr_core.grid import Window
from dbcr_core.tiles import TilePlan, tile_starts

LENGTHS = st.integers(1, 1500)
OVERLAPS = st.integers(0, 128)


@given(LENGTHS, OVERLAPS)
def test_tiles_cover_every_pixel_and_share_at_least_the_overlap(length, overlap):
    starts = tile_starts(length, 256, overlap)
    extent = min(256, length)
    assert starts[0] == 0 and starts[-1] + extent == length
    assert all(a < b <= a + extent - min(overlap, extent) for a, b in zip(starts, starts[1:]))


@given(LENGTHS, OVERLAPS)
def test_weights_along_an_axis_sum_to_one_and_are_never_negative(length, overlap):
    starts, extent = tile_starts(length, 256, overlap), min(256, length)
    total = np.zeros(length)
    for start, weight in zip(starts, axis_weights(starts, extent, length)):
        assert weight.min() >= 0
        total[start : start + extent] += weight
    assert np.abs(total - 1).max() < 1e-6


def test_a_single_tile_keeps_full_weight_up_to_the_scene_border():
    assert axis_weights((0,), 100, 100)[0].tolist() == [1.0] * 100


@given(st.integers(1, 700), st.integers(1, 700), OVERLAPS, st.integers(0, 40))
def test_a_constant_survives_accumulation_whatever_the_size_overlap_and_lag(width, height, overlap, lag):
    plan = TilePlan(width, height, 256, overlap)
    rows = plan.tile_rows()
    accumulator = StripAccumulator(1, width, rows[0].height + lag)
    row_weights = axis_weights(plan.rows, rows[0].height, height)
    col_weights = axis_weights(plan.columns, rows[0].tiles[0].width, width)
    parts, done = [], 0
    for tile_row, row_weight in zip(rows, row_weights):
        for tile, col_weight in zip(tile_row.tiles, col_weights):
            ones = np.ones((1, tile.height, tile.width), np.float32)
            accumulator.add(tile, [ones], row_weight[:, None] * col_weight)
        last = tile_row.index + 1 == len(rows)
        bottom = height if last else max(done, plan.rows[tile_row.index + 1] - lag)
        parts.append(accumulator.rows(done, bottom).copy())
        accumulator.release(bottom)
        done = bottom
    result = np.concatenate(parts, axis=1)
    assert result.shape == (1, height, width)
    assert np.abs(result - 1).max() < 1e-5


def test_rows_can_be_looked_at_before_they_are_taken():
    accumulator = StripAccumulator(1, 4, 6)
    accumulator.add(Window(0, 0, 4, 6), [np.arange(24, dtype=np.float32).reshape(1, 6, 4)], np.ones((6, 4), np.float32))
    ahead = accumulator.rows(2, 5)
    assert ahead[0, :, 0].tolist() == [8, 12, 16]
    assert accumulator.rows(0, 2)[0, :, 0].tolist() == [0, 4]
    accumulator.release(2)
    assert accumulator.rows(2, 6)[0, :, 0].tolist() == [8, 12, 16, 20]


def test_a_whole_sentinel_2_tile_needs_3249_windows_at_an_overlap_of_64():
    assert TilePlan(10980, 10980).count == 3249


def test_an_overlap_above_half_a_tile_is_refused():
    with pytest.raises(InputError, match="between 0 and 128"):
        TilePlan(1000, 1000, 256, 129)
