# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures that the dock compares, as layers in colours that go together: the input's, where someone chose them."""

from __future__ import annotations

from typing import Callable, Optional

from qgis.core import QgsRasterLayer

from . import styling
from .dock_inputs import DockInputs
from .preview_files import PictureFiles


class DockPictures:
    """Makes each picture when it is first looked at, and keeps it while it is right."""

    def __init__(self, inputs: DockInputs, result: Callable) -> None:
        """result(key): the layer that the latest run on the input loaded for a key, or None."""
        self.result = result
        self._inputs = inputs
        self._files: dict = {}
        self._previews: dict = {}
        self._grey: tuple = ((), None)
        self._plain: tuple = ((), None)

    @property
    def has_preview(self) -> bool:
        """Whether there is a preview to look at."""
        return bool(self._files)

    def take(self, files: PictureFiles) -> None:
        """Has these files for a preview from now on."""
        self._files = {"reconstruction": files.image, "changed": files.changed, "uncertainty": files.uncertainty}
        self._previews = {}

    def forget(self) -> None:
        """Drops the preview, and the copies of inputs, which would keep their files open."""
        self._files, self._previews = {}, {}
        self._grey = self._plain = ((), None)

    def restyle(self) -> None:
        """The input has other colours."""
        self._previews.pop("reconstruction", None)
        self._plain = ((), None)

    @property
    def states(self) -> tuple:
        """What the pictures take over of the inputs beside their colours."""
        return tuple(_state(layer) for layer in (self._inputs.optical, self._inputs.sar) if layer is not None)

    def of(self, key: str):
        """The layer for "reconstruction", "sar", "changed" or "uncertainty": a preview's, else a result's, or None."""
        return self.radar if key == "sar" else self.preview(key) or self.result(key)

    def preview(self, key: str) -> Optional[QgsRasterLayer]:
        """The preview's layer for a key; None where there is none."""
        optical = self._inputs.optical
        if optical is None or optical.renderer() is None:
            return None  # one whose file has gone is a layer still, though without colours
        if key not in self._previews and self._files.get(key):
            layer = QgsRasterLayer(self._files[key], f"preview, {key}")
            makers = {"changed": styling.changed_renderer, "uncertainty": styling.uncertainty_renderer}
            if key in makers:
                layer.setRenderer(makers[key](layer))
            else:
                look = styling.input_look(optical)
                # Without names nobody knows better than QGIS which bands to show.
                layer.setRenderer(look.renderer_for(layer) or styling.opaque(optical.renderer()))
                styling.set_tones(layer, look.tones)
            self._previews[key] = layer
        return self._previews.get(key)

    @property
    def input(self):
        """The input as it is styled but opaque, or in the reconstruction's colours where nobody styled it."""
        optical, shown = self._inputs.optical, self.of("reconstruction")
        if optical is None or shown is None or optical.renderer() is None:
            return optical
        own = styling.input_look(optical).renderer
        if own is not None and own.opacity() == 1:
            return optical
        known = _state(optical), shown.id()
        if self._plain[0] != known:
            plain = optical.clone()
            plain.setRenderer(styling.opaque(own or shown.renderer()))
            self._plain = (known, plain)
        return self._plain[1]

    @property
    def radar(self):
        """The SAR layer as it is styled, or one band in grey where nobody styled it."""
        sar = self._inputs.sar
        if sar is None or not styling.is_unstyled_radar(sar):
            return sar
        if self._grey[0] != _state(sar):
            grey = sar.clone()
            grey.setRenderer(styling.grey_renderer(grey, 1))
            grey.setOpacity(sar.opacity())
            self._grey = (_state(sar), grey)
        return self._grey[1]


def _state(layer: QgsRasterLayer) -> tuple:
    """What a copy of the layer takes over."""
    return layer.id(), layer.source(), layer.crs(), layer.opacity(), styling.tones(layer)
