# SPDX-License-Identifier: GPL-3.0-or-later
"""What the dock's pickers know of the project's layers."""

from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsCsException, QgsMapLayer, QgsProject

from ..dbcr_core.acquisition import parse_time
from . import layers
from .dock_state import LayerFacts, days_apart, overlap
from .words import say

FAR_APART_DAYS = 30


def of_project(project: QgsProject) -> list:
    """Facts of every layer that can serve as an input, in the order of the layer tree."""
    ordered = [node.layer() for node in project.layerTreeRoot().findLayers()]
    return [_of_layer(layer) for layer in ordered if not layers.unsuitable(layer, "")]


def pair_problem(optical, sar) -> str:
    """What to tell the user of two chosen layers at a glance; empty where nothing is amiss."""
    if optical is None:
        return say("Load a Sentinel-2 raster file to begin.")
    problem = layers.unsuitable(optical, say("optical image"))
    if problem or sar is None:
        return problem or say("Without SAR the result is much poorer; choose a Sentinel-1 image if you have one.")
    problem = layers.unsuitable(sar, say("SAR image"))
    if problem:
        return problem
    one, other = _of_layer(optical), _of_layer(sar)
    if not overlap(one, other):
        return say("The SAR image lies elsewhere; choose one of the same place.")
    days = days_apart(one.date, other.date)
    if FAR_APART_DAYS < days < float("inf"):
        return say("The two images are {0} days apart; the ground may have changed.").format(f"{days:.0f}")
    return ""


def _of_layer(layer: QgsMapLayer) -> LayerFacts:
    is_optical = layers.is_optical(layer)
    return LayerFacts(
        layer_id=layer.id(),
        name=layer.name(),
        is_optical=is_optical,
        is_sar=layers.is_sar(layer),
        is_mask=layers.is_mask(layer),
        is_result=is_optical and layers.is_result(layer),
        date=parse_time(layer.name()) or parse_time(layer.source()),
        extent=_degrees(layer),
    )


def _degrees(layer: QgsMapLayer) -> tuple:
    world = QgsCoordinateReferenceSystem("EPSG:4326")
    try:
        box = QgsCoordinateTransform(layer.crs(), world, QgsProject.instance()).transformBoundingBox(layer.extent())
    except QgsCsException:
        return ()
    return box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()
