# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML for people, made from the engine's reports; self-contained, no scripts, works offline."""

from __future__ import annotations

import base64
from html import escape
from typing import Iterable, Sequence

STYLE = (
    "body{font:14px/1.5 sans-serif;margin:2em;max-width:60em;color:#222;background:#fff}"
    "table{border-collapse:collapse;margin:1em 0}td,th{padding:.25em .8em;border-bottom:1px solid #ddd}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}th{text-align:left}"
    ".warning{background:#fff4d6;border-left:4px solid #d9a400;padding:.4em .8em;margin:.4em 0}"
)


def page(title: str, *parts: str) -> str:
    """A whole HTML document."""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>{''.join(parts)}</body></html>"
    )


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; numbers are set to the right."""
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(_cell(value) for value in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def paragraphs(lines: Iterable[str], kind: str = "") -> str:
    """One paragraph per line; kind "warning" sets them off."""
    mark = f' class="{escape(kind)}"' if kind else ""
    return "".join(f"<p{mark}>{escape(line)}</p>" for line in lines)


def bar_chart(names: Sequence[str], values: Sequence[float]) -> str:
    """Horizontal bars as a picture in SVG, one per name, longest = largest finite value."""
    finite = [value for value in values if value == value and abs(value) != float("inf")]
    longest = max(finite, default=0.0) or 1.0
    rows = []
    for index, (name, value) in enumerate(zip(names, values)):
        top = 24 * index
        width = 360 * value / longest if value in finite else 0
        rows.append(
            f'<text x="0" y="{top + 16}">{escape(name)}</text>'
            f'<rect x="50" y="{top + 4}" width="{width:.1f}" height="16" fill="#2e7d5b"/>'
            f'<text x="{56 + width:.1f}" y="{top + 16}">{value:.4f}</text>'
        )
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="560" height="{24 * len(names)}" font-size="12" '
        f'font-family="sans-serif">{"".join(rows)}</svg>'
    )
    # As a picture and not as elements: Qt's own HTML view draws it, too.
    content = base64.b64encode(drawing.encode("utf-8")).decode("ascii")
    return f'<p><img alt="{escape(", ".join(names))}" src="data:image/svg+xml;base64,{content}"></p>'


def _cell(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return f"<td>{escape(str(value))}</td>"
    return f'<td class="n">{value:,}</td>' if isinstance(value, int) else f'<td class="n">{value:.4g}</td>'
