# SPDX-License-Identifier: GPL-3.0-or-later
"""How a run may end: complete; refused with one sentence and nothing written; or a wrong command line. Nothing else."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Sequence

from dbcr_core.cli import main
from dbcr_core.errors import DbcrError

COMPLETE, REFUSED, WRONG_USAGE = 0, 1, 2


def run(arguments: Sequence[str], folder: Path) -> int:
    """Runs the command line in this process and checks everything that a user may rely on; returns the status.

    folder: where inputs lie and outputs would appear; a refusal must leave it as it was.
    """
    before = listing(folder)
    out, err = _stream("strict"), _stream("backslashreplace")
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main(list(arguments))
    except SystemExit as stop:
        status = stop.code
    printed, message = _written(out), _written(err).rstrip("\n")
    assert status in (COMPLETE, REFUSED, WRONG_USAGE), (status, message)
    assert "Traceback" not in message, message
    if status == REFUSED:
        last = message.splitlines()[-1]
        assert last.startswith("Error: "), message
        assert_one_sentence(last)
    if status == WRONG_USAGE:
        assert message.startswith("usage: "), message
    if status != COMPLETE:
        assert printed == "", printed
        assert listing(folder) == before, "a refusal must leave the folder as it was"
    elif "--json" in arguments and not {"--help", "--version"} & set(arguments):
        json.loads(printed)
    return status


def _stream(errors: str) -> io.TextIOWrapper:
    """A stream that encodes as Python's own stdout and stderr do."""
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors=errors)


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return stream.buffer.getvalue().decode("utf-8")


def assert_one_sentence(error: DbcrError | str) -> None:
    """A message of one line that ends like a sentence and can be read."""
    text = str(error)
    assert text.strip() and "\n" not in text and "\r" not in text, repr(text)
    assert text.endswith((".", ")")), text
    assert len(text) < 1200, text


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file under a folder with its size and time."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            status = path.stat()
            found[str(path)] = (status.st_size, status.st_mtime_ns)
    return found
