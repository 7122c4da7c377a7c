# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import numpy as np
import pytest

from dbcr_core.composite import composite
from dbcr_core.stored_values import OpticalRadiometry

DN = OpticalRadiometry(1e-4, 0.0, 0.0, False, "test")


def run(stored, clear, weights, radiometry=DN, moved=None):
    shape = stored.shape
    clear = np.broadcast_to(np.asarray(clear, np.float32), shape)
    weights = np.broadcast_to(np.asarray(weights, np.float32), shape[1:])
    moved = np.ones(shape, bool) if moved is None else moved
    return composite(stored, clear, moved, weights, ~radiometry.missing(stored), radiometry)


def test_weight_one_replaces_and_one_half_is_the_mean():
    stored = np.full((2, 3, 4), 4000, np.uint16)
    assert (run(stored, 0.1, 1) == 1000).all()
    assert (run(stored, 0.1, 0.5) == 2500).all()


def test_weight_zero_keeps_every_bit_even_of_odd_floats():
    stored = np.array([[[np.float32(0.1), np.float32(1e-30), np.float32(7.7)]]])
    radiometry = OpticalRadiometry(1.0, 0.0, None, True, "test")
    assert run(stored, 0.5, 0, radiometry).tobytes() == stored.tobytes()


def test_what_the_network_did_not_move_stays_even_above_its_range():
    stored = np.array([[[15000, 15000]]], np.uint16)
    moved = np.array([[[False, True]]])
    assert run(stored, 0.2, 1, moved=moved).tolist() == [[[15000, 2000]]]


def test_no_data_stays_and_no_result_reads_as_no_data():
    stored = np.array([[[0, 500]], [[700, 900]]], np.uint16)
    result = run(stored, -0.5, 1)
    assert result.tolist() == [[[0, 1]], [[1, 1]]]


@pytest.mark.parametrize("dtype, nodata", [("int16", -9999), ("uint16", 65535), ("uint16", None), ("float32", -9999)])
def test_dark_ground_does_not_read_as_the_zeros_that_are_no_data_in_any_file(dtype, nodata):
    radiometry = OpticalRadiometry(1e-4, 0.0, nodata, True, "test")
    stored = np.array([[[0, 40, 0]], [[0, 20, 7]]], dtype)
    result = run(stored, 0, np.array([[1, 1, 0]]), radiometry)
    assert radiometry.missing(result)[0].tolist() == [[True, False, False]]
    assert (result[:, 0, [0, 2]] == stored[:, 0, [0, 2]]).all() and (result[:, 0, 1] < 2).all()


def test_values_saturate_at_the_ends_of_the_type():
    assert run(np.full((1, 1, 1), 30000, np.int16), 9.0, 1).item() == 32767


def test_the_baseline_offset_is_put_back():
    radiometry = OpticalRadiometry(1e-4, -0.1, 0.0, False, "test")
    assert run(np.full((1, 1, 1), 5000, np.uint16), 0.05, 1, radiometry).item() == 1500


@pytest.mark.parametrize("dtype", ["uint16", "int16", "int32", "float32", "float64"])
def test_the_dtype_is_kept(dtype):
    assert run(np.full((1, 70, 3), 5000, dtype), 0.1, 1).dtype == dtype
