# SPDX-License-Identifier: GPL-3.0-or-later
"""How results look when QGIS loads them: the image in natural colour as the input is shown, the others readable."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Optional

from qgis.core import (
    QgsColorRampLegendNodeSettings,
    QgsColorRampShader,
    QgsContrastEnhancement,
    QgsMultiBandColorRenderer,
    QgsProcessingLayerPostProcessorInterface,
    QgsRasterLayer,
    QgsRasterMinMaxOrigin,
    QgsRasterRenderer,
    QgsRasterShader,
    QgsRectangle,
    QgsSingleBandGrayRenderer,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtXml import QDomDocument

from .words import say

NATURAL = (("B04", "B4", "RED"), ("B03", "B3", "GREEN"), ("B02", "B2", "BLUE"))
CUT = 0.02
"""Share of the values cut off at either end of the stretch, as QGIS does by default."""
SAMPLE_PIXELS = 250_000

_alive: deque = deque(maxlen=64)
"""QGIS does not own post-processors: the latest are kept here, or they would be collected before they are called."""


def natural_bands(layer: QgsRasterLayer) -> Optional[tuple]:
    """1-based bands for red, green and blue by their names, or None where the names do not tell."""
    words: dict[str, int] = {}
    for band in range(1, layer.bandCount() + 1):
        for word in layer.bandName(band).upper().replace(":", " ").split():
            words.setdefault(word, band)
    bands = tuple(next((words[name] for name in names if name in words), 0) for names in NATURAL)
    return bands if all(bands) else None


def shown_bands(layer: QgsRasterLayer) -> Optional[tuple]:
    """The bands of a layer that is shown in colour, the one of a layer in grey, or None."""
    renderer = layer.renderer()
    if isinstance(renderer, QgsSingleBandGrayRenderer):
        return (renderer.grayBand(),)
    if not isinstance(renderer, QgsMultiBandColorRenderer):
        return None
    return renderer.redBand(), renderer.greenBand(), renderer.blueBand()


def opaque(renderer: QgsRasterRenderer) -> QgsRasterRenderer:
    """A copy that lets nothing shine through: what is compared with it lies below."""
    copy = renderer.clone()
    copy.setOpacity(1.0)
    return copy


@dataclass(frozen=True)
class Look:
    """How an image is shown, kept apart from its layer, which may go."""

    renderer: Optional[QgsRasterRenderer] = None
    """Colours and stretch where someone chose them."""
    bands: Optional[tuple] = None
    """Where nobody did: what is red, green and blue, or grey, each layer being stretched for itself: what QGIS gave the
    input reaches up to the clouds. None where the names are to tell."""
    tones: str = ""
    """What `tones` gives."""

    def renderer_for(self, layer: QgsRasterLayer) -> Optional[QgsRasterRenderer]:
        """For another image with the input's bands; None where nothing is known of them."""
        if self.renderer is not None:
            return opaque(self.renderer)
        bands = self.bands or natural_bands(layer)
        if not bands:
            return None
        return _colour_renderer(layer, bands) if len(bands) == 3 else grey_renderer(layer, *bands)


def input_look(layer: QgsRasterLayer) -> Look:
    """A copy of the input's own."""
    shown, natural = shown_bands(layer), natural_bands(layer)
    if layer.renderer() is None or (shown == (1, 2, 3) and natural not in (None, shown)):
        return Look(None, natural, tones(layer))
    if shown is not None and _is_stretched_by_qgis(layer, shown):
        return Look(None, shown, tones(layer))
    return Look(layer.renderer().clone(), None, tones(layer))


