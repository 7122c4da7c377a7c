# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dbcr_core.errors import InputError, RadiometryError
from dbcr_core.mask import (
    MaskReading,
    MaskShape,
    MaskValues,
    opacity_mask,
    read_mask_kind,
    reconstructed_percent,
    reconstruction_weights,
)

MASKS = arrays(bool, st.tuples(st.integers(1, 40), st.integers(1, 40)))


@settings(max_examples=60)
@given(MASKS, st.integers(0, 6))
def test_without_a_buffer_no_pixel_outside_the_mask_has_a_weight(mask, feather):
    weights = reconstruction_weights(mask, MaskShape(0, feather))
    assert (weights[~mask] == 0).all()
    assert (weights[mask] > 0).all()
    assert weights.max(initial=0) <= 1


@settings(max_examples=60)
@given(MASKS, st.integers(0, 4), st.integers(0, 4), st.integers(0, 20))
def test_weights_depend_only_on_mask_pixels_within_reach(mask, buffer, feather, cut):
    shape = MaskShape(buffer, feather)
    whole = reconstruction_weights(mask, shape)
    top = min(cut, mask.shape[0] - 1)
    first = max(0, top - shape.reach)
    part = reconstruction_weights(mask[first:], shape)
    assert (part[top - first :] == whole[top:]).all()


@pytest.mark.parametrize("feather", [0, 4, 16, 128])
def test_one_hundred_percent_is_for_full_weight_alone_and_none_for_no_weight(feather):
    mask = np.zeros((300, 300), bool)
    mask[5:290, 5:290] = True
    weights = reconstruction_weights(mask, MaskShape(0, feather))
    percent = reconstructed_percent(weights)
    assert percent.dtype == np.uint8 and ((percent == 100) == (weights == 1)).all() and percent.max() == 100
    assert ((percent == 0) == (weights == 0)).all()


def test_the_feather_rises_as_a_raised_cosine_from_the_edge_inwards():
    mask = np.zeros((41, 41), bool)
    mask[5:36, 5:36] = True
    weights = reconstruction_weights(mask, MaskShape(0, 3))
    expected = 0.5 * (1 - np.cos(np.pi * np.arange(5) / 4))
    assert weights[20, 4:9] == pytest.approx(expected)
    assert weights[20, 20] == 1


def test_a_mask_that_fills_the_array_has_full_weight_everywhere():
    assert (reconstruction_weights(np.ones((9, 9), bool), MaskShape(0, 4)) == 1).all()


def test_a_buffer_grows_the_mask_by_so_many_pixels_along_the_axes():
    mask = np.zeros((21, 21), bool)
    mask[10, 10] = True
    grown = reconstruction_weights(mask, MaskShape(3, 0))
    assert grown[10].tolist() == [0.0] * 7 + [1.0] * 7 + [0.0] * 7


@pytest.mark.parametrize(
    ("values", "kind", "full"),
    [
        ([0, 1, 1, 0], "binary", 1),
        ([0, 255, 0], "binary", 1),
        ([0.0, 0.3, 0.9], "probability", 1),
        ([0, 40, 100], "probability", 100),
        ([0, 20, 60, 100], "probability", 100),
        ([*range(90), 99], "probability", 100),
        ([*range(200), 255], "probability", 255),
        ([round(2.55 * percent) for percent in range(101)], "probability", 255),
        ([3, 4, 5, 9], "scl", 1),
    ],
)
def test_a_masks_kind_is_told_by_its_values(values, kind, full):
    assert read_mask_kind(MaskValues.of(np.array(values))) == MaskReading(kind, full)


def test_a_mask_of_few_classes_is_not_guessed():
    for values in ([0, 1, 2, 3], [0, 1, 1, 2, 5]):
        with pytest.raises(RadiometryError, match="--mask-kind binary, probability or scl") as caught:
            read_mask_kind(MaskValues.of(np.array(values)))
        assert (caught.value.option, caught.value.choices) == ("mask_kind", ("binary", "probability", "scl"))


@pytest.mark.parametrize("values", [[-1.0, 2.0], [0, 3000]])
def test_values_that_are_no_mask_are_refused(values):
    with pytest.raises(InputError, match="0/1"):
        read_mask_kind(MaskValues.of(np.array(values)))


def test_scl_shadow_cloud_and_cirrus_are_cloud_and_nothing_else():
    cloud = MaskReading("scl").cloud(np.arange(12, dtype=np.uint8)[None])
    assert np.flatnonzero(cloud[0]).tolist() == [3, 8, 9, 10]


def test_faint_shadow_is_no_shadow_but_faint_cloud_is_cloud():
    opacity = np.array([[[0.3, 0.1, 0.1]], [[0.0, 0.3, 0.6]]])
    assert opacity_mask(opacity, 0.2).tolist() == [[True, False, True]]


def test_nan_is_never_cloud():
    for kind in ("binary", "probability", "scl"):
        assert not MaskReading(kind).cloud(np.full((2, 2), np.nan, np.float32)).any()


