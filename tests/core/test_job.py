# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from dbcr_core.errors import InputError
from dbcr_core.job import CloudRemovalJob
from dbcr_core.mask import MaskShape


def job(**changes) -> CloudRemovalJob:
    return CloudRemovalJob(**{"optical": "s2.tif", "sar": "s1.tif", "output": "o.tif", **changes})


def test_a_layer_is_taken_at_its_word_and_the_models_clouds_are_grown():
    assert job(mask="layer.tif").mask_shape.buffer == 0
    assert job().mask_shape.buffer >= job().mask_shape.feather > 0


def test_a_buffer_and_a_feather_that_were_asked_for_are_used_zero_included():
    assert job(mask_buffer=0, feather=0).mask_shape == MaskShape(0, 0)
    assert job(mask="layer.tif", mask_buffer=3, feather=7).mask_shape == MaskShape(3, 7)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"nfe": 0}, "from 1 to 10"),
        ({"mask_buffer": -1}, "mask buffer"),
        ({"feather": 500}, "mask feather"),
        ({"mask_threshold": 0.0}, "threshold"),
        ({"device": "abacus"}, "Unknown device"),
        ({"sampler": "magic"}, "Unknown sampler"),
        ({"compression": "jpeg"}, "Unknown compression 'jpeg'; choose one of deflate, zstd"),
        ({"threads": 0}, "threads"),
        ({"changed": "o.tif"}, "same name"),
        ({"optical": ""}, "optical image"),
    ],
)
def test_nonsense_is_refused_before_anything_is_opened(change, words):
    with pytest.raises(InputError, match=words):
        job(**change)
