# SPDX-License-Identifier: GPL-3.0-or-later
"""STAC: items written beside outputs are valid and true, and item collections are read as lists of scenes."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.warp import transform

from dbcr_core.acquisition import acquisition_time, parse_time
from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.bands import match_optical
from dbcr_core.batch.geography import bounding_box, epsg_code, footprint, metres_per_unit
from dbcr_core.batch.ground_cover import ground_of, share_covered
from dbcr_core.batch.journal import fingerprint
from dbcr_core.batch.scene_list import read_scene_list
from dbcr_core.batch.scene_row import Scene
from dbcr_core.batch.stac import write_item
from dbcr_core.batch.stac_values import finest
from dbcr_core.cli import main
from dbcr_core.errors import InputError
from dbcr_core.files_behind import files_behind
from dbcr_core.job import CloudRemovalJob
from dbcr_core.radiometry import detect_optical
from dbcr_core.rasters import open_raster
from dbcr_core.rasters.stack import stack_vrt, write_stack
from dbcr_core.rasters.stated import StatedValues
from tests.core.batch_scenes import write_scenes
from tests.core.raster_files import BACKENDS, UTM, backscatter_db, judged, reflective_dn, write_raster


@pytest.fixture(scope="module")
def batch_folder(tmp_path_factory):
    """A finished batch of one scene with all outputs; its folder."""
    folder = tmp_path_factory.mktemp("stac")
    path = write_scenes(folder, ("lahore",))
    assert main(["batch", str(path), "--output", str(folder / "out"), "--changed", "--uncertainty", "--quiet"]) == 0
    return folder / "out"


def test_the_item_of_an_output_is_valid_by_the_specification(batch_folder):
    pystac = pytest.importorskip("pystac", reason="pystac is not installed")
    item = pystac.Item.from_file(str(batch_folder / "lahore.json"))
    # The schemas of extensions lie on a server; the specification's own come with pystac.
    item.stac_extensions = []
    assert item.validate()
    assert item.datetime.isoformat() == "2020-08-23T00:00:00+00:00"
    assert set(item.assets) == {"data", "changed", "uncertainty"}
    for asset in item.assets.values():
        assert Path(asset.get_absolute_href()).exists() and "cloud-optimized" in asset.media_type


def test_the_item_says_where_the_output_is_and_what_its_bands_hold(batch_folder):
    item = json.loads((batch_folder / "lahore.json").read_text(encoding="utf-8"))
    properties, data = item["properties"], item["assets"]["data"]
    with rasterio.open(batch_folder / "lahore.tif") as raster:
        assert properties["proj:epsg"] == raster.crs.to_epsg()
        assert properties["proj:shape"] == list(raster.shape)
        assert properties["proj:transform"] == list(raster.transform)
        assert properties["proj:bbox"] == list(raster.bounds)
        corners = transform(
            raster.crs, "EPSG:4326", *zip(raster.transform * (0, 0), raster.transform * raster.shape[::-1])
        )
        assert [band["data_type"] for band in data["raster:bands"]] == list(raster.dtypes)
        assert data["raster:bands"][0]["nodata"] == raster.nodata
        tags = raster.tags()
    west, south, east, north = item["bbox"]
    for lon, lat in zip(*corners):
        assert west - 1e-6 <= lon <= east + 1e-6 and south - 1e-6 <= lat <= north + 1e-6
    assert [band["name"] for band in data["eo:bands"]] == list(OPTICAL_BANDS)
    assert data["eo:bands"][3]["common_name"] == "red" and data["file:size"] > 0
    assert properties["dbcr:model_sha256"] == tags["DBCR_MODEL_SHA256"] and properties["dbcr:nfe"] == "1"


@pytest.mark.parametrize(("nodata", "told"), [(float("inf"), "inf"), (float("-inf"), "-inf"), (float("nan"), "nan")])
def test_a_nodata_value_that_json_lacks_is_told_in_words(tmp_path, nodata, told):
    path = write_scenes(tmp_path, ("a",))
    with rasterio.open(tmp_path / "a_s2.tif") as raster:
        values = raster.read().astype(np.float32) / 10000
    values[:, :5, :5] = nodata
    write_raster(tmp_path / "a_s2.tif", values, descriptions=OPTICAL_BANDS, nodata=nodata)
    assert main(["batch", str(path), "--output", str(tmp_path / "out"), "--quiet"]) == 0
    item = json.loads((tmp_path / "out" / "a.json").read_text(encoding="utf-8"))
    assert item["assets"]["data"]["raster:bands"][0]["nodata"] == told


def test_an_item_that_cannot_be_written_leaves_nothing_behind(tmp_path, monkeypatch):
    scene = Scene("a", CloudRemovalJob("a.tif", None, str(tmp_path / "a.tif")))
    monkeypatch.setattr("dbcr_core.batch.stac.scene_item", lambda *_: {"id": "a", "number": float("inf")})
    with pytest.raises(ValueError, match="JSON"):
        write_item(scene, None)
    assert os.listdir(tmp_path) == []


def shoelace(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:])) / 2


def grid_at(tmp_path, crs, origin, pixel=10.0, size=(900, 1000)):
    path = write_raster(tmp_path / "g.tif", np.ones((1, *size), np.uint8), crs=crs, origin=origin, pixel=pixel)
    with open_raster(path) as raster:
        return raster.grid


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_footprint_is_a_closed_counter_clockwise_ring_in_degrees(tmp_path, monkeypatch, backend):
    monkeypatch.setattr("dbcr_core.rasters.opening.default_backend", lambda: backend)
    grid = grid_at(tmp_path, "EPSG:32643", (400_000.0, 3_500_000.0))
    geometry = footprint(grid)
    (ring,) = geometry["coordinates"]
    assert ring[0] == ring[-1] and shoelace(ring) > 0
    lon, lat = transform("EPSG:32643", "EPSG:4326", [400_000.0], [3_500_000.0])
    assert ring[0] == pytest.approx([lon[0], lat[0]], abs=1e-7)
    assert bounding_box(geometry)[0] == min(point[0] for point in ring)
    assert epsg_code(grid.crs_wkt) == 32643


def test_a_footprint_is_cut_at_the_antimeridian(tmp_path):
    grid = grid_at(tmp_path, "EPSG:4326", (179.5, -16.0), pixel=0.001)
    geometry = footprint(grid)
    assert geometry["type"] == "MultiPolygon"
    assert [shoelace(polygon[0]) > 0 for polygon in geometry["coordinates"]] == [True, True]
    assert bounding_box(geometry) == pytest.approx([179.5, -16.9, -179.5, -16.0])


@pytest.mark.parametrize(("west", "box"), [(179.0, [179.0, 180.0]), (180.0, [-180.0, -179.0])])
def test_a_footprint_that_only_touches_the_antimeridian_is_one_polygon(tmp_path, west, box):
    geometry = footprint(grid_at(tmp_path, "EPSG:4326", (west, -16.0), pixel=0.001))
    assert geometry["type"] == "Polygon" and shoelace(geometry["coordinates"][0]) > 0
    assert bounding_box(geometry)[::2] == pytest.approx(box)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("S2A_MSIL1C_20200823T054641_N0209_R048_T43RDQ_20200823T081501.SAFE", "2020-08-23T05:46:41Z"),
        ("optical_cloudy_2020-08-23_L1C.tif", "2020-08-23T00:00:00Z"),
        ("2020-08-23T05:46:41.024Z", "2020-08-23T05:46:41Z"),
        ("2020:08:23 05:46:41", "2020-08-23T05:46:41Z"),
        ("2020-08-23T05:46:41.024+05:00", "2020-08-23T00:46:41Z"),
        ("scene_20200823T054641-0100.tif", "2020-08-23T05:46:41Z"),
        ("T43RDQ_20200823.tif", "2020-08-23T00:00:00Z"),
        ("tile_123456789012.tif", ""),
        ("2020-02-31.tif", ""),
        ("scene.tif", ""),
    ],
)
def test_the_time_of_acquisition_is_read_from_names_and_never_invented(text, time):
    assert parse_time(text) == time


def test_tags_tell_the_time_better_than_names():
    tags = {"Product_Start_Time": "2021-01-02T03:04:05.000Z"}
    assert acquisition_time(tags, "/a/2020-08-23.tif") == "2021-01-02T03:04:05Z"


def test_the_time_when_a_file_was_made_counts_where_no_name_tells():
    tags = {"TIFFTAG_DATETIME": "2026:11:28 10:00:00"}
    assert acquisition_time(tags, "/a/S2A_MSIL2A_20200823T054641_N0214.tif") == "2020-08-23T05:46:41Z"
    assert acquisition_time(tags, "/a/clear.tif").startswith("2026-11-28T")


def item(name, time, assets, bbox=(10.0, 45.0, 11.0, 46.0), **properties):
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "id": name,
        "bbox": list(bbox),
        "geometry": None,
        "properties": {"datetime": time, **properties},
        "links": [{"rel": "self", "href": f"https://a.org/{name}"}],
        "assets": assets,
    }


@pytest.fixture
def collection(tmp_path):
    """Band files of two Sentinel-2 items and three Sentinel-1 items, as catalogues list them; and their list."""
    names = {"blue": "B02", "green": "B03", "red": "B04", "nir": "B08", "rededge1": "B05", "swir16": "B11"}
    optical = {}
    for number, (key, band) in enumerate(names.items()):
        coarse = band in ("B05", "B11")
        size, pixel = ((60, 70), 20.0) if coarse else ((120, 140), 10.0)
        values = reflective_dn(1, *size, seed=number)
        optical[key] = {
            "href": Path(write_raster(tmp_path / f"{band}.tif", values, pixel=pixel, nodata=0)).name,
            "eo:bands": [{"name": key, "common_name": key}],
        }
    optical["visual"] = {"href": "TCI.tif", "eo:bands": [{"name": "red"}, {"name": "green"}, {"name": "blue"}]}
    optical["scl"] = {"href": "SCL.tif"}
    radar = {}
    for name, values in zip(("vv", "vh"), backscatter_db(120, 140)):
        radar[name] = {"href": Path(write_raster(tmp_path / f"{name}.tif", values[None])).name}
    items = [
        item("s2-a", "2020-08-23T05:46:41Z", optical),
        item("s2-b", "2020-09-30T05:46:41Z", optical, **{"dbcr:nfe": 2}),
        item("s1-near", "2020-08-25T01:00:00Z", radar),
        item("s1-nearest-elsewhere", "2020-08-23T01:00:00Z", radar, bbox=(10.9, 45.0, 12.0, 46.0)),
        item("s1-late", "2020-09-29T01:00:00Z", radar),
    ]
    path = tmp_path / "items.json"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": items}), encoding="utf-8")
    return path


def radars(scenes):
    """The ids of the radar items that scenes are paired with."""
    return [Path(scene.job.sar).name.partition("_sar_")[0] for scene in scenes]


def test_optical_items_are_paired_with_the_radar_that_covers_them_nearest_in_time(collection, tmp_path):
    scenes = read_scene_list(str(collection), str(tmp_path / "out"))
    assert [scene.name for scene in scenes] == ["s2-a", "s2-b"]
    assert radars(scenes) == ["s1-near", "s1-late"]
    assert scenes[0].derived_from == ("https://a.org/s2-a", "https://a.org/s1-near")
    assert [scene.job.nfe for scene in scenes] == [1, 2]
    with open_raster(scenes[0].job.optical) as raster:
        assert raster.profile.descriptions == ("B02", "B03", "B04", "B05", "B08", "B11")
        assert raster.grid.pixel_size == (10.0, 10.0)
        stacked = raster.read([4, 5], raster.grid.window)
    with rasterio.open(tmp_path / "B05.tif") as band:
        assert (stacked[0] == band.read(1).repeat(2, 0).repeat(2, 1)).all()
    with rasterio.open(tmp_path / "B08.tif") as band:
        assert (stacked[1] == band.read(1)).all()


@pytest.mark.parametrize("is_reversed", [False, True])
@pytest.mark.parametrize("told", ["key", "href", "gsd", "proj:shape", "spatial_resolution"])
def test_of_a_band_in_several_resolutions_the_finest_is_taken(collection, tmp_path, told, is_reversed):
    def asset(size, stem):
        values = reflective_dn(1, 120, 140)[:, :: size // 10, :: size // 10]
        path = write_raster(tmp_path / f"{stem}{f'_{size}m' if told == 'href' else ''}.tif", values, pixel=float(size))
        told_so = {
            "gsd": {"gsd": size},
            "proj:shape": {"proj:shape": [1200 // size, 1400 // size], "gsd": 10},
            "spatial_resolution": {"raster:bands": [{"spatial_resolution": size}], "gsd": 10},
        }
        bands = {} if told == "key" else {"eo:bands": [{"name": "B02"}]}
        return {"href": Path(path).name, **bands, **told_so.get(told, {})}

    def change(items):
        both = {20: "coarse", 10: "fine"}
        assets = {f"B02_{size}m" if told == "key" else stem: asset(size, stem) for size, stem in both.items()}
        del items["s2-a"]["assets"]["blue"]
        items["s2-a"]["assets"].update(dict(reversed(list(assets.items()))) if is_reversed else assets)

    scenes = read_scene_list(rewritten(collection, change), str(tmp_path / "out"))
    named = Path(scenes[0].job.optical).read_text(encoding="utf-8")
    assert "fine" in named and "coarse" not in named


@pytest.mark.parametrize("shape", [[10980, 10980], "10980", [0, 1], [1, True], None])
def test_what_only_one_asset_tells_of_its_size_does_not_decide(shape):
    coarse, fine = {"href": "a.tif", "gsd": 20, "proj:shape": shape}, {"href": "b.tif", "gsd": 10}
    assert finest({"a": coarse, "b": fine}) is fine and finest({"b": fine, "a": coarse}) is fine


def test_a_collection_is_cleared_and_a_rerun_finds_it_complete(collection, tmp_path, capsys):
    write_scenes(tmp_path, ("x",))
    arguments = ["batch", str(collection), "--output", str(tmp_path / "out"), "--model", str(tmp_path / "tiny.dbcr")]
    assert main([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["reused"] == 0
    written = json.loads((tmp_path / "out" / "s2-a.json").read_text(encoding="utf-8"))
    assert written["properties"]["datetime"] == "2020-08-23T05:46:41Z"
    assert [link["href"] for link in written["links"]] == ["https://a.org/s2-a", "https://a.org/s1-near"]
    assert main([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["reused"] == 2


def test_an_item_may_name_its_inputs_itself(tmp_path):
    path = tmp_path / "item.json"
    assets = {"optical": {"href": "a.tif"}, "sar": {"href": "b.tif"}, "mask": {"href": "https://a.org/m.tif"}}
    path.write_text(json.dumps(item("own", None, assets, **{"dbcr:mask_buffer": 3})), encoding="utf-8")
    (scene,) = read_scene_list(str(path), str(tmp_path / "out"))
    assert scene.job.optical == str(tmp_path / "a.tif") and scene.job.mask == "/vsicurl/https://a.org/m.tif"
    assert scene.job.mask_buffer == 3 and scene.datetime == ""


def test_hrefs_are_addresses_and_the_files_behind_a_collection_are_noticed(collection, tmp_path):
    (tmp_path / "B04.tif").rename(tmp_path / "red band.tif")
    text = collection.read_text(encoding="utf-8").replace('"B04.tif"', '"red%20band.tif"')
    text = text.replace('"B02.tif"', f'"{(tmp_path / "B02.tif").as_uri()}"')
    collection.write_text(text, encoding="utf-8")
    scene, _ = read_scene_list(str(collection), str(tmp_path / "out"))
    assert {str(tmp_path / "B02.tif"), str(tmp_path / "red band.tif")} < set(files_behind(scene.job.optical))
    before = fingerprint(scene, {})
    os.utime(tmp_path / "red band.tif", (1, 1))
    assert fingerprint(scene, {}) != before


def test_an_item_without_radar_fails_its_own_scene_only(collection, tmp_path):
    def change(items):
        items["s2-a"]["properties"]["datetime"] = "2017-08-23T05:46:41Z"

    first, second = read_scene_list(rewritten(collection, change), str(tmp_path / "out"))
    assert first.problem.startswith("item s2-a: no Sentinel-1 item") and first.job.sar is None
    assert not second.problem and radars([second]) == ["s1-late"]

    def given(items):
        items["s2-a"]["assets"]["sar"] = {"href": "vv.tif"}

    first, _ = read_scene_list(rewritten(collection, given), str(tmp_path / "out"))
    assert (first.job.sar, first.problem) == (str(tmp_path / "vv.tif"), ""), "as the sentence says"


NOW = {"datetime": "2020-08-23T05:46:41Z"}


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        (None, "item s2-a: its properties are no JSON object; correct the item."),
        ([NOW], "item s2-a: its properties are no JSON object; correct the item."),
        ({**NOW, "platform": "landsat-9"}, "item s2-a: it is Landsat's, .*; take Sentinel-2 items."),
        ({**NOW, "dbcr:nfe": "many"}, "item s2-a: the value of nfe must be a number, not 'many'."),
        ({**NOW, "dbcr:nfe": 99, "dbcr:seed": 1}, "item s2-a: .* from 1 to 10"),
        ({**NOW, "dbcr:output": "x" * 300}, "item s2-a: the name x{20}… is too long"),
    ],
)
def test_what_an_item_says_wrongly_of_itself_fails_its_own_scene_only(collection, tmp_path, properties, words):
    def change(items):
        items["s2-a"]["properties"] = properties

    path = rewritten(collection, change)
    first, second = read_scene_list(path, str(tmp_path / "out"), {"seed": 7})
    assert re.match(words, first.problem) and first.name == "s2-a" and first.job.seed == 7
    assert (second.problem, second.job.nfe) == ("", 2)
    with pytest.raises(InputError, match="items.json, item s2-.: .* from 1 to 10"):
        read_scene_list(path, str(tmp_path / "out"), {"nfe": 99})


def spoiled(name, key, asset):
    """A change of one asset of an item."""

    def change(items):
        items[name]["assets"][key] = asset

    return change


@pytest.mark.parametrize(
    ("change", "first", "second"),
    [
        (spoiled("s2-a", "thumbnail", {"href": None}), "", ""),
        (spoiled("s2-a", "scl", 7), "", ""),
        (spoiled("s2-a", "red", {"href": None}), "item s2-a: its asset red cannot be read", ""),
        (spoiled("s2-a", "x", {"eo:bands": [{"name": "B8A"}]}), "item s2-a: its asset x cannot be read", ""),
        (spoiled("s2-a", "optical", {"href": None}), "item s2-a: its asset optical cannot be read", ""),
        (spoiled("s2-a", "blue", {"href": "B02.tif", "eo:bands": 7}), "item s2-a: its asset blue cannot be read", ""),
        (spoiled("s1-late", "vv", {"href": 7}), "", "item s2-b, its radar s1-late: its asset vv cannot be read"),
    ],
)
def test_an_asset_that_cannot_be_read_fails_at_most_its_own_scene(collection, tmp_path, change, first, second):
    scenes = read_scene_list(rewritten(collection, change), str(tmp_path / "out"))
    assert [scene.name for scene in scenes] == ["s2-a", "s2-b"]
    for scene, words in zip(scenes, (first, second)):
        assert scene.problem.startswith(words) and bool(scene.problem) == bool(words)


def test_an_item_none_of_whose_bands_can_be_read_is_not_left_out_silently(collection, tmp_path):
    def change(items):
        items["s2-a"]["assets"] = {key: {"href": None} for key in items["s2-a"]["assets"]}

    first, second = read_scene_list(rewritten(collection, change), str(tmp_path / "out"))
    assert first.problem.startswith("item s2-a: its asset blue cannot be read") and not second.problem


@pytest.mark.parametrize(
    ("change", "words"), [({"assets": 7}, "feature 's2-b'"), ({"id": None}, "number 2"), ({"bbox": [1]}, "'s2-b'")]
)
def test_a_feature_that_is_no_item_is_named(collection, tmp_path, change, words):
    with pytest.raises(InputError, match=f"{words} is no item"):
        read_scene_list(rewritten(collection, lambda items: items["s2-b"].update(change)), str(tmp_path / "out"))


@pytest.mark.parametrize(("time", "read"), [("2020-08-24T23:59:60Z", "2020-08-25T00:00:00Z"), ("one day in May", "")])
def test_a_time_that_cannot_be_read_is_none(collection, tmp_path, time, read):
    def change(items):
        items["s2-a"]["properties"]["datetime"] = time

    first, second = read_scene_list(rewritten(collection, change), str(tmp_path / "out"))
    assert (first.datetime, first.problem, second.problem) == (read, "", "")


def box(west, south, east, north):
    return {"bbox": [west, south, east, north], "geometry": None}


def ring(*points):
    return {"geometry": {"type": "Polygon", "coordinates": [[*points, points[0]]]}}


@pytest.mark.parametrize(
    ("other", "share"),
    [
        (box(9, 44, 12, 47), 1.0),
        (box(10.75, 45, 12, 46), 0.25),
        (box(11, 45, 12, 46), 0.0),
        ({**box(9, 44, 12, 47), **ring([11.2, 44], [12, 44.2], [12, 47], [11.5, 47])}, 0.0),
        ({**box(9, 44, 12, 47), **ring([10, 45], [11, 45], [10, 46])}, 0.5),
        ({**box(9, 44, 12, 47), "geometry": {"type": "Point", "coordinates": [1, 2]}}, 1.0),
        ({"geometry": {"type": "Polygon", "coordinates": [[]]}}, 0.0),
    ],
)
def test_ground_is_covered_by_outlines_and_else_by_boxes(other, share):
    assert share_covered(ground_of(box(10, 45, 11, 46)), ground_of(other)) == pytest.approx(share, abs=0.03)


def test_ground_that_lies_apart_is_not_looked_at_point_by_point(monkeypatch):
    monkeypatch.setattr("dbcr_core.batch.ground_cover._inside", None)
    assert share_covered(ground_of(box(10, 45, 11, 46)), ground_of(box(12, 45, 13, 46))) == 0
    assert share_covered(ground_of(box(10, 45, 11, 46)), ground_of({})) == 0


def test_each_ground_of_a_collection_is_worked_out_once(collection, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "dbcr_core.batch.stac_pairing.ground_of", lambda each: seen.append(each["id"]) or ground_of(each)
    )
    read_scene_list(str(collection), str(tmp_path / "out"))
    assert len(seen) == len(set(seen)) == 5


def test_ground_goes_on_across_the_antimeridian():
    west, east = ([170, -20], [180, -20], [180, -19], [170, -19]), ([-180, -20], [-179, -20], [-179, -19], [-180, -19])
    halves = {"type": "MultiPolygon", "coordinates": [[[*west, west[0]]], [[*east, east[0]]]]}
    places = [box(170, -20, -179, -19), ring([170, -20], [-179, -20], [-179, -19], [170, -19]), {"geometry": halves}]
    for one in places:
        for other in places:
            assert share_covered(ground_of(one), ground_of(other)) == 1
        assert share_covered(ground_of(one), ground_of(box(-180, -20, -179, -19))) == pytest.approx(1 / 11, abs=0.03)


def rewritten(collection, change):
    """The collection after `change` of its items by their names."""
    content = json.loads(collection.read_text(encoding="utf-8"))
    change({each["id"]: each for each in content["features"]})
    collection.write_text(json.dumps(content), encoding="utf-8")
    return str(collection)


def test_radar_items_that_share_an_id_keep_their_own_files(collection, tmp_path):
    for name in ("vv", "vh"):
        shutil.copy(tmp_path / f"{name}.tif", tmp_path / f"{name}-late.tif")

    def change(items):
        items["s1-late"]["id"] = "s1-near"
        for name, asset in items["s1-late"]["assets"].items():
            asset["href"] = f"{name}-late.tif"

    first, second = read_scene_list(rewritten(collection, change), str(tmp_path / "out"))
    assert radars([first, second]) == ["s1-near"] * 2
    assert str(tmp_path / "vv.tif") in files_behind(first.job.sar)
    assert str(tmp_path / "vv-late.tif") in files_behind(second.job.sar)


def test_an_unknown_time_of_the_radar_counts_last_and_a_span_as_its_middle(collection, tmp_path):
    def change(items):
        items["s1-near"]["properties"] = {"datetime": None}
        span = {"start_datetime": "2020-08-24T04:00:00+02:00", "end_datetime": "2020-08-25T00:00:00Z"}
        items["s1-late"]["properties"] = {"datetime": None, **span}
        items["s2-b"]["properties"] = {"datetime": None, **span}

    scenes = read_scene_list(rewritten(collection, change), str(tmp_path / "out"))
    assert radars(scenes) == ["s1-late"] * 2
    assert scenes[1].datetime == "2020-08-24T13:00:00Z"

    def much_longer(items):
        items["s2-b"]["properties"]["end_datetime"] = "2020-08-26T00:00:00Z"

    scenes = read_scene_list(rewritten(collection, much_longer), str(tmp_path / "out"))
    assert radars(scenes) == ["s1-late"] * 2
    assert scenes[1].datetime == "", "the middle of a long span is no time of acquisition"

    def only_old(items):
        for name in ("s1-late", "s1-nearest-elsewhere"):
            items[name]["properties"] = {"datetime": None, "start_datetime": "2017-01-01T05:00:00Z"}

    scenes = read_scene_list(rewritten(collection, only_old), str(tmp_path / "out"))
    assert radars(scenes) == ["s1-near"] * 2


def stating(old=None, new=None, **properties):
    """A change of the first item: what all its bands' assets state, by raster:bands or by STAC 1.1."""

    def change(items):
        items["s2-a"]["properties"].update(properties)
        for asset in items["s2-a"]["assets"].values():
            if len(asset.get("eo:bands", [])) == 1:
                asset.update({"raster:bands": [old]} if old else new)

    return change


