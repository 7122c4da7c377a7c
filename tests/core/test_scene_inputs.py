# SPDX-License-Identifier: GPL-3.0-or-later
"""The model is opened while the rasters are looked at."""

from __future__ import annotations

import threading

import pytest

from dbcr_core import scene_inputs
from dbcr_core.errors import InputError, ModelError
from dbcr_core.job import CloudRemovalJob
from dbcr_core.progress import Silence
from tests.core.predictors import identity
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
