# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding and installing ONNX Runtime, on small stand-in wheels whose hash is pinned for the test."""

from __future__ import annotations

import hashlib
import io
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

INIT = """
class InferenceSession: pass
__version__ = '9.9'
def get_available_providers(): return ['CPUExecutionProvider']
"""


@pytest.fixture
def runtime(dbcr, monkeypatch):
    """plugin/runtime.py where no onnxruntime is imported or importable, and nothing it imports stays."""
    from dbcr.plugin import runtime

    kept = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "onnxruntime"}
    for name in kept:
        del sys.modules[name]
    clean = [entry for entry in sys.path if "site-packages" not in entry]
    monkeypatch.setattr(sys, "path", clean)
    monkeypatch.delenv("DBCR_RUNTIME_DIR", raising=False)
    yield runtime
    runtime._forget()
    sys.modules.update(kept)


def wheel_bytes(files: dict) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def pin(runtime, monkeypatch, content: bytes, build: str = "standard") -> str:
    """Makes `content` the pinned wheel of this computer; returns its file name."""
    name = {"standard": "onnxruntime-9.9-test.whl", "openvino": "onnxruntime_openvino-9.8-test.whl"}[build]
    wheel = runtime.Wheel(name.split("-")[1], name, hashlib.sha256(content).hexdigest())
    monkeypatch.setitem(runtime.BUILDS[build], (runtime.python_tag(), runtime.platform_tag()), wheel)
    return name


def test_missing_runtime_names_the_button_and_the_command(runtime, tmp_path):
    status = runtime.load(tmp_path)
    assert "Install ONNX Runtime" in status.problem and "qgis_process" in status.problem


def test_the_pinned_wheel_installs_from_disk_and_loads(runtime, monkeypatch, tmp_path):
    content = wheel_bytes({"onnxruntime/__init__.py": INIT})
    file = tmp_path / pin(runtime, monkeypatch, content)
    file.write_bytes(content)
    status = runtime.install_from_file(tmp_path / "own", str(file))
    assert (status.version, status.problem) == ("9.9", None)
    assert sys.path[-1] == str(tmp_path / "own"), "the own folder must come last"
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".runtime")] == []


def test_two_threads_may_load_it_at_once(runtime, tmp_path):
    (tmp_path / "onnxruntime").mkdir()
    slow = "import onnxruntime.part, time; time.sleep(0.2)"
    (tmp_path / "onnxruntime" / "__init__.py").write_text(f"{slow}\n{INIT}")
    (tmp_path / "onnxruntime" / "part.py").write_text("")
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.submit(runtime.load, tmp_path), threads.submit(_late, runtime, tmp_path)
        assert first.result() == second.result() and first.result().problem is None


def _late(runtime, folder):
    """Loads while the other one is half made."""
    while "onnxruntime.part" not in sys.modules:
        time.sleep(0.01)
    return runtime.load(folder)


