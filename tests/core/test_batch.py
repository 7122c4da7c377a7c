# SPDX-License-Identifier: GPL-3.0-or-later
"""Batches: every scene on its own, nothing done twice, nothing lost, and a status that can be trusted."""

from __future__ import annotations

import csv
import errno
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace

import pytest
import rasterio

from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.batch.journal import Journal, SceneStatus
from dbcr_core.batch.process_crew import ProcessCrew
from dbcr_core.batch.run import SUMMARY_COLUMNS, BatchReport, run_batch
from dbcr_core.batch.scene_list import read_scene_list
from dbcr_core.cli import main
from dbcr_core.errors import OutputError
from dbcr_core.grid import RasterGrid
from dbcr_core.rasters import vrt
from dbcr_core.scene import remove_clouds
from tests.core.batch_scenes import stamps, status_of, write_scenes, write_table
from tests.core.raster_files import backscatter_db, write_raster
from tests.systems import killed, posix_only


def run(capsys, *arguments):
    status = main(["batch", *map(str, arguments)])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def summary(folder):
    with open(folder / "summary.csv", newline="", encoding="utf-8") as stream:
        return {row["name"]: row for row in csv.DictReader(stream)}


def test_every_scene_is_cleared_to_the_bytes_of_a_single_run(tmp_path, capsys):
    scenes, out = write_scenes(tmp_path, ("a", "b", "c")), tmp_path / "out"
    status, printed, err = run(capsys, scenes, "--output", out, "--workers", "2", "--json")
    result = json.loads(printed)
    assert status == 0 and err == ""
    assert result["complete"] and result["counts"] == {"complete": 3} and result["reused"] == 0
    alone = tmp_path / "alone"
    alone.mkdir()
    remove_clouds(
        str(tmp_path / "b_s2.tif"), str(tmp_path / "b_s1.tif"), str(alone / "b.tif"), model=str(tmp_path / "tiny.dbcr")
    )
    assert (out / "b.tif").read_bytes() == (alone / "b.tif").read_bytes()
    rows = summary(out)
    assert list(rows) == ["a", "b", "c"] and list(rows["a"]) == list(SUMMARY_COLUMNS)
    assert all(row["state"] == "complete" and row["attempts"] == "1" for row in rows.values())
    assert float(rows["a"]["reconstructed"]) > 0
    assert (out / "a.json").exists()


def test_what_a_single_run_warns_of_stands_beside_the_scene(tmp_path, capsys):
    scenes, out = write_scenes(tmp_path, ("a", "b")), tmp_path / "out"
    with rasterio.open(tmp_path / "a_s1.tif") as raster:
        power = 10 ** (raster.read() / 10)
    write_raster(tmp_path / "a_s1.tif", power, descriptions=("VV", "VH"))
    with rasterio.open(tmp_path / "a_s2.tif") as raster:
        write_raster(
            tmp_path / "some.tif", raster.read([2, 3, 4, 5, 8]), descriptions=("B02", "B03", "B04", "B05", "B08")
        )
    os.replace(tmp_path / "some.tif", tmp_path / "a_s2.tif")
    status, printed, _ = run(capsys, scenes, "--output", out)
    remarks = {name: row["remark"] for name, row in summary(out).items()}
    assert status == 0 and remarks["b"] == ""
    assert "The SAR unit was judged by the values alone" in remarks["a"] and "does not know this set" in remarks["a"]
    assert printed.splitlines()[1].endswith(remarks["a"])
    assert run(capsys, scenes, "--output", out)[1].splitlines()[1].endswith(remarks["a"]), "a rerun says so again"


def test_a_scene_that_failed_says_why_and_a_damaged_report_says_nothing():
    statuses = (
        SceneStatus("a", "complete", report={"warnings": 7}),
        SceneStatus("b", "failed", error="No.", report={"warnings": ["Hm."]}),
    )
    report = BatchReport("out", statuses, 0)
    assert [row["remark"] for row in report.rows()] == ["", "Hm."]
    assert report.lines()[2].endswith("No.")


