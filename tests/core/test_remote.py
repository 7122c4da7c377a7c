# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing is read over the network without the user's flag, whatever the file says; a real server counts requests."""

from __future__ import annotations

import gzip
import importlib
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest

from dbcr_core.cli import main
from dbcr_core.errors import InputError
from dbcr_core.rasters import RasterSource, open_raster
from dbcr_core.remote import check_local, remote_address
from tests.core.raster_files import BACKENDS, backscatter_db, reflective_dn, write_raster

both_backends = pytest.mark.parametrize("backend", BACKENDS)


def opened(backend: str, name: str) -> RasterSource:
    """The file as the library opens it, past every check of its name."""
    return importlib.import_module(f"dbcr_core.rasters.{backend}_backend").open_source(name, name)


# In a process of its own: GDAL may hold Python's lock while it waits for the answer.
SERVER = """
import http.server, sys

class Handler(http.server.SimpleHTTPRequestHandler):
    def send_head(self):
        with open(sys.argv[2], "a") as log:
            log.write(self.path + "\\n")
        return super().send_head()

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *a: Handler(*a, directory=sys.argv[1]))
print(server.server_port, flush=True)
server.serve_forever()
"""


class Requests:
    """What the server was asked for."""

    def __init__(self, log: Path) -> None:
        self._log = log

    @property
    def paths(self) -> list[str]:
        return self._log.read_text().split()


