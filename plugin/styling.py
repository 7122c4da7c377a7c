# SPDX-License-Identifier: GPL-3.0-or-later
"""How results look when QGIS loads them: the image in natural colour as the input is shown, the others readable."""

from __future__ import annotations

from collections import deque
from typing import Optional

from qgis.core import (
    QgsColorRampShader,
    QgsContrastEnhancement,
    QgsMultiBandColorRenderer,
    QgsProcessingLayerPostProcessorInterface,
    QgsRasterLayer,
    QgsRasterRenderer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor

NATURAL = (("B04", "B4", "RED"), ("B03", "B3", "GREEN"), ("B02", "B2", "BLUE"))
CUT = 0.02
"""Share of the values cut off at either end of the stretch, as QGIS does by default."""
SAMPLE_PIXELS = 250_000

_alive: deque = deque(maxlen=64)
"""QGIS does not own post-processors: the latest are kept here, or they would be collected before they are called."""


def natural_bands(layer: QgsRasterLayer) -> Optional[tuple]:
    """1-based bands for red, green and blue by their names, or None where the names do not tell."""
    words = {}
    for band in range(1, layer.bandCount() + 1):
        for word in layer.bandName(band).upper().replace(":", " ").split():
            words.setdefault(word, band)
    bands = tuple(next((words[name] for name in names if name in words), 0) for names in NATURAL)
    return bands if all(bands) else None


def shown_bands(layer: QgsRasterLayer) -> Optional[tuple]:
    """The bands of a layer that is shown in colour, or None."""
    renderer = layer.renderer()
    if not isinstance(renderer, QgsMultiBandColorRenderer):
        return None
    return renderer.redBand(), renderer.greenBand(), renderer.blueBand()


def input_renderer(layer: QgsRasterLayer) -> Optional[QgsRasterRenderer]:
    """A copy of the input's own colours and stretch where someone chose them; None for QGIS's bands 1, 2, 3."""
    shown, natural = shown_bands(layer), natural_bands(layer)
    if shown is None or (shown == (1, 2, 3) and natural not in (None, shown)):
        return None
    return layer.renderer().clone()


def natural_renderer(layer: QgsRasterLayer) -> Optional[QgsRasterRenderer]:
    """Natural colour with the usual cumulative cut, or None where the bands are not known."""
    bands = natural_bands(layer)
    if bands is None:
        return None
    provider = layer.dataProvider()
    renderer = QgsMultiBandColorRenderer(provider, *bands)
    setters = (
        renderer.setRedContrastEnhancement,
        renderer.setGreenContrastEnhancement,
        renderer.setBlueContrastEnhancement,
    )
    for band, setter in zip(bands, setters):
        low, high = provider.cumulativeCut(band, CUT, 1 - CUT, layer.extent(), SAMPLE_PIXELS)
        stretch = QgsContrastEnhancement(provider.dataType(band))
        stretch.setMinimumValue(low)
        stretch.setMaximumValue(high)
        stretch.setContrastEnhancementAlgorithm(
            QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
        )
        setter(stretch)
    return renderer


def changed_renderer(layer: QgsRasterLayer) -> QgsRasterRenderer:
    """Share reconstructed, 0 … 100 %: clear pixels transparent, the rest in deepening orange."""
    return _ramp_renderer(
        layer,
        (
            (0, QColor(255, 255, 255, 0), "as observed"),
            (1, QColor(254, 217, 118, 120), "partly"),
            (100, QColor(227, 74, 28, 200), "reconstructed"),
        ),
    )


def uncertainty_renderer(layer: QgsRasterLayer) -> QgsRasterRenderer:
    """Expected absolute error in reflectance: none transparent, 0.05 and more dark."""
    return _ramp_renderer(
        layer,
        (
            (0, QColor(255, 255, 255, 0), "as observed"),
            (0.001, QColor(237, 248, 177, 200), "sure"),
            (0.02, QColor(65, 182, 196, 220), "0.02"),
            (0.05, QColor(37, 52, 148, 230), "0.05 and more"),
        ),
    )


def _ramp_renderer(layer: QgsRasterLayer, stops: tuple) -> QgsRasterRenderer:
    """Colours the first band by (value, colour, label) stops."""
    ramp = QgsColorRampShader(stops[0][0], stops[-1][0])
    ramp.setColorRampType(QgsColorRampShader.Type.Interpolated)
    ramp.setColorRampItemList([QgsColorRampShader.ColorRampItem(*stop) for stop in stops])
    shader = QgsRasterShader()
    shader.setRasterShaderFunction(ramp)
    return QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader)


class ResultStyler(QgsProcessingLayerPostProcessorInterface):
    """Styles one result layer. Make it on the main thread."""

    @staticmethod
    def of_image(renderer: Optional[QgsRasterRenderer]) -> ResultStyler:
        """For the reconstructed image; renderer: what `input_renderer` gave."""
        return ResultStyler(lambda layer: renderer.clone() if renderer else natural_renderer(layer))

    @staticmethod
    def of_changed() -> ResultStyler:
        """For the layer of reconstructed shares."""
        return ResultStyler(changed_renderer)

    def __init__(self, make_renderer) -> None:
        super().__init__()
        self._make_renderer = make_renderer
        _alive.append(self)

    def postProcessLayer(self, layer, context, feedback) -> None:
        if not isinstance(layer, QgsRasterLayer) or not layer.isValid():
            return
        renderer = self._make_renderer(layer)
        if renderer is not None:
            layer.setRenderer(renderer)
            layer.triggerRepaint()
