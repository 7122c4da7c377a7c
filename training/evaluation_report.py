# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables in the layout of the paper's, and plots, from what ``evaluate`` measured."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .files import whole_file
from .frechet import FEWEST_IMAGES
from .pictures import false_colour_sar, natural_colour, save_grid
from .validation import ValidationImage

HEADINGS = {"psnr": "PSNR(dB)", "ssim": "SSIM", "mae": "MAE", "sam": "SAM", "lpips": "LPIPS"}
FORMATS = {"psnr": "{:.2f}", "ssim": "{:.3f}", "mae": "{:.4f}", "sam": "{:.2f}", "lpips": "{:.3f}"}


def table(title: str, rows: dict[str, dict[str, float | None]]) -> str:
    """A Markdown table with one row per method."""
    lines = [f"| {title} | " + " | ".join(HEADINGS.values()) + " |", "|---" * (len(HEADINGS) + 1) + "|"]
    for name, entry in rows.items():
        cells = ["–" if entry.get(k) is None else FORMATS[k].format(entry[k]) for k in HEADINGS]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def tables(report: dict[str, Any]) -> str:
    """All tables of one evaluation as Markdown."""
    by_sde = ", by the SDE" if report["sampler"] == "sde" else ""
    parts = [f"# {report['model']} on {report['images']} images{by_sde}"]
    if "trained_bands" in report:
        parts.append(f"Of the bands that the model learned: {', '.join(report['trained_bands'])}.")
    bands, first = report["mae_per_band"], f"NFE {next(iter(report['nfe']['all']))}"
    for subset, entries in report["nfe"].items():
        rows = {"cloudy input": entries["input"]}
        rows.update({f"NFE {nfe}": entry for nfe, entry in entries.items() if nfe != "input"})
        parts.append(table(f"images: {subset.replace('_', ' ')}", rows))
    if "by_cover" in report:
        rows = {}
        for name, entry in report["by_cover"].items():
            if entry["images"]:
                rows[f"{name} ({entry['images']})"] = entry["model"]
                rows[f"{name} input"] = entry["input"]
        parts.append(table(f"cloud cover (images), {first}", rows))
        parts.append(
            table(
                f"pixels, {first}",
                {k.replace("_", " "): report[k] for k in ("cloudy_pixels", "clear_pixels", "input_clear_pixels")},
            )
        )
    uncovered = [name for name, entry in report["each"].items() if "cover" not in entry]
    if uncovered:
        parts.append(f"Without a visible band and cloudmask.tif no cloud is known in {', '.join(uncovered)}.")
    parts.append("| MAE | " + " | ".join(bands) + " |\n" + "|---" * (len(bands) + 1) + f"|\n| {first} | "
                 + " | ".join(f"{v:.4f}" for v in bands.values()) + " |")  # fmt: skip
    if "missing" in report:
        lines = [f"| missing, {first} | PSNR with all | PSNR without | loss (dB) |", "|---|---|---|---|"]
        for name, e in report["missing"].items():
            lines.append(f"| {name} | {e['with_all']:.2f} | {e['without']:.2f} | {e['loss_db']:+.2f} |")
        parts.append("\n".join(lines))
        clear = report["clear_inputs"]
        parts.append(f"Clear input kept at {first} within {clear['psnr']:.2f} dB (MAE {clear['mae']:.4f}).")
    if report.get("broken_clouds"):
        found = {k: f"{v['rmse']:.4f}, of the level {v['level_rmse']:.4f}" for k, v in report["broken_clouds"].items()}
        parts.append(
            f"RMSE at {first} under opaque clouds, simulated over clear images with open land around: "
            + "; ".join(f"{name} {errors}" for name, errors in found.items()) + "."
        )  # fmt: skip
    if "frechet" in report:
        found = {f"NFE {nfe}": round(value, 3) for nfe, value in report["frechet"].items() if value is not None}
        parts.append(
            f"Fréchet distance in AlexNet features (no FID; only for ranking models on these images): {found}."
            if found
            else f"Fréchet distance not computed: {FEWEST_IMAGES} images are the fewest that would say something."
        )
    if "calibration" in report:
        c = report["calibration"]
        covered = ", ".join(f"{float(p):.0%} band holds {share:.0%}" for p, share in c["coverage"].items())
        parts.append(f"Scale head: {covered}; mean error {c['mean_error']:.4f}, mean scale {c['mean_scale']:.4f}.")
    if "auto_mask" in report:
        for name in ("at_card", "best_with_recall"):
            judged = report["auto_mask"][name]
            if judged:
                precision, recall = f"precision {judged['precision']:.3f}", f"recall {judged['recall']:.3f}"
                parts.append(f"Auto mask at {judged['threshold']:.2f}: {precision}, {recall}.")
    return "\n\n".join(parts) + "\n"


