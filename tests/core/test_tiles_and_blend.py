# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbcr_core.blend import StripAccumulator, TileWeights, axis_weights
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
    accumulator, weights = StripAccumulator(1, width, rows[0].height + lag), TileWeights(plan)
    parts, done = [], 0
    for tile_row in rows:
        for tile in tile_row.tiles:
            accumulator.add(tile, [weights.of(tile)[None]])
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
    accumulator.add(Window(0, 0, 4, 6), [np.arange(24, dtype=np.float32).reshape(1, 6, 4)])
    ahead = accumulator.rows(2, 5)
    assert ahead[0, :, 0].tolist() == [8, 12, 16]
    assert accumulator.rows(0, 2)[0, :, 0].tolist() == [0, 4]
    accumulator.release(2)
    assert accumulator.rows(2, 6)[0, :, 0].tolist() == [8, 12, 16, 20]


def test_what_was_released_stays_where_it_was_in_a_double_strip():
    numbers = np.random.default_rng(0).random((3, 12, 4), np.float32)
    single, double = StripAccumulator(3, 4, 6, halves=1), StripAccumulator(3, 4, 6, halves=1, is_double=True)
    taken = []
    for top in range(0, 12, 3):
        tile = Window(0, top, 4, min(6, 12 - top))
        for accumulator in (single, double):
            accumulator.add(tile, [numbers[:, top : tile.bottom]])
        found = double.rows(top, top + 3), double.half_rows(top, top + 3)
        expected = single.rows(top, top + 3).copy(), single.half_rows(top, top + 3).copy()
        taken.append((found, expected))
        for accumulator in (single, double):
            accumulator.release(top + 3)
        double.add(Window(0, top + 3, 4, 1), [np.ones((3, 1, 4), np.float32)])
        single.add(Window(0, top + 3, 4, 1), [np.ones((3, 1, 4), np.float32)])
        assert all(np.array_equal(a, b) for a, b in zip(*taken[-1]))
    assert not np.array_equal(taken[0][0][0], taken[0][1][0])  # two releases later others have come into their place


def test_a_whole_sentinel_2_tile_needs_3249_windows_at_an_overlap_of_64():
    assert TilePlan(10980, 10980).count == 3249


def test_an_overlap_above_half_a_tile_is_refused():
    with pytest.raises(InputError, match="between 0 and 128"):
        TilePlan(1000, 1000, 256, 129)
