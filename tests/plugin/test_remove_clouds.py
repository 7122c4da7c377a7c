# SPDX-License-Identifier: GPL-3.0-or-later
"""dbcr:removeclouds through processing.run in a real QGIS."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsContrastEnhancement,
    QgsMultiBandColorRenderer,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsSingleBandPseudoColorRenderer,
    QgsVectorLayer,
)

gdal.UseExceptions()

FAULTS = (
    "missing file",
    "not a raster",
    "no CRS",
    "SAR elsewhere",
    "text as model",
    "missing model",
    "NFE 0",
    "NFE 11",
    "unknown bands",
    "output is the input",
    "folder is missing",
    "extent elsewhere",
)


def run(parameters: dict, context: QgsProcessingContext | None = None) -> dict:
    import processing

    return processing.run("dbcr:removeclouds", parameters, context=context)


def pixels(path: str) -> np.ndarray:
    return gdal.Open(path).ReadAsArray()


def test_a_run_gives_a_raster_on_the_inputs_grid_and_says_what_it_did(plugin, job):
    results = run({**job, "CHANGED": job["OUTPUT"].replace("clear", "changed"), "NFE": 2})
    source, output = gdal.Open(job["OPTICAL"]), gdal.Open(results["OUTPUT"])
    assert (output.RasterXSize, output.RasterYSize, output.RasterCount) == (96, 80, 13)
    assert output.GetGeoTransform() == pytest.approx(source.GetGeoTransform())
    assert [output.GetRasterBand(b).GetDescription() for b in (1, 9)] == ["B01", "B8A"]
    assert "CPU" in results["DEVICE_USED"] and 0 < results["RECONSTRUCTED"] < 1
    changed, before, after = pixels(results["CHANGED"]), pixels(job["OPTICAL"]), pixels(results["OUTPUT"])
    assert np.array_equal(before[:, changed == 0], after[:, changed == 0])
    assert (before[:, changed == 100] != after[:, changed == 100]).any(axis=0).all()


def test_a_mask_layer_says_where_to_reconstruct(plugin, job, tmp_path):
    mask = str(tmp_path / "mask.tif")
    source = gdal.Open(job["OPTICAL"])
    made = gdal.GetDriverByName("GTiff").Create(mask, 96, 80, 1)
    made.SetGeoTransform(source.GetGeoTransform())
    made.SetProjection(source.GetProjection())
    cloud = np.zeros((80, 96), np.uint8)
    cloud[20:50, 30:70] = 1
    made.GetRasterBand(1).WriteArray(cloud)
    made = None
    results = run({**job, "MASK": mask, "FEATHER": 0})
    differs = (pixels(job["OPTICAL"]) != pixels(results["OUTPUT"])).any(axis=0)
    assert differs[cloud == 1].all() and not differs[cloud == 0].any()


def test_an_extent_in_another_crs_crops_the_result(plugin, job):
    layer = QgsRasterLayer(job["OPTICAL"], "optical")
    extent = layer.extent().scaled(0.5)
    text = f"{extent.xMinimum()},{extent.xMaximum()},{extent.yMinimum()},{extent.yMaximum()} [EPSG:4326]"
    output = gdal.Open(run({**job, "EXTENT": text})["OUTPUT"])
    assert (output.RasterXSize, output.RasterYSize) == (48, 40)


def test_the_result_is_styled_in_natural_colour_as_the_input_is_shown(plugin, job, qgis_new_project):
    layer = QgsRasterLayer(job["OPTICAL"], "optical")
    renderer = QgsMultiBandColorRenderer(layer.dataProvider(), 4, 3, 2)
    for setter in (
        renderer.setRedContrastEnhancement,
        renderer.setGreenContrastEnhancement,
        renderer.setBlueContrastEnhancement,
    ):
        stretch = QgsContrastEnhancement(layer.dataProvider().dataType(4))
        stretch.setMinimumValue(123)
        stretch.setMaximumValue(2345)
        setter(stretch)
    layer.setRenderer(renderer)
    layer.brightnessFilter().setContrast(20)
    layer.hueSaturationFilter().setSaturation(30)
    QgsProject.instance().addMapLayer(layer)
    result = run_and_load({**job, "OPTICAL": layer})
    assert (result.brightnessFilter().contrast(), result.hueSaturationFilter().saturation()) == (20, 30)
    styled = result.renderer()
    assert (styled.redBand(), styled.greenBand(), styled.blueBand()) == (4, 3, 2)
    assert styled.redContrastEnhancement().maximumValue() == 2345


def test_without_a_chosen_style_natural_colour_is_found_by_band_names(plugin, job, qgis_new_project):
    styled = run_and_load(job).renderer()
    assert (styled.redBand(), styled.greenBand(), styled.blueBand()) == (4, 3, 2)
    assert styled.redContrastEnhancement().maximumValue() > styled.redContrastEnhancement().minimumValue()


def test_the_legend_of_the_uncertainty_is_in_reflectance_where_the_user_names_the_bands(
    plugin, job, tmp_path, qgis_new_project
):
    unnamed = str(tmp_path / "unnamed.tif")
    bare = gdal.GetDriverByName("MEM").CreateCopy("", gdal.Open(job["OPTICAL"]))
    for band in range(1, bare.RasterCount + 1):
        bare.GetRasterBand(band).SetDescription("")
    gdal.Translate(unnamed, bare, bandList=[2, 3, 4, 8])
    error = str(tmp_path / "error.tif")
    run_and_load({**job, "OPTICAL": unnamed, "BANDS": "B02,B03,B04,B08", "UNCERTAINTY": error})
    stops = layer_of(error).renderer().shader().rasterShaderFunction().colorRampItemList()
    assert stops[-1].value == pytest.approx(500) and "0.05" in stops[-1].label


def run_and_load(parameters: dict) -> QgsRasterLayer:
    """Runs as the toolbox does: the result is loaded by the context and post-processed."""
    import processing
    from processing.gui import Postprocessing

    with without_interface(Postprocessing):
        results = processing.runAndLoadResults("dbcr:removeclouds", parameters)
    return layer_of(results["OUTPUT"])


def without_interface(postprocessing):
    """QGIS 3.44 asks the interface for its layer tree in earnest; pytest-qgis has none to give."""
    return patch.object(postprocessing, "iface", None) if Qgis.versionInt() >= 34000 else nullcontext()


def layer_of(path: str) -> QgsRasterLayer:
    """The project's layer of a file."""
    return next(each for each in QgsProject.instance().mapLayers().values() if each.source().startswith(path))


