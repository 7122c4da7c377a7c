# SPDX-License-Identifier: GPL-3.0-or-later
"""One scene in parts that run anywhere, put together to the bytes that a single run would have written.

A part is a range of output rows. It computes every row of tiles that touches them, in the same order as a single run,
so each pixel is the same sum of the same numbers; the price is one row of tiles done twice at each cut. Parts are kept
beside the output, out of sight, until the scene is published: what is there need not be computed again.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import shutil
import time
import uuid
import zipfile
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from typing import Callable

import numpy as np

from ..disk import remedy
from ..errors import DbcrError, InputError, OutputError
from ..job import CloudRemovalJob, SceneReport
from ..predictors import Predictor, PredictorKeeper
from ..progress import ProgressPort, Silence, checking
from ..provenance import resume_key
from ..scene import run_job
from ..scene_area import SceneArea
from ..scene_inputs import SceneInputs, open_inputs
from ..scene_mask import open_mask
from ..scene_outputs import SceneOutputs, WorkDone


def run_part(
    job: CloudRemovalJob,
    index: int,
    parts: int,
    *,
    predictor: Predictor | None = None,
    keeper: PredictorKeeper | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> WorkDone:
    """Computes part `index` of 0 … parts − 1, unless it is there already; raises DbcrError as `remove_clouds` does."""
    open_outputs = partial(PartOutputs, index=index, parts=parts)
    return run_job(job, open_outputs, predictor=predictor, keeper=keeper, cancelled=cancelled)


def assemble(
    job: CloudRemovalJob,
    parts: int,
    *,
    predictor: Predictor | None = None,
    keeper: PredictorKeeper | None = None,
    progress: ProgressPort | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> SceneReport:
    """Publishes the outputs from all parts, and removes these. Raises OutputError where a part is missing."""
    started = time.monotonic()
    with ExitStack() as stack:
        check = checking(cancelled)
        inputs = stack.enter_context(open_inputs(job, predictor, progress or Silence(), keeper, check))
        stack.enter_context(open_mask(job, inputs, check))  # its findings and files belong to the provenance
        fingerprint = inputs.fingerprint()
        outputs = stack.enter_context(SceneOutputs(job, inputs, fingerprint))
        folder = _parts_folder(job, fingerprint, parts)
        done, row = [], 0
        for index in range(parts):
            done.append(_part_report(folder, index))
            row = _replay(os.path.join(folder, _part_name(index)), row, outputs)
        if row != inputs.window.height:
            raise OutputError(f"Rows from {row} on are missing in the parts of {job.output}; run the scene again.")
        inputs.check_unchanged(fingerprint)
        outputs.publish(cancelled)
        remove_parts(job)
        seconds = time.monotonic() - started + sum(part.seconds for part in done)
        skipped, evaluations = sum(part.tiles_skipped for part in done), sum(part.evaluations for part in done)
        return outputs.report(WorkDone(skipped, evaluations, seconds))


def remove_parts(job: CloudRemovalJob) -> None:
    """Removes what any run in parts left beside an output that is complete."""
    for stale in glob.glob(f"{glob.escape(_parts_stem(job))}*"):
        shutil.rmtree(stale, ignore_errors=True)


def part_rows(area: SceneArea, index: int, parts: int) -> tuple[int, int]:
    """The output rows [first, end) of a part, cut where a single run writes, too; empty where parts outnumber tiles."""
    count, inner = len(area.plan.rows), area.inner
    ends = (index * count // parts, (index + 1) * count // parts)
    first, end = (area.plan.finished(number - 1, area.lag) - inner.row for number in ends)
    return min(max(0, first), inner.height), min(max(0, end), inner.height)


class PartOutputs:
    """Takes the place of `SceneOutputs` while a part runs: keeps its rows as arrays, in a folder of its own."""

    def __init__(self, job: CloudRemovalJob, inputs: SceneInputs, fingerprint: str, index: int, parts: int) -> None:
        if not 0 <= index < parts:
            raise InputError(f"There is no part {index + 1} of {parts}.")
        self.rows_done, self.rows_wanted = part_rows(inputs.area, index, parts)
        self.rows_done_before = self.rows_done
        self._first, self._index = self.rows_done, index
        self._folder = _parts_folder(job, fingerprint, parts)
        self._final = os.path.join(self._folder, _part_name(index))
        self._there = _is_there(self._folder, index)
        self._working = f"{self._final}.{uuid.uuid4().hex[:8]}"
        if self._there:
            self.rows_done = self.rows_wanted
        else:
            try:
                os.makedirs(self._working)
            except OSError as error:
                raise _unwritable(self._folder, error) from error

    def write(
        self, top: int, scene: np.ndarray, weights: np.ndarray, valid: np.ndarray, error: np.ndarray | None
    ) -> None:
        """Keeps those rows that are this part's; see `JobOutputs.write`."""
        first, end = max(top, self._first), min(top + scene.shape[1], self.rows_wanted)
        if end <= first:
            return
        rows = slice(first - top, end - top)
        arrays = {"scene": scene[:, rows], "weights": weights[rows], "valid": valid[:, rows]}
        if error is not None:
            arrays["error"] = error[:, rows]
        try:
            np.savez(os.path.join(self._working, f"{first:09d}.npz"), **arrays)
        except OSError as error_:
            raise _unwritable(self._folder, error_) from error_
        self.rows_done = end

    def checkpoint(self) -> None:
        """Nothing: a part that is not whole begins anew."""

    def publish(self, cancelled: Callable[[], bool] | None = None) -> None:
        """Nothing yet: `report` does it, once the work is known."""

    def report(self, done: WorkDone) -> WorkDone:
        """Makes the part appear under its name in one step, and returns what it took to compute it."""
        if self._there:
            return _part_report(self._folder, self._index)
        try:
            with open(os.path.join(self._working, "report.json"), "w", encoding="ascii") as stream:
                json.dump(asdict(done), stream)
            os.rename(self._working, self._final)
        except OSError as error:
            if not os.path.isdir(self._final):  # else another worker was faster, with the same rows
                raise _unwritable(self._folder, error) from error
            shutil.rmtree(self._working, ignore_errors=True)
        return done

    def __enter__(self) -> PartOutputs:
        return self

    def __exit__(self, kind: type[BaseException] | None, *exc: object) -> None:
        if kind is not None:
            shutil.rmtree(self._working, ignore_errors=True)


