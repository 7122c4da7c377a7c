# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the user guide: taken from its pages, and run in a folder prepared as a reader's would be.

Above every block of commands a comment says what becomes of it: `run`, `QGIS` (run with the plugin in a QGIS profile of
its own), `file: NAME` (written to the folder), or `not run: REASON`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from rasterio.windows import Window

from tests.plugin.tiny_model import write_tiny_model

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "resources" / "guide"
SAMPLE = ROOT / "resources" / "sample"
CORNER = Window(40, 40, 96, 80)
SECONDS = 300

_BLOCK = re.compile(r"(?:<!-- (?P<mark>.+?) -->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.M | re.S)
COMMANDS = ("console", "python", "csv", "toml")


@dataclass(frozen=True)
class Block:
    """A fenced block. mark: what the comment above it says, empty where there is none."""

    page: str
    line: int
    language: str
    mark: str
    text: str

    @property
    def name(self) -> str:
        """page:line, for test names."""
        return f"{self.page}:{self.line}"

    @property
    def reason(self) -> str:
        """Why it is not run; empty where it is."""
        return self.mark[len("not run: ") :] if self.mark.startswith("not run: ") else ""

    def command(self) -> list[str]:
        """The words that run it: a shell for console blocks, this Python for the others."""
        if self.language == "python":
            return [sys.executable, "-c", self.text]
        lines = [line[2:] for line in self.text.splitlines() if line.startswith("$ ")]
        return ["bash", "-euo", "pipefail", "-c", "\n".join(lines)]


def blocks() -> list[Block]:
    """Every block of commands in the guide, page by page, in order."""
    found = []
    for page in sorted(GUIDE.glob("*.md")):
        content = page.read_text(encoding="utf-8")
        for match in _BLOCK.finditer(content):
            if match["language"] in COMMANDS:
                line = content[: match.start("language")].count("\n") + 1
                found.append(Block(page.name, line, match["language"], match["mark"] or "", match["text"]))
    return found


def prepare(folder: Path) -> None:
    """What a reader has: the project (its programs, its model, its sample scene) and some files of their own."""
    for name in ("dbcr_core", "training"):
        (folder / name).symlink_to(ROOT / name, target_is_directory=True)
    (folder / "resources").mkdir()
    (folder / "resources" / "sample").symlink_to(SAMPLE, target_is_directory=True)
    (folder / "resources" / "models").symlink_to(ROOT / "resources" / "models", target_is_directory=True)
    write_tiny_model(folder / "my-region.dbcr")
    _crop(SAMPLE / "optical_cloudy_2020-08-23_L1C.tif", folder / "s2.tif")
    _crop(SAMPLE / "optical_clear_2020-06-04_L1C.tif", folder / "reference.tif")
    radar = SAMPLE / "sar_2020-09-03_GRD_dB.tif"
    (folder / "s1.tif").symlink_to(radar)
    (folder / "scenes").mkdir()
    for name in "ab":
        (folder / "scenes" / f"{name}_s2.tif").symlink_to(folder / "s2.tif")
        (folder / "scenes" / f"{name}_s1.tif").symlink_to(radar)
    _unnamed(folder / "s2.tif", folder / "unnamed.tif")
    _masks(folder)
    _own_scene(folder / "my-region" / "scene-001")
    _own_scene(folder / "my-validation" / "scene-900")
    (folder / "my-validation" / "scene-900" / "s2_cloudy.tif").symlink_to(folder / "s2.tif")


def run(block: Block, folder: Path, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    """Runs one block there, with this Python as `python`, or in exactly the environment given."""
    here = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        block.command(),
        cwd=folder,
        env=environment or {**os.environ, "PATH": here},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def _crop(source: Path, target: Path) -> None:
    with rasterio.open(source) as image:
        profile = {**image.profile, "width": CORNER.width, "height": CORNER.height, "tiled": False}
        for key in ("blockxsize", "blockysize"):
            profile.pop(key, None)
        profile["transform"] = image.window_transform(CORNER)
        with rasterio.open(target, "w", **profile) as part:
            part.write(image.read(window=CORNER))
            part.descriptions = image.descriptions


def _unnamed(source: Path, target: Path) -> None:
    """Four bands and a fifth that is none, without names."""
    with rasterio.open(source) as image:
        bands = [image.descriptions.index(name) + 1 for name in ("B02", "B03", "B04", "B08")]
        with rasterio.open(target, "w", **{**image.profile, "count": 5}) as file:
            file.write(image.read([*bands, 1]))


def _own_scene(folder: Path) -> None:
    """A clear image and a radar image on one grid, as training wants them."""
    folder.mkdir(parents=True)
    _crop(SAMPLE / "optical_clear_2020-06-04_L1C.tif", folder / "s2_clear.tif")
    with rasterio.open(folder / "s2_clear.tif") as image, rasterio.open(SAMPLE / "sar_2020-06-07_GRD_dB.tif") as radar:
        profile = {**image.profile, "count": 2, "dtype": "float32", "nodata": None}
        with rasterio.open(folder / "s1.tif", "w", **profile) as part:
            part.write(radar.read(window=CORNER).astype("float32"))
            part.descriptions = ("VV", "VH")


def _masks(folder: Path) -> None:
    """A binary mask, a probability and scene classes, all with cloud in the upper half."""
    with rasterio.open(folder / "s2.tif") as image:
        profile = {**image.profile, "count": 1, "nodata": None}
    upper = np.zeros((1, int(CORNER.height), int(CORNER.width)), bool)
    upper[:, : upper.shape[1] // 2] = True
    layers = {
        "mask": upper.astype("uint8"),
        "probability": np.where(upper, 0.45, 0.1).astype("float32"),
        "scl": np.where(upper, 9, 4).astype("uint8"),
    }
    for name, values in layers.items():
        with rasterio.open(folder / f"{name}.tif", "w", **{**profile, "dtype": values.dtype}) as file:
            file.write(values)
