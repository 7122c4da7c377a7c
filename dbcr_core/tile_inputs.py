# SPDX-License-Identifier: GPL-3.0-or-later
"""From stored values to what the network sees, and back from windows to padded squares."""

from __future__ import annotations

from typing import Sequence

import numpy as np

from .band_moments import with_estimates
from .band_names import OPTICAL_BANDS, SAR_BANDS
from .gaps import continued
from .model_card import ModelCard
from .stored_values import OpticalRadiometry

VV_OF_VH = (1.7, 0.71)
"""VV in decibels where only VH is known: the first, plus the second times VH. Fitted to pixels of 65 places of several
regions (correlation .70). On the validation images VH alone is worth 1.0 dB so; with zeros for VV it costs 4.4 dB."""


def model_values(stored: np.ndarray, valid: np.ndarray, radiometry: OpticalRadiometry, card: ModelCard) -> np.ndarray:
    """(k, h, w) stored values → float32 in the model's units: reflectance clipped to the card's range, scaled to 0…1.

    valid: (k, h, w) where there are data; elsewhere the result is 0.
    """
    low, high = reflectance_clip(card)
    with np.errstate(invalid="ignore", over="ignore"):
        values = radiometry.scaled(stored)
        if low != 0:
            values -= np.float32(low)
        if high - low != 1:
            values /= np.float32(high - low)
        for band in values:
            # Asking costs a quarter of clipping, and few bands need it; NaN fails the question and remains.
            if band.size and not (band.min() >= 0 and band.max() <= 1):
                np.maximum(band, np.float32(0), out=band)
                np.minimum(band, np.float32(1), out=band)
    if not valid.all():
        values[~valid] = 0
    return values


def reflectance_clip(card: ModelCard) -> tuple[float, float]:
    """The reflectances that 0 and 1 stand for in the model's units."""
    low, high = (clip / 10000.0 for clip in card.optical_clip_dn)
    return low, high


def band_index(bands: Sequence[int], count: int) -> slice | list[int]:
    """Index of 0-based bands of an array that has `count` of them: a slice, which gives a view, where it is all."""
    return slice(None) if list(bands) == list(range(count)) else list(bands)


def optical_tile(
    values: np.ndarray, model_bands: tuple[int, ...], size: int, card: ModelCard, valid: np.ndarray | None = None
) -> np.ndarray:
    """(k, h, w) bands that exist → (1, 13, size, size) float32, edges mirrored up to `size`.

    Missing bands, and those without any data in this tile, are estimated by the card's moments, or zero where it has
    none. valid: (k, h, w) where there are data, None for everywhere; gaps are filled, see `gaps`. A whole tile of all
    bands without gaps is not copied.
    """
    if valid is not None:
        held = [place for place, here in enumerate(valid) if here.any()]
        if 0 < len(held) < len(valid):
            values, valid = values[held], valid[held]
            model_bands = tuple(model_bands[place] for place in held)
        values = continued(values, valid)
    place = band_index(model_bands, len(OPTICAL_BANDS))
    if place == slice(None) and values.shape[1:] == (size, size):
        return values[None]
    tile = np.zeros((1, len(OPTICAL_BANDS), size, size), np.float32)
    tile[0, place] = mirrored(values, size)
    if card.band_moments and len(model_bands) < len(OPTICAL_BANDS):
        with_estimates(tile[0], model_bands, card.band_moments)
    return tile


def sar_tile(decibel: np.ndarray | None, model_bands: tuple[int, ...], size: int, card: ModelCard) -> np.ndarray:
    """(k, h, w) decibels, NaN where no data → (1, 2, size, size) float32 scaled to 0…1; None or missing bands zero.

    Gaps in a band are filled, see `gaps`.
    """
    tile = np.zeros((1, len(SAR_BANDS), size, size), np.float32)
    if decibel is not None:
        tile[0] = mirrored(sar_values(continued(decibel, ~np.isnan(decibel)), model_bands, card), size)
    return tile


def sar_values(decibel: np.ndarray, model_bands: tuple[int, ...], card: ModelCard) -> np.ndarray:
    """(k, h, w) decibels, NaN where no data → (2, h, w) float32 scaled to 0…1; missing bands zero.

    Where VV is missing it is estimated from VH: no model has seen VH alone, and it would mislead.
    """
    scaled = np.zeros((len(SAR_BANDS), *decibel.shape[1:]), np.float32)
    known = dict(zip(model_bands, decibel))
    if 1 in known:
        expected = np.float32(VV_OF_VH[0]) + np.float32(VV_OF_VH[1]) * known[1]
        known[0] = np.where(np.isnan(known[0]), expected, known[0]) if 0 in known else expected
    for band, values in known.items():
        low, high = card.sar_clip_db[SAR_BANDS[band]]
        place = np.clip(values, low, high, out=scaled[band])
        place -= low
        place /= high - low
        place[np.isnan(place)] = 0
    return scaled


def mirrored(values: np.ndarray, size: int) -> np.ndarray:
    """(k, h, w) → (k, size, size): windows smaller than a tile continue as their own mirror image."""
    _, height, width = values.shape
    if (height, width) == (size, size):
        return values
    return np.pad(values, ((0, 0), (0, size - height), (0, size - width)), mode="symmetric")
