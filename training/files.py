# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that appear whole or not at all, folders of one run alone, and what is said where the disk refuses."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dbcr_core.disk import hold
from dbcr_core.errors import InputError

from .curves import LOG

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A name beside ``path``, with its ending, to write to; the file moves to ``path`` when the block ends well, and
    vanishes when it does not. Folders are made. Raises OSError where the disk refuses."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.stem}.unfinished{path.suffix}")
    try:
        yield unfinished
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keeps other runs out of a run's folder for as long as the block lasts. Raises InputError where one is in it."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / LOG, "ab") as file:
        let_go = hold(file, str(folder / f"{LOG}.lock"))
        if let_go is None:
            raise InputError(f"Another run writes into {folder}; wait until it has ended, or name another --output.")
        try:
            yield
        finally:
            let_go()


def refusal(error: OSError) -> str:
    """One sentence with the remedy for what the disk refused."""
    if error.errno in FULL:
        return "The disk is full; free some space and give the same command again."
    where = error.filename2 or error.filename
    named = f"{os.fsdecode(where)} cannot be read or written" if where else "A file cannot be read or written"
    return f"{named} ({error.strerror or error}); check the path and its permissions."
