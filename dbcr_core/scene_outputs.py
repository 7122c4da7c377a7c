# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that a job writes: the scene, and on request how much and how surely each pixel was reconstructed."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Callable, Protocol, TypeVar

import numpy as np

from .band_names import is_sequence
from .bands import BandSelection
from .errors import Cancelled, DeviceError, InputChanged, ModelError
from .grid import Window
from .job import CloudRemovalJob, SceneReport
from .mask import reconstructed_percent
from .provenance import provenance_tags, resume_key
from .rasters import CogSink, RasterProfile, create_raster
from .scene_inputs import SceneInputs
from .tile_inputs import reflectance_clip
from .wording import percent
from .work_queue import POLL_SECONDS

CHANGED_NODATA = 255
MOST_OF_A_SCENE = 0.8
"""Share of a scene that is told of when the model takes it for cloud: so does bright ground look to it."""
KEPT_BITS = 12
"""Binary digits of an expected error's fraction that are written: one more than it was computed with. The file is a
third smaller than with all 23, most of which say nothing."""


Report = TypeVar("Report", covariant=True)


@dataclass(frozen=True)
class WorkDone:
    """tiles_skipped, evaluations: as in `SceneReport`. seconds: wall clock."""

    tiles_skipped: int
    evaluations: int
    seconds: float


class JobOutputs(Protocol[Report]):
    """What a job's rows are given to; a context manager.

    rows_done: rows that need not be computed any more; rows_done_before: the same when the run began; rows_wanted: the
    row at which the job ends.
    """

    rows_done: int
    rows_done_before: int
    rows_wanted: int

    def write(
        self, top: int, scene: np.ndarray, weights: np.ndarray, valid: np.ndarray, error: np.ndarray | None
    ) -> None:
        """Takes finished rows from `top` on.

        scene: (count, h, w) in the input's dtype. weights: (h, w) 0…1. valid: (k, h, w). error: (k, h, w) float16, the
        Laplace scale in model units, or None.
        """

    def checkpoint(self) -> None:
        """Makes what was written so far survive a kill."""

    def publish(self, cancelled: Callable[[], bool] | None = None) -> None:
        """Puts everything in place."""

    def report(self, done: WorkDone) -> Report:
        """What the job did; asked for once all is in place."""

    def __enter__(self) -> JobOutputs[Report]: ...

    def __exit__(self, kind: type[BaseException] | None, *exc: object) -> None: ...


