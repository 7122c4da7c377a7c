# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: one JSON object, one sentence per fault, a status that can be trusted."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys

import numpy as np
import pytest
import rasterio

from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.cli import main
from dbcr_core.model_card import bundled_model_path
from tests.core.raster_files import backscatter_db, reflective_dn, write_raster
from tests.systems import posix_only


@pytest.fixture
def scene(tmp_path):
    """Paths of a small sound scene: optical, sar, output."""
    optical = write_raster(tmp_path / "s2.tif", reflective_dn(13, 80, 90), descriptions=OPTICAL_BANDS, nodata=0)
    sar = write_raster(tmp_path / "s1.tif", backscatter_db(80, 90), descriptions=("VV", "VH"))
    return optical, sar, str(tmp_path / "out.tif")


def run(*arguments, capsys):
    status = main(list(arguments))
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def remove(scene, *more, optical=None, sar=None, output=None):
    paths = ("--optical", optical or scene[0], "--sar", sar or scene[1], "--output", output or scene[2])
    return ("remove-clouds", *paths, *more)


def assert_refused(scene, result, *words, output=None):
    status, out, err = result
    last = err.strip().splitlines()[-1]
    assert status == 1 and out == ""
    assert last.startswith("Error: ") and last.endswith((".", ")")), last
    assert "Traceback" not in err
    for word in words:
        assert word in last, last
    assert not os.path.exists(output or scene[2])


def test_json_prints_one_object_and_nothing_else(scene, capsys):
    status, out, err = run(*remove(scene, "--mask", "none", "--json"), capsys=capsys)
    report = json.loads(out)
    assert status == 0 and err == ""
    assert report["output"] == scene[2] and report["evaluations"] == 1 and report["reconstructed"] > 0.99
    with rasterio.open(scene[2]) as raster:
        assert raster.count == 13


def test_findings_go_to_stderr_and_the_summary_to_stdout(scene, capsys):
    status, out, err = run(*remove(scene, "--nfe", "2"), capsys=capsys)
    assert status == 0 and "13 bands" in err and "VV and VH" in err
    assert len(out.splitlines()) == 1 and "NFE 2" in out


@posix_only("redirections of a shell")
@pytest.mark.parametrize("stderr", ["2>&-", "2>&1 >/dev/null | true", "2>/dev/full"])
def test_a_job_does_not_need_anyone_to_follow_its_progress(scene, repository, stderr):
    command = shlex.join((sys.executable, "-m", "dbcr_core", *remove(scene, "--mask", "none")))
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command} {stderr}"], cwd=repository, capture_output=True)
    assert done.returncode == 0 and os.path.exists(scene[2]), done


