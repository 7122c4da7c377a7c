# SPDX-License-Identifier: GPL-3.0-or-later
"""Where dbcr:inspect and dbcr:assess may write: never over an input, and said before anything is computed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException

from tests.systems import posix_only

INSPECT = ("dbcr:inspect", ("OPTICAL", "SAR", "MASK", "MODEL"))
ASSESS = ("dbcr:assess", ("PREDICTION", "REFERENCE", "CLOUD_MASK"))


@pytest.fixture
def inputs(scene, tiny_model, tmp_path) -> dict:
    """Copies of all inputs of both algorithms, by parameter."""
    cloud = str(tmp_path / "mask.tif")
    gdal.Translate(cloud, scene["OPTICAL"], bandList=[1])
    sources = {
        **dict.fromkeys(("OPTICAL", "PREDICTION", "REFERENCE"), scene["OPTICAL"]),
        **dict.fromkeys(("MASK", "CLOUD_MASK"), cloud),
        "SAR": scene["SAR"],
        "MODEL": str(tiny_model),
    }
    copies = {name: str(tmp_path / f"{name}_{Path(path).name}") for name, path in sources.items()}
    for name, path in sources.items():
        shutil.copy(path, copies[name])
    return {**copies, "MASK_KIND": "binary"}


def refusal(algorithm: str, parameters: dict) -> str:
    import processing

    with pytest.raises(QgsProcessingException) as caught:
        processing.run(algorithm, parameters)
    return str(caught.value)


@pytest.mark.parametrize("report", ["HTML", "JSON"])
@pytest.mark.parametrize(
    ("algorithm", "names", "name"),
    [(algorithm, names, name) for algorithm, names in (INSPECT, ASSESS) for name in names],
)
def test_no_input_is_replaced_by_a_report(plugin, inputs, algorithm, names, name, report):
    before = Path(inputs[name]).read_bytes()
    given = {each: inputs[each] for each in (*names, "MASK_KIND")}
    assert "is also an input" in refusal(algorithm, {**given, report: inputs[name]})
    assert Path(inputs[name]).read_bytes() == before


def test_nor_is_a_file_behind_an_input(plugin, inputs, tmp_path):
    virtual = str(tmp_path / "virtual.vrt")
    gdal.BuildVRT(virtual, [inputs["OPTICAL"]]).FlushCache()
    assert "is also an input" in refusal("dbcr:inspect", {"OPTICAL": virtual, "HTML": inputs["OPTICAL"]})
    assert gdal.Open(inputs["OPTICAL"]).RasterCount == 13


def test_two_reports_of_one_name_are_refused(plugin, inputs, tmp_path):
    both = dict.fromkeys(("HTML", "JSON"), str(tmp_path / "report.html"))
    assert "Two outputs have the same name" in refusal("dbcr:inspect", {"OPTICAL": inputs["OPTICAL"], **both})


def test_a_missing_folder_is_told_of_before_anything_is_computed(plugin, inputs, tmp_path):
    given = {name: inputs[name] for name in ("PREDICTION", "REFERENCE")}
    said = refusal("dbcr:assess", {**given, "HTML": str(tmp_path / "nowhere" / "report.html")})
    assert "does not exist; create it" in said and "Unable to execute algorithm" in said


@posix_only("links need a right of their own")
def test_a_report_behind_a_link_is_written_where_it_leads(plugin, inputs, tmp_path):
    import processing

    link, report = tmp_path / "link.json", tmp_path / "report.json"
    report.write_text("old")
    link.symlink_to(report)
    processing.run("dbcr:inspect", {"OPTICAL": inputs["OPTICAL"], "JSON": str(link)})
    assert link.is_symlink() and json.loads(report.read_text())
