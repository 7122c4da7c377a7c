# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole job: a scene of any size in, the same scene without clouds out, in bounded memory.

The way of a pixel: rows are read once, tiles go through the bridge, blend into a strip, and finished rows are put into
the input's own values where the mask says so.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from functools import partial
from typing import Any, Callable

import numpy as np

from .blend import StripAccumulator
from .cores import available_cores
from .freed_memory import give_back_freed_memory
from .grid import Window
from .job import CloudRemovalJob, SceneReport
from .predictors import Predictor, PredictorKeeper, calls_at_once, tiles_per_call
from .progress import JobClock, ProgressPort, Silence, checking
from .scene_area import keeps_opacity, matches_surroundings
from .scene_inputs import WIDE, SceneInputs, open_inputs
from .scene_mask import OpacityMask, SceneMask, open_mask
from .scene_outputs import JobOutputs, Report, SceneOutputs, WorkDone
from .scene_rows import FinishedRows, RowFinisher, RowsToFinish
from .scene_tiles import TileBridge, TileGroup, TileResults, grouped
from .strips import ReadAhead, RollingRows
from .surroundings import LevelField
from .tiles import TileRow
from .work_queue import AHEAD, WorkQueue

WRITTEN_ROWS = 32
"""Rows that are put together and written at once, at most: it is these that take memory, not the strip of sums."""
FINISHERS = 4
"""Threads that put rows together where one alone could not keep up with the network: where a card computes, or as many
cores as this. Beside a card they do it while further tiles are added up, which takes a second strip of sums."""


def remove_clouds(
    optical: str | os.PathLike[str],
    sar: str | os.PathLike[str] | None,
    output: str | os.PathLike[str],
    *,
    predictor: Predictor | None = None,
    keeper: PredictorKeeper | None = None,
    progress: ProgressPort | None = None,
    cancelled: Callable[[], bool] | None = None,
    **options: Any,
) -> SceneReport:
    """Clears one scene and returns what was done; the options are those of `CloudRemovalJob`.

    predictor: an open network to use instead of the job's model file; it stays open. keeper: lends the network of the
    job's model file, for several scenes one after the other.
    progress: where findings and progress go. cancelled: asked again and again while inputs are looked at, and before
    every network evaluation.

    Raises DbcrError: InputError for inputs that do not fit, ModelError, BackendMissingError, OutputError, Cancelled.
    Whatever is raised, nothing new stands under the output's name and an older file there is untouched. After a kill or
    a cancel the same call goes on at the row of tiles where it stopped, to the same bytes.
    """
    job = CloudRemovalJob(optical, sar, output, **options)
    return run_job(job, SceneOutputs, predictor=predictor, keeper=keeper, progress=progress, cancelled=cancelled)


