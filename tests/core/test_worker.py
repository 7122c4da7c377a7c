# SPDX-License-Identifier: GPL-3.0-or-later
"""Real worker processes: the same bytes, progress, cancel, refusals, crashes, and no orphans."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import numpy as np
import pytest

from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.errors import Cancelled, InputError, OutputError, WorkerError
from dbcr_core.job import CloudRemovalJob
from dbcr_core.scene import remove_clouds
from dbcr_core.worker import _is_cancel
from dbcr_core.worker_client import clean_environment, path_without
from dbcr_core.worker_pool import WorkerPool
from tests.core.raster_files import backscatter_db, reflective_dn, write_raster
from tests.plugin.tiny_model import write_tiny_model
from tests.systems import children, is_running, kill, killed, posix_only


class Told:
    """Keeps what the port was told; calls `then` at the first progress."""

    def __init__(self, then=lambda: None):
        self.fractions, self.texts, self._then = [], [], then

    def report(self, fraction, text):
        self.fractions.append(fraction)
        if len(self.fractions) == 1:
            self._then()

    def message(self, text):
        self.texts.append(text)

    warning = message


def run_in_worker(python, job, progress, cancelled=None):
    """A job in a process that nobody keeps."""
    pool = WorkerPool()
    try:
        return pool.run(python, job, progress, cancelled)
    finally:
        pool.close()


@pytest.fixture
def job(tmp_path):
    """Builds a job on a scene of many tiles; keyword arguments change it."""
    optical = write_raster(tmp_path / "s2.tif", reflective_dn(13, 900, 900), descriptions=OPTICAL_BANDS, nodata=0)
    sar = write_raster(tmp_path / "s1.tif", backscatter_db(900, 900), descriptions=("VV", "VH"))
    model = str(write_tiny_model(tmp_path / "tiny.dbcr"))

    def make(**changes):
        values = {"output": str(tmp_path / "out.tif"), "model": model, "mask": "none", "threads": 1}
        return CloudRemovalJob(**{"optical": optical, "sar": sar, **values, **changes})

    return make


def workers() -> list[int]:
    """Process ids of this process's living children that serve jobs (other tests leave helpers of their own)."""
    return children("worker")


def test_a_worker_gives_the_same_bytes_findings_and_progress(job, tmp_path):
    told = Told()
    here = remove_clouds(**vars(job(output=str(tmp_path / "here.tif"))))
    there = run_in_worker(sys.executable, job(), told)
    assert (tmp_path / "out.tif").read_bytes() == (tmp_path / "here.tif").read_bytes()
    assert told.texts == list(here.messages) == list(there.messages)
    assert told.fractions[-1] == 1 and len(told.fractions) == here.tiles + 1  # and the file
    assert there.evaluations == here.evaluations


def test_relative_names_mean_the_same_in_a_worker_and_in_one_that_waited(job, tmp_path, monkeypatch):
    pool = WorkerPool()
    try:
        for name in ("one", "other"):
            folder = tmp_path / name
            folder.mkdir()
            monkeypatch.chdir(folder)
            relative = {key: os.path.join("..", os.path.basename(getattr(job(), key))) for key in ("optical", "sar")}
            report = pool.run(sys.executable, job(**relative, output="out.tif", changed="changed.tif", nfe=1), Told())
            assert report.output == "out.tif" and {"out.tif", "changed.tif"} <= set(os.listdir(folder))
    finally:
        pool.close()


def test_a_worker_that_cannot_follow_into_the_folder_takes_whole_paths_only(job, tmp_path, monkeypatch):
    monkeypatch.setattr("dbcr_core.worker_client._own_folder", lambda: str(tmp_path / "closed"))
    with pytest.raises(OutputError, match=r"cannot enter the folder in which out\.tif"):
        run_in_worker(sys.executable, job(output="out.tif"), Told())
    assert run_in_worker(sys.executable, job(nfe=1), Told()).evaluations == 25


def test_a_relative_name_of_the_python_counts_from_here(job, monkeypatch):
    monkeypatch.chdir(os.path.dirname(sys.executable))
    python = os.path.join(os.curdir, os.path.basename(sys.executable))
    assert run_in_worker(python, job(nfe=1), Told()).evaluations == 25


def test_what_the_job_refuses_comes_back_as_the_same_error(job):
    with pytest.raises(InputError, match=r"nowhere\.tif"):
        run_in_worker(sys.executable, job(sar="nowhere.tif"), Told())


def test_a_cancel_reaches_the_worker_and_leaves_no_process(job, tmp_path):
    stop = []
    with pytest.raises(Cancelled):
        run_in_worker(sys.executable, job(nfe=10), Told(lambda: stop.append(1)), cancelled=lambda: bool(stop))
    assert not (tmp_path / "out.tif").exists() and workers() == []


