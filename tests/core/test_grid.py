# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbcr_core.errors import InputError
from dbcr_core.grid import RasterGrid, Window

GRID = RasterGrid(100, 80, (10.0, 0.0, 600_000.0, 0.0, -10.0, 5_000_000.0), "EPSG:32632")


@given(st.integers(0, 99), st.integers(0, 79), st.integers(1, 100), st.integers(1, 80))
def test_the_bounds_of_a_window_lead_back_to_the_window(col, row, width, height):
    window = Window(col, row, min(width, 100 - col), min(height, 80 - row))
    assert GRID.window_of_bounds(*GRID.crop(window).bounds) == window


def test_bounds_between_pixels_take_in_every_touched_pixel():
    assert GRID.window_of_bounds(600_015, 4_999_965, 600_025, 4_999_985) == Window(1, 1, 2, 3)


def test_bounds_outside_the_grid_are_refused():
    with pytest.raises(InputError, match="outside"):
        GRID.window_of_bounds(0, 0, 10, 10)
    with pytest.raises(InputError, match="outside"):  # touching
        GRID.window_of_bounds(599_900, 4_999_900, 600_000, 4_999_950)


def test_bounds_between_two_pixels_are_not_said_to_lie_outside():
    with pytest.raises(InputError, match="holds no pixel of the optical image; choose a larger one"):
        GRID.window_of_bounds(600_030, 4_999_930, 600_030, 4_999_970)
    assert GRID.window_of_bounds(600_035, 4_999_935, 600_035, 4_999_935) == Window(3, 6, 1, 1)


@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3))
def test_positions_and_coordinates_are_inverse_on_a_rotated_grid(col, row):
    grid = RasterGrid(10, 10, (8.0, 3.0, 5.0, 2.0, -7.0, 9.0), "")
    assert grid.colrow(*grid.xy(col, row)) == pytest.approx((col, row), abs=1e-8)


def test_a_degenerate_geotransform_or_an_empty_grid_is_refused():
    with pytest.raises(InputError, match="degenerate"):
        RasterGrid(10, 10, (0, 0, 0, 0, 0, 0), "")
    with pytest.raises(InputError, match="no pixels"):
        RasterGrid(0, 10, (1, 0, 0, 0, -1, 0), "")


def test_windows_that_only_touch_do_not_intersect():
    assert Window(0, 0, 10, 10).intersection(Window(10, 0, 5, 5)) is None
    assert Window(0, 0, 10, 10).intersection(Window(8, 9, 5, 5)) == Window(8, 9, 2, 1)


def test_grids_a_hundredth_of_a_pixel_apart_are_not_the_same():
    a, b, c, d, e, f = GRID.transform
    assert GRID.same_pixels(RasterGrid(100, 80, (a, b, c + 1e-3, d, e, f), ""))
    assert not GRID.same_pixels(RasterGrid(100, 80, (a, b, c + 0.1, d, e, f), ""))


def test_only_grids_of_one_lattice_and_crs_are_whole_pixels_apart():
    a, b, c, d, e, f = GRID.transform
    mine = RasterGrid(100, 80, GRID.transform, "here")
    shifted = (a, b, c + 30 * a, d, e, f - 4 * e)
    assert mine.whole_pixels_to(RasterGrid(9, 200, shifted, "here")) == (30, -4)
    assert mine.whole_pixels_to(RasterGrid(9, 200, shifted, "there")) is None
    nowhere = RasterGrid(100, 80, GRID.transform, "")
    assert nowhere.whole_pixels_to(nowhere) is None
    for other in (
        (a, b, c + 0.3 * a, d, e, f),
        (2 * a, b, c, d, 2 * e, f),
        (a * 1.0001, b, c, d, e, f),
        (a, b, c, d, -e, f),
        (a, 0.1 * a, c, d, e, f),
    ):
        assert mine.whole_pixels_to(RasterGrid(100, 80, other, "here")) is None


@pytest.mark.parametrize("edge", [float("inf"), float("-inf"), float("nan"), 1.7e308, -1.7e308])
@pytest.mark.parametrize("place", range(4))
def test_an_extent_that_is_not_finite_is_refused(edge: float, place: int) -> None:
    """QGIS gives an empty map the largest numbers that there are."""
    bounds = [0.0, 0.0, 50.0, 50.0]
    bounds[place] = edge
    with pytest.raises(InputError, match="extent is not finite"):
        RasterGrid(10, 10, (10, 0, 0, 0, -10, 100), "").window_of_bounds(*bounds)


@pytest.mark.parametrize("turn, is_rotated", [(0.0, False), (1e-12, False), (1e-9, False), (1e-3, True), (5.0, True)])
def test_a_rotation_is_one_that_moves_pixels(turn: float, is_rotated: bool) -> None:
    grid = RasterGrid(10_980, 10_980, (10.0, turn, 6e5, -turn, -10.0, 5e6), "")
    assert grid.is_rotated is is_rotated