def test_a_rerun_does_only_what_is_not_complete(tmp_path, capsys):
    scenes, out = write_scenes(tmp_path, ("a", "b", "c", "d")), tmp_path / "out"
    assert run(capsys, scenes, "--output", out)[0] == 0
    before = stamps(out)
    (out / "b.tif").unlink()
    (out / "c.tif").write_bytes((out / "c.tif").read_bytes()[:500])
    os.utime(tmp_path / "d_s1.tif", (1, 1))
    status, printed, _ = run(capsys, scenes, "--output", out, "--json")
    after = stamps(out)
    assert status == 0 and json.loads(printed)["reused"] == 1
    assert after["a.tif"] == before["a.tif"]
    assert all(after[name] != before[name] for name in ("b.tif", "c.tif", "d.tif"))
    with rasterio.open(out / "c.tif") as raster:
        raster.read()
    status, printed, _ = run(capsys, scenes, "--output", out, "--nfe", "2", "--json")
    assert json.loads(printed)["reused"] == 0, "other options make another output"
    status, printed, _ = run(capsys, scenes, "--output", out, "--nfe", "2", "--compression", "zstd", "--json")
    assert json.loads(printed)["reused"] == 4, "the same pixels, however they are compressed"


def test_a_rerun_by_another_version_or_with_another_time_of_the_scene_begins_anew(tmp_path, monkeypatch):
    path, out = write_scenes(tmp_path, ("a",)), str(tmp_path / "out")

    def reused():
        return run_batch(read_scene_list(str(path), out), out, lambda: ProcessCrew(1)).reused

    assert [reused(), reused()] == [0, 1]
    path.write_text(path.read_text().replace("2020-08-23", "2020-08-24"))
    assert reused() == 0 and "2020-08-24" in (tmp_path / "out" / "a.json").read_text()
    monkeypatch.setattr("dbcr_core.batch.journal.__version__", "0.0.0")
    assert reused() == 0


def test_a_rerun_notices_what_changed_behind_lists_and_virtual_rasters(tmp_path):
    write_scenes(tmp_path, ("a",))
    with rasterio.open(tmp_path / "a_s2.tif") as raster:
        grid = RasterGrid(raster.width, raster.height, raster.transform[:6], raster.crs.to_wkt())
        for index, name in enumerate(raster.descriptions, 1):
            write_raster(tmp_path / f"{name}.tif", raster.read([index]), nodata=0)
    source = vrt.source("a_s1.tif", 1).replace('relativeToVRT="0"', 'relativeToVRT="1"')
    (tmp_path / "radar.vrt").write_text(vrt.dataset(grid, [vrt.band(1, "float32", source, description="VV")]))
    row = {
        "name": "a",
        "optical": ",".join(f"{name}.tif" for name in OPTICAL_BANDS),
        "sar": "radar.vrt",
        "model": "tiny.dbcr",
    }
    scenes = read_scene_list(str(write_table(tmp_path / "list.csv", [row])), str(tmp_path / "out"))

    def reused():
        report = run_batch(scenes, str(tmp_path / "out"), lambda: ProcessCrew(1))
        assert report.is_complete, report.lines()
        return report.reused

    assert [reused(), reused()] == [0, 1]
    with rasterio.open(tmp_path / "B04.tif", "r+") as raster:
        raster.write(raster.read() + 100)
    assert [reused(), reused()] == [0, 1]
    os.utime(tmp_path / "a_s1.tif", (1, 1))
    assert [reused(), reused()] == [0, 1]


def test_a_rerun_with_another_output_writes_it(tmp_path, capsys):
    write_scenes(tmp_path, ("a",))
    row = {"name": "a", "optical": "a_s2.tif", "sar": "a_s1.tif", "model": "tiny.dbcr"}
    for names in (
        {"output": "first.tif"},
        {"output": "second.tif"},
        {"output": "second.tif", "changed": "share.tif"},
        {"output": "second.tif", "changed": "other.tif"},
    ):
        table = write_table(tmp_path / "list.csv", [{**row, **names}])
        for reused in (0, 1):
            status, printed, _ = run(capsys, table, "--output", tmp_path / "out", "--json")
            assert status == 0 and json.loads(printed)["reused"] == reused
            assert all((tmp_path / "out" / name).exists() for name in names.values())


