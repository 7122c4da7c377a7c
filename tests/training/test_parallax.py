# SPDX-License-Identifier: GPL-3.0-or-later
"""Bands see high cloud where their angle of view puts it."""

from __future__ import annotations

import math

import pytest
import torch

from dbcr_core.band_names import OPTICAL_BANDS
from training.clouds import CloudSettings, CloudSimulator
from training.clouds.parallax import REACH, band_shifts, seen_by_bands

B02, B08, B12 = (OPTICAL_BANDS.index(name) for name in ("B02", "B08", "B12"))


def test_what_lies_on_the_ground_is_in_one_place_in_all_bands():
    assert not band_shifts(torch.zeros(3), torch.tensor([0.0, 1.0, 2.0])).any()


def test_five_kilometres_up_b12_is_ten_pixels_from_b02_and_b08_beside_it():
    shifts = band_shifts(torch.tensor([5000.0]), torch.tensor([math.pi / 2]))[0]
    assert abs(int(shifts[B12, 0] - shifts[B02, 0])) == pytest.approx(9.9, abs=1)
    assert abs(int(shifts[B08, 0] - shifts[B02, 0])) <= 2
    assert not shifts[:, 1].any()


def test_nothing_moves_further_than_the_margin_of_a_field():
    assert band_shifts(torch.tensor([50_000.0]), torch.tensor([0.3])).abs().max() <= REACH


def test_a_point_appears_moved_by_its_shift_in_every_band_and_sample():
    heights, angles, size = torch.tensor([0.0, 4000.0, 9000.0]), torch.tensor([0.0, 0.7, 3.9]), 32
    wide = torch.zeros(3, 1, size + 2 * REACH, size + 2 * REACH)
    wide[:, :, REACH + 16, REACH + 15] = 1
    shifts = band_shifts(heights, angles)
    seen = seen_by_bands(wide, shifts)
    assert seen.shape == (3, 13, size, size)
    for sample in range(3):
        for band in range(13):
            row, col = (seen[sample, band] == 1).nonzero()[0].tolist()
            assert (row - 16, col - 15) == tuple(shifts[sample, band].tolist())


def test_a_sky_with_its_own_values_per_band_keeps_them():
    wide = torch.arange(13.0).view(1, 13, 1, 1).expand(2, 13, 30, 30)
    seen = seen_by_bands(wide, band_shifts(torch.tensor([6000.0, 100.0]), torch.tensor([1.0, 2.0])))
    assert torch.equal(seen, torch.arange(13.0).view(1, 13, 1, 1).expand(2, 13, 6, 6))


def test_simulated_clouds_lie_in_different_places_in_early_and_late_bands():
    """The cloud's edge in B12 fits that of B02 better once moved, in a fair share of broken skies."""
    settings = CloudSettings(clear=0.0, overcast=0.0, veil=0.0, mixed=0.0, gloom=0.0, saturated=0.0)
    ground = torch.full((24, 13, 64, 64), 0.05)
    cloudy = CloudSimulator(settings)(ground, torch.Generator().manual_seed(1)).cloudy
    first, last = (cloudy[:, band] - cloudy[:, band].mean((1, 2), keepdim=True) for band in (B02, B12))
    product = torch.fft.fft2(last) * torch.fft.fft2(first).conj()
    place = torch.fft.ifft2(product / product.abs().clamp_min(1e-9)).real.flatten(1).argmax(1)
    row, col = ((place // 64 + 32) % 64 - 32).abs(), ((place % 64 + 32) % 64 - 32).abs()
    moved = torch.maximum(row, col)
    assert (moved >= 3).float().mean() > 0.25
    assert (moved <= 2 * REACH).float().mean() > 0.8
