# SPDX-License-Identifier: GPL-3.0-or-later
"""Schedules, step choice and the sampler."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbcr_core.errors import InputError
from dbcr_core.geonoise import pixel_noise
from dbcr_core.sampler import sample_bridge
from dbcr_core.schedule import ALL_TIMESTEPS, BridgeSchedule, i2sb_schedule, linear_schedule, timesteps
from tests.core.predictors import FunctionPredictor, identity

NFES = st.integers(1, 10)


def test_the_linear_schedule_is_t_over_1000():
    assert linear_schedule().alphas[[0, 1, 250, 1000]].tolist() == [0, 0.001, 0.25, 1]


def test_the_i2sb_schedule_is_symmetric_and_slow_at_both_ends():
    alphas = i2sb_schedule().alphas
    assert np.allclose(alphas + alphas[::-1], 1)
    assert alphas[500] == pytest.approx(0.5)
    assert alphas[100] < 0.08 and alphas[900] > 0.92


def test_i2sb_noise_is_largest_in_the_middle_and_none_at_the_ends():
    sigmas = i2sb_schedule().sigmas
    assert sigmas[0] == sigmas[-1] == 0 and sigmas.argmax() == 500


def test_a_schedule_that_does_not_increase_is_refused():
    alphas = linear_schedule().alphas.copy()
    alphas[5] = alphas[4]
    with pytest.raises(InputError, match="increase strictly"):
        BridgeSchedule("broken", alphas, np.zeros(1001))


def test_timesteps_are_uniform_from_1000_downwards():
    assert timesteps(1) == (1000,)
    assert timesteps(3) == (1000, 667, 333)
    assert timesteps(5) == (1000, 800, 600, 400, 200)


@pytest.mark.parametrize("nfe", [0, 11, -1, 2.5, True, "3", None])
def test_an_nfe_outside_1_to_10_is_refused(nfe):
    with pytest.raises(InputError, match="from 1 to 10"):
        timesteps(nfe)


def test_the_table_of_all_timesteps_serves_every_nfe():
    assert all(set(timesteps(nfe)) <= set(ALL_TIMESTEPS) for nfe in range(1, 11))
    assert len(ALL_TIMESTEPS) == 32 and ALL_TIMESTEPS[-1] == 1000


@given(NFES)
def test_a_network_that_returns_its_input_changes_nothing(nfe):
    cloudy = np.random.default_rng(nfe).random((1, 13, 8, 8), np.float32)
    steps = list(sample_bridge(identity(), cloudy, None, nfe))
    assert len(steps) == nfe
    assert all((step.x_next == cloudy).all() for step in steps)


@given(NFES)
def test_a_network_that_knows_the_answer_walks_the_straight_line_of_equation_10(nfe):
    clear, cloudy = np.float32(0.2), np.full((1, 13, 4, 4), 0.8, np.float32)
    predictor = FunctionPredictor(lambda x, t, s: np.full_like(x, clear))
    for step, t_next in zip(sample_bridge(predictor, cloudy, None, nfe), (*timesteps(nfe)[1:], 0)):
        alpha = t_next / 1000
        assert np.allclose(step.x_next, (1 - alpha) * clear + alpha * cloudy, atol=1e-6)


def test_equation_12_by_hand_for_two_steps():
    # t: 1000 → 500 → 0 with x̂₀ = x_t − 0.4: x_500 = ½·0.6 + ½·1 = 0.8, then x̂₀ = 0.4.
    predictor = FunctionPredictor(lambda x, t, s: x - np.float32(0.4))
    first, second = sample_bridge(predictor, np.ones((1, 13, 2, 2), np.float32), None, 2)
    assert first.x_next.flat[0] == pytest.approx(0.8)
    assert second.x_next.flat[0] == pytest.approx(0.4)
    assert (first.t, second.t) == (1000, 500)


def test_each_step_of_the_generator_costs_exactly_one_evaluation():
    predictor = identity()
    walk = sample_bridge(predictor, np.zeros((1, 13, 8, 8), np.float32), None, 5)
    for expected in range(1, 6):
        next(walk)
        assert predictor.evaluations == expected


def test_the_sde_has_the_schedules_standard_deviation_and_none_at_the_end():
    predictor = FunctionPredictor(lambda x, t, s: np.zeros_like(x), schedule={"kind": "linear", "noise": 0.1})
    rows = cols = np.arange(96)
    noise = lambda t: pixel_noise(7, t, 13, rows, cols)[None]  # noqa: E731
    sigmas = predictor.card.bridge_schedule.sigmas
    steps = list(sample_bridge(predictor, np.zeros((1, 13, 96, 96), np.float32), None, 4, noise))
    for step, t_next in zip(steps, (750, 500, 250)):
        assert step.x_next.std() == pytest.approx(sigmas[t_next], rel=0.03)
    assert (steps[-1].x_next == 0).all()


@settings(max_examples=20)
@given(st.integers(0, 2**63), st.integers(-(10**7), 10**7), st.integers(-(10**7), 10**7))
def test_noise_belongs_to_the_geographic_pixel_not_to_the_window(seed, row, col):
    large = pixel_noise(seed, 500, 2, row + np.arange(12), col + np.arange(12))
    small = pixel_noise(seed, 500, 2, row + np.arange(3, 9), col + np.arange(5, 12))
    assert (large[:, 3:9, 5:12] == small).all()


def test_noise_is_standard_normal_and_differs_between_bands_steps_and_seeds():
    pixels = np.arange(200)
    one = pixel_noise(1, 500, 2, pixels, pixels)
    assert abs(one.mean()) < 0.02 and one.std() == pytest.approx(1, abs=0.02)
    others = [pixel_noise(2, 500, 2, pixels, pixels), pixel_noise(1, 250, 2, pixels, pixels), one[::-1]]
    for other in others:
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.02
    assert abs(np.corrcoef(one[0, 1:].ravel(), one[0, :-1].ravel())[0, 1]) < 0.03
