# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to the project's raster layers while they stay in it: another name, other colours, another file."""

from __future__ import annotations

from typing import Iterable

from qgis.core import QgsMapLayer, QgsRasterLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, pyqtSignal


class LayerWatch(QObject):
    """Passes on what the watched layers tell; close() leaves them alone."""

    renamed = pyqtSignal()
    restyled = pyqtSignal()
    repainted = pyqtSignal()
    """All that QGIS tells of another brightness, contrast, gamma or saturation."""
    replaced = pyqtSignal()
    """A layer reads another file, or lies elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self._layers: list = []

    def watch(self, layers: Iterable[QgsMapLayer]) -> None:
        """Listens to these, and to no others any more."""
        self.close()
        self._layers = [layer for layer in layers if isinstance(layer, QgsRasterLayer)]
        for signal, told in self._pairs():
            signal.connect(told)

    def close(self) -> None:
        """Listens to none; a layer that is gone told its last."""
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
                (layer.dataSourceChanged, self.replaced),
                (layer.crsChanged, self.replaced),
            )
        ]
