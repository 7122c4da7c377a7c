# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures as a table for people (Markdown) and as plots (PNG)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Sequence

from .machine import machine_line

Row = dict[str, Any]


def to_markdown(result: dict[str, Any]) -> str:
    """All sections that were measured, the findings first."""
    lines = ["# Benchmark", "", f"Machine: {machine_line(result['machine'])}.", ""]
    lines += [f"Threads of the network: {result['network_threads']} unless said otherwise; mode: {result['mode']}.", ""]
    lines += [f"- {finding}" for finding in findings(result)]
    for key, title, columns in _SECTIONS:
        if key in result:
            lines += ["", f"## {title}", "", *_table(result[key]["rows"], columns)]
    for key in ("evaluations", "paper_network", "preview"):
        for name, reason in result.get(key, {}).get("missing", {}).items():
            lines.append(f"\nNot measured: {name} ({reason})")
    return "\n".join(lines) + "\n"


def findings(result: dict[str, Any]) -> list[str]:
    """What the aims ask for, as one sentence each."""
    found = []
    for key, name in (("evaluations", "bundled network"), ("paper_network", "the paper's network, random weights")):
        if key in result and result[key]["plain_over_engine"]:
            part = result[key]
            share = part["rows"][0]["share_of_ceiling"]
            found.append(
                f"{name}: a plain export takes {part['plain_over_engine']:.2f} times as long as this engine's graphs"
                + (
                    f"; this engine reaches {share:.0%} of the matrix-product ceiling of "
                    f"{part['ceiling_gflop_per_s']:.0f} GFLOP/s"
                    if share
                    else ""
                )
            )
    if "sizes" in result:
        rows = result["sizes"]["rows"]
        costs = [row["seconds_per_tile"] for row in rows if row["tiles"] > 1]
        found.append(
            f"whole job: {rows[-1]['megapixels_per_s']:.3f} megapixels per second (13 bands, every pixel, NFE 1), "
            f"{rows[-1]['job_over_inference']:.2f} times the time of inference alone "
            f"({rows[-1]['processor_time_over_inference']:.2f} by processor time, which other programs disturb less)"
        )
        if costs:
            found.append(
                f"cost per tile from the smallest to the largest scene: {costs[-1] / costs[0]:.2f} (1 = linear)"
            )
    if "cover" in result:
        empty = result["cover"]["rows"][0]
        found.append(f"a scene without cloud takes {empty['of_full_cover']:.1%} of the time of a fully cloudy one")
    if "steps" in result:
        found.append(f"NFE 5 takes {result['steps']['rows'][-1]['over_nfe_1']:.2f} times as long as NFE 1")
    for row in result.get("preview", {}).get("rows", ())[1:]:
        found.append(f"{row['case']}: {row['over_bare']:.2f} times one bare network evaluation")
    if "memory" in result:
        worst = max(result["memory"]["rows"], key=lambda row: row["peak_mb"])
        found.append(
            f"largest peak memory: {worst['peak_mb']:.0f} MB at {worst['width']} × {worst['height']} × 13 "
            f"(allowed: {result['memory']['limit_mb']:.0f} MB)"
        )
    return found


