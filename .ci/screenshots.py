# SPDX-License-Identifier: GPL-3.0-or-later
"""`make screenshots`: QGIS desktop under Xvfb with the sample scene and the bundled model, for the README."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "plugin"))

from PIL import Image  # noqa: E402 (the path above)
from test_desktop import run_desktop  # noqa: E402 (the path above)
from throwaway_profile import ThrowawayProfile  # noqa: E402

SAMPLE = ROOT / "resources" / "sample"
FLAT = 96
"""Colours that are kept exactly: widgets and legends have few."""


def few_colours(picture: Image.Image) -> Image.Image:
    """The picture in 256 colours, a third the size: those of its flat parts as they are, the rest for the images."""
    flat = [colour for _, colour in sorted(picture.getcolors(picture.width * picture.height), reverse=True)[:FLAT]]
    rest = picture.quantize(256 - FLAT, kmeans=2).getpalette()[: 3 * (256 - FLAT)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for colour in flat for value in colour] + rest)
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


def main() -> None:
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        profile = ThrowawayProfile(Path(scratch), ROOT)
        profile.enable_plugin()
        plan = {
            "folder": scratch,
            "optical": str(SAMPLE / "optical_cloudy_2020-08-23_L1C.tif"),
            "sar": str(SAMPLE / "sar_2020-09-03_GRD_dB.tif"),
            "reference": str(SAMPLE / "optical_clear_2020-06-04_L1C.tif"),
            "model": "",
            "nfe": 1,
        }
        report = run_desktop(profile, plan, timeout=500)
        if "error" in report:
            sys.exit(report["error"])
        for path in map(Path, report["screenshots"]):
            few_colours(Image.open(path).convert("RGB")).save(folder / path.name, optimize=True)
            print(folder / path.name)


if __name__ == "__main__":
    main()
