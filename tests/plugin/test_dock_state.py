# SPDX-License-Identifier: GPL-3.0-or-later
"""What the dock shows as a function of plain values; needs no screen and no QGIS."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

SCENE = (0.0, 0.0, 1.0, 1.0)


@pytest.fixture
def state(dbcr):
    from dbcr.plugin import dock_state

    return dock_state


def facts(state, name, **values):
    return state.LayerFacts(layer_id=name, name=name, extent=values.pop("extent", SCENE), **values)


def test_the_sar_layer_of_the_nearest_date_over_the_same_ground_is_preselected(state):
    layers = [
        facts(state, "s2", is_optical=True, date="2020-08-23T00:00:00Z"),
        facts(state, "early", is_sar=True, date="2020-06-07T00:00:00Z"),
        facts(state, "near", is_sar=True, date="2020-09-03T00:00:00Z"),
        facts(state, "elsewhere", is_sar=True, date="2020-08-23T00:00:00Z", extent=(5.0, 5.0, 6.0, 6.0)),
    ]
    assert state.preselect(layers) == state.LayerChoice("s2", "near", "")


def test_a_choice_survives_as_long_as_its_layer(state):
    layers = [facts(state, "a", is_optical=True), facts(state, "b", is_optical=True), facts(state, "r", is_sar=True)]
    assert state.preselect(layers, state.LayerChoice("b", "r", "")).optical == "b"
    assert state.preselect(layers, state.LayerChoice("gone", "r", "")).optical == "a"
    assert state.preselect(layers, active="b").optical == "b"
    assert state.preselect([], state.LayerChoice("a", "r", "m")) == state.LayerChoice()


def test_no_radar_is_an_answer_for_as_long_as_the_image_stays(state):
    layers = [facts(state, "a", is_optical=True), facts(state, "b", is_optical=True), facts(state, "r", is_sar=True)]
    without = state.LayerChoice("a", "", "")
    assert state.preselect(layers, without, wants_sar=False).sar == ""
    assert state.preselect(layers, without).sar == "r"
    assert state.preselect(layers[1:], without, wants_sar=False) == state.LayerChoice("b", "r", "")


def test_an_image_that_this_plugin_made_is_preselected_only_where_there_is_no_other(state):
    made, image = facts(state, "made", is_optical=True, is_result=True), facts(state, "image", is_optical=True)
    assert state.preselect([made, image]).optical == "image"
    assert state.preselect([made, image], active="made").optical == "image"
    assert state.preselect([made]).optical == "made"
    assert state.preselect([made, image], state.LayerChoice("made")).optical == "made", "someone chose it"


def test_a_mask_is_never_chosen_unasked(state):
    layers = [facts(state, "s2", is_optical=True), facts(state, "m", is_mask=True)]
    assert state.preselect(layers).mask == ""
    assert state.preselect(layers, state.LayerChoice("s2", "", "m")).mask == "m"


def test_the_dial_draws_what_the_card_measured_and_nothing_else(state):
    metrics = {
        "note": "text",
        "dev": {"nfe": {"5": {"psnr": 28, "lpips": 0.2}, "1": {"psnr": 30, "lpips": 0.4}, "x": {}}},
    }
    points = state.dial_curve(metrics)
    assert [point.nfe for point in points] == [1, 5]
    assert state.curve_heights(points, "psnr") == ((1, 1.0), (5, 0.0))
    assert state.curve_heights(points, "lpips") == ((1, 0.0), (5, 1.0)), "a lower LPIPS stands higher"
    assert state.dial_curve({}) == () and state.curve_heights((), "psnr") == ()


@given(st.recursive(st.none() | st.floats() | st.text(max_size=4), lambda inner: st.dictionaries(
    st.sampled_from(["nfe", "1", "3", "99", "psnr", "lpips"]), inner, max_size=4), max_leaves=12))  # fmt: skip
def test_no_card_however_strange_breaks_the_dial(dbcr, entry):
    from dbcr.plugin import dock_state

    points = dock_state.dial_curve({"data": entry})
    for metric in ("psnr", "lpips"):
        assert all(0 <= height <= 1 for _, height in dock_state.curve_heights(points, metric))


@given(st.floats(-0.5, 1.5), st.floats(-0.5, 1.5), st.floats(0.001, 2), st.floats(0.001, 2), st.integers(8, 64),
       st.integers(1, 64))  # fmt: skip
def test_the_preview_window_lies_in_the_image_and_is_as_long_as_allowed(dbcr, x, y, width, height, longest, least):
    from dbcr.dbcr_core.errors import InputError
    from dbcr.dbcr_core.grid import RasterGrid
    from dbcr.plugin import dock_state

    grid = RasterGrid(120, 80, (1 / 120, 0.0, 0.0, 0.0, -1 / 80, 1.0), "")
    view = (x, y, x + width, y + height)
    least = min(least, longest)
    try:
        shown = dock_state.preview_window(grid, view, longest, least)
    except InputError as error:
        assert "no part" in str(error)
        return
    assert shown.window.intersection(grid.window) == shown.window
    assert max(shown.window.width, shown.window.height) <= longest
    assert min(shown.window.width, shown.window.height) >= min(least, grid.width, grid.height)
    seen = dock_state.view_window(grid, view)
    assert shown.is_centre_only != dock_state.covers(shown.window, seen)
    assert grid.window_of_bounds(*dock_state.inner_bounds(grid, shown.window)) == shown.window


def test_costs_are_told_only_once_measured(state):
    assert state.cost_text(3, 0.0, 1, 10) == ""
    assert state.cost_text(2, 1.0, 1, 100) == "preview 2.0 s · whole scene at most 3 min"
    assert state.cost_text(1, 0.5, 4, 8, say=str.upper) == "PREVIEW 2.0 s · WHOLE SCENE AT MOST 4.0 s"


def test_the_scores_at_an_nfe_are_the_cards_or_a_dash(state):
    points = (state.DialPoint(1, 26.38, 0.388), state.DialPoint(3, None, 0.41))
    assert state.metric_words(points, 1) == ("26.4 dB", "0.39")
    assert state.metric_words(points, 3) == ("–", "0.41")
    assert state.metric_words(points, 2) == ("–", "–")


@given(st.text(), st.text(max_size=8), st.text(max_size=8), st.floats(0, 1e6))
def test_a_cost_is_remembered_for_its_model_and_device_alone(dbcr, noise, model, device, seconds):
    from dbcr.plugin import dock_state

    kept = dock_state.cost_memory(model, device, seconds)
    assert dock_state.remembered_seconds(kept, model, device) == pytest.approx(seconds, abs=1e-4)
    assert dock_state.remembered_seconds(kept, model + "x", device) == 0
    assert dock_state.remembered_seconds(noise, model, device) >= 0