@pytest.fixture
def server(tmp_path, monkeypatch):
    """(address of a folder with scene.tif on a server of this machine, the requests it has seen)."""
    folder, log = tmp_path / "served", tmp_path / "requests.log"
    folder.mkdir()
    log.touch()
    write_raster(folder / "scene.tif", reflective_dn(4), descriptions=("B02", "B03", "B04", "B08"))
    for name in ("http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    command = [sys.executable, "-c", SERVER, str(folder), str(log)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}", Requests(log)
    finally:
        process.kill()
        process.communicate()


def vrt(source: str, relative: int = 0, tags: str = "") -> str:
    return (
        f'<VRTDataset rasterXSize="70" rasterYSize="60">{tags}<VRTRasterBand dataType="UInt16" band="1"><SimpleSource>'
        f'<SourceFilename relativeToVRT="{relative}">{source}</SourceFilename><SourceBand>1</SourceBand></SimpleSource>'
        "</VRTRasterBand></VRTDataset>"
    )


def wms(address: str) -> str:
    return (
        f'<GDAL_WMS><Service name="TMS"><ServerUrl>{address}/${{z}}/${{x}}/${{y}}.tif</ServerUrl></Service><DataWindow>'
        "<UpperLeftX>0</UpperLeftX><UpperLeftY>100</UpperLeftY><LowerRightX>100</LowerRightX><LowerRightY>0"
        "</LowerRightY><SizeX>100</SizeX><SizeY>100</SizeY></DataWindow><Projection>EPSG:3857</Projection>"
        "<BandsCount>3</BandsCount></GDAL_WMS>"
    )


FORMS = (
    "address",
    "vsicurl",
    "vsicurl with options",
    "list",
    "virtual raster",
    "virtual raster as text",
    "nested virtual raster",
    "virtual raster in another's text",
    "virtual raster in a zip",
    "map service",
    "map service as text",
    "map service in a tar",
    "map service in a gzip",
    "map service in a tar in a zip",
    "map service in a packed tar, alone",
    "map service in a gzip for a virtual raster",
    "map service derived by a driver",
    "virtual raster that is no XML",
    "virtual raster with bands chosen",
    "catalogue",
)


def remote_name(form: str, address: str, folder: Path) -> str:
    """A name that GDAL may follow to the server, with the files that it needs."""
    scene = f"/vsicurl/{address}/scene.tif"
    (folder / "direct.vrt").write_text(vrt(scene))
    (folder / "nested.vrt").write_text(vrt("direct.vrt", relative=1))
    (folder / "service.xml").write_text(wms(address))
    (folder / "catalogue.json").write_text(
        json.dumps(
            {"type": "FeatureCollection", "stac_version": "1.0.0", "features": [{"href": f"{address}/scene.tif"}]}
        )
    )
    with zipfile.ZipFile(folder / "zipped.zip", "w") as archive:
        archive.write(folder / "direct.vrt", "direct.vrt")
    for mode, tar in (("w", "service.tar"), ("w:gz", "service.tgz")):
        with tarfile.open(folder / tar, mode) as archive:
            archive.add(folder / "service.xml", "./service.xml")
    with zipfile.ZipFile(folder / "tar.zip", "w") as archive:
        archive.write(folder / "service.tar", "service.tar")
    (folder / "service.xml.gz").write_bytes(gzip.compress((folder / "service.xml").read_bytes()))
    packed = f"/vsigzip/{folder}/service.xml.gz"
    (folder / "sloppy.vrt").write_text("made by hand: " + vrt(packed, tags="<Title>You & me</Title>"))
    local = write_raster(folder / "local.tif", reflective_dn(1))
    return {
        "address": f"{address}/scene.tif",
        "vsicurl": scene,
        "vsicurl with options": f"/vsicurl?max_retry=0&url={address}/scene.tif",
        "list": f"{local},{scene}",
        "virtual raster": str(folder / "direct.vrt"),
        "virtual raster as text": vrt(scene),
        "nested virtual raster": str(folder / "nested.vrt"),
        "virtual raster in another's text": vrt(vrt(scene).replace("<", "&lt;").replace(">", "&gt;")),
        "virtual raster in a zip": str(folder / "zipped.zip"),
        "map service": str(folder / "service.xml"),
        "map service as text": wms(address),
        "map service in a tar": f"/vsitar/{folder}/service.tar/service.xml",
        "map service in a gzip": packed,
        "map service in a tar in a zip": f"/vsitar//vsizip/{folder}/tar.zip/service.tar/service.xml",
        "map service in a packed tar, alone": f"/vsitar/{{{folder}/service.tgz}}",
        "map service in a gzip for a virtual raster": vrt(packed),
        "map service derived by a driver": f"DERIVED_SUBDATASET:LOGAMPLITUDE:{folder}/service.xml",
        "virtual raster that is no XML": str(folder / "sloppy.vrt"),
        "virtual raster with bands chosen": f"vrt://{folder}/direct.vrt?bands=1",
        "catalogue": str(folder / "catalogue.json"),
    }[form]


@both_backends
@pytest.mark.parametrize("form", FORMS)
def test_a_raster_on_the_network_is_refused_without_a_request(server, tmp_path, backend, form) -> None:
    address, seen = server
    with pytest.raises(InputError, match=r"is read over the network.*save it to disk, or allow that with --allow-net"):
        open_raster(remote_name(form, address, tmp_path), backend)
    assert seen.paths == []


@both_backends
@pytest.mark.parametrize("form", ["vsicurl", "virtual raster", "nested virtual raster", "virtual raster in a zip"])
def test_it_opens_when_the_user_allows_it(server, tmp_path, backend, form) -> None:
    address, seen = server
    with open_raster(remote_name(form, address, tmp_path), backend, allow_network=True) as source:
        values = source.read([1], source.grid.window)[0]
    np.testing.assert_array_equal(values, reflective_dn(4)[0])
    assert "/scene.tif" in seen.paths


@both_backends
@pytest.mark.parametrize("form", ["vsicurl", "virtual raster", "nested virtual raster", "virtual raster in a zip"])
def test_what_no_name_betrays_meets_a_barrier(server, tmp_path, backend, form) -> None:
    """The same names given past the check of names: GDAL itself must not reach the server."""
    address, seen = server
    name = remote_name(form, address, tmp_path)
    name = f"/vsizip/{name}/direct.vrt" if name.endswith(".zip") else name
    with pytest.raises(InputError), opened(backend, name) as source:
        source.read([1], source.grid.window)
    assert seen.paths == []


@both_backends
@pytest.mark.parametrize("system", ["/vsicurl/", "/vsicurl_streaming/"])
def test_the_barrier_holds_where_the_user_excepts_hosts_from_the_proxy(server, tmp_path, monkeypatch, backend, system):
    address, seen = server
    monkeypatch.setenv("no_proxy", "*")
    name = str(tmp_path / "named.vrt")
    Path(name).write_text(vrt(f"{system}{address}/scene.network-is-not-allowed"))
    with pytest.raises(InputError), opened(backend, name) as source:
        source.read([1], source.grid.window)
    assert seen.paths == []


@pytest.mark.parametrize("is_allowed", [False, True])
def test_a_process_of_its_own_has_no_exceptions_from_the_barrier(server, tmp_path, repository, is_allowed) -> None:
    """Even what the search for addresses overlooks does not get out; here it overlooks everything."""
    address, seen = server
    (tmp_path / "service.xml").write_text(wms(address).replace("<Bands", "<DataType>UInt16</DataType><Bands"))
    blind = "import runpy, dbcr_core.remote as remote; remote.remote_address = lambda name: None; "
    command = [sys.executable, "-c", blind + "runpy.run_module('dbcr_core', run_name='__main__')"]
    command += ["inspect", "--optical", str(tmp_path / "service.xml"), "--bands", "B02,B03,B04"]
    command += ["--allow-network"] * is_allowed
    subprocess.run(command, cwd=repository, capture_output=True, env={**os.environ, "no_proxy": "*"}, timeout=60)
    assert bool(seen.paths) == is_allowed


def test_what_cannot_be_searched_for_addresses_is_refused(tmp_path) -> None:
    with zipfile.ZipFile(tmp_path / "odd.zip", "w") as archive:
        archive.writestr("a.vrt", vrt("x.tif"))
    content = (tmp_path / "odd.zip").read_bytes()
    local, central = content.index(b"PK\3\4"), content.index(b"PK\1\2")
    for place in (local + 8, central + 10):  # a method of compression that GDAL knows and Python does not
        content = content[:place] + b"\x09\0" + content[place + 2 :]
    (tmp_path / "odd.zip").write_bytes(content)
    for name in (
        f"/vsizip/{tmp_path}/odd.zip/a.vrt",
        f"/vsi7z/{tmp_path}/a.7z/a.tif",
        vrt("/vsisubfile/0_9,a.bin"),
        "/vsigzip/" * 9 + "a.gz",
    ):
        with pytest.raises(InputError, match=r"cannot be searched for.*; unpack it, or allow the network with --allow"):
            check_local(name, "scene")
    for name in ("/vsimem/a.tif", f"/vsizip/{tmp_path}/none.zip", f"/vsitar/{tmp_path}/odd.zip/a", "/vsigzip/none.gz"):
        check_local(name, "scene")


def test_bands_chosen_of_a_local_file_are_local(tmp_path) -> None:
    path = write_raster(tmp_path / "a.tif", reflective_dn(3))
    with open_raster(f"vrt://{path}?bands=3,1") as source:
        assert source.profile.count == 2
    assert remote_address("vrt://https://example.org/a.tif?bands=1") is not None


def test_addresses_in_tags_are_no_sources(tmp_path) -> None:
    local = write_raster(tmp_path / "local.tif", reflective_dn(1), tags={"PREVIEW": "https://a.org/x"})
    tags = '<SRS>PROJCS["http://a.org"]</SRS><Metadata><MDI key="URL">https://a.org/x.tif</MDI></Metadata>'
    (tmp_path / "local.vrt").write_text(vrt("local.tif", relative=1, tags=tags))
    assert remote_address(str(tmp_path / "local.vrt")) is None
    assert remote_address(local) is None
    assert remote_address("C:\\data\\scene.tif") is None
    assert remote_address("SENTINEL2_L1C:C:/data/MTD_MSIL1C.xml:10m:EPSG_32632") is None
    assert remote_address(f"file://{local}") is None


def test_virtual_rasters_that_refer_to_each_other_come_to_an_end(tmp_path) -> None:
    (tmp_path / "a.vrt").write_text(vrt("b.vrt", relative=1))
    (tmp_path / "b.vrt").write_text(vrt("a.vrt", relative=1))
    assert remote_address(str(tmp_path / "a.vrt")) is None


@pytest.mark.parametrize("role", ["--optical", "--sar", "--mask"])
def test_the_command_line_refuses_and_says_how_to_allow(server, tmp_path, capsys, role) -> None:
    address, seen = server
    inputs = {
        "--optical": write_raster(tmp_path / "o.tif", reflective_dn(4), descriptions=("B02", "B03", "B04", "B08")),
        "--sar": write_raster(tmp_path / "s.tif", backscatter_db(), descriptions=("VV", "VH")),
    }
    inputs[role] = remote_name("virtual raster", address, tmp_path)
    words = [word for pair in inputs.items() for word in pair]
    for command in (["inspect"], ["remove-clouds", "--output", str(tmp_path / "out.tif")]):
        assert main([*command, *words]) == 1
        assert "allow that with --allow-network" in capsys.readouterr().err
    assert seen.paths == []
    assert not (tmp_path / "out.tif").exists()


def test_the_flag_lets_a_scene_be_inspected_over_the_network(server, capsys) -> None:
    address, seen = server
    assert main(["inspect", "--optical", f"/vsicurl/{address}/scene.tif", "--allow-network"]) == 0
    assert "4 bands by band descriptions" in capsys.readouterr().out
    assert "/scene.tif" in seen.paths


def test_a_list_of_scenes_cannot_allow_itself_the_network(server, tmp_path) -> None:
    address, seen = server
    (tmp_path / "list.csv").write_text(f"optical,allow_network\n{address}/scene.tif,yes\n")
    for text, message in (
        (f"optical,allow_network\n{address}/scene.tif,yes\n", "there is no option 'allow_network'"),
        (f"optical,mask\n{address}/scene.tif,none\n", "is read over the network"),
    ):
        (tmp_path / "list.csv").write_text(text)
        command = [sys.executable, "-m", "dbcr_core", "batch", str(tmp_path / "list.csv"), "--output", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": os.getcwd()})
        assert done.returncode == 1
        assert message in done.stderr + done.stdout
    assert seen.paths == []
