# SPDX-License-Identifier: GPL-3.0-or-later
"""From a QGIS layer to what the engine reads: a path. Layers that cannot serve get one sentence that says why."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Iterable, Optional

from qgis.core import QgsMapLayer, QgsMapLayerType, QgsProject, QgsProviderRegistry, QgsRasterLayer

from ..dbcr_core.band_names import optical_name, polarisation
from ..dbcr_core.disk import stamp
from ..dbcr_core.errors import DbcrError, InputError
from ..dbcr_core.remote import is_remote
from .words import say

EXPECTED_ERROR = "_expected_error"
"""How the bands of this plugin's own uncertainty end: named like an image's, they are none."""


def source_path(layer: Optional[QgsMapLayer], role: str, needs_crs: bool = True, allow_network: bool = False) -> str:
    """The GDAL source string of a raster layer.

    role: what the layer is to be, in the user's language ("optical image"). Raises InputError where it cannot serve.
    """
    problem = unsuitable(layer, role, needs_crs, allow_network)
    if problem or layer is None:
        raise InputError(problem)
    return file_of(layer)


def file_of(layer: QgsMapLayer) -> str:
    """What GDAL opens for a layer: its source without the options that QGIS appends (`…|option:NUM_THREADS=2`)."""
    registry = QgsProviderRegistry.instance()
    parts = registry.decodeUri("gdal", layer.source())
    if not parts.pop("openOptions", None):
        return layer.source()
    return registry.encodeUri("gdal", parts)


def unsuitable(
    layer: Optional[QgsMapLayer], role: str, needs_crs: bool = True, allow_network: bool = False
) -> Optional[str]:
    """One sentence on why the layer cannot be the `role`, or None where it can."""
    if layer is None:
        return say("No {0} was given; choose a raster layer or a raster file.").format(role)
    name = layer.name()
    if not isinstance(layer, QgsRasterLayer) or layer.type() != QgsMapLayerType.RasterLayer:
        return say("“{0}” is no raster layer; choose a raster file as the {1}.").format(name, role)
    if not layer.isValid():
        return say(
            "“{0}” cannot be read as a raster; check that the file exists and is an image GDAL can open."
        ).format(name)
    if layer.providerType() != "gdal":
        return say("“{0}” is a map service, not measured values; choose a raster file as the {1}.").format(name, role)
    if not allow_network and is_remote(layer.source()):
        return say("“{0}” is read over the network; save it to disk and choose the file as the {1}.").format(name, role)
    if needs_crs and not layer.crs().isValid():
        return say(
            "“{0}” has no coordinate reference system; assign one (Raster ▸ Projections ▸ Assign Projection)."
        ).format(name)
    return None


def reload_layers(project: QgsProject, files: Iterable[str]) -> None:
    """Lets the layers read anew that a project has of these files: what they opened is no longer there."""
    for layer in of_files(project.mapLayers().values(), files):
        layer.reload()
        layer.triggerRepaint()


def of_files(layers: Iterable[Optional[QgsMapLayer]], files: Iterable[str]) -> list:
    """Those of the layers that are rasters and read one of these files."""
    wanted = {os.path.realpath(file) for file in files}
    rasters = [layer for layer in layers if isinstance(layer, QgsRasterLayer)]
    return [layer for layer in rasters if os.path.realpath(file_of(layer)) in wanted]


def is_optical(layer: QgsMapLayer) -> bool:
    """Worth preselecting as the optical image: ten bands or more, or bands named like Sentinel-2's."""
    if unsuitable(layer, "") or layer.bandName(1).endswith(EXPECTED_ERROR):
        return False
    names = {optical_name(name) for name in _described(layer)}
    # An aerial photograph has colours, too.
    return layer.bandCount() >= 10 or {"B02", "B03", "B04", "B08"} <= names or _is_coded(layer)


def is_sar(layer: QgsMapLayer) -> bool:
    """Worth preselecting as the SAR image: bands named VV or VH, or exactly two bands."""
    if unsuitable(layer, ""):
        return False
    return layer.bandCount() == 2 or any(map(polarisation, _described(layer)))


def is_mask(layer: QgsMapLayer) -> bool:
    """Worth offering as the cloud mask: one band."""
    return not unsuitable(layer, "") and layer.bandCount() == 1


def is_result(layer: QgsMapLayer) -> bool:
    """Whether the file says that this plugin made it."""
    path = file_of(layer)
    # Opening anything else could take long: a virtual raster of thousands of files, say.
    return path.lower().endswith((".tif", ".tiff")) and os.path.isfile(path) and was_made(path)


def was_made(path: str) -> bool:
    """Whether a raster file says that this plugin made it; what cannot be read does not."""
    return _was_made(path, stamp(path))


@lru_cache(maxsize=1000)
def _was_made(path: str, _state: str) -> bool:
    # Asked of every layer whenever the project's layers change.
    from ..dbcr_core.provenance import was_cleared
    from ..dbcr_core.rasters import open_raster

    try:
        with open_raster(path) as raster:
            return was_cleared(raster.profile)
    except DbcrError:
        return False


def _described(layer: QgsRasterLayer) -> list:
    """The bands' own names, of which QGIS makes “Band 1: B02”."""
    return [layer.bandName(band).partition(": ")[2] for band in range(1, layer.bandCount() + 1)]


def _is_coded(layer: QgsRasterLayer) -> bool:
    """Whether a band bears the code of one of Sentinel-2's that show colours."""
    words = (word for name in _described(layer) for word in name.replace("_", " ").split())
    return any(optical_name(word) in ("B02", "B03", "B04") for word in words if word[1:].isdigit())
