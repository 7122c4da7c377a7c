# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import rasterio

from dbcr_core import hidden_gaps
from dbcr_core.errors import Cancelled
from dbcr_core.grid import Window
from dbcr_core.hidden_gaps import refuse_hidden_gaps
from dbcr_core.inspect import inspect_inputs
from dbcr_core.rasters import open_raster
from dbcr_core.rasters.lattice import lattice_over, look
from dbcr_core.rasters.remembered import Remembered, remembered
from dbcr_core.rasters.value_samples import read_spot
from dbcr_core.rasters.vrt import described
from tests.bench.scenes import OPTICAL, SAR
from tests.core.raster_files import write_raster


def values_of(seed=0, size=96):
    return np.random.default_rng(seed).integers(1, 9000, (2, size, size)).astype(np.uint16)


def settled(path, seconds=60.0):
    """The file, last changed some time ago."""
    before = time.time() - seconds
    os.utime(path, (before, before))
    return str(path)


def test_a_file_that_stays_the_same_is_read_once(tmp_path, reads):
    values = values_of()
    path = settled(write_raster(tmp_path / "a.tif", values))
    for _ in range(3):
        with open_raster(path) as source:
            np.testing.assert_array_equal(read_spot(source, [2, 1], Window(5, 6, 7, 8)), values[::-1, 6:14, 5:12])
            seen = look(source, lattice_over(source.grid, 12), [1])
            np.testing.assert_array_equal(seen[0], values[0, 4::8, 4::8])
    assert len(reads) == 2


