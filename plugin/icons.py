# SPDX-License-Identifier: GPL-3.0-or-later
"""Icons that follow QGIS's theme: drawn from SVG in the inks that stand out on the palette, sharp at any scale."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt.QtCore import QByteArray, QRectF, Qt
from qgis.PyQt.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap

RESOURCES = Path(__file__).resolve().parents[1] / "resources"
FOLDER, ICON_FILE = RESOURCES / "icons", RESOURCES / "icon.svg"
INK, ACCENT = "#3d4247", "#1f6feb"
"""The two colours of the SVG files, as a light theme shows them."""
DARK_INK, DARK_ACCENT = "#d6dadd", "#79b0ff"
SIZES = (16, 24, 32, 48, 64, 96)
"""Pixels: QIcon takes the next larger one, so that 16 and 24 points stay sharp at two and at three pixels a point."""


def is_dark(palette: QPalette) -> bool:
    """Whether windows are darker than their text."""
    window, text = palette.color(QPalette.ColorRole.Window), palette.color(QPalette.ColorRole.WindowText)
    return window.lightness() < text.lightness()


def plugin_icon() -> QIcon:
    """The plugin's own, as QGIS draws it in menus and in the toolbox."""
    return QIcon(str(ICON_FILE))


def icon(name: str, palette: QPalette) -> QIcon:
    """The icon `name` for a widget of this palette; ask again when it changes."""
    text = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    if is_dark(palette):
        text = text.replace(INK, DARK_INK).replace(ACCENT, DARK_ACCENT)
    return _drawn(text.encode("utf-8"))


def good_colour(light: str, dark: str, palette: QPalette) -> QColor:
    """The colour for a light or a dark theme."""
    return QColor(dark if is_dark(palette) else light)


def _drawn(svg: bytes) -> QIcon:
    from qgis.PyQt.QtSvg import QSvgRenderer  # not while QGIS starts

    renderer, made = QSvgRenderer(QByteArray(svg)), QIcon()
    for size in SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        made.addPixmap(pixmap)
    return made
