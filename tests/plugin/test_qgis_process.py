# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin in real qgis_process children, each in a private profile."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import package
import pytest
from throwaway_profile import ThrowawayProfile, as_arguments


def run(profile: ThrowawayProfile, parameters: dict, algorithm: str = "dbcr:removeclouds"):
    return profile.call("--json", "run", algorithm, "--", *as_arguments(parameters), timeout=120)


def complaint(done: subprocess.CompletedProcess) -> str:
    """The last line of stderr: where qgis_process puts the reason."""
    return done.stderr.strip().splitlines()[-1].strip()


def test_qgis_process_and_the_command_line_give_the_same_bytes(profile, job, tmp_path, repository):
    changed = tmp_path / "changed.tif"
    done = run(profile, {**job, "CHANGED": changed, "NFE": 3})
    assert done.returncode == 0, done.stderr
    twin, twin_changed = tmp_path / "twin" / "clear.tif", tmp_path / "twin" / "changed.tif"
    twin.parent.mkdir()
    command = [sys.executable, "-m", "dbcr_core", "remove-clouds", "--optical", job["OPTICAL"], "--sar", job["SAR"]]
    command += ["--output", str(twin), "--model", job["MODEL"], "--nfe", "3", "--changed", str(twin_changed)]
    plain = subprocess.run(command, cwd=repository, capture_output=True, text=True, timeout=120, check=False)
    assert plain.returncode == 0, plain.stderr
    assert Path(job["OUTPUT"]).read_bytes() == twin.read_bytes()
    assert changed.read_bytes() == twin_changed.read_bytes()


def test_json_holds_the_results_and_nothing_else_is_on_stdout(profile, job):
    done = run(profile, job)
    results = json.loads(done.stdout)["results"]
    assert results["OUTPUT"] == job["OUTPUT"] and "CPU" in results["DEVICE_USED"]
    assert json.loads(results["REPORT"])["evaluations"] >= 1


@pytest.mark.parametrize(
    "fault",
    [
        {"OPTICAL": "/does/not/exist.tif"},
        {"NFE": 0},
        {"MODEL": __file__},
        {"DEVICE": "abacus"},
        {"COMPRESSION": "jpeg"},
        {"SAR": __file__},
    ],
    ids=["missing file", "NFE 0", "text as model", "unknown device", "unknown compression", "text as SAR"],
)
def test_a_fault_ends_with_status_1_a_reason_and_no_file(profile, job, fault):
    done = run(profile, {**job, **fault})
    assert done.returncode == 1
    assert "Traceback" not in done.stderr and len(complaint(done)) > 10
    assert not os.path.exists(job["OUTPUT"])


def test_the_packaged_plugin_runs_from_an_empty_profile(repository, job, tmp_path):
    archive = package.build(tmp_path / "dist", repository)
    assert package.broken_rules(archive) == []
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path / "unpacked")
    profile = ThrowawayProfile(tmp_path, tmp_path / "unpacked" / package.FOLDER)
    profile.enable_plugin()
    done = run(profile, job)
    assert done.returncode == 0, done.stderr
    assert os.path.getsize(job["OUTPUT"]) > 0


def test_without_onnx_runtime_the_reason_names_the_remedy(repository, job, tmp_path):
    profile = ThrowawayProfile(tmp_path, repository, with_runtime=False)
    profile.enable_plugin()
    done = run(profile, job)
    assert done.returncode == 1
    assert "dbcr:installruntime" in complaint(done)
    assert not os.path.exists(job["OUTPUT"])


def test_a_runtime_that_works_is_left_alone_but_for_the_build_that_was_asked_for(profile, tmp_path):
    wheel = tmp_path / "onnxruntime-1-cp311-cp311-manylinux_2_28_x86_64.whl"
    wheel.write_bytes(b"not published by anybody")
    done = run(profile, {"WHEEL": wheel}, "dbcr:installruntime")
    assert done.returncode == 0, done.stderr
    again = json.loads(done.stdout)["results"]
    if "OpenVINO" in subprocess.check_output([sys.executable, "-c", PROVIDERS], text=True):
        pytest.skip("this environment's ONNX Runtime has OpenVINO already")
    done = run(profile, {"WHEEL": wheel, "BUILD": "openvino"}, "dbcr:installruntime")
    assert done.returncode == 1 and "SHA-256 differs" in complaint(done)
    assert json.loads(run(profile, {}, "dbcr:installruntime").stdout)["results"] == again


PROVIDERS = "import onnxruntime; print(onnxruntime.get_available_providers())"


def worker_of(pid: int) -> int | None:
    """The process id of the worker that a process has started, None where there is none (yet)."""
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            words = (entry / "cmdline").read_bytes().split(b"\0")
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == pid and b"worker" in words:
                return int(entry.name)
    return None


def is_running(pid: int) -> bool:
    """False for a process that has ended, also where nobody has asked for its status yet."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def until(condition, seconds: float = 60):
    """What the condition gives once it is true; fails after a minute."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "nothing happened within a minute"
        time.sleep(0.05)
    return found


def test_a_killed_qgis_leaves_no_worker_behind_and_no_output(profile, sample, tmp_path):
    output = tmp_path / "clear.tif"
    parameters = {
        "OPTICAL": sample / "optical_cloudy_2020-08-23_L1C.tif",
        "SAR": sample / "sar_2020-09-03_GRD_dB.tif",
        "MASK_MODE": "none",
        "NFE": 10,
        "WORKER_PYTHON": sys.executable,
        "OUTPUT": output,
    }
    qgis = profile.start("run", "dbcr:removeclouds", "--", *as_arguments(parameters))
    try:
        until(lambda: any(name.endswith(".raw") for name in os.listdir(tmp_path)) or qgis.poll() is not None)
        worker = until(lambda: worker_of(qgis.pid))
    finally:
        qgis.kill()
        qgis.communicate()
    until(lambda: not is_running(worker))
    assert not output.exists()


def broken_runtime(folder: Path) -> Path:
    (folder / "onnxruntime").mkdir(parents=True)
    (folder / "onnxruntime" / "__init__.py").write_text("raise ImportError('libmissing.so: cannot open shared object')")
    return folder


def test_a_broken_onnx_runtime_is_reported_as_broken_not_missing(repository, job, tmp_path):
    profile = ThrowawayProfile(tmp_path, repository, with_runtime=False)
    profile.environment["DBCR_RUNTIME_DIR"] = str(broken_runtime(tmp_path / "broken"))
    profile.enable_plugin()
    done = run(profile, job)
    assert done.returncode == 1
    assert "does not load" in complaint(done) and "libmissing.so" in complaint(done)


def test_of_two_runtimes_the_working_one_is_used_where_the_environments_is_broken(repository, job, tmp_path):
    profile = ThrowawayProfile(tmp_path, repository)
    profile.environment["PYTHONPATH"] = str(broken_runtime(tmp_path / "broken"))
    profile.enable_plugin()
    done = run(profile, job)
    assert done.returncode == 0, done.stderr
