# SPDX-License-Identifier: GPL-3.0-or-later
"""What enabling the plugin adds to QGIS's start: seconds of import and initGui, and the imports by `-X importtime`.

Run as a program it does what QGIS does once and prints the seconds.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("onnxruntime", "torch", "numpy", "osgeo", "rasterio")
IMPORT_LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| ( *)(\S+)")
MARK = "-- the plugin begins --"


def measure_startup(turns: int) -> dict[str, Any]:
    """Rows of milliseconds; empty where there is no QGIS."""
    whole, imports, heavy = [], [], set()
    for _ in range(turns):
        with tempfile.TemporaryDirectory() as home:
            environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": home, "XDG_RUNTIME_DIR": home}
            done = subprocess.run(
                [sys.executable, "-X", "importtime", str(Path(__file__))],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
        if done.returncode:
            return {"rows": [], "missing": {"start-up": (done.stderr.strip().splitlines() or ["no answer"])[-1]}}
        whole.append(1000 * float(done.stdout.splitlines()[-1]))
        added = [match.groups() for match in map(IMPORT_LINE.match, done.stderr.split(MARK)[1].splitlines()) if match]
        imports.append(sum(int(own) for own, _, _, _ in added) / 1000)
        heavy |= {name.partition(".")[0] for _, _, _, name in added} & set(HEAVY)
    return {
        "rows": [
            {"case": "import and initGui", "median_ms": round(median(whole), 1), "fastest_ms": round(min(whole), 1)},
            {"case": "its imports alone", "median_ms": round(median(imports), 1), "fastest_ms": round(min(imports), 1)},
        ],
        "heavy_imports": sorted(heavy),
    }


def main() -> None:
    """Prints the seconds from the plugin's import to the end of initGui, in a QGIS that is up."""
    from qgis.core import QgsApplication

    application = QgsApplication([], True)
    application.initQgis()
    plugins = tempfile.mkdtemp()
    os.symlink(ROOT, os.path.join(plugins, "dbcr"))
    sys.path[:0] = [plugins, str(ROOT / "tests" / "plugin")]
    from plain_desktop import PlainDesktop

    desktop = PlainDesktop()
    sys.stderr.write(f"{MARK}\n")
    sys.stderr.flush()
    start = time.perf_counter()
    import dbcr

    dbcr.classFactory(desktop).initGui()
    print(time.perf_counter() - start)
    sys.stdout.flush()
    os._exit(0)  # QGIS's own teardown is not what is measured


if __name__ == "__main__":
    main()
