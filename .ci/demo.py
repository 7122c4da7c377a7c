# SPDX-License-Identifier: GPL-3.0-or-later
"""`make demo`: the real sample scene through a real qgis_process, then a picture and one line of figures."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import rasterio
from throwaway_profile import ThrowawayProfile

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "resources" / "sample"
CLOUDY = SAMPLE / "optical_cloudy_2020-08-23_L1C.tif"
SAR = SAMPLE / "sar_2020-09-03_GRD_dB.tif"
REFERENCE = SAMPLE / "optical_clear_2020-06-04_L1C.tif"
NATURAL_COLOUR = (4, 3, 2)


def clear_sample(folder: Path) -> dict:
    """Runs dbcr:removeclouds in a throw-away profile; returns the algorithm's report."""
    output, changed = folder / "cloud-free.tif", folder / "reconstructed.tif"
    with tempfile.TemporaryDirectory() as scratch:
        profile = ThrowawayProfile(Path(scratch), ROOT)
        profile.enable_plugin()
        command = ["run", "dbcr:removeclouds", "--", f"OPTICAL={CLOUDY}", f"SAR={SAR}", f"OUTPUT={output}"]
        done = profile.call("--json", *command, f"CHANGED={changed}")
    if done.returncode:
        sys.exit(f"qgis_process failed:\n{done.stdout}{done.stderr}")
    return json.loads(json.loads(done.stdout)["results"]["REPORT"])


def measure(prediction: Path) -> dict:
    """PSNR, SSIM, MAE and SAM against the reference date, by the engine's own assessment."""
    command = [sys.executable, "-m", "dbcr_core", "assess", "--json"]
    command += ["--prediction", str(prediction), "--reference", str(REFERENCE)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"The assessment failed:\n{done.stderr}")
    report = json.loads(done.stdout)
    return report.get("all", report)


def draw(folder: Path) -> Path:
    """cloudy | SAR | result | reference date, side by side."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    panels = (
        ("cloudy, 2020-08-23", natural_colour(CLOUDY)),
        ("Sentinel-1, 2020-09-03 (VV, VH, VV/VH)", false_colour(SAR)),
        ("result", natural_colour(folder / "cloud-free.tif")),
        ("reference date, 2020-06-04", natural_colour(REFERENCE)),
    )
    figure, axes = pyplot.subplots(1, len(panels), figsize=(16, 4.6))
    for axis, (title, picture) in zip(axes, panels):
        axis.imshow(picture)
        axis.set_title(title)
        axis.set_axis_off()
    figure.text(0.5, 0.01, "contains modified Copernicus Sentinel data 2020; SSL4EO-S12", ha="center", fontsize=8)
    figure.tight_layout(rect=(0, 0.03, 1, 1))
    path = folder / "cloud-free.png"
    figure.savefig(path, dpi=100)
    return path


def natural_colour(path: Path) -> np.ndarray:
    """(h, w, 3) 0…1; one fixed stretch for every date, so that they can be compared."""
    with rasterio.open(path) as source:
        return np.clip(np.moveaxis(source.read(NATURAL_COLOUR), 0, -1) / 3000.0, 0, 1) ** 0.8


def false_colour(path: Path) -> np.ndarray:
    """(h, w, 3) 0…1 from VV and VH in decibels."""
    with rasterio.open(path) as source:
        vv, vh = source.read()
    return np.clip(np.stack([(vv + 20) / 20, (vh + 28) / 20, (vv - vh) / 15], axis=-1), 0, 1)


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    report = clear_sample(folder.resolve())
    metrics = measure(folder / "cloud-free.tif")
    picture = draw(folder)
    figures = ", ".join(f"{name.upper()} {metrics[name]:.4g}" for name in ("psnr", "ssim", "mae", "sam"))
    print(f"{folder / 'cloud-free.tif'} and {picture}")
    print(
        f"device: {report['device']}; {report['seconds']:.1f} s; {report['reconstructed']:.0%} of the pixels "
        f"reconstructed; against the clear date 80 days earlier: {figures}"
    )


if __name__ == "__main__":
    main()
