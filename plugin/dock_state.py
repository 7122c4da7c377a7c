# SPDX-License-Identifier: GPL-3.0-or-later
"""What the dock shows, as plain values and functions of them: no Qt, no QGIS, tested without a screen."""

from __future__ import annotations

import datetime
import json
import math
from dataclasses import dataclass
from typing import Callable, Optional, Sequence

from ..dbcr_core.errors import InputError
from ..dbcr_core.grid import RasterGrid, Window
from ..dbcr_core.schedule import MAX_NFE
from ..dbcr_core.wording import duration

Say = Callable[[str], str]
"""Gives a text in the user's language."""


def plainly(text: str) -> str:
    """The text as it is."""
    return text


@dataclass(frozen=True)
class LayerFacts:
    """What preselection needs to know of a layer. date: RFC 3339 or empty. extent: (xmin, ymin, xmax, ymax), WGS 84."""

    layer_id: str
    name: str
    is_optical: bool = False
    is_sar: bool = False
    is_mask: bool = False
    is_result: bool = False
    date: str = ""
    extent: tuple = ()


@dataclass(frozen=True)
class LayerChoice:
    """Layer ids; empty where nothing was chosen."""

    optical: str = ""
    sar: str = ""
    mask: str = ""


def preselect(
    layers: Sequence[LayerFacts], chosen: LayerChoice = LayerChoice(), active: str = "", wants_sar: bool = True
) -> LayerChoice:
    """Keeps what is still there, and fills what is not: the active or first optical layer, one that this plugin made
    only where there is no other, and the overlapping SAR layer of the nearest date, unless the user wants none for this
    optical layer. A mask is never chosen unasked."""
    present = {layer.layer_id: layer for layer in layers}
    optical = present.get(chosen.optical)
    if optical is None:
        candidates = [layer for layer in layers if layer.is_optical and not layer.is_sar]
        optical = min(candidates, key=lambda each: (each.is_result, each.layer_id != active), default=None)
    sar = present.get(chosen.sar)
    wants_sar = wants_sar or optical is None or optical.layer_id != chosen.optical
    if sar is None and optical is not None and wants_sar:
        near = [each for each in layers if each.is_sar and each is not optical and overlap(each, optical)]
        sar = min(near, key=lambda each: days_apart(each.date, optical.date), default=None)
    mask = present.get(chosen.mask)
    return LayerChoice(*(layer.layer_id if layer else "" for layer in (optical, sar, mask)))


def overlap(one: LayerFacts, other: LayerFacts) -> bool:
    """Whether two layers share ground; unknown extents count as overlapping."""
    if not one.extent or not other.extent:
        return True
    a, b = one.extent, other.extent
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def days_apart(one: str, other: str) -> float:
    """Days between two RFC 3339 times; infinite where one is unknown."""
    try:
        first, second = (datetime.date.fromisoformat(text[:10]) for text in (one, other))
    except ValueError:
        return math.inf
    return abs((first - second).days)


@dataclass(frozen=True)
class DialPoint:
    """What the card measured at one NFE; None where it did not."""

    nfe: int
    psnr: Optional[float]
    lpips: Optional[float]


def dial_curve(metrics: dict) -> tuple:
    """The measured points of a card's metrics, ascending by NFE; empty where the card holds none.

    metrics: {"<data set>": {"nfe": {"1": {"psnr": …, "lpips": …}, …}}, …}; the first data set that has them counts.
    """
    for data_set in metrics.values():
        table = data_set.get("nfe") if isinstance(data_set, dict) else None
        if not isinstance(table, dict):
            continue
        points = []
        for key, scores in table.items():
            if str(key).isdigit() and 1 <= int(key) <= MAX_NFE and isinstance(scores, dict):
                points.append(DialPoint(int(key), _number(scores.get("psnr")), _number(scores.get("lpips"))))
        if points:
            return tuple(sorted(points, key=lambda point: point.nfe))
    return ()


def curve_heights(points: Sequence[DialPoint], metric: str) -> tuple:
    """((nfe, height), …) with heights 0 … 1 over the metric's own range; higher is better for both metrics."""
    known = [(point.nfe, getattr(point, metric)) for point in points if getattr(point, metric) is not None]
    if not known:
        return ()
    sign = -1.0 if metric == "lpips" else 1.0
    values = [sign * value for _, value in known]
    low, span = min(values), max(values) - min(values)
    return tuple((nfe, (sign * value - low) / span if span else 0.5) for nfe, value in known)


