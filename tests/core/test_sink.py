# SPDX-License-Identifier: GPL-3.0-or-later
"""The output: the same bytes from both backends, all or nothing, and never over an input."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import Iterator

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from dbcr_core.errors import Cancelled, OutputError
from dbcr_core.grid import Window
from dbcr_core.rasters import COMPRESSIONS, DTYPES, RasterProfile, create_raster, open_raster
from dbcr_core.rasters.partial import COPYING, LONGEST_NAME
from dbcr_core.rasters.sink import check_target
from tests.core.raster_files import BACKENDS, needs_both_backends, reflective_dn, write_raster
from tests.systems import IS_WINDOWS, posix_only

both_backends = pytest.mark.parametrize("backend", BACKENDS)


@pytest.fixture
def scene(tmp_path: Path) -> str:
    (tmp_path / "in").mkdir()
    return write_raster(
        tmp_path / "in" / "scene.tif",
        reflective_dn(4, 600, 700),
        descriptions=("B02", "B03", "B04", "B08"),
        nodata=0,
        scale=0.0001,
        offset=-0.1,
        tags={"PROCESSING_BASELINE": "05.09", "NOTE": 'a < b & c > "d" é'},
        band_tags={2: {"wavelength": "560", "STATISTICS_MEAN": "12"}},
        imagery={3: {"CENTRAL_WAVELENGTH_UM": "0.665"}},
    )


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "result.tif"


def profile_of(path: str) -> RasterProfile:
    with open_raster(path) as source:
        return source.profile


def copy(path: str, target: Path, backend: str, rows: int = 100, compression: str = "deflate") -> None:
    with open_raster(path, backend) as source:
        grid, bands = source.grid, range(1, source.profile.count + 1)
        with create_raster(target, source.profile, backend, inputs=[source], compression=compression) as sink:
            for row in range(0, grid.height, rows):
                window = Window(0, row, grid.width, min(rows, grid.height - row))
                sink.write(source.read(bands, window), window)
            sink.publish()


@both_backends
def test_what_is_written_is_what_is_read_with_all_metadata(scene: str, out: Path, backend: str) -> None:
    copy(scene, out, backend)
    before, after = profile_of(scene), profile_of(str(out))
    assert after.band_tags == ({}, {"wavelength": "560"}, {"CENTRAL_WAVELENGTH_UM": "0.665"}, {})
    kept = dict(band_tags=after.band_tags, imagery_tags=after.imagery_tags)
    assert after == replace(before, **kept)
    with open_raster(scene) as a, open_raster(out) as b:
        np.testing.assert_array_equal(a.read([1, 2, 3, 4], a.grid.window), b.read([1, 2, 3, 4], b.grid.window))


@both_backends
@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_every_compression_keeps_every_value(scene: str, out: Path, backend: str, compression: str) -> None:
    copy(scene, out, backend, compression=compression)
    with rasterio.open(scene) as before, rasterio.open(out) as after:
        structure = after.tags(ns="IMAGE_STRUCTURE")
        assert structure["COMPRESSION"] == compression.upper() and structure["LAYOUT"] == "COG"
        assert structure["PREDICTOR"] == "2" and after.overviews(1) == [2]
        np.testing.assert_array_equal(before.read(), after.read())


@both_backends
def test_a_compression_that_the_library_lacks_is_refused_at_once(scene: str, out: Path, backend: str) -> None:
    out.write_text("old")
    with pytest.raises(OutputError, match="was built without jxl; choose the compression deflate"):
        create_raster(out, profile_of(scene), backend, compression="jxl")
    assert out.read_text() == "old" and os.listdir(out.parent) == [out.name]


@pytest.mark.parametrize("at_once", [1, 10**9])
@pytest.mark.parametrize("col, row", [(0, 0), (511, 64), (512, 511), (699, 599), (None, None)])
def test_one_wrong_pixel_in_the_finished_file_or_another_place_of_it_is_noticed(
    scene: str, out: Path, monkeypatch: pytest.MonkeyPatch, at_once: int, col: int | None, row: int | None
) -> None:
    from dbcr_core.rasters import rasterio_backend, sink

    make = rasterio_backend.copy_to_cog

    def make_wrongly(xml: str, path: str, options: dict[str, str], cancelled: object) -> None:
        make(xml, path, options, cancelled)
        with rasterio.open(path, "r+", IGNORE_COG_LAYOUT_BREAK="YES") as raster:
            if row is None:
                raster.transform = Affine(10, 0, 0, 0, -10, 0)
                return
            place = ((row, row + 1), (col, col + 1))
            raster.write(raster.read(3, window=place) ^ 1, 3, window=place)

    monkeypatch.setattr(sink, "_VERIFIED_BYTES", at_once)
    copy(scene, out, "rasterio")
    good = out.read_bytes()
    monkeypatch.setattr(rasterio_backend, "copy_to_cog", make_wrongly)
    with pytest.raises(OutputError, match="could not be written completely"):
        copy(scene, out, "rasterio")
    assert out.read_bytes() == good and os.listdir(out.parent) == [out.name]


@needs_both_backends
def test_both_backends_write_identical_bytes_however_the_rows_come(scene: str, tmp_path: Path) -> None:
    files = []
    for backend in BACKENDS:
        for rows in (100, 37, 600):
            copy(scene, tmp_path / "o.tif", backend, rows)
            files.append((tmp_path / "o.tif").read_bytes())
    assert len(set(files)) == 1


@both_backends
def test_the_output_is_a_tiled_compressed_cog_with_overviews(scene: str, out: Path, backend: str) -> None:
    import rasterio

    copy(scene, out, backend)
    with rasterio.open(out) as raster:
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert raster.block_shapes[0] == (512, 512)
        assert raster.compression.name == "deflate"
        assert raster.overviews(1)


def test_overviews_invent_no_classes(tmp_path: Path, out: Path) -> None:
    import rasterio

    values = reflective_dn(2, 1100, 1100)
    values[1] = np.random.default_rng(0).choice([0, 4, 9], (1100, 1100))
    copy(write_raster(tmp_path / "a.tif", values, descriptions=("B04", "SCL")), out, BACKENDS[0])
    with rasterio.open(out) as raster:
        assert set(np.unique(raster.read(2, out_shape=(550, 550)))) == {0, 4, 9}


@both_backends
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [(1, 1, 1), (2, 1, 1), (2, 3, 2), (2, 40, 513)])
def test_every_type_and_size_survives(tmp_path: Path, backend: str, dtype: str, size: tuple[int, int, int]) -> None:
    values = (np.arange(np.prod(size)) % 250 + 1).reshape(size).astype(dtype)
    copy(write_raster(tmp_path / "a.tif", values), tmp_path / "b.tif", backend)
    with open_raster(tmp_path / "b.tif") as source:
        np.testing.assert_array_equal(source.read(range(1, size[0] + 1), source.grid.window), values)


def test_windows_may_come_in_any_order_and_shape(scene: str, out: Path) -> None:
    with open_raster(scene) as source:
        with create_raster(out, source.profile) as sink:
            for window in (Window(300, 200, 400, 400), Window(0, 0, 700, 200), Window(0, 200, 300, 400)):
                sink.write(source.read([1, 2, 3, 4], window), window)
            sink.publish()
        with open_raster(out) as result:
            whole = source.grid.window
            np.testing.assert_array_equal(result.read([1, 2, 3, 4], whole), source.read([1, 2, 3, 4], whole))


def test_nothing_is_visible_before_publish_and_nothing_is_left_after_discard(scene: str, out: Path) -> None:
    with create_raster(out, profile_of(scene)):
        assert not out.exists()
        assert all(name.startswith(".") for name in os.listdir(out.parent))
    assert os.listdir(out.parent) == []


def test_publishing_replaces_the_old_file_and_its_stale_sidecars(scene: str, out: Path) -> None:
    out.write_text("the old result")
    for suffix in (".aux.xml", ".ovr"):
        Path(f"{out}{suffix}").write_text("about the old result")
    copy(scene, out, "rasterio")
    assert os.listdir(out.parent) == [out.name]


@posix_only("links need a right of their own")
def test_a_link_stays_a_link_and_its_target_is_replaced(scene: str, out: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere.tif"
    real.write_text("old")
    out.symlink_to(real)
    copy(scene, out, BACKENDS[0])
    assert out.is_symlink()
    assert profile_of(str(real)).count == 4


@both_backends
@pytest.mark.parametrize("link", ["same", "relative", *([] if IS_WINDOWS else ["symlink"]), "hardlink"])
def test_an_output_that_is_an_input_is_refused(
    scene: str, tmp_path: Path, backend: str, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "alias.tif"
    if link == "same":
        output = Path(scene)
    elif link == "relative":
        monkeypatch.chdir(tmp_path)
        output = Path("in/../in/scene.tif")
    elif link == "symlink":
        output.symlink_to(scene)
    else:
        os.link(scene, output)
    before = Path(scene).read_bytes()
    with open_raster(scene, backend) as source:
        with pytest.raises(OutputError, match="is also an input; choose another name"):
            create_raster(output, source.profile, backend, inputs=[source])
    assert Path(scene).read_bytes() == before


def test_a_file_inside_a_virtual_raster_counts_as_input(scene: str, tmp_path: Path) -> None:
    from dbcr_core.rasters import vrt

    virtual = tmp_path / "scene.vrt"
    virtual.write_text(vrt.described(profile_of(scene), scene))
    for backend in BACKENDS:
        with open_raster(virtual, backend) as source, pytest.raises(OutputError, match="also an input"):
            create_raster(scene, source.profile, backend, inputs=[source])


def test_an_output_that_is_a_folder_is_refused(scene: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a folder; give the output a file name"):
        create_raster(tmp_path, profile_of(scene))


@posix_only("names of up to 255 bytes")
@both_backends
def test_a_name_too_long_for_what_is_made_beside_it_is_refused_before_the_work(
    scene: str, tmp_path: Path, backend: str
) -> None:
    small = write_raster(tmp_path / "in" / "small.tif", reflective_dn(1, 512, 512))
    for image, most in ((scene, LONGEST_NAME), (small, LONGEST_NAME + len(".ovr.tmp"))):
        for length in (most + 1, 250):
            with pytest.raises(OutputError, match="choose a shorter name"):
                create_raster(tmp_path / f"{'x' * (length - 4)}.tif", profile_of(image), backend)
        assert os.listdir(tmp_path) == ["in"]
        longest = tmp_path / f"{'x' * (most - 4)}.tif"
        copy(image, longest, backend)
        longest.unlink()


@posix_only("forks")
@both_backends
def test_a_fork_of_a_process_that_has_made_files_makes_them_too(
    scene: str, out: Path, backend: str, repository: Path
) -> None:
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from tests.core.test_sink import copy\n"
        "scene, out, backend = sys.argv[1:]\n"
        "for name in 'ab':\n"
        "    copy(scene, Path(out, f'{name}.tif'), backend)\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    signal.alarm(20)\n"
        "    copy(scene, Path(out, 'c.tif'), backend)\n"
        "    os._exit(0)\n"
        "sys.exit(os.waitpid(child, 0)[1])\n"
    )
    command = [sys.executable, "-W", "ignore", "-c", program, scene, str(out.parent), backend]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    first, _, forked = (path.read_bytes() for path in sorted(out.parent.glob("?.tif")))
    assert forked == first


def test_a_missing_folder_is_refused(scene: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="does not exist; create it"):
        create_raster(tmp_path / "no" / "o.tif", profile_of(scene))


def test_an_array_that_does_not_fit_is_refused(scene: str, out: Path) -> None:
    with create_raster(out, profile_of(scene)) as sink:
        for array, window in (
            (np.zeros((3, 5, 5), np.uint16), Window(0, 0, 5, 5)),
            (np.zeros((4, 5, 5), np.uint16), Window(698, 0, 5, 5)),
            (np.zeros((4, 5, 5), np.float32), Window(0, 0, 5, 5)),
        ):
            with pytest.raises(OutputError, match="does not fit"):
                sink.write(array, window)


# Faults of the disk


@contextlib.contextmanager
def small_disk(path: Path, size: str, *options: str) -> Iterator[Path]:
    if IS_WINDOWS:
        pytest.skip("small disks can be mounted on Linux")
    path.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", ",".join((f"size={size}", *options)), "tmpfs", str(path)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        yield path
    finally:
        subprocess.run(["umount", str(path)], check=True)


@both_backends
@pytest.mark.parametrize("polls", [1, 3])
def test_cancelled_while_the_file_is_made_nothing_is_lost(tmp_path: Path, out: Path, backend: str, polls: int) -> None:
    noise = np.random.default_rng(0).integers(0, 65535, (13, 1200, 1200)).astype(np.uint16)
    scene = write_raster(tmp_path / "noise.tif", noise)
    out.write_text("old")
    asked = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) >= polls

    sink = create_raster(out, profile_of(scene), backend, resume_key="a")
    sink.write(noise, sink.profile.grid.window)
    sink.checkpoint(1200)
    with pytest.raises(Cancelled):
        sink.prepare(cancelled)
    sink.suspend()
    assert len(asked) == polls
    assert out.read_text() == "old"
    with create_raster(out, profile_of(scene), backend, resume_key="a") as again:
        assert again.rows_done == 1200
        again.publish()
    with open_raster(out) as result:
        np.testing.assert_array_equal(result.read(range(1, 14), result.grid.window), noise)
    for thread in threading.enumerate():
        if thread.name == COPYING:
            thread.join()
    assert os.listdir(out.parent) == [out.name]


@both_backends
def test_a_disk_too_small_is_noticed_before_the_work(scene: str, tmp_path: Path, backend: str) -> None:
    with small_disk(tmp_path / "disk", "1m") as disk:
        (disk / "result.tif").write_text("old")
        with pytest.raises(OutputError, match="has no room for .*result.tif, free some space"):
            create_raster(disk / "result.tif", profile_of(scene), backend)
        assert os.listdir(disk) == ["result.tif"]
        assert (disk / "result.tif").read_text() == "old"


@both_backends
def test_a_disk_that_fills_up_while_publishing_leaves_the_old_file(tmp_path: Path, backend: str) -> None:
    noise = np.random.default_rng(0).integers(0, 65535, (4, 600, 700)).astype(np.uint16)
    scene = write_raster(tmp_path / "noise.tif", noise)
    with small_disk(tmp_path / "disk", "5m") as disk:
        (disk / "result.tif").write_text("old")
        with pytest.raises(OutputError, match="free some space") as caught:
            copy(scene, disk / "result.tif", backend)
        assert "\n" not in str(caught.value)
        assert os.listdir(disk) == ["result.tif"]
        assert (disk / "result.tif").read_text() == "old"


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Keeps a file from being replaced: Windows does so for every open file, on Linux a mount on it does."""
    if IS_WINDOWS:
        with open(path, "rb"):
            yield
        return
    other = path.parent.with_name("held")
    other.write_text("held")
    if subprocess.run(["mount", "--bind", str(other), str(path)], capture_output=True).returncode:
        pytest.skip("mounting a file needs root")
    try:
        yield
    finally:
        subprocess.run(["umount", str(path)], check=True)


