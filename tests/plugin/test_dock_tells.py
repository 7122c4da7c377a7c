# SPDX-License-Identifier: GPL-3.0-or-later
"""What the dock says where something is missing or goes wrong."""

from __future__ import annotations

import pytest
from osgeo import gdal
from qgis.core import Qgis, QgsApplication, QgsProject

gdal.UseExceptions()


@pytest.fixture
def logged():
    """What QGIS's log is told, as one text."""
    lines: list = []
    told = QgsApplication.messageLog().messageReceived[str, str, Qgis.MessageLevel]
    connection = told.connect(lambda text, *_: lines.append(text))
    yield lambda: "".join(lines)
    told.disconnect(connection)


@pytest.mark.parametrize(
    ("error", "told"), [(MemoryError(), "not enough memory; close"), (ValueError("a defect"), "Unexpected ValueError")]
)
def test_what_no_one_expected_is_told_and_logged(dock, desktop, monkeypatch, wait_until, logged, error, told):
    from dbcr.dbcr_core import inspect
    from dbcr.plugin.preview_engine import PreviewEngine

    def fail(*args, **options):
        raise error

    monkeypatch.setattr(PreviewEngine, "pictures", fail)
    monkeypatch.setattr(inspect, "inspect_inputs", fail)
    dock.dock.preview.click()
    wait_until(lambda: any(told in message for message in desktop.messages))
    wait_until(lambda: "Traceback" in logged() and str(error) in logged())
    dock._on_inputs()
    wait_until(lambda: told in dock.dock.status.text())


def test_radar_over_a_part_does_for_the_run_as_for_the_preview_and_both_say_so(
    dock, desktop, scene, tmp_path, wait_until
):
    part = str(tmp_path / "s1_2020-09-03_part.tif")
    box = dock.inputs.optical.extent()
    gdal.Translate(
        part,
        scene["SAR"],
        projWin=[box.xMinimum(), box.yMaximum(), box.xMinimum() + box.width() * 0.6, box.yMinimum()],
    )
    dock.inputs.sar.setDataSource(part, "part", "gdal")
    wait_until(lambda: "no data" in dock.dock.status.text())
    told = "SAR has no data for 4"
    assert told in dock.dock.status.text() and "--allow" not in dock.dock.status.text()
    dock.dock.preview.click()
    wait_until(lambda: dock.compare.has_preview and dock.previews.is_idle)
    dock.dock.run_box.run.click()
    wait_until(lambda: dock.dock.run_box.run.isEnabled())
    assert "reconstructed" in desktop.messages[-1] and told in desktop.messages[-1], desktop.messages


def test_a_runtime_that_does_not_load_brings_the_button_that_adds_another(dock, monkeypatch, tmp_path, wait_until):
    """Who only looks at the disk takes it for one that works."""
    from dbcr.plugin import runtime

    place = tmp_path / "broken"
    (place / "onnxruntime").mkdir(parents=True)
    (place / "onnxruntime" / "__init__.py").write_text("raise ImportError('libmissing.so')")
    wait_until(lambda: dock.previews.is_idle)
    with monkeypatch.context() as patched:
        patched.setattr(runtime, "candidates", lambda folder: [str(place)])
        patched.delitem(runtime.sys.modules, "onnxruntime")
        dock.refresh_settings()
        assert dock.dock.preview.isEnabled() and dock.dock._runtime_box.isHidden()
        dock.dock.preview.click()
        wait_until(lambda: dock.previews.is_idle)
        assert not dock.dock.preview.isEnabled() and not dock.dock._runtime_box.isHidden()
        assert f"{place}: libmissing.so" in dock.dock._runtime_text.text()
        assert "Install ONNX Runtime" in dock.dock._runtime_text.text()
        dock.refresh_settings()
        assert not dock.dock.preview.isEnabled()
        dock.dock.activated.emit()
        assert dock.dock.preview.isEnabled(), "what it lacks may have been brought by another program"
        dock.dock.preview.click()
        wait_until(lambda: dock.previews.is_idle)
        assert not dock.dock.preview.isEnabled()
        (place / "onnxruntime" / "__init__.py").write_text("works = True")
        dock.refresh_settings()
        assert dock.dock.preview.isEnabled(), "another one is there: it may work"
    dock.refresh_settings()
    assert dock.dock.preview.isEnabled()


def test_what_a_layer_is_called_is_no_html_to_the_message_bar(dock, desktop, wait_until):
    dock.inputs.optical.setName("<b>S2</b> & more")
    dock.dock.run_box.run.click()
    wait_until(lambda: dock.dock.run_box.run.isEnabled())
    assert desktop.messages[-1].startswith("&lt;b&gt;S2&lt;/b&gt; &amp; more: "), desktop.messages


def test_the_device_is_asked_for_no_image_where_one_is_chosen(dock, wait_until):
    dock.dock.set_runtime_problem("missing")
    QgsProject.instance().removeMapLayer(dock.inputs.choice.optical)
    wait_until(lambda: dock.dock.device.text() == "told once an image is chosen")
    dock.dock.set_has_image(True)
    assert dock.dock.device.text() == ""
    dock.dock.device.setText("CPU")
    dock.dock.set_has_image(True)
    assert dock.dock.device.text() == "CPU"


def test_the_share_of_cloud_is_told_to_be_judged_by_brightness(dock, wait_until):
    wait_until(lambda: "%, by brightness" in dock.dock.findings.text())