def _is_stretched_by_qgis(layer: QgsRasterLayer, bands: tuple) -> bool:
    """Whether a layer's stretch is the one over all of it that QGIS gives unasked; a part's tells the same origin."""
    renderer, provider = layer.renderer(), layer.dataProvider()
    origin = renderer.minMaxOrigin()
    if origin.limits() != QgsRasterMinMaxOrigin.Limits.CumulativeCut:
        return False
    cut = origin.cumulativeCutLower(), origin.cumulativeCutUpper()
    is_exact = origin.statAccuracy() == QgsRasterMinMaxOrigin.StatAccuracy.Exact
    stretches: tuple
    if len(bands) == 1:
        stretches = (renderer.contrastEnhancement(),)
    else:
        stretches = (
            renderer.redContrastEnhancement(),
            renderer.greenContrastEnhancement(),
            renderer.blueContrastEnhancement(),
        )
    return all(
        stretch is not None
        and _is_same(
            (stretch.minimumValue(), stretch.maximumValue()),
            provider.cumulativeCut(band, *cut, QgsRectangle(), 0 if is_exact else SAMPLE_PIXELS),
        )
        for band, stretch in zip(bands, stretches)
    )


def _is_same(stretch: tuple, other: tuple) -> bool:
    """But for the digits that a project file leaves out."""
    return all(math.isclose(value, its, rel_tol=1e-6) for value, its in zip(stretch, other))


def tones(layer: QgsRasterLayer) -> str:
    """Brightness, contrast, gamma and saturation of a layer, to be compared and to be given to another."""
    document = QDomDocument()
    root = document.createElement("tones")
    document.appendChild(root)
    for each in _filters(layer):
        each.writeXml(document, root)
    return document.toString()


def set_tones(layer: QgsRasterLayer, text: str) -> None:
    """Gives a layer what `tones` told of another."""
    document = QDomDocument()
    document.setContent(text)
    found = document.documentElement().childNodes()
    for index, each in enumerate(_filters(layer)):
        if index < found.count():
            each.readXml(found.at(index).toElement())


def _filters(layer: QgsRasterLayer) -> list:
    """None of a layer that cannot be read."""
    return [each for each in (layer.brightnessFilter(), layer.hueSaturationFilter()) if each is not None]


def _colour_renderer(layer: QgsRasterLayer, bands: tuple) -> QgsRasterRenderer:
    """These bands as red, green and blue, with the usual cumulative cut."""
    provider = layer.dataProvider()
    renderer = QgsMultiBandColorRenderer(provider, *bands)
    setters = (
        renderer.setRedContrastEnhancement,
        renderer.setGreenContrastEnhancement,
        renderer.setBlueContrastEnhancement,
    )
    for band, setter in zip(bands, setters):
        setter(_stretch(provider, band, layer.extent()))
    return renderer


def _stretch(provider, band: int, extent) -> QgsContrastEnhancement:
    """From the darkest to the brightest value but for the usual share at either end."""
    low, high = provider.cumulativeCut(band, CUT, 1 - CUT, extent, SAMPLE_PIXELS)
    stretch = QgsContrastEnhancement(provider.dataType(band))
    stretch.setMinimumValue(low)
    stretch.setMaximumValue(high)
    stretch.setContrastEnhancementAlgorithm(QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum)
    return stretch


def is_unstyled_radar(layer: QgsRasterLayer) -> bool:
    """Whether a layer of two bands is shown as QGIS shows it unasked, in red and green."""
    renderer = layer.renderer()
    return isinstance(renderer, QgsMultiBandColorRenderer) and renderer.blueBand() < 1


def grey_renderer(layer: QgsRasterLayer, band: int) -> QgsRasterRenderer:
    """One band in grey with the usual cumulative cut."""
    renderer = QgsSingleBandGrayRenderer(layer.dataProvider(), band)
    renderer.setContrastEnhancement(_stretch(layer.dataProvider(), band, layer.extent()))
    return renderer


def changed_renderer(layer: QgsRasterLayer) -> QgsRasterRenderer:
    """Share reconstructed, 0 … 100 %: clear pixels transparent, the rest in deepening orange."""
    return _ramp_renderer(
        layer,
        1,
        (
            (0, QColor(255, 255, 255, 0), say("0 %: as observed")),
            (1, QColor(254, 217, 118, 120), say("1 … 99 %: mixed, at the edge")),
            (100, QColor(227, 74, 28, 200), say("100 %: reconstructed")),
        ),
    )


