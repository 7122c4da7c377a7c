# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks that stay open from one scene to the next: lent to one at a time, and one kept, or two light ones."""

from __future__ import annotations

import os
import shutil
import threading
import time

import pytest

from dbcr_core.errors import InputError, ModelError
from dbcr_core.model_card import bundled_model_path
from dbcr_core.predictors import PredictorKeeper, keeper
from dbcr_core.scene import remove_clouds
from dbcr_core.spare import Spare
from tests.core.test_scene import make_scene


@pytest.fixture
def opened(monkeypatch):
    """All networks that the keeper opens, and whether they are still open."""
    found, really = [], keeper.open_predictor

    def noting(*args, **options):
        found.append(really(*args, **options))
        return found[-1]

    monkeypatch.setattr(keeper, "open_predictor", noting)
    return found


def lend(keeper, path=None, device="cpu", threads=1, at_once=1, heads=()):
    return keeper.lend(path or bundled_model_path(), device, threads, at_once=at_once, heads=heads)


def is_open(predictor):
    return bool(predictor._sessions)


def test_what_was_given_back_is_lent_again_to_whom_it_fits(opened):
    keeper = PredictorKeeper()
    first = lend(keeper)
    keeper.take_back(first)
    assert lend(keeper) is first and is_open(first)
    keeper.take_back(first)
    for options in ({"heads": ("scale",)}, {"threads": 2}):
        other = lend(keeper, **options)
        assert other is not first and not is_open(first)
        keeper.take_back(other)
        first = other
    assert len(opened) == 3


def test_scenes_with_more_tiles_than_cores_need_the_same_network(opened):
    keeper = PredictorKeeper()
    for at_once in (9, 4, 2, 1):
        keeper.take_back(lend(keeper, threads=2, at_once=at_once))
    assert [predictor.at_once for predictor in opened] == [2, 1]


def test_nothing_is_lent_twice_at_a_time_and_one_is_kept(opened):
    keeper = PredictorKeeper()
    first, second = lend(keeper), lend(keeper)
    assert first is not second
    keeper.close()
    assert is_open(first) and is_open(second), "others may use them"
    keeper.take_back(first)
    keeper.take_back(second)
    assert is_open(second) and not is_open(first)
    keeper.close()
    assert not is_open(second)


def test_a_batch_s_keeper_holds_two_light_networks_and_no_third(opened):
    keeper = PredictorKeeper(keeps_two=True)
    for heads in ((), ("scale",)) * 2:
        keeper.take_back(lend(keeper, heads=heads))
    assert [is_open(predictor) for predictor in opened] == [True, True]
    third = lend(keeper, threads=2)
    assert [is_open(predictor) for predictor in opened] == [False, True, True], "the oldest, before there are three"
    keeper.take_back(third)
    keeper.close()
    assert len(opened) == 3 and not any(map(is_open, opened))


@pytest.mark.parametrize("reason", ["file", "card"])
def test_a_heavy_network_has_no_other_beside_it(opened, monkeypatch, reason):
    if reason == "file":
        monkeypatch.setattr("dbcr_core.predictors.keeper.LIGHT_BYTES", 1000)
    keeper = PredictorKeeper(keeps_two=True)
    first = lend(keeper)
    first.device = "NVIDIA GPU (CUDA), ONNX Runtime" if reason == "card" else first.device
    keeper.take_back(first)
    second = lend(keeper, heads=("scale",))
    assert not is_open(first)
    second.device = first.device
    keeper.take_back(second)
    assert lend(keeper, heads=("scale",)) is second


def test_what_nobody_asks_for_is_closed_after_a_while_counted_from_its_last_use(opened):
    keeper = PredictorKeeper(idle_seconds=0.4)
    keeper.take_back(lend(keeper))
    time.sleep(0.25)
    keeper.take_back(lend(keeper))
    time.sleep(0.25)
    assert len(opened) == 1 and is_open(opened[0])
    deadline = time.monotonic() + 10
    while is_open(opened[0]) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_open(opened[0])
    assert is_open(lend(keeper)) and len(opened) == 2


def test_a_model_that_changed_is_opened_anew(opened, tmp_path):
    path = str(shutil.copy(bundled_model_path(), tmp_path / "own.dbcr"))
    keeper = PredictorKeeper()
    keeper.take_back(lend(keeper, path))
    os.utime(path, (1, 1))
    keeper.take_back(lend(keeper, path))
    assert len(opened) == 2
    os.remove(path)
    with pytest.raises(ModelError):
        lend(keeper, path)


def test_scenes_one_after_the_other_open_the_model_once_and_write_the_bytes_of_each_alone(opened, tmp_path):
    scene = make_scene(tmp_path, 300, 500)[:2]
    remove_clouds(*scene, str(tmp_path / "alone.tif"), mask="none", device="cpu")
    keeper = PredictorKeeper()
    for name in ("a.tif", "b.tif"):
        remove_clouds(*scene, str(tmp_path / name), mask="none", device="cpu", keeper=keeper)
        with pytest.raises(InputError):
            remove_clouds(str(tmp_path / "nothing.tif"), None, str(tmp_path / "c.tif"), device="cpu", keeper=keeper)
    assert len(opened) == 1 and is_open(opened[0])
    alone = (tmp_path / "alone.tif").read_bytes()
    assert (tmp_path / "a.tif").read_bytes() == alone == (tmp_path / "b.tif").read_bytes()


def test_no_timer_outlives_what_it_watches():
    def timers():
        return [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer) and thread.is_alive()]

    before, ended = len(timers()), []
    spare = Spare(ended.append, idle_seconds=60)
    spare.put("a", "first")
    assert len(timers()) == before + 1 and spare.take("a") == "first"
    spare.put("a", "second")
    spare.put("a", "third")
    spare.clear()
    deadline = time.monotonic() + 5
    while len(timers()) > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(timers()) == before and ended == ["second", "third"]
