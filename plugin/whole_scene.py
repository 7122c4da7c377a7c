# SPDX-License-Identifier: GPL-3.0-or-later
"""“Run on the whole scene”: the Processing algorithm in the background, its results loaded as one styled group."""

from __future__ import annotations

from datetime import datetime, timezone

from qgis.core import QgsLayerTreeLayer, QgsProcessing, QgsProject, QgsRasterLayer

from . import own_results, styling
from .algorithms.remove_clouds import OUTPUTS
from .background_run import BackgroundRun
from .layers import file_of, of_files
from .words import say

OF_A_RUN = "dbcr/run"
"""Marks the groups that runs have made, in saved projects, too; with a layer stands there when its run ended."""
OF_INPUT, OF_OUTPUT = "dbcr/input", "dbcr/output"
"""With a layer: the id of the optical image that it was made from, and which of the outputs it is. The layer itself
would lose these marks, or pass them on, where its style is pasted."""


class WholeSceneRun(BackgroundRun):
    """One run of dbcr:removeclouds from the dock. layers: ids of the loaded results by output name."""

    def __init__(self, parameters: dict, title: str) -> None:
        super().__init__("dbcr:removeclouds", parameters)
        self._title = title
        self._look = styling.Look()
        self._optical = ""
        self.layers: dict = {}

    def start(self) -> str:
        optical = QgsProject.instance().mapLayer(self.parameters["OPTICAL"] or "")
        if optical:
            self._look, self._optical = styling.input_look(optical), file_of(optical)
        return super().start()

    def _finish(self, results: dict) -> str:
        project = QgsProject.instance()
        written = {key: results[key] for key in OUTPUTS if results.get(key)}
        named = [path for key, path in written.items() if self.parameters[key] != QgsProcessing.TEMPORARY_OUTPUT]
        own_results.remember(named, self._optical)
        _withdraw(project, list(written.values()))
        group = project.layerTreeRoot().insertGroup(0, say("{0}, clouds removed").format(self._title))
        group.setCustomProperty(OF_A_RUN, True)
        for node in _results(self.parameters["OPTICAL"]):
            # It would lie below, and be what is seen where the new result is hidden.
            node.setItemVisibilityChecked(False)
        ended = datetime.now(timezone.utc).isoformat(timespec="microseconds")
        stylers = {
            "OUTPUT": styling.ResultStyler.of_image(self._look),
            "CHANGED": styling.ResultStyler.of_changed(),
            "UNCERTAINTY": styling.ResultStyler.of_uncertainty(
                results["OUTPUT"], optical_values=self.parameters["OPTICAL_VALUES"]
            ),
        }
        names = {
            "UNCERTAINTY": say("uncertainty"),
            "CHANGED": say("reconstructed pixels"),
            "OUTPUT": say("cloud-free"),
        }
        for key, name in names.items():
            if key not in written:
                continue
            layer = QgsRasterLayer(written[key], name)
            project.addMapLayer(layer, False)
            node = group.addLayer(layer)
            for mark, value in ((OF_A_RUN, ended), (OF_INPUT, self.parameters["OPTICAL"]), (OF_OUTPUT, key)):
                node.setCustomProperty(mark, value)
            stylers[key].postProcessLayer(layer, self._context, self._feedback)
            # The image is what one wants to see first; the others lie over it and wait.
            node.setItemVisibilityChecked(key == "OUTPUT")
            node.setExpanded(key != "OUTPUT")
            self.layers[key] = layer.id()
        # A group is born expanded, which QGIS's tree only hears of when it changes.
        group.setExpanded(False)
        group.setExpanded(True)
        text = say("{0}: {1} of the pixels were reconstructed.").format(self._title, f"{results['RECONSTRUCTED']:.0%}")
        return " ".join([text, *(f"{warning}." for warning in self._feedback.warnings)])


def latest_results(optical: str = "") -> dict:
    """The layers by output name of the latest run, of one optical image or of any, whose image can still be shown."""
    nodes = [node for node in _results(optical) if node.layer() is not None and node.layer().isValid()]
    ends = [node.customProperty(OF_A_RUN) for node in nodes if node.customProperty(OF_OUTPUT) == "OUTPUT"]
    latest = [node for node in nodes if node.customProperty(OF_A_RUN) == max(ends, default="")]
    return {node.customProperty(OF_OUTPUT): node.layer() for node in latest}


def _results(optical: str) -> list[QgsLayerTreeLayer]:
    """What runs on one optical image, or on any, have loaded, in this session or before."""
    nodes = QgsProject.instance().layerTreeRoot().findLayers()
    return [node for node in nodes if node.customProperty(OF_INPUT) and optical in ("", node.customProperty(OF_INPUT))]


def _withdraw(project: QgsProject, files: list) -> None:
    """Takes away what earlier runs loaded of files that are written anew, with the groups that this leaves empty."""
    for group in project.layerTreeRoot().findGroups(True):
        if not group.customProperty(OF_A_RUN):
            continue
        old = of_files((node.layer() for node in group.findLayers()), files)
        project.removeMapLayers([layer.id() for layer in old])
        if old and not group.children():
            group.parent().removeChildNode(group)
