# SPDX-License-Identifier: GPL-3.0-or-later
"""A batch's folder belongs to one batch at a time; what an earlier one left running elsewhere notices, and stops.

A lock keeps others out while the batch lives, and goes with it, however it ends. Another file, as some disks let nobody
read one that is locked, holds the batch's name: by it tasks on other computers, which outlive a batch that was killed,
see whose turn it is, however the network is.
"""

from __future__ import annotations

import os
import time
import uuid
from contextlib import contextmanager, suppress
from typing import Callable, Iterator

from ..disk import hold
from ..errors import OutputError

LOCK_NAME = ".lock"
OWNER_NAME = ".owner"
LOOK_SECONDS = 0.5
"""How often a task looks whose the folder is: it may lie on a slow network disk."""

_NOBODY = "nobody"


@contextmanager
def owned(folder: str) -> Iterator[None]:
    """Holds the folder for one batch at a time, where the system has file locks; a killed batch leaves none."""
    name = os.path.join(folder, LOCK_NAME)
    try:
        stream = open(name, "wb")  # noqa: SIM115 (closed below)
    except OSError as error:
        raise _unwritable(folder, error) from error
    with stream:
        let_go = hold(stream, f"{name}.held")
        if let_go is None:
            raise OutputError(f"Another batch is writing to {folder}; wait for it or choose another.")
        try:
            _write(folder, uuid.uuid4().hex)
            yield
        finally:
            with suppress(OSError):
                os.remove(os.path.join(folder, OWNER_NAME))
            let_go()


def owner(folder: str) -> str:
    """The name of the batch that the folder belongs to, or that was killed there; "" where that cannot be told."""
    try:
        with open(os.path.join(folder, OWNER_NAME), encoding="ascii") as stream:  # a network disk's client looks anew
            return stream.read()
    except (OSError, ValueError):
        return ""


def disown(folder: str) -> None:
    """Lets all tasks of the batch stop that the folder belongs to."""
    with suppress(OutputError):
        _write(folder, _NOBODY)


def has_lost(folder: str, name: str) -> Callable[[], bool]:
    """A function that tells whether the folder does not belong to the batch of that name any more.

    While nobody can tell, it does: a disk that is away for a moment stops nothing.
    """
    is_lost, next_look = False, 0.0

    def look() -> bool:
        nonlocal is_lost, next_look
        if not is_lost and time.monotonic() >= next_look:
            is_lost = owner(folder) not in ("", name)
            next_look = time.monotonic() + LOOK_SECONDS
        return is_lost

    return look


def _write(folder: str, name: str) -> None:
    try:
        with open(os.path.join(folder, OWNER_NAME), "w", encoding="ascii") as stream:
            stream.write(name)
            stream.flush()
            with suppress(OSError):  # not every network disk can be told to hurry
                os.fsync(stream.fileno())
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: str, error: OSError) -> OutputError:
    return OutputError(f"The folder {folder} cannot be written to ({error.strerror}); choose another.")
