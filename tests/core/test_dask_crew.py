# SPDX-License-Identifier: GPL-3.0-or-later
"""Batches on a real local Dask cluster, one of whose workers is killed while it works."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from tests.systems import IS_WINDOWS

pytest.importorskip("distributed", reason="the optional extra dask[distributed] is not installed")
if IS_WINDOWS:
    pytest.skip("a Dask scheduler does not start under Wine", allow_module_level=True)

from dbcr_core.batch.dask_crew import DaskCrew  # noqa: E402
from dbcr_core.batch.run import run_batch  # noqa: E402
from dbcr_core.batch.scene_list import read_scene_list  # noqa: E402
from dbcr_core.cli import main  # noqa: E402
from dbcr_core.errors import InputError, OutputError  # noqa: E402
from dbcr_core.scene import remove_clouds  # noqa: E402
from tests.core.batch_scenes import stamps, status_of, write_scenes  # noqa: E402
from tests.core.dask_cluster import SLOW_WORKER, Cluster  # noqa: E402

WORKERS = 3
# What becomes of scenes on a worker that do not succeed is written down.
TELLING = """
from dbcr_core.batch import dask_tasks
whole_scene = dask_tasks.whole_scene
def telling(*arguments):
    try:
        return whole_scene(*arguments)
    except Exception as error:
        print(type(error).__name__, file=open("ends", "a"), flush=True)
        raise
