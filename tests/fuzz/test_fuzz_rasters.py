# SPDX-License-Identifier: GPL-3.0-or-later
"""Rasters damaged in any place, and sound ones with values and metadata that nobody meant."""

from __future__ import annotations

import math
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dbcr_core.backscatter import SAR_VALUES, detect_sar
from dbcr_core.bands import match_optical, match_sar
from dbcr_core.errors import DbcrError, InputError
from dbcr_core.grid import RasterGrid, Window
from dbcr_core.job import CloudRemovalJob
from dbcr_core.progress import Silence
from dbcr_core.radiometry import OPTICAL_VALUES, detect_optical
from dbcr_core.rasters import DTYPES, RasterProfile, open_raster
from dbcr_core.scene import remove_clouds
from dbcr_core.scene_inputs import open_inputs
from tests.core.predictors import brightness_head
from tests.core.raster_files import BACKENDS, write_raster
from tests.fuzz.child import check
from tests.fuzz.damage import damaged
from tests.fuzz.ledger import cases, note
from tests.fuzz.outcomes import COMPLETE, assert_one_sentence, listing, run
from tests.fuzz.scenes import HEIGHT, WIDTH, write_model, write_optical, write_radar

CORNER = Window(0, 0, 100, 100)
TIFF_HEADER = 900
"""Bytes in which a small GeoTIFF keeps its header, tags and projection, or nearly all of them."""


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("scene")
    made = {"optical": write_optical(folder / "s2.tif", tiled=False), "sar": write_radar(folder / "s1.tif")}
    return {**made, "model": write_model(folder / "tiny.dbcr"), "folder": folder}


def try_inputs(area: str, optical: str, sar: str | None, folder: Path, **options) -> None:
    """Opens, matches, detects and reads everything as a run does, which must end well or in one sentence."""
    before = listing(folder)
    try:
        job = CloudRemovalJob(optical, sar, str(folder / "out.tif"), mask="none", **options)
        with open_inputs(job, brightness_head(), Silence()) as inputs:
            if inputs.window.width * inputs.window.height <= 10_000:
                inputs.optical.read(inputs.selection.file_bands, inputs.window)
                if inputs.sar is not None:
                    inputs.sar.read(inputs.window)
    except DbcrError as error:
        assert_one_sentence(error)
        note(area, "refused")
    else:
        note(area, "accepted")
    assert listing(folder) == before


@cases(700)
@given(data=st.data(), role=st.sampled_from(("optical", "sar")))
def test_a_damaged_geotiff_is_read_or_refused_with_one_sentence(scene, data, role):
    content = data.draw(damaged(Path(scene[role]).read_bytes(), TIFF_HEADER))
    path = scene["folder"] / f"damaged_{role}.tif"
    path.write_bytes(content)
    paths = {**scene, role: str(path)}
    try_inputs("damaged rasters", paths["optical"], paths["sar"], scene["folder"])


@cases(250)
@given(data=st.data(), backend=st.sampled_from(BACKENDS))
def test_both_libraries_read_or_refuse_a_damaged_geotiff(scene, data, backend):
    path = scene["folder"] / "damaged.tif"
    path.write_bytes(data.draw(damaged(Path(scene["optical"]).read_bytes(), TIFF_HEADER)))
    try:
        with open_raster(path, backend) as raster:
            raster.read([1], raster.grid.window.intersection(CORNER))
    except InputError as error:
        assert_one_sentence(error)
        note("damaged rasters", "refused")
    else:
        note("damaged rasters", "accepted")


@cases(150)
@given(data=st.data(), role=st.sampled_from(("optical", "sar")))
def test_a_damaged_geotiff_never_crashes_the_process(scene, child, data, role):
    path = scene["folder"] / "damaged_in_child.tif"
    path.write_bytes(data.draw(damaged(Path(scene[role]).read_bytes(), TIFF_HEADER)))
    check(child, path, "damaged rasters")


