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
            # Few colours make small files, and a screen's widgets have few.
            picture = Image.open(path).convert("RGB").quantize(256, dither=Image.Dither.NONE)
            picture.save(folder / path.name, optimize=True)
            print(folder / path.name)


if __name__ == "__main__":
    main()
