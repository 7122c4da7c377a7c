# SPDX-License-Identifier: GPL-3.0-or-later
"""Files are whole or not there, and whatever goes wrong ends in one line and a status."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
import torch

from dbcr_core.errors import Cancelled, InputError
from training import cli
from training.files import refusal, whole_file


def test_a_file_appears_when_it_is_whole(tmp_path):
    path = tmp_path / "new" / "a.txt"
    with whole_file(path) as unfinished:
        unfinished.write_text("first")
        assert unfinished.suffix == ".txt" and not path.exists()
    with pytest.raises(OSError, match="full"), whole_file(path) as unfinished:
        unfinished.write_text("half")
        raise OSError("full")
    assert path.read_text() == "first" and [p.name for p in path.parent.iterdir()] == ["a.txt"]


def test_what_the_disk_refuses_is_said_in_a_sentence(tmp_path):
    assert refusal(OSError(errno.ENOSPC, "x")).startswith("The disk is full; free some space")
    with pytest.raises(OSError) as told:
        (tmp_path / "a" / "b").write_text("")
    assert refusal(told.value) == (
        f"{tmp_path / 'a' / 'b'} cannot be read or written (No such file or directory); "
        "check the path and its permissions."
    )
    assert refusal(OSError("odd")) == "A file cannot be read or written (odd); check the path and its permissions."


class OutOfMemoryError(RuntimeError):
    """Stands for torch's."""


def too_large() -> RuntimeError:
    """What torch says where the computer's own memory ends."""
    with pytest.raises(RuntimeError) as told:
        torch.empty(2**52)
    return told.value


NO_MEMORY = "error: There is not enough memory; take a smaller batch, smaller crops or smaller scenes to validate by."


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (InputError("A fact\nof two lines."), 1, "error: A fact of two lines."),
        (OSError(errno.ENOSPC, "x"), 1, "error: The disk is full; free some space and give the same command again."),
        (MemoryError(), 1, NO_MEMORY),
        (OutOfMemoryError("CUDA"), 1, NO_MEMORY),
        (too_large(), 1, NO_MEMORY),
        (
            ModuleNotFoundError("No module named 'onnx.helper'", name="onnx.helper"),
            1,
            "error: The Python package onnx is not installed; install what training/README.md names.",
        ),
        (KeyboardInterrupt(), 130, "Interrupted; give the same command again."),
        (Cancelled("Interrupted at step 3; run it again."), 130, "Interrupted at step 3; run it again."),
    ],
)
def test_every_end_has_a_line_and_a_status(monkeypatch, capsys, error, status, said):
    def fail(options):
        raise error

    monkeypatch.setattr(cli, "_average", fail)
    assert cli.main(["average", "a.pt", "--output", "b.pt"]) == status
    assert capsys.readouterr().err == f"{said}\n"


@pytest.mark.parametrize(
    "error", [RuntimeError("a mistake of ours"), ModuleNotFoundError("ours", name="training.nowhere")]
)
def test_what_nobody_foresaw_is_not_hidden(monkeypatch, error):
    def fail(options):
        raise error

    monkeypatch.setattr(cli, "_average", fail)
    with pytest.raises(type(error), match="ours"):
        cli.main(["average", "a.pt", "--output", str(Path("b.pt"))])