def write_plots(result: dict[str, Any], folder: Path) -> list[Path]:
    """One PNG per section that was measured."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    written = []
    for key, draw in _PLOTS.items():
        if key not in result:
            continue
        figure, axes = pyplot.subplots(figsize=(5.5, 3.6), constrained_layout=True)
        draw(axes, result[key]["rows"])
        axes.grid(alpha=0.3)
        path = folder / f"{key}.png"
        figure.savefig(path, dpi=120)
        pyplot.close(figure)
        written.append(path)
    return written


def _table(rows: Sequence[Row], columns: Sequence[str]) -> list[str]:
    shown = [column for column in columns if any(row.get(column) is not None for row in rows)]
    lines = ["| " + " | ".join(name.replace("_", " ") for name in shown) + " |", "|" + "---|" * len(shown)]
    for row in rows:
        lines.append("| " + " | ".join(_cell(row.get(column)) for column in shown) + " |")
    return lines


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.3g}" if isinstance(value, float) and abs(value) < 100 else str(value)


def _evaluations(axes: Any, rows: Sequence[Row]) -> None:
    names = [row["backend"].replace(", ", ",\n") for row in rows]
    axes.barh(names, [row["median_s"] for row in rows], color="#4477aa")
    axes.invert_yaxis()
    axes.tick_params(axis="y", labelsize=7)
    axes.set_xlabel("seconds per 256² evaluation (median)")


def _lines(x: str, y: str, label: str, unit: str, ideal: str | None = None) -> Any:
    def draw(axes: Any, rows: Sequence[Row]) -> None:
        xs, ys = [row[x] for row in rows], [row[y] for row in rows]
        axes.plot(xs, ys, "o-", color="#4477aa", label="measured")
        if ideal == "proportional":
            axes.plot([0, xs[-1]], [0, ys[-1]], "--", color="#999999", label="proportional")
            axes.legend(frameon=False)
        elif ideal == "aim":
            axes.axhline(3.5, ls="--", color="#cc6677", label="aim at NFE 5")
            axes.legend(frameon=False)
        axes.set_xlabel(label)
        axes.set_ylabel(unit)
        axes.set_ylim(bottom=0)

    return draw


def _memory(axes: Any, rows: Sequence[Row]) -> None:
    ordered = sorted(rows, key=lambda row: row["input_mb"])
    axes.plot([row["input_mb"] for row in ordered], [row["peak_mb"] for row in ordered], "o", color="#4477aa")
    for row in ordered:
        axes.annotate(f"{row['width']}×{row['height']}", (row["input_mb"], row["peak_mb"]), fontsize=6)
    axes.axhline(1500, ls="--", color="#cc6677")
    axes.set_xscale("log")
    axes.set_xlabel("pixels of the input as stored, MB")
    axes.set_ylabel("peak resident memory, MB")
    axes.set_ylim(bottom=0)


_EVALUATION_COLUMNS = (
    "backend",
    "median_s",
    "fastest_s",
    "times_this_engine",
    "gflop_per_s",
    "share_of_ceiling",
    "largest_difference",
)
_SECTIONS = (
    ("evaluations", "One 256² evaluation, bundled network", _EVALUATION_COLUMNS),
    ("paper_network", "One 256² evaluation, the paper's network (random weights)", _EVALUATION_COLUMNS),
    (
        "sizes",
        "Whole job against scene size (every pixel reconstructed, NFE 1)",
        (
            "size",
            "megapixels",
            "tiles",
            "median_s",
            "megapixels_per_s",
            "seconds_per_tile",
            "job_over_inference",
            "processor_time_over_inference",
        ),
    ),
    (
        "cover",
        "Whole job against cloud cover",
        ("cover", "evaluations", "evaluations_of_full_cover", "median_s", "of_full_cover"),
    ),
    ("steps", "Whole job against NFE", ("nfe", "median_s", "over_nfe_1")),
    ("threads", "Whole job against threads", ("threads", "median_s", "speed_up")),
    ("workers", "A batch of scenes against worker processes", ("workers", "median_s", "speed_up")),
    ("preview", "The dock's preview at 256², in QGIS", ("case", "median_s", "fastest_s", "over_bare")),
    (
        "memory",
        "Peak resident memory (trivial network, 13 bands)",
        ("width", "height", "input_mb", "start_mb", "peak_mb", "seconds", "megapixels_per_s"),
    ),
)
_PLOTS = {
    "evaluations": _evaluations,
    "paper_network": _evaluations,
    "sizes": _lines("megapixels", "median_s", "megapixels", "seconds", "proportional"),
    "cover": _lines(
        "evaluations_of_full_cover",
        "of_full_cover",
        "share of tiles with cloud",
        "share of the full cost",
        "proportional",
    ),
    "steps": _lines("nfe", "over_nfe_1", "NFE", "times the cost of NFE 1", "aim"),
    "threads": _lines("threads", "speed_up", "threads", "speed-up"),
    "workers": _lines("workers", "speed_up", "worker processes", "speed-up"),
    "memory": _memory,
}
