# SPDX-License-Identifier: GPL-3.0-or-later
"""The ground under a preview: its pixels, read once, and everything derived from them that no NFE changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Optional

import numpy as np

from ..dbcr_core.composite import composite
from ..dbcr_core.grid import RasterGrid, Window
from ..dbcr_core.job import CloudRemovalJob
from ..dbcr_core.mask import MaskShape, opacity_mask, reconstructed_percent, reconstruction_weights
from ..dbcr_core.model_card import ModelCard
from ..dbcr_core.predictors import Prediction, Predictor
from ..dbcr_core.progress import Silence
from ..dbcr_core.scene_area import SceneArea, matches_surroundings
from ..dbcr_core.scene_inputs import SceneInputs, open_inputs
from ..dbcr_core.scene_mask import open_mask
from ..dbcr_core.scene_tiles import added_values, opacity_of
from ..dbcr_core.stored_values import OpticalRadiometry
from ..dbcr_core.surroundings import looked_at, matched_values
from ..dbcr_core.tile_inputs import model_values, optical_tile, reflectance_clip, sar_tile, sar_values
from .preview_mosaic import TileMosaic, grown

MOST_FEATURES = 16
"""Tiles whose radar features are kept; for more, those are made again, which costs less than the memory would."""


@dataclass
class PreviewGround:
    """All that decides the pixels shown: they lie in the midst of others, as far as those tell of them.

    stored: (count, h, w) as in the file; bands: 0-based, those the network knows. seen: (k, h, w) in model units.
    holding: which of those k hold anything in the whole image; held: what these are to the network. grid: of the pixels
    shown, whose place among all is area.inner.
    layer_weights: (h, w) 0 … 1, or None where the model finds the clouds. is_matched: levels under clouds follow the
    land around. features and first: per tile, what the network made of the radar and its first estimate. pictures:
    finished ones, by NFE.
    """

    card: ModelCard
    stored: np.ndarray
    bands: list
    model_bands: tuple
    radiometry: OpticalRadiometry
    seen: np.ndarray
    valid: np.ndarray
    holding: Any
    held: tuple
    radar: Optional[np.ndarray]
    sar_model_bands: tuple
    grid: RasterGrid
    area: SceneArea
    layer_weights: Optional[np.ndarray]
    mask_shape: MaskShape
    threshold: float
    is_matched: bool
    features: dict = field(default_factory=dict)
    first: dict = field(default_factory=dict)
    pictures: dict = field(default_factory=dict)

    @property
    def tiles(self) -> tuple:
        """Windows of the tiles, in the order of a run."""
        return tuple(tile for row in self.area.plan.tile_rows() for tile in row.tiles)

    @property
    def skipped(self) -> frozenset:
        """Tiles without data or without anything to reconstruct, as far as that is known without the network."""
        wanted = self.valid.any(axis=0)
        if self.layer_weights is not None:
            wanted = wanted & (self.layer_weights > 0)
        return frozenset(index for index, tile in enumerate(self.tiles) if not wanted[tile.slices()].any())

    @property
    def scaled_radar(self) -> Optional[np.ndarray]:
        """(2, h, w) what the network sees of the radar, None where there is none."""
        return None if self.radar is None else sar_values(self.radar, self.sar_model_bands, self.card)

    @property
    def nbytes(self) -> int:
        """Memory that this ground holds."""
        return _bytes_of([self.stored, self.seen, self.radar, self.features, self.first, self.pictures])

    def cloudy_tile(self, index: int) -> np.ndarray:
        """(1, 13, size, size), what the network sees of a tile."""
        rows, columns = self.tiles[index].slices()
        seen, valid = self.seen[:, rows, columns][self.holding], self.valid[:, rows, columns][self.holding]
        return optical_tile(seen, self.held, self.area.plan.size, self.card, valid)

    def tile_features(self, index: int, predictor: Predictor) -> Any:
        """What the network makes of a tile's radar."""
        if index in self.features:
            return self.features[index]
        rows, columns = self.tiles[index].slices()
        radar = None if self.radar is None else self.radar[:, rows, columns]
        features = predictor.encode_sar(sar_tile(radar, self.sar_model_bands, self.area.plan.size, self.card))
        # Tiles that do not show are evaluated once.
        if len(self.features) < MOST_FEATURES and self.area.shows(self.tiles[index]):
            self.features[index] = features
        return features

    def keep(self, index: int, first: Prediction) -> None:
        """Notes what the network made of a tile at first; where that does not show, only the opacities count."""
        if not self.area.shows(self.tiles[index]):
            first = Prediction(np.zeros((1, 0, 1, 1), np.float32), None, opacity_of(first).copy())
        self.first[index] = first

    def goes_on(self, index: int) -> bool:
        """Whether a tile needs more than its first evaluation, which is known."""
        if not self.area.shows(self.tiles[index]):
            return False
        if self.layer_weights is not None:
            return True
        return bool(opacity_mask(opacity_of(self.first[index])[0], self.threshold).any())

    def tile_values(self, index: int, estimate: Prediction) -> np.ndarray:
        """(channels, h, w): what is added to each band, the error scale where there is one, then the opacities.

        The last two are the first evaluation's, as in `remove_clouds`."""
        tile, bands = self.tiles[index], list(self.model_bands)
        rows, columns = tile.slices()
        if self.area.shows(tile):
            parts = [added_values(estimate, 0, self.seen[:, rows, columns], bands)]
            scale = self.first[index].scale
            if scale is not None:
                parts.append(scale[0, bands, : tile.height, : tile.width].mean(axis=0)[None])
        else:
            count = len(bands) + ("scale" in self.card.heads)
            parts = [np.zeros((count, tile.height, tile.width), np.float32)]
        if self.layer_weights is None or self.is_matched:
            parts.append(opacity_of(self.first[index])[0, :, : tile.height, : tile.width])
        return np.concatenate(parts)