class SceneOutputs:
    """All outputs of one job; a context manager that discards whatever was not published.

    A cancelled job's rows are kept out of sight, and so are those of one that failed, unless an input changed or the
    model is at fault; a killed one's stay as they were: the same job goes on from there, after the rows that every
    output has. So it does where an input could not be read: the fault may pass, and a repaired file is another.
    """

    def __init__(self, job: CloudRemovalJob, inputs: SceneInputs, fingerprint: str) -> None:
        self._job, self._inputs = job, inputs
        self._sinks: list[CogSink] = []
        self._stack = ExitStack()
        self._compression = job.compression
        self._key = f"{resume_key(job)} {fingerprint}"
        tags = provenance_tags(job, inputs.card.id, inputs.model_sha256, inputs.predictor.device, inputs.findings)
        source = inputs.optical.profile
        with ExitStack() as opening:
            names = _names(source, inputs.selection)
            scene = replace(
                source, grid=inputs.grid, descriptions=names, tags={**source.tags, **tags}, gcps=(), gcps_wkt=""
            )
            self._scene = self._create(opening, job.output, scene)
            self._changed = self._uncertainty = None
            if job.changed:
                profile = RasterProfile(
                    inputs.grid, 1, "uint8", CHANGED_NODATA, ("reconstructed_percent",), units=("%",), tags=tags
                )
                self._changed = self._create(opening, job.changed, profile)
            if job.uncertainty:
                names = tuple(f"{name}_expected_error" for name in inputs.selection.names)
                profile = RasterProfile(inputs.grid, len(names), "float32", float("nan"), names, tags=tags)
                self._uncertainty = self._create(opening, job.uncertainty, profile)
            opening.pop_all()
        for sink in self._sinks:
            self._stack.callback(sink.discard)
        if any(sink.lost_rows for sink in self._sinks):
            inputs.port.warning(
                "An interrupted run of this output had other inputs, options, model, device or version of this "
                "program; it begins anew"
            )
        self.rows_wanted = inputs.window.height
        self.rows_done = self.rows_done_before = min(sink.rows_done for sink in self._sinks)
        self._reconstructed, self._valid = _counts(self._scene.note_at(self.rows_done))

    def write(
        self, top: int, scene: np.ndarray, weights: np.ndarray, valid: np.ndarray, error: np.ndarray | None
    ) -> None:
        """See `JobOutputs.write`. What was not reconstructed has no reconstruction error: 0."""
        window = Window(0, top, scene.shape[2], scene.shape[1])
        self._reconstructed += int((weights > 0).sum())
        self._valid += int(valid.any(axis=0).sum())
        self._scene.write(scene, window)
        if self._changed is not None:
            percent = reconstructed_percent(weights)
            percent[~valid.any(axis=0)] = CHANGED_NODATA
            self._changed.write(percent[None], window)
        if self._uncertainty is not None and error is not None:
            low, high = reflectance_clip(self._inputs.card)
            # In full at soft edges, too: what is mixed with cloud is no surer than what replaces it.
            stored_units = error * ((weights > 0) * np.float32((high - low) / self._inputs.radiometry.scale))
            stored_units[~valid] = np.nan
            self._uncertainty.write(_rounded(stored_units), window)
        self.rows_done = window.bottom

    @property
    def reconstructed(self) -> float:
        """Share, 0…1, of the pixels with data that differ from the input on purpose, in all rows that are done."""
        return self._reconstructed / max(1, self._valid)

    def checkpoint(self) -> None:
        """Makes what was written so far survive a kill."""
        for sink in self._sinks:
            sink.checkpoint(self.rows_done, f"{self._reconstructed} {self._valid}")

    def publish(self, cancelled: Callable[[], bool] | None = None) -> None:
        """Puts every output in place; the scene last, so that its presence means that all is there.

        All files are made, side by side, before the first is put in place: Cancelled leaves every old one as it was.
        """
        is_left = threading.Event()
        with ThreadPoolExecutor(len(self._sinks), thread_name_prefix="dbcr-files") as pool:
            try:
                making = {pool.submit(sink.prepare, is_left.is_set) for sink in self._sinks}
                while making:
                    made, making = wait(making, POLL_SECONDS, FIRST_EXCEPTION)
                    for future in made:
                        future.result()
                    if cancelled is not None and cancelled():
                        raise Cancelled()
            finally:
                is_left.set()
        for sink in reversed(self._sinks):
            sink.publish()
        if self._job.mask == "auto" and self.reconstructed > MOST_OF_A_SCENE:
            self._inputs.port.warning(
                f"{percent(self.reconstructed)} of the scene was taken for cloud or shadow; if ground shows there "
                "(snow, sand, bare bright soil), give a mask layer"
            )

    def report(self, done: WorkDone) -> SceneReport:
        """See `JobOutputs.report`."""
        job, inputs = self._job, self._inputs
        return SceneReport(
            output=job.output,
            model=inputs.card.id,
            device=inputs.predictor.device,
            nfe=job.nfe,
            width=inputs.window.width,
            height=inputs.window.height,
            tiles=inputs.area.plan.count,
            tiles_skipped=done.tiles_skipped,
            evaluations=done.evaluations,
            reconstructed=self.reconstructed,
            seconds=round(done.seconds, 3),
            messages=tuple(inputs.findings),
            changed=job.changed,
            uncertainty=job.uncertainty,
            resumed_at_row=self.rows_done_before,
        )

    def __enter__(self) -> SceneOutputs:
        return self

    def __exit__(self, kind: type[BaseException] | None, *exc: object) -> None:
        in_vain = kind is None or (issubclass(kind, (ModelError, InputChanged)) and not issubclass(kind, DeviceError))
        if self.rows_done and not in_vain:
            for sink in self._sinks:
                sink.suspend()
            self._stack.pop_all()
        self._stack.close()

    def _create(self, opening: ExitStack, path: str, profile: RasterProfile) -> CogSink:
        sink = create_raster(
            path, profile, inputs=self._inputs.sources, resume_key=self._key, compression=self._compression
        )
        # Where another output cannot be begun, an earlier run's rows of this one wait for the next.
        opening.callback(sink.suspend if sink.rows_done else sink.discard)
        self._sinks.append(sink)
        return sink


def _names(profile: RasterProfile, selection: BandSelection) -> tuple[str, ...]:
    """The bands' own names, and the sensor's where a file has none or only counts: they may have been found in what the
    output lacks, as are the names of a virtual raster's files."""
    found = dict(zip(selection.file_bands, selection.names))
    is_counted = is_sequence(profile.descriptions)
    return tuple(
        found.get(band, name) if is_counted or not name.strip() else name
        for band, name in enumerate(profile.descriptions, 1)
    )


def _counts(note: str) -> tuple[int, int]:
    """Reconstructed pixels and pixels with data, as a checkpoint notes them."""
    reconstructed, _, valid = note.partition(" ")
    return (int(reconstructed), int(valid)) if reconstructed.isdigit() and valid.isdigit() else (0, 0)


def _rounded(values: np.ndarray) -> np.ndarray:
    """float32 numbers, none of them infinite, to the nearest of KEPT_BITS; NaN stays NaN. Changes the array."""
    bits, dropped = values.view(np.uint32), 23 - KEPT_BITS
    bits += np.uint32(1 << (dropped - 1))
    bits &= np.uint32(0xFFFFFFFF << dropped & 0xFFFFFFFF)
    return values
