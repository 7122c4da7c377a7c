# SPDX-License-Identifier: GPL-3.0-or-later
"""Interrupted jobs: nothing lost, nothing half written, and the same bytes in the end."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import rasterio

from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.errors import Cancelled, DeviceError, InputError, OutputError
from dbcr_core.grid import Window
from dbcr_core.progress import Silence
from dbcr_core.rasters.faults import unreadable
from dbcr_core.rasters.opening import default_backend
from dbcr_core.scene import remove_clouds
from tests.core.predictors import FunctionPredictor, brightness_head
from tests.core.raster_files import backscatter_db, write_raster
from tests.systems import IS_WINDOWS, posix_only

KILLS = 20

CHILD = """
import sys, time
import numpy as np
from dbcr_core.rasters import rasterio_backend
from dbcr_core.scene import remove_clouds
from tests.core.predictors import FunctionPredictor, brightness_head

known = brightness_head(0.3)
def slow(x, t, s):
    time.sleep(0.004)
    prediction = known.predict_clear(x, t, s)
    return type(prediction)(prediction.clear + 0.2 * x, prediction.scale, prediction.opacity)

optical, sar, output, changed = sys.argv[1:]
predictor = FunctionPredictor(slow, heads=("scale", "opacity"))
options = {"mask": "auto", "nfe": 2, "feather": 5, "mask_buffer": 2, "changed": changed}
report = remove_clouds(optical, sar, output, predictor=predictor, **options)
print("evaluations", report.evaluations, "resumed", report.resumed_at_row)
"""


class Said(Silence):
    """Remembers what the job says about its progress."""

    def __init__(self):
        self.texts = []
        self.warnings = []

    def warning(self, text):
        self.warnings.append(text)

    def report(self, fraction, text):
        self.texts.append(text)


@pytest.fixture
def scene(tmp_path):
    """A scene of four rows of tiles with clouds across their borders."""
    height, width = 760, 420
    rows, cols = np.mgrid[:height, :width]
    values = (1200 + 300 * np.sin(rows / 31) * np.cos(cols / 17)).astype(np.uint16)
    values[(rows // 67 + cols // 59) % 3 == 0] += 5000
    optical = write_raster(tmp_path / "s2.tif", np.repeat(values[None], 13, 0), descriptions=OPTICAL_BANDS)
    sar = write_raster(tmp_path / "s1.tif", backscatter_db(height, width), descriptions=("VV", "VH"))
    return optical, sar


def child(scene, folder, repository, wait=None):
    """Runs the job in a process of its own; kills it after `wait` seconds. Returns its exit status and output."""
    command = [sys.executable, "-c", CHILD, *scene, str(folder / "out.tif"), str(folder / "changed.tif")]
    process = subprocess.Popen(command, cwd=repository, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if wait is not None:
        # The clock starts when the job has begun to write, so that the kill falls into the run and not the imports.
        while process.poll() is None and not any(name.endswith(".raw") for name in os.listdir(folder)):
            time.sleep(0.002)
        time.sleep(wait)
        process.kill()
    out, _ = process.communicate(timeout=120)
    return process.returncode, out


def test_killed_at_random_moments_a_job_loses_nothing_and_ends_in_the_same_bytes(
    scene, tmp_path, repository, record_property
):
    whole = tmp_path / "whole"
    whole.mkdir()
    status, out = child(scene, whole, repository)
    assert status == 0, out
    expected = (whole / "out.tif").read_bytes(), (whole / "changed.tif").read_bytes()

    broken = tmp_path / "broken"
    broken.mkdir()
    chance, killed, resumed = random.Random(3), 0, 0
    (broken / "out.tif").write_bytes(b"old")
    while killed < KILLS:
        status, out = child(scene, broken, repository, wait=chance.uniform(0, 0.35))
        if status == 0:
            # This one was finished before the kill came: it must be right, and the next begins anew.
            resumed += "resumed 0" not in out
            assert ((broken / "out.tif").read_bytes(), (broken / "changed.tif").read_bytes()) == expected
            (broken / "out.tif").write_bytes(b"old")
            (broken / "changed.tif").unlink()
            continue
        killed += 1
        visible = {name for name in os.listdir(broken) if not name.startswith(".")}
        assert visible <= {"out.tif", "changed.tif"}
        assert (broken / "out.tif").read_bytes() in (b"old", expected[0])
        if (broken / "changed.tif").exists():
            assert (broken / "changed.tif").read_bytes() == expected[1]
    status, out = child(scene, broken, repository)
    assert status == 0, out
    assert ((broken / "out.tif").read_bytes(), (broken / "changed.tif").read_bytes()) == expected
    assert sorted(os.listdir(broken)) == ["changed.tif", "out.tif"]
    record_property("runs killed at random moments, none with loss", killed)


@pytest.mark.parametrize(
    ("mask", "stop", "overlap"),
    # With so small an overlap the lag decides which row of tiles is the first that is needed again.
    [*((mask, stop, None) for mask in ("auto", "none") for stop in (3, 5, 7)), ("auto", 5, 16), ("auto", 7, 16)],
)
def test_a_cancelled_job_goes_on_where_it_stopped_with_the_same_bytes(scene, tmp_path, mask, stop, overlap):
    options = {"mask": mask, "feather": 5, "mask_buffer": 3, "uncertainty": None, "overlap": overlap}
    whole, parts = tmp_path / "whole.tif", tmp_path / "parts.tif"
    everything = remove_clouds(*scene, str(whole), predictor=brightness_head(), **options)
    predictor = brightness_head()
    with pytest.raises(Cancelled):
        remove_clouds(
            *scene, str(parts), predictor=predictor, cancelled=lambda: predictor.evaluations >= stop, **options
        )
    assert not parts.exists()
    report = remove_clouds(*scene, str(parts), predictor=brightness_head(), **options)
    assert parts.read_bytes() == whole.read_bytes()
    if stop >= 5:
        assert report.resumed_at_row > 0
        # With levels that follow the land around, rows above are needed again: in so small a scene, all of them.
        assert report.evaluations < everything.evaluations or (mask == "auto" and report.evaluations <= 8)


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_raw_pixels_that_were_lost_are_computed_again(scene, tmp_path, damage):
    whole, parts = tmp_path / "whole.tif", tmp_path / "parts.tif"
    remove_clouds(*scene, str(whole), predictor=brightness_head(), mask="none")
    predictor = brightness_head()
    with pytest.raises(Cancelled):
        remove_clouds(
            *scene, str(parts), predictor=predictor, cancelled=lambda: predictor.evaluations >= 5, mask="none"
        )
    (raw,) = tmp_path.glob(".parts.tif.*.raw")
    if damage == "cut":
        os.truncate(raw, raw.stat().st_size // 2)
    else:
        raw.unlink()
    report = remove_clouds(*scene, str(parts), predictor=brightness_head(), mask="none")
    assert report.resumed_at_row == 0 and parts.read_bytes() == whole.read_bytes()


def test_a_cancelled_job_goes_on_with_another_compression(scene, tmp_path):
    options = {"mask": "none", "changed": str(tmp_path / "changed.tif")}
    whole, parts = tmp_path / "whole.tif", tmp_path / "parts.tif"
    remove_clouds(*scene, str(whole), predictor=brightness_head(), mask="none")
    first = brightness_head()
    with pytest.raises(Cancelled):
        remove_clouds(*scene, str(parts), predictor=first, cancelled=lambda: first.evaluations >= 5, **options)
    report = remove_clouds(*scene, str(parts), predictor=brightness_head(), compression="zstd", **options)
    assert report.resumed_at_row > 0
    with rasterio.open(whole) as ours, rasterio.open(parts) as theirs, rasterio.open(options["changed"]) as changed:
        assert [raster.compression.value for raster in (ours, theirs, changed)] == ["DEFLATE", "ZSTD", "ZSTD"]
        assert ours.tags() == theirs.tags()
        np.testing.assert_array_equal(ours.read(), theirs.read())


@pytest.mark.parametrize("error", [DeviceError("The card's memory is full; run it again."), MemoryError()])
def test_what_was_finished_before_the_memory_ran_out_waits_for_the_next_run(scene, tmp_path, error):
    whole, output = tmp_path / "whole.tif", tmp_path / "out.tif"
    everything = remove_clouds(*scene, str(whole), predictor=brightness_head(), mask="none")
    output.write_bytes(b"old")
    known = brightness_head()

    def failing(x, t, s):
        if predictor.evaluations >= 7:
            raise error
        return known.predict_clear(x, t, s)

    predictor = FunctionPredictor(failing, heads=("scale", "opacity"))
    with pytest.raises(type(error)):
        remove_clouds(*scene, str(output), predictor=predictor, mask="none")
    assert output.read_bytes() == b"old"
    report = remove_clouds(*scene, str(output), predictor=brightness_head(), mask="none")
    assert output.read_bytes() == whole.read_bytes()
    assert report.resumed_at_row > 0 and report.evaluations < everything.evaluations


def test_a_rerun_on_another_device_is_noticed_and_begins_anew(scene, tmp_path):
    first, second, said = brightness_head(), brightness_head(), Said()
    second.device = "another"
    with pytest.raises(Cancelled):
        remove_clouds(
            *scene, str(tmp_path / "o.tif"), predictor=first, cancelled=lambda: first.evaluations >= 5, progress=said
        )
    assert not any("begins anew" in text for text in said.warnings)
    report = remove_clouds(*scene, str(tmp_path / "o.tif"), predictor=second, progress=said)
    assert report.resumed_at_row == 0 and any("device" in text for text in said.warnings)


def test_a_rerun_by_another_version_of_the_program_begins_anew(scene, tmp_path, monkeypatch):
    first, said = brightness_head(), Said()
    with pytest.raises(Cancelled):
        remove_clouds(*scene, str(tmp_path / "o.tif"), predictor=first, cancelled=lambda: first.evaluations >= 7)
    monkeypatch.setattr("dbcr_core.provenance.__version__", "999")
    report = remove_clouds(*scene, str(tmp_path / "o.tif"), predictor=brightness_head(), progress=said)
    assert report.resumed_at_row == 0 and any("version of this program" in text for text in said.warnings)


def test_cancelled_while_the_files_are_made_every_old_one_stays_and_a_rerun_only_publishes(scene, tmp_path):
    whole, output, changed = (tmp_path / name for name in ("whole.tif", "out.tif", "changed.tif"))
    remove_clouds(*scene, str(whole), predictor=brightness_head())
    output.write_bytes(b"old")
    changed.write_bytes(b"older")
    said = Said()
    with pytest.raises(Cancelled):
        remove_clouds(
            *scene,
            str(output),
            changed=str(changed),
            predictor=brightness_head(),
            progress=said,
            cancelled=lambda: "finishing the file" in said.texts,
        )
    assert (output.read_bytes(), changed.read_bytes()) == (b"old", b"older")
    report = remove_clouds(*scene, str(output), changed=str(changed), predictor=brightness_head())
    assert (report.resumed_at_row, report.evaluations) == (report.height, 0)
    assert output.read_bytes() == whole.read_bytes()


def test_an_output_that_cannot_be_made_stops_the_others_and_the_rows_wait(scene, tmp_path, monkeypatch):
    stopped = []

    def make(xml, path, options, cancelled):
        if "changed" in path:
            raise OutputError("The disk is full.")
        while not cancelled():
            time.sleep(0.001)
        stopped.append(path)
        raise Cancelled()

    # By name, as what is loaded by then decides which of the two it is.
    real = f"dbcr_core.rasters.{default_backend()}_backend.copy_to_cog"
    monkeypatch.setattr(real, make)
    before = sorted(tmp_path.iterdir())
    places = {"changed": str(tmp_path / "changed.tif"), "uncertainty": str(tmp_path / "error.tif")}
    with pytest.raises(OutputError, match="full"):
        remove_clouds(*scene, str(tmp_path / "out.tif"), predictor=brightness_head(), **places)
    assert len(stopped) == 2
    assert {path.suffix for path in tmp_path.iterdir() if path not in before} <= {".raw", ".rows", ".hdr", ".lock"}
    monkeypatch.undo()
    report = remove_clouds(*scene, str(tmp_path / "out.tif"), predictor=brightness_head(), **places)
    assert report.resumed_at_row == 760 and report.evaluations == 0
    assert {path.name for path in tmp_path.iterdir() if path not in before} == {"out.tif", "changed.tif", "error.tif"}
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("dbcr-files")]


INTERRUPTED = """
import os, signal, sys
from dbcr_core import scene
from dbcr_core.rasters import rasterio_backend
from dbcr_core.cli import leave, main
from tests.core.predictors import brightness_head

