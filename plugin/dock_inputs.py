# SPDX-License-Identifier: GPL-3.0-or-later
"""What the dock's widgets ask for, as layers, as parameters of the algorithm and as the engine's arguments."""

from __future__ import annotations

import os

from qgis.core import QgsCoordinateTransform, QgsCsException, QgsProcessing, QgsProject, QgsRasterLayer
from qgis.gui import QgsFileWidget

from ..dbcr_core.errors import OutputError
from ..dbcr_core.grid import RasterGrid
from . import dock_state, own_results, settings
from .dock import EVERY_PIXEL, FIND_CLOUDS, DbcrDock
from .layers import file_of, source_path, was_made
from .question import Answers
from .words import say

MOST_PREVIEW = 1024
"""Pixels of a preview's side that memory and patience allow."""

FILES = {"OUTPUT": "cloud-free.tif", "CHANGED": "reconstructed.tif", "UNCERTAINTY": "uncertainty.tif"}
"""Names for a copied command where the dock would write temporary files."""


class DockInputs:
    """Reads the dock; asks nothing and starts nothing."""

    def __init__(self, dock: DbcrDock, canvas) -> None:
        self._dock, self._canvas = dock, canvas
        self._answers = Answers()

    def answer(self, link: str) -> None:
        """Takes the user's answer to a question about the chosen layers' values."""
        self._answers.take(link, self._asked_layers)

    @property
    def _asked_layers(self) -> dict:
        layers = (self.layer(layer_id) for layer_id in self.picked)
        # With the file behind: another one, put into the same layer, was never asked about.
        known = ((layer.id(), layer.source()) if layer else () for layer in layers)
        return dict(zip(("optical_values", "sar_values", "mask_kind"), known))

    @property
    def _said(self) -> dict:
        """The engine's arguments that the user's answers give."""
        said = self._answers.of(self._asked_layers)
        return {**said, "mask_kind": said["mask_kind"] or "auto"}

    @property
    def picked(self) -> tuple:
        """What stands in the pickers of optical image, SAR and mask: ids, of layers that have left the project, too."""
        return tuple(picker.currentData() or "" for picker in (self._dock.optical, self._dock.sar, self._dock.mask))

    @property
    def choice(self) -> dock_state.LayerChoice:
        """Ids of the picked layers; empty for a layer that has left the project and for a mask that is no layer."""
        return dock_state.LayerChoice(*(layer_id if self.layer(layer_id) else "" for layer_id in self.picked))

    @property
    def sources(self) -> tuple:
        """What is picked, and the files behind: where this is another, all that was found and shown is out of date."""
        layers = (self.layer(layer_id) for layer_id in self.picked)
        return tuple((word, layer.source() if layer else "") for word, layer in zip(self.picked, layers))

    @property
    def mask_mode(self) -> str:
        """ "none" where every pixel is wanted, else "auto"."""
        return EVERY_PIXEL if self._dock.mask.currentData() == EVERY_PIXEL else FIND_CLOUDS

    @property
    def optical(self):
        """The chosen layer, or None."""
        return self.layer(self.choice.optical)

    @property
    def sar(self):
        """The chosen layer, or None."""
        return self.layer(self.choice.sar)

    @staticmethod
    def layer(layer_id: str):
        """A layer of the project, or None."""
        return QgsProject.instance().mapLayer(layer_id) if layer_id else None

    def parameters(self) -> dict:
        """Parameters of dbcr:removeclouds for what the dock shows."""
        choice, dock = self.choice, self._dock
        output = named_file(dock.run_box.output)
        changed, uncertainty = (companion(output, name) for name in ("changed", "uncertainty"))
        return {
            "OPTICAL": choice.optical or None,
            "SAR": choice.sar or None,
            "MASK": choice.mask or None,
            "MASK_MODE": self.mask_mode,
            **{option.upper(): value for option, value in self._said.items()},
            "NFE": dock.dial.nfe,
            "ALLOW_PARTIAL_SAR": True,
            "MATCH_SURROUNDINGS": dock.match.isChecked(),
            "DEVICE": settings.DEVICE.read(),
            "THREADS": settings.THREADS.read(),
            "OVERLAP": settings.tile_overlap(),
            "COMPRESSION": settings.COMPRESSION.read(),
            "MODEL": settings.MODEL.read() or None,
            "OUTPUT": output or QgsProcessing.TEMPORARY_OUTPUT,
            "CHANGED": changed if dock.run_box.with_changed.isChecked() else None,
            "UNCERTAINTY": uncertainty if dock.run_box.with_uncertainty.isChecked() else None,
        }

    def preview_options(self, tile_size: int) -> tuple:
        """(the engine's arguments for the canvas extent, PreviewWindow). Raises DbcrError."""
        options = self._sources()
        grid = _grid_of(self.optical)
        least = min(tile_size, MOST_PREVIEW)
        longest = max(least, min(settings.PREVIEW_PIXELS.read(), MOST_PREVIEW))
        view = dock_state.preview_window(grid, self._view_in(self.optical), longest, least, say)
        options["mask"] = options["mask"] or self.mask_mode
        options.update(
            extent=dock_state.inner_bounds(grid, view.window),
            device=settings.DEVICE.read(),
            threads=settings.THREADS.read() or None,
            overlap=settings.tile_overlap(),
            model=settings.MODEL.read() or None,
            allow_partial_sar=True,
            match_surroundings=self._dock.match.isChecked(),
        )
        return options, view

    def view(self):
        """The Window of the optical image that the map shows; raises InputError where it shows none."""
        return dock_state.view_window(_grid_of(self.optical), self._view_in(self.optical), say)

    @property
    def worker_python(self) -> str:
        """The interpreter outside QGIS that computes, empty where QGIS's own does."""
        return settings.WORKER_PYTHON.read()

    def inspection_options(self) -> dict:
        """Arguments of the engine's `inspect_inputs`, without the model. Raises InputError for layers that cannot
        serve."""
        options = self._sources()
        return {**options, "mask": options["mask"] or self.mask_mode, "allow_partial_sar": True}

    def assessment_parameters(self, reconstructed: str) -> dict:
        """Parameters of dbcr:assess. reconstructed: id of the layer of reconstructed shares, or empty."""
        dock = self._dock
        return {
            "PREDICTION": dock.assess_box.assessed.currentData(),
            "REFERENCE": dock.assess_box.reference.currentData(),
            "CLOUD_MASK": self.choice.mask or reconstructed or None,
            "MASK_KIND": self._said["mask_kind"],
            "HTML": named_file(dock.assess_box.report) or QgsProcessing.TEMPORARY_OUTPUT,
        }

    def _sources(self) -> dict:
        """Paths of the chosen layers, None for those not chosen; raises InputError for layers that cannot serve."""
        sar, mask = self.sar, self.layer(self.choice.mask)
        return {
            "optical": source_path(self.optical, say("optical image")),
            "sar": source_path(sar, say("SAR image")) if sar else None,
            "mask": source_path(mask, say("cloud mask")) if mask else None,
            **self._said,
        }

    def portable_parameters(self) -> dict:
        """The same with files instead of layers, so that a copied command runs anywhere.

        Raises InputError for layers that cannot serve.
        """
        sources = self._sources()
        parameters = self.parameters()
        parameters.update({name: sources[name.lower()] for name in ("OPTICAL", "SAR", "MASK")})
        for name, file in FILES.items():
            if parameters[name] == QgsProcessing.TEMPORARY_OUTPUT:
                parameters[name] = file
        return parameters

    def _view_in(self, layer: QgsRasterLayer) -> tuple:
        """The canvas extent in the layer's CRS. Raises InputError where it has no place there."""
        transform = QgsCoordinateTransform(
            self._canvas.mapSettings().destinationCrs(), layer.crs(), QgsProject.instance()
        )
        try:
            box = transform.transformBoundingBox(self._canvas.extent())
        except QgsCsException:
            box = layer.extent()
        return box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()