class PreviewDrawing:
    """The picture of a ground while its tiles arrive: the input's own values with the reconstruction put in.

    stored, changed, uncertainty: of the pixels shown, whose place among all is that of the ground's area.inner.
    """

    def __init__(self, ground: PreviewGround) -> None:
        height, width = ground.stored.shape[1:]
        self._ground, self._shown = ground, ground.area.inner
        self._whole = Window(0, 0, width, height)
        self._cloud = np.zeros((height, width), bool)
        self.mosaic = TileMosaic(ground.area.plan, ground.skipped)
        self.stored = _cut(ground.stored, self._shown).copy()
        self.changed = np.zeros(self.stored.shape[1:], np.uint8)
        self.uncertainty = np.zeros(self.changed.shape, np.float32) if "scale" in ground.card.heads else None
        self._matching: Optional[tuple] = None

    def put(self, estimates: dict, is_last: bool) -> None:
        """Draws estimates of tiles, by index; the levels follow the land around once all tiles are there.

        is_last: nothing more is going to be put; then the levels are those of `remove_clouds`. Until then they move by
        as much as was right when the tiles were complete: fitting them anew takes as long as an evaluation.
        """
        ground = self._ground
        for index, estimate in estimates.items():
            self.mosaic.put(index, ground.tile_values(index, estimate))
        is_one = len(estimates) == 1
        place = self.mosaic.tiles[next(iter(estimates))] if is_one else self._whole
        if not (ground.is_matched and self.mosaic.is_complete):
            self._draw(place)
        elif is_last or self._matching is None:
            self._draw_matched(is_last)
        else:
            self._draw_moved(place)

    def shown(self) -> tuple:
        """Copies of what is drawn: the image, percent changed, and the expected error or None."""
        error = self.uncertainty
        return self.stored.copy(), self.changed.copy(), None if error is None else error.copy()

    def _draw(self, place: Window) -> None:
        ground = self._ground
        if ground.layer_weights is not None:
            self._compose(place, self.mosaic.blended(place), ground.layer_weights[place.slices()])
            return
        # A cloud's rim reaches into the neighbours, and theirs into this place.
        reach = ground.mask_shape.reach
        place = grown(place, reach, self._whole)
        values, known = blend = self.mosaic.blended(place)
        self._cloud[place.slices()] = opacity_mask(values[-2:], ground.threshold) & known
        self._compose(place, blend, self._weights(self._cloud, place))

    def _weights(self, cloud: np.ndarray, place: Window) -> np.ndarray:
        """(h, w) weights of a place, from the clouds of all pixels."""
        shape = self._ground.mask_shape
        around = grown(place, shape.reach, self._whole)
        weights = reconstruction_weights(cloud[around.slices()], shape)
        return _cut(weights, place.shifted(-around.col, -around.row))

    def _draw_matched(self, is_last: bool) -> None:
        ground, count, shown = self._ground, len(self._ground.bands), self._shown
        values, known = self.mosaic.blended(self._whole)
        observed = looked_at(ground.valid.any(axis=0), 0, [ground.tiles[index] for index in ground.skipped])
        complete = ground.valid[ground.holding].all(axis=0)
        clear = None if ground.layer_weights is None else ground.layer_weights == 0
        rows = slice(shown.row, shown.bottom)
        matched = matched_values(
            ground.seen, values[:count], ground.scaled_radar, values[-2:], observed, complete, clear, rows
        )[:, :, shown.col : shown.right]
        if ground.layer_weights is None:
            weights = self._weights(opacity_mask(values[-2:], ground.threshold) & known, shown)
        else:
            weights = _cut(ground.layer_weights, shown)
        values, known = _cut(values, shown), _cut(known, shown)
        self._matching = None if is_last else (matched - values[:count], weights)
        self._compose(shown, (np.concatenate([matched, values[count:]]), known), weights)

    def _draw_moved(self, tile: Window) -> None:
        """A tile of a walk: its opacities, and with them the weights, are still those of the first evaluation."""
        assert self._matching is not None
        moves, weights = self._matching
        place = tile.intersection(self._shown)
        if place is None:
            return
        values, known = self.mosaic.blended(place)
        delta, here = values[: len(moves)], place.shifted(-self._shown.col, -self._shown.row)
        np.maximum(delta + _cut(moves, here), -_cut(self._ground.seen, place), out=delta)
        self._compose(place, (values, known), _cut(weights, here))

    def _compose(self, place: Window, blend: tuple, weights: np.ndarray) -> None:
        """Puts what is shown of a place into the picture."""
        seen_of = place.intersection(self._shown)
        if seen_of is None:
            return
        ground, inside = self._ground, seen_of.shifted(-place.col, -place.row)
        values, known, weights = (_cut(each, inside) for each in (*blend, weights))
        pixels, valid = _cut(ground.stored, seen_of)[ground.bands], _cut(ground.valid, seen_of)
        weights = np.where(valid.any(axis=0) & known, weights, np.float32(0))
        low, high = reflectance_clip(ground.card)
        delta = values[: len(ground.bands)]
        clear = (_cut(ground.seen, seen_of) + delta) * np.float32(high - low) + np.float32(low)
        drawn = composite(pixels, clear, delta != 0, weights, valid, ground.radiometry)
        here = seen_of.shifted(-self._shown.col, -self._shown.row).slices()
        for band, rows in zip(ground.bands, drawn):
            self.stored[band][here] = rows
        self.changed[here] = reconstructed_percent(weights)
        if self.uncertainty is not None:
            self.uncertainty[here] = (weights > 0) * values[len(ground.bands)] * np.float32(high - low)


