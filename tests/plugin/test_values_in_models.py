# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that models and expressions give: understood as QGIS's forms give them, or refused; never the default."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterEnum,
    QgsProject,
    QgsProperty,
    QgsRasterLayer,
)

VALUE = QgsProcessingModelChildParameterSource.fromStaticValue


class Told(QgsProcessingFeedback):
    """Keeps what was said of failures."""

    def __init__(self) -> None:
        super().__init__(False)
        self.text = ""

    def reportError(self, error, fatalError=False):
        self.text += error


def run_model(algorithm: str, sources: dict, output: str = "", inputs: dict | None = None, parameter=None):
    """(report of the model's only step or None, what was said of its failure)."""
    model = QgsProcessingModelAlgorithm("model", "group")
    if parameter is not None:
        model.addModelParameter(parameter, QgsProcessingModelParameter(parameter.name()))
    child = QgsProcessingModelChildAlgorithm(algorithm)
    child.setChildId("step")
    for name, source in sources.items():
        is_source = isinstance(source, QgsProcessingModelChildParameterSource)
        child.addParameterSources(name, [source if is_source else VALUE(source)])
    if output:
        shown = QgsProcessingModelOutput("shown")
        shown.setChildId("step")
        shown.setChildOutputName("OUTPUT")
        child.setModelOutputs({"shown": shown})
    model.addChildAlgorithm(child)
    model.updateDestinationParameters()
    context, told = QgsProcessingContext(), Told()
    context.setProject(QgsProject.instance())
    results, fine = model.run({"step:shown": output, **(inputs or {})}, context, told)
    return json.loads(results["CHILD_RESULTS"]["step"]["REPORT"]) if fine else None, told.text


def clear_in_model(job: dict, more: dict, **given):
    inputs = {name: value for name, value in job.items() if name != "OUTPUT"}
    return run_model("dbcr:removeclouds", {**inputs, **more}, job["OUTPUT"], **given)


def test_a_models_choice_is_the_word_that_it_numbers(plugin, job):
    source = QgsProcessingModelChildParameterSource.fromModelParameter("MODE")
    for number, whole in ((0, False), (1, True)):
        choice = QgsProcessingParameterEnum("MODE", "Where", ["auto", "none"], defaultValue=0)
        given = {"inputs": {"MODE": number}, "parameter": choice}
        report, said = clear_in_model(job, {"MASK_MODE": source}, **given)
        assert report is not None, said
        assert (report["reconstructed"] == 1) is whole


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MASK_MODE", "None"),
        ("MASK_MODE", 2),
        ("MASK_KIND", "SCL"),
        ("OPTICAL_VALUES", "dn1000"),
        ("NFE", "two"),
        ("EXTENT", "1,2,3"),
        ("EXTENT", "rubbish"),
        ("EXTENT", "/nowhere/layer.gpkg"),
    ],
)
def test_a_model_is_refused_what_is_not_understood(plugin, job, name, value):
    report, said = clear_in_model(job, {name: value})
    assert report is None and name in said
    assert not Path(job["OUTPUT"]).exists()


@pytest.mark.parametrize(
    ("algorithm", "roles"), [("dbcr:inspect", ["OPTICAL"]), ("dbcr:assess", ["PREDICTION", "REFERENCE"])]
)
def test_so_are_the_other_algorithms(plugin, scene, tmp_path, algorithm, roles):
    inputs = dict.fromkeys(roles, scene["OPTICAL"])
    report, said = run_model(algorithm, {**inputs, "OPTICAL_VALUES": "dn1000"})
    assert report is None and "OPTICAL_VALUES is “dn1000”, which is no choice; give one of dn, " in said
    reports = [run_model(algorithm, {**inputs, "OPTICAL_VALUES": value})[0] for value in (1, "dn-1000", 0)]
    assert reports[0] == reports[1] != reports[2]


def test_no_input_is_replaced_by_a_models_report(plugin, scene):
    before = Path(scene["OPTICAL"]).read_bytes()
    report, said = run_model("dbcr:inspect", {"OPTICAL": scene["OPTICAL"], "HTML": scene["OPTICAL"]})
    assert report is None and "is also an input" in said
    assert Path(scene["OPTICAL"]).read_bytes() == before


def run(parameters: dict) -> dict:
    import processing

    return json.loads(processing.run("dbcr:removeclouds", parameters)["REPORT"])


@pytest.mark.parametrize(
    ("name", "expression"),
    [
        ("MASK", "nosuchfunc(1)"),
        ("MASK", "((("),
        ("NFE", "'x'"),
        ("EXTENT", "'x'"),
        ("MASK_MODE", "'x'"),
        ("MASK_MODE", "nosuchfunc(1)"),
    ],
)
def test_an_expression_is_judged_as_its_value_is(plugin, job, name, expression):
    with pytest.raises(QgsProcessingException, match=name):
        run({**job, name: QgsProperty.fromExpression(expression)})
    assert not Path(job["OUTPUT"]).exists()


def test_an_expression_may_give_a_choice_by_its_number_and_an_extent_as_a_geometry(plugin, job, qgis_new_project):
    layer = QgsRasterLayer(job["OPTICAL"], "S2")
    QgsProject.instance().addMapLayer(layer)
    centre = layer.extent().scaled(0.5).asWktPolygon()
    given = {"MASK_MODE": "1", "EXTENT": f"geom_from_wkt('{centre}')"}
    report = run({**job, **{name: QgsProperty.fromExpression(text) for name, text in given.items()}})
    assert (report["reconstructed"], report["width"], report["height"]) == (1, 48, 40)


@pytest.mark.parametrize("number", [1, "1"])
def test_a_choice_may_be_given_by_its_number_as_qgis_process_tells(plugin, job, number):
    assert run({**job, "MASK_MODE": number})["reconstructed"] == 1