def test_an_output_that_another_program_holds_keeps_its_content_and_the_work_waits(scene: str, out: Path) -> None:
    out.write_text("old")
    profile = profile_of(scene)
    with held(out):
        with open_raster(scene) as source:
            stored = source.read(range(1, profile.count + 1), source.grid.window)
        sink = create_raster(out, profile, resume_key="a")
        sink.write(stored, profile.grid.window)
        sink.checkpoint(profile.grid.height)
        with pytest.raises(OutputError, match="result.tif cannot be replaced, close it in other programs"):
            sink.publish()
        sink.suspend()
    assert out.read_text() == "old"
    with create_raster(out, profile, resume_key="a") as again:
        assert again.rows_done == profile.grid.height
        again.publish()
    assert os.listdir(out.parent) == [out.name]
    np.testing.assert_array_equal(open_raster(out).read(range(1, profile.count + 1), profile.grid.window), stored)


_LIMITED = """
import resource, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from tests.core.test_sink import copy
from dbcr_core.errors import OutputError
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
try:
    copy({scene!r}, Path({out!r}), {backend!r})
except OutputError as error:
    print(error)
    sys.exit(3)
"""


@posix_only("limits of a process")
@both_backends
@pytest.mark.parametrize("limit", [1_000_000, 3_500_000])
def test_a_file_size_limit_leaves_the_old_file(
    tmp_path: Path, out: Path, backend: str, limit: int, repository: Path
) -> None:
    noise = np.random.default_rng(0).integers(0, 65535, (4, 600, 700)).astype(np.uint16)
    scene = write_raster(tmp_path / "noise.tif", noise)
    out.write_text("old")
    code = _LIMITED.format(root=str(repository), limit=limit, scene=scene, out=str(out), backend=backend)
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert child.returncode == 3, child.stderr
    assert child.stdout.count("\n") == 1
    assert os.listdir(out.parent) == [out.name]
    assert out.read_text() == "old"


