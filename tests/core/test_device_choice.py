# SPDX-License-Identifier: GPL-3.0-or-later
"""How "auto" chooses between devices. Those here compute something simple and set the clock on as they please."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from dbcr_core.errors import BackendMissingError
from dbcr_core.predictors import Prediction, device_choice
from dbcr_core.predictors import golden_tile as golden_tile_module
from dbcr_core.predictors.device_choice import choose_device
from dbcr_core.predictors.golden_tile import golden_tile
from dbcr_core.predictors.onnx_sessions import _provider_options
from tests.core.predictors import FunctionPredictor

SIZE = 64


class Machine:
    """Devices with a time per evaluation, and an error in their result; None: it does not start."""

    def __init__(self, **devices):
        self.devices, self.opened, self.clock = devices, [], 0.0

    def open(self, name):
        self.opened.append(name)
        if self.devices[name] is None:
            raise BackendMissingError(f"{name} has no driver; install one.")
        seconds, error = self.devices[name]

        def predict(x_t, t, sar):
            self.clock += seconds
            return Prediction(0.5 * x_t + np.float32(error))

        return FunctionPredictor(predict)


@pytest.fixture
def choose(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))

    def run(machine, model="a"):
        monkeypatch.setattr(device_choice, "available_devices", lambda: tuple(machine.devices))
        monkeypatch.setattr(golden_tile_module, "time", SimpleNamespace(perf_counter=lambda: machine.clock))
        return choose_device(model, machine.open)

    return run


def test_the_only_device_is_taken_without_measuring(choose):
    machine = Machine(cpu=(0, 0))
    assert choose(machine).device == "cpu" and choose(machine).why == "" and machine.opened == []


def test_the_fastest_device_that_is_right_is_taken_and_the_reason_told(choose):
    machine = Machine(cpu=(0.08, 0), openvino=(0.03, 2e-5), cuda=(0.01, 0.5), coreml=None)
    choice = choose(machine)
    assert choice.device == "openvino"
    for words in (
        "CPU 0.08 s",
        "OpenVINO 0.03 s",
        "differs by 5e-01",
        "CoreML does not work here (coreml has no driver",
    ):
        assert words in choice.why


def test_the_cpu_stays_where_another_is_hardly_faster_or_not_exact_enough(choose):
    assert choose(Machine(cpu=(0.03, 0), openvino=(0.03, 0))).device == "cpu"
    assert choose(Machine(cpu=(0.05, 0), openvino=(0.01, 1e-3)), model="b").device == "cpu"
    # A graphics card may round to fewer digits.
    assert choose(Machine(cpu=(0.05, 0), cuda=(0.01, 1e-3)), model="c").device == "cuda"


def test_the_choice_is_remembered_for_this_model_and_these_devices(choose):
    machine = Machine(cpu=(0.05, 0), openvino=(0.01, 0))
    first = choose(machine)
    machine.opened.clear()
    assert choose(machine) == first and machine.opened == []
    choose(machine, model="other")
    assert machine.opened == ["cpu", "openvino"]
    # What it chose is gone: measured anew.
    assert choose(Machine(cpu=(0.01, 0), cuda=(0.02, 0))).device == "cpu"


def test_a_device_that_did_not_start_is_tried_again_the_next_time(choose):
    machine = Machine(cpu=(0.05, 0), cuda=None)
    assert choose(machine).device == "cpu"
    machine.devices["cuda"] = (0.01, 0)
    assert choose(machine).device == "cuda"


def test_a_damaged_memory_is_measured_again(choose, tmp_path):
    machine = Machine(cpu=(0.05, 0), openvino=(0.01, 0))
    choose(machine)
    (file,) = (tmp_path / "cache").rglob("*.json")
    for text in ("", "[]", '{"device": "abacus", "why": ""}', '{"device": "openvino", "why": 3}', "{}"):
        file.write_text(text)
        machine.opened.clear()
        assert choose(machine).device == "openvino" and machine.opened


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(choose, tmp_path):
    (tmp_path / "cache").write_text("in the way")
    assert choose(Machine(cpu=(0.05, 0), openvino=(0.01, 0))).device == "openvino"


def test_the_golden_tile_is_the_same_everywhere():
    optical, sar = golden_tile(SIZE)
    assert optical.shape == (1, 13, SIZE, SIZE) and sar.shape == (1, 2, SIZE, SIZE)
    assert optical.dtype == sar.dtype == np.float32
    assert optical.min() >= 0 and optical.max() <= 1 and sar.min() >= 0 and sar.max() <= 1
    assert (golden_tile(SIZE)[0] == optical).all()


def test_a_user_without_a_home_has_no_cache(choose, monkeypatch, tmp_path):
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name)
    monkeypatch.setattr("os.path.expanduser", lambda name: name)  # as where neither HOME nor the password file has one
    monkeypatch.chdir(tmp_path)
    machine = Machine(cpu=(0.08, 0), openvino=(0.03, 0))
    assert [choose(machine).device for _ in range(2)] == ["openvino"] * 2
    assert "trt_engine_cache_path" not in _provider_options("tensorrt", 1)
    assert list(tmp_path.iterdir()) == []
