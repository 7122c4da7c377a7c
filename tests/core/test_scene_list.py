# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of scenes: every common spelling is read, nothing is guessed, mistakes are named with their row."""

from __future__ import annotations

import json
import os
from contextlib import nullcontext

import pytest

from dbcr_core.batch.input_files import input_path
from dbcr_core.batch.names import file_name
from dbcr_core.batch.scene_list import read_scene_list
from dbcr_core.errors import InputError
from dbcr_core.rasters import open_raster
from tests.core.raster_files import reflective_dn, write_raster
from tests.systems import IS_WINDOWS, posix_only


def read(tmp_path, text, name="scenes.csv", **defaults):
    path = tmp_path / name
    path.write_bytes(text.encode("utf-8"))
    return read_scene_list(str(path), str(tmp_path / "out"), defaults)


def test_paths_are_relative_to_the_list_and_outputs_to_the_folder(tmp_path):
    (scene,) = read(tmp_path, "name,optical,sar\nlahore,in/s2.tif,../s1.tif\n")
    assert scene.name == "lahore"
    assert scene.job.optical == str(tmp_path / "in" / "s2.tif")
    assert scene.job.sar == os.path.normpath(tmp_path.parent / "s1.tif")
    assert scene.job.output == str(tmp_path / "out" / "lahore.tif")


def test_columns_override_the_defaults_and_empty_cells_do_not(tmp_path):
    text = "optical,nfe,mask,mask-buffer,changed,extent,note\na.tif,3,none,2,yes,1 2 3 4,windy\nb.tif,,,,,,\n"
    first, second = read(tmp_path, text, nfe=5, mask="/m.tif", threads=1)
    assert (first.job.nfe, first.job.mask, first.job.mask_buffer) == (3, "none", 2)
    assert first.job.changed == str(tmp_path / "out" / "a_changed.tif")
    assert first.job.extent == (1.0, 2.0, 3.0, 4.0)
    assert (second.job.nfe, second.job.mask, second.job.changed, second.job.threads) == (5, "/m.tif", None, 1)
    assert second.job.sar is None


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffname;optical;nfe\r\na;s2.tif;2\r\n",
        "name\toptical\tnfe\na\ts2.tif\t2\n",
        'name,optical,nfe\n"a","s2.tif","2"\n\n',
        "\n;;\n# made by hand, in May\nname;optical;nfe\na;s2.tif;2,0\n",
        "sep=;\nname;optical;nfe;\na;s2.tif;2;\n",
        "name,optical,nfe,,\n# a remark\na,s2.tif,2.0,,\n",
        '"# one, two",,\nname,optical,nfe\n"# one, two",,\na,s2.tif,2\n',
        "# name of the scenes\n#name,optical,nfe\na,s2.tif,2\n",
        "# name; optical; nfe\na;s2.tif;2\n",
        "name, optical, sar, nfe\na, s2.tif, , 2 \n   \n",
        ",name,optical,nfe\n17,a,s2.tif,2\n",
        '[{"name": "a", "optical": "s2.tif", "nfe": 2}]',
        '{"scenes": [{"name": "a", "optical": "s2.tif", "nfe": "2"}]}',
    ],
)
def test_spreadsheets_and_json_mean_the_same(tmp_path, text):
    (scene,) = read(tmp_path, text)
    assert (scene.name, scene.job.optical, scene.job.nfe) == ("a", str(tmp_path / "s2.tif"), 2)
    assert scene.job.sar is None


def test_numbers_are_read_as_spreadsheets_and_programs_write_them(tmp_path):
    text = "optical;mask_threshold;extent;note;changed\na.tif;0,5;1,5 2 3,25 4;1,5 m;1.0\nb.tif;;1,2,3,4;;0.0\n"
    first, second = read(tmp_path, text)
    assert (first.job.mask_threshold, first.job.extent) == (0.5, (1.5, 2.0, 3.25, 4.0))
    assert first.job.changed and not second.job.changed
    assert second.job.extent == (1.0, 2.0, 3.0, 4.0)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2020-08-23T01:10:31+05:00", "2020-08-22T20:10:31Z"),
        ("2020-08-23T01:10:31.5-0330", "2020-08-23T04:40:31Z"),
        ("2020-08-23", "2020-08-23T00:00:00Z"),
        ("2020/08/23 1:10", "2020-08-23T01:10:00Z"),
        ("20200823t011031z", "2020-08-23T01:10:31Z"),
        ("", ""),
    ],
)
def test_a_time_of_acquisition_is_told_in_utc(tmp_path, text, time):
    (scene,) = read(tmp_path, f"optical,datetime\na.tif,{text}\n")
    assert scene.datetime == time