@pytest.mark.parametrize(
    ("change", "offset", "words"),
    [
        (
            stating({"scale": 0.0001, "offset": -0.1, "nodata": 0}),
            -0.1,
            "scale 0.0001 and offset -0.1 of the STAC item",
        ),
        (stating(new={"raster:scale": 0.0001, "raster:offset": -0.1}), -0.1, "of the STAC item"),
        (stating(new={"bands": [{"raster:scale": 0.0001, "raster:offset": -0.1}]}), -0.1, "of the STAC item"),
        (
            stating({"scale": 0.0001, "offset": -0.1}, **{"earthsearch:boa_offset_applied": True}),
            0.0,
            "offset 0 of the STAC item, which says that its offset is applied already",
        ),
        (
            stating({"scale": 0.0001, "offset": -0.1}, **{"s2:processing_baseline": "02.14"}),
            0.0,
            "whose processing baseline 02.14 has no offset",
        ),
    ],
)
def test_scale_and_offset_of_an_item_count(collection, tmp_path, change, offset, words):
    if offset:
        for path in tmp_path.glob("B*.tif"):
            with rasterio.open(path, "r+") as raster:
                raster.write(raster.read() + 1000)
    scene, other = read_scene_list(rewritten(collection, change), str(tmp_path / "out"))
    with open_raster(scene.job.optical) as raster:
        assert set(zip(raster.profile.scales, raster.profile.offsets)) == {(0.0001, offset)}
        found = detect_optical(raster, match_optical(raster.profile))
    assert (found.scale, found.offset) == (0.0001, offset) and words in found.how
    with open_raster(other.job.optical) as raster:
        assert set(raster.profile.scales) == {1.0}


