# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import math
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbcr_core.metrics import SSIM_C1, SSIM_C2, MetricSums, PixelScores, image_metrics, zero_padded

RANDOM = np.random.default_rng(5)


def scores_of(target, prediction):
    return PixelScores(*target.shape).of(zero_padded(target), zero_padded(prediction))


def test_psnr_and_mae_by_hand():
    # Errors 0.1 and 0.3 in two of four values: MSE = 0.1/4 = 0.025, MAE = 0.1.
    target = np.full((1, 2, 2), 0.5)
    prediction = target + np.array([[[0.1, 0.0], [-0.3, 0.0]]])
    scores = image_metrics(target, prediction)
    assert scores.psnr == pytest.approx(20 * math.log10(1 / math.sqrt(0.025)))
    assert scores.mae == pytest.approx(0.1)


def test_sam_by_hand():
    # (1, 0) against (1, 1) is 45°, (1, 1) against (2, 2) is 0°.
    target = np.array([[[1.0, 1.0]], [[0.0, 1.0]]])
    prediction = np.array([[[1.0, 2.0]], [[1.0, 2.0]]])
    assert scores_of(target, prediction).angle[0] == pytest.approx([45, 0], abs=1e-5)
    assert image_metrics(target, prediction).sam == pytest.approx(22.5, abs=1e-5)


def test_an_all_zero_spectrum_makes_sam_nan_as_in_the_benchmark():
    target = np.full((3, 4, 4), 0.2)
    prediction = target.copy()
    prediction[:, 0, 0] = 0
    assert math.isnan(image_metrics(target, prediction).sam)


def test_ssim_of_two_constants_by_hand_away_from_the_border():
    # No variance: SSIM = (2·0.2·0.4 + C1) / (0.2² + 0.4² + C1).
    target, prediction = np.full((1, 31, 31), 0.2), np.full((1, 31, 31), 0.4)
    similarity = scores_of(target, prediction).similarity
    assert similarity[0, 15, 15] == pytest.approx((0.16 + SSIM_C1) / (0.2 + SSIM_C1))


def test_ssim_at_a_border_sees_zeros_beyond_it():
    value = 0.5
    constant = np.full((1, 31, 31), value)
    similarity = scores_of(constant, np.zeros_like(constant)).similarity
    taps = np.exp(-0.5 * (np.arange(-5, 6) / 1.5) ** 2)
    share = (taps[5:].sum() / taps.sum()) ** 2  # of the window that lies inside, at the corner
    mean, variance = share * value, share * value**2 - (share * value) ** 2
    expected = SSIM_C1 / (mean**2 + SSIM_C1) * SSIM_C2 / (variance + SSIM_C2)
    assert similarity[0, 0, 0] == pytest.approx(expected)


@given(st.integers(1, 5), st.integers(11, 30))
def test_an_image_against_itself_is_perfect(bands, size):
    image = RANDOM.random((bands, size, size)) + 0.01
    scores = image_metrics(image, image)
    assert scores.psnr == math.inf and scores.mae == 0
    assert scores.ssim == pytest.approx(1) and scores.sam == pytest.approx(0, abs=1e-4)


def test_scores_of_chosen_pixels_ignore_the_errors_elsewhere():
    target = RANDOM.random((2, 20, 20)) + 0.1
    prediction = target.copy()
    prediction[:, :10] += 0.5
    where = np.zeros((20, 20), bool)
    where[10:] = True
    scores = image_metrics(target, prediction, where)
    assert scores.mae == 0 and scores.pixels == 200


def test_the_prediction_is_not_clipped():
    assert image_metrics(np.ones((1, 12, 12)), np.full((1, 12, 12), 1.5)).mae == pytest.approx(0.5)


def test_scores_in_the_same_memory_are_those_of_the_last_pair():
    scores = PixelScores(2, 20, 30)
    for _ in range(2):
        target, prediction = RANDOM.random((2, 2, 20, 30))
        found, alone = scores.of(zero_padded(target), zero_padded(prediction)), scores_of(target, prediction)
        for name in ("absolute", "similarity", "angle"):
            np.testing.assert_array_equal(getattr(found, name), getattr(alone, name))


def test_sums_of_pieces_are_those_of_the_whole():
    target, prediction = RANDOM.random((2, 3, 24, 24))
    where = RANDOM.random((24, 24)) < 0.4
    whole, pieces = MetricSums(), MetricSums()
    whole.add(scores_of(target, prediction), where)
    padded = zero_padded(target), zero_padded(prediction)
    for top in (0, 8, 16):
        piece = MetricSums()
        rows = [image[:, top : top + 18] for image in padded]
        piece.add(PixelScores(3, 8, 24).of(*rows), where[top : top + 8])
        pieces += piece
    assert asdict(pieces.result()) == pytest.approx(asdict(whole.result()), rel=1e-12)
    assert pieces.result().pixels == where.sum()
    np.testing.assert_allclose(pieces.mae_per_band(), whole.mae_per_band(), rtol=1e-12)
