# SPDX-License-Identifier: GPL-3.0-or-later
"""dbcr:removeclouds with values as forms, models and command lines give them: unset numbers, names of outputs."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from osgeo import gdal
from qgis.core import (
    NULL,
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsProperty,
)

gdal.UseExceptions()


def run(parameters: dict) -> dict:
    import processing

    return processing.run("dbcr:removeclouds", parameters)


def options_of(path: str) -> dict:
    return json.loads(gdal.Open(path).GetMetadataItem("DBCR_OPTIONS"))


@pytest.fixture(scope="module")
def algorithm(dbcr):
    from dbcr.plugin.algorithms.remove_clouds import RemoveClouds

    return RemoveClouds().create()


NUMBERS = ("FEATHER", "MASK_BUFFER", "OVERLAP", "MASK_THRESHOLD")


@pytest.mark.parametrize(
    "unset",
    ["", " ", None, NULL, QgsProperty.fromValue(NULL), *map(QgsProperty.fromExpression, ("NULL", "''"))],
    ids=repr,
)
def test_a_number_that_is_not_given_is_not_0(algorithm, job, unset):
    values = dict.fromkeys(NUMBERS, unset)
    context = QgsProcessingContext()
    options = algorithm._job_options(algorithm.plain({**job, **values}, context), context)
    assert not {name.lower() for name in NUMBERS} & set(options)


@pytest.mark.parametrize("given", [0, "0", QgsProperty.fromExpression("1 - 1"), QgsProperty.fromValue(0)], ids=repr)
def test_0_is_a_number(algorithm, job, given):
    values = dict.fromkeys(NUMBERS, given)
    context = QgsProcessingContext()
    options = algorithm._job_options(algorithm.plain({**job, **values}, context), context)
    assert [options[name.lower()] for name in NUMBERS] == [0, 0, 0, 0]
    assert isinstance(options["feather"], int)


def test_an_empty_number_gives_the_run_that_leaves_it_out(plugin, job, tmp_path):
    plain = options_of(run(job)["OUTPUT"])
    empty = {**job, **dict.fromkeys(NUMBERS, ""), "OUTPUT": str(tmp_path / "empty.tif")}
    assert options_of(run(empty)["OUTPUT"]) == plain


@pytest.mark.parametrize("unset", [NULL, *map(QgsProperty.fromExpression, ("NULL", "''"))], ids=repr)
def test_radar_and_mask_that_an_expression_leaves_out_are_left_out(plugin, job, unset):
    tags = gdal.Open(run({**job, "SAR": unset, "MASK": unset})["OUTPUT"]).GetMetadata()
    assert (tags["DBCR_SAR"], tags["DBCR_MASK"]) == ("none", "auto")


def test_an_expression_gives_files_as_their_paths_do(plugin, job):
    by_expression = {name: QgsProperty.fromExpression(f"'{job[name]}'") for name in ("OPTICAL", "SAR")}
    tags = gdal.Open(run({**job, **by_expression})["OUTPUT"]).GetMetadata()
    assert (tags["DBCR_OPTICAL"], tags["DBCR_SAR"]) == tuple(map(os.path.basename, (job["OPTICAL"], job["SAR"])))


def test_a_text_in_place_of_a_number_is_refused(plugin, job):
    with pytest.raises(QgsProcessingException, match="FEATHER is “wide”, which is no number"):
        run({**job, "FEATHER": "wide"})
    assert not os.path.exists(job["OUTPUT"])


@pytest.mark.parametrize("name", ["OUTPUT", "CHANGED", "UNCERTAINTY"])
@pytest.mark.parametrize("path", ["memory:", "x.png", "noext"])
def test_an_output_that_is_no_geotiff_is_refused(plugin, job, tmp_path, monkeypatch, name, path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(QgsProcessingException, match=f"“{path}” is no name of a GeoTIFF"):
        run({**job, name: path})
    assert list(tmp_path.iterdir()) == []


def test_a_model_is_refused_such_an_output_too(algorithm, job, tmp_path):
    """Models prepare their steps without QGIS's check of the parameters."""
    from qgis.core import QgsProcessingFeedback

    class Told(QgsProcessingFeedback):
        text = ""

        def reportError(self, error, fatalError=False):
            self.text += error

    told = Told()
    assert not algorithm.create().prepare({**job, "OUTPUT": str(tmp_path / "x.png")}, QgsProcessingContext(), told)
    assert "is no name of a GeoTIFF" in told.text