def test_a_percentage_is_compared_with_a_share_of_a_hundred():
    cloud = MaskReading("probability", 100).cloud(np.array([[49.0, 50.0]]), 0.5)
    assert cloud.tolist() == [[False, True]]


def test_one_number_beside_nothing_is_no_class_for_certain():
    with pytest.raises(RadiometryError, match="classes, bits or percentages"):
        read_mask_kind(MaskValues.of(np.array([0, 0, 7, 7], np.uint8)))
    assert read_mask_kind(MaskValues.of(np.array([0, 4, 7, 7], np.uint8))).kind == "scl"


UNKNOWN_CODES = {
    "OmniCloudMask": [0, 1, 2, 3],
    "CloudSEN12, which fills with 99": [0, 1, 2, 3, 99],
    "Fmask 4": [0, 1, 2, 4],
    "DEA": [1, 2, 5],
    "KappaMask": [1, 2, 3, 4, 5],
    "HLS": [64, 66, 68, 72, 96, 128, 130, 132, 192, 194, 224],
    "MAJA": [0, 3, 7, 11, 15, 16, 33, 35, 65, 129, 131, 135, 161, 163],
    "LaSRC": [0, 2, 4, 8, 10],
    "polygons numbered 42": [0, 42],
    "interpolated classes": [0.0, 2.5, 4.5, 7.0],
}


@pytest.mark.parametrize("scheme", UNKNOWN_CODES)
def test_codes_of_other_programs_are_asked_about_even_without_a_name(scheme):
    with pytest.raises(RadiometryError, match="classes, bits or percentages"):
        read_mask_kind(MaskValues.of(np.array(UNKNOWN_CODES[scheme])), is_counted=True)


@pytest.mark.parametrize("values", [[0, 1, 255], [0, 1, 2, 3, 255], [*range(12), 255], [*range(101), 255], [0.2, 255]])
@pytest.mark.parametrize("asked", ["auto", "probability"])
def test_a_fill_that_is_not_declared_is_no_certain_cloud(values, asked):
    with pytest.raises(RadiometryError, match="-a_nodata 255") as caught:
        read_mask_kind(MaskValues.of(np.array(values)), asked)
    assert caught.value.choices == ("binary", "scl")
    assert read_mask_kind(MaskValues.of(np.array(values)), "binary").kind == "binary"


@pytest.mark.parametrize(
    ("hint", "values"),
    [
        ("L1C_T43RBP_Fmask4.tif", [0, 1]),
        ("ga_s2am_oa_3-2-1_fmask.tif", [1]),
        ("oa_s2cloudless_mask.tif", [1, 2]),
        ("HLS.S30.T43RBP.Fmask.tif", [0, 64, 65, 66, 67, 68, 69, 70, 71, 72]),
        ("S2A_T31TCJ_MG2_R1.tif", [0, 1]),
        ("S2A_T31TCJ_CLM_R1.tif", [0, 3, 255]),
        ("T1_sr_cloud_qa.tif", [*range(48)]),
        ("idepix pixel_classif_flags", [0, 2, 16]),
    ],
)
def test_a_mask_called_by_a_scheme_of_codes_is_asked_about(hint, values):
    with pytest.raises(RadiometryError, match="says .*stand for more than cloud.*mask of 0 and 1") as caught:
        read_mask_kind(MaskValues.of(np.array(values)), "auto", hint, is_counted=True)
    assert caught.value.option == "mask_kind"


@pytest.mark.parametrize(
    ("hint", "values", "kind"),
    [
        ("Fmask4.tif", [0], "binary"),
        ("CLM.tif", [0, 1], "binary"),
        ("roofmask.tif", [0, 1], "binary"),
        ("oa_s2cloudless_prob.tif", [0, 3, 71], "probability"),
        ("MSK_CLDPRB_20m.jp2", [*range(9)], "probability"),
        ("scene_qa_mask.tif", [0, 255], "binary"),
        ("clear_changed.tif reconstructed_percent", [0, 5, 19, 39, 61, 81, 95, 100], "probability"),
        ("T31_SCL_20m.tif", [0, 2, 3, 4], "scl"),
        ("T31_SCL_20m.tif", [4, 8, 255], "scl"),
    ],
)
def test_a_name_leaves_what_is_certain_as_it_is(hint, values, kind):
    assert read_mask_kind(MaskValues.of(np.array(values)), "auto", hint, is_counted=True).kind == kind


@pytest.mark.parametrize("hint", ["CLOUD_SCORE_PLUS_V1_S2.tif", "m.tif cs_cdf", "m.tif cs"])
@pytest.mark.parametrize("values", [[0.1, 0.9], [0, 1], [0, 0]])
def test_clearness_is_not_taken_for_cloud(hint, values):
    with pytest.raises(RadiometryError, match="1 minus its values") as caught:
        read_mask_kind(MaskValues.of(np.array(values)), "auto", hint)
    assert caught.value.choices == ("binary", "probability")
    assert read_mask_kind(MaskValues.of(np.array(values)), "probability", hint).kind == "probability"