def test_a_name_that_no_system_takes_is_refused_before_anything_runs(tmp_path):
    for text in (f"name,optical\n{'é' * 150},a.tif\n", f"optical,output\na.tif,{'o' * 300}.tif\n"):
        with pytest.raises(InputError, match="line 2: the name .* is too long"):
            read(tmp_path, text)
    for name, changed, fits in (("a" * 208, "yes", True), ("a" * 209, "yes", False), ("a" * 216, "", True)):
        with nullcontext() if fits else pytest.raises(InputError, match=r"\(221 bytes\); give one of at most 220"):
            assert read(tmp_path, f"name,optical,changed\n{name},a.tif,{changed}\n")


def test_addresses_are_read_through_gdal():
    assert input_path("https://a.org/x.tif", "/base") == "/vsicurl/https://a.org/x.tif"
    assert input_path("s3://bucket/x.tif", "/base") == "/vsis3/bucket/x.tif"
    assert input_path("/vsizip/a.zip/x.tif", "/base") == "/vsizip/a.zip/x.tif"
    assert input_path("s3://b/x.tif, s3://b/y.tif", "/base") == "/vsis3/b/x.tif,/vsis3/b/y.tif"
    assert input_path("https://a.org/x.tif?a=1,2", "/base") == "/vsicurl/https://a.org/x.tif?a=1,2"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,optical\n", ["no scenes"]),
        ("optical,nfee\na.tif,1\n", ["line 2", "nfee", "nfe"]),
        ("optical,nfe\na.tif,many\n", ["line 2", "nfe", "many"]),
        ("optical,nfe\na.tif,11\n", ["line 2", "11"]),
        ("optical,mask_kind\na.tif,fog\n", ["line 2", "fog"]),
        ("optical,sar\n,b.tif\n", ["line 2", "optical"]),
        ("optical\na,b\n", ["line 2", "more values"]),
        ("optical,\na,b\n", ["line 2", "more values"]),
        (",optical\nlahore,a.tif\n", ["line 2", "more values"]),
        ("# a remark\n\noptical,nfe\na.tif,1.5\n", ["line 4", "nfe", "1.5"]),
        ("#name,optical,nfee\na,a.tif,1\n", ["line 2", "nfee"]),
        ("optical,nfe\na.tif,nan\n", ["line 2", "nfe", "nan"]),
        ('optical,nfe\na.tif,"1,000"\n', ["line 2", "nfe", "1,000"]),
        ("name,optical\n#1,a.tif\n", ["line 2", "#", "in quotes"]),
        ("optical,datetime\na.tif,23.08.2020\n", ["line 2", "23.08.2020", "2020-08-23T05:46:41Z"]),
        ("optical,datetime\na.tif,2020-08-23 25:00\n", ["line 2", "datetime"]),
        ("optical,derived_from\na.tif,b\n", ["line 2", "derived_from"]),
        ("optical,extent\na.tif,1 2 3\n", ["line 2", "four numbers"]),
        ("optical,allow_partial_sar\na.tif,maybe\n", ["line 2", "yes or no"]),
        ("optical\nx/a.tif\ny/a.tif\n", ["line 2", "line 3", "a"]),
        ("name,optical,output\na,a.tif,o.tif\nb,b.tif,o.tif\n", ["line 2", "line 3", "o.tif"]),
        ("name,optical,output\na,a.tif,o.tif\nb,b.tif,o.tiff\n", ["line 2", "line 3", "o.json"]),
        ("optical,output\na.tif,o.json\n", ["line 2", "twice", "o.json"]),
        ("optical,output\na.tif,summary.csv\n", ["the batch itself", "line 2", "summary.csv"]),
        ("optical,output\na.tif,status/a.json\n", ["line 2", "status"]),
        ("optical,sar,sar\na.tif,b.tif,c.tif\n", ["line 1", "'sar'", "twice"]),
        ("optical,mask-buffer,Mask_Buffer\na.tif,1,2\n", ["line 1", "'mask_buffer'", "twice"]),
        ('[{"optical": "a.tif", "SAR": "b.tif", "sar": "c.tif"}]', ["scene 1", "'sar'", "twice"]),
        ('[{"optical": "a.tif", "model": "\\ud800.dbcr"}]', ["scene 1", "cannot be written", "ud800"]),
        ("[1, 2]", ["no list of scenes"]),
        ('{"a": 1}', ["no list of scenes"]),
        ('{"scenes": [', ["not valid JSON"]),
        ('[{"optical": 7}]', ["scene 1", "optical"]),
        ('{"type": "FeatureCollection", "features": [3]}', ["STAC"]),
    ],
)
def test_a_mistake_is_one_sentence_with_its_place(tmp_path, text, words):
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    for word in words:
        assert word in str(caught.value)


def test_a_list_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "scenes.csv"
    path.write_bytes(b"\xff\xfe\x00optical")
    with pytest.raises(InputError, match="not UTF-8"):
        read_scene_list(str(path), str(tmp_path))


def test_names_become_file_names_that_every_system_accepts():
    assert file_name("S2A: Lahore/1 (a)") == "S2A_Lahore_1_a"
    assert file_name("../..") == "scene"
    assert json.loads(json.dumps(file_name("Zürich"))) == "Zürich"


