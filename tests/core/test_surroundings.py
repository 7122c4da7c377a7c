# SPDX-License-Identifier: GPL-3.0-or-later
"""Levels under opaque cloud follow the clear land around, detail stays, and nothing happens where nothing is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dbcr_core.grid import Window
from dbcr_core.surroundings import CELL, LAG, MARGIN, LevelField, looked_at, matched_values

BRIGHT = np.array([0.08, 0.30, 0.22, 0.15], np.float32)[:, None, None]


def tile(height: int = 200, width: int = 256, seed: int = 0, is_cloudy: bool = True):
    """(truth, seen, sar, opacity): land that is the brighter in each band the stronger its backscatter, in patches of
    20 pixels, with fine detail; a cloud over rows 60 to 140, columns 80 to 180."""
    random = np.random.default_rng(seed)
    patches = np.kron(random.random((-(-height // 20), -(-width // 20))), np.ones((20, 20)))[:height, :width]
    sar = np.stack([0.4 + 0.2 * patches, 0.3 + 0.1 * patches]).astype(np.float32)
    detail = 0.01 * random.standard_normal((height, width)).astype(np.float32)
    truth = (BRIGHT * (0.8 + 0.4 * patches) + detail).astype(np.float32)
    opacity = np.zeros((2, height, width), np.float32)
    if is_cloudy:
        opacity[0, 60:140, 80:180] = 1
    seen = np.where(opacity[0] > 0, np.float32(0.6), truth).astype(np.float32)
    return truth, seen, sar, opacity


def guess(truth: np.ndarray, opacity: np.ndarray) -> np.ndarray:
    """What a network with a firm belief makes of it: the detail over one level, the same for all bands."""
    flat = truth - truth[:, opacity[0] == 1].mean(axis=1)[:, None, None] + np.float32(0.2)
    return np.where(opacity[0] == 1, flat, truth).astype(np.float32)


def matched_to(clear, seen, sar, opacity):
    return seen + matched_values(seen, clear - seen, sar, opacity, (seen > 0).any(axis=0))


def test_the_level_under_a_cloud_comes_from_the_land_around_and_the_detail_stays():
    truth, seen, sar, opacity = tile()
    clear, cloud = guess(truth, opacity), opacity[0] == 1
    matched = matched_to(clear, seen, sar, opacity)
    assert matched.dtype == np.float32 and matched.shape == clear.shape
    before, after = (np.abs((image - truth)[:, cloud].mean(axis=1)).max() for image in (clear, matched))
    assert before > 0.09 and after < 0.006
    inner = (slice(None), slice(90, 110), slice(110, 150))
    assert np.abs(np.diff(matched[inner], axis=2) - np.diff(clear[inner], axis=2)).max() < 0.01
    assert np.abs(matched - clear)[:, ~cloud].max() < 1e-7


def test_backscatter_says_how_bright_each_patch_is():
    truth, seen, sar, opacity = tile()
    cloud = opacity[0] == 1
    smooth = np.where(cloud, np.float32(0.2), truth).astype(np.float32)
    with_sar = matched_to(smooth, seen, sar, opacity)
    without = matched_to(smooth, seen, np.zeros_like(sar), opacity)
    error = [np.sqrt(np.square((image - truth)[1, cloud]).mean()) for image in (with_sar, without)]
    assert error[0] < 0.6 * error[1]


@pytest.mark.parametrize("height, width", [(256, 256), (131, 77), (40, 250)])
def test_tiles_of_any_size_and_any_number_of_bands_serve(height, width):
    truth, seen, sar, opacity = tile(height, width)
    opacity[0, : height // 3] = 1
    for bands in (slice(None), slice(1)):
        clear = truth[bands] + np.float32(0.1)
        change = matched_to(clear, seen[bands], sar, opacity) - clear
        assert change.shape == truth[bands].shape and np.isfinite(change).all()
        assert change[:, : height // 3 - MARGIN].mean() < -0.02


def test_nothing_changes_where_there_is_too_little_land_or_no_opaque_cloud():
    truth, seen, sar, opacity = tile()
    added = (truth - seen).astype(np.float32)
    everywhere, nowhere = np.ones(opacity.shape[1:], bool), np.zeros(opacity.shape[1:], bool)
    hidden = np.ones_like(opacity)
    hidden[0, :20, :20] = 0  # less than a fiftieth
    for opacities, observed in (
        (np.ones_like(opacity), everywhere),
        (np.zeros_like(opacity), everywhere),
        (hidden, everywhere),
        (opacity, nowhere),
    ):
        found = matched_values(seen, added, sar, opacities, observed)
        assert (found[:, 120:] == added[:, 120:]).all()


def test_fed_in_strips_or_begun_further_down_it_is_the_same_to_the_last_bit():
    truth, seen, sar, opacity = tile(900, 300)
    opacity[0, 300:500, :120] = opacity[0, 700:, 150:] = 1
    seen = np.where(opacity[0] > 0, np.float32(0.6), truth).astype(np.float32)
    added = np.where(opacity[0] > 0, np.float32(0.1) - seen, np.float32(0))
    observed = np.ones(opacity.shape[1:], bool)
    whole = matched_values(seen, added, sar, opacity, observed)
    assert (whole != added).any()
    for begin, step in ((0, 100), (0, 37), (400, 64)):
        field, top = LevelField(300, 900), begin
        field.begin_below(begin)
        first, before = begin + LAG if begin else 0, begin
        for final in (*range(begin + step, 900, step), 900):
            bottom = 900 if final == 900 else max(top, final - LAG)
            field.look(before, opacity[:, before:final])
            while place := field.take(bottom):
                assert top <= place[0] < place[1] <= final, "rows that are no longer or not yet there"
                rows = slice(*place)
                field.feed(place[0], seen[:, rows], added[:, rows], sar[:, rows], opacity[:, rows], observed[rows])
            before = final
            rows = slice(max(top, first), bottom)
            if rows.start < rows.stop:
                found = field.matched(rows.start, seen[:, rows], added[:, rows], opacity[:, rows])
                assert (found == whole[:, rows]).all(), (begin, step, final)
            field.release(bottom)
            top = bottom
        assert top == 900 and len(field._cells) < 2 * LAG // CELL + step


@given(st.lists(st.tuples(st.integers(0, 1150), st.integers(1, 60)), max_size=3), st.sampled_from([19, 64, 147, 192]))
@example(clouds=[(0, 30)], step=LAG + 3)
def test_rows_without_cloud_in_reach_are_never_asked_for_and_nothing_changes(clouds, step):
    height, width = 1200, 24
    rng = np.random.default_rng(7)
    seen, added = rng.random((2, 2, height, width), dtype=np.float32)
    sar, opacity = rng.random((2, height, width), dtype=np.float32), np.zeros((2, height, width), np.float32)
    for row, rows in clouds:
        opacity[0, row : row + rows, 8:16] = 0.8
    observed = np.ones((height, width), bool)
    whole, field = LevelField(width, height), LevelField(width, height)
    covered = (opacity[0] > 0).any(axis=1)
    whole.look(0, np.ones_like(opacity))  # all of it is asked for, and so fed
    while place := whole.take(height):
        rows = slice(*place)
        whole.feed(place[0], seen[:, rows], added[:, rows], sar[:, rows], opacity[:, rows], observed[rows])
    fed, top, before = set(), 0, 0
    for final in (*range(step, height, step), height):
        bottom = height if final == height else max(top, final - LAG)
        field.look(before, opacity[:, before:final])
        while place := field.take(bottom):
            rows = slice(*place)
            fed.update(range(*place))
            field.feed(place[0], seen[:, rows], added[:, rows], sar[:, rows], opacity[:, rows], observed[rows])
        rows = slice(top, bottom)
        if top < bottom:
            places = seen[:, rows], added[:, rows], opacity[:, rows]
            assert (field.matched(top, *places) == whole.matched(top, *places)).all()
        field.release(bottom)
        top, before = bottom, final
    far = [row for row in fed if not covered[max(0, row - 2 * LAG) : row + 2 * LAG].any()]
    assert not far and (len(fed) > 0) == bool(covered.any())


def test_what_the_network_paints_where_no_data_are_moves_no_level():
    truth, seen, sar, opacity = tile()
    observed = np.ones(opacity.shape[1:], bool)
    observed[:, :120] = False  # a swath ends in the cloud
    seen[:, ~observed] = 0
    dark, white = (np.where(observed, guess(truth, opacity) - seen, np.float32(paint)) for paint in (0, 0.9))
    results = [matched_values(seen, added, sar, opacity, observed)[:, observed] for added in (dark, white)]
    assert (results[0] == results[1]).all() and (results[0] != dark[:, observed]).any()


def test_where_no_network_looked_nothing_is_observed():
    seen = looked_at(np.ones((10, 20), bool), 100, [Window(5, 90, 5, 13), Window(0, 80, 20, 15)])
    assert not seen[:3, 5:10].any() and seen.sum() == 10 * 20 - 3 * 5


def test_the_further_away_land_lies_the_more_the_network_is_believed():
    opacity = np.zeros((2, 232, 464), np.float32)
    opacity[0, :, 232:] = 1
    seen, observed = np.where(opacity[:1] > 0, np.float32(0.6), np.float32(0.3)), np.ones((232, 464), bool)
    moved = matched_values(seen, np.float32(0.2) - seen, None, opacity, observed)[0, 116] + seen[0, 116] - 0.2
    # Land is 0.1 brighter than the network says. It counts in full, a little less, by its share, and not at all.
    np.testing.assert_allclose(moved[[240, 304, 328, 360]], [0.09999, 0.09910, 0.0409, 0], atol=5e-5)


def test_land_a_little_brighter_to_the_radar_than_uniform_land_around_gets_its_level():
    _, _, sar, opacity = tile()
    cloud = opacity[0] == 1
    sar[:], sar[:, 90:110, 110:150] = 0.5, 0.55
    seen, network = np.where(cloud, np.float32(0.6), np.float32(0.3))[None], np.float32(0.2)
    moved = matched_values(seen, network - seen, sar, opacity, np.ones_like(cloud)) + seen - network
    assert moved[0, 96:104, 116:144].min() > 0.09


def test_land_in_shadow_or_without_data_is_not_believed():
    truth, seen, sar, opacity = tile()
    clear = guess(truth, opacity)
    plain = matched_to(clear, seen, sar, opacity)
    shaded, gaps = seen.copy(), seen.copy()
    opacity[1, :, 200:] = 0.9
    shaded[:, :, 200:] *= 0.3
    gaps[:, :, 200:] = 0
    cloud = opacity[0] == 1
    for other in (shaded, gaps):
        found = matched_to(clear, other, sar, opacity)
        assert np.abs((found - plain)[:, cloud].mean(axis=1)).max() < 0.01


@pytest.mark.parametrize("columns", [slice(0, 60), slice(186, 256), slice(100, 150)])
def test_ground_that_one_band_lacks_tells_nothing_of_the_others_and_takes_nothing_from_them(columns):
    """Its 0 would count as black land; under the cloud the others are reconstructed where it lacks, and fitted."""
    truth, seen, sar, opacity = tile()
    cloud, lacking = opacity[0] == 1, np.zeros(opacity.shape[1:], bool)
    lacking[:, columns] = True
    gap = seen.copy()
    gap[1, lacking] = 0
    observed = np.ones_like(lacking)
    added = guess(truth, opacity) - seen
    plain = matched_values(seen, added, sar, opacity, observed)
    added[1, lacking] += seen[1, lacking]
    found = matched_values(gap, added, sar, opacity, observed, ~lacking)
    for band in range(len(seen)):
        there = cloud if band != 1 else cloud & ~lacking
        assert np.abs((found - plain)[band, there].mean()) < 0.01 and np.abs((found - plain)[band, there]).max() < 0.05
    believed = matched_values(gap, added, sar, opacity, observed)
    if not cloud[:, columns].any():
        assert (believed - plain)[1, cloud].mean() < -0.01


def test_no_reflectance_falls_below_zero():
    truth, seen, sar, opacity = tile()
    dark = np.where(opacity[0] == 0, np.float32(0.002), seen).astype(np.float32)
    clear = np.full_like(truth, 0.2)
    clear[:, 100:120, 100:120] = 0.01
    matched = matched_to(clear, dark, sar, opacity)
    assert matched.min() == 0 and ((matched - clear)[:, opacity[0] == 1] < 0).mean() > 0.9


def test_shadow_gets_the_level_of_the_land_around_where_a_mask_layer_or_the_network_is_sure_of_it():
    truth, _, sar, opacity = tile()
    shadow = opacity[0] == 1
    seen = np.where(shadow, truth * np.float32(0.4), truth).astype(np.float32)
    clear = guess(truth, opacity)
    opacity = opacity[::-1]

    def error(opacity, said):
        added, observed = clear - seen, np.ones(shadow.shape, bool)
        matched = seen + matched_values(seen, added, sar, opacity, observed, clear=said)
        assert np.abs(matched - clear)[:, ~shadow].max() < 1e-7
        return np.abs((matched - truth)[:, shadow].mean(axis=1)).max()

    assert error(opacity, ~shadow) < 0.006
    own = error(opacity, np.ones_like(shadow))
    assert own > 0.09, "what the layer calls clear is"
    assert error(opacity * np.float32(0.2), ~shadow) == own, "nor is all shadow that a generous layer covers"
    assert error(opacity, None) < 0.006
    unsure = opacity * np.float32(0.6)
    assert error(unsure, ~shadow) < 0.006, "a layer need not be helped"
    assert 0.04 < error(unsure, None) < 0.6 * own, "half: much that is dark looks like shadow"


def test_what_only_a_mask_layer_calls_land_counts_where_no_other_land_is():
    truth, seen, sar, opacity = tile()
    cloud = opacity[0] == 1
    clear = guess(truth, opacity)
    added, observed = clear - seen, np.ones(cloud.shape, bool)
    snow = np.where(cloud, opacity, np.float32(0.15))  # the network takes all of the land for cloud

    def error(opacity, said):
        matched = seen + matched_values(seen, added, sar, opacity, observed, clear=said)
        return np.abs((matched - truth)[:, cloud].mean(axis=1)).max()

    assert error(snow, None) == pytest.approx(0.119, abs=0.001), "the network's own"
    assert error(snow, ~cloud) < 0.02
    shadow = np.where(cloud, opacity, np.array([0, 0.9], np.float32)[:, None, None])
    assert error(shadow, ~cloud) == error(shadow, None), "what the layer overlooks is dark"
    # A second cloud, which the layer leaves out: the land that the network knows counts ten thousand times as much.
    missed = opacity.copy()
    missed[0, 60:140, 185:240] = 1
    seen[:, 60:140, 185:240] = 0.6
    added = clear - seen
    assert error(missed, ~cloud) < 0.003


def test_what_is_not_matched_does_not_depend_on_what_else_lies_in_its_row():
    """A part of a scene is computed without what lies further away."""
    truth, seen, sar, opacity = (np.concatenate([part, part], axis=-1) for part in tile())
    opacity[0, :, 256:] = 0
    seen[:, :, 256:] = truth[:, :, 256:]
    added = guess(truth, opacity) - seen
    added[:, ::3, 460:] = -seen[:, ::3, 460:] - 0.01  # where nothing opaque is, and below 0
    observed = np.ones(opacity.shape[1:], bool)
    whole = matched_values(seen, added, sar, opacity, observed)
    part = matched_values(seen[..., 400:], added[..., 400:], sar[..., 400:], opacity[..., 400:], observed[:, 400:])
    assert np.array_equal(whole[..., 460:], part[..., 60:])
    assert np.array_equal(part, np.maximum(added, -seen)[..., 400:])


def test_what_no_land_around_is_like_is_the_networks_to_tell() -> None:
    """A lake under cloud among fields whose brightness rises with falling backscatter, and a gap in the radar."""
    random, size = np.random.default_rng(0), 256
    sar = 0.6 + 0.05 * random.standard_normal((2, 32, 32)).repeat(8, 1).repeat(8, 2).astype(np.float32)
    land = (0.3 - 1.5 * (sar[0] - 0.6)).astype(np.float32)[None].clip(0.02)
    network = np.full_like(land, 0.2)
    opacity = np.zeros((2, size, size), np.float32)
    opacity[0, 96:160, 96:160] = 1
    inner = (slice(None), slice(112, 144), slice(112, 144))
    moves = []
    for backscatter in (sar[inner].copy(), 0.1, 0.0):  # land, a lake, no radar
        sar[inner] = backscatter
        seen = np.where(opacity[:1] > 0, np.float32(0.9), land)
        matched = seen + matched_values(seen, network - seen, sar, opacity, np.ones((size, size), bool))
        moves.append(np.abs(matched - network)[inner].mean())
    assert moves[0] > 0.05 and max(moves[1:]) < 0.02
