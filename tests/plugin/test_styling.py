# SPDX-License-Identifier: GPL-3.0-or-later
"""Colours of previews and results: the user's own, or else readable ones, whatever clouds did to QGIS's."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsContrastEnhancement,
    QgsMultiBandColorRenderer,
    QgsRasterLayer,
    QgsRasterMinMaxOrigin,
    QgsSingleBandGrayRenderer,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtXml import QDomDocument

gdal.UseExceptions()

STRETCH = QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
CUT = QgsRasterMinMaxOrigin.Limits.CumulativeCut


def image(path, names: list, cloud: int = 0, scale: float = 1) -> QgsRasterLayer:
    """Land of 200 … 1000 with a cloud over a half of it. scale: other than 1 for fractions."""
    pixels = np.random.default_rng(5).integers(200, 1000, (len(names), 40, 40)).astype(np.uint16)
    pixels[:, :, :20] += cloud
    kind = gdal.GDT_UInt16 if scale == 1 else gdal.GDT_Float32
    pixels = pixels * scale
    raster = gdal.GetDriverByName("GTiff").Create(str(path), 40, 40, len(names), kind)
    raster.SetGeoTransform((500_000, 10, 0, 5_000_000, 0, -10))
    for band, name in enumerate(names, 1):
        raster.GetRasterBand(band).WriteArray(pixels[band - 1])
        raster.GetRasterBand(band).SetDescription(name)
    raster = None
    return QgsRasterLayer(str(path), path.stem)


@pytest.fixture
def pair(dbcr, tmp_path, request):
    """A cloudy input and its result, with bands of these names."""
    names = getattr(request, "param", ["B04", "B03", "B02", "B08"])
    return image(tmp_path / "cloudy.tif", names, cloud=9000), image(tmp_path / "clear.tif", names)


def look_of(pair) -> QgsMultiBandColorRenderer:
    from dbcr.plugin.styling import input_look

    return input_look(pair[0]).renderer_for(pair[1])


def bands_and_brightest(renderer) -> tuple:
    bands = renderer.redBand(), renderer.greenBand(), renderer.blueBand()
    return bands, renderer.redContrastEnhancement().maximumValue()


@pytest.mark.parametrize(
    ("pair", "bands"),
    [
        (["B04", "B03", "B02", "B08"], (1, 2, 3)),
        (["", "", "", ""], (1, 2, 3)),
        (["B02", "B03", "B04", "B08"], (3, 2, 1)),
    ],
    indirect=["pair"],
)
def test_a_stretch_that_qgis_chose_reaches_no_further_than_the_result(pair, bands):
    assert pair[0].renderer().redContrastEnhancement().maximumValue() > 9000
    shown, brightest = bands_and_brightest(look_of(pair))
    assert shown == bands and 900 < brightest <= 1000


def test_bands_that_the_user_chose_are_kept_and_stretched_for_the_result(pair):
    optical = pair[0]
    optical.setRenderer(QgsMultiBandColorRenderer(optical.dataProvider(), 4, 1, 2))
    optical.setDefaultContrastEnhancement()
    shown, brightest = bands_and_brightest(look_of(pair))
    assert shown == (4, 1, 2) and 900 < brightest <= 1000


def test_a_preview_s_bands_have_no_names_and_are_those_of_the_input(dbcr, tmp_path):
    names = [f"B{number:02}" for number in range(1, 13)]
    pair = image(tmp_path / "cloudy.tif", names, cloud=9000), image(tmp_path / "preview.tif", [""] * 12)
    shown, brightest = bands_and_brightest(look_of(pair))
    assert shown == (4, 3, 2) and 900 < brightest <= 1000


def by_hand(layer) -> None:
    for change in ("red", "green", "blue"):
        stretch = QgsContrastEnhancement(layer.dataProvider().dataType(1))
        stretch.setMinimumValue(100)
        stretch.setMaximumValue(7000)
        stretch.setContrastEnhancementAlgorithm(STRETCH)
        getattr(layer.renderer(), f"set{change.title()}ContrastEnhancement")(stretch)


def of_a_part(layer) -> None:
    """As the button of QGIS's raster toolbar does it; QGIS notes no other origin than of the whole."""
    part = layer.extent()
    part.setXMinimum(part.center().x() + 100)
    layer.setContrastEnhancement(STRETCH, CUT, part)


def least_and_most(layer) -> None:
    layer.setContrastEnhancement(STRETCH, QgsRasterMinMaxOrigin.Limits.MinMax)


@pytest.mark.parametrize("choose", [by_hand, of_a_part, least_and_most])
def test_a_stretch_that_the_user_chose_is_the_result_s(pair, choose):
    choose(pair[0])
    wanted, given = pair[0].renderer(), look_of(pair)
    for stretch in ("redContrastEnhancement", "greenContrastEnhancement", "blueContrastEnhancement"):
        assert getattr(given, stretch)().maximumValue() == getattr(wanted, stretch)().maximumValue()
        assert getattr(given, stretch)().minimumValue() == getattr(wanted, stretch)().minimumValue()


