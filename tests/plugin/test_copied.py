# SPDX-License-Identifier: GPL-3.0-or-later
"""The dock's run as text: quoted for shells, and Python that compiles."""

from __future__ import annotations

import shlex

import pytest


@pytest.fixture
def copied(dbcr):
    from dbcr.plugin import copied

    return copied


def test_a_copied_command_quotes_what_a_shell_would_break(copied):
    command = copied.as_process_command(
        {"OPTICAL": "/data/my scene.tif", "MASK": None, "NFE": 3, "ALLOW_PARTIAL_SAR": True}, "qgis_process", False
    )
    words = shlex.split(command)
    assert words[:4] == ["qgis_process", "run", "dbcr:removeclouds", "--"]
    assert words[4:] == ["OPTICAL=/data/my scene.tif", "NFE=3", "ALLOW_PARTIAL_SAR=true"]


def test_copied_python_is_python_and_names_the_same_parameters(copied):
    text = copied.as_python({"OPTICAL": "it's.tif", "NFE": 3, "MASK": None})
    compile(text, "copied", "exec")
    assert '"it\'s.tif"' in text and "MASK" not in text
