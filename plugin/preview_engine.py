# SPDX-License-Identifier: GPL-3.0-or-later
"""The preview without Qt: one window of the scene through the bridge, each step shown, nothing computed twice.

The radar features and the first evaluation do not depend on NFE, so they are shared between NFE values; a finished
picture is kept until the ground under it changes. Everything in here belongs to one thread at a time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Callable, Iterator, Optional

import numpy as np

from ..dbcr_core.composite import composite
from ..dbcr_core.errors import ModelError
from ..dbcr_core.grid import RasterGrid
from ..dbcr_core.job import CloudRemovalJob
from ..dbcr_core.mask import MaskShape, opacity_mask, reconstruction_weights
from ..dbcr_core.model_card import bundled_model_path
from ..dbcr_core.predictor import Prediction, Predictor, open_predictor
from ..dbcr_core.progress import Silence
from ..dbcr_core.sampler import sample_bridge
from ..dbcr_core.scene_inputs import SceneInputs, open_inputs
from ..dbcr_core.scene_mask import open_mask
from ..dbcr_core.schedule import STEPS
from ..dbcr_core.stored_values import OpticalRadiometry
from ..dbcr_core.tile_inputs import model_values, optical_tile, reflectance_clip, sar_tile


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
        """What decides which network runs and where."""
        values = dict(self.options)
        return values.get("model"), values.get("device", "auto"), values.get("threads")


@dataclass(frozen=True)
class PreviewPicture:
    """One state of the preview: all bands of the file in its own units on `grid`.

    step of steps; changed: (h, w) uint8, percent reconstructed; uncertainty: (h, w) float32, expected absolute error in
    reflectance, mean of the bands, or None where the model does not tell. seconds: of one evaluation of this window.
    """

    request: PreviewRequest
    stored: np.ndarray
    changed: np.ndarray
    uncertainty: Optional[np.ndarray]
    grid: RasterGrid
    nodata: Optional[float]
    step: int
    steps: int
    device: str
    seconds: float
    findings: tuple = ()

    @property
    def is_final(self) -> bool:
        return self.step == self.steps


@dataclass
class _Ground:
    """The window's pixels and everything derived from them that no NFE changes."""

    stored: np.ndarray
    bands: list
    model_bands: tuple
    radiometry: OpticalRadiometry
    seen: np.ndarray
    cloudy: np.ndarray
    features: Any
    grid: RasterGrid
    layer_weights: Optional[np.ndarray]
    mask_shape: MaskShape
    findings: tuple
    first: Optional[Prediction] = None
    seconds: float = 0.0
    pictures: dict = field(default_factory=dict)


class _SharedFirstStep:
    """The predictor, except that the first evaluation of this ground is asked of the network once."""

    def __init__(self, predictor: Predictor, ground: _Ground) -> None:
        self._predictor, self._ground = predictor, ground
        self.card = predictor.card

    def predict_clear(self, x_t: np.ndarray, t: int, sar_features: Any) -> Prediction:
        if t == STEPS and self._ground.first is not None:
            return self._ground.first
        started = time.monotonic()
        prediction = self._predictor.predict_clear(x_t, t, sar_features)
        self._ground.seconds = time.monotonic() - started
        if t == STEPS:
            self._ground.first = prediction
        return prediction