def run_job(
    job: CloudRemovalJob,
    open_outputs: Callable[[CloudRemovalJob, SceneInputs, str], JobOutputs[Report]],
    *,
    predictor: Predictor | None = None,
    keeper: PredictorKeeper | None = None,
    progress: ProgressPort | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Report:
    """Runs a job into the outputs that open_outputs(job, inputs, fingerprint) gives, and returns their report; see
    `remove_clouds`.

    The outputs' rows_done and rows_wanted say which rows to compute.
    """
    port, check = progress or Silence(), checking(cancelled)
    with ExitStack() as stack:
        inputs = stack.enter_context(open_inputs(job, predictor, port, keeper, check))
        mask = stack.enter_context(open_mask(job, inputs, check))
        check()
        fingerprint = inputs.fingerprint()
        outputs = stack.enter_context(open_outputs(job, inputs, fingerprint))
        run = _SceneRun(job, inputs, mask, outputs, port, cancelled)
        run.all_rows()
        inputs.check_unchanged(fingerprint)
        port.report(1.0, "finishing the file")
        outputs.publish(cancelled)
        return outputs.report(run.done())


class _SceneRun:
    """The state of one job while it runs: rolling strips of input rows, and the accumulator between tiles and rows."""

    def __init__(
        self,
        job: CloudRemovalJob,
        inputs: SceneInputs,
        mask: SceneMask,
        outputs: JobOutputs[Any],
        port: ProgressPort,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self._job, self._inputs, self._mask, self._outputs = job, inputs, mask, outputs
        window, self._inner = inputs.area.place, inputs.area.inner
        self._plan, self._lag = inputs.area.plan, inputs.area.lag
        every_band = range(1, inputs.optical.profile.count + 1)
        self._stored = RollingRows(lambda place: inputs.optical.read(every_band, place), window)
        self._sar = None if inputs.sar is None else RollingRows(inputs.sar.read, window)
        self._read = [self._stored, *([] if self._sar is None else [self._sar]), *mask.strips]
        self._together = tiles_per_call(inputs.predictor)
        self._count = len(inputs.selection.file_bands)
        self._bands = inputs.bands
        is_matched = matches_surroundings(job, inputs.card)
        self._levels = LevelField(window.width, window.height) if is_matched else None
        self._finisher = RowFinisher(inputs, self._stored, self._sar, self._levels)
        self._scales = 0 if job.uncertainty is None else self._count
        self._channels = self._count + (2 if keeps_opacity(job, inputs.card) else 0) + self._scales
        self._clock = JobClock(self._plan.count, port, cancelled)
        self._tiles_skipped = self._evaluations = 0
        self._skipped: list[Window] = []  # tiles whose opacity nobody knows, of the rows that are still needed
        self._begun = (0, 0)  # how many pieces of rows are being finished, and where they end

    def all_rows(self) -> None:
        """Runs every row of tiles and writes the rows that each one finishes.

        While rows are added up and written here, the network works on other threads, where it can: at the end of a row
        of tiles they have the next one's. The one after that is being read meanwhile, but for wide scenes on a
        processor, where rows take the memory and the network the time.
        """
        plan, lag = self._plan, self._lag
        begin, top = self._begin()
        wanted, done = (self._inner.row + rows for rows in (self._outputs.rows_wanted, self._outputs.rows_done))
        if done >= wanted:
            return
        tile_rows = [row for row in plan.tile_rows()[begin:] if plan.finished(row.index - 1, lag) < wanted]
        threads = calls_at_once(self._inputs.predictor)
        bridge = TileBridge(self._job, self._inputs, self._mask)
        is_card = self._together > 1
        reads_ahead = is_card or plan.width <= WIDE
        finishers = min(FINISHERS, available_cores()) if is_card or (reads_ahead and threads >= FINISHERS) else 0
        height = min(plan.size, plan.height) + max(lag, plan.rows[0])
        accumulator = StripAccumulator(self._channels, plan.width, height, top, self._scales, is_double=is_card)
        check = self._clock.check
        with (
            ReadAhead(self._read, threads > 0, check) as reading,
            WorkQueue(bridge, threads, check, prepare=self._group) as queue,
            WorkQueue(_done, finishers, check, ahead=AHEAD if is_card else 1) as finishing,
        ):
            asked: list[int] = []
            for index, tile_row in enumerate(tile_rows):
                # One row ahead, so that the network always has something to do.
                for later in tile_rows[len(asked) : index + (2 if threads else 1)]:
                    reading.need(later.row + later.height)
                    asked.append(self._ask(later, queue))
                for later in tile_rows[len(asked) : len(asked) + (1 if reads_ahead else 0)]:
                    reading.begin(later.row + later.height)
                for _ in range(asked[index]):
                    self._add(queue.next(), accumulator)
                self._write_begun(finishing)
                bottom, final = plan.finished(tile_row.index, lag), plan.finished(tile_row.index, 0)
                self._feed_levels(accumulator, plan.finished(tile_row.index - 1, 0), final, bottom, finishing)
                if bottom > top:
                    share = self._weights(top, bottom, final, accumulator)
                    # Those above were written by an earlier run or are not asked for; the rows below need them.
                    ends = {row: min(row + WRITTEN_ROWS, bottom) for row in range(top, bottom, WRITTEN_ROWS)}
                    firsts = [row for row, end in ends.items() if end > done and row < wanted]
                    for first in firsts:
                        rows = self._to_finish(first, share[first - top :][:WRITTEN_ROWS], accumulator)
                        finishing.add(partial(self._finisher.finish, rows))
                    self._begun = len(firsts), bottom
                    if not is_card:
                        self._write_begun(finishing)
                    accumulator.release(bottom)
                    top = bottom
                if self._sar is not None:
                    self._sar.release(final if self._levels is None else min(final, self._levels.next_row))
            self._write_begun(finishing)

    def _begin(self) -> tuple[int, int]:
        """(tile row, row of pixels) to begin with: the first, or where an interrupted run of the same job left off."""
        plan, lag = self._plan, self._lag
        if self._outputs.rows_done == 0:
            return 0, 0
        begin = plan.first_needed(self._inner.row + self._outputs.rows_done, lag)
        top = plan.finished(begin - 1, lag)
        for strip in (self._stored, *self._mask.strips):
            strip.release(top)
        if begin < len(plan.rows):
            if self._sar is not None:
                self._sar.release(plan.rows[begin])
            if self._levels is not None:
                self._levels.begin_below(plan.rows[begin])
        self._clock.advance(begin * len(plan.columns), worked=False)
        self._inputs.port.message(f"Going on at row {self._outputs.rows_done}, where an earlier run was interrupted")
        return begin, top

    def done(self) -> WorkDone:
        """What was done so far."""
        return WorkDone(self._tiles_skipped, self._evaluations, self._clock.seconds)

    def _ask(self, tile_row: TileRow, queue: WorkQueue) -> int:
        """Asks for those tiles of a row that need the network; how many groups of them."""
        bottom = tile_row.row + tile_row.height
        wanted = self._mask.wanted(tile_row.row, bottom)
        needed = []
        for tile in tile_row.tiles:
            self._clock.check()
            columns = slice(tile.col, tile.right)
            if (wanted is None or wanted[:, columns].any()) and self._holds_data(tile_row.row, bottom, columns):
                needed.append(tile)
            else:
                self._tiles_skipped += 1
                self._skipped.append(tile)
                self._clock.advance(1, worked=False)
        groups = grouped(needed, self._together)
        for tiles in groups:
            queue.add(tiles)
        return len(groups)

    def _holds_data(self, top: int, bottom: int, columns: slice) -> bool:
        """Whether any pixel was observed; a few columns nearly always tell."""
        for step in (64, 1):
            pixels = self._stored.rows(top, bottom, slice(columns.start, columns.stop, step), self._bands)
            if not self._inputs.radiometry.missing(pixels).all():
                return True
        return False

    def _group(self, tiles: tuple[Window, ...]) -> TileGroup:
        """Copies what the network needs of tiles in one row, shortly before it begins: the strips move on."""
        top, bottom = tiles[0].row, tiles[0].row + tiles[0].height
        columns = [slice(tile.col, tile.right) for tile in tiles]
        return TileGroup(
            tiles,
            tuple(self._stored.rows(top, bottom, place, self._bands) for place in columns),
            tuple(None if self._sar is None else self._sar.rows(top, bottom, place) for place in columns),
        )

    def _add(self, found: TileResults, accumulator: StripAccumulator) -> None:
        self._evaluations += found.evaluations
        give_back_freed_memory()
        for tile, values in zip(found.tiles, found.values):
            accumulator.add(tile, values)
            self._clock.advance(1, worked=True)

    def _feed_levels(
        self, accumulator: StripAccumulator, top: int, final: int, bottom: int, finishing: WorkQueue
    ) -> None:
        """Tells the levels of the land about the rows [top, final), which became final, and so far as those above
        `bottom` need them."""
        field = self._levels
        if field is None:
            return
        field.look(top, accumulator.rows(top, final)[-2:], self._clear(top, final))
        count = 0
        while place := field.take(bottom):
            unknown = tuple(tile for tile in self._skipped if tile.row < place[1] and tile.bottom > place[0])
            sums, clear = accumulator.rows(*place), self._clear(*place)
            finishing.add(partial(self._finisher.feed_levels, place[0], sums, unknown, clear))
            count += 1
        for _ in range(count):
            finishing.next()

    def _to_finish(self, top: int, weights: np.ndarray, accumulator: StripAccumulator) -> RowsToFinish:
        """(rows, width) weights of the mask from the row `top` on, and the sums there."""
        bottom = top + len(weights)
        error = accumulator.half_rows(top, bottom) if self._scales else None
        clear = None if self._levels is None else self._clear(top, bottom)
        return RowsToFinish(top, accumulator.rows(top, bottom), weights, clear, error)

    def _clear(self, top: int, bottom: int) -> np.ndarray | None:
        """(rows, width) where a mask layer calls the rows [top, bottom) clear, None without one."""
        cloud = self._mask.wanted(top, bottom)
        return None if cloud is None else ~cloud

    def _weights(self, top: int, bottom: int, final: int, accumulator: StripAccumulator) -> np.ndarray:
        """(rows, width) weights of the rows [top, bottom); those above `final` are final, for a mask from opacity."""
        if isinstance(self._mask, OpacityMask):
            known = accumulator.rows(top, min(final, bottom + self._mask.lag))
            self._mask.feed(known[-2:], bottom - top)
        return self._mask.weights(top, bottom)

    def _write_begun(self, finishing: WorkQueue) -> None:
        """Writes the rows that are being finished, if there are any, and lets go of them."""
        (count, bottom), self._begun = self._begun, (0, 0)
        for _ in range(count):
            self._write(finishing.next())
        if bottom:
            if self._levels is not None:
                self._levels.release(bottom)
                self._skipped = [tile for tile in self._skipped if tile.bottom > bottom]
            # Once per row of tiles, as a rerun begins with one, and disks take their time.
            self._outputs.checkpoint()
            for strip in (self._stored, *self._mask.strips):
                strip.release(bottom)

    def _write(self, rows: FinishedRows) -> None:
        """Writes what is asked for of the rows."""
        inner, end = self._inner, rows.top + len(rows.weights)
        first = max(rows.top, inner.row)
        place = slice(first - rows.top, min(end, inner.bottom) - rows.top), slice(inner.col, inner.right)
        bands = (slice(None), *place)
        error = None if rows.error is None else rows.error[bands]
        self._outputs.write(first - inner.row, rows.scene[bands], rows.weights[place], rows.valid[bands], error)


def _done(work: Callable[[Callable[[], None]], Any], check: Callable[[], None]) -> Any:
    return work(check)