@pytest.mark.parametrize("refused", ["own", "new"])
def test_a_runtime_that_cannot_be_replaced_stays_whole(runtime, monkeypatch, tmp_path, refused):
    """As on Windows, where a folder stays in its place while a program has loaded something of it."""
    from dbcr.dbcr_core.errors import OutputError

    content = wheel_bytes({"onnxruntime/__init__.py": INIT})
    file, own = tmp_path / pin(runtime, monkeypatch, content), tmp_path / "own"
    file.write_bytes(content)
    (own / "onnxruntime").mkdir(parents=True)
    (own / "onnxruntime" / "__init__.py").write_text("__version__ = '8'")
    (own / "onnxruntime" / "loaded.dll").touch()
    replace = runtime.os.replace

    def replace_some(source, target):
        if (refused == "own") == (source == own) and (refused == "own" or target == own and "-old" not in str(source)):
            raise PermissionError(13, "Access is denied")
        replace(source, target)

    monkeypatch.setattr(runtime.os, "replace", replace_some)
    with pytest.raises(OutputError, match="Access is denied"):
        runtime.install_from_file(own, str(file))
    assert sorted(path.name for path in (own / "onnxruntime").iterdir()) == ["__init__.py", "loaded.dll"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([file.name, "own"])
    monkeypatch.undo()


def test_a_wheel_with_another_hash_is_refused_and_nothing_is_written(runtime, monkeypatch, tmp_path):
    from dbcr.dbcr_core.errors import InputError

    pin(runtime, monkeypatch, wheel_bytes({"onnxruntime/__init__.py": INIT}))
    other = tmp_path / "other.whl"
    other.write_bytes(wheel_bytes({"onnxruntime/__init__.py": "import os"}))
    with pytest.raises(InputError, match="SHA-256"):
        runtime.install_from_file(tmp_path / "own", str(other))
    assert not (tmp_path / "own").exists()


def test_a_wheel_that_names_files_outside_its_folder_is_refused(runtime, monkeypatch, tmp_path):
    from dbcr.dbcr_core.errors import InputError

    content = wheel_bytes({"../escaped.py": "", "onnxruntime/__init__.py": INIT})
    file = tmp_path / pin(runtime, monkeypatch, content)
    file.write_bytes(content)
    with pytest.raises(InputError, match="outside"):
        runtime.install_from_file(tmp_path / "deep" / "own", str(file))
    assert not (tmp_path / "deep" / "escaped.py").exists() and not (tmp_path / "escaped.py").exists()


def test_others_may_use_what_was_installed(runtime, monkeypatch, tmp_path):
    content = wheel_bytes({"onnxruntime/__init__.py": INIT})
    file = tmp_path / pin(runtime, monkeypatch, content)
    file.write_bytes(content)
    runtime.install_from_file(tmp_path / "own", str(file))
    (tmp_path / "plain").mkdir()
    assert (tmp_path / "own").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize(
    ("link", "place"),
    [
        ('<a href="../../files/{}#sha256=0">', "files/{}"),
        ('<a href="{}#sha256=0">', "simple/onnxruntime/{}"),
        ("<a href='/files/{}'>", "files/{}"),
        ('<A class="x" HREF="../../files/{}?token=1&amp;user=2#sha256=0">', "files/{}?token=1&user=2"),
    ],
)
def test_the_index_page_leads_to_exactly_the_pinned_file(runtime, monkeypatch, tmp_path, link, place):
    content = wheel_bytes({"onnxruntime/__init__.py": INIT})
    name = pin(runtime, monkeypatch, content)
    page = '<a name="top"></a><a href="http://[">bad</a><a href="../../files/other-{}">other</a>' + link + "wheel</a>"
    pages = {
        "https://index.example/simple/onnxruntime/": page.format(name, name).encode(),
        "https://index.example/" + place.format(name): content,
    }
    status = runtime.install_from_index(tmp_path / "own", "https://index.example/simple", pages.__getitem__)
    assert status.problem is None


WITH_OPENVINO = INIT.replace("'CPUE", "'OpenVINOExecutionProvider', 'CPUE").replace("9.9", "9.8")


def test_the_build_with_openvino_is_fetched_under_its_own_name_and_takes_the_other_one_s_place(
    runtime, monkeypatch, tmp_path
):
    usual, other = (wheel_bytes({"onnxruntime/__init__.py": text}) for text in (INIT, WITH_OPENVINO))
    pin(runtime, monkeypatch, usual)
    name = pin(runtime, monkeypatch, other, "openvino")
    link = f'<a href="../../files/{name}#sha256=0">{name}</a>'
    pages = {
        "https://index.example/simple/onnxruntime-openvino/": link.encode(),
        f"https://index.example/files/{name}": other,
    }
    own = tmp_path / "own"
    file = tmp_path / "usual.whl"
    file.write_bytes(usual)
    assert "OpenVINOExecutionProvider" not in runtime.install_from_file(own, str(file)).providers
    runtime._forget()
    status = runtime.install_from_index(own, "https://index.example/simple", pages.__getitem__, "openvino")
    assert (status.version, status.folder) == ("9.8", str(own)) and "OpenVINOExecutionProvider" in status.providers


def test_beside_a_runtime_that_is_loaded_the_installed_one_is_reported(runtime, monkeypatch, tmp_path):
    usual, other = (wheel_bytes({"onnxruntime/__init__.py": text}) for text in (INIT, WITH_OPENVINO))
    pin(runtime, monkeypatch, usual)
    pin(runtime, monkeypatch, other, "openvino")
    own, file = tmp_path / "own", tmp_path / "either.whl"
    file.write_bytes(usual)
    assert runtime.install_from_file(own, str(file)).version == "9.9"
    file.write_bytes(other)
    assert runtime.install_from_file(own, str(file)) == runtime.RuntimeStatus(str(own), "9.8")


def test_a_runtime_that_works_is_replaced_only_when_told_and_either_is_said(plugin, monkeypatch, tmp_path):
    import processing
    from dbcr.plugin import runtime
    from qgis.core import QgsProcessingFeedback

    content = wheel_bytes({"onnxruntime/__init__.py": INIT})
    file, own = tmp_path / pin(runtime, monkeypatch, content), tmp_path / "own"
    file.write_bytes(content)
    monkeypatch.setenv("DBCR_RUNTIME_DIR", str(own))
    works = runtime.load(own)
    said = {}
    for again in (False, True):
        feedback = QgsProcessingFeedback()
        results = processing.run("dbcr:installruntime", {"WHEEL": str(file), "AGAIN": again}, feedback=feedback)
        said[again] = results["VERSION"], results["FOLDER"], feedback.textLog()
        assert own.exists() is again
    assert said[False][:2] == (works.version, works.folder) and "AGAIN=true" in said[False][2]
    assert said[True][:2] == ("9.9", str(own)) and f"{works.folder} goes before it" in said[True][2]
    assert f"ONNX Runtime 9.9: {own}\n" in said[True][2]


def test_a_wheel_on_disk_may_be_of_either_build(runtime, monkeypatch, tmp_path):
    from dbcr.dbcr_core.errors import InputError

    pin(runtime, monkeypatch, wheel_bytes({"onnxruntime/__init__.py": INIT}))
    content = wheel_bytes({"onnxruntime/__init__.py": WITH_OPENVINO})
    file = tmp_path / pin(runtime, monkeypatch, content, "openvino")
    file.write_bytes(content[:-1])
    with pytest.raises(InputError, match="not onnxruntime-9.9-test.whl or onnxruntime_openvino-9.8-test.whl"):
        runtime.install_from_file(tmp_path / "own", str(file))
    file.write_bytes(content)
    assert "OpenVINOExecutionProvider" in runtime.install_from_file(tmp_path / "own", str(file)).providers


def test_a_computer_without_openvino_is_told_which_build_there_is(runtime, monkeypatch):
    from dbcr.dbcr_core.errors import BackendMissingError

    monkeypatch.setattr(runtime, "platform_tag", lambda: "macos-arm64")
    with pytest.raises(BackendMissingError, match="with OpenVINO fits .* on macos-arm64; choose the build “standard”"):
        runtime.pinned_wheel("openvino")


def test_every_pinned_wheel_has_a_hash_and_a_name_that_fits_its_key(runtime):
    for build, project in (("standard", "onnxruntime"), ("openvino", "onnxruntime-openvino")):
        for (tag, system), wheel in runtime.BUILDS[build].items():
            assert len(wheel.sha256) == 64 and f"-{tag}-" in wheel.filename and wheel.version in wheel.filename
            word = {"linux": "manylinux", "windows": "win", "macos": "macosx"}[system.partition("-")[0]]
            assert word in wheel.filename and wheel.project == project


def test_a_computer_without_a_pinned_wheel_is_sent_to_its_package_manager(runtime, monkeypatch):
    from dbcr.dbcr_core.errors import BackendMissingError

    monkeypatch.setattr(runtime, "platform_tag", lambda: "plan9-mips")
    with pytest.raises(BackendMissingError, match="package manager"):
        runtime.pinned_wheel()
