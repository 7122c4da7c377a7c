# SPDX-License-Identifier: GPL-3.0-or-later
"""How near a result is to a reference image of the same place: the benchmark's scores, cloudy and clear apart."""

from __future__ import annotations

import json
import math
import os
import threading
from collections import deque
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from typing import Callable

import numpy as np

from .assess_pieces import Piece, Reflectance, pieces
from .band_names import OPTICAL_BANDS
from .bands import BandSelection, match_optical
from .cores import available_cores
from .error_map import ErrorMap, ErrorsOfCells
from .errors import BandOrderError, InputError, RadiometryError
from .grid import Window
from .hidden_gaps import refuse_hidden_gaps
from .holding_bands import held_bands
from .mask_layer import cloud_on_grid, read_layer_kind
from .metrics import ImageMetrics, MetricSums, PixelScores
from .progress import JobClock, ProgressPort, Silence, never_cancelled
from .provenance import said_bands, said_values
from .radiometry import OPTICAL_OPTION, detect_optical
from .rasters import RasterProfile, RasterSource, open_raster
from .stored_values import OpticalRadiometry
from .wording import reflectance_words
from .work_queue import WorkQueue

MOST_THREADS = 8
PIECES_AHEAD = 8
"""Pieces per thread that wait: what the threads live on while the next rows are read."""


@dataclass(frozen=True)
class Assessment:
    """Scores of a prediction against a reference. cloudy and clear are None without a cloud mask.

    bands: names compared; mae_per_band: their mean absolute error in reflectance. findings: how both images were read,
    and what is doubtful in that. error_map: (h, w) float32 over the whole scene, at most 480 cells a side, the mean
    absolute error of each cell's pixels; NaN where none counts.
    """

    all: ImageMetrics
    cloudy: ImageMetrics | None
    clear: ImageMetrics | None
    bands: tuple[str, ...]
    mae_per_band: tuple[float, ...]
    findings: tuple[str, ...]
    error_map: np.ndarray = field(compare=False, repr=False)

    def to_json(self) -> str:
        """One JSON object, without the map; scores that are not finite become null."""
        scores = asdict(self)
        del scores["error_map"]
        return json.dumps(_finite(scores))

    def lines(self) -> list[str]:
        """A small table for people."""
        rows = [("all", self.all), ("cloudy", self.cloudy), ("clear", self.clear)]
        table = [f"{'pixels':<8}{'PSNR dB':>9}{'SSIM':>8}{'MAE':>9}{'SAM °':>8}{'count':>12}"]
        table += [
            f"{name:<8}{m.psnr:>9.2f}{m.ssim:>8.3f}{m.mae:>9.4f}{m.sam:>8.2f}{m.pixels:>12,}"
            for name, m in rows
            if m is not None
        ]
        table.append("MAE by band: " + ", ".join(f"{b} {e:.4f}" for b, e in zip(self.bands, self.mae_per_band)))
        return table