def beside(tmp_path, capsys, change, *options, **more):
    """What stands beside the image after a run with all outputs and one, of what has changed since, without them."""
    write_scenes(tmp_path, ("a", "b"))
    row = {"name": "a", "optical": "a_s2.tif", "sar": "a_s1.tif", "model": "tiny.dbcr"}
    out, table = tmp_path / "out", write_table(tmp_path / "list.csv", [row])
    assert run(capsys, table, "--output", out, "--changed", "--uncertainty")[0] == 0
    change(out)
    write_table(tmp_path / "list.csv", [{**row, **more}])
    assert run(capsys, table, "--output", out, *options)[0] == 0
    return sorted(path.name for path in out.glob("*.t*")), summary(out)["a"]["remark"]


def nothing(out):
    """Changes nothing."""


def test_what_described_a_replaced_image_is_removed_and_what_still_fits_stays(tmp_path, capsys):
    def shown(out):
        (out / "a_changed.tif.aux.xml").write_text("<statistics/>")

    assert beside(tmp_path, capsys, shown, optical="b_s2.tif") == (["a.tif"], "")
    every = ["a.tif", "a_changed.tif", "a_uncertainty.tif"]
    assert beside(tmp_path, capsys, nothing) == (every, ""), "the same image"
    assert run(capsys, tmp_path / "list.csv", "--output", tmp_path / "out", "--nfe", "2")[0] == 0
    assert list(stamps(tmp_path / "out")) == ["a.tif"], "known two runs later"
    assert status_of(tmp_path / "out", "a")["before"] == {}
    assert beside(tmp_path, capsys, nothing, "--nfe", "2", output="new.tif") == ([*every, "new.tif"], "")


def test_after_a_kill_what_described_a_replaced_image_is_still_removed(tmp_path, capsys):
    def killed_later(out):
        journal = Journal(str(out))
        complete = journal.read("a")
        journal.write(SceneStatus("a", "running", "other", 1, before=asdict(complete)))

    assert beside(tmp_path, capsys, killed_later, optical="b_s2.tif") == (["a.tif"], "")


@pytest.mark.parametrize("doubt", ["touched", "other size", "not ours"])
def test_what_another_hand_may_have_written_is_told_and_stays(tmp_path, capsys, doubt):
    def change(out):
        path = out / "a_changed.tif"
        if doubt == "touched":
            os.utime(path, (time.time() + 60,) * 2)
        elif doubt == "other size":
            path.write_bytes(path.read_bytes() + b"0")
            os.utime(path, (1, 1))
        else:
            path.write_bytes(b"0" * path.stat().st_size)
            os.utime(path, (1, 1))

    left, remark = beside(tmp_path, capsys, change, optical="b_s2.tif")
    assert left == ["a.tif", "a_changed.tif"] and "a_changed.tif is an earlier run's" in remark


def test_what_the_list_names_is_never_removed(tmp_path, capsys):
    left, remark = beside(tmp_path, capsys, nothing, mask="out/a_changed.tif")
    assert left == ["a.tif", "a_changed.tif"] and remark == ""


def test_what_is_complete_survives_a_rerun_whose_inputs_are_away(tmp_path, capsys):
    scenes, out = write_scenes(tmp_path, ("a", "b")), tmp_path / "out"
    assert run(capsys, scenes, "--output", out)[0] == 0
    before, report = stamps(out), status_of(out, "a")["report"]
    (tmp_path / "a_s2.tif").rename(tmp_path / "away")
    for tries in (2, 4):
        status, printed, _ = run(capsys, scenes, "--output", out, "--json")
        assert status == 1 and json.loads(printed)["counts"] == {"failed": 1, "complete": 1}
        assert status_of(out, "a")["attempts"] == tries and "does not exist" in status_of(out, "a")["error"]
        assert summary(out)["a"]["seconds"] == ""
    (tmp_path / "away").rename(tmp_path / "a_s2.tif")
    status, printed, _ = run(capsys, scenes, "--output", out, "--json")
    assert status == 0 and json.loads(printed)["reused"] == 2 and stamps(out) == before
    assert status_of(out, "a")["report"] == report and status_of(out, "a")["earlier"] == {}


class _Spoiler(ProcessCrew):
    """Says of every scene that it failed, after its outputs were written."""

    def next(self, progress):
        return replace(super().next(progress), report=None, error="The item cannot be written.")