def test_other_bands_windows_and_lattices_are_read_anew(tmp_path):
    values = values_of()
    with open_raster(settled(write_raster(tmp_path / "a.tif", values))) as source:
        for bands, window in (([1], Window(0, 0, 4, 4)), ([2], Window(0, 0, 4, 4)), ([1], Window(1, 0, 4, 4))):
            rows, columns = window.slices()
            expected = values[np.array(bands) - 1, rows, columns]
            np.testing.assert_array_equal(read_spot(source, bands, window), expected)
        for side in (12, 24):
            step = 96 // side
            expected = values[0, step // 2 :: step, step // 2 :: step]
            np.testing.assert_array_equal(look(source, lattice_over(source.grid, side), [1])[0], expected)


def test_a_file_that_was_changed_is_read_anew(tmp_path):
    path, window = tmp_path / "a.tif", Window(0, 0, 9, 9)
    for seed, age in ((1, 60), (2, 50), (3, 40)):
        values = values_of(seed)
        settled(write_raster(path, values), age)
        with open_raster(str(path)) as source:
            np.testing.assert_array_equal(read_spot(source, [1, 2], window), values[:, :9, :9])


def test_a_file_changed_just_now_is_not_trusted_to_tell_its_next_change(tmp_path, reads):
    path = write_raster(tmp_path / "a.tif", values_of())
    for _ in range(2):
        with open_raster(path) as source:
            read_spot(source, [1], Window(0, 0, 9, 9))
    assert len(reads) == 2


def test_statistics_that_a_program_puts_beside_the_file_change_nothing_and_another_nodata_value_does(tmp_path, reads):
    path = settled(write_raster(tmp_path / "a.tif", values_of()))
    sidecar = tmp_path / "a.tif.aux.xml"
    band = '<PAMRasterBand band="1">{0}</PAMRasterBand><PAMRasterBand band="2">{0}</PAMRasterBand>'
    for text, count in (
        ("", 1),
        ('<Metadata><MDI key="STATISTICS_MEAN">7</MDI></Metadata>', 1),
        ("<NoDataValue>7</NoDataValue>", 2),
    ):
        sidecar.write_text(f"<PAMDataset>{band.format(text)}</PAMDataset>", encoding="utf-8")
        with open_raster(path) as source:
            assert source.profile.nodata == (7 if "NoData" in text else None)
            look(source, lattice_over(source.grid, 12), [1])
        assert len(reads) == count


def test_who_changes_an_answer_does_not_change_the_next(tmp_path):
    values = values_of()
    path = settled(write_raster(tmp_path / "a.tif", values))
    for _ in range(2):
        with open_raster(path) as source:
            spot = read_spot(source, [1], Window(0, 0, 9, 9))
            np.testing.assert_array_equal(spot[0], values[0, :9, :9])
            spot[:] = 0


def test_only_so_many_bytes_are_kept_and_what_was_used_last_stays(tmp_path):
    memory, asked = Remembered(most_bytes=250), []
    path = settled(write_raster(tmp_path / "a.tif", values_of()))
    with open_raster(path) as source:

        def ask(what):
            def read():
                asked.append(what)
                return np.full(100, what, np.uint8)

            assert (memory.read(source, what, read) == what).all()

        for what in (1, 2, 1, 3, 1, 2):
            ask(what)
    assert asked == [1, 2, 3, 2]


def test_two_that_ask_at_once_read_once(tmp_path):
    path = settled(write_raster(tmp_path / "a.tif", values_of()))
    memory, asked, begun = Remembered(), [], threading.Event()

    def read():
        asked.append(1)
        begun.set()
        time.sleep(0.2)
        return np.ones(4)

    def ask(_):
        with open_raster(path) as source:
            return memory.read(source, "same", read)

    with ThreadPoolExecutor(2) as pool:
        assert all((found == 1).all() for found in pool.map(ask, range(2)))
    assert asked == [1]


def test_a_failure_is_not_remembered(tmp_path):
    path = settled(write_raster(tmp_path / "a.tif", values_of()))
    memory = Remembered()
    with open_raster(path) as source:
        with pytest.raises(OSError):
            memory.read(source, "x", lambda: (_ for _ in ()).throw(OSError()))
        assert memory.read(source, "x", lambda: np.ones(1)) == 1


def test_inspecting_the_same_pair_again_reads_nothing_and_says_the_same(sample_pair, tmp_path, reads):
    optical, sar = sample_pair
    first = inspect_inputs(optical, sar)
    count = len(reads)
    assert inspect_inputs(optical, sar) == first
    assert count > 0 and len(reads) == count


@pytest.fixture
def sample_pair(tmp_path):
    """Copies of the sample scene whose times are old."""
    paths = []
    for path in (OPTICAL, SAR):
        copy = tmp_path / path.name
        copy.write_bytes(path.read_bytes())
        paths.append(settled(copy))
    remembered.clear()
    return paths


@pytest.mark.parametrize("is_settled, looks", [(True, 1), (False, 2)])
def test_a_mask_that_hides_nothing_is_looked_at_once(sample_pair, monkeypatch, is_settled, looks):
    optical, sar = sample_pair
    with rasterio.open(optical, "r+") as raster:
        raster.write_mask(np.ones(raster.shape, bool))
    if is_settled:
        for path in (optical, f"{optical}.msk"):  # beside it, or in it by newer versions of GDAL
            if os.path.exists(path):
                settled(path)
    with open_raster(optical) as source:  # by whichever library other tests have loaded
        library = type(source)
    asked, masked = [], library.masked
    remembered.clear()
    monkeypatch.setattr(library, "masked", lambda self, window: asked.append(window.row) or masked(self, window))
    for _ in range(2):  # each with its radar: of a file that may still change, once for every report
        assert inspect_inputs(optical, sar).sar is not None
    assert asked.count(0) == looks


def test_a_cancel_is_heard_between_the_blocks_of_a_file_with_a_mask(tmp_path, monkeypatch):
    path = write_raster(tmp_path / "s2.tif", np.ones((1, 40, 30), np.uint16))
    with rasterio.open(path, "r+") as raster:
        raster.write_mask(np.ones(raster.shape, bool))
    monkeypatch.setattr(hidden_gaps, "_ROWS", 10)
    asked = []

    def check():
        asked.append(1)
        if len(asked) == 3:
            raise Cancelled()

    with open_raster(path) as source, pytest.raises(Cancelled):
        refuse_hidden_gaps(source, "optical", check)
    assert len(asked) == 3


def test_a_mask_beside_a_file_of_a_virtual_raster_that_changes_is_looked_at_anew(tmp_path):
    """GDAL lists the file behind such a raster, but not what lies beside that one."""
    file = tmp_path / "a.tif"
    write_raster(file, values_of())
    settled(file)
    with open_raster(str(file)) as source:
        virtual = tmp_path / "a.vrt"
        virtual.write_text(described(source.profile, str(file)))
    settled(virtual)
    states = []
    for content in (b"one", b"another"):
        Path(f"{file}.msk").write_bytes(content)
        settled(f"{file}.msk")
        with open_raster(str(virtual)) as source:
            states.append(source.state)
    assert states[0] is not None and states[0] != states[1]
