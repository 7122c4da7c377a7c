# SPDX-License-Identifier: GPL-3.0-or-later
"""Colours of previews and results: the user's own, or else readable ones, whatever clouds did to QGIS's."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsContrastEnhancement, QgsMultiBandColorRenderer, QgsRasterLayer, QgsRasterMinMaxOrigin

gdal.UseExceptions()

STRETCH = QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
CUT = QgsRasterMinMaxOrigin.Limits.CumulativeCut


def image(path, names: list, cloud: int = 0) -> QgsRasterLayer:
    """Land of 200 … 1000 with a cloud over a half of it."""
    pixels = np.random.default_rng(5).integers(200, 1000, (len(names), 40, 40)).astype(np.uint16)
    pixels[:, :, :20] += cloud
    raster = gdal.GetDriverByName("GTiff").Create(str(path), 40, 40, len(names), gdal.GDT_UInt16)
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
