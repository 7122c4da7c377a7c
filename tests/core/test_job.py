# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
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
        ({"optical": None}, "optical image"),
        ({"sar": 1}, "sar must be a path, not 1"),
        ({"mask": np.zeros((2, 2))}, "mask must be a path"),
        ({"nfe": True}, "nfe must be a whole number, not True"),
        ({"nfe": None}, "nfe must be a whole number, not None"),
        ({"seed": None}, "seed must be a whole number"),
        ({"feather": 2.0}, "feather must be a whole number, not 2.0"),
        ({"mask_buffer": 2.5}, "mask_buffer must be a whole number"),
        ({"overlap": 64.0}, "overlap must be a whole number"),
        ({"threads": 2.0}, "threads must be a whole number"),
        ({"mask_threshold": "much"}, "mask_threshold must be a number"),
        ({"mask_threshold": float("nan")}, "threshold"),
        ({"extent": (1, 2, 3)}, "extent must be four numbers"),
        ({"extent": (1, 2, 3, float("nan"))}, "extent must be four numbers"),
        ({"extent": 7}, "extent must be four numbers"),
        ({"match_surroundings": np.zeros(2)}, "match_surroundings must be True or False"),
    ],
)
def test_nonsense_is_refused_before_anything_is_opened(change, words):
    with pytest.raises(InputError, match=words):
        job(**change)


def test_paths_and_the_numbers_of_numpy_are_as_good_as_pythons_own():
    plain = dict(nfe=2, feather=3, mask_buffer=4, overlap=64, threads=1, seed=7, mask_threshold=0.5, mask="m.tif")
    plain.update(model="m.dbcr", changed="c.tif", uncertainty="u.tif", extent=(1.0, 2.0, 3.5, 4.0))
    plain.update(match_surroundings=True, allow_partial_sar=False, allow_network=True)
    kinds = {int: np.int64, float: np.float32, bool: np.bool_, str: Path, tuple: np.array}
    given = job(
        **{name: kinds[type(value)](value) for name, value in plain.items()},
        optical=Path("s2.tif"),
        sar=Path("s1.tif"),
        output=b"o.tif",
    )
    assert given == job(**plain)
    assert json.dumps(asdict(given)) == json.dumps(asdict(job(**plain)))
