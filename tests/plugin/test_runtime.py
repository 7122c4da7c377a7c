# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding and installing ONNX Runtime, on small stand-in wheels whose hash is pinned for the test."""

from __future__ import annotations

import hashlib
import io
import sys
import zipfile

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


def pin(runtime, monkeypatch, content: bytes) -> str:
    """Makes `content` the pinned wheel of this computer; returns its file name."""
    name = "onnxruntime-9.9-test.whl"
    wheel = runtime.Wheel("9.9", name, hashlib.sha256(content).hexdigest())
    monkeypatch.setitem(runtime.WHEELS, (runtime.python_tag(), runtime.platform_tag()), wheel)
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


def test_the_index_page_leads_to_exactly_the_pinned_file(runtime, monkeypatch, tmp_path):
    content = wheel_bytes({"onnxruntime/__init__.py": INIT})
    name = pin(runtime, monkeypatch, content)
    pages = {
        "https://index.example/simple/onnxruntime/": f'<a href="../../files/{name}#sha256=0">{name}</a>'.encode(),
        f"https://index.example/files/{name}": content,
    }
    status = runtime.install_from_index(tmp_path / "own", "https://index.example/simple", pages.__getitem__)
    assert status.problem is None


def test_every_pinned_wheel_has_a_hash_and_a_name_that_fits_its_key(runtime):
    for (tag, system), wheel in runtime.WHEELS.items():
        assert len(wheel.sha256) == 64 and f"-{tag}-" in wheel.filename and wheel.version in wheel.filename
        word = {"linux": "manylinux", "windows": "win", "macos": "macosx"}[system.partition("-")[0]]
        assert word in wheel.filename


def test_a_computer_without_a_pinned_wheel_is_sent_to_its_package_manager(runtime, monkeypatch):
    from dbcr.dbcr_core.errors import BackendMissingError

    monkeypatch.setattr(runtime, "platform_tag", lambda: "plan9-mips")
    with pytest.raises(BackendMissingError, match="package manager"):
        runtime.pinned_wheel()
