# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dbcr_core.errors import InputError, RadiometryError
from dbcr_core.mask import MaskReading, MaskShape, MaskValues, opacity_mask, read_mask_kind, reconstruction_weights

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
        ([0, 140, 250], "probability", 255),
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
    with pytest.raises(RadiometryError, match="classes or percentages"):
        read_mask_kind(MaskValues.of(np.array([0, 0, 7, 7], np.uint8)))
    assert read_mask_kind(MaskValues.of(np.array([0, 4, 7, 7], np.uint8))).kind == "scl"