def test_the_processing_baseline_of_an_item_tells_of_an_offset_that_nobody_states(collection, tmp_path):
    for path in tmp_path.glob("B*.tif"):
        with rasterio.open(path, "r+") as raster:
            raster.write(raster.read() + 1000)

    def baseline(number, **properties):
        def change(items):
            items["s2-a"]["properties"] = {**NOW, "s2:processing_baseline": number, **properties}

        scene, _ = read_scene_list(rewritten(collection, change), str(tmp_path / "out"))
        with open_raster(scene.job.optical) as raster:
            found = detect_optical(raster, match_optical(raster.profile))
        return found.offset, found.how

    assert baseline("05.09") == (-0.1, "processing baseline 05.09")
    applied = {"earthsearch:boa_offset_applied": True}
    assert baseline("05.09", **applied)[1].startswith("assumed")
    assert baseline("5.9")[1].startswith("assumed"), "none that the agency writes"
    assert baseline("99.99")[1].startswith("assumed"), "of a processor run by hand"
    version = {"processing:version": "05.11", "platform": "sentinel-2b"}
    assert baseline("", **version, **{"product:type": "S2MSI2A"}) == (-0.1, "processing baseline 05.11")
    assert baseline("", **version, **{"processing:level": "L1C"}) == (-0.1, "processing baseline 05.11")
    assert baseline("02.14", **version, **{"processing:level": "L2A"}) == (0.0, "processing baseline 02.14")
    for other in ({}, {"processing:level": "L3"}, {"product:type": "S2MSI2A", "platform": "other"}):
        assert baseline("", **{**version, **other})[1].startswith("assumed"), "somebody else's version"
    for number in ("1.2.3", "05.11.2"):
        own = {"product:type": "S2MSI2A", "processing:version": number, "platform": "sentinel-2b"}
        assert baseline("", **own)[1].startswith("assumed"), "of somebody's own processing"
    with rasterio.open(tmp_path / "B02.tif", "r+") as raster:
        raster.update_tags(PROCESSING_BASELINE="02.14")
    assert baseline("05.09") == (0.0, "processing baseline 02.14"), "what the file says itself"