def test_an_item_never_replaces_the_list(tmp_path):
    path = tmp_path / "out" / "scenes.json"
    path.parent.mkdir()
    path.write_text('[{"name": "scenes", "optical": "../a.tif"}]', encoding="utf-8")
    with pytest.raises(InputError, match="would replace the list"):
        read_scene_list(str(path), str(path.parent))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("b2,a.tif,radar.tif,b.tif", "replace an input of line 2"),
        ("b2,a.tif,radar.tif,radar.tif", "replace an input of line 2"),
        pytest.param(
            "b2,a.tif,radar.tif,link.tif",
            "replace an input of line 2",
            marks=posix_only("links need a right of their own"),
        ),
        ("b2,a.tif,radar.tif,B02.tif", "replace an input of line 3"),
        ("b2,a.tif,radar.tif,B03.tif", "replace an input of line 3"),
        ("b2,a.tif,radar.tif,other.dbcr", "replace an input of line 3"),
        ("b2,a.tif,radar.tif,scenes.csv", "replace the list"),
        ("b2,a.tif,radar.tif,x.SAFE/b2.tif", "into the folder of an input of line 3"),
        ("b2,a.tif,radar.tif,a.tif", "replace an input of line 4"),
    ],
)
def test_no_output_replaces_what_any_scene_is_read_from(tmp_path, row, words):
    for name in ("a.tif", "b.tif", "radar.tif", "B02.tif", "B03.tif", "other.dbcr", "x.SAFE/manifest.safe"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    if not IS_WINDOWS:
        (tmp_path / "link.tif").symlink_to(tmp_path / "b.tif")
    path = tmp_path / "scenes.csv"
    table = f"""name,optical,sar,output,model
one,b.tif,radar.tif,one.tif,
two,"B02.tif,B03.tif",x.SAFE/manifest.safe,two.tif,other.dbcr
{row},
"""
    path.write_text(table, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read_scene_list(str(path), str(tmp_path))
    path.write_text(table.replace(row, "b2,a.tif,radar.tif,b2.tif"), encoding="utf-8")
    assert len(read_scene_list(str(path), str(tmp_path))) == 3


def test_each_file_of_a_listed_input_is_relative_to_the_list(tmp_path):
    (scene,) = read(tmp_path, 'name,optical\na,"B02.tif; in/B03.tif"\n')
    assert scene.job.optical == f"{tmp_path / 'B02.tif'},{tmp_path / 'in' / 'B03.tif'}"


def test_a_list_of_files_that_no_text_can_hold_is_one_virtual_raster(tmp_path):
    folder = tmp_path / "Mueller, Hans"
    folder.mkdir()
    names = ("B02", "B03", "B04")
    for number, name in enumerate(names):
        write_raster(folder / f"{name}.tif", reflective_dn(1, 20, 20, seed=number))
    (scene,) = read(folder, "optical;nfe\nB02.tif,B03.tif,B04.tif;2\n")
    assert (scene.name, scene.problem) == ("B04", "")
    with open_raster(scene.job.optical) as raster:
        assert raster.profile.descriptions == names
    (folder / "B03.tif").unlink()
    (again,) = read(folder, "optical;nfe\nB02.tif,B03.tif,B04.tif;2\n")
    assert "line 2: The file" in again.problem and "B03.tif does not exist" in again.problem
    assert again.job.optical == scene.job.optical, "a result of it stays what it is"


def test_each_address_of_a_list_counts_for_itself(tmp_path):
    addresses = "https://a.org/B02.tif?a=1;2, s3://b/B03.tif | B04.tif"
    assert input_path(addresses, "/base").startswith("/vsicurl/https://a.org/B02.tif?a=1;2,/vsis3/b/B03.tif")
    (scene,) = read(tmp_path, "name;optical\na;https://a.org/B02.tif,https://a.org/B03.tif\n")
    assert "is read over the network" in scene.problem and "B02.tif" in scene.problem


def test_a_name_with_a_colon_may_be_a_file_beside_the_list(tmp_path):
    if IS_WINDOWS:
        pytest.skip("no file is called so there")
    (tmp_path / "S2_20200823T05:46.tif").touch()
    (scene,) = read(tmp_path, "optical\nS2_20200823T05:46.tif\n")
    assert scene.job.optical == str(tmp_path / "S2_20200823T05:46.tif")


def test_addresses_of_files_are_paths(tmp_path):
    scene, literal = tmp_path / "my scene,1.tif", tmp_path / "50%25.tif"
    scene.touch()
    literal.touch()
    assert input_path(scene.as_uri(), "/base") == str(scene)
    assert input_path(scene.as_uri().replace("///", "//localhost/"), "/base") == str(scene)
    assert input_path("my%20scene%2C1.tif", str(tmp_path)) == str(scene)
    assert input_path("50%25.tif", str(tmp_path)) == str(literal), "what is there under its own name is meant"
    assert input_path("gone%20.tif", str(tmp_path)) == str(tmp_path / "gone%20.tif")
