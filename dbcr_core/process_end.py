# SPDX-License-Identifier: GPL-3.0-or-later
"""How a process ended, in words: by a signal, by a crash as Windows numbers them, or with a status of its own."""

from __future__ import annotations

import signal

_NT_ERRORS = 0xC0000000
"""From here on Windows's statuses are its own names of crashes, as 0xC0000005 for a forbidden access."""
_NO_MEMORY = (0xC0000017, 0xC000012D)


def how_it_ended(status: int | None) -> str:
    """The end of a sentence that begins with the process, with a likely cause where there is one.

    status: as subprocess and multiprocessing give it, -N for the signal N.
    """
    if status is not None and status < 0:
        try:
            name = signal.Signals(-status).name
        except ValueError:
            name = f"signal {-status}"
        hint = "it may have run out of memory" if name == "SIGKILL" else ""
        if name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE"):
            hint = "a library crashed"
        return f"was ended by {name}" + (f" ({hint})" if hint else "")
    if status is not None and status >= _NT_ERRORS:
        hint = "it ran out of memory" if status in _NO_MEMORY else "a library crashed"
        return f"was ended by the error {status:#X} ({hint})".replace("0X", "0x")
    return f"ended with status {status}"