class PreviewEngine:
    """Keeps the open network and the ground of the latest request."""

    def __init__(self, open_network: Callable[..., Predictor] = open_predictor) -> None:
        self._open_network = open_network
        self._network_key: Optional[tuple] = None
        self._predictor: Optional[Predictor] = None
        self._ground_key: Optional[tuple] = None
        self._ground: Optional[_Ground] = None

    def pictures(self, request: PreviewRequest) -> Iterator[PreviewPicture]:
        """Yields the preview after each evaluation, the kept one at once. Stop iterating to cancel.

        Raises DbcrError as `remove_clouds` does.
        """
        self._open(request)
        if self._ground_key != request.options:
            self._ground = None
            self._ground = self._read(request)
            self._ground_key = request.options
        ground = self._ground
        if request.nfe in ground.pictures:
            yield self._picture(request, ground.pictures[request.nfe], request.nfe)
            return
        for step in sample_bridge(
            _SharedFirstStep(self._predictor, ground), ground.cloudy, ground.features, request.nfe
        ):
            drawn = self._compose(request, step.prediction)
            if step.number == request.nfe:
                ground.pictures[request.nfe] = drawn
            yield self._picture(request, drawn, step.number)

    def close(self) -> None:
        """Frees the network and the pixels."""
        if self._predictor is not None:
            self._predictor.close()
        self._predictor = self._network_key = self._ground = self._ground_key = None

    def _open(self, request: PreviewRequest) -> None:
        if self._network_key == request.network:
            return
        self.close()
        model, device, threads = request.network
        self._predictor = self._open_network(model or bundled_model_path(), device, threads)
        self._network_key = request.network

    def _read(self, request: PreviewRequest) -> _Ground:
        job = CloudRemovalJob(output="preview", nfe=request.nfe, **dict(request.options))
        with open_inputs(job, self._predictor, Silence()) as inputs:
            window = inputs.window
            size = -(-max(window.width, window.height) // 8) * 8
            stored = inputs.optical.read(range(1, inputs.optical.profile.count + 1), window)
            bands = [band - 1 for band in inputs.selection.file_bands]
            seen = model_values(stored[bands], inputs.radiometry, inputs.card)
            radar = None if inputs.sar is None else inputs.sar.read(window)
            return _Ground(
                stored=stored,
                bands=bands,
                model_bands=inputs.selection.model_bands,
                radiometry=inputs.radiometry,
                seen=seen,
                cloudy=optical_tile(seen, inputs.selection.model_bands, size),
                features=self._predictor.encode_sar(sar_tile(radar, inputs.sar_model_bands, size, inputs.card)),
                grid=inputs.grid,
                layer_weights=_layer_weights(job, inputs),
                mask_shape=job.mask_shape,
                findings=tuple(inputs.findings),
            )

    def _compose(self, request: PreviewRequest, prediction: Prediction) -> tuple:
        """(stored values of all bands, percent changed, expected error or None) for one estimate."""
        ground, card = self._ground, self._predictor.card
        height, width = ground.seen.shape[1:]
        estimate = prediction.clear[0, list(ground.model_bands), :height, :width]
        if not np.isfinite(estimate).all():
            raise ModelError("The network returned values that are not finite; the model does not fit this input.")
        pixels = ground.stored[ground.bands]
        valid = ~ground.radiometry.missing(pixels)
        weights = np.where(valid.any(axis=0), self._weights(request), np.float32(0))
        low, high = reflectance_clip(card)
        reflectance = estimate * np.float32(high - low) + np.float32(low)
        result = ground.stored.copy()
        moved = estimate != ground.seen
        result[ground.bands] = composite(pixels, reflectance, moved, weights, valid, ground.radiometry)
        error = None
        if prediction.scale is not None:
            scale = prediction.scale[0, list(ground.model_bands), :height, :width].mean(axis=0)
            error = (scale * weights * np.float32(high - low)).astype(np.float32)
        return result, np.ceil(weights * 100).astype(np.uint8), error

    def _weights(self, request: PreviewRequest) -> np.ndarray:
        ground, options = self._ground, dict(request.options)
        if ground.layer_weights is not None:
            return ground.layer_weights
        height, width = ground.seen.shape[1:]
        opacity = ground.first.opacity[0, :, :height, :width]
        threshold = options.get("mask_threshold") or self._predictor.card.mask_threshold
        return reconstruction_weights(opacity_mask(opacity, threshold), ground.mask_shape)

    def _picture(self, request: PreviewRequest, drawn: tuple, step: int) -> PreviewPicture:
        ground = self._ground
        return PreviewPicture(
            request=request,
            stored=drawn[0],
            changed=drawn[1],
            uncertainty=drawn[2],
            grid=ground.grid,
            nodata=ground.radiometry.nodata,
            step=step,
            steps=request.nfe,
            device=self._predictor.device,
            seconds=ground.seconds,
            findings=ground.findings,
        )


def _layer_weights(job: CloudRemovalJob, inputs: SceneInputs) -> Optional[np.ndarray]:
    """(h, w) weights that do not wait for the network; None where the model finds the clouds."""
    with open_mask(job, inputs) as mask:
        return None if mask.needs_opacity else mask.weights(0, inputs.window.height)