def _cut(array: np.ndarray, place: Window) -> np.ndarray:
    """A window of (…, h, w), as a view."""
    rows, columns = place.slices()
    return array[..., rows, columns]


def read_ground(job: CloudRemovalJob, predictor: Predictor) -> PreviewGround:
    """Reads what the job's extent shows; raises DbcrError as `remove_clouds` does."""
    with open_inputs(job, predictor, Silence()) as inputs:
        place, card = inputs.area.place, inputs.card
        stored = inputs.optical.read(range(1, inputs.optical.profile.count + 1), place)
        bands = [band - 1 for band in inputs.selection.file_bands]
        valid = ~inputs.radiometry.missing(stored[bands])
        return PreviewGround(
            card=card,
            stored=stored,
            bands=bands,
            model_bands=inputs.selection.model_bands,
            radiometry=inputs.radiometry,
            seen=model_values(stored[bands], valid, inputs.radiometry, card),
            valid=valid,
            holding=inputs.holding,
            held=inputs.held_model_bands,
            radar=None if inputs.sar is None else inputs.sar.read(place),
            sar_model_bands=inputs.sar_model_bands,
            grid=inputs.grid,
            area=inputs.area,
            layer_weights=_layer_weights(job, inputs),
            mask_shape=job.mask_shape,
            threshold=card.mask_threshold if job.mask_threshold is None else job.mask_threshold,
            is_matched=matches_surroundings(job, card),
        )


def _layer_weights(job: CloudRemovalJob, inputs: SceneInputs) -> Optional[np.ndarray]:
    """(h, w) weights that do not wait for the network; None where the model finds the clouds."""
    with open_mask(job, inputs) as mask:
        return None if mask.needs_opacity else mask.weights(0, inputs.area.place.height)


def _bytes_of(value: Any) -> int:
    """Bytes of all arrays in nested containers and predictions."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, dict):
        value = value.values()
    elif isinstance(value, Prediction):
        value = (value.clear, value.scale, value.opacity)
    elif hasattr(value, "nbytes"):
        return int(value.nbytes)
    elif not isinstance(value, (list, tuple)):
        return 0
    return sum(map(_bytes_of, value))
