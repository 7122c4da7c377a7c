# SPDX-License-Identifier: GPL-3.0-or-later
"""The preview without Qt: a window of the scene through the bridge, drawn as it arrives, nothing computed twice.

The tiles are those of a run over the whole scene, as many as tell of the window, and they are blended likewise: the
finished preview is, byte for byte, what such a run writes there. Tiles in the middle come first. The radar features and
the first evaluation of a tile do not depend on NFE, so they are shared between NFE values. Everything in here belongs
to one thread at a time.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from statistics import median
from typing import Any, Iterator, Optional

import numpy as np

from ..dbcr_core.disk import stamp
from ..dbcr_core.files_behind import files_behind
from ..dbcr_core.grid import RasterGrid
from ..dbcr_core.job import CloudRemovalJob
from ..dbcr_core.model_card import bundled_model_path
from ..dbcr_core.predictors import Prediction, Predictor, open_predictor
from ..dbcr_core.sampler import sample_bridge
from ..dbcr_core.schedule import STEPS
from .preview_cache import GroundCache
from .preview_ground import PreviewDrawing, PreviewGround, read_ground
from .preview_mosaic import centre_first

EVALUATIONS_KEPT = 9
"""Times of evaluations whose median is told: other programs disturb single ones."""


@dataclass(frozen=True)
class PreviewRequest:
    """What the dock wants to see. options: the engine's arguments but for output and NFE, extent included."""

    options: tuple
    nfe: int
    serial: int = 0

    @staticmethod
    def of(options: dict, nfe: int, serial: int = 0) -> PreviewRequest:
        return PreviewRequest(tuple(sorted(options.items())), nfe, serial)

    @property
    def network(self) -> tuple:
        """What decides which network runs and where: file, device, threads, and the file's state."""
        values = dict(self.options)
        model = values.get("model") or bundled_model_path()
        return model, values.get("device", "auto"), values.get("threads"), stamp(model)

    @property
    def ground(self) -> tuple:
        """What decides which pixels are looked at: the options, and the state of the files that they name."""
        values = dict(self.options)
        rasters = [values.get(name) or "" for name in ("optical", "sar", "mask")]
        files = [file for raster in rasters for file in files_behind(raster)]
        return self.options, tuple(map(stamp, (*files, values.get("model") or "")))

    def job(self) -> CloudRemovalJob:
        """The same as a job, which checks it; the output is never written."""
        return CloudRemovalJob(output="preview", nfe=self.nfe, **dict(self.options))


@dataclass(frozen=True)
class PreviewPicture:
    """One state of the preview: all bands of the file in its own units on `grid`.

    done of planned evaluations, those of earlier previews that were used again included. changed: (h, w) uint8, percent
    reconstructed. uncertainty: (h, w) float32, expected absolute error in reflectance, mean of the bands, or None where
    the model does not tell. seconds: of one evaluation of a tile. is_free: no evaluation was made for it.
    """

    request: PreviewRequest
    stored: np.ndarray
    changed: np.ndarray
    uncertainty: Optional[np.ndarray]
    grid: RasterGrid
    nodata: Optional[float]
    done: int
    planned: int
    device: str
    seconds: float
    tiles: int
    is_free: bool

    @property
    def is_final(self) -> bool:
        return self.done == self.planned


