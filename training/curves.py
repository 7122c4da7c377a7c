# SPDX-License-Identifier: GPL-3.0-or-later
"""How a run goes, as a picture."""

from __future__ import annotations

import json
from pathlib import Path


def draw_curves(output: Path) -> None:
    """loss.png: training loss and validation PSNR over steps, from log.jsonl; without matplotlib the log must do."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        return

    lines = [json.loads(line) for line in (output / "log.jsonl").read_text().splitlines()]
    figure = Figure(figsize=(7, 5))
    FigureCanvasAgg(figure)
    for place, name, label in ((211, "loss", "training MAE"), (212, "psnr", "validation PSNR [dB]")):
        axes = figure.add_subplot(place)
        points = [(entry["step"], entry[name]) for entry in lines if entry.get(name) is not None]
        if points:
            axes.plot(*zip(*points), marker=".")
        axes.set_ylabel(label)
        axes.grid(alpha=0.3)
    axes.set_xlabel("step")
    figure.savefig(output / "loss.png", dpi=110)
