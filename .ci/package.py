# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the plugin zip from tracked files (git archive honours export-ignore) and checks the plugin site's rules."""

from __future__ import annotations

import configparser
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

FOLDER = "dbcr"
MAX_BYTES = 25_000_000
REQUIRED_KEYS = [
    "name",
    "description",
    "version",
    "qgisMinimumVersion",
    "author",
    "email",
    "about",
    "tracker",
    "repository",
]
ADDRESSES = ("homepage", "tracker", "repository", "email")
NOT_REGISTERED = ("github.com/dbcr-qgis/", "dbcr-qgis@users.noreply")
REFUSED_SUFFIXES = {".so", ".dll", ".dylib", ".pyd", ".exe", ".sh", ".bat", ".ps1", ".pyc", ".pkl", ".pt", ".pth"}


def broken_rules(package: Path) -> list[str]:
    """One sentence per rule of the plugin site that the zip breaks."""
    found = []
    if package.stat().st_size > MAX_BYTES:
        found.append(f"The zip has {package.stat().st_size:,} bytes; the site takes {MAX_BYTES:,}.")
    with zipfile.ZipFile(package) as archive:
        names = [PurePosixPath(n) for n in archive.namelist()]
        for needed in ("LICENSE", "metadata.txt", "__init__.py"):
            if PurePosixPath(FOLDER, needed) not in names:
                found.append(f"{needed} is missing.")
        for name in names:
            is_hidden = any(part.startswith(".") for part in name.parts)
            if name.suffix in REFUSED_SUFFIXES or "__pycache__" in name.parts or is_hidden:
                found.append(f"{name} must not be in the zip.")
        metadata = configparser.ConfigParser()
        metadata.optionxform = str
        metadata.read_string(archive.read(f"{FOLDER}/metadata.txt").decode("utf-8"))
        try:
            given = dict(metadata.items("general"))
        except configparser.InterpolationError as error:
            # QGIS and the site read it so, and a lone per cent sign stops both.
            found.append(f"metadata.txt cannot be read: {error}.")
        else:
            found += [f"metadata.txt lacks {key}." for key in REQUIRED_KEYS if not given.get(key)]
    return found


def placeholders(metadata: Mapping[str, str]) -> list[str]:
    """The keys whose addresses nobody has registered yet: they must be real before the zip goes to the plugin site."""
    return [key for key in ADDRESSES if any(word in metadata.get(key, "") for word in NOT_REGISTERED)]


def build(folder: Path, root: Path) -> Path:
    """Writes <folder>/dbcr-<version>.zip from the last commit."""
    metadata = configparser.ConfigParser()
    metadata.read(root / "metadata.txt", encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    package = folder / f"{FOLDER}-{metadata['general']['version']}.zip"
    subprocess.run(
        ["git", "archive", "--format=zip", f"--prefix={FOLDER}/", f"--output={package.resolve()}", "HEAD"],
        cwd=root,
        check=True,
    )
    return package


def main() -> int:
    root = Path(__file__).resolve().parents[1]
    package = build(Path(sys.argv[1]), root)
    rules = broken_rules(package)
    metadata = configparser.ConfigParser()
    metadata.read(root / "metadata.txt", encoding="utf-8")
    for key in placeholders(metadata["general"]):
        print(f"warning: {key} in metadata.txt is a placeholder; give a real one before publishing.", file=sys.stderr)
    for rule in rules:
        print(rule, file=sys.stderr)
    print(f"{package}: {package.stat().st_size:,} bytes, {len(rules)} rules of the plugin site broken")
    return 1 if rules else 0


if __name__ == "__main__":
    sys.exit(main())