def uncertainty_renderer(layer: QgsRasterLayer, scale: float = 1.0) -> QgsRasterRenderer:
    """Expected absolute error: none transparent, a reflectance of 0.05 and more dark; the legend is in reflectance.

    Of several bands the red one is shown. scale: reflectance of one stored unit.
    """
    band = next((n for n in range(1, layer.bandCount() + 1) if layer.bandName(n).partition(": ")[2][:3] == "B04"), 1)
    stops = (
        (0, QColor(255, 255, 255, 0), say("0: as observed")),
        (0.001, QColor(237, 248, 177, 200), say("almost none")),
        (0.02, QColor(65, 182, 196, 220), say("reflectance {0}").format("± 0.02")),
        (0.05, QColor(37, 52, 148, 230), say("reflectance {0} and more").format("± 0.05")),
    )
    return _ramp_renderer(layer, band, tuple((value / scale, colour, text) for value, colour, text in stops))


def _ramp_renderer(layer: QgsRasterLayer, band: int, stops: tuple) -> QgsRasterRenderer:
    """Colours a band by (value, colour, label) stops; the legend shows each with its label."""
    ramp = QgsColorRampShader(stops[0][0], stops[-1][0])
    ramp.setColorRampType(QgsColorRampShader.Type.Interpolated)
    ramp.setColorRampItemList([QgsColorRampShader.ColorRampItem(*stop) for stop in stops])
    legend = QgsColorRampLegendNodeSettings()
    legend.setUseContinuousLegend(False)
    ramp.setLegendSettings(legend)
    shader = QgsRasterShader()
    shader.setRasterShaderFunction(ramp)
    return QgsSingleBandPseudoColorRenderer(layer.dataProvider(), band, shader)


def reflectance_scale(image: str, bands: Optional[str] = None, optical_values: Optional[str] = None) -> float:
    """Reflectance of one stored unit of a Sentinel-2 image; 1 where that is not clear.

    bands, optical_values: what the user said of it, as the engine takes it.
    """
    from ..dbcr_core.bands import match_optical
    from ..dbcr_core.errors import DbcrError
    from ..dbcr_core.radiometry import detect_optical
    from ..dbcr_core.rasters import open_raster

    try:
        with open_raster(image) as raster:
            return detect_optical(raster, match_optical(raster.profile, bands), optical_values).scale
    except DbcrError:
        return 1.0


class ResultStyler(QgsProcessingLayerPostProcessorInterface):
    """Styles one result layer. Make it on the main thread."""

    @staticmethod
    def of_image(look: Look) -> ResultStyler:
        """For the reconstructed image; look: the input's."""
        return ResultStyler(look.renderer_for, look.tones)

    @staticmethod
    def of_changed() -> ResultStyler:
        """For the layer of reconstructed shares."""
        return ResultStyler(changed_renderer)

    @staticmethod
    def of_uncertainty(image: str, bands: Optional[str] = None, optical_values: Optional[str] = None) -> ResultStyler:
        """For the layer of expected errors, which has the units of the image. Else as `reflectance_scale`."""
        return ResultStyler(lambda layer: uncertainty_renderer(layer, reflectance_scale(image, bands, optical_values)))

    def __init__(self, make_renderer, tones: str = "") -> None:
        super().__init__()
        self._make_renderer, self._tones = make_renderer, tones
        _alive.append(self)

    def postProcessLayer(self, layer, context, feedback) -> None:
        if not isinstance(layer, QgsRasterLayer) or not layer.isValid():
            return
        renderer = self._make_renderer(layer)
        if renderer is not None:
            layer.setRenderer(renderer)
        set_tones(layer, self._tones)
        layer.triggerRepaint()
