# SPDX-License-Identifier: GPL-3.0-or-later
"""Work on several threads: in order, bounded, stopped without a thread left behind; and a scene's bytes unchanged."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
import rasterio

from dbcr_core.errors import Cancelled, ModelError
from dbcr_core.grid import Window
from dbcr_core.predictors import Prediction
from dbcr_core.scene import remove_clouds
from dbcr_core.scene_tiles import grouped
from dbcr_core.work_queue import AHEAD, WorkQueue
from tests.core.predictors import FunctionPredictor
from tests.core.test_scene import make_scene


def no_check():
    pass


def tile_threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("dbcr-tiles")]


@pytest.mark.parametrize("threads", [0, 1, 3])
def test_results_come_in_the_order_of_asking_although_later_work_ends_first(threads):
    def work(number, check):
        time.sleep(0.002 * (7 - number % 7))
        return number * number

    with WorkQueue(work, threads, no_check, prepare=lambda item: item + 1) as queue:
        for number in range(20):
            queue.add(number)
        assert [queue.next() for _ in range(20)] == [(n + 1) ** 2 for n in range(20)]
    assert not tile_threads()


def test_no_more_is_prepared_than_the_threads_can_use_soon():
    prepared = []
    with WorkQueue(lambda item, check: None, 2, no_check, prepare=prepared.append) as queue:
        for number in range(100):
            queue.add(number)
        assert len(prepared) == 2 * AHEAD
        queue.next()
        assert len(prepared) == 2 * AHEAD + 1


@pytest.mark.parametrize("threads", [0, 2])
def test_what_work_raises_is_raised_where_its_result_is_fetched(threads):
    def work(number, check):
        if number == 3:
            raise ModelError("Three is too many.")
        return number

    with WorkQueue(work, threads, no_check) as queue:
        for number in range(6):
            queue.add(number)
        assert [queue.next() for _ in range(3)] == [0, 1, 2]
        with pytest.raises(ModelError, match="Three"):
            queue.next()
    assert not tile_threads()


def test_leaving_the_queue_stops_work_that_has_begun_and_waits_for_it():
    begun, stopped = threading.Event(), []

    def work(number, check):
        begun.set()
        try:
            while True:
                time.sleep(0.001)
                check()
        except Cancelled:
            stopped.append(number)
            raise

    with WorkQueue(work, 1, no_check) as queue:
        queue.add("endless")
        assert begun.wait(10)
    assert stopped == ["endless"] and not tile_threads()


class SharedPredictor(FunctionPredictor):
    """Computes something that depends on every input, on as many threads as one likes."""

    def __init__(self, at_once=0, tiles_per_call=1, stop=None):
        super().__init__(self._compute, heads=("scale", "opacity"))
        self.at_once, self.tiles_per_call, self._stop = at_once, tiles_per_call, stop
        self.callers = set()

    def _compute(self, x_t, t, sar):
        self.callers.add(threading.get_ident())
        if self._stop is not None and self.evaluations >= self._stop:
            raise ModelError("The network stopped.")
        cloud = (x_t[:, 1:2] > 0.3).astype(np.float32)
        clear = 0.4 * x_t + 0.2 * sar.mean(axis=1, keepdims=True) + np.float32(t / 5000)
        return Prediction(clear, 0.1 * x_t + 0.02, np.concatenate([cloud, 0.1 * cloud], axis=1))


def outputs(folder):
    names = ("out.tif", "changed.tif", "error.tif")
    return [(folder / name).read_bytes() for name in names]


def run(scene, folder, predictor, **options):
    folder.mkdir(exist_ok=True)
    return remove_clouds(
        *scene,
        str(folder / "out.tif"),
        predictor=predictor,
        **{"changed": str(folder / "changed.tif"), "uncertainty": str(folder / "error.tif"), **options},
    )


@pytest.mark.parametrize(
    "options", [{"mask": "none", "nfe": 3}, {"mask": "auto", "nfe": 2}, {"sampler": "sde", "nfe": 3}]
)
def test_threads_and_tiles_per_call_leave_the_bytes_alone(tmp_path, options):
    scene = make_scene(tmp_path, 900, 700, bands=4)[:2]
    alone = run(scene, tmp_path / "alone", SharedPredictor(), **options)
    expected = outputs(tmp_path / "alone")
    for at_once, tiles in ((1, 1), (4, 1), (1, 4), (2, 3)):
        predictor = SharedPredictor(at_once, tiles)
        report = run(scene, tmp_path / "shared", predictor, **options)
        assert outputs(tmp_path / "shared") == expected
        assert report.tiles == alone.tiles and predictor.callers != {threading.get_ident()}
        assert tiles > 1 or report.evaluations == alone.evaluations


@pytest.mark.parametrize(
    "count, together, sizes", [(10, 8, [8, 1, 1]), (12, 8, [8, 4]), (3, 8, [1, 1, 1]), (16, 8, [8, 8]), (5, 1, [1] * 5)]
)
def test_a_small_rest_goes_one_by_one_and_no_tile_is_lost(count, together, sizes):
    tiles = [Window(i, 0, 1, 1) for i in range(count)]
    groups = grouped(tiles, together)
    assert [len(group) for group in groups] == sizes
    assert [tile for group in groups for tile in group] == tiles


@pytest.mark.parametrize("width, numbers", [(900, {1, 4}), (1100, {4})])
def test_the_network_sees_one_tile_or_as_many_as_it_takes(tmp_path, width, numbers):
    scene = make_scene(tmp_path, 300, width, bands=4)[:2]
    predictor, seen = SharedPredictor(at_once=2, tiles_per_call=4), set()
    compute = predictor._function

    def noting(x_t, t, sar):
        seen.add((len(x_t), len(sar)))
        return compute(x_t, t, sar)

    predictor._function = noting
    run(scene, tmp_path / "o", predictor, mask="none", sampler="sde", nfe=2)
    assert seen == {(number, number) for number in numbers}


def test_a_failure_in_a_thread_is_the_job_s_and_leaves_nothing(tmp_path):
    scene = make_scene(tmp_path, 900, 700, bands=4)[:2]
    with pytest.raises(ModelError, match="stopped"):
        run(scene, tmp_path / "o", SharedPredictor(at_once=2, stop=7), mask="none")
    assert not list((tmp_path / "o").iterdir()) and not tile_threads()


@pytest.mark.parametrize("tiles", [1, 3])
def test_cancelled_while_threads_work_the_job_goes_on_later_with_the_same_bytes(tmp_path, tiles):
    scene = make_scene(tmp_path, 1100, 700, bands=4)[:2]
    run(scene, tmp_path / "whole", SharedPredictor(), mask="auto", nfe=2)
    folder = tmp_path / "parts"
    folder.mkdir()
    askers, predictor = set(), SharedPredictor(at_once=2, tiles_per_call=tiles)

    def cancelled():
        askers.add(threading.get_ident())
        return any(name.suffix == ".rows" for name in folder.iterdir())

    with pytest.raises(Cancelled):
        run(scene, folder, predictor, mask="auto", nfe=2, cancelled=cancelled)
    assert askers == {threading.get_ident()} and not tile_threads()
    assert not [name for name in folder.iterdir() if not name.name.startswith(".")]
    report = run(scene, folder, predictor, mask="auto", nfe=2)
    assert report.resumed_at_row > 0
    assert outputs(folder) == outputs(tmp_path / "whole")


def test_a_scene_without_cloud_holds_no_more_rows_than_any_other(tmp_path):
    optical, sar, values = make_scene(tmp_path, 1500, 300, bands=4)
    mask = tmp_path / "mask.tif"
    with rasterio.open(optical) as source:
        profile = {**source.profile, "count": 1, "dtype": "uint8", "nodata": None}
        with rasterio.open(mask, "w", **profile) as raster:
            raster.write(np.zeros((1, 1500, 300), np.uint8))
    predictor = SharedPredictor(at_once=2)
    report = run((optical, sar), tmp_path / "o", predictor, mask=str(mask), mask_kind="binary")
    assert report.evaluations == 0 and report.tiles_skipped == report.tiles
    with rasterio.open(tmp_path / "o" / "out.tif") as raster:
        assert (raster.read() == values).all()
