# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide's QGIS commands, run in a profile of their own; the others run in tests/core/test_guide.py."""

from __future__ import annotations

import os

import pytest
from throwaway_profile import ThrowawayProfile, qgis_process

from tests.guide_commands import blocks, prepare, run

QGIS = sorted((block for block in blocks() if block.mark == "QGIS"), key=lambda block: block.page != "install.md")
"""The installation first: it enables the plugin that the others need."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A prepared folder, and in it a `qgis_process` that works on this system."""
    made = tmp_path_factory.mktemp("guide")
    prepare(made)
    (made / "bin").mkdir()
    (made / "bin" / "qgis_process").write_text(f'#!/bin/sh\nexec {qgis_process()} "$@"\n')
    (made / "bin" / "qgis_process").chmod(0o755)
    return made


@pytest.fixture(scope="module")
def new_profile(tmp_path_factory, repository):
    """A profile in which the plugin lies and nobody has enabled it yet."""
    return ThrowawayProfile(tmp_path_factory.mktemp("profile"), repository)


@pytest.mark.parametrize("block", QGIS, ids=lambda block: block.name)
def test_a_qgis_command_of_the_guide_runs(block, folder, new_profile):
    path = os.pathsep.join([str(folder / "bin"), new_profile.environment["PATH"]])
    done = run(block, folder, {**new_profile.environment, "PATH": path})
    assert done.returncode == 0, f"{block.text}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr
