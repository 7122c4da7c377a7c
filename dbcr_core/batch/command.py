# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m dbcr_core batch`: many scenes from a list, on this machine or on a Dask cluster."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from contextlib import contextmanager
from typing import Any, Callable, Iterator

from ..errors import BatchIncomplete, Cancelled, InputError
from ..job import NO_MASK_FILE, CloudRemovalJob
from ..rasters.faults import is_virtual
from ..terminal import TerminalProgress, print_result


def add_batch(commands: Any, add_options: Callable[[argparse.ArgumentParser], None]) -> None:
    """Registers the subcommand; add_options adds the options that `remove-clouds` has, too."""
    command = commands.add_parser(
        "batch",
        help="clear every scene of a list, resumable",
        description="Clears every scene of a list. A rerun skips what is complete and tries again what is not. "
        "Columns of the list (optical, sar, mask, name, datetime, nfe, ...) override the options given here.",
    )
    command.add_argument("scenes", metavar="LIST", help="scenes.csv, scenes.json or a STAC item collection")
    command.add_argument("--output", required=True, metavar="DIR", help="folder for outputs, items and statuses")
    command.add_argument("--workers", type=int, default=1, metavar="N", help="scenes at once, default 1")
    command.add_argument(
        "--retries",
        type=int,
        default=1,
        metavar="N",
        help="more tries for a scene that failed and was not refused, default 1",
    )
    command.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="run on a Dask cluster, e.g. tcp://localhost:8786, whose workers see the same paths",
    )
    command.add_argument(
        "--parts",
        type=int,
        default=1,
        metavar="N",
        help="split a scene into N parts (with --scheduler), default 1",
    )
    command.add_argument("--changed", action="store_true", help="also write how much each pixel was reconstructed")
    command.add_argument("--uncertainty", action="store_true", help="also write each band's expected error")
    add_options(command)
    command.set_defaults(command=batch)


def batch(options: argparse.Namespace) -> None:
    """Runs the subcommand; raises BatchIncomplete unless every scene is complete."""
    from .journal import Journal
    from .run import run_batch
    from .scene_list import read_scene_list

    if options.parts != 1 and not options.scheduler:
        raise InputError("--parts splits scenes over a cluster's workers; give --scheduler too, or leave it out.")
    Journal(options.output)  # an unwritable folder is noticed before anything is read
    scenes = read_scene_list(options.scenes, options.output, _defaults(options))
    try:
        with TerminalProgress(quiet=options.json or options.quiet) as progress, _interrupted_once():
            report = run_batch(
                scenes,
                options.output,
                lambda: _crew(options, progress.warning),
                retries=options.retries,
                progress=progress,
            )
    except KeyboardInterrupt as interrupt:
        raise Cancelled("Interrupted; run the same command again to go on with the unfinished scenes.") from interrupt
    print_result(report.to_json() if options.json else "\n".join(report.lines()), options.json)
    if not report.is_complete:
        unfinished = sum(status.state != "complete" for status in report.statuses)
        raise BatchIncomplete(
            f"{unfinished} of {len(scenes)} scenes are not complete; correct what the summary says and run it again."
        )


def _crew(options: argparse.Namespace, warn: Callable[[str], None]) -> Any:
    if options.scheduler:
        from .dask_crew import DaskCrew

        return DaskCrew(options.scheduler, options.output, options.parts, warn)
    from .process_crew import ProcessCrew

    return ProcessCrew(options.workers)


def _defaults(options: argparse.Namespace) -> dict[str, Any]:
    """The job options of the command line; their paths are relative to where the command was given."""
    fields = set(CloudRemovalJob.__dataclass_fields__) - {"optical", "sar", "output"}
    values = {key: value for key, value in vars(options).items() if key in fields and value is not None}
    for key in ("mask", "model"):
        if key in values and not is_virtual(values[key]) and not (key == "mask" and values[key] in NO_MASK_FILE):
            values[key] = os.path.abspath(values[key])
    return values


@contextmanager
def _interrupted_once() -> Iterator[None]:
    """A polite end (SIGTERM, as job schedulers send it) stops a batch as Ctrl-C does. Whoever asks again while it ends
    must not keep it from that: from then on the process hears neither."""
    previous: dict[signal.Signals, Any] = {}

    def interrupt(*_: object) -> None:
        for number in previous:
            signal.signal(number, signal.SIG_IGN)
        previous.clear()  # the process is about to end
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may listen to signals
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as `nohup` and shells ask of what runs in the background
            previous[number] = signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