@pytest.mark.parametrize("name", ["clear.tiff", "CLEAR.TIF"])
def test_either_ending_of_a_geotiff_will_do(plugin, job, tmp_path, name):
    assert os.path.isfile(run({**job, "OUTPUT": str(tmp_path / name)})["OUTPUT"])


def test_checking_leaves_nothing_to_be_loaded(plugin, algorithm, job):
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    output = QgsProcessingOutputLayerDefinition("TEMPORARY_OUTPUT", QgsProject.instance())
    assert algorithm.checkParameterValues({**job, "OUTPUT": output}, context)[0]
    assert context.layersToLoadOnCompletion() == {}


def test_a_model_file_of_another_ending_is_refused_with_the_remedy(algorithm, job, tiny_model, tmp_path):
    """QGIS itself says only that the value is incorrect."""
    from dbcr.plugin import settings

    renamed = shutil.copy(tiny_model, tmp_path / "tiny.zip")
    fine, reason = algorithm.checkParameterValues({**job, "MODEL": str(renamed)}, QgsProcessingContext())
    assert not fine and reason == f"The model file {renamed} does not end in .dbcr, which QGIS wants; rename it."
    settings.MODEL.write(str(renamed))
    others = {name: value for name, value in job.items() if name != "MODEL"}
    assert algorithm.checkParameterValues(others, QgsProcessingContext())[0], "the options' one may be called otherwise"
    settings.MODEL.write("")


@pytest.mark.parametrize("name", ["dbcr:removeclouds", "dbcr:inspect"])
def test_without_a_model_the_options_model_is_taken(plugin, job, tiny_model, name):
    from dbcr.plugin import settings

    made = QgsApplication.processingRegistry().algorithmById(name).create()
    others = {key: value for key, value in job.items() if key != "MODEL"}
    chosen = []
    settings.MODEL.write(str(tiny_model))
    for parameters in (others, {**others, "MODEL": "mine.dbcr"}):
        chosen.append(made.model(parameters, QgsProcessingContext()))
    settings.MODEL.write("")
    assert chosen == [str(tiny_model), "mine.dbcr"]
    assert made.model(others, QgsProcessingContext()) is None


def test_the_run_says_that_it_took_the_options_model(plugin, job):
    from dbcr.plugin import settings

    settings.MODEL.write(job.pop("MODEL"))
    try:
        report = json.loads(run(job)["REPORT"])
    finally:
        settings.MODEL.write("")
    assert report["model"].startswith("tiny")


def test_a_mask_beside_every_pixel_is_refused_and_not_replaced(plugin, job, tmp_path):
    mask = str(tmp_path / "mask.tif")
    gdal.Translate(mask, job["OPTICAL"], bandList=[1])
    with pytest.raises(QgsProcessingException, match="MASK gives a mask and MASK_MODE=none asks for every pixel"):
        run({**job, "MASK": mask, "MASK_MODE": "none", "OUTPUT": mask})
    assert gdal.Open(mask).RasterCount == 1


def test_a_list_is_read_as_its_text(plugin, job, tmp_path):
    report = json.loads(run({**job, "SAR_BANDS": ["VV", "VH"]})["REPORT"])
    named = {**job, "SAR_BANDS": "VV,VH", "OUTPUT": str(tmp_path / "text.tif")}
    assert options_of(report["output"]) == options_of(run(named)["OUTPUT"])
    assert options_of(report["output"])["sar_bands"] == "VV,VH"
    with pytest.raises(QgsProcessingException, match="purple"):
        run({**job, "BANDS": ["red", "purple"]})


def test_a_list_of_files_is_an_image(plugin, job, tmp_path):
    files = [str(tmp_path / f"{band}.tif") for band in ("B02", "B03", "B04")]
    for number, file in enumerate(files, 2):
        gdal.Translate(file, job["OPTICAL"], bandList=[number])
    assert gdal.Open(run({**job, "OPTICAL": files})["OUTPUT"]).RasterCount == 3


@pytest.mark.parametrize("name", ["NFE", "THREADS", "SEED", "MASK_BUFFER", "FEATHER", "OVERLAP"])
def test_a_part_of_a_pixel_or_step_is_refused_and_not_cut_off(plugin, algorithm, job, name):
    with pytest.raises(QgsProcessingException, match=f"{name} is 2.9, which is no whole number"):
        run({**job, name: 2.9})
    context = QgsProcessingContext()
    options = algorithm._job_options(algorithm.plain({**job, name: "2.0"}, context), context)
    assert options[name.lower()] == 2
