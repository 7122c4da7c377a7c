# SPDX-License-Identifier: GPL-3.0-or-later
"""The preview's engine without a screen: tiles, sharing, cancelling, and the same bytes as a run."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from osgeo import gdal
from tiny_model import write_tiny_model

from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.rasters import create_raster, open_raster
from dbcr_core.scene import remove_clouds

gdal.UseExceptions()


@pytest.fixture
def engine(dbcr):
    from dbcr.plugin.preview_cache import GroundCache
    from dbcr.plugin.preview_engine import PreviewEngine

    made = PreviewEngine(GroundCache())
    yield made
    made.close()


@pytest.fixture
def ask(dbcr, sample, tiny_model):
    """Requests on the whole sample scene of 264 × 264 pixels: four tiles."""
    from dbcr.plugin.preview_engine import PreviewRequest

    options = {
        "optical": str(sample / "optical_cloudy_2020-08-23_L1C.tif"),
        "sar": str(sample / "sar_2020-09-03_GRD_dB.tif"),
        "model": str(tiny_model),
        "allow_partial_sar": True,
        "overlap": 64,
    }
    return lambda nfe, **changes: PreviewRequest.of({**options, **changes}, nfe)


def written_by_a_run(request, tmp_path) -> dict:
    names = {name: str(tmp_path / f"{name}.tif") for name in ("output", "changed")}
    remove_clouds(**{**dict(request.options), **names, "nfe": request.nfe})
    rasters = {}
    for name, path in names.items():
        with open_raster(path) as raster:
            rasters[name] = raster.read(range(1, raster.profile.count + 1), raster.grid.window)
    return rasters


@pytest.mark.parametrize(("mask", "nfe"), [("auto", 1), ("auto", 3), ("none", 2)])
def test_a_preview_of_several_tiles_ends_as_what_a_run_writes(engine, ask, tmp_path, mask, nfe):
    request = ask(nfe, mask=mask)
    pictures = list(engine.pictures(request))
    assert pictures[-1].tiles == 4 and pictures[-1].is_final and not any(p.is_final for p in pictures[:-1])
    run = written_by_a_run(request, tmp_path)
    assert np.array_equal(pictures[-1].stored, run["output"])
    changed = np.where(run["changed"][0] == 255, 0, run["changed"][0])
    assert np.array_equal(pictures[-1].changed, changed) and changed.any()


def test_where_bands_end_or_are_empty_the_preview_is_what_a_run_writes(engine, ask, sample, tmp_path):
    with open_raster(sample / "optical_cloudy_2020-08-23_L1C.tif") as source:
        values = source.read(range(1, 14), source.grid.window)
        profile = replace(source.profile, nodata=0)
    values[7, :96] = values[8, :, :60] = values[9] = 0
    optical = str(tmp_path / "gap.tif")
    with create_raster(optical, profile) as sink:
        sink.write(values, profile.grid.window)
        sink.publish()
    request = ask(1, mask="auto", model=None, optical=optical, optical_values="dn")
    *_, last = engine.pictures(request)
    run = written_by_a_run(request, tmp_path)["output"]
    assert np.array_equal(last.stored, run) and (run != values).any()


def test_with_the_bundled_network_too_the_preview_is_what_a_run_writes(engine, ask, tmp_path, monkeypatch):
    from dbcr.plugin import preview_ground

    fits: list = []
    fit = preview_ground.matched_values
    monkeypatch.setattr(preview_ground, "matched_values", lambda *a: fits.append(a) or fit(*a))
    request = ask(2, model=None, mask="auto")
    pictures = [picture.stored.astype(float) for picture in engine.pictures(request)]
    assert np.array_equal(pictures[-1], written_by_a_run(request, tmp_path)["output"])
    # Levels are fitted when all tiles are there and at the end; in between they move along, a trifle off at most.
    assert len(pictures) > 5 and len(fits) == 2
    assert 0 < np.abs(pictures[-1] - pictures[-2]).mean() < np.abs(pictures[-1] - pictures[-5]).mean() < 100


def test_at_a_swath_edge_too_the_preview_is_what_a_run_writes(engine, ask, sample, tmp_path):
    source = gdal.Open(str(sample / "optical_cloudy_2020-08-23_L1C.tif"))
    copy = gdal.GetDriverByName("GTiff").CreateCopy(str(tmp_path / "edge.tif"), source)
    for band in range(1, copy.RasterCount + 1):
        values = copy.GetRasterBand(band).ReadAsArray()
        values[:, : 90 + band] = 0  # bands end at different places
        copy.GetRasterBand(band).WriteArray(values)
    copy = None
    request = ask(1, model=None, mask="auto", optical=str(tmp_path / "edge.tif"))
    picture = list(engine.pictures(request))[-1].stored
    assert np.array_equal(picture, written_by_a_run(request, tmp_path)["output"])


@pytest.mark.parametrize(("mask", "nfe"), [("auto", 1), ("auto", 3), ("none", 2)])
def test_a_preview_of_a_part_is_what_a_run_over_the_whole_scene_writes_there(engine, ask, tmp_path, mask, nfe):
    from dbcr.dbcr_core.grid import Window
    from dbcr.plugin.dock_state import inner_bounds

    place = Window(90, 60, 70, 110)
    with open_raster(dict(ask(1).options)["optical"]) as raster:
        extent = inner_bounds(raster.grid, place)
    pictures = list(engine.pictures(ask(nfe, mask=mask, model=None, extent=extent)))
    run = written_by_a_run(ask(nfe, mask=mask, model=None), tmp_path)
    rows, columns = place.slices()
    assert np.array_equal(pictures[-1].stored, run["output"][:, rows, columns])
    changed = run["changed"][0, rows, columns]
    assert np.array_equal(pictures[-1].changed, np.where(changed == 255, 0, changed)) and changed.any()
    assert pictures[-1].grid.width == 70 and {picture.stored.shape for picture in pictures} == {(13, 110, 70)}
    # Going on from what is known ends at the same pixels.
    again = list(engine.pictures(ask(nfe + 1, mask=mask, model=None, extent=extent)))
    assert len(again) < len(pictures) + 8 and again[0].is_free


def test_each_evaluation_adds_to_the_picture_and_known_ground_stays(engine, ask):
    shares = [(picture.changed > 0).mean() for picture in engine.pictures(ask(1, mask="none"))]
    assert len(shares) == 4 and shares == sorted(shares) and shares[-1] == 1


def test_the_first_evaluation_is_made_once_for_all_nfe(engine, ask):
    calls: list = []
    evaluate = engine._evaluate
    engine._evaluate = lambda x_t, t, features: calls.append(t) or evaluate(x_t, t, features)
    list(engine.pictures(ask(1, mask="none")))
    assert len(calls) == 4
    later = list(engine.pictures(ask(3, mask="none")))
    assert later[0].is_free and later[0].done == 4 and len(calls) == 4 + 2 * 4
    first = list(engine.pictures(ask(1, mask="none")))
    assert np.array_equal(first[0].stored, later[0].stored) and (later[0].planned, first[0].planned) == (12, 4)
    again = list(engine.pictures(ask(3, mask="none")))
    assert len(again) == 1 and again[0].is_free and again[0].is_final and len(calls) == 12
    assert np.array_equal(again[0].stored, later[-1].stored)


def test_leaving_off_keeps_what_was_computed(engine, ask):
    walk = engine.pictures(ask(5, mask="none"))
    next(walk)
    walk.close()
    ground = engine._ground_of(ask(5, mask="none"))
    assert len(ground.first) == 1 and not ground.pictures


def test_what_was_read_ahead_is_not_read_again(engine, ask, monkeypatch):
    from dbcr.plugin import preview_engine

    reads: list = []
    read = preview_engine.read_ground
    monkeypatch.setattr(preview_engine, "read_ground", lambda *a: reads.append(a) or read(*a))
    device, tiles = engine.prepare(ask(1))
    assert "ONNX Runtime" in device and tiles == 4
    assert len(list(engine.pictures(ask(2)))) and len(reads) == 1


def test_a_changed_file_is_new_ground(engine, ask, scene, tmp_path):
    copy = tmp_path / "copy.tif"
    shutil.copyfile(scene["OPTICAL"], copy)
    before = list(engine.pictures(ask(1, optical=str(copy), sar=None, mask="none")))[-1]
    raster = gdal.Open(str(copy), gdal.GA_Update)
    raster.WriteArray(raster.ReadAsArray() + 500)
    raster = None
    os.utime(copy, ns=(1, 1))
    after = list(engine.pictures(ask(1, optical=str(copy), sar=None, mask="none")))[-1]
    assert not np.array_equal(before.stored, after.stored)


def test_a_file_replaced_behind_a_virtual_raster_is_new_ground(engine, ask, scene, tmp_path):
    copy, mosaic = tmp_path / "copy.tif", str(tmp_path / "mosaic.vrt")
    shutil.copyfile(scene["OPTICAL"], copy)
    gdal.BuildVRT(mosaic, [str(copy)]).FlushCache()
    options = {"optical": mosaic, "sar": None, "mask": "none", "bands": ",".join(OPTICAL_BANDS)}
    before = list(engine.pictures(ask(1, **options)))[-1]
    raster = gdal.Open(str(copy), gdal.GA_Update)
    raster.WriteArray(raster.ReadAsArray() + 500)
    raster = None
    os.utime(copy, ns=(1, 1))
    after = list(engine.pictures(ask(1, **options)))[-1]
    assert not np.array_equal(before.stored, after.stored)


def test_a_model_trained_anew_under_the_same_name_is_the_next_preview_s(engine, ask, tiny_model, tmp_path):
    path = tmp_path / "mine.dbcr"
    shutil.copyfile(tiny_model, path)
    request = ask(1, model=str(path), mask="none")
    before = list(engine.pictures(request))[-1]
    write_tiny_model(path, darkening=0.9)
    after = list(engine.pictures(request))[-1]
    assert not np.array_equal(before.stored, after.stored)
    assert np.array_equal(after.stored, written_by_a_run(request, tmp_path)["output"])


@given(st.integers(0, 7), st.lists(st.integers(1, 9), min_size=1, max_size=6))
@settings(deadline=None)
def test_the_cache_holds_its_limit_and_the_ground_in_use(dbcr, limit, sizes):
    from types import SimpleNamespace

    from dbcr.plugin.preview_cache import MEGABYTE, GroundCache

    cache = GroundCache(limit)
    for key, size in enumerate(sizes):
        cache.put(key, SimpleNamespace(nbytes=size * MEGABYTE, pictures={}))
    last = len(sizes) - 1
    assert cache.get(last) is not None
    assert cache.nbytes <= max(limit, sizes[-1]) * MEGABYTE
    cache.clear()
    assert cache.nbytes == 0 and cache.get(last) is None


@given(st.integers(1, 700), st.integers(1, 700), st.integers(0, 128))
@settings(deadline=None, max_examples=60)
def test_tiles_come_from_the_middle_and_equal_values_blend_to_themselves(dbcr, width, height, overlap):
    from dbcr.dbcr_core.grid import Window
    from dbcr.dbcr_core.tiles import TilePlan
    from dbcr.plugin.preview_mosaic import TileMosaic, centre_first

    mosaic = TileMosaic(TilePlan(width, height, 256, overlap))
    order = centre_first(mosaic.tiles, Window(0, 0, width, height))
    assert sorted(order) == list(range(len(mosaic.tiles)))
    first = mosaic.tiles[order[0]]
    assert first.col <= width / 2 <= first.right and first.row <= height / 2 <= first.bottom
    for count, index in enumerate(order, start=1):
        tile = mosaic.tiles[index]
        mosaic.put(index, np.full((1, tile.height, tile.width), 3.0, np.float32))
        values, known = mosaic.blended(Window(0, 0, width, height))
        assert np.allclose(values[0][known], 3.0, atol=1e-4) and not values[0][~known].any()
        assert known.all() == (count == len(order)) or known.all()
