# SPDX-License-Identifier: GPL-3.0-or-later
"""The parent's side of `case_child`: hands it one case after another and notices when it dies."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.ledger import note
from tests.fuzz.outcomes import assert_one_sentence


class Child:
    """A process that opens models and rasters; that one of them brings it down is a fault."""

    def __init__(self) -> None:
        self._process: subprocess.Popen | None = None

    def ending_of(self, path: Path) -> dict:
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, "-m", "tests.fuzz.case_child"]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
            self._process = subprocess.Popen(command, text=True, cwd=Path(__file__).parents[2], **pipes)
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            status = self._process.wait()
            pytest.fail(f"the process died with status {status}:\n{self._process.stderr.read()[-3000:]}")
        return json.loads(answer)

    def close(self) -> None:
        if self._process is not None:
            self._process.communicate()


def check(child: Child, path: Path, area: str) -> None:
    answer = child.ending_of(path)
    assert answer["ending"] in ("accepted", "refused"), answer["message"]
    if answer["ending"] == "refused":
        assert_one_sentence(answer["message"])
    note(area, answer["ending"])
