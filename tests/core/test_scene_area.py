# SPDX-License-Identifier: GPL-3.0-or-later
"""A part of a scene is cut out of the whole: the same values to the last bit, with no more work than that takes."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st

from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.blend import TileWeights
from dbcr_core.errors import Cancelled
from dbcr_core.grid import Window
from dbcr_core.scene import remove_clouds
from dbcr_core.scene_area import SceneArea
from dbcr_core.tiles import TilePlan
from tests.core.predictors import tile_dependent
from tests.core.raster_files import clouded_dn, write_radar_around, write_raster

HEIGHT, WIDTH = 780, 900


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """Clouds across the borders of tiles and of the parts, a gap, bands that end elsewhere and one that is empty, radar
    on another grid, and a mask of some clouds."""
    folder = tmp_path_factory.mktemp("scene")
    values, cloud = clouded_dn(HEIGHT, WIDTH)
    values[7, 600:640, 300:500] = values[9, :, :60] = values[10] = 0
    masked = cloud & (np.arange(HEIGHT) > 200)[:, None]
    # Its grid's origin lies between two pixels, where numbers are rounded to even ones.
    origin = (600_005.0, 5_000_005.0)
    return (
        write_raster(folder / "s2.tif", values, descriptions=OPTICAL_BANDS, nodata=0, origin=origin),
        write_radar_around(folder / "s1.tif", HEIGHT, WIDTH),
        write_raster(folder / "mask.tif", masked[None].astype(np.uint8), origin=origin),
    )


OPTIONS = {
    "every pixel": {"mask": "none"},
    "the model's mask": {"mask": "auto"},
    "a mask that looks far": {"mask": "auto", "mask_buffer": 100, "feather": 60},
    "levels as they are": {"mask": "auto", "match_surroundings": False},
    "a layer": {"mask": "FILE", "mask_buffer": 3},
    "several steps": {"mask": "auto", "nfe": 3},
    "noise": {"mask": "none", "nfe": 2, "sampler": "sde", "seed": 7},
    "much overlap": {"mask": "auto", "overlap": 128},
}
PLACES = {
    "within": Window(333, 307, 150, 90),
    "a corner": Window(0, 0, 100, 260),
    "the far corner": Window(811, 523, WIDTH - 811, HEIGHT - 523),
    "a pixel": Window(451, 402, 1, 1),
    "a row": Window(0, 333, WIDTH, 1),
}


def extent_of(place: Window) -> tuple:
    left, top = 600_005.0 + 10 * place.col, 5_000_005.0 - 10 * place.row
    return left, top - 10 * place.height, left + 10 * place.width, top


def cleared(scene, folder, options, **more) -> dict:
    """All outputs of a run."""
    optical, sar, mask = scene
    names = {name: str(folder / f"{name}.tif") for name in ("output", "changed", "uncertainty")}
    options = {key: mask if value == "FILE" else value for key, value in options.items()}
    report = remove_clouds(optical, sar, **names, predictor=tile_dependent(), **options, **more)
    found = {"report": report}
    for name, path in names.items():
        with rasterio.open(path) as raster:
            found[name] = raster.read()
    return found


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_a_part_is_cut_out_of_the_whole(scene, tmp_path, options):
    whole = cleared(scene, tmp_path, options)
    for name, place in PLACES.items():
        part = cleared(scene, tmp_path, options, extent=extent_of(place))
        for output in ("output", "changed", "uncertainty"):
            expected = whole[output][(slice(None), *place.slices())]
            assert np.array_equal(part[output], expected, equal_nan=output == "uncertainty"), (name, output)
        report = part["report"]
        assert (report.width, report.height) == (place.width, place.height)
        assert report.evaluations < whole["report"].evaluations


def test_of_the_tiles_around_one_evaluation_tells_where_it_is_cloudy(scene, tmp_path):
    place = Window(400, 350, 20, 20)
    part = cleared(scene, tmp_path, {"mask": "auto", "nfe": 5}, extent=extent_of(place))["report"]
    one_step = cleared(scene, tmp_path, {"mask": "auto"}, extent=extent_of(place))["report"]
    assert one_step.evaluations == one_step.tiles == 9
    assert part.evaluations <= 9 + 4 * 4


def test_a_part_that_was_interrupted_goes_on_to_the_same_bytes(scene, tmp_path):
    options = {"mask": "auto", "nfe": 2, "extent": extent_of(Window(100, 40, 500, 700))}
    for name in ("once", "twice"):
        (tmp_path / name).mkdir()
    cleared(scene, tmp_path / "once", options)
    asked = iter(range(100))
    with pytest.raises(Cancelled):
        cleared(scene, tmp_path / "twice", options, cancelled=lambda: next(asked, None) is None)
    report = cleared(scene, tmp_path / "twice", options)["report"]
    assert report.resumed_at_row > 0
    for path in (tmp_path / "once").iterdir():
        assert path.read_bytes() == (tmp_path / "twice" / path.name).read_bytes()


SIDES = st.integers(1, 900)


@given(SIDES, SIDES, st.integers(0, 128), st.integers(0, 200), st.tuples(*[st.floats(0, 0.999)] * 4))
def test_the_tiles_of_a_part_are_those_of_the_whole_scene_that_reach_it(width, height, overlap, lag, place):
    col, row = int(place[0] * width), int(place[1] * height)
    window = Window(col, row, 1 + int(place[2] * (width - col)), 1 + int(place[3] * (height - row)))
    scene, whole = Window(0, 0, width, height), TilePlan(width, height, 256, overlap)
    area = SceneArea.within(whole, window, lag)
    assert area.place.intersection(scene) == area.place and area.place.intersection(window) == window
    around = Window(window.col - lag, window.row - lag, window.width + 2 * lag, window.height + 2 * lag)
    tiles = [tile for each in area.plan.tile_rows() for tile in each.tiles]
    all_tiles = [tile for each in whole.tile_rows() for tile in each.tiles]
    shifted = [tile.shifted(area.place.col, area.place.row) for tile in tiles]
    assert shifted == [tile for tile in all_tiles if tile.intersection(around)]
    weights, whole_weights = TileWeights(area.plan), TileWeights(whole)
    for tile, there in zip(tiles, shifted):
        seen = there.intersection(around)
        here = seen.shifted(-there.col, -there.row).slices()
        assert np.array_equal(weights.of(tile)[here], whole_weights.of(there)[here])


def test_a_whole_scene_is_its_own_part():
    scene, whole = Window(0, 0, 700, 500), TilePlan(700, 500)
    area = SceneArea.within(whole, scene, 144)
    assert area.place == area.inner == scene
    assert area.plan.tile_rows() == whole.tile_rows()
