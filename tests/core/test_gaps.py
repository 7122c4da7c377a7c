# SPDX-License-Identifier: GPL-3.0-or-later
"""Gaps in a tile show the network the continued edge of what there is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dbcr_core.gaps import continued
from dbcr_core.model_card import bundled_model_path
from dbcr_core.model_file import read_model_file
from dbcr_core.scene import remove_clouds
from dbcr_core.tile_inputs import optical_tile, sar_tile, sar_values
from tests.guide_commands import ROOT

SAMPLE = ROOT / "resources" / "sample"
OPTICAL, SAR = SAMPLE / "optical_cloudy_2020-08-23_L1C.tif", SAMPLE / "sar_2020-09-03_GRD_dB.tif"


def test_each_gap_takes_the_nearest_value_of_its_row_and_an_empty_row_the_nearest_row() -> None:
    values = np.array([[[1, 0, 0, 0, 5], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 7, 0, 0]]])
    expected = [[1, 1, 1, 5, 5], [1, 1, 1, 5, 5], [7, 7, 7, 7, 7], [7, 7, 7, 7, 7]]
    assert continued(values, values != 0).tolist() == [expected]


def test_bands_that_end_at_different_places_are_continued_each_for_itself() -> None:
    values = np.array([[[1, 2, 0, 0]], [[1, 2, 3, 0]], [[0, 0, 0, 0]], [[4, 4, 4, 4]]])
    assert continued(values, values != 0)[:, 0].tolist() == [[1, 2, 2, 2], [1, 2, 3, 3], [0, 0, 0, 0], [4, 4, 4, 4]]


def test_where_nothing_is_missing_the_array_itself_comes_back() -> None:
    values = np.ones((2, 3, 3), np.float32)
    assert continued(values, np.ones((2, 3, 3), bool)) is values


@settings(max_examples=200, deadline=None)
@given(known=hnp.arrays(bool, st.tuples(st.integers(1, 3), st.integers(1, 9), st.integers(1, 9))))
def test_what_is_known_stays_and_gaps_hold_nothing_but_known_values(known: np.ndarray) -> None:
    values = np.where(known, np.arange(known.size).reshape(known.shape) + 1, 0)
    before = values.copy()
    filled = continued(values, known)
    assert (filled[known] == values[known]).all() and (values == before).all()
    for band, source in zip(filled, values):
        assert set(band.ravel()) <= set(source[source > 0]) if source.any() else not band.any()


def test_a_tile_shows_no_gaps_in_bands_and_radar_that_exist_somewhere() -> None:
    card = read_model_file(bundled_model_path()).card
    values = np.full((2, 100, 100), 0.5, np.float32)
    values[:, :, :30] = 0
    tile = optical_tile(values, (3, 7), 128, card, values > 0)
    assert (tile[0, [3, 7]] == 0.5).all()
    others = tile[0, [0, 1, 2, 4, 5, 6, *range(8, 13)]]
    assert (others == others[:, :1, :1]).all() and others.any(), "estimates see no gaps either"
    blind = optical_tile(values, (3, 7), 128, replace(card, band_moments=()), values > 0)
    assert (blind[0, [3, 7]] == 0.5).all() and not blind[0, [0, 1, 2, 4, 5, 6, *range(8, 13)]].any()
    radar = np.full((2, 100, 100), -12, np.float32)
    radar[0, 50:], radar[1] = np.nan, np.nan
    tile = sar_tile(radar, (0, 1), 128, card)
    assert len(np.unique(tile[0, 0])) == 1 and tile[0, 0, 0, 0] > 0
    assert not tile[0, 1].any(), "a band without any data is a missing band"


@pytest.mark.parametrize("side", ["left", "top"])
def test_at_a_swath_edge_the_model_sees_the_rest_as_if_there_were_no_edge(tmp_path: Path, side: str) -> None:
    def run(optical: Path, sar: Path) -> tuple[np.ndarray, np.ndarray]:
        output, changed = tmp_path / "out.tif", tmp_path / "changed.tif"
        remove_clouds(str(optical), str(sar), str(output), changed=str(changed), device="cpu")
        with rasterio.open(output) as scene, rasterio.open(changed) as share:
            return scene.read().astype(float), share.read(1) > 0

    gap = (slice(None), slice(0, 130)) if side == "left" else (slice(0, 130), slice(None))
    cut = []
    for path, nothing in ((OPTICAL, 0), (SAR, np.nan)):
        with rasterio.open(path) as source:
            array, profile, names = source.read(), source.profile, source.descriptions
        array[(slice(None), *gap)] = nothing
        cut.append(tmp_path / path.name)
        with rasterio.open(cut[-1], "w", **profile) as copy:
            copy.write(array)
            copy.descriptions = names
    whole, cloudy = run(OPTICAL, SAR)
    part, found = run(*cut)
    rest = np.ones(found.shape, bool)
    rest[gap] = False
    # With zeros in the gap the mask took in all of the rest, and the reconstruction was off by half.
    assert abs(found[rest].mean() - cloudy[rest].mean()) < 0.1
    difference = np.abs(part - whole)[:, rest].mean() / whole[:, rest].mean()
    assert difference < 0.1
    assert not part[:, ~rest].any(), "nothing is made up where there are no data"


def test_vh_is_not_shown_without_vv() -> None:
    card = read_model_file(bundled_model_path()).card
    radar = np.full((2, 200, 200), -12, np.float32)
    for bands, order in (((0, 1), slice(None)), ((1, 0), slice(None, None, -1))):
        assert sar_tile(radar[order], bands, 256, card).min() > 0
    radar[0] = np.nan
    for bands, order in (((0, 1), slice(None)), ((1, 0), slice(None, None, -1))):
        assert sar_tile(radar[order], bands, 256, card).min() > 0


def test_vv_is_estimated_where_only_vh_is_known(tmp_path: Path) -> None:
    card = read_model_file(bundled_model_path()).card
    decibels = np.array([-9.0, np.nan, np.nan, -7.0], np.float32), np.array([-15.0, -20.0, np.nan, np.nan], np.float32)
    both = np.stack(decibels)[:, None]
    vv, vh = sar_values(both, (0, 1), card)[:, 0]
    in_model_units = (1.7 - 0.71 * 20 + 25) / 25
    np.testing.assert_allclose(vv, [16 / 25, in_model_units, 0, 18 / 25], atol=1e-6)
    np.testing.assert_allclose(vh, [17.5 / 32.5, 12.5 / 32.5, 0, 0], atol=1e-6)
    alone = sar_values(both[1:], (1,), card)[:, 0]
    assert np.array_equal(alone[1], vh) and alone[0, 1] == vv[1] and not alone[:, 2:].any()

    sample, only, said = ROOT / "resources/sample", tmp_path / "only_vh.tif", {}
    with rasterio.open(sample / "sar_2020-09-03_GRD_dB.tif") as source:
        with rasterio.open(only, "w", **{**source.profile, "count": 1}) as target:
            target.write(source.read(2), 1)
            target.set_band_description(1, "VH")
    optical, image = str(sample / "optical_cloudy_2020-08-23_L1C.tif"), {}
    for name, sar in (("both", str(sample / "sar_2020-09-03_GRD_dB.tif")), ("VH", str(only)), ("none", None)):
        output = str(tmp_path / f"{name}.tif")
        said[name] = remove_clouds(optical, sar, output, allow_partial_sar=True, mask="none").messages
        with rasterio.open(output) as raster:
            image[name] = raster.read().astype(float)
    assert any("VV is estimated from VH" in text for text in said["VH"])
    assert not any("estimated" in text for name in ("both", "none") for text in said[name])
    distance = {name: np.abs(image[name] - image["both"]).mean() for name in ("VH", "none")}
    assert 0 < distance["VH"] < 0.7 * distance["none"]