@cases(120)
@given(data=st.data(), role=st.sampled_from(("optical", "sar")))
def test_the_whole_command_survives_a_damaged_raster_and_leaves_nothing_behind(scene, data, role):
    path = scene["folder"] / f"damaged_{role}.tif"
    path.write_bytes(data.draw(damaged(Path(scene[role]).read_bytes(), TIFF_HEADER)))
    paths = {**scene, role: str(path)}
    output = scene["folder"] / "out.tif"
    words = ("--optical", paths["optical"], "--sar", paths["sar"], "--output", str(output), "--model", scene["model"])
    status = run(("remove-clouds", *words, "--threads", "1", "--overlap", "16", "--quiet", "--json"), scene["folder"])
    assert output.exists() == (status == COMPLETE)
    output.unlink(missing_ok=True)
    note("damaged rasters", "accepted" if status == COMPLETE else "refused")


NUMBERS = st.one_of(
    st.sampled_from((0.0, 1.0, -1.0, 1e-4, 255.0, 65535.0, -9999.0, -32768.0, 1e30, -1e38, math.nan, math.inf)),
    st.floats(),
)
TEXTS = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=12),
    st.sampled_from(("dB", "amplitude", "linear power", "-1000", "05.09", "harmonized", "nan", "1e400", "-1e400")),
)
KEYS = st.sampled_from(
    (
        "BOA_ADD_OFFSET", "RADIO_ADD_OFFSET_B04", "processing_baseline", "PROCESSING_BASELINE", "units", "scale",
        "calibration", "wavelength", "datetime", "TIFFTAG_DATETIME", "ACQUISITION_DATE",
    )
)  # fmt: skip


class ArraySource:
    """A RasterSource on an array."""

    path, state, is_wavelet = "array", None, False

    def __init__(self, array: np.ndarray, profile: RasterProfile) -> None:
        self._array, self.profile, self.grid = array, profile, profile.grid

    def read(self, bands, window):
        rows, columns = window.slices()
        return self._array[[band - 1 for band in bands], rows, columns]


