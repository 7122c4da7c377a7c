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
RECENT = SAMPLE / "optical_clear_2020-08-13_L2A.tif"
NATURAL_COLOUR = (4, 3, 2)
COMPARED = ("B02", "B03", "B04", "B05", "B08", "B8A", "B11", "B12")
OPAQUE_BLUE = 3500
"""DN of B02 from which nothing of the land is taken to be seen."""


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


def error_under_cloud(folder: Path) -> float:
    """RMSE in reflectance under opaque cloud, mean of eight bands, against the land ten days before.

    That is surface reflectance, so each band is first brought to this date by a line through the untouched pixels.
    """
    cloudy, result, recent = (bands_by_name(path) for path in (CLOUDY, folder / "cloud-free.tif", RECENT))
    with rasterio.open(folder / "reconstructed.tif") as source:
        untouched = (source.read(1) == 0) & (recent["B02"] > 0)
    opaque = (cloudy["B02"] >= OPAQUE_BLUE) & (recent["B02"] > 0)
    errors = []
    for band in COMPARED:
        slope, offset = np.polyfit(recent[band][untouched], cloudy[band][untouched], 1)
        errors.append(np.sqrt(np.square(result[band] - (slope * recent[band] + offset))[opaque].mean()))
    return float(np.mean(errors)) / 10000


def bands_by_name(path: Path) -> dict[str, np.ndarray]:
    """(h, w) DN by band name."""
    with rasterio.open(path) as source:
        return dict(zip(source.descriptions, source.read().astype(np.float64)))


def draw(folder: Path) -> Path:
    """cloudy | SAR | result | the two clear dates, side by side."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    panels = (
        ("cloudy, 2020-08-23", natural_colour(CLOUDY)),
        ("Sentinel-1, 2020-09-03 (VV, VH, VV/VH)", false_colour(SAR)),
        ("result", natural_colour(folder / "cloud-free.tif")),
        ("10 days before, surface reflectance", natural_colour(RECENT)),
        ("80 days before, 2020-06-04", natural_colour(REFERENCE)),
    )
    figure, axes = pyplot.subplots(1, len(panels), figsize=(20, 4.6))
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
        f"reconstructed; under opaque cloud {error_under_cloud(folder):.4f} RMSE against the land 10 days before; "
        f"against the clear date 80 days before: {figures}"
    )


if __name__ == "__main__":
    main()