class PreviewEngine:
    """Keeps the open network, and in `cache` the grounds of late."""

    def __init__(self, cache: GroundCache) -> None:
        self.cache = cache
        self._network_key: Optional[tuple] = None
        self._predictor: Optional[Predictor] = None
        self._seconds: deque = deque(maxlen=EVALUATIONS_KEPT)

    def prepare(self, request: PreviewRequest) -> tuple:
        """Does all that a preview does before its first evaluation; returns the device and the number of tiles."""
        ground = self._ground_of(request)
        wanted = [index for index in self._order(ground) if index not in ground.first]
        if wanted:
            ground.tile_features(wanted[0], self.network)
        return self.network.device, ground.area.plan.count

    def pictures(self, request: PreviewRequest) -> Iterator[PreviewPicture]:
        """Yields the preview after each evaluation, what is kept at once. Stop iterating to cancel.

        Raises DbcrError as `remove_clouds` does.
        """
        ground = self._ground_of(request)
        shown, planned = ground.pictures.get(1), self._planned(ground, request.nfe)
        if shown is not None and planned == shown[-1]:
            ground.pictures[request.nfe] = shown  # no cloud: more steps change nothing
        if request.nfe in ground.pictures:
            yield self._picture(request, ground, ground.pictures[request.nfe], is_free=True)
            return
        if shown is not None:
            # At once, before the levels are fitted for the walk that sets out from it.
            yield self._picture(request, ground, (*shown[:-1], planned), is_free=True)
        for drawing, done, planned, is_free in self._steps(ground, request.nfe):
            if is_free and shown is not None:
                continue
            drawn = (*drawing.shown(), done, planned)
            if done == planned:
                ground.pictures[request.nfe] = drawn
                self.cache.trim()
            yield self._picture(request, ground, drawn, is_free)

    def close(self) -> None:
        """Frees the network and the pixels."""
        self.cache.clear()
        self._close_network()

    def _steps(self, ground: PreviewGround, nfe: int) -> Iterator[tuple]:
        """(drawing, evaluations done, planned, whether this state was free), tile by tile from the middle."""
        drawing, order = PreviewDrawing(ground), self._order(ground)
        new = [index for index in order if index not in ground.first]
        known = [index for index in order if index in ground.first]
        done, planned = len(known), self._planned(ground, nfe)
        if known:
            drawing.put({index: ground.first[index] for index in known}, is_last=planned == len(order))
        if known or not order:
            yield drawing, done, planned, True
        for index in new:
            ground.keep(index, self._evaluate(ground.cloudy_tile(index), STEPS, self._features(ground, index)))
            done, planned = done + 1, self._planned(ground, nfe)
            drawing.put({index: ground.first[index]}, is_last=done == planned)
            yield drawing, done, planned, False
        if nfe == 1:
            return
        for index in order:
            if not ground.goes_on(index):
                continue
            shared = _SharedFirstStep(self, ground.first[index])
            walk = sample_bridge(shared, ground.cloudy_tile(index), self._features(ground, index), nfe)
            next(walk)
            for step in walk:
                done += 1
                drawing.put({index: step.prediction}, is_last=done == planned)
                yield drawing, done, planned, False

    def _planned(self, ground: PreviewGround, nfe: int) -> int:
        """Evaluations of all tiles, as far as is known which of them need more than one."""
        order = self._order(ground)
        going_on = [index for index in order if index not in ground.first or ground.goes_on(index)]
        return len(order) + (nfe - 1) * len(going_on)

    def _evaluate(self, x_t: np.ndarray, t: int, features: Any) -> Prediction:
        started = time.monotonic()
        prediction = self.network.predict_clear(x_t, t, features)
        self._seconds.append(time.monotonic() - started)
        return prediction

    def _features(self, ground: PreviewGround, index: int) -> Any:
        return ground.tile_features(index, self.network)

    @staticmethod
    def _order(ground: PreviewGround) -> list:
        return [index for index in centre_first(ground.tiles, ground.area.inner) if index not in ground.skipped]

    def _ground_of(self, request: PreviewRequest) -> PreviewGround:
        job = request.job()
        self._open(request)
        key = request.ground  # of the files as they are before they are read
        ground = self.cache.get(key)
        if ground is None:
            ground = read_ground(job, self.network)
            self.cache.put(key, ground)
        return ground

    @property
    def network(self) -> Predictor:
        """The one that `_open` opened."""
        assert self._predictor is not None
        return self._predictor

    def _open(self, request: PreviewRequest) -> None:
        key = request.network
        if self._network_key == key and self._predictor is not None:
            return
        self._close_network()
        model, device, threads, _ = key
        self._predictor = open_predictor(model, device, threads)
        self._network_key = key

    def _close_network(self) -> None:
        if self._predictor is not None:
            self._predictor.close()
        self._predictor = self._network_key = None
        self._seconds.clear()

    def _picture(self, request: PreviewRequest, ground: PreviewGround, drawn: tuple, is_free: bool) -> PreviewPicture:
        stored, changed, uncertainty, done, planned = drawn
        return PreviewPicture(
            request=request,
            stored=stored,
            changed=changed,
            uncertainty=uncertainty,
            grid=ground.grid,
            nodata=ground.radiometry.nodata,
            done=done,
            planned=planned,
            device=self.network.device,
            seconds=median(self._seconds) if self._seconds else 0.0,
            tiles=ground.area.plan.count,
            is_free=is_free,
        )


class _SharedFirstStep:
    """The engine's network, except that the first evaluation is the one already made."""

    def __init__(self, engine: PreviewEngine, first: Prediction) -> None:
        self._engine, self._first = engine, first
        self.card = engine.network.card

    def predict_clear(self, x_t: np.ndarray, t: int, sar_features: Any) -> Prediction:
        return self._first if t == STEPS else self._engine._evaluate(x_t, t, sar_features)
