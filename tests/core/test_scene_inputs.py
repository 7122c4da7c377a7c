# SPDX-License-Identifier: GPL-3.0-or-later
"""The model is opened while the rasters are looked at."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from dbcr_core import scene_inputs
from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.errors import InputError, ModelError
from dbcr_core.job import CloudRemovalJob
from dbcr_core.progress import Silence
from dbcr_core.scene_inputs import open_inputs
from tests.core.predictors import brightness_head, identity
from tests.core.raster_files import backscatter_db, reflective_dn, write_raster
from tests.core.test_scene import make_scene


class Opening:
    """Stands for `open_predictor`: waits until it is let go on, and counts what was opened and closed."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault, self.predictor = fault, identity()
        self.go_on, self.closed = threading.Event(), threading.Event()
        self.predictor.close = self.closed.set

    def __call__(self, *arguments, **options):
        self.options = options
        assert self.go_on.wait(60)
        if self.fault:
            raise self.fault
        return self.predictor


@pytest.fixture
def opening(monkeypatch):
    opening = Opening()
    monkeypatch.setattr(scene_inputs, "open_predictor", opening)
    return opening


def job(folder, **options) -> CloudRemovalJob:
    optical, sar, _ = make_scene(folder, height=40, width=30)
    return CloudRemovalJob(optical, sar, str(folder / "out.tif"), mask="none", **options)


def test_the_rasters_are_checked_while_the_model_is_being_opened(tmp_path, monkeypatch, opening):
    checked = scene_inputs.check_pair

    def check(*arguments, **options):
        # Until here nothing has waited for the model.
        opening.go_on.set()
        return checked(*arguments, **options)

    monkeypatch.setattr(scene_inputs, "check_pair", check)
    with scene_inputs.open_inputs(job(tmp_path), None, Silence()) as inputs:
        assert inputs.predictor is opening.predictor and not opening.closed.is_set()
        assert opening.options == {"at_once": 1, "heads": []}
    assert opening.closed.is_set()


def test_a_raster_s_fault_does_not_wait_for_the_model_which_is_closed_when_it_comes(tmp_path, opening):
    faulty = job(tmp_path, optical_values="decibel")
    with pytest.raises(InputError), scene_inputs.open_inputs(faulty, None, Silence()):
        pytest.fail("a fault was passed over")
    assert not opening.go_on.is_set() and not opening.closed.is_set()
    opening.go_on.set()
    assert opening.closed.wait(60)


def test_of_two_faults_the_raster_s_is_told_and_a_model_s_alone_is_told_as_it_is(tmp_path, opening):
    opening.fault = ModelError("No model.")
    opening.go_on.set()
    for options, kind in (({"optical_values": "decibel"}, InputError), ({}, ModelError)):
        with pytest.raises(kind), scene_inputs.open_inputs(job(tmp_path, **options), None, Silence()):
            pytest.fail("a fault was passed over")
    assert not opening.closed.is_set()


def told_about(folder, sar) -> str:
    """All warnings of a run over these decibels."""
    optical = write_raster(folder / "o.tif", reflective_dn(13), descriptions=OPTICAL_BANDS)
    told = []

    class Port(Silence):
        def warning(self, text):
            told.append(text)

    radar = write_raster(folder / "s.tif", sar, descriptions=("VV", "VH"))
    with open_inputs(CloudRemovalJob(optical, radar, "x.tif", mask="none"), brightness_head(), Port()):
        return " ".join(told)


def test_a_run_says_that_polarisations_look_swapped_and_that_the_level_is_unusual(tmp_path):
    sar = backscatter_db()
    assert told_about(tmp_path, sar) == ""
    assert "VH is brighter than VV" in told_about(tmp_path, sar[::-1])
    assert "typical VV of -34 dB is unusual" in told_about(tmp_path, sar - 24)


@pytest.mark.parametrize("seen", [0, 1024])
def test_a_band_of_flags_before_the_others_does_not_tell_where_the_ground_was_seen(tmp_path, seen):
    values = np.zeros((6, 60, 70), np.uint16)
    values[:2, :20], values[2:] = seen, reflective_dn(4)
    optical = write_raster(tmp_path / "o.tif", values, descriptions=("QA60", "clouds", "B02", "B03", "B04", "B08"))
    for rows, cover in ((60, "all"), (20, "33 %")):
        radar = write_raster(tmp_path / "s.tif", backscatter_db(rows, 70), descriptions=("VV", "VH"))
        task = CloudRemovalJob(optical, radar, "x.tif", mask="none")
        if cover == "all":
            with open_inputs(task, brightness_head(), Silence()) as inputs:
                assert not [text for text in inputs.findings if "no data" in text]
        else:
            with (
                pytest.raises(InputError, match=f"covers only {cover}"),
                open_inputs(task, brightness_head(), Silence()),
            ):
                pytest.fail("missing radar was passed over")


def test_pixels_of_an_image_and_of_a_part_cut_from_it_are_counted_alike_on_any_grid(tmp_path):
    """Noise belongs to places: those of grids that lie half a pixel off, too."""
    for shift in (0, 5, 2.5, 4.99999999):
        found = []
        for col in range(4):
            place = (10, 0, 300_000 + shift + 10 * col, 0, -10, 3_400_000 + shift - 10 * col)
            optical = write_raster(tmp_path / "o.tif", reflective_dn(13), descriptions=OPTICAL_BANDS, transform=place)
            with open_inputs(CloudRemovalJob(optical, None, "x.tif"), brightness_head(), Silence()) as inputs:
                found.append(inputs.absolute_pixel)
        assert np.array_equal(np.diff(found, axis=0), np.ones((3, 2)))


@pytest.mark.parametrize(
    "stochastic, nfe, warns", [(False, 3, True), (False, 1, False), (True, 3, False), (None, 3, False)]
)
def test_noise_that_a_model_does_not_know_is_announced(tmp_path, stochastic, nfe, warns):
    config = {} if stochastic is None else {"config": {"stochastic": stochastic}}
    predictor = brightness_head()
    predictor.card = replace(predictor.card, training=config)
    optical = write_raster(tmp_path / "o.tif", reflective_dn(13), descriptions=OPTICAL_BANDS)
    told = []

    class Port(Silence):
        def warning(self, text):
            told.append(text)

    with open_inputs(CloudRemovalJob(optical, None, "x.tif", nfe=nfe, sampler="sde"), predictor, Port()):
        pass
    assert any("not trained with noise" in text for text in told) is warns