def assess(
    prediction: str | os.PathLike[str],
    reference: str | os.PathLike[str],
    cloud_mask: str | os.PathLike[str] | None = None,
    *,
    bands: str | None = None,
    reference_bands: str | None = None,
    optical_values: str | None = None,
    reference_values: str | None = None,
    mask_kind: str = "auto",
    allow_network: bool = False,
    progress: ProgressPort | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Assessment:
    """Compares two optical rasters over the bands and pixels that both have, in bounded memory.

    The reference is warped to the prediction's grid where the grids differ. cloud_mask: a raster whose cloudy pixels
    are scored apart. bands and reference_bands name the bands of each in file order, optical_values and
    reference_values say what its numbers are, instead of what was said when it was made, or what is detected. Raises
    InputError where there is nothing to compare.
    """
    with ExitStack() as stack:
        mine = stack.enter_context(open_raster(prediction, allow_network=allow_network))
        theirs = stack.enter_context(open_raster(reference, allow_network=allow_network))
        left, right = (
            _matched(source.profile, named, role)
            for source, named, role in ((mine, bands, "prediction"), (theirs, reference_bands, "reference"))
        )
        common = sorted(set(left.model_bands) & set(right.model_bands))
        if not common:
            raise InputError("The prediction and the reference share no band; compare images of the same bands.")
        port = progress or Silence()
        findings: list[str] = []
        read = [
            (source, selection, _read(source, selection, role, said, port, findings))
            for source, selection, role, said in (
                (mine, left, "prediction", optical_values),
                (theirs, right, "reference", reference_values),
            )
        ]
        common = _held(common, read, port, findings)
        first, second = (Reflectance(source, selection, common, values) for source, selection, values in read)
        if not mine.grid.same_pixels(theirs.grid) or mine.grid.crs_wkt != theirs.grid.crs_wkt:
            second.align(stack, mine)
        names = [OPTICAL_BANDS[band] for band in common]
        clock = JobClock(mine.grid.width * mine.grid.height, port, cancelled)
        cloud = None
        if cloud_mask:
            layer = stack.enter_context(open_raster(cloud_mask, allow_network=allow_network))
            reading, _ = read_layer_kind(layer, mine.grid, mask_kind)
            cloud = stack.enter_context(cloud_on_grid(layer, reading, mine.grid, check=clock.check))
        return replace(_compare(first, second, cloud, names, clock), findings=tuple(findings))


def _matched(profile: RasterProfile, named: str | None, role: str) -> BandSelection:
    try:
        return match_optical(profile, named or said_bands(profile))
    except InputError as error:
        raise InputError(_of_this(str(error), role).replace("optical image", f"{role} image")) from error


def _of_this(text: str, role: str) -> str:
    """The text with the options of the image that it speaks of."""
    if role == "prediction":
        return text
    return text.replace(OPTICAL_OPTION, "--reference-values").replace("--bands", "--reference-bands")


def _held(
    common: list[int],
    read: list[tuple[RasterSource, BandSelection, OpticalRadiometry]],
    port: ProgressPort,
    findings: list[str],
) -> list[int]:
    """Without the bands of which one image holds nothing: no pixel would be left, as each needs all of its bands."""
    held = set(common)
    for source, selection, values in read:
        held &= set(selection.those(held_bands(source, selection, values, never_cancelled)).model_bands)
    if not held:
        raise InputError("The prediction and the reference share no band that holds data; compare other images.")
    gone = ", ".join(OPTICAL_BANDS[band] for band in common if band not in held)
    if gone:
        findings.append(f"Left out, as one of the images holds no data or nothing but zeros there: {gone}")
        port.warning(findings[-1])
    return sorted(held)


def _read(
    source: RasterSource, selection: BandSelection, role: str, said: str | None, port: ProgressPort, findings: list[str]
) -> OpticalRadiometry:
    """How an image is read, which is told and added to the findings; role: what messages call it."""
    refuse_hidden_gaps(source, role)
    before = None if said else said_values(source.profile)
    try:
        radiometry = detect_optical(source, selection, said or before)
    except RadiometryError as error:
        raise RadiometryError(_of_this(str(error), role), error.option, error.choices) from error
    except BandOrderError as error:
        raise BandOrderError(_of_this(str(error), role)) from error
    how = "as was said when it was made" if before else radiometry.how
    finding = f"{role.capitalize()}: {reflectance_words(radiometry.scale, radiometry.offset)} ({how})"
    doubts = [f"{role.capitalize()}: {_of_this(doubt, role)}" for doubt in radiometry.doubts]
    port.message(finding)
    for doubt in doubts:
        port.warning(doubt)
    findings += [finding, *doubts]
    return radiometry


def _compare(
    prediction: Reflectance,
    reference: Reflectance,
    cloud: Callable[[Window], np.ndarray] | None,
    names: list[str],
    clock: JobClock,
) -> Assessment:
    grid = prediction.source.grid
    error_map = ErrorMap(grid.height, grid.width)
    totals = [MetricSums() for _ in range(1 if cloud is None else 3)]
    threads = min(available_cores(), MOST_THREADS)
    score = _Scoring(prediction, reference, error_map)
    with WorkQueue(score, threads, clock.check, ahead=PIECES_AHEAD, name="dbcr-assess") as queue:
        waiting: deque[Window] = deque()

        def fetch() -> None:
            # In the pieces' order: the sums do not depend on the number of threads.
            nonlocal error_map
            sums, errors = queue.next()
            for total, found in zip(totals, sums):
                total += found
            error_map += errors
            place = waiting.popleft()
            clock.advance(place.width * place.height, True)

        for piece in pieces(prediction, reference, cloud, clock.check):
            queue.add(piece)
            waiting.append(piece.place)
            if len(waiting) > threads * PIECES_AHEAD:
                fetch()
        while waiting:
            fetch()
    results = [total.result() for total in totals]
    if results[0].pixels == 0:
        raise InputError("The prediction and the reference have no valid pixel in common; check that they overlap.")
    cloudy, clear = results[1:] or (None, None)
    per_band = tuple(float(error) for error in totals[0].mae_per_band())
    return Assessment(results[0], cloudy, clear, tuple(names), per_band, (), error_map.means())


class _Scoring:
    """Scores pieces; may be called by several threads at once."""

    def __init__(self, prediction: Reflectance, reference: Reflectance, error_map: ErrorMap) -> None:
        self._prediction, self._reference, self._map = prediction, reference, error_map
        self._memory = threading.local()

    def __call__(self, piece: Piece, go_on: Callable[[], None]) -> tuple[list[MetricSums], ErrorsOfCells]:
        """Sums over all pixels and, with a mask, over cloudy and clear ones; errors for the map."""
        go_on()
        valid_p, valid_t = self._prediction.valid(piece.first), self._reference.valid(piece.second)
        # What one of them lacks is taken from both, or SSIM would compare ground with nothing at the edge of a gap.
        both = valid_p & valid_t
        valid = both[piece.inner]
        scores = self._scores(len(piece.first), *valid.shape).of(
            map(piece.padded, self._reference.bands(piece.second, both)),
            map(piece.padded, self._prediction.bands(piece.first, both)),
        )
        chosen = [valid]
        if piece.cloud is not None:
            cloudy = piece.cloud[piece.inner]
            chosen += [valid & cloudy, valid & ~cloudy]
        sums = [MetricSums() for _ in chosen]
        for found, where in zip(sums, chosen):
            found.add(scores, where)
        return sums, self._map.of_piece(piece.place, scores.absolute, valid)

    def _scores(self, *shape: int) -> PixelScores:
        """This thread's own, made anew for pieces at the scene's edges only."""
        if getattr(self._memory, "shape", None) != shape:
            self._memory.shape, self._memory.scores = shape, PixelScores(*shape)
        return self._memory.scores


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {key: _finite(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(v) for v in value]
    return value if not isinstance(value, float) or math.isfinite(value) else None
