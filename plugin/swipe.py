# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparing on the canvas: a picture drawn over the map, right of a line that the mouse drags, or flipped by a key."""

from __future__ import annotations

from typing import Optional

from qgis.core import QgsMapLayer, QgsMapRendererParallelJob, QgsMapSettings, QgsPointXY, QgsRectangle
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem, QgsMapTool
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QLineF, QPointF, QRectF, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QImage, QPainter, QPen

LINE = QColor(31, 111, 235)
CAPTION_GROUND, CAPTION_INK = QColor(20, 24, 28, 190), QColor(255, 255, 255)
PADDING = 8
"""Pixels around a caption."""


class CompareItem(QgsMapCanvasItem):
    """Draws layers over the canvas, in the canvas's projection, without touching the project."""

    def __init__(self, canvas: QgsMapCanvas, height: float = 50) -> None:
        """height: above other items of the canvas whose height is less."""
        super().__init__(canvas)
        self._canvas = canvas
        self._layers: list = []
        self._job: Optional[QgsMapRendererParallelJob] = None
        self._image: Optional[QImage] = None
        self._extent = QgsRectangle()  # what the image shows, in the canvas's projection
        self._split = 0.0
        self._shows_line = False
        self._captions: tuple = ("", "")
        self.setZValue(height)
        canvas.extentsChanged.connect(self._render)
        canvas.destinationCrsChanged.connect(self._begin_anew)

    @property
    def split(self) -> float:
        """Where the line stands, 0 (left edge: all of the picture) … 1 (right edge: none of it)."""
        return self._split

    @property
    def has_layers(self) -> bool:
        """Whether there is something to draw."""
        return bool(self._layers)

    def set_split(self, split: float, shows_line: bool = True) -> None:
        self._split = min(1.0, max(0.0, split))
        self._shows_line = shows_line
        self.update()

    def set_layers(self, layers: list, captions: tuple = ("", "")) -> None:
        """Draws these layers from now on; an empty list draws nothing. captions: of what is left and right of the line.

        Without the line what lies over the map is told all the same: the layer tree does not know of it.
        """
        self._captions = captions
        self._leave_layers()
        self._layers = [layer for layer in layers if isinstance(layer, QgsMapLayer) and layer.isValid()]
        for layer in self._layers:
            layer.repaintRequested.connect(self._render)
        self._render()

    def flip(self) -> None:
        """Hides the picture, or shows it again; where there is none, none is hidden."""
        if self.has_layers:
            self.setVisible(not self.isVisible())

    def remove(self) -> None:
        """Takes the item off the canvas."""
        self._canvas.extentsChanged.disconnect(self._render)
        self._canvas.destinationCrsChanged.disconnect(self._begin_anew)
        self._stop()
        self._leave_layers()
        self._canvas.scene().removeItem(self)

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._canvas.width(), self._canvas.height())

    def updatePosition(self) -> None:
        """The item always covers the canvas; its picture follows the extent by being drawn again."""

    def paint(self, painter: QPainter, option=None, widget=None) -> None:
        if self._image is None:
            return
        edge = self._split * self._canvas.width()
        painter.save()
        painter.setClipRect(QRectF(edge, 0, self._canvas.width() - edge, self._canvas.height()))
        self._draw_image(painter, self._image)
        painter.restore()
        if self._shows_line:
            painter.setPen(QPen(LINE, 2))
            painter.drawLine(QLineF(edge, 0, edge, self._canvas.height()))
            self._draw_caption(painter, self._captions[0], edge, is_left=True)
        self._draw_caption(painter, self._captions[1], edge, is_left=False)

    def _draw_image(self, painter: QPainter, image: QImage) -> None:
        """Until it is drawn anew for another extent, the picture lies where it belongs, as QGIS's own map does."""
        settings = self._canvas.mapSettings()
        if self._extent == settings.visibleExtent() or settings.rotation():
            painter.drawImage(QPointF(0, 0), image)
            return
        top_left = self.toCanvasCoordinates(QgsPointXY(self._extent.xMinimum(), self._extent.yMaximum()))
        bottom_right = self.toCanvasCoordinates(QgsPointXY(self._extent.xMaximum(), self._extent.yMinimum()))
        painter.drawImage(QRectF(top_left, bottom_right), image)

    def _draw_caption(self, painter: QPainter, text: str, edge: float, is_left: bool) -> None:
        """What is to be seen on one side of the line, at its end, where QGIS's messages do not lie over it."""
        if not text:
            return
        room = painter.fontMetrics().boundingRect(text).adjusted(-PADDING, -PADDING // 2, PADDING, PADDING // 2)
        room.moveBottom(self._canvas.height() - PADDING)
        if is_left:
            room.moveRight(round(edge) - PADDING)
        else:
            room.moveLeft(round(edge) + PADDING)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(CAPTION_GROUND)
        painter.drawRoundedRect(room, PADDING / 2, PADDING / 2)
        painter.setPen(CAPTION_INK)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    def _stop(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.finished.disconnect(self._take)
            job.cancelWithoutBlocking()

    def _begin_anew(self) -> None:
        self._image = None
        self._render()

    def _leave_layers(self) -> None:
        for layer in self._layers:
            if not sip.isdeleted(layer):
                layer.repaintRequested.disconnect(self._render)
        self._layers = []

    def _render(self, _is_deferred: bool = False) -> None:
        self._stop()
        # A layer that left the project is gone, whoever still holds it.
        self._layers = [layer for layer in self._layers if not sip.isdeleted(layer)]
        if not self._layers:
            self._image = None
            self.update()
            return
        settings = QgsMapSettings(self._canvas.mapSettings())
        settings.setLayers(self._layers)
        settings.setBackgroundColor(QColor(0, 0, 0, 0))
        self._job = QgsMapRendererParallelJob(settings)
        self._job.finished.connect(self._take)
        self._job.start()

    def _take(self) -> None:
        if self._job is not None:
            self._image, self._extent = self._job.renderedImage(), self._job.mapSettings().visibleExtent()
            self._job = None
            self.update()


class SwipeTool(QgsMapTool):
    """Drags the line of a CompareItem; the space bar flips."""

    left = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas, item: CompareItem) -> None:
        super().__init__(canvas)
        self._item = item
        self._before: Optional[QgsMapTool] = None
        self._in_hand = False
        self.setCursor(Qt.CursorShape.SplitHCursor)

    def take(self) -> None:
        """Takes the place of the map's tool."""
        if not self._in_hand:
            self._before = self.canvas().mapTool()
            if self._before is not None:
                self._before.destroyed.connect(self._forget)
            self.canvas().setMapTool(self)
            self.canvas().activateWindow()  # a floating panel is a window of its own
            self.canvas().setFocus()  # the space bar is the tool's, not the button's

    def give_back(self) -> None:
        """Puts the tool back that was there before; where another one is taking this one's place, that comes."""
        if self._in_hand and self._before is not None:
            self.canvas().setMapTool(self._before)
        elif self._in_hand:
            self.canvas().unsetMapTool(self)

    def activate(self) -> None:
        super().activate()
        self._in_hand = True
        self._item.set_split(0.5)

    def deactivate(self) -> None:
        super().deactivate()
        self._in_hand = False
        if self._before is not None:
            self._before.destroyed.disconnect(self._forget)
            self._before = None
        self._item.set_split(0.0, shows_line=False)
        self.left.emit()

    def canvasPressEvent(self, event) -> None:
        self._drag(event)

    def canvasMoveEvent(self, event) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(event)

    def keyPressEvent(self, event) -> None:
        if event.key() == Qt.Key.Key_Space:
            self._item.flip()
            event.accept()

    def _forget(self) -> None:
        self._before = None

    def _drag(self, event) -> None:
        self._item.set_split(event.pos().x() / max(1, self.canvas().width()))