@st.composite
def odd_sources(draw: st.DrawFn) -> ArraySource:
    """Any values of any supported type, with any no-data value, scales, offsets and tags."""
    count = draw(st.integers(1, 4))
    dtype = draw(st.sampled_from(DTYPES))
    shape = (count, draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    plain = {"uint8": st.integers(0, 255), "float32": st.floats(width=32), "float64": st.floats()}
    elements = plain.get(dtype, st.integers(0, 12000)) if draw(st.booleans()) else None
    array = draw(arrays.arrays(dtype, shape, elements=elements, fill=elements))
    grid = RasterGrid(shape[2], shape[1], (10.0, 0.0, 0.0, 0.0, -10.0, 0.0), "")
    same = draw(st.booleans())
    scales = () if same else tuple(draw(NUMBERS) for _ in range(count))
    offsets = () if same else tuple(draw(NUMBERS) for _ in range(count))
    profile = RasterProfile(
        grid,
        count,
        dtype,
        nodata=draw(st.none() | NUMBERS),
        scales=scales,
        offsets=offsets,
        units=tuple(draw(TEXTS) for _ in range(count)) if draw(st.booleans()) else (),
        tags=draw(st.dictionaries(KEYS, TEXTS, max_size=3)),
    )
    return ArraySource(array, profile)


@cases(1300)
@given(odd_sources(), st.none() | st.sampled_from(OPTICAL_VALUES))
def test_any_optical_values_are_understood_or_refused(source, override):
    try:
        selection = match_optical(source.profile, ",".join(("B02", "B03", "B04", "B08")[: source.profile.count]))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            found = detect_optical(source, selection, override)
            stored = source.read(selection.file_bands, source.grid.window)
            reflectance = found.to_reflectance(stored)
            back = found.fitted(found.to_stored(reflectance), source.profile.dtype)
    except InputError as error:
        assert_one_sentence(error)
        note("values and tags", "refused")
        return
    assert (np.isnan(reflectance) >= found.missing(stored)).all() and found.how
    assert back.dtype == stored.dtype
    note("values and tags", "accepted")


@cases(1000)
@given(odd_sources(), st.none() | st.sampled_from(SAR_VALUES))
def test_any_radar_values_are_understood_or_refused(source, override):
    try:
        selection = match_sar(source.profile, ",".join(("VV", "VH", "-", "-")[: source.profile.count]))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            found = detect_sar(source, selection, override)
            found.to_decibel(source.read(selection.file_bands, source.grid.window))
    except InputError as error:
        assert_one_sentence(error)
        note("values and tags", "refused")
        return
    assert found.unit in SAR_VALUES and found.how
    note("values and tags", "accepted")


ODD = {
    "dtype": st.sampled_from((*DTYPES, "complex64")),
    "count": st.sampled_from((1, 2, 4, 13)),
    "height": st.sampled_from((1, 2, 65)),
    "width": st.sampled_from((1, 3, 66)),
    "level": st.sampled_from((0.05, 30.0, 1e6)),
    "hole": st.sampled_from((np.nan, np.inf, -np.inf, 0.0)),
    "crs": st.sampled_from(("EPSG:4326", "EPSG:3857", "EPSG:3031", None)),
    "origin": st.sampled_from(((600_003.7, 4_999_999.9), (601_000.0, 5_000_000.0), (1e7, 5e6), (179.99, 89.0))),
    "pixel": st.sampled_from((1e-9, 0.1, 9.9, 60.0, 1e6)),
    "descriptions": st.sampled_from(((), ("VV", "VH"), ("B04", "B03", "B02"))),
    "nodata": st.sampled_from((None, 1, 255)),
    "scale": st.sampled_from((1e-4, -1.0, 1e30)),
    "tags": st.dictionaries(KEYS, TEXTS, max_size=2),
}


@st.composite
def odd_rasters(draw: st.DrawFn) -> dict:
    """Arguments of write_raster for a sound GeoTIFF with up to three oddities of type, size, place or metadata."""
    plain = {"dtype": "uint16", "count": 3, "height": HEIGHT, "width": WIDTH, "level": 700.0, "hole": None}
    options = {**plain, "descriptions": ("B02", "B03", "B04"), "nodata": 0}
    for name in draw(st.lists(st.sampled_from(sorted(ODD)), max_size=3, unique=True)):
        options[name] = draw(ODD[name])
    random = np.random.default_rng(draw(st.integers(0, 99)))
    shape = (options.pop("count"), options.pop("height"), options.pop("width"))
    array = random.gamma(2.0, options.pop("level"), shape).astype(options.pop("dtype"))
    hole = options.pop("hole")
    if hole is not None and array.dtype.kind == "f":
        array[random.random(shape) < 0.3] = hole
    return {"array": array, **options, "descriptions": options["descriptions"][: shape[0]]}


@cases(400)
@given(
    raster=odd_rasters(), role=st.sampled_from(("optical", "optical", "sar")), bands=st.none() | st.just("B02,B03,B04")
)
def test_a_sound_raster_of_any_kind_is_read_or_refused_with_one_sentence(scene, raster, role, bands):
    path = scene["folder"] / "odd.tif"
    path.unlink(missing_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        paths = {**scene, role: write_raster(path, raster.pop("array"), **raster)}
    try_inputs("odd rasters", paths["optical"], paths["sar"], scene["folder"], bands=bands)


@cases(60)
@given(raster=odd_rasters())
def test_a_job_on_any_sound_raster_ends_complete_or_leaves_nothing(scene, raster):
    path, output = scene["folder"] / "odd.tif", scene["folder"] / "out.tif"
    path.unlink(missing_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        write_raster(path, raster.pop("array"), **raster)
        before = listing(scene["folder"])
        try:
            remove_clouds(str(path), None, str(output), mask="none", predictor=brightness_head())
        except DbcrError as error:
            assert_one_sentence(error)
            assert listing(scene["folder"]) == before
            note("odd rasters", "refused")
        else:
            assert output.exists()
            output.unlink()
            note("odd rasters", "accepted")
