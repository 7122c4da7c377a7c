# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker process that waits for the next job: the same bytes, no second start, and no process that outstays."""

from __future__ import annotations

import sys
import time

import pytest

from dbcr_core.errors import Cancelled, InputError, WorkerError
from dbcr_core.scene import remove_clouds
from dbcr_core.worker_pool import WorkerPool
from tests.core.test_worker import Told, job, workers
from tests.systems import kill, killed

__all__ = ["job"]  # a fixture


@pytest.fixture
def pool():
    some = WorkerPool()
    yield some
    some.close()
    assert workers() == []


def test_the_second_job_finds_the_process_of_the_first_and_gives_the_bytes_of_any(job, tmp_path, pool):
    here = remove_clouds(**vars(job(output=str(tmp_path / "here.tif"))))
    expected, pids = (tmp_path / "here.tif").read_bytes(), set()
    for name in ("a.tif", "b.tif"):
        told = Told()
        report = pool.run(sys.executable, job(output=str(tmp_path / name)), told)
        assert (tmp_path / name).read_bytes() == expected and told.texts == list(here.messages)
        assert report.evaluations == here.evaluations
        pids.update(workers())
    assert len(pids) == 1


def test_a_cancelled_job_leaves_the_process_for_the_next_and_a_failed_one_does_not(job, tmp_path, pool):
    stop = []
    with pytest.raises(Cancelled):
        pool.run(sys.executable, job(nfe=10), Told(lambda: stop.append(1)), cancelled=lambda: bool(stop))
    waiting = workers()
    assert len(waiting) == 1 and not (tmp_path / "out.tif").exists()
    pool.run(sys.executable, job(), Told())
    assert workers() == waiting and (tmp_path / "out.tif").exists()
    with pytest.raises(InputError, match=r"nowhere\.tif"):
        pool.run(sys.executable, job(sar="nowhere.tif"), Told())
    assert workers() == []


def test_a_process_that_does_not_answer_a_cancel_in_time_is_not_kept(job, pool, monkeypatch):
    monkeypatch.setattr("dbcr_core.worker_client.CANCEL_SECONDS", -1)
    stop = []
    with pytest.raises(Cancelled):
        pool.run(sys.executable, job(nfe=10), Told(lambda: stop.append(1)), cancelled=lambda: bool(stop))
    assert workers() == []


def test_a_process_that_dies_is_told_while_it_works_and_replaced_while_it_waits(job, pool):
    told = Told(lambda: kill(workers()[0]))
    with pytest.raises(WorkerError, match=killed("ended by SIGKILL")):
        pool.run(sys.executable, job(nfe=10), told)
    assert workers() == []
    pool.run(sys.executable, job(), Told())
    (first,) = workers()
    kill(first)
    pool._spare.thing._process.wait()
    pool.run(sys.executable, job(output=job().output + "2.tif"), Told())
    assert len(workers()) == 1 and workers() != [first]


def test_another_python_means_another_process(job, pool):
    pool.run(sys.executable, job(), Told())
    (first,) = workers()
    pool.run([sys.executable, "-W", "ignore"], job(output=job().output + "2.tif"), Told())
    assert len(workers()) == 1 and workers() != [first]


def test_a_process_that_nobody_needs_ends_by_itself(job):
    pool = WorkerPool(idle_seconds=0.5)
    pool.run(sys.executable, job(), Told())
    deadline = time.monotonic() + 20
    while workers() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert workers() == []


def test_a_cancel_that_comes_too_late_does_not_touch_the_next_job(job, pool):
    pool.run(sys.executable, job(), Told())
    pool._spare.thing._send({"command": "cancel"})
    report = pool.run(sys.executable, job(output=job().output + "2.tif"), Told())
    assert report.evaluations == 25
