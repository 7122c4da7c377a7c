# SPDX-License-Identifier: GPL-3.0-or-later
"""Completed bands keep what was measured, come close to the truth where bands go together, and weigh less."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from scenes import make_scene

from dbcr_core.band_names import OPTICAL_BANDS
from training.clouds import CloudSettings, CloudSimulator
from training.completion import complete_scenes, fit_regression, smooth_field, top_of_atmosphere
from training.config import DataSettings, DropSettings
from training.sampling import CropSampler, spectral_gain

FEW = np.array([b in ("B03", "B08", "B11") for b in OPTICAL_BANDS])


def surfaces(seed: int, size: int = 48) -> np.ndarray:
    """DN (13, size, size) of a mixture of three surfaces, as real bands go together."""
    random = np.random.default_rng(seed)
    water = np.linspace(0.10, 0.01, 13)
    plants = np.array([0.1, 0.08, 0.08, 0.05, 0.1, 0.25, 0.32, 0.31, 0.36, 0.1, 0.002, 0.2, 0.1])
    soil = np.linspace(0.12, 0.33, 13)
    shares = np.stack([smooth_field(random.random((1, 6, 6)), size, size)[0] for _ in range(3)])
    shares /= shares.sum(0)
    mixed = np.tensordot(np.stack([water, plants, soil]), shares, (0, 0))
    return np.round(mixed * 10000).astype(np.uint16)


def scenes_with_one_short_of_bands():
    full = [make_scene(f"full{i}", seed=i, clear=surfaces(i)) for i in range(3)]
    truth = surfaces(9)
    sar = make_scene().sar
    few = make_scene("few", group="ombria", clear=truth * FEW[:, None, None], bands=FEW, sar=sar, sar_kind="relative")
    return full, few, truth


def test_measured_bands_stay_and_the_others_come_close():
    full, few, truth = scenes_with_one_short_of_bands()
    *_, completed = complete_scenes([*full, few], frozenset())
    assert completed.id == "few" and completed.bands.all() and (completed.measured == FEW).all()
    step = 10000 / 255
    assert np.abs(completed.clear[FEW].astype(float) - truth[FEW]).max() <= step / 2 + 1
    off = np.abs(completed.clear.astype(float) - truth)[~FEW].mean()
    plain = np.abs(truth - truth.mean((1, 2), keepdims=True))[~FEW].mean()
    assert off < plain / 2
    assert completed.cloudy is None and completed.sar_kind == "matched" and completed.sar_bands.all()


def test_a_draw_differs_by_scene_and_not_by_run():
    full, few, _ = scenes_with_one_short_of_bands()
    first, again, other = (complete_scenes([*full, few], frozenset(), seed=s)[-1].clear for s in (0, 0, 1))
    assert (first == again).all() and (first != other).any()


def test_scenes_with_all_bands_or_without_a_clear_date_stay_alone():
    full, few, _ = scenes_with_one_short_of_bands()
    cloudy_only = replace(few, clear=None, cloudy=few.clear)
    assert complete_scenes([*full, cloudy_only], frozenset()) == [*full, cloudy_only]


def test_nodata_stays_nodata():
    full, few, _ = scenes_with_one_short_of_bands()
    clear = few.clear.copy()
    clear[:, :5] = 0
    *_, completed = complete_scenes([*full, replace(few, clear=clear)], frozenset())
    assert (completed.clear[:, :5] == 0).all() and (completed.clear[:, 5:] > 0).all()


def test_regression_reports_what_it_cannot_tell():
    full, *_ = scenes_with_one_short_of_bands()
    regression = fit_regression([scene.clear for scene in full], FEW)
    spread = np.sqrt((regression.spread**2).sum(1))
    assert (spread >= 0).all() and spread[FEW].max() < 0.02


def test_the_atmosphere_brightens_blue_and_dims_the_near_infrared():
    dark, bright = (np.full((13, 2, 2), v, np.float32) for v in (0.0, 0.5))
    random = np.random.default_rng(0)
    for _ in range(20):
        seed = int(random.integers(1 << 30))
        over_dark, over_bright = (top_of_atmosphere(s, np.random.default_rng(seed))[:, 0, 0] for s in (dark, bright))
        assert over_dark[0] > over_dark[3] > over_dark[12] >= 0
        assert 0.05 < over_dark[0] < 0.25 and over_dark[12] < 0.03
        assert over_bright[9] < over_bright[8] < 0.55


def test_completed_bands_weigh_less_in_the_loss():
    scene = make_scene(measured=FEW)
    sampler = CropSampler(
        [scene], DataSettings(completed_weight=0.25), DropSettings(0, 0, 0, 0, 0, 0), CloudSimulator(CloudSettings()), 0
    )
    batch = sampler(0, 16, 2)
    assert (batch.valid[:, FEW] == 1).all() and (batch.valid[:, ~FEW] == 0.25).all()
    assert (batch.clear[:, ~FEW] > 0).any()


def test_levels_vary_as_much_as_asked():
    gains = spectral_gain(4000, 0.1, np.random.default_rng(0))
    assert gains.shape == (4000, 13, 1, 1)
    assert 0.09 < np.log(gains[:, 4]).std() < 0.13
    assert (spectral_gain(3, 0.0, np.random.default_rng(0)) == 1).all()


def test_shadows_take_the_long_wavelengths_and_leave_the_blue():
    ground = torch.full((64, 13, 32, 32), 0.3)
    settings = CloudSettings(clear=0, overcast=0, veil=0, mixed=0, gloom=1.0)
    simulator = CloudSimulator(settings)
    generator = torch.Generator().manual_seed(0)
    whole = torch.zeros(64, 1, 80, 80)
    shaded, depth = simulator._shade(ground, whole, torch.ones(64, 1, 1, 1, dtype=torch.bool), generator, slice(24, 56))
    kept = (shaded / ground).mean((0, 2, 3))
    assert kept[1] > kept[3] > kept[7] > kept[12]
    assert kept[0] > 0.75 and kept[12] < 0.65
    assert ((depth >= 0) & (depth <= 1)).all()
