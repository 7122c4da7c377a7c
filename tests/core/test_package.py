# SPDX-License-Identifier: GPL-3.0-or-later
"""What `make package` says of a zip that the plugin site would refuse, and of addresses that nobody has registered."""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import package
import pytest

from dbcr_core.band_names import OPTICAL_BANDS
from tests.core.raster_files import reflective_dn, write_raster

ROOT = Path(__file__).resolve().parents[2]
METADATA = "[general]\n" + "".join(f"{key}=x\n" for key in package.REQUIRED_KEYS)


def zip_of(path, **files: str):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {"LICENSE": "x", "__init__.py": "", "metadata.txt": METADATA, **files}.items():
            if text is not None:
                archive.writestr(f"{package.FOLDER}/{name}", text)
    return path


def test_a_zip_that_keeps_the_rules_is_fine(tmp_path) -> None:
    assert package.broken_rules(zip_of(tmp_path / "a.zip")) == []


@pytest.mark.parametrize(
    "files, rule",
    [
        ({"LICENSE": None}, "LICENSE is missing."),
        ({"core/x.so": "x"}, "dbcr/core/x.so must not be in the zip."),
        ({"run.sh": "x"}, "dbcr/run.sh must not be in the zip."),
        ({"weights.pkl": "x"}, "dbcr/weights.pkl must not be in the zip."),
        ({"__pycache__/a.pyc": "x"}, "dbcr/__pycache__/a.pyc must not be in the zip."),
        ({".git/config": "x"}, "dbcr/.git/config must not be in the zip."),
        ({".mypy_cache/cache.db": "x"}, "dbcr/.mypy_cache/cache.db must not be in the zip."),
        ({"metadata.txt": METADATA.replace("about=x\n", "")}, "metadata.txt lacks about."),
    ],
)
def test_each_broken_rule_is_named(tmp_path, files, rule) -> None:
    assert package.broken_rules(zip_of(tmp_path / "a.zip", **files)) == [rule]


@pytest.mark.parametrize("text", [METADATA + "changelog=5 % faster\n", (ROOT / "metadata.txt").read_text("utf-8")])
def test_metadata_are_read_as_qgis_reads_them(tmp_path, text: str) -> None:
    rules = package.broken_rules(zip_of(tmp_path / "a.zip", **{"metadata.txt": text}))
    assert [rule[:27] for rule in rules] == ["metadata.txt cannot be read"] * ("5 % faster" in text)


def test_a_zip_over_25_megabytes_is_refused(tmp_path, monkeypatch) -> None:
    path = zip_of(tmp_path / "a.zip", **{"resources/model.dbcr": "x" * 1000})
    monkeypatch.setattr(package, "MAX_BYTES", 999)
    assert len(package.broken_rules(path)) == 1


@pytest.mark.skipif(not shutil.which("git") or not (ROOT / ".git").exists(), reason="the zip is made from a checkout")
def test_the_real_zip_keeps_the_rules_and_holds_all_that_its_pages_link_to(tmp_path) -> None:
    path = package.build(tmp_path, ROOT)
    assert package.broken_rules(path) == []
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        pages = {name: archive.read(name).decode("utf-8") for name in names if name.endswith(".md")}
    links = [(page, link) for page, text in pages.items() for link in re.findall(r"\]\(([^)#:]+)[)#]", text)]
    assert len(links) > 20
    dead = [
        (page, link) for page, link in links if posixpath.normpath(f"{posixpath.dirname(page)}/{link}") not in names
    ]
    assert dead == []


def test_placeholders_are_named_and_real_addresses_are_not() -> None:
    invented = {"homepage": "https://github.com/dbcr-qgis/dbcr-qgis", "email": "dbcr-qgis@users.noreply.github.com"}
    assert package.placeholders(invented) == ["homepage", "email"]
    assert package.placeholders({"homepage": "https://example.org/dbcr", "email": "a@example.org"}) == []


def test_pip_installs_the_engine_with_its_model(tmp_path) -> None:
    pytest.importorskip("pip")
    source, target, elsewhere = tmp_path / "clone-of-any-name", tmp_path / "site", tmp_path / "elsewhere"
    for folder in ("dbcr_core", "resources/models"):
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("__init__.py", "pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / file, source)
    elsewhere.mkdir()
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--target", target]
    subprocess.run([*install, source], check=True, capture_output=True)
    packages = {path.parent.relative_to(ROOT) for path in (ROOT / "dbcr_core").rglob("__init__.py")}
    installed = target / "dbcr"
    assert packages == {path.parent.relative_to(installed) for path in (installed / "dbcr_core").rglob("__init__.py")}
    optical = write_raster(tmp_path / "s2.tif", reflective_dn(13, 70, 80), descriptions=OPTICAL_BANDS)
    command = [sys.executable, target / "bin" / "dbcr", "batch", "list.csv", "--output", "cleared", "--mask", "none"]
    (elsewhere / "list.csv").write_text(f"name,optical\na,{optical}\nb,{optical}\n")
    environment = {**os.environ, "PYTHONPATH": str(target)}
    done = subprocess.run(command, cwd=elsewhere, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert {"a.tif", "b.tif"} <= {path.name for path in (elsewhere / "cleared").iterdir()}
    told = subprocess.run([*command[:2], "--help"], cwd=elsewhere, env=environment, capture_output=True, text=True)
    assert told.stdout.startswith("usage: dbcr ")