@posix_only("a device that is always full")
@pytest.mark.parametrize("more", [["--json"], []])
def test_a_result_that_cannot_be_printed_is_one_sentence(scene, repository, more):
    for words in (["inspect", "--optical", scene[0], *more], ["model-info", *more]):
        with open("/dev/full", "wb") as full:
            command = [sys.executable, "-m", "dbcr_core", *words]
            done = subprocess.run(command, cwd=repository, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        assert done.returncode == 1
        assert done.stderr.startswith("Error: Standard output cannot be written (") and done.stderr.count("\n") == 1


def test_a_missing_file_is_named(scene, capsys):
    assert_refused(scene, run(*remove(scene, optical="nowhere.tif"), capsys=capsys), "nowhere.tif")


def test_a_text_file_is_no_raster(scene, tmp_path, capsys):
    (tmp_path / "text.tif").write_text("hello")
    assert_refused(scene, run(*remove(scene, optical=str(tmp_path / "text.tif")), capsys=capsys), "text.tif")


def test_an_image_without_crs_is_refused(scene, tmp_path, capsys):
    optical = write_raster(tmp_path / "x.tif", reflective_dn(13), descriptions=OPTICAL_BANDS, crs=None)
    assert_refused(scene, run(*remove(scene, optical=optical), capsys=capsys), "coordinate reference system")


def test_sar_of_another_place_is_refused(scene, tmp_path, capsys):
    sar = write_raster(tmp_path / "x.tif", backscatter_db(), descriptions=("VV", "VH"), origin=(100_000, 1_000_000))
    assert_refused(scene, run(*remove(scene, sar=sar), capsys=capsys), "overlap")


def test_sar_that_covers_a_part_is_refused_and_the_switch_that_allows_it_works(scene, tmp_path, capsys):
    sar = write_raster(tmp_path / "x.tif", backscatter_db(80, 40), descriptions=("VV", "VH"))
    assert_refused(scene, run(*remove(scene, sar=sar), capsys=capsys), "%", "allow")
    assert run(*remove(scene, "--allow-partial-sar", "--quiet", sar=sar), capsys=capsys)[0] == 0


def test_one_band_is_not_enough(scene, tmp_path, capsys):
    optical = write_raster(tmp_path / "x.tif", reflective_dn(1, 80, 90))
    assert_refused(scene, run(*remove(scene, optical=optical), capsys=capsys), "band")


def test_unknown_bands_are_refused_with_the_option_that_names_them(scene, tmp_path, capsys):
    optical = write_raster(tmp_path / "x.tif", reflective_dn(5, 80, 90), descriptions=tuple("abcde"))
    assert_refused(scene, run(*remove(scene, optical=optical), capsys=capsys), "--bands")


def test_an_8_bit_picture_is_refused(scene, tmp_path, capsys):
    picture = np.random.default_rng(0).integers(0, 255, (3, 80, 90)).astype(np.uint8)
    optical = write_raster(tmp_path / "x.tif", picture, descriptions=("B04", "B03", "B02"))
    assert_refused(scene, run(*remove(scene, optical=optical), capsys=capsys), "8-bit")


def test_a_rotated_grid_is_refused(scene, tmp_path, capsys):
    turned = (9.0, 3.0, 600_000.0, 3.0, -9.0, 5_000_000.0)
    optical = write_raster(tmp_path / "x.tif", reflective_dn(13), descriptions=OPTICAL_BANDS, transform=turned)
    assert_refused(scene, run(*remove(scene, optical=optical), capsys=capsys), "rotated")


def test_an_image_without_any_data_is_refused(scene, tmp_path, capsys):
    empty = np.zeros((13, 80, 90), np.uint16)
    optical = write_raster(tmp_path / "x.tif", empty, descriptions=OPTICAL_BANDS, nodata=0)
    assert_refused(scene, run(*remove(scene, optical=optical), capsys=capsys), "no data")


def test_an_empty_file_is_refused(scene, tmp_path, capsys):
    (tmp_path / "empty.tif").touch()
    assert_refused(scene, run(*remove(scene, optical=str(tmp_path / "empty.tif")), capsys=capsys), "empty.tif")


def test_text_as_model_is_refused(scene, tmp_path, capsys):
    (tmp_path / "m.dbcr").write_text("hello")
    assert_refused(scene, run(*remove(scene, "--model", str(tmp_path / "m.dbcr")), capsys=capsys), "model file")


def test_a_truncated_model_is_refused(scene, tmp_path, capsys):
    with open(bundled_model_path(), "rb") as stream:
        content = stream.read()
    (tmp_path / "m.dbcr").write_bytes(content[: len(content) // 2])
    model = ("--model", str(tmp_path / "m.dbcr"))
    assert_refused(scene, run(*remove(scene, *model), capsys=capsys), "truncated")
    assert_refused(scene, run("inspect", "--optical", scene[0], *model, capsys=capsys), "truncated")


@pytest.mark.parametrize("nfe", ["0", "11"])
def test_an_nfe_out_of_range_is_refused(scene, capsys, nfe):
    assert_refused(scene, run(*remove(scene, "--nfe", nfe), capsys=capsys), "from 1 to 10", nfe)


def test_a_folder_that_does_not_exist_is_refused(scene, tmp_path, capsys):
    output = str(tmp_path / "no" / "such" / "out.tif")
    assert_refused(scene, run(*remove(scene, output=output), capsys=capsys), "folder", output=output)


@posix_only("a folder that takes no files from anybody")
def test_an_unwritable_folder_is_refused(scene, capsys):
    # /proc takes no files from anybody, root included.
    assert_refused(scene, run(*remove(scene, output="/proc/out.tif"), capsys=capsys), "/proc", output="/proc/out.tif")


def test_a_wrong_command_line_has_status_2(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["remove-clouds", "--optical", "a.tif"])
    assert stop.value.code == 2


def test_the_paper_configuration_has_the_papers_size_and_cost(capsys):
    pytest.importorskip("torch")
    status, out, _ = run("model-info", "--config", "paper", "--json", capsys=capsys)
    info = json.loads(out)
    assert status == 0
    assert round(info["parameters"] / 1e6, 2) == 18.06 and round(info["macs_256"] / 1e9, 2) == 15.24


def test_model_info_shows_the_bundled_card(capsys):
    status, out, _ = run("model-info", "--json", capsys=capsys)
    card = json.loads(out)
    assert status == 0 and card["optical_bands"] == list(OPTICAL_BANDS)
    assert card["limits"] and card["training"] and len(card["file_sha256"]) == 64


def test_assess_scores_an_image_against_itself_and_apart_by_cloud(scene, tmp_path, capsys):
    cloud = np.zeros((1, 80, 90), np.uint8)
    cloud[0, :40] = 1
    mask = write_raster(tmp_path / "mask.tif", cloud)
    arguments = ("assess", "--prediction", scene[0], "--reference", scene[0], "--cloud-mask", mask, "--json")
    status, out, _ = run(*arguments, capsys=capsys)
    scores = json.loads(out)
    assert status == 0 and scores["all"]["mae"] == 0 and scores["all"]["psnr"] is None
    assert scores["cloudy"]["pixels"] == scores["clear"]["pixels"] == 3600


def test_the_module_runs_as_a_program_and_keeps_stdout_clean(scene, repository):
    command = [sys.executable, "-m", "dbcr_core", *remove(scene, "--json", "--mask", "none", "--threads", "1")]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["nfe"] == 1 and done.stderr == ""


def test_a_raster_of_no_size_is_refused(scene, tmp_path, capsys):
    (tmp_path / "nothing.vrt").write_text(
        '<VRTDataset rasterXSize="0" rasterYSize="0"><SRS>EPSG:32632</SRS><GeoTransform>0,10,0,0,0,-10</GeoTransform>'
        '<VRTRasterBand dataType="UInt16" band="1"/></VRTDataset>'
    )
    assert_refused(scene, run(*remove(scene, optical=str(tmp_path / "nothing.vrt")), capsys=capsys), "nothing.vrt")


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii", "utf-8"])
def test_results_and_errors_come_out_in_any_encoding(tmp_path, repository, encoding) -> None:
    """Pipes on Windows are no UTF-8: nothing may end in a traceback, and JSON stays JSON."""
    scene = write_raster(tmp_path / "Żółć−été.tif", reflective_dn(3), descriptions=("B02", "B03", "B04"))
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}

    def call(*words: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "dbcr_core", *words]
        return subprocess.run(command, cwd=repository, capture_output=True, env=environment)

    as_json = call("inspect", "--optical", scene, "--json")
    assert as_json.returncode == 0, as_json.stderr
    assert json.loads(as_json.stdout)["optical"]["raster"]["path"] == scene
    as_text = call("inspect", "--optical", scene)
    assert as_text.returncode == 0 and b"Traceback" not in as_text.stderr
    assert "Reflectance" in as_text.stdout.decode(encoding)
    refused = call("inspect", "--optical", scene + ".missing")
    assert refused.returncode == 1
    assert refused.stderr.decode(encoding).startswith("Error: The file ")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="these systems read every name in any locale")
@pytest.mark.parametrize(
    "name, fact, remedy",
    [("\u00fc.tif".encode(), "this system's encoding", "PYTHONUTF8=1"), (b"\xfc.tif", "not UTF-8", "rename the file")],
)
def test_a_name_that_python_cannot_decode_is_told_from_one_that_is_no_text(repository, name, fact, remedy):
    plain = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    command = [sys.executable, "-m", "dbcr_core", "inspect", "--optical", name]
    done = subprocess.run(command, cwd=repository, capture_output=True, env={**os.environ, **plain}, check=False)
    last = done.stderr.decode("ascii").splitlines()[-1]
    assert done.returncode == 2 and fact in last and last.endswith(remedy), last
