# SPDX-License-Identifier: GPL-3.0-or-later
"""What `make package` says of a zip that the plugin site would refuse, and of addresses that nobody has registered."""

from __future__ import annotations

import zipfile
from pathlib import Path

import package
import pytest

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


def test_placeholders_are_named_and_real_addresses_are_not() -> None:
    invented = {"homepage": "https://github.com/dbcr-qgis/dbcr-qgis", "email": "dbcr-qgis@users.noreply.github.com"}
    assert package.placeholders(invented) == ["homepage", "email"]
    assert package.placeholders({"homepage": "https://example.org/dbcr", "email": "a@example.org"}) == []