def test_what_a_failed_run_wrote_is_not_taken_for_what_was_complete(tmp_path):
    path, out = write_scenes(tmp_path, ("a",)), tmp_path / "out"

    def state(crew, **defaults):
        report = run_batch(read_scene_list(str(path), str(out), defaults), str(out), lambda: crew(1), retries=0)
        return report.reused, report.statuses[0].state

    assert state(ProcessCrew) == (0, "complete")
    assert state(_Spoiler, nfe=2) == (0, "failed") and status_of(out, "a")["earlier"] == {}
    assert state(ProcessCrew) == (0, "complete") and state(ProcessCrew) == (1, "complete")


def test_an_earlier_result_counts_while_its_very_outputs_stand(tmp_path):
    journal, earlier = Journal(str(tmp_path)), SceneStatus("a", "complete", "print", 1, files={"a.tif": 3})
    path = str(tmp_path / "a.tif")
    (tmp_path / "a.tif").write_bytes(b"abc")
    failed = SceneStatus("a", "failed", "other", 1, error="No.", earlier=asdict(earlier))
    journal.write(failed)
    assert journal.complete(journal.read("a"), "print", [path]) == earlier
    assert journal.complete(journal.read("a"), "other", [path]) is None
    for damage in ({"state": "failed"}, {"files": {"a.tif": 4}}, {"files": 7}, {"more": 1}):
        assert journal.complete(replace(failed, earlier={**asdict(earlier), **damage}), "print", [path]) is None


def test_an_item_that_was_deleted_is_written_again_without_its_scene(tmp_path, capsys):
    scenes, out = write_scenes(tmp_path, ("a",)), tmp_path / "out"
    assert run(capsys, scenes, "--output", out)[0] == 0
    before, item = stamps(out), json.loads((out / "a.json").read_text(encoding="utf-8"))
    (out / "a.json").unlink()
    status, printed, _ = run(capsys, scenes, "--output", out, "--json")
    assert status == 0 and json.loads(printed)["reused"] == 1 and stamps(out) == before
    again = json.loads((out / "a.json").read_text(encoding="utf-8"))
    assert {**again["properties"], "created": ""} == {**item["properties"], "created": ""}
    assert again["assets"] == item["assets"]


def test_a_model_that_is_missing_fails_its_own_scene_only(tmp_path, capsys):
    write_scenes(tmp_path, ("a", "b"))
    rows = [
        {"name": name, "optical": f"{name}_s2.tif", "sar": f"{name}_s1.tif", "model": model}
        for name, model in (("a", "gone.dbcr"), ("b", "tiny.dbcr"))
    ]
    path, out = write_table(tmp_path / "list.csv", rows), tmp_path / "out"
    status, printed, _ = run(capsys, path, "--output", out)
    assert status == 1 and "gone.dbcr" in status_of(out, "a")["error"] and "1 failed, 1 complete" in printed
    path = write_table(tmp_path / "list.csv", rows[:1])
    status, _, err = run(capsys, path, "--output", out)
    assert status == 1 and err.startswith("Error: ") and "gone.dbcr" in err, "there is nothing else to do"


@pytest.mark.parametrize(
    "damage",
    [
        {"report": None},
        {"report": {"seconds": "1"}},
        {"files": [1]},
        {"attempts": "one"},
        {"name": "b"},
        {"fingerprint": None},
        {"earlier": [1]},
    ],
)
def test_a_status_file_that_another_hand_wrote_counts_as_none(tmp_path, damage):
    journal = Journal(str(tmp_path))
    status = SceneStatus("a", "complete", "print", 1, files={"a.tif": 3}, report={"seconds": 1.5})
    journal.write(status)
    assert journal.read("a") == status
    path = tmp_path / "status" / "a.json"
    path.write_text(json.dumps({**status_of(tmp_path, "a"), **damage}), encoding="utf-8")
    assert journal.read("a") == SceneStatus("a")
    path.write_text("[" * 100_000, encoding="utf-8")
    assert journal.read("a") == SceneStatus("a")


def test_a_failing_scene_is_tried_again_and_does_not_stop_the_others(tmp_path, capsys):
    scenes, out = write_scenes(tmp_path, ("a", "b", "c")), tmp_path / "out"
    (tmp_path / "b_s1.tif").write_bytes(b"not a raster")
    status, printed, err = run(capsys, scenes, "--output", out, "--retries", "2")
    assert status == 1
    assert "b_s1.tif is not a raster" in printed and "1 of 3 scenes" in err.splitlines()[-1]
    assert {name: row["state"] for name, row in summary(out).items()} == {
        "a": "complete",
        "b": "failed",
        "c": "complete",
    }
    assert status_of(out, "b")["attempts"] == 3 and not (out / "b.tif").exists()

    write_scenes(tmp_path, ("a", "b", "c"))
    os.utime(tmp_path / "b_s1.tif")
    status, printed, _ = run(capsys, scenes, "--output", out, "--json")
    assert status == 0 and json.loads(printed)["complete"]
    assert status_of(out, "b")["error"] == ""


