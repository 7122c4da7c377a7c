# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures side by side: small maps that show the same place as QGIS's own map, and move with it."""

from __future__ import annotations

from qgis.core import QgsMapLayer, QgsPointXY, QgsRectangle
from qgis.gui import QgsMapCanvas, QgsMapToolPan, QgsVertexMarker
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QDockWidget, QGridLayout, QLabel, QVBoxLayout, QWidget

MARK = QColor(255, 64, 64)
LEAST_SIDE = 110
"""Pixels: a map smaller than this shows nothing."""
CAPTION = 24
"""Pixels that a map's title takes."""


class LinkedMap(QWidget):
    """One small map under its title."""

    def __init__(self, title: str, tip: str) -> None:
        super().__init__()
        self.canvas = QgsMapCanvas(self)
        self.canvas.setMinimumSize(LEAST_SIDE, LEAST_SIDE)
        self.canvas.setCanvasColor(QColor(Qt.GlobalColor.white))
        self.canvas.setAccessibleName(title)
        self.canvas.setToolTip(tip)
        self._tool = QgsMapToolPan(self.canvas)
        self.canvas.setMapTool(self._tool)
        self.mark = _mark_on(self.canvas)
        caption = QLabel(title)
        caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(caption)
        layout.addWidget(self.canvas, 1)

    def show_layers(self, layers: list) -> None:
        """Shows these layers, the first on top."""
        self.canvas.setLayers([layer for layer in layers if isinstance(layer, QgsMapLayer) and layer.isValid()])
        self.canvas.refresh()


class SideBySide(QDockWidget):
    """Linked maps in a grid that fits the dock's shape."""

    closed = pyqtSignal()

    def __init__(self, parent: QWidget, main: QgsMapCanvas, titles: dict) -> None:
        """titles: key of each map → (title, tooltip)."""
        super().__init__(parent)
        self.setObjectName("DbcrSideBySide")
        self.setWindowTitle(self.tr("Cloud removal, side by side"))
        self._main = main
        self._main_mark = _mark_on(main)
        self._follows = False
        self._followed: dict = {}
        self.maps = {key: LinkedMap(*words) for key, words in titles.items()}
        self._grid = QGridLayout()
        self._columns = 0
        body = QWidget()
        body.setLayout(self._grid)
        self._grid.setContentsMargins(4, 4, 4, 4)
        self._grid.setSpacing(4)
        self.setWidget(body)
        self._arrange()
        for each in self.maps.values():
            each.canvas.extentsChanged.connect(lambda each=each: self._on_moved(each.canvas))
            each.canvas.xyCoordinates.connect(lambda point, each=each: self._point_at(point, each.canvas))
        main.extentsChanged.connect(self.follow)
        main.destinationCrsChanged.connect(self.follow)
        main.rotationChanged.connect(self.follow)
        main.xyCoordinates.connect(self._on_main_point)

    def remove(self) -> None:
        """Lets go of QGIS's map."""
        self._main.extentsChanged.disconnect(self.follow)
        self._main.destinationCrsChanged.disconnect(self.follow)
        self._main.rotationChanged.disconnect(self.follow)
        self._main.xyCoordinates.disconnect(self._on_main_point)
        self._main.scene().removeItem(self._main_mark)
        for each in self.maps.values():
            # Qt deletes the maps later; until then QGIS may move them with the project.
            each.canvas.extentsChanged.disconnect()
            each.canvas.xyCoordinates.disconnect()
            each.canvas.stopRendering()
            each.canvas.setLayers([])

    def show_layers(self, key: str, layers: list) -> None:
        """Shows layers in one of the maps."""
        self.maps[key].show_layers(layers)

    def follow(self, *_: object) -> None:
        """Shows in every map what QGIS's map shows."""
        if self._follows or not self.isVisible():
            return
        self._follows = True
        settings = self._main.mapSettings()
        for each in self.maps.values():
            each.canvas.setDestinationCrs(settings.destinationCrs())
            each.canvas.setRotation(self._main.rotation())
            each.canvas.setExtent(upright_extent(self._main))
            each.canvas.refresh()
            self._followed[each.canvas] = each.canvas.size(), upright_extent(each.canvas)
        self._follows = False

    def closeEvent(self, event) -> None:
        self.closed.emit()
        super().closeEvent(event)

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self.follow()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._arrange()
        self.follow()

    def _arrange(self) -> None:
        """As many columns as show the place largest, none of them left empty."""
        columns = columns_for(
            len(self.maps), self.width(), self.height(), self._main.width() / max(1, self._main.height())
        )
        if columns == self._columns:
            return
        self._columns = columns
        for place, each in enumerate(self.maps.values()):
            self._grid.addWidget(each, place // columns, place % columns)

    def _on_moved(self, canvas: QgsMapCanvas) -> None:
        """The user moved one of the small maps: QGIS's follows, and with it the others."""
        if self._follows or not self.isVisible():
            return
        size, before = self._followed.get(canvas, (None, None))
        if size != canvas.size() or before.isEmpty():
            self.follow()  # it was resized, nobody moved it
            return
        self._main.setExtent(moved_extent(upright_extent(self._main), before, upright_extent(canvas)))
        self._main.refresh()

    def _on_main_point(self, point: QgsPointXY) -> None:
        self._point_at(point, self._main)

    def _point_at(self, point: QgsPointXY, source: QgsMapCanvas) -> None:
        """Marks the place under the mouse in every other map."""
        if not self.isVisible():
            return
        marks = [(self._main, self._main_mark)] + [(each.canvas, each.mark) for each in self.maps.values()]
        for canvas, mark in marks:
            mark.setVisible(canvas is not source)
            mark.setCenter(point)


def columns_for(count: int, width: int, height: int, shape: float) -> int:
    """Columns of a grid of `count` maps in which a place of the given shape (width over height) is shown largest."""

    def scale(columns: int) -> float:
        rows = count // columns
        return min(width / columns / shape, height / rows - CAPTION)

    return max((n for n in range(1, count + 1) if count % n == 0), key=scale)


def upright_extent(canvas: QgsMapCanvas) -> QgsRectangle:
    """What a map would show if it were not rotated: `setExtent` with it changes nothing.

    The extent of a rotated map is the larger box around its corners; setting that would zoom out at every turn.
    """
    settings = canvas.mapSettings()
    size, unit = settings.outputSize(), settings.mapUnitsPerPixel()
    return QgsRectangle.fromCenterAndSize(canvas.center(), size.width() * unit, size.height() * unit)


def moved_extent(shown: QgsRectangle, before: QgsRectangle, moved: QgsRectangle) -> QgsRectangle:
    """What QGIS's map, which shows `shown`, is to show once a linked map has gone from `before` to `moved`."""
    ratio, centre = moved.width() / before.width(), moved.center()
    width, height = shown.width() * ratio, shown.height() * ratio
    return QgsRectangle(
        centre.x() - width / 2, centre.y() - height / 2, centre.x() + width / 2, centre.y() + height / 2
    )


def _mark_on(canvas: QgsMapCanvas) -> QgsVertexMarker:
    mark = QgsVertexMarker(canvas)
    mark.setIconType(QgsVertexMarker.IconType.ICON_CROSS)
    mark.setColor(MARK)
    mark.setPenWidth(2)
    mark.setVisible(False)
    return mark
