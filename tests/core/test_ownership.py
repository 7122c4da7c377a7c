# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose a batch's folder is, and how what an earlier batch left running makes way."""

from __future__ import annotations

import os

import pytest

from dbcr_core.batch import ownership, scene_task
from dbcr_core.batch.ownership import disown, has_lost, owned, owner
from dbcr_core.errors import Cancelled, OutputError, OutputInUse


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(ownership, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(scene_task, "AGAIN_SECONDS", 0.01)


def test_a_task_goes_on_until_the_folder_is_another_batch_s(tmp_path):
    folder = str(tmp_path)
    with owned(folder):
        first = has_lost(folder, owner(folder))
        assert not first()
        with pytest.raises(OutputError, match="Another batch"), owned(folder):
            pass
        assert not first(), "a batch that was refused owns nothing"
    assert ownership.OWNER_NAME not in os.listdir(folder)
    assert not first(), "what outlives its batch goes on, while nobody else comes"
    with owned(folder):
        second = has_lost(folder, owner(folder))
        assert first() and not second()
        disown(folder)
        assert second()


def test_a_folder_that_is_away_for_a_moment_stops_no_task(tmp_path):
    folder = str(tmp_path / "out")
    (tmp_path / "out").mkdir()
    with owned(folder):
        lost = has_lost(folder, owner(folder))
        (tmp_path / "out").rename(tmp_path / "away")
        assert not lost()
        (tmp_path / "away").rename(tmp_path / "out")
        assert not lost()


def test_an_output_in_use_is_waited_for(monkeypatch):
    faults = [OutputInUse("a"), OutputInUse("b")]

    def work():
        if faults:
            raise faults.pop()
        return {"output": "a.tif"}

    assert scene_task.once_free(work) == {"output": "a.tif"} and not faults
    faults.append(OutputInUse("a"))
    with pytest.raises(Cancelled):
        scene_task.once_free(work, lambda: True)
    monkeypatch.setattr(scene_task, "IN_USE_SECONDS", 0.0)
    faults += [OutputInUse("a")] * 3
    with pytest.raises(OutputInUse):
        scene_task.once_free(work)
