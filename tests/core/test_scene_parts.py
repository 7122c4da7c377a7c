# SPDX-License-Identifier: GPL-3.0-or-later
"""A scene in parts: the same bytes as in one run, whatever the options and however many parts."""

from __future__ import annotations

import os

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st

from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.batch.scene_list import read_scene_list
from dbcr_core.batch.scene_parts import assemble, part_rows, run_part
from dbcr_core.batch.scene_task import SceneProgress, run_scene
from dbcr_core.errors import Cancelled, InputError, OutputError
from dbcr_core.grid import Window
from dbcr_core.job import CloudRemovalJob
from dbcr_core.predictors import PredictorKeeper
from dbcr_core.progress import Silence
from dbcr_core.scene import remove_clouds
from dbcr_core.scene_area import SceneArea
from dbcr_core.tiles import TilePlan
from tests.core.batch_scenes import write_scenes
from tests.core.predictors import brightness_head, tile_dependent
from tests.core.raster_files import clouded_dn, write_radar_around, write_raster


@pytest.fixture
def scene(tmp_path):
    """A scene of five rows of tiles with clouds across their borders, radar on another grid, and a mask."""
    height, width = 900, 300
    values, cloud = clouded_dn(height, width)
    optical = write_raster(tmp_path / "s2.tif", values, descriptions=OPTICAL_BANDS, nodata=0)
    sar = write_radar_around(tmp_path / "s1.tif", height, width)
    mask = write_raster(tmp_path / "mask.tif", cloud[None].astype(np.uint8))
    return optical, sar, mask


OPTIONS = {
    "every pixel": {"mask": "none"},
    "the model's mask": {"mask": "auto"},
    "a mask that looks far": {"mask": "auto", "mask_buffer": 100, "feather": 60},
    "a layer": {"mask": "FILE", "mask_buffer": 3},
    "several steps": {"mask": "auto", "nfe": 3},
    "noise": {"mask": "none", "nfe": 2, "sampler": "sde", "seed": 7},
    "much overlap": {"mask": "auto", "overlap": 128},
    "all outputs": {"mask": "auto", "changed": "changed.tif", "uncertainty": "error.tif"},
    "a part of the scene": {"mask": "auto", "extent": (600_105.0, 4_991_512.0, 602_507.0, 4_999_304.0)},
}


@pytest.mark.parametrize("parts", [2, 9])
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_the_parts_of_a_scene_put_together_are_the_bytes_of_a_single_run(scene, tmp_path, options, parts):
    optical, sar, mask = scene
    options = {key: mask if value == "FILE" else value for key, value in options.items()}
    results = {}
    for way in ("single", "parts"):
        folder = tmp_path / way
        folder.mkdir()
        outputs = {key: str(folder / options[key]) for key in ("changed", "uncertainty") if key in options}
        job = CloudRemovalJob(optical, sar, str(folder / "out.tif"), **{**options, **outputs, "model": "any"})
        if way == "single":
            chosen = {key: value for key, value in vars(job).items() if key not in ("optical", "sar", "output")}
            single = remove_clouds(optical, sar, job.output, predictor=tile_dependent(), **chosen)
        else:
            # Any order, some twice: what is there is not computed again.
            for index in (*reversed(range(parts)), 0):
                predictor = tile_dependent()
                run_part(job, index, parts, predictor=predictor)
            assert predictor.evaluations == 0
            report = assemble(job, parts, predictor=tile_dependent())
            assert report.reconstructed == single.reconstructed and report.tiles == single.tiles
            assert report.messages == single.messages
        assert sorted(os.listdir(folder)) == sorted({"out.tif", *(os.path.basename(o) for o in outputs.values())})
        results[way] = [(folder / name).read_bytes() for name in sorted(os.listdir(folder))]
    assert results["parts"] == results["single"]


def test_a_missing_part_is_named_and_nothing_appears(scene, tmp_path):
    job = CloudRemovalJob(*scene[:2], str(tmp_path / "out.tif"), mask="none")
    for index in (0, 2):
        run_part(job, index, 3, predictor=brightness_head())
    with pytest.raises(OutputError, match="Part 2 is missing"):
        assemble(job, 3, predictor=brightness_head())
    assert not os.path.exists(job.output)
    run_part(job, 1, 3, predictor=brightness_head())
    assemble(job, 3, predictor=brightness_head())
    assert os.path.exists(job.output)


def test_parts_of_another_job_are_not_taken(scene, tmp_path):
    job = CloudRemovalJob(*scene[:2], str(tmp_path / "out.tif"), mask="none")
    for index in range(2):
        run_part(job, index, 2, predictor=brightness_head())
    other = CloudRemovalJob(*scene[:2], str(tmp_path / "out.tif"), mask="none", nfe=2)
    with pytest.raises(OutputError, match="missing"):
        assemble(other, 2, predictor=brightness_head())


def test_parts_left_behind_vanish_when_the_scene_is_completed_in_one_run(tmp_path):
    (scene,) = read_scene_list(str(write_scenes(tmp_path, ("a",))), str(tmp_path / "out"))
    (tmp_path / "out").mkdir()
    run_part(scene.job, 1, 3)
    assert list((tmp_path / "out").glob(".a.tif.parts-*"))
    run_scene(scene, PredictorKeeper())
    assert sorted(os.listdir(tmp_path / "out")) == ["a.json", "a.tif"]