dask_tasks.whole_scene = telling
"""


@pytest.fixture
def cluster(tmp_path, repository):
    """For a test that ends some of it."""
    started = Cluster(tmp_path, repository, WORKERS)
    yield started
    started.close()


@pytest.fixture(scope="module")
def lasting_cluster(tmp_path_factory, repository):
    """For tests that leave it as they found it."""
    started = Cluster(tmp_path_factory.mktemp("cluster"), repository, WORKERS)
    yield started
    started.close()


def expected(tmp_path, name, **options):
    """The bytes of a run of this scene alone, in this process."""
    folder = tmp_path / "alone"
    folder.mkdir(exist_ok=True)
    inputs = str(tmp_path / f"{name}_s2.tif"), str(tmp_path / f"{name}_s1.tif")
    remove_clouds(*inputs, str(folder / f"{name}.tif"), model=str(tmp_path / "tiny.dbcr"), **options)
    return (folder / f"{name}.tif").read_bytes()


def kill_the_first_busy_worker(cluster, killed):
    """Waits until a worker computes, then ends its process as a power cut would."""
    with cluster.client() as client:
        for _ in range(600):
            busy = [address for address, calls in client.call_stack().items() if calls] if client.processing() else []
            if busy:
                pids = client.run(os.getpid, workers=busy[:1])
                os.kill(pids[busy[0]], signal.SIGKILL)
                killed.append(pids[busy[0]])
                return
            time.sleep(0.05)


@pytest.mark.parametrize("parts", [1, 3])
def test_a_killed_worker_costs_time_and_nothing_else(tmp_path, cluster, capsys, parts):
    names = ("a", "b", "c", "d") if parts == 1 else ("a",)
    shape = (300, 280) if parts == 1 else (1500, 280)
    path, out = write_scenes(tmp_path, names, shape), tmp_path / "out"
    killed: list[int] = []
    killer = threading.Thread(target=kill_the_first_busy_worker, args=(cluster, killed))
    killer.start()
    arguments = ["batch", str(path), "--output", str(out), "--scheduler", cluster.address, "--parts", str(parts)]
    status = main([*arguments, "--json"])
    killer.join()
    result = json.loads(capsys.readouterr().out)
    assert status == 0 and result["complete"]
    assert [worker.poll() for worker in cluster.workers].count(-signal.SIGKILL) == 1 == len(killed)
    for name in names:
        assert (out / f"{name}.tif").read_bytes() == expected(tmp_path, name), name
        assert (out / f"{name}.json").exists() and status_of(out, name)["state"] == "complete"
    hidden = [name for name in os.listdir(out) if name.startswith(".") and name != ".lock"]
    assert hidden == []

    before = stamps(out)
    assert main(arguments) == 0
    assert stamps(out) == before, "a rerun has nothing to do"


def auto_means(device):
    """Runs on a worker; None: what it meant before."""
    from dbcr_core import predictors
    from dbcr_core.predictors import opening

    opening.auto_device = predictors.auto_device if device is None else lambda path=None: device


def test_a_scene_s_parts_come_from_the_device_that_all_workers_would_take(tmp_path, lasting_cluster):
    with lasting_cluster.client() as client:
        workers = list(client.scheduler_info(n_workers=-1)["workers"])
        try:
            for last, expected_device in (("openvino", "openvino"), ("cuda", "cpu")):
                client.run(auto_means, "openvino", workers=workers[:-1])
                client.run(auto_means, last, workers=workers[-1:])
                crew = DaskCrew(lasting_cluster.address, str(tmp_path), parts=2)
                try:
                    assert crew._device_of_all(None, crew._workers.now()) == expected_device
                finally:
                    crew.close()
        finally:
            client.run(auto_means, None)


def test_a_failing_scene_on_the_cluster_is_told_in_one_sentence(tmp_path, lasting_cluster, capsys):
    path, out = write_scenes(tmp_path, ("a", "b")), tmp_path / "out"
    (tmp_path / "b_s1.tif").write_bytes(b"no raster")
    status = main(["batch", str(path), "--output", str(out), "--scheduler", lasting_cluster.address, "--parts", "2"])
    assert status == 1
    with open(out / "summary.csv", newline="", encoding="utf-8") as stream:
        rows = {row["name"]: row for row in csv.DictReader(stream)}
    assert rows["a"]["state"] == "complete"
    assert rows["b"]["state"] == "failed" and "b_s1.tif is not a raster" in rows["b"]["error"]
    assert rows["b"]["attempts"] == "2"


def test_an_interrupted_batch_stops_the_workers_and_can_go_on(tmp_path, lasting_cluster):
    path, out = write_scenes(tmp_path, ("a", "b", "c", "d", "e"), (500, 480)), tmp_path / "out"
    scenes = read_scene_list(str(path), str(out))

    class Impatient(DaskCrew):
        ended = 0

        def next(self, progress):
            if self.ended == 1:
                raise KeyboardInterrupt
            self.ended += 1
            return super().next(progress)

    with pytest.raises(KeyboardInterrupt):
        run_batch(scenes, str(out), lambda: Impatient(lasting_cluster.address, str(out)))
    states = [status_of(out, scene.name)["state"] for scene in scenes]
    assert states.count("complete") == 1 and states.count("interrupted") == 4
    with lasting_cluster.client() as client:
        assert not any(client.processing().values()), "nothing runs any more"
    report = run_batch(scenes, str(out), lambda: DaskCrew(lasting_cluster.address, str(out)))
    assert report.is_complete and report.reused == 1


@pytest.fixture
def two_threads(tmp_path, repository):
    """A cluster whose only worker does two tasks at once: the second meets what the first one left running."""
    started = Cluster(tmp_path, repository, 0)
    started.add(SLOW_WORKER + TELLING, threads=2)
    yield started
    started.close()


def test_what_a_killed_batch_left_running_makes_way_for_the_same_command(tmp_path, two_threads):
    path, out = write_scenes(tmp_path, ("a",), (4000, 280)), tmp_path / "out"
    arguments = ["batch", str(path), "--output", str(out), "--scheduler", two_threads.address, "--retries", "0"]
    killed = subprocess.Popen([sys.executable, "-m", "dbcr_core", *arguments])
    deadline = time.monotonic() + 120
    while not list(out.glob(".*.raw")) and killed.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    killed.kill()
    killed.wait()
    assert stamps(out) == {} and list(out.glob(".*.raw")), "the worker goes on"
    assert main(arguments) == 0
    assert (tmp_path / "ends").read_text().split() == ["Cancelled"]
    assert (out / "a.tif").read_bytes() == expected(tmp_path, "a")
    assert [name for name in os.listdir(out) if name.startswith(".")] == [".lock"]


@pytest.mark.parametrize("question", ["scheduler_info", "run"])
def test_a_scheduler_that_dies_before_a_question_is_noticed_soon(tmp_path, cluster, monkeypatch, caplog, question):
    crew = DaskCrew(cluster.address, str(tmp_path), parts=2)
    asked = getattr(crew._client, question)

    def asked_too_late(*arguments, **options):
        cluster.processes[0].kill()
        cluster.processes[0].wait()
        time.sleep(0.5)  # that its connections are closed is known here
        return asked(*arguments, **options)

    crew.submit(*read_scene_list(str(write_scenes(tmp_path, ("a",))), str(tmp_path / "out")))
    monkeypatch.setattr(crew._client, question, asked_too_late)
    began = time.monotonic()
    with pytest.raises(OutputError, match=f"scheduler at {cluster.address} is gone; start it again"):
        crew.next(lambda shares: None)
    crew.close()
    assert time.monotonic() - began < 10
    assert "Traceback" not in caplog.text


def test_a_scheduler_that_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("dbcr_core.batch.dask_crew.CONNECT_SECONDS", 1.0)
    with pytest.raises(InputError, match="No Dask scheduler answers at tcp://127.0.0.1:9"):
        DaskCrew("tcp://127.0.0.1:9", str(tmp_path))