def test_what_an_item_states_of_its_only_radar_file_counts(collection, tmp_path):
    write_raster(tmp_path / "vv100.tif", np.round(backscatter_db(120, 140)[:1] * 100).astype(np.int16))

    def change(items):
        stated = {"href": "vv100.tif", "raster:bands": [{"scale": 0.01, "nodata": -32768}]}
        items["s1-near"]["assets"], items["s1-late"]["assets"] = {"vv": stated}, {"vv": {"href": "vv.tif"}}

    first, second = read_scene_list(rewritten(collection, change), str(tmp_path / "out"))
    with open_raster(first.job.sar) as raster:
        assert (raster.profile.scales, raster.profile.nodata) == ((0.01,), -32768)
        assert raster.profile.descriptions == ("VV",)
    assert second.job.sar == str(tmp_path / "vv.tif"), "where nothing is stated the file itself does"

    def wrong(items):
        items["s1-near"]["assets"]["vv"]["raster:bands"] = [{"scale": 0}]

    first, _ = read_scene_list(rewritten(collection, wrong), str(tmp_path / "out"))
    assert "its radar s1-near: the scale of vv100.tif is 0" in first.problem


def test_an_item_that_states_an_offset_which_the_values_have_not_is_refused(collection, tmp_path):
    change = stating({"scale": 0.0001, "offset": -0.1})
    scene, _ = read_scene_list(rewritten(collection, change), str(tmp_path / "out"))
    assert "offset is still in (scale 0.0001 and offset -0.1 of the STAC item)" in judged(scene.job.optical)

    def decided(items):
        items["s2-a"]["properties"]["dbcr:optical_values"] = "dn"

    scene, _ = read_scene_list(rewritten(collection, decided), str(tmp_path / "out"))
    with open_raster(scene.job.optical) as raster:
        assert set(raster.profile.scales) == {1.0}, "what the user says of the values holds"


