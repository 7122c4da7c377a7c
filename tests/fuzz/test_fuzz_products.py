# SPDX-License-Identifier: GPL-3.0-or-later
"""Products as they are downloaded, damaged in any of their files; zips and virtual rasters as well."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbcr_core.errors import DbcrError, InputError
from dbcr_core.grid import Window
from dbcr_core.rasters import open_raster
from tests.core.safe_files import write_old_safe_optical, write_safe_optical, write_safe_sar, zipped
from tests.fuzz.damage import damaged
from tests.fuzz.ledger import cases, note
from tests.fuzz.outcomes import assert_one_sentence
from tests.fuzz.scenes import write_optical

AREA = "products and stacks"
CORNER = Window(0, 0, 60, 60)


def check(path: str | Path) -> None:
    """Opens and reads a corner, which must end well or in one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with open_raster(path) as raster:
                raster.read([1, raster.profile.count], raster.grid.window.intersection(CORNER))
    except InputError as error:
        assert_one_sentence(error)
        note(AREA, "refused")
    except DbcrError as error:
        pytest.fail(f"an input that does not fit must be an InputError: {error!r}")
    else:
        note(AREA, "accepted")


@pytest.fixture(scope="module", params=["optical", "granules", "sar"])
def safe(request, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("safe")
    return _product(folder, request.param)


def _product(folder: Path, kind: str) -> Path:
    if kind == "granules":
        tiles = {"T32TPS": (32632, 600_000, 5_100_000), "T32TQS": (32632, 600_900, 5_100_000)}
        return write_old_safe_optical(folder, tiles)
    return write_safe_optical(folder) if kind == "optical" else write_safe_sar(folder)[0]


@cases(200)
@given(data=st.data())
def test_a_product_with_a_damaged_or_missing_file_is_read_or_refused(safe, data):
    texts = sorted(path for path in safe.rglob("*") if path.suffix in (".xml", ".safe"))
    images = sorted(path for path in safe.rglob("*") if path.suffix in (".jp2", ".tiff", ".tif"))
    path = data.draw(st.sampled_from(texts + texts + images))
    content = path.read_bytes()
    try:
        if data.draw(st.integers(0, 9)) == 0:
            path.unlink()
        else:
            path.write_bytes(data.draw(damaged(content)))
        check(safe)
    finally:
        path.write_bytes(content)


LEAVES = st.sampled_from(("", "0", "-1", "x", "1e999", "nan", "9" * 30, "../../../etc/passwd", "é", " ", "10980"))


@cases(200)
@given(data=st.data())
def test_a_product_whose_metadata_hold_other_values_is_read_or_refused(safe, data):
    texts = sorted(path for path in safe.rglob("*") if path.suffix in (".xml", ".safe"))
    path = data.draw(st.sampled_from(texts))
    content = path.read_text(encoding="utf-8")
    parts = content.split("<")
    changed = list(parts)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(1, len(parts) - 1))
        tag, closed, _ = changed[place].partition(">")
        changed[place] = data.draw(LEAVES.map(lambda leaf, head=tag + closed: head + leaf) | st.just(tag))
    try:
        path.write_text("<".join(changed), encoding="utf-8")
        check(safe)
    finally:
        path.write_text(content, encoding="utf-8")


@cases(150)
@given(data=st.data())
def test_a_damaged_zip_is_read_or_refused(archive, data):
    content = archive.read_bytes()
    tail = data.draw(st.integers(0, 1))  # the directory of a zip stands at its end
    cut = max(0, len(content) - 1500) if tail else 0
    broken = archive.with_name("S2B_damaged.SAFE.zip")
    broken.write_bytes(content[:cut] + data.draw(damaged(content[cut:], 1500)))
    check(broken)


@pytest.fixture(scope="module", params=["optical", "sar"])
def archive(request, tmp_path_factory) -> Path:
    return zipped(_product(tmp_path_factory.mktemp("zip"), request.param))


VRT = """<VRTDataset rasterXSize="14" rasterYSize="12"><SRS>EPSG:32632</SRS>
<GeoTransform>600000.0, 10.0, 0.0, 5000000.0, 0.0, -10.0</GeoTransform>
<VRTRasterBand dataType="UInt16" band="1"><Description>B02</Description><NoDataValue>0</NoDataValue>
<SimpleSource><SourceFilename relativeToVRT="1">s2.tif</SourceFilename><SourceBand>1</SourceBand></SimpleSource>
</VRTRasterBand></VRTDataset>"""


@cases(250)
@given(data=st.data())
def test_a_damaged_virtual_raster_is_read_or_refused(tmp_path_factory, data):
    folder = tmp_path_factory.getbasetemp() / "virtual"
    if not folder.exists():
        folder.mkdir()
        write_optical(folder / "s2.tif")
    path = folder / "stack.vrt"
    path.write_bytes(data.draw(damaged(VRT.encode())))
    check(path)


@cases(150)
@given(
    parts=st.lists(st.sampled_from(("s2.tif", "gone.tif", "stack.vrt", "", " ", ".", "a\0b", "s2.tif ")), max_size=4)
)
def test_any_list_of_files_is_read_or_refused(tmp_path_factory, parts):
    folder = tmp_path_factory.getbasetemp() / "lists"
    if not folder.exists():
        folder.mkdir()
        write_optical(folder / "s2.tif")
        (folder / "stack.vrt").write_text(VRT)
    check(",".join(str(folder / part) if part.strip() else part for part in parts))