def comparison(title: str, reports: dict[str, dict[str, Any]], nfe: str) -> str:
    """One row per evaluated model: the paper's main, fusion and ODE-against-SDE tables."""
    return table(title, {name: report["nfe"]["all"][nfe] for name, report in reports.items()})


def draw_plots(report: dict[str, Any], output: Path) -> None:
    """nfe.png: PSNR and LPIPS by NFE. cover.png: error by cloud cover."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 4))
    FigureCanvasAgg(figure)
    axes = figure.add_subplot(111)
    entries = {int(k): v for k, v in report["nfe"]["all"].items() if k != "input"}
    axes.plot(list(entries), [e["psnr"] for e in entries.values()], "o-", color="tab:blue")
    axes.set_xlabel("network evaluations (NFE)")
    axes.set_ylabel("PSNR [dB]", color="tab:blue")
    if all(e["lpips"] is not None for e in entries.values()):
        other = axes.twinx()
        other.plot(list(entries), [e["lpips"] for e in entries.values()], "s--", color="tab:red")
        other.set_ylabel("LPIPS (lower is better)", color="tab:red")
    figure.savefig(output / "nfe.png", dpi=120, bbox_inches="tight")

    figure = Figure(figsize=(6, 4))
    FigureCanvasAgg(figure)
    axes = figure.add_subplot(111)
    for entry in (entry for entry in report["each"].values() if "cover" in entry):
        nfe = next(iter(entry["nfe"].values()))
        axes.plot([entry["cover"] * 100] * 2, [entry["input"]["mae"], nfe["mae"]], color="0.8", zorder=0)
        axes.plot(entry["cover"] * 100, entry["input"]["mae"], "x", color="tab:red")
        axes.plot(entry["cover"] * 100, nfe["mae"], "o", color="tab:blue")
    axes.set_xlabel("cloud cover [%]")
    axes.set_ylabel("MAE: cloudy input (x), reconstruction (o)")
    figure.savefig(output / "cover.png", dpi=120, bbox_inches="tight")


def draw_cases(images: Sequence[ValidationImage], restored: dict, first: dict, report: dict, output: Path) -> None:
    """cases.png, worst image first: cloudy, SAR, result, clear, opacity (red cloud, blue shadow), error."""
    ranked = sorted(images, key=lambda i: next(iter(report["each"][i.id]["nfe"].values()))["psnr"])
    rows = []
    for image in ranked:
        result, clear = restored[image.id], image.clear.numpy()
        row = [natural_colour(image.cloudy.numpy()), false_colour_sar(image.sar.numpy())]
        row += [natural_colour(result), natural_colour(clear)]
        opacity = first[image.id].opacity
        if opacity is not None:
            row.append(np.stack([opacity[0, 0], 0 * opacity[0, 0], opacity[0, 1]], -1))
        error = np.abs(result - clear).mean(0)
        row.append(np.repeat((error / 0.1).clip(0, 1)[..., None], 3, -1))
        rows.append(row)
    save_grid(output / "cases.png", rows)


def write_report(report: dict[str, Any], output: Path) -> str:
    """evaluation.json and evaluation.md; returns the tables."""
    output.mkdir(parents=True, exist_ok=True)
    text = tables(report)
    for name, content in (("evaluation.json", json.dumps(report, indent=1)), ("evaluation.md", text)):
        with whole_file(output / name) as unfinished:
            unfinished.write_text(content)
    draw_plots(report, output)
    return text
