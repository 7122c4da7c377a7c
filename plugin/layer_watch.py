# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to the project's layers: they come and leave, get another name, other colours, another file."""

from __future__ import annotations

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal


class LayerWatch(QObject):
    """Passes on what project and layers tell; close() leaves them alone."""

    changed = pyqtSignal()
    """Other layers than before, or of other files or places; told once QGIS has done all that it is at."""
    removed = pyqtSignal(list)
    """Ids of layers, at once."""
    cleared = pyqtSignal()
    renamed = pyqtSignal()
    restyled = pyqtSignal()
    repainted = pyqtSignal()
    """All that QGIS tells of another brightness, contrast, gamma or saturation."""

    def __init__(self) -> None:
        super().__init__()
        self._layers: list = []
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.changed)
        project = QgsProject.instance()
        project.layersAdded.connect(self._on_change)
        project.layersRemoved.connect(self._on_removed)
        project.cleared.connect(self._on_cleared)

    @property
    def is_waiting(self) -> bool:
        """Whether `changed` is going to be told."""
        return self._later.isActive()

    def follow_layers(self) -> None:
        """Listens to the rasters that the project has now, and to no others any more."""
        self._leave_layers()
        layers = QgsProject.instance().mapLayers().values()
        self._layers = [layer for layer in layers if isinstance(layer, QgsRasterLayer)]
        for signal, told in self._pairs():
            signal.connect(told)

    def close(self) -> None:
        """Listens to nothing."""
        project = QgsProject.instance()
        project.layersAdded.disconnect(self._on_change)
        project.layersRemoved.disconnect(self._on_removed)
        project.cleared.disconnect(self._on_cleared)
        self._later.stop()
        self._leave_layers()

    def _leave_layers(self) -> None:
        # One that is gone told its last.
        self._layers = [layer for layer in self._layers if not sip.isdeleted(layer)]
        for signal, told in self._pairs():
            signal.disconnect(told)
        self._layers = []

    def _pairs(self) -> list:
        return [
            pair
            for layer in self._layers
            for pair in (
                (layer.nameChanged, self.renamed),
                (layer.rendererChanged, self.restyled),
                (layer.repaintRequested, self.repainted),
                (layer.dataSourceChanged, self._on_change),
                (layer.crsChanged, self._on_change),
            )
        ]

    def _on_removed(self, layer_ids: list) -> None:
        self.removed.emit(layer_ids)
        self._on_change()

    def _on_cleared(self) -> None:
        self.cleared.emit()
        self._on_change()

    def _on_change(self, _layers: object = None) -> None:
        self._later.start(0)
