# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparing: one picture over QGIS's map, swiped and flipped, or all of them side by side."""

from __future__ import annotations

from typing import Callable, Optional

from qgis.core import QgsRasterLayer
from qgis.PyQt.QtCore import QObject, Qt

from . import styling
from .dock_compare_lines import CompareLines
from .dock_inputs import DockInputs
from .preview_files import PictureFiles
from .side_by_side import SideBySide
from .swipe import CompareItem, SwipeTool
from .words import say


class DockCompare(QObject):
    """Owns what lies over QGIS's map and the linked maps, as the dock's lines want it; close() takes all of it away."""

    def __init__(self, iface, lines: CompareLines, inputs: DockInputs, result: Callable) -> None:  # noqa: QGS105
        """result(key): the latest run's layer for a key, or None."""
        super().__init__()
        self._iface = iface
        self._canvas = iface.mapCanvas()
        self._lines, self._inputs, self._result = lines, inputs, result
        self.over_map = CompareItem(self._canvas)
        self.tool = SwipeTool(self._canvas, self.over_map)
        self.tool.left.connect(lambda: lines.swipe.setChecked(False))  # another map tool was chosen
        self.maps: Optional[SideBySide] = None
        self._shown = "reconstruction"
        self._files: dict = {}
        self._pictures: dict = {}
        self._grey: tuple = ((), None)
        self._drawn_of: tuple = ()
        lines.shown_changed.connect(self.show_over_map)
        lines.swipe_toggled.connect(self.swipe)
        lines.side_by_side_toggled.connect(self.side_by_side)
        lines.flip_wanted.connect(self.over_map.flip)

    @property
    def has_preview(self) -> bool:
        """Whether there is a preview to look at."""
        return bool(self._files)

    def take(self, files: PictureFiles) -> None:
        """Shows a new picture, in the input's own colours."""
        self._files = {"reconstruction": files.image, "changed": files.changed, "uncertainty": files.uncertainty}
        self._pictures = {}
        self.refresh()

    def forget(self) -> None:
        """Drops the preview."""
        self._files, self._pictures = {}, {}
        self.refresh()

    def restyle(self) -> None:
        """Shows the picture in the colours that the input has now."""
        self._pictures.pop("reconstruction", None)
        self.refresh()

    def follow(self) -> None:
        """Draws anew where an input has other tones than when this was drawn, another file, or lies elsewhere."""
        if self._drawn_of != self._states:
            self.restyle()

    def show_over_map(self, key: str) -> None:
        """Chooses what lies over the map: "reconstruction", "sar", "changed" or "uncertainty"."""
        self._shown = key
        self.unflip()
        self.refresh()

    def unflip(self) -> None:
        """Who asks for a picture wants to see it: a flip no longer hides it."""
        self.over_map.setVisible(self.maps is None)

    def refresh(self) -> None:
        """Draws what there is now."""
        self._drawn_of = self._states
        layer = self._layer(self._shown)
        self.over_map.set_layers([layer] if layer else [], (say("input"), map_titles()[self._shown][0]))
        if self.maps is not None:
            under = [self._inputs.optical]
            for key in self.maps.maps:
                layer = self._layer(key)
                self.maps.show_layers(key, [layer] if key == "sar" else [layer, *under])

    def swipe(self, wanted: bool) -> None:
        """Takes the swipe tool in hand, or lets go of it."""
        if wanted:
            self._lines.side_by_side.setChecked(False)
            self.over_map.setVisible(True)
            self.tool.take()
        else:
            self.tool.give_back()

    def side_by_side(self, wanted: bool) -> None:
        """Opens or closes the linked maps; QGIS's own map shows the bare input meanwhile."""
        if wanted:
            self._lines.swipe.setChecked(False)
        if wanted and self.maps is None:
            self.maps = SideBySide(self._iface.mainWindow(), self._canvas, map_titles())
            self.maps.closed.connect(lambda: self._lines.side_by_side.setChecked(False))
            self._iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.maps)
            self.refresh()
        elif not wanted and self.maps is not None:
            maps, self.maps = self.maps, None
            maps.remove()
            self._iface.removeDockWidget(maps)
            maps.deleteLater()
        self.over_map.setVisible(not wanted)

    def close(self) -> None:
        """Takes everything off QGIS."""
        self.swipe(False)
        self.side_by_side(False)
        self.over_map.remove()
        self._files, self._pictures = {}, {}
        self._grey = ((), None)

    @property
    def _states(self) -> tuple:
        """What the pictures take over of the inputs beside their colours."""
        return tuple(_state(layer) for layer in (self._inputs.optical, self._inputs.sar) if layer is not None)

    def _layer(self, key: str):
        if key == "sar":
            return self._sar_picture()
        return self._picture(key) or self._result(key)

    def _picture(self, key: str) -> Optional[QgsRasterLayer]:
        """The preview's layer for a key, made when it is first looked at; None where there is none."""
        optical = self._inputs.optical
        if optical is None or optical.renderer() is None:
            return None  # one whose file has gone is a layer still, though without colours
        if key not in self._pictures and self._files.get(key):
            layer = QgsRasterLayer(self._files[key], f"preview, {key}")
            makers = {"changed": styling.changed_renderer, "uncertainty": styling.uncertainty_renderer}
            make = makers.get(key)
            layer.setRenderer(make(layer) if make else optical.renderer().clone())
            if make is None:
                styling.set_tones(layer, styling.tones(optical))
            self._pictures[key] = layer
        return self._pictures.get(key)

    def _sar_picture(self):
        """The SAR layer as it is styled, or one band in grey where nobody styled it."""
        sar = self._inputs.sar
        if sar is None or not styling.is_unstyled_radar(sar):
            return sar
        if self._grey[0] != _state(sar):
            grey = sar.clone()
            grey.setRenderer(styling.radar_renderer(grey))
            self._grey = (_state(sar), grey)
        return self._grey[1]


def _state(layer: QgsRasterLayer) -> tuple:
    """What a copy of the layer takes over."""
    return layer.id(), layer.source(), layer.crs(), styling.tones(layer)


def map_titles() -> dict:
    """key → (title, tooltip) of the linked maps."""
    return {
        "reconstruction": (say("reconstruction"), say("The preview, or the latest result, in the input's colours")),
        "sar": (say("SAR"), say("The radar image")),
        "changed": (say("changed pixels"), say("Orange: reconstructed; the rest is as observed")),
        "uncertainty": (say("uncertainty"), say("How large an error the model expects, pale to dark blue")),
    }
