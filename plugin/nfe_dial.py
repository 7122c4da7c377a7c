# SPDX-License-Identifier: GPL-3.0-or-later
"""The NFE slider between “faithful” and “sharp”, the model's measured curves drawn behind it."""

from __future__ import annotations

from qgis.PyQt.QtCore import QEvent, QPointF, QRectF, Qt, pyqtSignal
from qgis.PyQt.QtGui import QPainter, QPen, QPolygonF
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QSlider, QStyle, QStyleOptionSlider, QVBoxLayout, QWidget

from ..dbcr_core.schedule import MAX_NFE
from .dock_state import curve_heights, metric_words
from .dock_widgets import Unwheeled
from .icons import good_colour

INKS = {"psnr": ("#2e7d5b", "#63c79c"), "lpips": ("#b85c0e", "#f0a35c")}
"""Colours of the curves on a light and on a dark theme."""
MARGIN = 6


class CurveBackground(QWidget):
    """Paints the curves above the slider's positions."""

    def __init__(self, slider: QSlider) -> None:
        super().__init__()
        self._slider = slider
        self._points: tuple = ()
        self.setMinimumHeight(48)

    def set_points(self, points: tuple) -> None:
        self._points = points
        self.setToolTip(
            self.tr(
                "Measured on the model's validation scenes; up is better. PSNR: closeness to the truth. "
                "LPIPS: likeness of texture."
            )
            if points
            else self.tr("This model's card holds no measurements.")
        )
        self.update()

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = self._place(self._slider.value(), 0)
        painter.setPen(QPen(self.palette().mid().color(), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(place.x(), 0), QPointF(place.x(), self.height()))
        for metric, inks in INKS.items():
            colour = good_colour(*inks, self.palette())
            line = [self._place(nfe, height) for nfe, height in curve_heights(self._points, metric)]
            painter.setPen(QPen(colour, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF(line))
            painter.setBrush(colour)
            for point in line:
                painter.drawEllipse(point, 2.5, 2.5)
        painter.end()

    def _place(self, nfe: int, height: float) -> QPointF:
        option = QStyleOptionSlider()
        self._slider.initStyleOption(option)
        option.sliderPosition = nfe
        part, style = QStyle.SubControl.SC_SliderHandle, self._slider.style()
        handle = QRectF(style.subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self._slider))
        room = self.height() - 2 * MARGIN
        return QPointF(handle.center().x(), MARGIN + room * (1 - height))


class _Slider(Unwheeled, QSlider):
    pass


class NfeDial(QWidget):
    """Slider, curves and words; emits the NFE when it changes."""

    changed = pyqtSignal(int)

    def __init__(self, nfe: int = 1) -> None:
        super().__init__()
        self.slider = _Slider(Qt.Orientation.Horizontal)
        self.slider.setRange(1, MAX_NFE)
        self.slider.setPageStep(1)
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.setAccessibleName(self.tr("Network evaluations"))
        self.slider.setToolTip(
            self.tr("Network evaluations (NFE). 1: closest to the truth on average. More: sharper texture, more time.")
        )
        self._points: tuple = ()
        self._background = CurveBackground(self.slider)
        self._number = QLabel()
        self._number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._scores = QLabel()
        self._scores.setAlignment(Qt.AlignmentFlag.AlignRight)
        words = QHBoxLayout()
        words.addWidget(QLabel(self.tr("faithful")))
        words.addWidget(self._number, 1)
        words.addWidget(QLabel(self.tr("sharp")))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self._scores, self._background, self.slider):
            layout.addWidget(widget)
        layout.addLayout(words)
        self.slider.valueChanged.connect(self._on_value)
        self.slider.setValue(nfe)
        self._show(self.slider.value())

    @property
    def nfe(self) -> int:
        return self.slider.value()

    def set_curve(self, points: tuple) -> None:
        """The card's measured points; empty for none."""
        self._points = points
        self._background.set_points(points)
        self._scores.setToolTip(self._background.toolTip())
        self._show(self.nfe)

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show(self.nfe)

    def _on_value(self, nfe: int) -> None:
        self._show(nfe)
        self.changed.emit(nfe)

    def _show(self, nfe: int) -> None:
        self._number.setText(f"NFE {nfe}")
        self._scores.setVisible(bool(self._points))
        inks = [good_colour(*pair, self.palette()).name() for pair in INKS.values()]
        texts = [f"{name} {words}" for name, words in zip(("PSNR", "LPIPS"), metric_words(self._points, nfe))]
        self._scores.setText(
            "&nbsp;&nbsp; ".join(f'<span style="color:{ink}">● {text}</span>' for ink, text in zip(inks, texts))
        )
        self._background.update()