def test_an_interrupted_part_leaves_nothing(scene, tmp_path):
    job = CloudRemovalJob(*scene[:2], str(tmp_path / "out.tif"), mask="none")
    predictor = brightness_head()
    with pytest.raises(Exception, match="Cancelled"):
        run_part(job, 1, 2, predictor=predictor, cancelled=lambda: predictor.evaluations >= 3)
    folders = [name for name in os.listdir(tmp_path) if ".parts-" in name]
    assert all(os.listdir(tmp_path / name) == [] for name in folders)


def test_a_damaged_part_is_refused(scene, tmp_path):
    job = CloudRemovalJob(*scene[:2], str(tmp_path / "out.tif"), mask="none")
    for index in range(2):
        run_part(job, index, 2, predictor=brightness_head())
    (folder,) = tmp_path.glob(".out.tif.parts-*")
    first = sorted((folder / "part-0000").glob("*.npz"))[0]
    first.write_bytes(first.read_bytes()[:1000])
    with pytest.raises(OutputError, match="damaged and was removed"):
        assemble(job, 2, predictor=brightness_head())
    run_part(job, 0, 2, predictor=brightness_head())
    assemble(job, 2, predictor=brightness_head())


def test_a_part_that_lost_its_report_is_computed_again(scene, tmp_path):
    job = CloudRemovalJob(*scene[:2], str(tmp_path / "out.tif"), mask="none")
    for index in range(2):
        run_part(job, index, 2, predictor=brightness_head())
    (folder,) = tmp_path.glob(".out.tif.parts-*")
    (folder / "part-0000" / "report.json").write_bytes(b"")
    predictor = brightness_head()
    assert run_part(job, 0, 2, predictor=predictor).evaluations == predictor.evaluations > 0
    assemble(job, 2, predictor=brightness_head())


def test_putting_parts_together_warns_as_a_single_run_does(scene, tmp_path):
    with rasterio.open(scene[1]) as raster:
        power = 10 ** (raster.read() / 10)
        transform = raster.transform
    sar = write_raster(
        tmp_path / "p.tif", power, descriptions=("VV", "VH"), pixel=20.0, origin=(transform.c, transform.f)
    )
    job = CloudRemovalJob(scene[0], sar, str(tmp_path / "out.tif"), mask="none")
    run_part(job, 0, 1, predictor=brightness_head())
    progress = SceneProgress()
    assemble(job, 1, predictor=brightness_head(), progress=progress)
    assert "The SAR unit was judged by the values alone" in " ".join(progress.warnings)


def test_rows_of_an_interrupted_single_run_count_once_when_the_scene_is_finished_in_parts(scene, tmp_path):
    whole = remove_clouds(*scene[:2], str(tmp_path / "whole.tif"), predictor=tile_dependent())
    job, predictor = CloudRemovalJob(*scene[:2], str(tmp_path / "out.tif")), tile_dependent()
    with pytest.raises(Cancelled):
        remove_clouds(*scene[:2], job.output, predictor=predictor, cancelled=lambda: predictor.evaluations >= 7)
    for index in range(2):
        run_part(job, index, 2, predictor=tile_dependent())
    report = assemble(job, 2, predictor=tile_dependent())
    assert report.reconstructed == whole.reconstructed and report.resumed_at_row > 0
    assert (tmp_path / "out.tif").read_bytes() == (tmp_path / "whole.tif").read_bytes()


@given(
    height=st.integers(1, 12_000),
    overlap=st.integers(0, 128),
    lag=st.integers(0, 256),
    parts=st.integers(1, 40),
    place=st.tuples(st.floats(0, 0.99), st.floats(0, 1)),
)
def test_parts_share_out_every_row_exactly_once(height, overlap, lag, parts, place):
    first = int(place[0] * height)
    window = Window(0, first, 300, max(1, int(place[1] * (height - first))))
    area = SceneArea.within(TilePlan(300, height, 256, overlap), window, lag)
    ranges = [part_rows(area, index, parts) for index in range(parts)]
    assert ranges[0][0] == 0 and ranges[-1][1] == window.height
    assert all(end == following[0] for (_, end), following in zip(ranges, ranges[1:]))
    assert all(first <= end for first, end in ranges)


def test_there_is_no_part_beyond_the_last(scene, tmp_path):
    job = CloudRemovalJob(*scene[:2], str(tmp_path / "out.tif"), mask="none")
    with pytest.raises(InputError, match="no part 4 of 3"):
        run_part(job, 3, 3, predictor=brightness_head())


def test_parts_of_a_scene_that_is_nearly_all_cloud_to_the_model_tell_of_it_as_a_single_run_does(tmp_path):
    optical = write_raster(tmp_path / "s2.tif", np.full((13, 300, 60), 6000, np.uint16), descriptions=OPTICAL_BANDS)
    job = CloudRemovalJob(optical, None, str(tmp_path / "out.tif"), optical_values="dn", model="any")
    told = []

    class Port(Silence):
        def warning(self, text):
            told.append(text)

    for index in range(2):
        run_part(job, index, 2, predictor=brightness_head())
    assemble(job, 2, predictor=brightness_head(), progress=Port())
    assert [text for text in told if text.startswith("100 % of the scene was taken for cloud")] and told.count(
        told[-1]
    ) == 1
