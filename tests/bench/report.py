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
        if result.get(key, {}).get("rows"):
            lines += ["", f"## {title}", "", *_table(result[key]["rows"], columns)]
    missing = {n: r for part in result.values() if isinstance(part, dict) for n, r in part.get("missing", {}).items()}
    lines += [f"\nNot measured: {name} ({reason})" for name, reason in missing.items()]
    return "\n".join(lines) + "\n"


def findings(result: dict[str, Any]) -> list[str]:
    """What the aims ask for, as one sentence each."""
    found = []
    for key, name in (("evaluations", "bundled network"), ("paper_network", "the paper's network, random weights")):
        if key in result and result[key]["plain_over_engine"]:
            part = result[key]
            found.append(
                f"{name}: a plain export takes {part['plain_over_engine']:.2f} times as long as this engine "
                f"({part['plain_over_engine_alone']:.2f} times where a single tile has all cores); this engine reaches "
                f"{part['rows'][0]['share_of_ceiling']:.0%} of the matrix-product ceiling of "
                f"{part['ceiling_gflop_per_s']:.0f} GFLOP/s"
            )
    if "sizes" in result:
        rows = result["sizes"]["rows"]
        costs = [row["seconds_per_tile"] for row in rows if row["tiles"] > 1]
        found.append(
            f"whole job: {rows[-1]['megapixels_per_s']:.3f} megapixels per second (13 bands, every pixel, NFE 1), "
            f"{rows[-1]['job_over_inference']:.2f} times the time of as many evaluations alone; "
            f"without what every job costs, however small, {rows[-1]['further_over_inference'] or 1:.2f} times"
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
    for row in result.get("startup", {}).get("rows", ())[:1]:
        heavy = ", ".join(result["startup"]["heavy_imports"]) or "neither numpy nor a network runtime"
        found.append(f"enabling the plugin adds {row['median_ms']:.0f} ms to QGIS's start and imports {heavy}")
    for row in result.get("beside", {}).get("rows", ()):
        if row["over_decoding"] != 1:
            found.append(f"{row['case']}: {row['over_decoding']:.2f} times as long as decoding its files once")
    for row in result.get("preview", {}).get("rows", ())[1:]:
        found.append(f"{row['case']}: {row['over_bare']:.2f} times one bare network evaluation")
    if "memory" in result:
        worst = max(result["memory"]["rows"], key=lambda row: row["peak_mb"])
        found.append(
            f"largest peak memory: {worst['peak_mb']:.0f} MB at {worst['width']} × {worst['height']} × 13, "
            f"{worst['network']} (allowed: {result['memory']['limit_mb']:.0f} MB)"
        )
    if result.get("competitors"):
        for row in result["competitors"]["rows"]:
            if row.get("times_db_cr", 1) > 1:
                found.append(
                    f"{row['network']}, built from its paper, takes {row['times_db_cr']:.0f} times as long per image"
                )
    if result.get("gpu", {}).get("rows"):
        best = max(result["gpu"]["rows"], key=lambda row: row["share_of_ceiling"])
        found.append(
            f"{best['device']}, {best['case']}: {best['megapixels_per_s']:.0f} megapixels per second, "
            f"{best['share_of_ceiling']:.1%} of its matrix-product speed"
        )
    return found


def write_plots(result: dict[str, Any], folder: Path) -> list[Path]:
    """One PNG per section that was measured."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    written = []
    for key, draw in _PLOTS.items():
        if not result.get(key, {}).get("rows"):
            continue
        figure, axes = pyplot.subplots(figsize=(5.5, 3.6), constrained_layout=True)
        draw(axes, result[key]["rows"])
        axes.grid(alpha=0.3)
        path = folder / f"{key}.png"
        figure.savefig(path, dpi=120)
        _quantise(path)
        pyplot.close(figure)
        written.append(path)
    return written


def _quantise(path: Path) -> None:
    """A few colours are all a plot needs: a third of the bytes."""
    from PIL import Image

    with Image.open(path) as picture:
        reduced = picture.convert("RGB").quantize(32, dither=Image.Dither.NONE)
    reduced.save(path, optimize=True)


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
    ordered = sorted(rows, key=lambda row: row["median_s"])
    colours = [
        "#cc6677" if "this engine, " in row["backend"] and "eager" not in row["backend"] else "#4477aa"
        for row in ordered
    ]
    bars = axes.barh(
        [row["backend"].replace(", ", ",\n").replace(" of ", "\nof ") for row in ordered],
        [row["median_s"] for row in ordered],
        color=colours,
    )
    axes.bar_label(bars, fmt="%.2f", padding=2, fontsize=7)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.tick_params(axis="y", labelsize=6)
    axes.set_xlabel("seconds per 256² evaluation (median)")


def _competitors(axes: Any, rows: Sequence[Row]) -> None:
    macs = axes.barh([row["network"] for row in rows], [row["published_gmacs"] for row in rows], color="#bbbbbb")
    times = [
        f"{row['published_gmacs']:g} G" + (f", {row['median_s']:.2f} s" if "median_s" in row else "") for row in rows
    ]
    axes.bar_label(macs, times, padding=2, fontsize=7)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlim(5, 20 * max(row["published_gmacs"] for row in rows))
    axes.set_xlabel("10⁹ multiply-accumulates per 256² evaluation, published; seconds where built from the paper")
    axes.xaxis.label.set_size(7)


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
    for kind, colour in (("trivial network", "#4477aa"), ("real network", "#cc6677")):
        shown = [row for row in rows if row["network"].startswith(kind)]
        axes.plot([row["input_mb"] for row in shown], [row["peak_mb"] for row in shown], "o", color=colour, label=kind)
        for row in shown:
            axes.annotate(f"{row['width']}×{row['height']}", (row["input_mb"], row["peak_mb"]), fontsize=5)
    axes.axhline(1500, ls="--", color="#999999", label="allowed")
    axes.legend(frameon=False, fontsize=7)
    axes.set_xscale("log")
    axes.set_xlabel("pixels of the input as stored, MB")
    axes.set_ylabel("peak resident memory, MB")
    axes.set_ylim(bottom=0)


def _workers(axes: Any, rows: Sequence[Row]) -> None:
    for kind, colour in (("processes", "#4477aa"), ("Dask", "#cc6677")):
        shown = [row for row in rows if row["crew"] == kind]
        axes.plot([row["workers"] for row in shown], [row["speed_up"] for row in shown], "o-", color=colour, label=kind)
    axes.legend(frameon=False)
    axes.set_xticks(sorted({row["workers"] for row in rows}))
    axes.set_xlabel("workers, each with its share of the cores; Dask's are running already")
    axes.xaxis.label.set_size(8)
    axes.set_ylabel("speed-up over one process")
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
_SIZE_COLUMNS = (
    "size",
    "megapixels",
    "tiles",
    "median_s",
    "megapixels_per_s",
    "seconds_per_tile",
    "network_s",
    "job_over_inference",
    "further_over_inference",
)
_SECTIONS = (
    ("evaluations", "One 256² evaluation, bundled network", _EVALUATION_COLUMNS),
    ("paper_network", "One 256² evaluation, the paper's network (random weights)", _EVALUATION_COLUMNS),
    ("sizes", "Whole job against scene size (every pixel reconstructed, NFE 1)", _SIZE_COLUMNS),
    ("paper_sizes", "The same with the paper's network (random weights)", _SIZE_COLUMNS),
    (
        "cover",
        "Whole job against cloud cover",
        ("cover", "evaluations", "evaluations_of_full_cover", "median_s", "of_full_cover"),
    ),
    ("steps", "Whole job against NFE", ("nfe", "median_s", "over_nfe_1", "network_s", "job_over_inference")),
    (
        "compressions",
        "Whole job against the compression of its file",
        ("compression", "median_s", "over_usual", "network_s", "job_over_inference", "bytes_over_usual"),
    ),
    ("threads", "Whole job against threads", ("threads", "median_s", "speed_up")),
    ("workers", "A batch of scenes against workers", ("crew", "workers", "median_s", "speed_up")),
    (
        "competitors",
        "Published networks at equal input (256², one evaluation); those with a time are built from their papers",
        (
            "network",
            "published_million_parameters",
            "counted_million_parameters",
            "published_gmacs",
            "counted_gmacs",
            "median_s",
            "times_db_cr",
        ),
    ),
    (
        "gpu",
        "On the graphics card",
        ("device", "case", "median_s", "megapixels_per_s", "share_of_ceiling"),
    ),
    ("beside", "Before and after a job (13 bands)", ("side", "case", "median_s", "fastest_s", "over_decoding")),
    ("startup", "What the plugin adds to QGIS's start", ("case", "median_ms", "fastest_ms")),
    ("preview", "The dock's preview at 256², in QGIS", ("case", "median_s", "fastest_s", "over_bare")),
    (
        "memory",
        "Peak resident memory (13 bands, every pixel)",
        ("network", "width", "height", "input_mb", "start_mb", "peak_mb", "seconds", "megapixels_per_s"),
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
    "workers": _workers,
    "competitors": _competitors,
    "memory": _memory,
}
