# SPDX-License-Identifier: GPL-3.0-or-later
"""What the dock says where something is missing or goes wrong."""

from __future__ import annotations

import pytest
from osgeo import gdal
from qgis.core import Qgis, QgsApplication

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