def test_a_file_that_states_other_values_than_its_item_is_not_cleared(collection, tmp_path):
    with rasterio.open(tmp_path / "B04.tif", "r+") as raster:
        raster.scales = (0.0002,)
    stated = {name: StatedValues("the item", 0.0001, -0.1, 7.0, "optical_values") for name in ("B03", "B04")}
    files = {name: str(tmp_path / f"{name}.tif") for name in stated}
    fact = r"B04.*scale 0.0002 and the offset 0, but the item 0.0001 and -0.1; correct one of them"
    with pytest.raises(InputError, match=f"{fact}, or say .* option optical_values.$"):
        stack_vrt(files, stated=stated)
    with pytest.raises(InputError, match=rf"{fact}\.$"):
        stack_vrt(files, stated={"B04": StatedValues("the item", 0.0001, -0.1)})
    del files["B04"], stated["B04"]
    with open_raster(write_stack(str(tmp_path / "s.vrt"), files, stated=stated)) as raster:
        assert (raster.profile.scales, raster.profile.nodata) == ((0.0001,), 0.0), "the file's own nodata value counts"


def test_a_file_that_keeps_its_scale_in_32_bits_agrees_with_its_item(tmp_path):
    path = write_raster(tmp_path / "B04.tif", reflective_dn(1, 20, 20))
    with rasterio.open(path, "r+") as raster:
        raster.scales, raster.offsets = (float(np.float32(0.0001)),), (float(np.float32(-0.1)),)
    stack = write_stack(str(tmp_path / "s.vrt"), {"B04": path}, stated={"B04": StatedValues("it", 0.0001, -0.1)})
    with open_raster(stack) as raster:
        assert (raster.profile.scales, raster.profile.offsets) == ((0.0001,), (-0.1,))