def test_it_runs_on_a_background_thread(plugin, job, wait_until):
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("dbcr:removeclouds")
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    task = QgsProcessingAlgRunnerTask(algorithm, job, context, feedback)
    outcome = []
    task.executed.connect(lambda ok, results: outcome.append((ok, results)))
    QgsApplication.taskManager().addTask(task)
    wait_until(lambda: outcome)
    assert outcome[0][0] and os.path.isfile(outcome[0][1]["OUTPUT"])


def test_the_toolbox_loads_and_styles_what_a_background_task_wrote(plugin, job, qgis_new_project, wait_until):
    """Named and temporary outputs, as the toolbox's dialog asks for them and loads them."""
    from processing.gui import Postprocessing

    project = QgsProject.instance()
    named, temporary = (
        QgsProcessingOutputLayerDefinition(sink, project) for sink in (job["OUTPUT"], "TEMPORARY_OUTPUT")
    )
    parameters = {**job, "OUTPUT": named, "CHANGED": temporary, "UNCERTAINTY": None}
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("dbcr:removeclouds")
    context, feedback, outcome = QgsProcessingContext(), QgsProcessingFeedback(), []
    context.setProject(project)
    task = QgsProcessingAlgRunnerTask(algorithm, parameters, context, feedback)
    task.executed.connect(lambda ok, results: outcome.append(results if ok else None))
    QgsApplication.taskManager().addTask(task)
    wait_until(lambda: outcome)
    results = outcome[0]
    assert results["OUTPUT"] == job["OUTPUT"]
    assert set(context.layersToLoadOnCompletion()) == {results["OUTPUT"], results["CHANGED"]}
    with without_interface(Postprocessing):
        assert Postprocessing.handleAlgorithmResults(algorithm, context, feedback, parameters=parameters)
    image, changed = layer_of(results["OUTPUT"]), layer_of(results["CHANGED"])
    assert (image.renderer().redBand(), image.renderer().blueBand()) == (4, 2)
    assert isinstance(changed.renderer(), QgsSingleBandPseudoColorRenderer)
    assert [image.name(), changed.name()] == [
        algorithm.parameterDefinition(name).description() for name in ("OUTPUT", "CHANGED")
    ]


