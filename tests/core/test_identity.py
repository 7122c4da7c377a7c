# SPDX-License-Identifier: GPL-3.0-or-later
"""What counts as the same input: however its address is signed, wherever its batch is moved, and never two at once."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from dbcr_core.batch.journal import fingerprint
from dbcr_core.batch.scene_list import read_scene_list
from dbcr_core.identity import known_by, unsigned
from dbcr_core.job import CloudRemovalJob
from dbcr_core.provenance import resume_key
from dbcr_core.rasters import vrt
from tests.core.batch_scenes import write_scenes
from tests.core.raster_files import backscatter_db, reflective_dn, write_raster

PLACE = "/vsicurl/https://a.org/B02.tif"


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("?st=2026-01-01T00%3A00%3A00Z&se=2026&sp=rl&sv=2021&sr=c&sig=a%2Fb%3D", ""),
        ("?X-Amz-Algorithm=A&X-Amz-Signature=1&X-Amz-Expires=2&versionId=7", "?versionId=7"),
        ("?Expires=1&Signature=2&Key-Pair-Id=3", ""),
        ("?file=B02.tif&access_token=1", "?file=B02.tif"),
        ("?st=1&sp=2", "?st=1&sp=2"),
        ("?key=B02.tif&id=7", "?key=B02.tif&id=7"),
        ("?sig=1,/vsicurl/https://a.org/B03.tif?sig=2&part=3", ",/vsicurl/https://a.org/B03.tif?part=3"),
        ("", ""),
    ],
)
def test_an_address_is_known_by_all_but_what_signs_it(query, kept):
    assert unsigned(PLACE + query) == PLACE + kept
    assert unsigned(PLACE[len("/vsicurl/") :] + query) == PLACE[len("/vsicurl/") :] + kept


@pytest.mark.parametrize("name", ["/vsizip//vsicurl/https://a.org/b.zip?sig=1/B02.tif", "/data/a?sig=1.tif", "a?sig=1"])
def test_what_may_name_another_file_stays(name):
    assert unsigned(name) == name


def of_table(folder, optical):
    path = folder / "list.csv"
    path.write_text(f"name;optical;model\na;{optical};{folder / 'tiny.dbcr'}\n", encoding="utf-8")
    (scene,) = read_scene_list(str(path), str(folder / "out"))
    return fingerprint(scene, {}), resume_key(scene.job)


def test_a_table_whose_addresses_are_signed_anew_names_the_same_inputs(tmp_path):
    write_scenes(tmp_path, ("a",))
    first, again, other = (
        of_table(tmp_path, f"https://a.org/get?{query}") for query in ("file=1&sig=A", "file=1&sig=B", "file=2&sig=A")
    )
    assert first == again and all(one != two for one, two in zip(first, other))
    (scene,) = read_scene_list(str(unnamed(tmp_path)), str(tmp_path / "out"))
    assert scene.name == "x"
    assert "A" in CloudRemovalJob(f"{PLACE}?sig=A", None, "o.tif").optical, "it is still opened by its whole address"


def unnamed(folder):
    path = folder / "unnamed.csv"
    path.write_text("optical\nhttps://a.org/x.tif?sig=a.b/c\n", encoding="utf-8")
    return path


def signed_collection(folder, key):
    """A STAC collection whose files lie on the web, signed with a key."""
    optical = {name: {"href": f"https://a.org/{name}.tif?sp=r&sig={key}"} for name in ("B02", "B03", "B04")}
    items = [
        {"id": name, "properties": {"datetime": "2023-07-11T05:46:41Z"}, "bbox": [8, 44, 10, 46], "assets": assets}
        for name, assets in (("s2", optical), ("s1", {"vv": {"href": f"https://a.org/vv.tif?sp=r&sig={key}"}}))
    ]
    path = folder / "items.json"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": items}), encoding="utf-8")
    return str(path)


def test_a_collection_that_is_signed_anew_names_the_same_inputs(tmp_path, monkeypatch):
    def stack(path, files, *_):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write("".join(vrt.source(name, 1) for name in files.values()))
        return path

    def read(key):
        (scene,) = read_scene_list(signed_collection(tmp_path, key), str(tmp_path / "out"))
        return scene

    monkeypatch.setattr("dbcr_core.batch.stac_list.write_stack", stack)
    first, before = read("A"), fingerprint(read("A"), {})
    again = read("B")
    assert again.job.optical == first.job.optical and fingerprint(again, {}) == before
    assert resume_key(again.job) == resume_key(first.job)
    with open(again.job.optical, encoding="utf-8") as stream:
        assert "sig=B" in stream.read(), "the new key is the one that opens it"
    monkeypatch.undo()
    away = read("C")
    assert "over the network" in away.problem
    assert (away.job.optical, fingerprint(away, {})) == (first.job.optical, before), "complete, whatever the key"


def test_a_virtual_raster_is_known_by_what_it_says(tmp_path):
    path = tmp_path / "a.vrt"

    def known(name, band=1):
        path.write_text(vrt.source(name, band), encoding="utf-8")
        os.utime(path, (band, len(name)))
        return known_by(str(path))

    assert known(f"{PLACE}?sig=A&part=1") == known(f"{PLACE}?part=1&sig=BB")
    assert len({known(f"{PLACE}?part=1"), known(f"{PLACE}?part=2"), known(PLACE), known(PLACE, 2)}) == 4
    path.unlink()
    assert known_by(str(path)) == "gone"


def test_a_batch_that_is_moved_names_the_same_inputs_and_another_folder_others(tmp_path):
    first = tmp_path / "first"
    for name in ("x", "y"):
        (first / name).mkdir(parents=True)
        for number, band in enumerate(("B02", "B03", "B04")):
            write_raster(first / name / f"{band}.tif", reflective_dn(1, 20, 20, seed=number))
            os.utime(first / name / f"{band}.tif", (1e9, 1e9))
        write_raster(first / name / "vv.tif", backscatter_db(20, 20)[:1])
        os.utime(first / name / "vv.tif", (1e9, 1e9))

    def prints(folder, name):
        assets = {band: {"href": f"{name}/{band}.tif"} for band in ("B02", "B03", "B04")}
        item = {"type": "Feature", "id": "a", "properties": {}, "assets": {**assets, "sar": {"href": f"{name}/vv.tif"}}}
        (folder / "item.json").write_text(json.dumps(item), encoding="utf-8")
        (folder / "list.csv").write_text(f"name,optical\na,{name}/B02.tif\n", encoding="utf-8")
        found = []
        for each in ("item.json", "list.csv"):
            (scene,) = read_scene_list(str(folder / each), str(folder / "out"))
            assert not scene.problem
            found.append(fingerprint(scene, {}))
        return found

    known = prints(first, "x")
    other = prints(first, "y")
    assert known[0] != other[0] and known[1] != other[1], "same names, sizes and times, but other files"
    shutil.copytree(first, tmp_path / "moved")
    assert prints(tmp_path / "moved", "x") == known