def test_a_nodata_value_of_an_item_counts_where_the_file_states_none(tmp_path):
    path = write_raster(tmp_path / "vv.tif", backscatter_db(20, 20)[:1])
    for nodata, found in ((-32768.0, -32768.0), (None, None)):
        stack = write_stack(str(tmp_path / "s.vrt"), {"VV": path}, stated={"VV": StatedValues("it", nodata=nodata)})
        with open_raster(stack) as raster:
            assert raster.profile.nodata == found
    whole = write_raster(tmp_path / "whole.tif", np.ones((1, 20, 20), np.uint16))
    with open_raster(
        write_stack(str(tmp_path / "t.vrt"), {"VV": whole}, stated={"VV": StatedValues("it", nodata=-1)})
    ) as t:
        assert t.profile.nodata is None, "no pixel of that type can be -1"


def test_a_missing_band_fails_its_own_scene_only_and_names_it(collection, tmp_path, capsys, monkeypatch):
    write_scenes(tmp_path, ("x",))

    def change(items):
        items["s2-a"]["assets"]["red"]["href"] = "gone.tif"

    rewritten(collection, change)
    monkeypatch.chdir(tmp_path.parent)
    arguments = ["batch", str(collection), "--output", f"{tmp_path.name}/out", "--model", str(tmp_path / "tiny.dbcr")]
    assert main(arguments) == 1
    printed = capsys.readouterr()
    assert "item s2-a: The file" in printed.out and "gone.tif does not exist" in printed.out
    assert "1 failed, 1 complete" in printed.out and "Trying again" not in printed.err
    assert (tmp_path / "out" / "s2-b.tif").exists() and not (tmp_path / "out" / "s2-a.tif").exists()
    write_raster(tmp_path / "gone.tif", reflective_dn(1, 120, 140), nodata=0)
    assert main([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["reused"] == 1


def test_a_result_stays_complete_while_its_inputs_are_out_of_reach(collection, tmp_path, monkeypatch):
    scenes = read_scene_list(str(collection), str(tmp_path / "out"))
    whole = write_stack

    def unreachable(path, files, *others):
        if "s2-a" in path:
            raise InputError("No answer.")
        return whole(path, files, *others)

    monkeypatch.setattr("dbcr_core.batch.stac_list.write_stack", unreachable)
    first, second = read_scene_list(str(collection), str(tmp_path / "out"))
    assert first.job.optical == scenes[0].job.optical and fingerprint(first, {}) == fingerprint(scenes[0], {})
    assert (first.problem, second.problem) == ("item s2-a: No answer.", "")
    monkeypatch.setattr("dbcr_core.batch.stac_list.write_stack", lambda path, *others: unreachable("s2-a", *others))
    first, second = read_scene_list(str(collection), str(tmp_path / "out"))
    assert first.problem and second.problem, "no list is refused for that"
    assert fingerprint(second, {}) == fingerprint(scenes[1], {})


@pytest.mark.parametrize(
    ("crs", "factor"), [("EPSG:2263", 0.3048006096), (UTM, 1.0), ("EPSG:4326", 111_320.0), ("", 1.0)]
)
@pytest.mark.parametrize("backend", BACKENDS)
def test_units_of_a_crs_are_told_in_metres(monkeypatch, backend, crs, factor):
    monkeypatch.setattr("dbcr_core.rasters.opening.default_backend", lambda: backend)
    wkt = rasterio.crs.CRS.from_user_input(crs).to_wkt() if crs else ""
    assert metres_per_unit(wkt) == pytest.approx(factor)


def test_a_stack_that_says_the_same_is_not_written_again(collection, tmp_path):
    files = {"B02": str(tmp_path / "B02.tif"), "B05": str(tmp_path / "B05.tif")}
    path = write_stack(str(tmp_path / "s.vrt"), files)
    before = Path(path).stat().st_mtime_ns
    assert write_stack(path, files) == path and Path(path).stat().st_mtime_ns == before
    whole = Path(path).read_bytes()
    Path(path).write_bytes(whole[:50] + b"\xff\xfe" + whole[52:])
    assert write_stack(path, files) == path and Path(path).read_bytes() == whole, "a damaged one is"


def test_bands_on_different_ground_are_refused(collection, tmp_path):
    other = write_raster(tmp_path / "far.tif", reflective_dn(1, 60, 70), pixel=20.0, origin=(700_000.0, 5_000_000.0))
    with pytest.raises(InputError, match="B05 .* same ground"):
        stack_vrt({"B02": str(tmp_path / "B02.tif"), "B05": other})