def test_cancel_leaves_no_file(plugin, job):
    import processing

    feedback = QgsProcessingFeedback()
    feedback.cancel()
    with pytest.raises(QgsProcessingException, match="[Cc]ancel"):
        processing.run("dbcr:removeclouds", job, feedback=feedback)
    assert os.listdir(os.path.dirname(job["OUTPUT"])) == []


def bad_inputs(folder, scene: dict) -> dict:
    """Name of the fault → parameters that have it."""
    text = folder / "text.tif"
    text.write_text("not a raster")
    one_band, no_crs = str(folder / "one.tif"), str(folder / "nocrs.tif")
    far_away = str(folder / "far.tif")
    subprocess.run(["gdal_translate", "-q", "-b", "4", scene["OPTICAL"], one_band], check=True)
    subprocess.run(["gdal_translate", "-q", "-a_ullr", "10", "51", "10.1", "50.9", scene["SAR"], far_away], check=True)
    source = gdal.Open(scene["OPTICAL"])
    plain = gdal.GetDriverByName("GTiff").CreateCopy(no_crs, source)
    plain.SetProjection("")
    plain = None
    model = folder / "model.dbcr"
    model.write_text("not a model")
    return {
        "missing file": {"OPTICAL": str(folder / "missing.tif")},
        "not a raster": {"OPTICAL": str(text)},
        "no CRS": {"OPTICAL": no_crs},
        "SAR elsewhere": {"SAR": far_away},
        "text as model": {"MODEL": str(model)},
        "missing model": {"MODEL": str(folder / "missing.dbcr")},
        "NFE 0": {"NFE": 0},
        "NFE 11": {"NFE": 11},
        "unknown bands": {"BANDS": "red,green,purple"},
        "output is the input": {"OUTPUT": scene["OPTICAL"]},
        "folder is missing": {"OUTPUT": str(folder / "nowhere" / "deep" / "out.tif")},
        "extent elsewhere": {"EXTENT": "10,11,50,51 [EPSG:4326]"},
    }


@pytest.mark.parametrize("fault", FAULTS)
def test_bad_input_gets_one_sentence_and_no_file(plugin, job, scene, tmp_path_factory, fault):
    parameters = {**job, **bad_inputs(tmp_path_factory.mktemp("bad"), scene)[fault]}
    with open(scene["OPTICAL"], "rb") as stream:
        before = stream.read()
    with pytest.raises(QgsProcessingException) as caught:
        run(parameters)
    # processing.run puts a line of its own before the reason of a failed check.
    sentence = str(caught.value).replace("Unable to execute algorithm\n", "").strip()
    assert 15 < len(sentence) < 400 and "\n" not in sentence and "Traceback" not in sentence
    assert not os.path.exists(job["OUTPUT"])
    with open(scene["OPTICAL"], "rb") as stream:
        assert stream.read() == before


def test_layers_that_hold_no_measured_pixels_are_refused_with_one_sentence(dbcr, scene):
    from dbcr.plugin.layers import unsuitable

    web = QgsRasterLayer("type=xyz&url=file:///tiles/{z}/{x}/{y}.png", "web map", "wms")
    vector = QgsVectorLayer("Point?crs=epsg:4326", "points", "memory")
    gone = QgsRasterLayer("/does/not/exist.tif", "gone")
    for layer in (web, vector, gone, None):
        sentence = unsuitable(layer, "optical image")
        assert sentence and sentence.endswith(".") and "\n" not in sentence
    assert unsuitable(QgsRasterLayer(scene["OPTICAL"], "fine"), "optical image") is None


def test_a_vector_layer_is_named_as_what_it_is(plugin, job, qgis_new_project):
    towns = QgsVectorLayer("Point?crs=epsg:4326", "towns", "memory")
    QgsProject.instance().addMapLayer(towns)
    for value in (towns, towns.id(), "towns"):
        with pytest.raises(QgsProcessingException, match="“towns” is no raster layer"):
            run({**job, "SAR": value})


