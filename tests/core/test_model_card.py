# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbcr_core.errors import ModelError
from dbcr_core.model_card import ModelCard
from tests.core.predictors import plain_card


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"optical_bands": ("B02", "B03")}, "13 Sentinel-2 bands"),
        ({"timesteps": (1000, 500)}, "ascend"),
        ({"timesteps": (0, 1000)}, "from 1 to 1000"),
        ({"tile_size": 100}, "tile size"),
        ({"schedule": {"kind": "cosine"}}, "schedule"),
        ({"sar_clip_db": {"VV": (0, -25), "VH": (-32.5, 0)}}, "SAR clip"),
        ({"heads": ("magic",)}, "heads"),
        ({"optical_clip_dn": (0, float("inf"))}, "optical clip"),
        ({"optical_clip_dn": (0, 1e308)}, "optical clip"),
        ({"optical_clip_dn": (0, 10**400)}, "optical clip"),
        ({"optical_clip_dn": (0, 1e-300)}, "optical clip"),
        ({"sar_clip_db": {"VV": (float("-inf"), 0), "VH": (-32.5, 0)}}, "SAR clip"),
        ({"answer": (10**400,) * 208}, "numbers"),
        ({"schedule": {"kind": "linear", "noise": 10**400}}, "schedule"),
        ({"schedule": {"kind": "linear", "noise": 1e308}}, "schedule"),
        ({"schedule": {"kind": "i2sb", "beta_max": 1e300}}, "schedule"),
        ({"name": ""}, "name"),
        ({"name": "half a character: \ud83d"}, "name"),
        ({"mask_threshold": 1.5}, "mask threshold"),
        ({"band_sets": ("B02,B3",)}, "band sets"),
        ({"band_sets": (1,)}, "band sets"),
        ({"trained_bands": ("B2",)}, "trained bands"),
        ({"trained_bands": ()}, "trained bands"),
    ],
)
def test_a_card_that_does_not_fit_is_refused_with_the_reason(change, words):
    with pytest.raises(ModelError, match=words):
        plain_card(**change)


def test_a_card_of_another_format_is_refused():
    text = json.dumps({**json.loads(plain_card().to_json()), "format": 2})
    with pytest.raises(ModelError, match="format 2"):
        ModelCard.from_json(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2000) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = st.sampled_from(sorted(json.loads(plain_card().to_json())))


@settings(max_examples=400)
@given(st.dictionaries(FIELDS, JSON, min_size=1, max_size=4))
def test_any_nonsense_in_a_card_gives_a_card_or_a_model_error(changes):
    text = json.dumps({**json.loads(plain_card().to_json()), **changes})
    try:
        card = ModelCard.from_json(text)
    except ModelError as error:
        assert str(error).count("\n") == 0
    else:
        assert card.bridge_schedule.alphas[-1] == 1 and card.timesteps[-1] == 1000
