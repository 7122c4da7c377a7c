# SPDX-License-Identifier: GPL-3.0-or-later
"""Mask layers with any values, types, places and settings: weights from 0 to 1, or one sentence."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dbcr_core.errors import DbcrError, InputError
from dbcr_core.mask import KINDS, MaskShape, MaskValues, read_mask_kind, reconstruction_weights
from dbcr_core.scene import remove_clouds
from tests.core.predictors import brightness_head
from tests.core.raster_files import write_raster
from tests.fuzz.ledger import cases, note
from tests.fuzz.outcomes import assert_one_sentence, listing
from tests.fuzz.scenes import HEIGHT, WIDTH, write_optical, write_radar

LEVELS = (
    st.sampled_from((0, 1)),
    st.sampled_from((0, 255)),
    st.integers(0, 11),
    st.integers(0, 100),
    st.integers(0, 255),
    st.integers(-(2**15), 2**15 - 1),
    st.floats(0, 1, width=32),
    st.floats(width=32),
)


@st.composite
def layers(draw: st.DrawFn) -> np.ndarray:
    """(h, w) mask values of one kind, or of none."""
    elements = draw(st.sampled_from(LEVELS))
    shape = (draw(st.integers(1, 6)), draw(st.integers(1, 6)))
    values = draw(arrays.arrays(np.float64, shape, elements=elements, fill=elements))
    dtype = draw(st.sampled_from(("uint8", "int16", "uint16", "float32", "float64")))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return values.astype(dtype)


@cases(900)
@given(
    values=layers(),
    kind=st.sampled_from((*KINDS, "auto", "auto", "cloud")),
    threshold=st.floats(0, 1, exclude_min=True),
    buffer=st.integers(-1, 9),
    feather=st.integers(-1, 9),
)
def test_any_mask_values_give_weights_or_one_sentence(values, kind, threshold, buffer, feather):
    try:
        shape = MaskShape(buffer, feather)
        cloud = read_mask_kind(MaskValues.of(values), kind).cloud(values, threshold)
    except InputError as error:
        assert_one_sentence(error)
        note("masks", "refused")
        return
    weights = reconstruction_weights(cloud, shape)
    assert weights.shape == values.shape and weights.dtype == np.float32
    assert (weights >= 0).all() and (weights <= 1).all()
    assert (weights[cloud] > 0).all()
    note("masks", "accepted")


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("masks")
    optical, sar = write_optical(folder / "s2.tif"), write_radar(folder / "s1.tif")
    return {"optical": optical, "sar": sar, "folder": folder}


@cases(100)
@given(
    values=layers(),
    crs=st.sampled_from(("EPSG:32632", "EPSG:32632", "EPSG:4326", None)),
    pixel=st.sampled_from((10.0, 25.0, 3.3, 1e-6)),
    nodata=st.sampled_from((None, 0, 1)),
    kind=st.sampled_from(KINDS),
)
def test_a_job_with_any_mask_layer_is_complete_or_leaves_nothing_behind(scene, values, crs, pixel, nodata, kind):
    mask, output = scene["folder"] / "mask.tif", scene["folder"] / "out.tif"
    mask.unlink(missing_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tall = np.tile(values, (1 + HEIGHT // values.shape[0], 1 + WIDTH // values.shape[1]))
        write_raster(mask, tall[None], crs=crs, pixel=pixel, nodata=nodata)
        before = listing(scene["folder"])
        try:
            remove_clouds(
                scene["optical"],
                scene["sar"],
                str(output),
                mask=str(mask),
                mask_kind=kind,
                predictor=brightness_head(),
            )
        except DbcrError as error:
            assert_one_sentence(error)
            assert listing(scene["folder"]) == before
            note("masks", "refused")
        else:
            output.unlink()
            assert listing(scene["folder"]) == before
            note("masks", "accepted")