def test_a_worker_that_is_killed_is_reported_as_such(job, tmp_path):
    told = Told(lambda: kill(workers()[0]))
    with pytest.raises(WorkerError, match=killed("ended by SIGKILL")):
        run_in_worker(sys.executable, job(nfe=10), told)
    assert not (tmp_path / "out.tif").exists() and workers() == []


def test_a_python_that_does_not_exist_or_has_no_engine_is_named(job):
    with pytest.raises(WorkerError, match="cannot be started"):
        run_in_worker("/no/such/python", job(), Told())
    with pytest.raises(WorkerError, match="ended with status 3"):
        run_in_worker([sys.executable, "-c", "import sys; sys.exit(3)"], job(), Told())


def test_a_library_that_prints_does_not_break_the_protocol(job):
    noisy = (
        "import sys, runpy; print('hello'); sys.argv = ['dbcr', 'worker'];"
        "runpy.run_module('dbcr_core', run_name='__main__')"
    )
    report = run_in_worker([sys.executable, "-c", noisy], job(nfe=1), Told())
    assert report.evaluations == 25


def test_a_native_library_that_prints_half_a_line_does_not_swallow_the_answer(job):
    noisy = (
        "import os, sys, runpy, dbcr_core.scene as scene; sys.argv = ['dbcr', 'worker']; real = scene.remove_clouds\n"
        "def remove_clouds(**job):\n    report = real(**job)\n    os.write(1, b'[lib] finished')\n    return report\n"
        "scene.remove_clouds = remove_clouds; runpy.run_module('dbcr_core', run_name='__main__')"
    )
    deadline = time.monotonic() + 30
    report = run_in_worker([sys.executable, "-c", noisy], job(nfe=1), Told(), lambda: time.monotonic() > deadline)
    assert report.evaluations == 25


@posix_only("redirections of a shell")
@pytest.mark.parametrize("stdin", ["<&-", "</dev/null", "<<< $'\\xff'"])
def test_a_worker_that_nobody_can_ask_ends(repository, stdin):
    command = f'PYTHONIOENCODING=utf-8:strict "{sys.executable}" -m dbcr_core worker {stdin}'
    done = subprocess.run(["bash", "-c", command], cwd=repository, capture_output=True, text=True, timeout=30)
    assert done.returncode == ("xff" in stdin) and done.stderr == ""


def test_a_worker_whose_parent_dies_ends_itself_and_publishes_nothing(job, tmp_path, repository):
    parent = (
        "import sys, json, subprocess, dataclasses\n"
        "p = subprocess.Popen([sys.executable, '-m', 'dbcr_core', 'worker'], stdin=subprocess.PIPE,"
        " stdout=subprocess.PIPE, text=True)\n"
        "p.stdin.write(sys.argv[1] + '\\n'); p.stdin.flush()\n"
        "while 'progress' not in p.stdout.readline(): pass\n"
        "print(p.pid, flush=True)\n"
        "import os; os.kill(os.getpid(), 9)\n"
    )
    request = json.dumps({"command": "remove-clouds", "job": vars(job(nfe=10))})
    done = subprocess.run(
        [sys.executable, "-c", parent, request], cwd=repository, capture_output=True, text=True, timeout=60
    )
    worker = int(done.stdout)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and is_running(worker):
        time.sleep(0.05)
    assert not is_running(worker)
    assert not (tmp_path / "out.tif").exists()


def test_the_environment_of_a_worker_holds_nothing_of_qgis(monkeypatch):
    for name in ("PYTHONPATH", "PYTHONHOME", "QT_PLUGIN_PATH", "QGIS_PREFIX_PATH", "GDAL_DATA", "PROJ_LIB"):
        monkeypatch.setenv(name, "/somewhere")
    monkeypatch.setenv("HOME", "/home/me")
    environment = clean_environment()
    assert "/somewhere" not in environment.values() and environment["HOME"] == "/home/me"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"command": "cancel"}', True),
        ('{"command": "remove-clouds", "job": {"optical": "cancel"}}', False),
        ('"cancel"', False),
        ("cancel", False),
    ],
)
def test_only_the_command_cancels(line, expected):
    assert _is_cancel(line) is expected


def test_nonsense_on_stdin_is_one_error_line(repository):
    done = subprocess.run(
        [sys.executable, "-m", "dbcr_core", "worker"],
        cwd=repository,
        input="nonsense\n",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and json.loads(done.stdout)["kind"] == "InputError"
    assert np.all([line.startswith("{") for line in done.stdout.splitlines()])


def test_a_worker_on_windows_finds_none_of_qgis_libraries() -> None:
    path = r"C:\OSGeo4W\bin;C:\Windows\System32;c:/osgeo4w/apps/qgis/bin;C:\OSGeo4W-other\bin;;C:\Users\x\venv\Scripts"
    kept = r"C:\Windows\System32;C:\OSGeo4W-other\bin;C:\Users\x\venv\Scripts"
    assert path_without(path, "C:\\OSGeo4W\\") == kept
    assert path_without(path, "C:/OSGeo4W") == kept