class _Killer(ProcessCrew):
    """Kills the first `deaths` processes of one scene, as a system short of memory does."""

    def __init__(self, workers, name, deaths):
        super().__init__(workers)
        self._name, self._deaths = name, deaths

    def _start(self, scene):
        super()._start(scene)
        if scene.name == self._name and self._deaths:
            self._deaths -= 1
            process = list(self._running.values())[-1].process
            process.kill()


@pytest.mark.parametrize(("deaths", "state"), [(1, "complete"), (2, "failed")])
def test_a_scene_whose_process_dies_takes_no_other_with_it(tmp_path, deaths, state):
    path, out = write_scenes(tmp_path, ("a", "b", "c")), tmp_path / "out"
    scenes = read_scene_list(str(path), str(out))
    report = run_batch(scenes, str(out), lambda: _Killer(2, "b", deaths), retries=1)
    assert [status.state for status in report.statuses] == ["complete", state, "complete"]
    assert report.statuses[1].attempts == 2
    if state == "failed":
        assert killed("SIGKILL") in report.statuses[1].error and not (out / "b.tif").exists()


@posix_only("a second handle of a pipe, which Windows keeps by itself")
def test_a_process_that_dies_is_noticed_although_its_pipe_stays_open(tmp_path, monkeypatch):
    """As on Windows, where the pipe's other end is this process's until the new one takes it."""
    path, out, kept = write_scenes(tmp_path, ("a", "b")), tmp_path / "out", []
    pipe = multiprocessing.get_context("spawn").Pipe

    def pipe_kept_open():
        ends = pipe()
        kept.append(os.dup(ends[1].fileno()))
        return ends

    monkeypatch.setattr(multiprocessing.get_context("spawn"), "Pipe", pipe_kept_open)
    report = run_batch(read_scene_list(str(path), str(out)), str(out), lambda: _Killer(1, "b", 1), retries=0)
    assert [status.state for status in report.statuses] == ["complete", "failed"]
    assert kept
    for descriptor in kept:
        os.close(descriptor)


class _Watched(ProcessCrew):
    """Notes which process does which scene, and ends the one that has nothing to do where `deadly` says so."""

    def __init__(self, workers, deadly=False):
        super().__init__(workers)
        self.pids, self._deadly = {}, deadly

    def _start(self, scene):
        if self._deadly and self._idle:
            process = self._idle[0][1]
            process.kill()
            process.join()
        super()._start(scene)
        self.pids[scene.name] = list(self._running.values())[-1].process.pid


def test_a_refused_scene_is_not_tried_again_and_its_process_goes_on(tmp_path):
    path, out = write_scenes(tmp_path, ("a", "b", "c")), tmp_path / "out"
    elsewhere = (900_000.0, 5_000_000.0)
    write_raster(tmp_path / "b_s1.tif", backscatter_db(140, 150), origin=elsewhere, descriptions=("VV", "VH"))
    crew = _Watched(1)
    report = run_batch(read_scene_list(str(path), str(out)), str(out), lambda: crew, retries=2)
    assert [status.state for status in report.statuses] == ["complete", "failed", "complete"]
    assert [status.attempts for status in report.statuses] == [1, 1, 1] and "overlap" in report.statuses[1].error
    assert len(set(crew.pids.values())) == 1


@pytest.mark.parametrize("deadly", [False, True])
def test_a_process_goes_on_with_the_next_scene_unless_one_failed_in_it_or_it_died(tmp_path, deadly):
    path, out = write_scenes(tmp_path, ("a", "b", "c", "d")), tmp_path / "out"
    (tmp_path / "c_s1.tif").write_bytes(b"not a raster")
    crews = []

    def crew():
        crews.append(_Watched(1, deadly))
        return crews[0]

    report = run_batch(read_scene_list(str(path), str(out)), str(out), crew, retries=0)
    assert [status.state for status in report.statuses] == ["complete", "complete", "failed", "complete"]
    pids = crews[0].pids
    assert (pids["a"] == pids["b"] == pids["c"]) is not deadly and pids["d"] != pids["c"]
    assert not crews[0]._idle and not crews[0]._running