real = rasterio_backend._copy
def copy(*arguments):
    os.kill(os.getpid(), signal.SIGINT)
    real(*arguments)
rasterio_backend._copy = copy

open_inputs = scene.open_inputs
scene.open_inputs = lambda job, predictor, port, *_: open_inputs(job, brightness_head(), port)
leave(main(["remove-clouds", "--optical", sys.argv[1], "--sar", sys.argv[2], "--output", sys.argv[3]]))
"""


@posix_only("a process that sends itself Ctrl-C")
def test_an_interrupt_while_the_file_is_made_ends_the_command_and_keeps_the_old_file(scene, tmp_path, repository):
    output = tmp_path / "out.tif"
    output.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, *scene, str(output)], cwd=repository, capture_output=True, text=True
    )
    assert done.returncode == 130, done.stderr
    assert done.stderr.splitlines()[-1] == "Cancelled; no output was written."
    assert output.read_bytes() == b"old"
    report = remove_clouds(*scene, str(output), predictor=brightness_head())
    assert output.read_bytes() != b"old"
    assert report.output == str(output)


def test_other_options_or_a_changed_input_start_from_the_first_row(scene, tmp_path):
    output = str(tmp_path / "o.tif")

    def interrupted(**options):
        predictor = brightness_head()
        with pytest.raises(Cancelled):
            remove_clouds(*scene, output, predictor=predictor, cancelled=lambda: predictor.evaluations >= 7, **options)

    interrupted()
    assert remove_clouds(*scene, output, predictor=brightness_head(), feather=2).resumed_at_row == 0
    interrupted()
    os.utime(scene[0])
    assert remove_clouds(*scene, output, predictor=brightness_head()).resumed_at_row == 0
    assert [name for name in os.listdir(tmp_path) if name.startswith(".")] == []


SIDECAR = '<PAMDataset><PAMRasterBand band="1">{}</PAMRasterBand></PAMDataset>'


def test_statistics_and_pyramids_put_beside_an_input_neither_stop_a_run_nor_begin_it_anew(scene, tmp_path):
    """QGIS does so when it shows a layer, at the latest when it closes."""
    output, sidecar = str(tmp_path / "o.tif"), tmp_path / (os.path.basename(scene[0]) + ".aux.xml")
    whole = brightness_head()
    remove_clouds(*scene, output, predictor=whole, mask="none")
    with rasterio.open(output) as raster:
        expected = raster.read()
    predictor = brightness_head()

    def note(mean):
        sidecar.write_text(SIDECAR.format(f'<Metadata><MDI key="STATISTICS_MEAN">{mean}</MDI></Metadata>'))

    note(1)
    with pytest.raises(Cancelled):
        remove_clouds(*scene, output, predictor=predictor, mask="none", cancelled=lambda: predictor.evaluations >= 7)
    note(22)
    before = os.stat(scene[1])
    with rasterio.Env(TIFF_USE_OVR=True), rasterio.open(scene[1], "r+") as raster:
        raster.build_overviews([2])
    os.utime(scene[1], ns=(before.st_atime_ns, before.st_mtime_ns))
    assert os.path.exists(scene[1] + ".ovr")
    rest = brightness_head()

    def note_again():
        note(333 + rest.evaluations)
        return False

    report = remove_clouds(*scene, output, predictor=rest, mask="none", cancelled=note_again)
    assert report.resumed_at_row > 0 and 0 < rest.evaluations < whole.evaluations
    with rasterio.open(output) as raster:
        np.testing.assert_array_equal(raster.read(), expected)


def test_an_input_that_is_to_be_read_otherwise_begins_the_run_anew(scene, tmp_path):
    output, sidecar = str(tmp_path / "o.tif"), tmp_path / (os.path.basename(scene[1]) + ".aux.xml")
    predictor = brightness_head()
    with pytest.raises(Cancelled):
        remove_clouds(*scene, output, predictor=predictor, cancelled=lambda: predictor.evaluations >= 7)
    bands = '<PAMRasterBand band="1"><NoDataValue>-7</NoDataValue></PAMRasterBand>'
    sidecar.write_text(f"<PAMDataset>{bands}{bands.replace('1', '2')}</PAMDataset>")
    assert remove_clouds(*scene, output, predictor=brightness_head()).resumed_at_row == 0


# Windows lets nobody remove a file that is open.
@pytest.mark.parametrize("fate", ["changes", *([] if IS_WINDOWS else ["vanishes"])])
def test_an_input_that_changes_during_the_run_is_noticed_and_nothing_is_published(scene, tmp_path, fate):
    predictor = brightness_head()

    def touch():
        if predictor.evaluations == 4 and os.path.exists(scene[1]):
            if fate == "changes":
                os.utime(scene[1], (1, 1))
            else:
                os.remove(scene[1])
        return False

    with pytest.raises(InputError, match="changed while it was being read"):
        remove_clouds(*scene, str(tmp_path / "o.tif"), predictor=predictor, cancelled=touch)
    assert sorted(os.listdir(tmp_path)) == (["s1.tif", "s2.tif"] if fate == "changes" else ["s2.tif"])


def interrupted(scene, output, **places):
    """A run that is cancelled once two rows of tiles are done; returns the rows that are kept."""
    calls = []
    with pytest.raises(Cancelled):
        cancelled = lambda: calls.append(0) or len(calls) > 40  # noqa: E731
        remove_clouds(*scene, output, predictor=brightness_head(), cancelled=cancelled, mask="none", **places)
    rows = [path for path in os.listdir(os.path.dirname(output)) if path.endswith(".rows")]
    assert rows
    return rows


def test_an_output_whose_folder_is_missing_costs_no_other_its_rows(scene, tmp_path):
    (tmp_path / "usb").mkdir()
    output, changed = str(tmp_path / "out.tif"), str(tmp_path / "usb" / "changed.tif")
    kept = interrupted(scene, output, changed=changed)
    os.rename(tmp_path / "usb", tmp_path / "away")
    with pytest.raises(OutputError, match="does not exist"):
        remove_clouds(*scene, output, predictor=brightness_head(), mask="none", changed=changed)
    assert [path for path in os.listdir(tmp_path) if path.endswith(".rows")] == kept
    os.rename(tmp_path / "away", tmp_path / "usb")
    report = remove_clouds(*scene, output, predictor=brightness_head(), mask="none", changed=changed)
    assert report.resumed_at_row > 0


@pytest.mark.parametrize(
    "error",
    [InputError("The disk was away."), unreadable("s2.tif", Window(0, 0, 9, 9)), BrokenPipeError(), OSError(5, "i/o")],
)
def test_after_a_failure_the_finished_rows_wait(scene, tmp_path, error):
    class Breaks(Said):
        def report(self, fraction, text):
            if fraction > 0.6:
                raise error

    output = str(tmp_path / "out.tif")
    with pytest.raises((InputError, OSError)):
        remove_clouds(*scene, output, predictor=brightness_head(), mask="none", progress=Breaks())
    whole = str(tmp_path / "whole.tif")
    remove_clouds(*scene, whole, predictor=brightness_head(), mask="none")
    assert remove_clouds(*scene, output, predictor=brightness_head(), mask="none").resumed_at_row > 0
    assert (tmp_path / "out.tif").read_bytes() == (tmp_path / "whole.tif").read_bytes()


def test_band_names_corrected_beside_the_file_begin_anew(scene, tmp_path):
    """What GDAL keeps beside a raster is no part of its file's time, yet decides which band is which."""
    beside = tmp_path / "s2.tif.aux.xml"
    with rasterio.open(scene[0]) as source:
        values, grid = source.read()[:4], source.profile
    write_raster(tmp_path / "s2.tif", values, transform=grid["transform"][:6])
    names = "".join(f'<PAMRasterBand band="{i}"><Description>{name}</Description></PAMRasterBand>' for i, name in
                    enumerate(("B02", "B03", "B04", "B08"), 1))  # fmt: skip
    beside.write_text(f"<PAMDataset>{names}</PAMDataset>")
    output, said = str(tmp_path / "out.tif"), Said()
    interrupted(scene, output)
    beside.write_text(
        f"<PAMDataset>{names.replace('B02', 'B00').replace('B04', 'B02').replace('B00', 'B04')}</PAMDataset>"
    )
    report = remove_clouds(*scene, output, predictor=brightness_head(), mask="none", progress=said)
    assert report.resumed_at_row == 0 and "begins anew" in " ".join(said.warnings)


@pytest.mark.parametrize("further", [{}, {"changed": "changed.tif"}])
def test_a_resumed_run_reports_the_share_of_the_whole_scene(scene, tmp_path, further):
    places = {name: str(tmp_path / file) for name, file in further.items()}
    with rasterio.open(scene[0]) as source:
        _, rows, cols = np.mgrid[:1, : source.height, : source.width]
        profile = {"transform": source.transform[:6]}
    cloud = ((rows // 90 + cols // 70) % 4 == 0) & (rows > 200)
    mask = write_raster(tmp_path / "m.tif", cloud.astype(np.uint8), **profile)
    options = {"mask": mask, "predictor": brightness_head(), **places}
    whole = remove_clouds(*scene, str(tmp_path / "whole.tif"), **options)
    calls = []
    with pytest.raises(Cancelled):
        remove_clouds(
            *scene, str(tmp_path / "out.tif"), cancelled=lambda: calls.append(0) or len(calls) > 40, **options
        )
    resumed = remove_clouds(*scene, str(tmp_path / "out.tif"), **options)
    assert resumed.resumed_at_row > 0 and resumed.reconstructed == whole.reconstructed > 0.05