def test_a_stretch_that_qgis_chose_is_known_again_in_a_reopened_project(dbcr, tmp_path):
    """The project's file keeps fewer digits."""
    names = ["B04", "B03", "B02"]
    cloudy, clear = (image(tmp_path / f"{name}.tif", names, cloud, 1e-4 / 3) for name, cloud in (("a", 9000), ("b", 0)))
    document, before = QDomDocument(), cloudy.renderer().redContrastEnhancement().maximumValue()
    root = document.createElement("layer")
    cloudy.renderer().writeXml(document, root)
    cloudy.setRenderer(QgsMultiBandColorRenderer.create(root.firstChildElement(), cloudy.dataProvider()))
    assert cloudy.renderer().redContrastEnhancement().maximumValue() != before
    _, brightest = bands_and_brightest(look_of((cloudy, clear)))
    assert brightest < 1000 * 1e-4 / 2


def test_one_band_in_colours_of_the_user_s_is_the_result_s_too(pair):
    optical = pair[0]
    optical.setRenderer(QgsSingleBandPseudoColorRenderer(optical.dataProvider(), 4))
    given = look_of(pair)
    assert isinstance(given, QgsSingleBandPseudoColorRenderer) and given.band() == 4


@pytest.mark.parametrize("is_by_qgis", [True, False])
def test_one_band_in_grey_is_that_band_of_the_result_and_stretched_as_colours_are(pair, is_by_qgis):
    optical = pair[0]
    optical.setRenderer(QgsSingleBandGrayRenderer(optical.dataProvider(), 4))
    optical.setContrastEnhancement(STRETCH, CUT)
    assert optical.renderer().contrastEnhancement().maximumValue() > 9000
    if not is_by_qgis:
        optical.renderer().contrastEnhancement().setMaximumValue(7000)
    given = look_of(pair)
    assert given.grayBand() == 4
    brightest = given.contrastEnhancement().maximumValue()
    assert 900 < brightest <= 1000 if is_by_qgis else brightest == 7000


def test_clouds_do_not_shine_through_the_preview_or_result_of_a_translucent_input(pair):
    by_hand(pair[0])
    pair[0].renderer().setOpacity(0.5)
    assert look_of(pair).opacity() == 1 and pair[0].renderer().opacity() == 0.5


def test_a_translucent_input_is_swiped_opaque(dock, wait_until):
    optical = dock.inputs.optical
    optical.setRenderer(QgsMultiBandColorRenderer(optical.dataProvider(), 8, 4, 3))
    dock.ask_preview()
    wait_until(lambda: dock.compare.has_preview and dock.previews.is_idle)
    dock.dock.compare_lines.swipe.click()
    optical.setOpacity(0.5)
    optical.triggerRepaint()
    shown = dock.compare.over_map._layers + dock.compare.under._layers
    assert [(layer.opacity(), layer.renderer().redBand()) for layer in shown] == [(1, 8), (1, 8)]


def test_the_preview_the_result_and_the_swiped_input_of_an_unstyled_image_are_shown_alike(dock, wait_until):
    from dbcr.plugin.styling import shown_bands

    dock.ask_preview()
    wait_until(lambda: dock.compare.has_preview and dock.previews.is_idle)
    dock.dock.compare_lines.swipe.click()
    preview, under = dock.compare.over_map._layers[0], dock.compare.under._layers[0]
    assert shown_bands(dock.inputs.optical) == (1, 2, 3), "the layer itself stays as it is"
    assert shown_bands(preview) == shown_bands(under) == (4, 3, 2)
    ends = [layer.renderer().redContrastEnhancement().maximumValue() for layer in (preview, under)]
    assert ends[0] == ends[1]
    dock.dock.run_box.run.click()
    wait_until(lambda: dock.dock.run_box.run.isEnabled())
    result, under = dock.compare.over_map._layers[0], dock.compare.under._layers[0]
    assert shown_bands(result) == shown_bands(under) == (4, 3, 2)
    assert result.renderer().redContrastEnhancement().maximumValue() == pytest.approx(ends[0], rel=0.2)


def test_a_styled_input_is_swiped_as_it_is(dock, wait_until):
    optical = dock.inputs.optical
    optical.setRenderer(QgsMultiBandColorRenderer(optical.dataProvider(), 8, 4, 3))
    dock.ask_preview()
    wait_until(lambda: dock.compare.has_preview and dock.previews.is_idle)
    dock.dock.compare_lines.swipe.click()
    assert dock.compare.under._layers == [optical]
