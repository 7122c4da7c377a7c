# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files a scene is read from: those of lists, virtual rasters, archives, products and subdatasets."""

from __future__ import annotations

import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from dbcr_core.files_behind import files_behind
from dbcr_core.rasters import open_raster
from tests.core.raster_files import BACKENDS, reflective_dn, write_raster


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Some files as inputs are made of."""
    monkeypatch.chdir(tmp_path)
    os.mkdir("1")  # a folder, not what <SourceBand>1</SourceBand> names
    for name in ("a.tif", "b.tif", "c.nc", "x.SAFE/MTD_MSIL1C.xml", "x.SAFE/GRANULE/g/MTD_TL.xml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"II")
    source = "<SourceFilename relativeToVRT='1'>{}</SourceFilename><SourceBand>1</SourceBand>"
    (tmp_path / "inner.vrt").write_text(f"<VRTDataset><B>{source.format('b.tif')}</B></VRTDataset>")
    outer = source.format("a.tif") + source.format("inner.vrt")
    (tmp_path / "outer.vrt").write_text(f"<VRTDataset><B>{outer}</B></VRTDataset>")
    with zipfile.ZipFile("p.zip", "w") as archive:
        archive.write("a.tif")
    with tarfile.open("p.tar", "w") as archive:
        archive.add("a.tif")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a.tif", ["a.tif"]),
        ("{0}/a.tif;{0}/gone.tif, {0}/b.tif", ["a.tif", "b.tif"]),
        ("outer.vrt", ["outer.vrt", "a.tif", "inner.vrt", "b.tif"]),
        ("<VRTDataset><SourceFilename>{0}/a.tif</SourceFilename></VRTDataset>", ["a.tif"]),
        ("/vsizip/{0}/p.zip/a.tif", ["p.zip"]),
        ("/vsizip/{{{0}/p.zip}}/a.tif", ["p.zip"]),
        ("/vsitar/{0}/p.tar/a.tif", ["p.tar"]),
        ("/vsizip//vsitar/{0}/p.tar/q.zip/a.tif", ["p.tar"]),
        ("/vsicurl/https://a.org/a.tif", []),
        ('NETCDF:"{0}/c.nc":B02', ["c.nc"]),
        ("GTIFF_DIR:2:{0}/a.tif", ["a.tif"]),
        ("x.SAFE", ["x.SAFE"]),
        ("x.SAFE/MTD_MSIL1C.xml", ["x.SAFE"]),
        ("x.SAFE/GRANULE/g", ["x.SAFE"]),
        ("SENTINEL2_L1C:{0}/x.SAFE/MTD_MSIL1C.xml:10m:EPSG_32643", ["x.SAFE"]),
        ("gone.tif", []),
    ],
)
def test_the_files_behind_an_input_are_known_without_opening_it(files, name, found):
    assert files_behind(name.format(files)) == [str(files / each) for each in found]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_raster_in_an_archive_is_read_from_the_archive(tmp_path, backend):
    write_raster(tmp_path / "a.tif", reflective_dn(1, 8, 8))
    archive = Path(tmp_path / "p.tar")
    with tarfile.open(archive, "w") as opened:
        opened.add(tmp_path / "a.tif", "a.tif")
    with open_raster(f"/vsitar/{archive}/a.tif", backend) as raster:
        assert raster.files == (str(archive),)
