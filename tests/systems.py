# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests need to know of the system they run on: Linux as a rule, Windows too for the engine's."""

from __future__ import annotations

import os

import psutil
import pytest

IS_WINDOWS = os.name == "nt"


def posix_only(what: str) -> pytest.MarkDecorator:
    """Marks a test that needs what Windows has not, or has otherwise."""
    return pytest.mark.skipif(IS_WINDOWS, reason=f"{what}: not on Windows")


def killed(name: str) -> str:
    """A part of the sentence about a process that was killed: the signal's name, where there are signals."""
    return "ended" if IS_WINDOWS else name


def kill(pid: int) -> None:
    """Ends a process at once."""
    psutil.Process(pid).kill()


def children(word: str) -> list[int]:
    """Process ids of this process's living children with that word among their arguments."""
    found = []
    for child in psutil.Process().children():
        try:
            if word in child.cmdline() and is_running(child.pid):
                found.append(child.pid)
        except psutil.Error:  # it ended after it was listed
            continue
    return found


def is_running(pid: int) -> bool:
    """Whether that process lives; one that nobody has asked for its status yet does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