def test_a_read_only_folder_is_refused(scene: str, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "1m", "ro") as disk:
        with pytest.raises(OutputError, match="(cannot be written to|Read-only).*choose another"):
            create_raster(disk / "result.tif", profile_of(scene))


@posix_only("permissions of a folder")
def test_a_folder_without_permission_is_refused(scene: str, repository: Path) -> None:
    """In a child that is not root, who may write everywhere."""
    code = (
        "import sys\nfrom dbcr_core.errors import OutputError\nfrom dbcr_core.grid import RasterGrid\n"
        "from dbcr_core.rasters import RasterProfile, create_raster\n"
        "try:\n    create_raster(sys.argv[1], RasterProfile(RasterGrid(9, 9, (1, 0, 0, 0, -1, 0), ''), 1, 'uint8'))\n"
        "except OutputError as error:\n    print(error)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o555)
        nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        command = [sys.executable, "-c", code, f"{folder}/result.tif"]
        child = subprocess.run(command, cwd=repository, capture_output=True, text=True, **nobody)
        assert "cannot be written to; choose another output" in child.stdout, child.stderr
        assert os.listdir(folder) == []


def test_a_file_that_another_program_holds_is_left_alone(
    scene: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:  # what Windows does while the old file is open elsewhere
        raise PermissionError(13, "Access is denied")

    out.write_text("old")
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OutputError, match="cannot be replaced, close it in other programs"):
        copy(scene, out, "rasterio")
    assert os.listdir(out.parent) == [out.name]
    assert out.read_text() == "old"


# Going on after a kill


def test_a_suspended_run_goes_on_after_its_last_checkpoint(scene: str, out: Path) -> None:
    copy(scene, out, "rasterio")
    undisturbed = out.read_bytes()
    os.remove(out)
    with open_raster(scene) as source:
        top, rest = Window(0, 0, 700, 250), Window(0, 250, 700, 350)
        first = create_raster(out, source.profile, resume_key="job")
        assert first.rows_done == 0
        first.write(source.read([1, 2, 3, 4], top), top)
        first.checkpoint(250)
        first.write(np.zeros((4, 100, 700), np.uint16), Window(0, 250, 700, 100))
        first.suspend()
        with create_raster(out, source.profile, resume_key="job") as second:
            assert second.rows_done == 250
            second.write(source.read([1, 2, 3, 4], rest), rest)
            second.publish()
    assert out.read_bytes() == undisturbed
    assert os.listdir(out.parent) == [out.name]


def test_another_job_or_shape_starts_anew_and_removes_the_orphan(scene: str, out: Path) -> None:
    profile = profile_of(scene)
    first = create_raster(out, profile, resume_key="job")
    first.checkpoint(100)
    first.suspend()
    with create_raster(out, profile, resume_key="another job") as second:
        assert second.rows_done == 0
        assert len([name for name in os.listdir(out.parent) if name.endswith(".raw")]) == 1
    with create_raster(out, replace(profile, dtype="float32"), resume_key="job") as third:
        assert third.rows_done == 0


@pytest.mark.parametrize("journal", ["", "x", "-1", "601", "9" * 30])
def test_a_damaged_journal_starts_anew(scene: str, out: Path, journal: str) -> None:
    first = create_raster(out, profile_of(scene), resume_key="job")
    first.checkpoint(100)
    first.suspend()
    (rows,) = out.parent.glob(".*.rows")
    rows.write_text(journal)
    with create_raster(out, profile_of(scene), resume_key="job") as second:
        assert second.rows_done == 0


@pytest.mark.parametrize("key", ["job", "another job", ""])
def test_two_runs_cannot_write_one_output(scene: str, out: Path, key: str) -> None:
    """Else the later one would replace the earlier one's result, without a word to either."""
    first = create_raster(out, profile_of(scene), resume_key="job")
    first.checkpoint(100)
    before = sorted(os.listdir(out.parent))
    with pytest.raises(OutputError, match="Another run is writing"):
        create_raster(out, profile_of(scene), resume_key=key)
    assert sorted(os.listdir(out.parent)) == before
    first.suspend()
    with create_raster(out, profile_of(scene), resume_key="job") as again:
        assert again.rows_done == 100


def test_a_refused_run_keeps_the_rows_that_it_would_have_gone_on_from(scene: str, out: Path) -> None:
    first = create_raster(out, profile_of(scene), resume_key="job")
    first.checkpoint(100)
    held = {path: path.read_bytes() for path in out.parent.iterdir()}
    first.discard()
    with create_raster(out, profile_of(scene), resume_key="another job") as other:
        for path, content in held.items():
            path.write_bytes(content)
        with pytest.raises(OutputError, match="Another run is writing"):
            create_raster(out, profile_of(scene), resume_key="job")
        other.discard()
    with create_raster(out, profile_of(scene), resume_key="job") as again:
        assert again.rows_done == 100


@posix_only("named pipes")
def test_a_device_is_no_output(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OutputError, match="a device or a pipe"):
        check_target(str(pipe))
