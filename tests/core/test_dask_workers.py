# SPDX-License-Identifier: GPL-3.0-or-later
"""Workers of a cluster that cannot do the work: named, left out, and never a reason to wait without a word."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.systems import IS_WINDOWS

pytest.importorskip("distributed", reason="the optional extra dask[distributed] is not installed")
if IS_WINDOWS:
    pytest.skip("a Dask scheduler does not start under Wine", allow_module_level=True)

from dbcr_core import __version__  # noqa: E402
from dbcr_core.batch import dask_tasks, dask_workers  # noqa: E402
from dbcr_core.batch.dask_crew import LOSSES, _Task, _Try  # noqa: E402
from dbcr_core.batch.dask_workers import FitWorkers  # noqa: E402
from dbcr_core.cli import main  # noqa: E402
from dbcr_core.errors import BackendMissingError, InputError  # noqa: E402
from dbcr_core.scene import remove_clouds  # noqa: E402
from tests.core.batch_scenes import status_of, write_scenes  # noqa: E402
from tests.core.dask_cluster import Cluster  # noqa: E402

OLD_WORKER = """
import dbcr_core
dbcr_core.__version__ = "0.0.1"
"""


@pytest.fixture
def start(tmp_path, repository):
    clusters = []

    def cluster(workers):
        clusters.append(Cluster(tmp_path, repository, workers))
        return clusters[0]

    yield cluster
    for each in clusters:
        each.close()


def batch(cluster, list_of_scenes, out, *more):
    return main(["batch", str(list_of_scenes), "--output", str(out), "--scheduler", cluster.address, *more])


def test_workers_without_the_engine_or_of_another_version_are_left_out_by_name(tmp_path, start, capsys):
    path, out, cluster = write_scenes(tmp_path, ("a", "b")), tmp_path / "out", start(0)
    unfit = cluster.add("", path="") + cluster.add(OLD_WORKER)
    blind, old = map(cluster.address_of, unfit)
    assert batch(cluster, path, out) == 1
    err = capsys.readouterr().err
    assert f"Error: No worker of the cluster at {cluster.address} can be used: " in err
    assert f"{blind}, where dbcr_core cannot be imported; install the same packages there" in err
    assert f"{old}, where dbcr_core is not version {__version__}; install the same one there" in err
    assert status_of(out, "a")["state"] == "interrupted"

    cluster.add("")
    assert batch(cluster, path, out, "--parts", "2") == 0
    err = capsys.readouterr().err
    assert f"Left out of the batch: {blind}, " in err and f"Left out of the batch: {old}, " in err
    assert [process.poll() for process in unfit] == [None, None], "they live on"


def breaks():
    """Runs on a worker, which then fails at every scene."""

    def broken(*_, **__):
        raise BackendMissingError("ONNX Runtime is missing.")

    dask_tasks.run_scene = broken


def moves(folder):
    """Runs on a worker, whose outputs then lie where nobody else sees them."""
    known = dask_tasks.whole_scene

    def moved(scene, *batch):
        job = replace(scene.job, output=os.path.join(folder, os.path.basename(scene.job.output)))
        return known(replace(scene, job=job), *batch)

    dask_tasks.whole_scene = moved


def test_a_scene_that_fails_on_a_worker_or_is_not_seen_goes_to_another_one(tmp_path, start, capsys, monkeypatch):
    monkeypatch.setattr("dbcr_core.batch.dask_crew.SEEN_SECONDS", 0.0)
    path, out, elsewhere = write_scenes(tmp_path, ("a", "b")), tmp_path / "out", tmp_path / "elsewhere"
    assert main(["batch", str(path), "--output", str(out)]) == 0
    elsewhere.mkdir()
    cluster = start(0)
    broken, moved = map(cluster.address_of, cluster.add("", ""))
    with cluster.client() as client:
        client.run(breaks, workers=[broken])
        client.run(moves, str(elsewhere), workers=[moved])
    capsys.readouterr()
    assert batch(cluster, path, out, "--nfe", "2") == 1
    err = capsys.readouterr().err
    for name in ("a", "b"):
        assert f"{name}: On the worker {broken}: ONNX Runtime is missing." in err
        assert f"{name}: On the worker {moved}: {out / name}.tif is not seen here; let the workers share" in err
        assert status_of(out, name)["state"] == "failed"

    cluster.add("")
    assert batch(cluster, path, out, "--nfe", "2", "--retries", "2") == 0
    inputs = (str(tmp_path / "a_s2.tif"), str(tmp_path / "a_s1.tif"))
    remove_clouds(*inputs, str(elsewhere / "a.tif"), nfe=2, model=str(tmp_path / "tiny.dbcr"))
    assert (out / "a.tif").read_bytes() == (elsewhere / "a.tif").read_bytes()


def test_a_worker_that_joins_later_takes_over_from_the_last_one(tmp_path, start, capsys, monkeypatch):
    monkeypatch.setattr(dask_workers, "NOBODY_SECONDS", 0.5)
    path, out, cluster = write_scenes(tmp_path, ("a",), (1500, 280)), tmp_path / "out", start(1)
    ended = []
    thread = threading.Thread(target=lambda: ended.append(batch(cluster, path, out, "--parts", "3")))
    thread.start()
    wait_for(lambda: any(out.glob(".a.tif.parts-*/part-*")), thread)
    cluster.workers[0].kill()
    cluster.workers[0].wait()
    told = []
    wait_for(lambda: told.append(capsys.readouterr().err) or "had no worker" in "".join(told), thread)
    cluster.add("")
    thread.join()
    assert ended == [0] and status_of(out, "a")["attempts"] == 1
    assert [name for name in os.listdir(out) if ".parts-" in name] == []


def test_a_task_whose_workers_are_lost_again_and_again_waits_only_so_often():
    cancelled, each = [], _Try(None, 3)
    client, future = SimpleNamespace(cancel=cancelled.extend), SimpleNamespace(done=lambda: False)
    for lost in range(1, LOSSES + 2):
        each.running["key"] = _Task(future, each.waiting.popleft(), frozenset({"a", "b"}))
        each.take_back({"b": 1, "c": 1}, client)
        assert each.running, "one of its workers is there"
        each.take_back({"c": 1}, client)
        assert not each.running and list(each.waiting) == [0, 1, 2]
        assert each.losses == lost == len(cancelled)
    assert each.losses > LOSSES


def wait_for(condition, thread, seconds=90):
    end = time.monotonic() + seconds
    while not condition():
        assert thread.is_alive() and time.monotonic() < end
        time.sleep(0.05)


FROZEN = object()


class Told:
    """A client whose workers answer as they are told."""

    def __init__(self, answers):
        self.answers, self.asked, self.loop = answers, [], asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def sync(self, work, *arguments):
        return asyncio.run_coroutine_threadsafe(work(*arguments), self.loop).result()

    def scheduler_info(self, n_workers):
        return {"workers": {address: {"nthreads": 2} for address in self.answers}}

    async def run(self, question, *_, workers, on_error):
        self.asked += workers
        while any(self.answers[address] is FROZEN for address in workers):
            await asyncio.sleep(0.01)
        return {address: self.answers[address] for address in workers}


def test_workers_are_asked_once_and_again_when_they_come_back():
    client, told = Told({}), []
    workers = FitWorkers(client, "tcp://s:1", told.append)
    assert told == [
        "The cluster has no workers yet; scenes wait until one joins: `dask worker tcp://s:1 --nthreads 1`."
    ]
    client.answers = {"good": __version__, "bad": ModuleNotFoundError("no", name="numpy"), "gone": OSError()}
    assert workers.now() == {"good": 2}
    client.asked.clear()
    client.answers["gone"] = __version__
    assert workers.now() == {"good": 2, "gone": 2} and set(client.asked) == {"gone"}
    remedy = "install the same packages there, or set PYTHONPATH"
    assert told[1:] == [f"Left out of the batch: bad, where numpy cannot be imported; {remedy}."]
    client.answers = {"good": __version__}
    assert workers.now() == {"good": 2}
    client.answers = {"good": __version__, "bad": __version__}
    assert workers.now() == {"good": 2, "bad": 2}


def test_a_worker_that_gives_no_answer_holds_up_no_other_and_may_join_later(monkeypatch):
    monkeypatch.setattr(dask_workers, "ANSWER_SECONDS", 0.2)
    client, told = Told({"good": __version__, "cold": FROZEN}), []
    workers = FitWorkers(client, "tcp://s:1", told.append)
    assert workers.now() == workers.now() == {"good": 2}
    assert told == ["The worker cold gives no answer; it is left out until it does."]
    client.answers["cold"] = __version__
    time.sleep(0.2)
    assert workers.now() == {"good": 2, "cold": 2}
    client.answers["old"] = FROZEN
    assert workers.now() == {"good": 2, "cold": 2}
    (asked,) = workers._asked.values()
    workers.close()
    time.sleep(0.1)
    assert asked.cancelled() and len(told) == 2


def test_a_batch_goes_on_beside_a_frozen_worker(tmp_path, start, capsys, monkeypatch):
    monkeypatch.setattr(dask_workers, "ANSWER_SECONDS", 1.0)
    path, out, cluster = write_scenes(tmp_path, ("a", "b")), tmp_path / "out", start(2)
    frozen = cluster.workers[1]
    address = cluster.address_of(frozen)
    frozen.send_signal(signal.SIGSTOP)
    assert batch(cluster, path, out) == 0
    err = capsys.readouterr().err
    assert f"The worker {address} gives no answer; it is left out" in err and "Traceback" not in err, err


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (ModuleNotFoundError("no", name="dbcr_core"), "where dbcr_core cannot be imported"),
        (ModuleNotFoundError("no", name="dbcr_core.batch.dask_tasks"), f"where dbcr_core is not version {__version__}"),
        (ImportError("cannot import name x", name="dbcr_core.errors"), f"where dbcr_core is not version {__version__}"),
        ("0.0.1", f"where dbcr_core is not version {__version__}"),
        (ImportError("libx.so is missing"), "cannot be loaded (Unexpected ImportError: libx.so is missing)"),
    ],
)
def test_a_cluster_without_a_fit_worker_is_refused_with_the_reason(answer, words):
    many = {f"w{number}": answer for number in range(7)}
    with pytest.raises(InputError) as raised:
        FitWorkers(Told(many), "tcp://s:1", print)
    assert words in str(raised.value) and "w0, w1, w2, w3, w4 and 2 more, where" in str(raised.value)
