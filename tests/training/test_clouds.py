# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated clouds do what real ones do, and leave clear images alone."""

from __future__ import annotations

import pytest
import torch

from training.clouds import CloudSettings, CloudSimulator
from training.clouds.fields import displaced, fractal_field, in_blocks, quantile_of
from training.clouds.seasons import other_date
from training.clouds.transplant import transplant_clouds


def ground(count: int = 8, size: int = 32, level: float = 0.1) -> torch.Tensor:
    return level + 0.1 * torch.rand(count, 13, size, size, generator=torch.Generator().manual_seed(3))


def simulate(image, seed=0, **shares):
    nothing = {"clear": 0.0, "overcast": 0.0, "veil": 0.0, "mixed": 0.0, "gloom": 0.0}
    simulator = CloudSimulator(CloudSettings(**{**nothing, **shares}))
    return simulator(image, torch.Generator().manual_seed(seed))


def test_a_cloud_free_sample_is_unchanged_and_has_no_opacity():
    clear = ground()
    sample = simulate(clear, clear=1.0)
    assert torch.equal(sample.cloudy, clear)
    assert (sample.opacity == 0).all()


def test_an_opaque_overcast_leaves_nothing_of_the_ground():
    first, second = ground(16, level=0.05), ground(16, level=0.5)
    samples = [simulate(g, overcast=1.0, saturated=0.0) for g in (first, second)]
    opaque = samples[0].opacity[:, 0].amin((1, 2)) > 0.9999
    assert opaque.float().mean() > 0.5
    assert (samples[0].cloudy - samples[1].cloudy)[opaque].abs().max() < 1e-3


def test_overcast_can_saturate_every_visible_band():
    cloudy = simulate(ground(64), overcast=1.0, saturated=1.0).cloudy
    assert (cloudy[:, 1:4].amin(dim=(1, 2, 3)) >= 0.95).any()


def test_haze_is_thinner_in_long_wavelengths():
    clear = torch.full((64, 13, 32, 32), 0.02)
    added = (simulate(clear, veil=1.0).cloudy - clear).mean((0, 2, 3))
    assert added[1] > added[7] > added[12] > 0


def test_shadows_darken_near_infrared_more_than_blue():
    clear = torch.full((64, 13, 32, 32), 0.3)
    sample = simulate(clear, seed=2)
    shadow = (sample.opacity[:, 1] > 0.5) & (sample.opacity[:, 0] < 0.01)
    assert shadow.any()
    ratio = (sample.cloudy / clear).permute(0, 2, 3, 1)[shadow].mean(0)
    assert ratio[7] < ratio[1] < 1


def test_opacity_and_reflectance_stay_between_0_and_1():
    sample = simulate(ground(32), overcast=0.3, veil=0.3, mixed=0.3, gloom=0.5)
    for values in (sample.cloudy, sample.opacity):
        assert torch.isfinite(values).all() and values.min() >= 0 and values.max() <= 1


def test_the_same_seed_gives_the_same_clouds():
    clear = ground()
    assert torch.equal(simulate(clear, 5, mixed=1.0).cloudy, simulate(clear, 5, mixed=1.0).cloudy)
    assert not torch.equal(simulate(clear, 5, mixed=1.0).cloudy, simulate(clear, 6, mixed=1.0).cloudy)


def test_a_transplanted_opaque_cloud_is_the_donors_own():
    clear, donor, below = ground(1), torch.full((1, 13, 32, 32), 0.1), torch.full((1, 13, 32, 32), 0.1)
    donor[..., :16] = 0.8
    sample = transplant_clouds(clear, donor, below)
    assert torch.allclose(sample.cloudy[..., :16], donor[..., :16])
    assert torch.equal(sample.cloudy[..., 16:], clear[..., 16:])
    assert sample.opacity[0, 0, 0, 0] == 1 and sample.opacity[0, 0, 0, 31] == 0


def test_fractal_fields_are_standardised():
    field = fractal_field(3, 40, torch.Generator().manual_seed(0))
    assert field.shape == (3, 1, 40, 40)
    assert field.mean((2, 3)).abs().max() < 1e-4
    torch.testing.assert_close(field.std((2, 3)), torch.ones(3, 1), atol=1e-3, rtol=0)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_the_quantile_leaves_the_wanted_share_above(share):
    field = fractal_field(1, 64, torch.Generator().manual_seed(0))
    above = (field > quantile_of(field, torch.full((1, 1, 1, 1), share))).float().mean()
    assert abs(float(above) - share) < 0.01


def test_displacement_moves_each_sample_by_its_own_shift():
    field = torch.zeros(2, 1, 8, 8)
    field[:, :, 2, 2] = 1
    moved = displaced(field, torch.tensor([1, 0]), torch.tensor([3, -2]))
    assert moved[0, 0, 3, 5] == 1 and moved[1, 0, 2, 0] == 1 and moved.sum() == 2


def test_blocks_hold_their_mean_wherever_the_grid_begins():
    values = torch.arange(2 * 7 * 8, dtype=torch.float32).view(1, 2, 7, 8)
    blocks = in_blocks(values, 2, row=1)
    assert blocks.shape == values.shape
    assert (blocks[0, 0, 1:3, 0:2] == values[0, 0, 1:3, 0:2].mean()).all()
    assert (blocks[0, 1, 5:7, 6:8] == values[0, 1, 5:7, 6:8].mean()).all()
    assert torch.equal(in_blocks(values, 1), values)


def test_clouds_are_seen_at_the_resolution_of_each_band():
    simulator = CloudSimulator(CloudSettings())
    opacity = torch.rand(2, 13, 48, 48, generator=torch.Generator().manual_seed(0))
    coarse, colour = next(
        found
        for found in (
            simulator._as_sampled(opacity, opacity, torch.Generator().manual_seed(seed)) for seed in range(50)
        )
        if not torch.equal(found[0], opacity)
    )
    for bands, share in (((1, 2, 3, 7), 1.0), ((4, 5, 6, 8, 11, 12), 1 / 2), ((0, 9, 10), 1 / 6)):
        changes = ((coarse[:, :, 1:] - coarse[:, :, :-1]).abs() > 1e-6).float().mean((0, 2, 3))
        assert changes[list(bands)].sub(share).abs().max() < 0.05
    assert torch.allclose((coarse * colour).mean(), (opacity * opacity).mean(), rtol=0.03)


def test_the_ground_changes_between_dates_as_much_as_that_of_real_pairs():
    clear = torch.full((400, 13, 16, 16), 0.2)
    generator = torch.Generator().manual_seed(0)
    assert torch.equal(other_date(clear, 0.0, generator), clear)
    change = (other_date(clear, 1.0, generator) / clear).log()
    spread = change.mean((2, 3)).std(0)
    assert 0.03 < spread[1] < 0.16 and 0.12 < spread[7] < 0.25 and 0.12 < spread[11] < 0.3 and spread[10] == 0
    assert change.std((2, 3)).mean(0)[7] > 0.05
