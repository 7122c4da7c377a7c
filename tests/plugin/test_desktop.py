# SPDX-License-Identifier: GPL-3.0-or-later
"""QGIS desktop itself under Xvfb, the plugin enabled, the dock used as a person would."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from throwaway_profile import ThrowawayProfile

SCRIPT = Path(__file__).with_name("desktop_session.py")


def run_desktop(profile: ThrowawayProfile, plan: dict, timeout: float = 300) -> dict:
    """Starts QGIS on a screen of its own, runs the session, returns its report."""
    # A temporary folder of its own, so that what is left in it is this session's.
    temporary = Path(plan["folder"], "tmp")
    temporary.mkdir()
    environment = {
        **profile.environment,
        "TMPDIR": str(temporary),
        "QT_QPA_PLATFORM": "xcb",
        "DBCR_DESKTOP_PLAN": json.dumps(plan),
    }
    command = ["xvfb-run", "-a", "-s", "-screen 0 1400x900x24", "qgis", "--nologo", "--noversioncheck"]
    done = subprocess.run(
        [*command, "--code", str(SCRIPT)],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    report = Path(plan["folder"], "report.json")
    assert report.is_file(), f"QGIS ended with {done.returncode}:\n{done.stderr[-3000:]}"
    return json.loads(report.read_text(encoding="utf-8"))


@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="xvfb-run is not installed")
def test_the_dock_works_in_qgis_desktop(repository, scene, sample, tiny_model, tmp_path):
    profile = ThrowawayProfile(tmp_path, repository)
    profile.enable_plugin()
    plan = {
        "folder": str(tmp_path),
        "optical": scene["OPTICAL"],
        "sar": scene["SAR"],
        "reference": str(sample / "optical_clear_2020-06-04_L1C.tif"),
        "model": str(tiny_model),
        "nfe": 3,
        "reload": True,
    }
    report = run_desktop(profile, plan)
    assert "error" not in report, report["error"]
    assert report["heavy_at_start"] == []
    steps = [tuple(step) for step in report["steps"]]
    assert steps[0] == (1, 1) and steps[-1] == (3, 3) and (3, 1) in steps
    assert "ONNX Runtime" in report["device_before_the_first_preview"]
    assert report["linked"], "the linked maps show the place that the map shows"
    assert report["groups"] == ["Sentinel-2 2020-08-23, clouds removed"]
    assert "PSNR" in report["assessment"] and "cloudy" in report["assessment"]
    assert report["traces_after"] == report["traces_before"], "twenty loads and unloads leave nothing behind"
    assert {"cloud-free", "reconstructed pixels"} <= set(report["layers"])
    assert "13 bands" in report["findings"]
    for path in report["screenshots"]:
        assert Path(path).stat().st_size > 10_000