def _replay(part: str, row: int, outputs: SceneOutputs) -> int:
    """Writes a part's rows to the outputs, in order; returns the row after the last one."""
    for name in sorted(glob.glob(os.path.join(glob.escape(part), "*.npz"))):
        try:
            with np.load(name, allow_pickle=False) as arrays:
                scene, weights, valid = arrays["scene"], arrays["weights"], arrays["valid"]
                error = arrays.get("error")
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as damage:
            shutil.rmtree(part, ignore_errors=True)
            raise OutputError(f"The part {name} is damaged and was removed; run the scene again.") from damage
        if int(os.path.basename(name)[:-4]) != row:
            raise OutputError(f"Rows from {row} on are missing in {part}; delete it and run the scene again.")
        end = row + scene.shape[1]
        if end > outputs.rows_done:  # else an interrupted single run has written and counted them
            outputs.write(row, scene, weights, valid, error)
        row = end
    return row


def _is_there(folder: str, index: int) -> bool:
    """Whether a part is there; one that lost its report, as after a power cut, is removed."""
    part = os.path.join(folder, _part_name(index))
    if not os.path.isdir(part):
        return False
    try:
        _part_report(folder, index)
    except OutputError:
        shutil.rmtree(part, ignore_errors=True)
        return False
    return True


def _part_report(folder: str, index: int) -> WorkDone:
    try:
        with open(os.path.join(folder, _part_name(index), "report.json"), encoding="ascii") as stream:
            return WorkDone(**json.load(stream))
    except (OSError, ValueError, TypeError) as error:
        raise OutputError(
            f"Part {index + 1} is missing in {folder}; let the workers share the output's folder and run again."
        ) from error


def _parts_stem(job: CloudRemovalJob) -> str:
    return os.path.join(os.path.dirname(os.path.abspath(job.output)), f".{os.path.basename(job.output)}.parts-")


def _parts_folder(job: CloudRemovalJob, fingerprint: str, parts: int) -> str:
    key = f"{resume_key(job)} {fingerprint} {parts}"
    return _parts_stem(job) + hashlib.sha256(key.encode()).hexdigest()[:12]


def _part_name(index: int) -> str:
    return f"part-{index:04d}"


def _unwritable(folder: str, error: OSError) -> DbcrError:
    return OutputError(f"The parts cannot be kept in {folder} ({error.strerror or error}); {remedy(error)}.")