def start(path, out, *more):
    command = [sys.executable, "-m", "dbcr_core", "batch", str(path), "--output", str(out), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def wait_for(condition, process, seconds=90):
    deadline = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None and time.monotonic() < deadline, process.communicate()
        time.sleep(0.01)


@posix_only("signals to a group of processes")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_everything_resumable(tmp_path, sign):
    path, out = write_scenes(tmp_path, ("a", "b", "c", "d")), tmp_path / "out"
    process = start(path, out)
    wait_for(lambda: (out / "a.tif").exists(), process)
    if sign == signal.SIGINT:
        os.killpg(process.pid, sign)  # as a terminal does
    else:
        process.send_signal(sign)
    printed, err = process.communicate(timeout=60)
    assert process.returncode == 130 and "Traceback" not in err and "run the same command again" in err
    states = {name: row["state"] for name, row in summary(out).items()}
    assert states["d"] == "interrupted" and set(states.values()) <= {"complete", "interrupted"}
    done = {name for name, state in states.items() if state == "complete"}
    before = stamps(out)

    process = start(path, out, "--json")
    printed, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert json.loads(printed)["reused"] == len(done)
    assert all(stamps(out)[f"{name}.tif"] == before[f"{name}.tif"] for name in done)


@pytest.mark.skipif(sys.platform != "linux", reason="the processes are found in /proc")
@pytest.mark.parametrize("wait", [0.0, 0.05, 0.2, 0.5])
def test_ctrl_c_while_a_process_starts_is_one_sentence(tmp_path, wait):
    path, out = write_scenes(tmp_path, tuple("abcdefgh")), tmp_path / "out"  # more than are done in half a second
    process = start(path, out)
    wait_for(lambda: len(_children(process.pid)) > 0, process)
    time.sleep(wait)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130 and "Traceback" not in err, err


def _children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as stream:
        return stream.read().split()


# A batch whose crew takes its time to stop, and is asked again meanwhile and when the interpreter ends.
IMPATIENT = """
import atexit, os, signal, sys
from dbcr_core.batch import command, run
class Crew:
    def submit(self, scene): pass
    def next(self, progress):
        progress({"a": 0.5})
        os.kill(os.getpid(), FIRST)
    def close(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGINT): os.kill(os.getpid(), number)
command._crew = lambda options, warn: Crew()
atexit.register(lambda: os.kill(os.getpid(), signal.SIGINT))
from dbcr_core.cli import main
sys.exit(main(sys.argv[1:]))
"""


@posix_only("signals that arrive at once")
@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM])
def test_more_ctrl_c_do_not_keep_a_batch_from_ending_in_order(tmp_path, first):
    path, out = write_scenes(tmp_path, ("a", "b")), tmp_path / "out"
    code = IMPATIENT.replace("FIRST", f"signal.{first.name}")
    command = [sys.executable, "-c", code, "batch", str(path), "--output", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 130 and "Traceback" not in done.stderr, done.stderr
    assert {name: row["state"] for name, row in summary(out).items()} == {"a": "interrupted", "b": "interrupted"}
    assert [status_of(out, name)["state"] for name in ("a", "b")] == ["interrupted"] * 2


def test_the_statuses_are_true_even_where_stopping_the_crew_fails(tmp_path):
    path, out = write_scenes(tmp_path, ("a",)), tmp_path / "out"

    class Stubborn(ProcessCrew):
        def next(self, progress):
            progress({"a": 0.5})
            raise KeyboardInterrupt

        def close(self):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch(read_scene_list(str(path), str(out)), str(out), lambda: Stubborn(1))
    assert status_of(out, "a")["state"] == "interrupted" == summary(out)["a"]["state"]


@pytest.mark.parametrize(("code", "advice"), [(errno.ENOSPC, "free some space"), (errno.EACCES, "can be written to")])
def test_a_status_that_cannot_be_written_keeps_no_crew_and_no_other_status(tmp_path, monkeypatch, code, advice):
    path, out, closed = write_scenes(tmp_path, ("a", "b", "c")), tmp_path / "out", []
    replacing = os.replace

    class Crew(ProcessCrew):
        def next(self, progress):
            monkeypatch.setattr(os, "replace", failing)
            raise KeyboardInterrupt

        def close(self):
            closed.append(True)

    def failing(source, target):
        if os.path.basename(target) in ("a.json", "b.json"):
            raise OSError(code, os.strerror(code))
        replacing(source, target)

    with pytest.raises(OutputError, match=f"status file .*{advice}"):
        run_batch(read_scene_list(str(path), str(out)), str(out), lambda: Crew(1))
    assert closed and status_of(out, "c")["state"] == "interrupted"
    assert {row["state"] for row in summary(out).values()} == {"interrupted"}


def test_two_batches_cannot_share_a_folder(tmp_path):
    path, out = write_scenes(tmp_path, ("a",)), tmp_path / "out"
    scenes = read_scene_list(str(path), str(out))

    def open_crew():
        with pytest.raises(OutputError, match="Another batch"):
            run_batch(scenes, str(out), lambda: ProcessCrew(1))
        return ProcessCrew(1)

    assert run_batch(scenes, str(out), open_crew).is_complete


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--workers", "0"], "workers"),
        (["--retries", "-1"], "retries"),
        (["--parts", "3"], "--scheduler"),
        (["--model", "nothing.dbcr"], "nothing.dbcr"),
        (["--nfe", "11"], "11"),
    ],
)
def test_wrong_options_are_one_sentence_before_anything_runs(tmp_path, capsys, more, words):
    write_scenes(tmp_path, ("a",))
    path = write_table(tmp_path / "plain.csv", [{"optical": "a_s2.tif", "sar": "a_s1.tif"}])
    model = tmp_path / "tiny.dbcr"
    status, printed, err = run(capsys, path, "--output", tmp_path / "out", "--model", model, *more)
    assert status == 1 and printed == "" and err.startswith("Error: ") and words in err
    assert stamps(tmp_path / "out") == {}


