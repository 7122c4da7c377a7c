# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pixels are reconstructed: cloud masks of every common kind, as weights that end exactly at the mask's edge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .errors import InputError

SCL_CLASSES = (3, 8, 9, 10)
"""Sentinel-2 scene classification: cloud shadow, cloud of medium and of high probability, thin cirrus."""

SHADOW_THRESHOLD = 0.5

KINDS = ("auto", "binary", "probability", "scl")
"""How a mask layer's values are read; "auto" decides by data type and values."""


@dataclass(frozen=True)
class MaskShape:
    """How a mask becomes weights.

    buffer: pixels by which the mask grows first. feather: pixels over which the weight rises from the (grown) mask's
    edge inwards; 0 gives a hard edge. Outside the grown mask the weight is exactly 0.
    """

    buffer: int = 0
    feather: int = 4

    def __post_init__(self) -> None:
        for name, value in (("buffer", self.buffer), ("feather", self.feather)):
            if not 0 <= value <= 128:
                raise InputError(f"The mask {name} must lie between 0 and 128 pixels, not {value}.")

    @property
    def reach(self) -> int:
        """How many pixels away a mask value can change a weight."""
        return self.buffer + self.feather


@dataclass(frozen=True)
class MaskReading:
    """How a mask layer's values become cloud or no cloud.

    kind: "binary" (anything above 0 is cloud), "probability" or "scl". full: the value of a probability that means
    certainty (1, 100 or 255).
    """

    kind: str
    full: float = 1.0

    def cloud(self, values: np.ndarray, threshold: float = 0.5) -> np.ndarray:
        """Boolean (h, w) from mask values; `threshold` is a share of certainty, 0…1. NaN is not cloud."""
        known = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0) if values.dtype.kind == "f" else values
        if self.kind == "scl":
            return np.isin(known, SCL_CLASSES)
        if self.kind == "probability":
            return known >= max(threshold, 1e-6) * self.full
        return known > 0


def opacity_mask(opacity: np.ndarray, threshold: float) -> np.ndarray:
    """(h, w) bool from (2, h, w) cloud and shadow opacity: cloud from `threshold` on, shadow from one half at least.

    Faint shadow is everywhere (relief, dark soils), faint cloud is not.
    """
    return (opacity[0] >= threshold) | (opacity[1] >= max(threshold, SHADOW_THRESHOLD))


def read_mask_kind(values: np.ndarray, asked: str = "auto") -> MaskReading:
    """Judges a mask layer by a sample of its values, unless its kind was given.

    0/1 (or 0/255) is binary, whole numbers that reach 4 … 11 are SCL classes, fractions of one and whole percentages
    are probabilities. Raises InputError where nothing fits for certain.
    """
    if asked not in KINDS:
        raise InputError(f"Unknown mask kind {asked!r}; choose one of {', '.join(KINDS)}.")
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values.ravel()
    if finite.size == 0:
        raise InputError("The mask holds no values over the scene; choose another mask layer.")
    low, high = float(finite.min()), float(finite.max())
    full = 1.0 if high <= 1 else 100.0 if high <= 100 else 255.0
    if asked != "auto":
        return MaskReading(asked, full if asked == "probability" else 1.0)
    if low < 0 or high > 255:
        raise InputError(f"The mask's values run from {low:g} to {high:g}; give 0/1, a probability or SCL classes.")
    whole = bool(np.all(finite == np.rint(finite)))
    if whole and (high <= 1 or set(np.unique(finite)) <= {0, 255}):
        return MaskReading("binary")
    if not whole or high > 11:
        return MaskReading("probability", full)
    if high >= 4:
        return MaskReading("scl")
    raise InputError(f"The mask's classes run to {high:g}, which may mean anything; state the mask kind.")


def reconstruction_weights(cloud: np.ndarray, shape: MaskShape) -> np.ndarray:
    """Weight of the reconstruction per pixel, (h, w) float32 in 0…1, from a boolean cloud mask.

    1 deep inside, falling as a raised cosine towards the edge, 0 outside the grown mask. The array's own border does
    not count as an edge. A weight depends on mask pixels at most `shape.reach` away.
    """
    grown = _grow(cloud, shape.buffer)
    if shape.feather == 0 or not grown.any():
        return grown.astype(np.float32)
    depth = grown.astype(np.uint8)
    inside = grown
    for step in range(shape.feather):
        inside = ~_neighbours(~inside, diagonal=step % 2 == 1)
        depth += inside
    ramp = 0.5 * (1 - np.cos(np.pi * np.arange(shape.feather + 2) / (shape.feather + 1)))
    return ramp.astype(np.float32)[depth]


def _grow(mask: np.ndarray, pixels: int) -> np.ndarray:
    for step in range(pixels):
        mask = _neighbours(mask, diagonal=step % 2 == 1)
    return mask


def _neighbours(mask: np.ndarray, diagonal: bool) -> np.ndarray:
    """Dilation by one pixel; alternating cross and square makes octagons, near enough to circles."""
    grown = mask.copy()
    grown[1:] |= mask[:-1]
    grown[:-1] |= mask[1:]
    across = grown if diagonal else mask
    result = grown.copy()
    result[:, 1:] |= across[:, :-1]
    result[:, :-1] |= across[:, 1:]
    return result