def metric_words(points: Sequence[DialPoint], nfe: int) -> tuple:
    """("26.4 dB", "0.39"): what the card measured at this NFE, a dash where it did not."""
    point = next((each for each in points if each.nfe == nfe), DialPoint(nfe, None, None))
    psnr = "–" if point.psnr is None else f"{point.psnr:.1f} dB"
    return psnr, "–" if point.lpips is None else f"{point.lpips:.2f}"


def cost_text(nfe: int, seconds_per_tile: float, preview_tiles: int, scene_tiles: int, say: Say = plainly) -> str:
    """“preview 1.2 s · whole scene at most 3 min”; empty before anything was measured."""
    if seconds_per_tile <= 0:
        return ""
    preview, scene = (fine_duration(nfe * seconds_per_tile * tiles) for tiles in (preview_tiles, scene_tiles))
    return say("preview {0} · whole scene at most {1}").format(preview, scene)


def remembered_seconds(text: str, model: str, device: str) -> float:
    """Seconds of one evaluation out of what `cost_memory` made; 0 where it was another model or device."""
    try:
        known_model, known_device, seconds = json.loads(text)
        return float(seconds) if (known_model, known_device) == (model, device) else 0.0
    except (ValueError, TypeError):
        return 0.0


def cost_memory(model: str, device: str, seconds: float) -> str:
    """What to remember of a measurement."""
    return json.dumps([model, device, round(seconds, 4)])


def fine_duration(seconds: float) -> str:
    """A time for people; tenths of a second where they can be felt."""
    return f"{seconds:.1f} s" if seconds < 10 else duration(seconds)


@dataclass(frozen=True)
class PreviewWindow:
    """Pixels to preview, and whether the view showed more than fits."""

    window: Window
    is_centre_only: bool


def preview_window(grid: RasterGrid, view: tuple, longest: int, least: int = 1, say: Say = plainly) -> PreviewWindow:
    """The pixels under the view at native resolution, or `longest` by `longest` of them around its centre.

    A smaller view grows to `least` pixels a side, as far as the image goes: the network sees its surroundings, and that
    costs nothing. view: (xmin, ymin, xmax, ymax) in the image's CRS. Raises InputError where none of it is there.
    """
    window = view_window(grid, view, say)
    col, width = _side(window.col, window.width, grid.width, least, longest)
    row, height = _side(window.row, window.height, grid.height, least, longest)
    return PreviewWindow(Window(col, row, width, height), width < window.width or height < window.height)


def view_window(grid: RasterGrid, view: tuple, say: Say = plainly) -> Window:
    """The pixels under the view; raises InputError where it shows none of the image."""
    try:
        return grid.window_of_bounds(*view)
    except InputError:
        problem = say("The map shows no part of the optical image; zoom to it for a preview.")
        raise InputError(problem) from None


def covers(outer: Optional[Window], inner: Window) -> bool:
    """Whether all of `inner` lies in `outer`."""
    return outer is not None and outer.intersection(inner) == inner


def _side(start: int, length: int, limit: int, least: int, longest: int) -> tuple:
    """(start, length) of one side, grown or cut around its middle."""
    wanted = min(max(length, min(least, limit)), longest)
    return min(max(0, start + (length - wanted) // 2), limit - wanted), wanted


def inner_bounds(grid: RasterGrid, window: Window) -> tuple:
    """Bounds of a window in CRS units, drawn in by a thousandth of a pixel so that they name it and no neighbour."""
    xs, ys = zip(grid.xy(window.col + 1e-3, window.row + 1e-3), grid.xy(window.right - 1e-3, window.bottom - 1e-3))
    return min(xs), min(ys), max(xs), max(ys)


def findings_line(report, say: Say = plainly) -> str:
    """An InspectionReport in one plain line."""
    optical, sar = report.optical, report.sar
    parts = [say("{0} bands, {1}").format(len(optical.bands), optical.level)]
    if optical.offset:
        parts.append(say("offset {0} still in").format(f"{optical.offset:+g}"))
    if sar is not None:
        units = {"db": "dB", "power": say("linear power"), "amplitude": say("amplitude")}
        bands = "+".join(sar.bands)
        parts.append(say("SAR {0} in {1}, covers {2}").format(bands, units[sar.unit], f"{sar.cover:.0%}"))
        days = sar.days_after_optical
        if days is not None:
            later = say("{0} days later") if days >= 0 else say("{0} days earlier")
            parts.append(later.format(f"{abs(days):.0f}"))
        if not sar.same_grid:
            parts.append(say("other grid, will be aligned"))
    if report.cloud_share is not None:
        parts.append(say("cloud about {0}, by brightness").format(f"{report.cloud_share:.0%}"))
    return " · ".join(parts)


def _number(value: object) -> Optional[float]:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    return None
