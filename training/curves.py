# SPDX-License-Identifier: GPL-3.0-or-later
"""How a run goes: a line per report in log.jsonl, and a picture of them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

LOG = "log.jsonl"


def add_line(output: Path, line: dict[str, Any]) -> None:
    """A report into log.jsonl. Raises OSError where the disk refuses."""
    with open(output / LOG, "a+b") as file:
        # Where a power cut or a full disk left half a line, that alone is lost.
        if file.tell():
            file.seek(-1, os.SEEK_END)
        ended = file.read() in (b"", b"\n")
        file.write((b"" if ended else b"\n") + json.dumps(line).encode() + b"\n")


def read_lines(output: Path) -> list[dict[str, Any]]:
    """The reports in log.jsonl, without lines that are not whole."""
    found = []
    for text in (output / LOG).read_text(errors="replace").splitlines():
        try:
            found.append(json.loads(text))
        except ValueError:
            continue
    return found


def draw_curves(output: Path) -> None:
    """loss.png: training loss and validation PSNR over steps, from log.jsonl; without matplotlib the log must do."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        return

    lines = read_lines(output)
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
