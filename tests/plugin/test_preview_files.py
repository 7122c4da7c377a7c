# SPDX-License-Identifier: GPL-3.0-or-later
"""The preview's files: whole, or not there and a sentence why."""

from __future__ import annotations

import functools
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch

import numpy as np
import pytest
from osgeo import gdal

from dbcr_core.grid import RasterGrid


@pytest.fixture
def picture() -> SimpleNamespace:
    """What the folder reads of a PreviewPicture: 13 bands of 200 × 100 pixels."""
    return SimpleNamespace(
        stored=np.arange(13 * 100 * 200, dtype=np.uint16).reshape(13, 100, 200),
        changed=np.full((100, 200), 100, np.uint8),
        uncertainty=np.full((100, 200), 0.01, np.float32),
        grid=RasterGrid(200, 100, (10.0, 0.0, 600000.0, 0.0, -10.0, 5100000.0), ""),
        nodata=0,
    )


@pytest.fixture
def folder(dbcr, tmp_path):
    """A folder of pictures under the test's own."""
    from dbcr.plugin.preview_files import PictureFolder

    with patch.object(tempfile, "tempdir", str(tmp_path)):
        made = PictureFolder()
        yield made
        made.close()
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(params=[False, True], ids=["codes", "exceptions"])
def either_way(request):
    """GDAL tells of failures by codes or by exceptions: QGIS and its plugins decide that for the whole process."""
    before = gdal.GetUseExceptions()
    (gdal.UseExceptions if request.param else gdal.DontUseExceptions)()
    yield
    (gdal.UseExceptions if before else gdal.DontUseExceptions)()


@contextmanager
def room_for(count: int):
    """No file may become larger."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_the_files_hold_the_picture(folder, picture):
    files = folder.write(picture)
    assert np.array_equal(gdal.Open(files.image).ReadAsArray(), picture.stored)
    assert np.array_equal(gdal.Open(files.changed).ReadAsArray(), picture.changed)
    assert np.array_equal(gdal.Open(files.uncertainty).ReadAsArray(), picture.uncertainty)


def test_the_picture_gets_a_new_folder_where_the_temporary_files_were_cleared_away(folder, picture, either_way):
    shutil.rmtree(os.path.dirname(folder.write(picture).image))
    assert os.path.getsize(folder.write(picture).image) > picture.stored.nbytes


@pytest.mark.parametrize("count", [0, 5_000, 300_000])
def test_without_room_there_is_a_sentence_and_no_file(folder, picture, either_way, count):
    from dbcr.dbcr_core.errors import OutputError

    place = os.path.dirname(folder.write(picture).image)
    before = sorted(os.listdir(place))
    with room_for(count), pytest.raises(OutputError) as caught:
        folder.write(picture)
    assert str(caught.value).startswith(f"The preview cannot be written in {place}")
    assert str(caught.value).endswith("; free some space there.") and "\n" not in str(caught.value)
    assert sorted(os.listdir(place)) == before
    assert os.path.getsize(folder.write(picture).image) > picture.stored.nbytes


def test_without_a_place_for_a_new_folder_there_is_a_sentence(folder, picture):
    from dbcr.dbcr_core.errors import OutputError

    shutil.rmtree(folder._folder)
    gone = os.path.join(folder._folder, "gone")
    with patch.object(tempfile, "tempdir", gone), pytest.raises(OutputError, match=gone):
        folder.write(picture)


def test_old_pictures_go_with_the_statistics_that_qgis_keeps_of_them(folder, picture):
    for _ in range(5):
        files = folder.write(picture)
        for path in (files.image, files.changed):
            open(f"{path}.aux.xml", "w").close()
    names = {name.partition(".")[0].split("-")[1] for name in os.listdir(folder._folder) if "preview" in name}
    assert names == {"3", "4", "5"}


def test_a_folder_that_a_killed_qgis_left_goes_at_the_next_beginning_and_no_other(dbcr, tmp_path):
    from dbcr.plugin.preview_files import PictureFolder

    code = "from dbcr.plugin.preview_files import PictureFolder as F; f = F(); print(f._folder, flush=True); input()"
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    start = functools.partial(subprocess.Popen, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with start([sys.executable, "-c", code], env=environment) as one:
        killed = one.stdout.readline().strip()
        one.kill()
    other = start([sys.executable, "-c", code], env=environment)
    running = other.stdout.readline().strip()
    just_begun = tmp_path / "dbcr-preview-begun"
    just_begun.mkdir()
    assert os.path.dirname(killed) == os.path.dirname(running) == str(tmp_path)
    with patch.object(tempfile, "tempdir", str(tmp_path)):
        folder = PictureFolder()
        assert not os.path.exists(killed)
        assert os.path.isdir(running) and just_begun.is_dir() and os.path.isdir(folder._folder)
        folder.close()
    other.communicate("\n")