@pytest.mark.parametrize("form", ["folder", "zip", "metadata file", "list of files"])
def test_products_that_qgis_does_not_open_by_itself_are_taken(plugin, job, tmp_path, form):
    from tests.core.safe_files import write_safe_optical, write_safe_sar, zipped

    safe, radar = write_safe_optical(tmp_path), write_safe_sar(tmp_path)[0]
    optical = {
        "folder": lambda: str(safe),
        "zip": lambda: str(zipped(safe)),
        "metadata file": lambda: str(safe / "MTD_MSIL1C.xml"),
        "list of files": lambda: ",".join(str(next(safe.rglob(f"*_{band}.jp2"))) for band in ("B02", "B03", "B11")),
    }[form]()
    results = run({**job, "OPTICAL": optical, "SAR": str(radar), "EXTENT": "600000,600800,5099400,5100000"})
    report = json.loads(results["REPORT"])
    assert (report["width"], report["height"]) == (80, 60)
    assert any("calibrated" not in text and text.startswith("SAR: VV and VH") for text in report["messages"])
    bands = 3 if form == "list of files" else 13
    assert gdal.Open(results["OUTPUT"]).RasterCount == bands
    inspected = run_inspect({"OPTICAL": optical, "SAR": str(radar)})
    assert len(json.loads(inspected["REPORT"])["optical"]["bands"]) == bands


def run_inspect(parameters: dict) -> dict:
    import processing

    return processing.run("dbcr:inspect", parameters)


def test_a_file_that_leads_to_the_network_is_refused_unless_allowed(plugin, job, tmp_path):
    virtual = tmp_path / "remote.vrt"
    virtual.write_text(
        '<VRTDataset rasterXSize="9" rasterYSize="9"><SRS>EPSG:32632</SRS><GeoTransform>0,1,0,0,0,-1</GeoTransform>'
        '<VRTRasterBand dataType="UInt16" band="1"><SimpleSource><SourceFilename>/vsicurl/http://127.0.0.1:9/a.tif'
        "</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>"
    )
    with pytest.raises(QgsProcessingException, match="is read over the network .*ALLOW_NETWORK"):
        run({**job, "OPTICAL": str(virtual)})
    # Allowed, it fails for another reason: nobody listens there, and one band is too few.
    with pytest.raises(QgsProcessingException) as caught:
        run({**job, "OPTICAL": str(virtual), "ALLOW_NETWORK": True})
    assert "over the network" not in str(caught.value)
    assert not Path(job["OUTPUT"]).exists()


def test_the_tile_overlap_follows_the_models_tile(plugin, job, tmp_path):
    from tiny_model import write_tiny_model

    small = write_tiny_model(tmp_path / "small.dbcr", tile_size=64)
    report = json.loads(run({**job, "MODEL": str(small)})["REPORT"])
    assert report["tiles"] == 4  # 96 × 80 pixels in tiles of 64 that share 16


@pytest.mark.parametrize("form", ["zip without folders", "in a zip", "subdataset"])
def test_files_inside_of_others_are_taken_by_name(plugin, job, tmp_path, form):
    mask = str(tmp_path / "mask.tif")
    gdal.Translate(mask, job["OPTICAL"], bandList=[1], outputType=gdal.GDT_Byte, scaleParams=[[0, 10000, 0, 1]])
    archive, tables = tmp_path / "mask.zip", str(tmp_path / "masks.gpkg")
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(mask, "inner/mask.tif")
    for table in ("one", "two"):
        options = [f"RASTER_TABLE={table}", "APPEND_SUBDATASET=YES" if table == "two" else "TILE_FORMAT=PNG"]
        gdal.Translate(tables, mask, format="GPKG", creationOptions=options)
    name = {
        "zip without folders": str(archive),
        "in a zip": f"/vsizip/{archive}/inner/mask.tif",
        "subdataset": f"GPKG:{tables}:two",
    }[form]
    results = run({**job, "MASK": name, "MASK_KIND": "binary"})
    assert gdal.Open(results["OUTPUT"]).GetMetadataItem("DBCR_MASK") != "auto"
    assert run_inspect({"OPTICAL": job["OPTICAL"], "MASK": name, "MASK_KIND": "binary"})["REPORT"]