def test_an_unwritable_folder_is_one_sentence(tmp_path, capsys):
    path = write_scenes(tmp_path, ("a",))
    status, _, err = run(capsys, path, "--output", tmp_path / "a_s2.tif")
    assert status == 1 and err.startswith("Error: The folder") and len(err.splitlines()) == 1


def test_a_folder_of_an_earlier_batch_that_is_not_writable_any_more_is_one_sentence(tmp_path, capsys):
    path = write_scenes(tmp_path, ("a",))
    (tmp_path / "out" / "status").mkdir(parents=True)
    (tmp_path / "out" / ".lock").mkdir()  # as good as another user's: it cannot be opened to write
    status, _, err = run(capsys, path, "--output", tmp_path / "out")
    assert status == 1 and err.startswith("Error: The folder") and "cannot be written to" in err


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="these systems write every name in any locale")
@pytest.mark.parametrize("column", ["name", "optical", "output"])
def test_a_name_that_the_locale_cannot_write_is_one_sentence(tmp_path, column):
    row = {"name": "a", "optical": "a_s2.tif", "output": "a.tif", column: "\u00e4.tif"}
    path = write_table(tmp_path / "list.csv", [row])
    plain = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    command = [sys.executable, "-m", "dbcr_core", "batch", str(path), "--output", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, env={**os.environ, **plain}, check=False)
    err = done.stderr.decode("ascii")
    assert done.returncode == 1 and len(err.splitlines()) == 1, err
    assert "PYTHONUTF8=1" in err and "line 2" in err and "xe4" in err


def test_outputs_may_lie_in_folders_of_their_own(tmp_path):
    write_scenes(tmp_path, ("a",))
    row = {
        "optical": "a_s2.tif",
        "sar": "a_s1.tif",
        "model": "tiny.dbcr",
        "output": "north/a.tif",
        "changed": "c/a.tif",
    }
    path, out = write_table(tmp_path / "list.csv", [row]), tmp_path / "out"
    assert main(["batch", str(path), "--output", str(out), "--quiet"]) == 0
    assert (out / "north" / "a.tif").exists() and (out / "north" / "a.json").exists() and (out / "c" / "a.tif").exists()
    item = json.loads((out / "north" / "a.json").read_text(encoding="utf-8"))
    assert item["assets"]["changed"]["href"] == "../c/a.tif"
