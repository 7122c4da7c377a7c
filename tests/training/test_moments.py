# SPDX-License-Identifier: GPL-3.0-or-later
"""How bands go together is taken from scenes that have all, and shown to a network as the engine shows it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from scenes import make_scene

pytest.importorskip("onnxruntime")

from dbcr_core.band_moments import with_estimates  # noqa: E402
from tests.core.predictors import FunctionPredictor  # noqa: E402
from training.clouds import CloudSettings, CloudSimulator  # noqa: E402
from training.config import DataSettings, DropSettings  # noqa: E402
from training.moments import completed, estimate_lacking, scene_moments  # noqa: E402
from training.sampling import PROFILES, CropSampler  # noqa: E402
from training.validation import restore_image, validation_image  # noqa: E402

FOUR = np.array(PROFILES["four"])


def smooth_scene(name: str = "a", **changes):
    """All bands are shares of one picture, so that any of them tells the others."""
    picture = np.random.default_rng(1).integers(1000, 4000, (1, 32, 32))
    return make_scene(
        name, size=32, clear=(picture * np.linspace(0.5, 2, 13)[:, None, None]).astype(np.uint16), **changes
    )


def without_most_bands(scene, **changes):
    return replace(scene, clear=scene.clear * FOUR[:, None, None].astype(np.uint16), bands=FOUR, **changes)


def test_only_measured_bands_tell_how_bands_go_together():
    scene = smooth_scene()
    moments = scene_moments([scene])
    assert len(moments) == 182 and moments == scene_moments([scene, without_most_bands(scene)])
    assert moments == scene_moments([scene, replace(scene, measured=FOUR)])
    assert scene_moments([without_most_bands(scene)]) == ()
    # Half of what is drawn from the cloudy image is brighter.
    assert scene_moments([replace(scene, cloudy=scene.clear + np.uint16(3000))])[0] > moments[0] + 0.05


def test_a_scene_gets_the_bands_that_it_lacks():
    scene = smooth_scene()
    lacking = without_most_bands(scene, cloudy=scene.clear * FOUR[:, None, None].astype(np.uint16))
    lacking.clear[:, :5] = 0
    whole = completed(lacking, scene_moments([scene]))
    assert whole.bands.all() and (whole.measured == FOUR).all()
    assert (whole.clear[FOUR] == lacking.clear[FOUR]).all() and not whole.clear[:, :5].any()
    seen = whole.clear[~FOUR][:, 5:].astype(float)
    assert np.abs(seen / scene.clear[~FOUR][:, 5:] - 1).mean() < 0.02
    assert np.abs(whole.cloudy[~FOUR].astype(float) / scene.clear[~FOUR] - 1).mean() < 0.02
    assert completed(scene, ()) is scene


def test_training_shows_the_estimates_that_the_engine_shows():
    moments = scene_moments([smooth_scene()])
    images = torch.rand(4, 13, 8, 8)
    seen = torch.ones_like(images, dtype=torch.bool)
    seen[1], seen[2, 9:], seen[3] = torch.from_numpy(FOUR)[:, None, None], False, False
    seen[1:3, :, :3] = False
    images = images * seen
    filled = estimate_lacking(images, seen, moments)
    assert torch.equal(filled[0], images[0]) and torch.equal(filled[3], images[3])
    assert torch.equal(filled[seen], images[seen]) and not filled[1:3, :, :3].any()
    for index, bands in ((1, FOUR), (2, np.arange(13) < 9)):
        expected = images[index].numpy().copy()
        with_estimates(expected, np.flatnonzero(bands).tolist(), moments)
        np.testing.assert_allclose(filled[index, :, 3:], expected[:, 3:], atol=1e-6)


def test_no_sample_of_such_a_training_lacks_a_band():
    scenes = [without_most_bands(smooth_scene(str(i))) for i in range(2)]
    for moments in ((), scene_moments([smooth_scene()])):
        simulator = CloudSimulator(CloudSettings())
        sampler = CropSampler(scenes, DataSettings(), DropSettings(rgb=0.5), simulator, 0, band_moments=moments)
        batch = sampler(0, 16, 8)
        lacking = ~batch.valid.flatten(2).any(2)
        assert lacking[:, ~FOUR].all(), "no estimate counts in the loss"
        for images in (batch.cloudy, batch.clear):
            assert images.flatten(2).any(2)[lacking].all() == bool(moments)


def test_a_network_is_judged_by_what_the_engine_shows_it():
    seen: list = []
    scene = replace(smooth_scene(cloudy=True), bands=FOUR)
    image = validation_image(scene)
    image = replace(image, cloudy=image.cloudy * torch.from_numpy(FOUR)[:, None, None])
    for moments in ((), scene_moments([smooth_scene()])):
        predictor = FunctionPredictor(lambda x, t, s: (seen.append(x[0].copy()), x)[1], band_moments=moments)
        restored, _ = restore_image(predictor, image)
        assert not restored[~FOUR].any()
    zeros, estimates = seen
    assert not zeros[~FOUR].any() and estimates[~FOUR].all() and np.array_equal(zeros[FOUR], estimates[FOUR])
    expected = zeros.copy()
    with_estimates(expected, np.flatnonzero(FOUR).tolist(), moments)
    assert np.array_equal(estimates, expected)
