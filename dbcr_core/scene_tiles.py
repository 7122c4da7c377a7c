# SPDX-License-Identifier: GPL-3.0-or-later
"""What the network makes of the tiles of a scene: from stored values to what is added to each band."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Sequence

import numpy as np

from .band_names import OPTICAL_BANDS
from .blend import TileWeights
from .errors import InputError, ModelError
from .geonoise import pixel_noise
from .grid import Window
from .job import CloudRemovalJob
from .predictors import Prediction, tiles_per_call
from .sampler import NoiseField, sample_bridge
from .scene_area import keeps_opacity
from .scene_inputs import SceneInputs
from .scene_mask import OpacityMask, SceneMask
from .tile_inputs import band_index, model_values, optical_tile, sar_tile


@dataclass(frozen=True)
class TileGroup:
    """Tiles that go through the network together: per tile (k, h, w) stored values, and (k, h, w) decibels or None."""

    tiles: tuple[Window, ...]
    pixels: tuple[np.ndarray, ...]
    radars: tuple[np.ndarray | None, ...]


@dataclass(frozen=True)
class TileResults:
    """Per tile arrays (…, h, w), weighted: what the network adds to each band, the opacities, its error scale."""

    tiles: tuple[Window, ...]
    values: tuple[tuple[np.ndarray, ...], ...]
    evaluations: int


def grouped(tiles: Sequence[Window], together: int) -> list[tuple[Window, ...]]:
    """Tiles in groups of `together`; a rest of less than half of that one by one, a larger one as a group."""
    rest = len(tiles) % together
    whole = len(tiles) - (rest if 2 * rest < together else 0)
    groups = [tuple(tiles[i : min(i + together, whole)]) for i in range(0, whole, together)]
    return groups + [(tile,) for tile in tiles[whole:]]


class TileBridge:
    """Walks the bridge for groups of tiles. It keeps nothing between calls, so that threads may share it.

    The network sees one tile or as many as it takes per call, never another number: graphics cards prepare themselves
    for each, which took 2 s on a fast one. Smaller groups are filled up with their last tile.
    """

    def __init__(self, job: CloudRemovalJob, inputs: SceneInputs, mask: SceneMask) -> None:
        self._job, self._inputs, self._mask, self._size = job, inputs, mask, inputs.area.plan.size
        self._weights = TileWeights(inputs.area.plan)
        self._together = tiles_per_call(inputs.predictor)
        self._bands = band_index(inputs.selection.model_bands, len(OPTICAL_BANDS))
        self._held = inputs.held_model_bands
        self._with_opacity = keeps_opacity(job, inputs.card)

    def __call__(self, group: TileGroup, check: Callable[[], None]) -> TileResults:
        """check: called before every evaluation. Raises ModelError, InputError, or what check raises."""
        inputs = self._inputs
        valid = [~inputs.radiometry.missing(pixels) for pixels in group.pixels]
        seen = [model_values(p, v, inputs.radiometry, inputs.card) for p, v in zip(group.pixels, valid)]
        cloudy = [
            optical_tile(s[inputs.holding], self._held, self._size, inputs.card, v[inputs.holding])
            for s, v in zip(seen, valid)
        ]
        radar = [sar_tile(radar, inputs.sar_model_bands, self._size, inputs.card) for radar in group.radars]
        filling = (self._together if len(seen) > 1 else 1) - len(seen)
        features = inputs.predictor.encode_sar(_filled(radar, filling))
        noise = self._noise(group.tiles + filling * group.tiles[-1:])
        first: Prediction | None = None  # its heads tell of the cloudy image, and of errors as they were calibrated
        evaluations = 0
        goes_on = [inputs.area.shows(tile) for tile in group.tiles]
        for step in sample_bridge(inputs.predictor, _filled(cloudy, filling), features, self._job.nfe, noise):
            evaluations += len(seen)
            last = step.prediction
            if step.number == 1:
                first = last
                if isinstance(self._mask, OpacityMask):
                    # Clear tiles need no second evaluation.
                    is_cloudy = map(self._mask.any_cloud, opacity_of(last)[: len(seen)])
                    goes_on = [near and cloud for near, cloud in zip(goes_on, is_cloudy)]
                if not any(goes_on):
                    break
            check()
        values = [
            self._values(seen[i], i, self._weights.of(group.tiles[i]), last if goes_on[i] else first, first)
            for i in range(len(seen))
        ]
        return TileResults(group.tiles, tuple(values), evaluations)

    def _values(
        self, seen: np.ndarray, index: int, weights: np.ndarray, found: Prediction | None, first: Prediction | None
    ) -> tuple[np.ndarray, ...]:
        assert found is not None and first is not None
        bands, (height, width) = self._bands, weights.shape
        parts = [added_values(found, index, seen, bands, weights)]
        if self._with_opacity:
            parts.append(opacity_of(first)[index, :, :height, :width] * weights)
        if self._job.uncertainty is not None:
            parts.append(_scale(first)[index, bands, :height, :width] * weights)
        return tuple(parts)

    def _noise(self, tiles: tuple[Window, ...]) -> NoiseField | None:
        if self._job.sampler == "ode":
            return None
        col, row = self._inputs.absolute_pixel
        places = [(row + t.row + np.arange(self._size), col + t.col + np.arange(self._size)) for t in tiles]
        return lambda t: np.stack([pixel_noise(self._job.seed, t, 13, rows, cols) for rows, cols in places])


def added_values(
    prediction: Prediction,
    index: int,
    seen: np.ndarray,
    bands: slice | list[int],
    weights: np.ndarray | None = None,
) -> np.ndarray:
    """(k, h, w) what the network adds to the bands of one of its tiles, of which `seen` (k, h, w) holds the pixels.

    bands: places of those k among the network's 13. weights: (h, w) to multiply that with. Raises ModelError for values
    that are not finite.
    """
    clear = prediction.clear[index]
    if not np.isfinite(clear).all():
        raise ModelError("The network returned values that are not finite; the model does not fit this input.")
    added = np.empty_like(seen)
    # Band by band, so that each stays in the processor's cache.
    for more, after, before in zip(added, clear[bands, : seen.shape[1], : seen.shape[2]], seen):
        np.subtract(after, before, out=more)
        if weights is not None:
            more *= weights
    return added


def opacity_of(prediction: Prediction | None) -> np.ndarray:
    """(n, 2, h, w) opacity of cloud and shadow; raises ModelError for a model that gives none."""
    if prediction is None or prediction.opacity is None:
        raise ModelError("The model has no cloud head, so it cannot find clouds itself; give a mask or use 'none'.")
    return prediction.opacity


def _filled(arrays: list[np.ndarray], more: int) -> np.ndarray:
    """The arrays along their first axis, the last one repeated; a single one is not copied."""
    return arrays[0] if len(arrays) == 1 and not more else np.concatenate(arrays + more * arrays[-1:])


def _scale(prediction: Prediction) -> np.ndarray:
    if prediction.scale is None:
        raise InputError("The model has no uncertainty head; leave the uncertainty output out.")
    return prediction.scale
