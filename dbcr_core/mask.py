# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pixels are reconstructed: cloud masks of every common kind, as weights that end exactly at the mask's edge."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from .errors import InputError, RadiometryError

SCL_CLASSES = (3, 8, 9, 10)
"""Sentinel-2 scene classification: cloud shadow, cloud of medium and of high probability, thin cirrus."""

SHADOW_THRESHOLD = 0.5

_CALLED = re.compile(r"(?<![a-z])(?:(?P<scl>scl|scene.?class)|probab|prob(?![a-z])|cldprb|clp(?![a-z]))")

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

    @property
    def words(self) -> str:
        """The kind, and of a probability what is certain."""
        return f"{self.kind} (certain at {self.full:g})" if self.kind == "probability" else self.kind

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


class MaskValues:
    """All values of a mask layer, as far as its kind depends on them.

    low, high: the extremes. counts: how often each whole number from 0 to 255 is there. has_fractions: whether there
    are other numbers than whole ones.
    """

    def __init__(self) -> None:
        self.low, self.high = np.inf, -np.inf
        self.counts = np.zeros(256, np.int64)
        self.has_fractions = False

    @classmethod
    def of(cls, values: np.ndarray) -> MaskValues:
        """Those of one array."""
        found = cls()
        found.add(values)
        return found

    def add(self, values: np.ndarray) -> None:
        """Takes values of any shape; NaN and infinity are none."""
        if values.dtype.kind == "f":
            values = values[np.isfinite(values)]
        if not values.size:
            return
        self.low, self.high = min(self.low, float(values.min())), max(self.high, float(values.max()))
        if values.dtype != np.uint8:
            is_whole = values == np.rint(values)
            self.has_fractions = self.has_fractions or not is_whole.all()
            values = values[is_whole & (values >= 0) & (values <= 255)].astype(np.uint8)
        self.counts += np.bincount(values.ravel(), minlength=256)

    @property
    def is_empty(self) -> bool:
        """Whether there is none."""
        return self.high < self.low

    @property
    def whole(self) -> set[int]:
        """The whole numbers from 0 to 255 that are there."""
        return {*map(int, np.flatnonzero(self.counts))}

    def to_array(self) -> np.ndarray:
        """All of it as float64, for `from_array`."""
        return np.array([self.low, self.high, self.has_fractions, *self.counts], np.float64)

    @classmethod
    def from_array(cls, array: np.ndarray) -> MaskValues:
        """What `to_array` gave."""
        found = cls()
        found.low, found.high, found.has_fractions = float(array[0]), float(array[1]), bool(array[2])
        found.counts = array[3:].astype(np.int64)
        return found


def read_mask_kind(found: MaskValues, asked: str = "auto", hint: str = "", is_counted: bool = False) -> MaskReading:
    """Judges a mask layer by its values, unless its kind was given.

    0/1 (or 0/255) is binary, fractions of one and percentages that go beyond 11 are probabilities. Whole numbers up to
    4 … 11 are SCL classes where the layer is called so (`hint`: its names) or has several, mostly from vegetation on,
    percentages where it is called a probability; what is called so and is 0/1 may be either. is_counted: the file's
    type holds whole numbers only, so that 1 is not certainty but one per cent. Raises RadiometryError where nothing
    fits for certain, InputError for no mask.
    """
    if asked not in KINDS:
        raise InputError(f"Unknown mask kind {asked!r}; choose one of {', '.join(KINDS)}.")
    if found.is_empty:
        raise InputError("The mask holds no values over the scene; choose another mask layer.")
    low, high = found.low, found.high
    full = 1.0 if high <= 1 and not is_counted else 100.0 if high <= 100 else 255.0
    if asked != "auto":
        return MaskReading(asked, full if asked == "probability" else 1.0)
    if low < 0 or high > 255:
        raise InputError(f"The mask's values run from {low:g} to {high:g}; give 0/1, a probability or SCL classes.")
    if found.has_fractions or high > 11:
        is_binary = not found.has_fractions and found.whole <= {0, 255}
        return MaskReading("binary") if is_binary else MaskReading("probability", full)
    called = _CALLED.search(hint.lower()) if is_counted else None
    if high <= 1 and (high == 0 or called is None or called["scl"]):
        return MaskReading("binary")  # classes of nothing but 0 and 1 would be no scene's
    if called and high > 1:
        return MaskReading("scl") if called["scl"] else MaskReading("probability", full)
    # One number beside 0 is what polygons were filled with; a scene has more than one class.
    if high >= 4 and len(found.whole - {0}) > 1 and found.counts[4:12].sum() > found.counts[1:4].sum():
        return MaskReading("scl")
    raise RadiometryError(
        f"The mask's whole numbers run to {high:g}, which may be classes or percentages; "
        "decide with --mask-kind binary, probability or scl.",
        "mask_kind",
        KINDS[1:],
    )


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
