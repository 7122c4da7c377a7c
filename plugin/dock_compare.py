# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparing: one picture over QGIS's map, swiped and flipped, or all of them side by side.

A preview, or the radar, lies over the map as long as it is chosen. A result is a layer of the project: QGIS's layer
tree shows and hides it, and it lies over the map only while it is swiped.
"""

from __future__ import annotations

from typing import Callable, Optional

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QObject, Qt

from .dock_compare_lines import CompareLines
from .dock_inputs import DockInputs
from .dock_pictures import DockPictures
from .preview_files import PictureFiles
from .side_by_side import SideBySide
from .swipe import CompareItem, SwipeTool
from .words import say

UNDER_THE_PICTURE = 49


class DockCompare(QObject):
    """Owns what lies over QGIS's map and the linked maps, as the dock's lines want it; close() takes all of it away."""

    def __init__(self, iface, lines: CompareLines, inputs: DockInputs, result: Callable) -> None:  # noqa: QGS105
        """result(key): the layer that the latest run of the input loaded for a key, or None."""
        super().__init__()
        self._iface = iface
        self._canvas = iface.mapCanvas()
        self._lines = lines
        self.pictures = DockPictures(inputs, result)
        self.under = CompareItem(self._canvas, UNDER_THE_PICTURE)
        self.over_map = CompareItem(self._canvas)
        self.tool = SwipeTool(self._canvas, self.over_map)
        self.tool.left.connect(lambda: lines.swipe.setChecked(False))  # another map tool was chosen
        self.maps: Optional[SideBySide] = None
        self._shown = "reconstruction"
        self._is_tree_behind = False  # whether it shows what was chosen before
        self._is_open = True
        self._drawn_of: tuple = ()
        lines.shown_changed.connect(self.show_over_map)
        lines.swipe_toggled.connect(self.swipe)
        lines.side_by_side_toggled.connect(self.side_by_side)
        lines.flip_wanted.connect(self.flip)

    @property
    def has_preview(self) -> bool:
        """Whether there is a preview to look at."""
        return self.pictures.has_preview

    def take(self, files: PictureFiles) -> None:
        """Shows a new picture, in the input's own colours."""
        self.pictures.take(files)
        self.refresh()

    def forget(self) -> None:
        """Drops the preview."""
        self.pictures.forget()
        self.refresh()

    def make_way(self) -> None:
        """Takes off the map what would hide a result that a run has just loaded, or another project."""
        self._lines.choose("reconstruction")
        self._shown = "reconstruction"
        self._is_tree_behind = False
        self.forget()

    def restyle(self) -> None:
        """Shows the picture in the colours that the input has now."""
        self.pictures.restyle()
        self.refresh()

    def follow(self) -> None:
        """Draws anew where an input has other tones than when this was drawn, another file, or lies elsewhere."""
        if self._drawn_of != self.pictures.states:
            self.restyle()

    def show_over_map(self, key: str) -> None:
        """Chooses what lies over the input: "reconstruction", "sar", "changed" or "uncertainty"."""
        self._shown = key
        self._is_tree_behind = True
        self.unflip()
        self.refresh()

    def set_open(self, is_open: bool) -> None:
        """Nothing lies over the map while the dock is closed."""
        self._is_open = is_open
        self.unflip()

    def unflip(self) -> None:
        """Who asks for a picture wants to see it: a flip no longer hides it."""
        self.over_map.setVisible(self._is_open and self.maps is None)

    def flip(self) -> None:
        """Hides the picture, or shows it again: a result in QGIS's layer tree."""
        result = None if self.over_map.has_layers else self.pictures.of(self._shown)
        node = _node(result)
        if node is not None:
            _switch(result, not node.isVisible())
        elif self.maps is None:
            self.over_map.flip()

    def refresh(self) -> None:
        """Draws what there is now."""
        self._drawn_of = self.pictures.states
        layer, caption = self._laid_over_map
        self.over_map.set_layers([layer] if layer else [], (say("input"), caption))
        self.under.set_layers([self.pictures.input] if layer and self._lines.swipe.isChecked() else [])
        if self.maps is not None:
            for key in self.maps.maps:
                layer = self.pictures.of(key)
                # The input alone would pass for what the title says.
                has_ground = layer is not None and key != "sar"
                self.maps.show_layers(key, [layer, self.pictures.input] if has_ground else [layer])
        if not self.over_map.has_layers:
            self.unflip()
            self._switch_tree()

    def _switch_tree(self) -> None:
        """Has QGIS's layer tree show of the results what was chosen, once after each choice."""
        if self._is_tree_behind:
            self._is_tree_behind = False
            for over in ("changed", "uncertainty"):
                _switch(self.pictures.result(over), over == self._shown)
            if self._shown == "reconstruction":
                _switch(self.pictures.result(self._shown), True)

    def swipe(self, wanted: bool) -> None:
        """Takes the swipe tool in hand, or lets go of it."""
        if wanted:
            self._lines.side_by_side.setChecked(False)
            self.over_map.setVisible(True)
            self.tool.take()
        else:
            self.tool.give_back()
        self.refresh()

    def side_by_side(self, wanted: bool) -> None:
        """Opens or closes the linked maps; nothing lies over QGIS's own map meanwhile."""
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
        self.unflip()

    def close(self) -> None:
        """Takes everything off QGIS."""
        self.swipe(False)
        self.side_by_side(False)
        self.over_map.remove()
        self.under.remove()
        self.pictures.forget()

    @property
    def _laid_over_map(self) -> tuple:
        """(the layer over the map or None, what it is called there)."""
        title = map_titles()[self._shown][0]
        preview = None if self._shown == "sar" else self.pictures.preview(self._shown)
        if preview is not None:
            return preview, say("preview: {0}").format(title)
        is_wanted = self._shown == "sar" or self._lines.swipe.isChecked()
        return self.pictures.of(self._shown) if is_wanted else None, title


def _node(layer):
    """A layer's place in QGIS's layer tree, or None."""
    return None if layer is None else QgsProject.instance().layerTreeRoot().findLayer(layer.id())


def _switch(layer, is_on: bool) -> None:
    """Has QGIS's layer tree show or hide a layer, if there is one."""
    node = _node(layer)
    if node is not None and is_on:
        node.setItemVisibilityCheckedParentRecursive(True)
    elif node is not None:
        node.setItemVisibilityChecked(False)


def map_titles() -> dict:
    """key → (title, tooltip) of the linked maps."""
    return {
        "reconstruction": (say("reconstruction"), say("The preview, or the latest result, in the input's colours")),
        "sar": (say("SAR"), say("The radar image")),
        "changed": (say("changed pixels"), say("Orange: reconstructed; the rest is as observed")),
        "uncertainty": (say("uncertainty"), say("How large an error the model expects, pale to dark blue")),
    }
