# SPDX-License-Identifier: GPL-3.0-or-later
"""dbcr:assess in a real QGIS."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from qgis.core import QgsProcessingException


def run(parameters: dict) -> dict:
    import processing

    return processing.run("dbcr:assess", parameters)


def test_an_image_against_itself_has_no_error(plugin, scene, tmp_path):
    report = tmp_path / "report.html"
    results = run({"PREDICTION": scene["OPTICAL"], "REFERENCE": scene["OPTICAL"], "HTML": str(report)})
    assert results["MAE"] == 0 and results["SAM"] == pytest.approx(0, abs=1e-3) and results["SSIM"] == pytest.approx(1)
    page = Path(results["HTML"]).read_text(encoding="utf-8")
    assert "B8A" in page and "data:image/png;base64,iVBOR" in page and "<script" not in page


def test_the_picture_shows_errors_where_they_are_and_nowhere_else(plugin, scene, tmp_path):
    from osgeo import gdal
    from qgis.PyQt.QtGui import QColor, QImage

    spoilt = str(tmp_path / "spoilt.tif")
    copy = gdal.GetDriverByName("GTiff").CreateCopy(spoilt, gdal.Open(scene["OPTICAL"]))
    pixels = copy.ReadAsArray()
    pixels[:, :40, :] += 1300
    copy.WriteArray(pixels)
    copy = None
    results = run({"PREDICTION": spoilt, "REFERENCE": scene["OPTICAL"], "HTML": str(tmp_path / "report.html")})
    page = Path(results["HTML"]).read_text(encoding="utf-8")
    content = base64.b64decode(page.split("data:image/png;base64,")[1].split('"')[0])
    picture = QImage.fromData(content)
    assert (picture.height(), picture.width()) == (80, 96)
    for row in (0, 39):  # 0.13 is more than the darkest colour stands for
        assert QColor(picture.pixel(50, row)) == QColor(127, 0, 20)
    for row in (40, 79):
        assert QColor(picture.pixel(50, row)) == QColor(255, 255, 255)


def test_json_says_the_same_as_the_outputs(plugin, scene, sample, tmp_path):
    other = str(sample / "optical_clear_2020-06-04_L1C.tif")
    results = run({"PREDICTION": scene["OPTICAL"], "REFERENCE": other, "JSON": str(tmp_path / "figures.json")})
    figures = json.loads(Path(results["JSON"]).read_text(encoding="utf-8"))
    assert figures["all"]["psnr"] == pytest.approx(results["PSNR"]) and results["MAE"] > 0


def test_what_the_values_are_may_be_said_of_both_images(plugin, scene, tmp_path):
    images = {"PREDICTION": scene["OPTICAL"], "REFERENCE": scene["OPTICAL"], "HTML": str(tmp_path / "report.html")}
    results = run({**images, "OPTICAL_VALUES": "dn-1000", "REFERENCE_VALUES": "dn"})
    assert results["MAE"] == pytest.approx(0.1)
    page = Path(results["HTML"]).read_text(encoding="utf-8")
    assert "Prediction: stored × 0.0001 − 0.1" in page and "Reference: stored × 0.0001, no offset" in page


def test_bands_may_be_named_for_both_images(plugin, scene, tmp_path):
    from osgeo import gdal

    nameless = str(tmp_path / "nameless.tif")
    copy = gdal.GetDriverByName("GTiff").CreateCopy(nameless, gdal.Open(scene["OPTICAL"]))
    for band in range(1, copy.RasterCount + 1):
        copy.GetRasterBand(band).SetDescription("")
    copy = None
    names = "B02,-,B03,B04"
    images = {"PREDICTION": nameless, "REFERENCE": nameless, "BANDS": names, "REFERENCE_BANDS": names}
    assert json.loads(run({**images, "OPTICAL_VALUES": "dn"})["REPORT"])["bands"] == ["B02", "B03", "B04"]


def test_images_without_a_common_band_are_refused(plugin, scene, tmp_path):
    with pytest.raises(QgsProcessingException) as caught:
        run({"PREDICTION": scene["OPTICAL"], "REFERENCE": scene["SAR"]})
    assert "Traceback" not in str(caught.value)


def test_a_product_that_qgis_does_not_open_by_itself_is_assessed(plugin, tmp_path):
    from tests.core.safe_files import write_safe_optical

    safe = str(write_safe_optical(tmp_path))
    results = run({"PREDICTION": safe, "REFERENCE": safe, "HTML": str(tmp_path / "report.html")})
    assert results["MAE"] == 0


def test_the_network_can_be_allowed_as_the_refusal_says(plugin, scene):
    images = {"PREDICTION": "/vsicurl/http://127.0.0.1:9/a.tif", "REFERENCE": scene["OPTICAL"]}
    with pytest.raises(QgsProcessingException, match="over the network.*ALLOW_NETWORK"):
        run(images)
    # Allowed, it fails for another reason: nobody listens there.
    with pytest.raises(QgsProcessingException) as caught:
        run({**images, "ALLOW_NETWORK": True})
    assert "over the network" not in str(caught.value)