def named_file(widget: QgsFileWidget) -> str:
    """The file that a widget names, or "". A bare name is one in the project's folder, at home where the project was
    never saved: QGIS's working folder is nowhere in sight. The widget says so then."""
    path = os.path.expanduser(widget.filePath())
    if path and not os.path.isabs(path):
        folder = QgsProject.instance().homePath() or os.path.expanduser("~")
        path = os.path.normpath(os.path.join(folder, path))
    if path != widget.filePath():
        widget.setFilePath(path)
    return path


def companion(output: str, name: str) -> str:
    """Where what belongs to an image goes: beside a named one, as `clear_changed.tif` for `clear.tif`."""
    if not output:
        return QgsProcessing.TEMPORARY_OUTPUT
    stem, ending = os.path.splitext(output)
    return f"{stem}_{name}{ending}"


def check_outputs(parameters: dict) -> None:
    """Raises OutputError where a file would be overwritten that no earlier run of the dock on this image wrote."""
    layers = [DockInputs.layer(parameters[name]) for name in ("OPTICAL", "SAR", "MASK")]
    inputs = [file_of(layer) if layer else "" for layer in layers]
    for path in filter(None, (parameters[name] for name in FILES)):
        # Of an output that is an input the engine says more.
        if not os.path.lexists(path) or os.path.realpath(path) in map(os.path.realpath, inputs):
            continue
        if not was_made(path):
            raise OutputError(
                f"{path} is there already, and no cloud removal made it; move it away or choose another output."
            )
        if not own_results.is_from(path, inputs[0]):
            raise OutputError(
                f"{path} is there already, made from another optical image or outside this panel; move it away or "
                "choose another output."
            )


def _grid_of(layer: QgsRasterLayer) -> RasterGrid:
    """The layer's grid from QGIS's own reading: enough to place a window."""
    box, width, height = layer.extent(), layer.width(), layer.height()
    transform = (box.width() / width, 0.0, box.xMinimum(), 0.0, -box.height() / height, box.yMaximum())
    return RasterGrid(width, height, transform, "")
