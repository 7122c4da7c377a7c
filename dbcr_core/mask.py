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

_FILL = 255  # beside nothing else above 100 it is what programs fill with
_LEAST_GRADES = 6  # whole numbers next to others that make a quantity; schemes of classes with a fill have fewer
_MANY_GRADES = 64  # whole numbers that make one with gaps in between, as percentages stretched to 255 have

# What a layer's name may say, the most telling first. "clear": high where the sky is clear. "codes": another number for
# each kind of ground, so that 1 is water or land. "bits": 1 may be cloud as long as there is nothing else.
_CALLED = {
    "clear": re.compile(r"cloud.?score.?(?:plus|\+)|(?<![a-z])cs(?:.?cdf)?(?![a-z])"),
    "probability": re.compile(r"cloud.?prob|(?<![a-z])(?:percent|probab|prob(?![a-z])|cldprb|clp(?![a-z]))"),
    "scl": re.compile(r"(?<![a-z])(?:scl|scene.?class)"),
    "codes": re.compile(r"(?<![a-z])(?:fmask|(?:oa|mg2)(?![a-z]))"),
    "bits": re.compile(r"(?<![a-z])(?:qa|clm|idepix|flags)(?![a-z])"),
}

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

    low, high: the extremes. counts: how often each whole number from 0 to 255 is there, fractions cut off.
    has_fractions: whether there are other numbers than whole ones.
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
            self.has_fractions = self.has_fractions or bool((values != np.rint(values)).any())
            values = values[(values >= 0) & (values <= 255)].astype(np.uint8)
        self.counts += np.bincount(values.ravel(), minlength=256)

    @property
    def is_empty(self) -> bool:
        """Whether there is none."""
        return self.high < self.low

    @property
    def whole(self) -> set[int]:
        """The whole numbers from 0 to 255 that are there, fractions cut off."""
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
    """Judges a mask layer by its values and by what it is called (`hint`: its names), unless its kind was given.

    0/1 (or 0/255) is binary. Fractions of one are probabilities, and so are percentages that go beyond 11 and are
    finely graded, or of a layer that is called so. Whole numbers up to 11 are SCL classes where the layer is called so
    or has several, mostly from vegetation on. is_counted: the file's type holds whole numbers only, so that 1 is not
    certainty but one per cent. Raises RadiometryError where nothing fits for certain, as for other classes, bits, a
    fill that the file does not declare, and what is high where the sky is clear; InputError for no mask.
    """
    if asked not in KINDS:
        raise InputError(f"Unknown mask kind {asked!r}; choose one of {', '.join(KINDS)}.")
    if found.is_empty:
        raise InputError("The mask holds no values over the scene; choose another mask layer.")
    kind = _kind_of(found, hint.lower(), is_counted) if asked == "auto" else asked
    if kind != "probability":
        return MaskReading(kind)
    _check_fill(found)
    return MaskReading(kind, 1.0 if found.high <= 1 and not is_counted else 100.0 if found.high <= 100 else 255.0)


def _kind_of(found: MaskValues, hint: str, is_counted: bool) -> str:
    """The kind that values and names tell of; see `read_mask_kind`."""
    high, whole = found.high, found.whole
    if found.low < 0 or high > 255:
        raise InputError(
            f"The mask's values run from {found.low:g} to {high:g}; give 0/1, a probability or SCL classes."
        )
    called = _check_name(hint, whole)
    if found.has_fractions:
        if called != "scl" and not 1 < high <= 11:
            return "probability"
    elif whole <= {0, _FILL} or (high <= 1 and not (called == "probability" and is_counted)):
        return "binary"  # classes of nothing but 0 and 1 would be no scene's
    elif (called != "probability" and _are_classes(found)) or (called == "scl" and whole <= {*range(12), _FILL}):
        return "scl"
    if called != "scl":
        _check_fill(found)
        if high > 1 if called == "probability" else high > 11 and _is_graded(found):
            return "probability"
    raise RadiometryError(
        f"The mask's numbers run to {high:g}, which may be classes, bits or percentages (make a mask of 0 and 1 if "
        "none fits); decide with --mask-kind binary, probability or scl.",
        "mask_kind",
        KINDS[1:],
    )


def _check_name(hint: str, whole: set[int]) -> str:
    """Which of `_CALLED` the names (in lower case) say, if any; RadiometryError where that is no kind of mask."""
    searched = ((name, pattern.search(hint)) for name, pattern in _CALLED.items())
    name, found = next(((name, found) for name, found in searched if found), ("", None))
    if found is None:
        return ""
    if name == "clear":
        raise RadiometryError(
            f"The mask's name says {found[0]}, which is high where the sky is clear (give 1 minus its values); "
            "decide with --mask-kind binary or probability if this one is high where cloud is.",
            "mask_kind",
            ("binary", "probability"),
        )
    if (name == "codes" and whole != {0}) or (name == "bits" and not (whole <= {0, 1} or whole <= {0, _FILL})):
        raise RadiometryError(
            f"The mask's name says {found[0]}, whose numbers stand for more than cloud (make a mask of 0 and 1 from "
            "those of cloud and shadow); decide with --mask-kind binary, probability or scl if these do not.",
            "mask_kind",
            KINDS[1:],
        )
    return name


def _check_fill(found: MaskValues) -> None:
    """RadiometryError where 255 stands alone above percentages, classes or 1, and would be the one that is certain."""
    highest = max(found.whole - {_FILL}, default=0) + found.has_fractions
    if found.high == _FILL and 0 < highest <= 100:
        raise RadiometryError(
            f"The mask's numbers run to {highest} but for {_FILL}, which looks like no data that the file does not "
            f"declare (gdal_edit.py -a_nodata {_FILL} does); decide with --mask-kind binary or scl if it is none.",
            "mask_kind",
            ("binary", "scl"),
        )


def _are_classes(found: MaskValues) -> bool:
    """Whether whole numbers are SCL classes, mostly ground or cloud: other schemes end at 5, bits are mostly even."""
    mostly = found.counts[4:12].sum() > found.counts[1:4].sum()
    return bool(6 <= found.high <= 11 and len(found.whole - {0}) > 1 and found.whole & {5, 7, 9, 11} and mostly)


def _is_graded(found: MaskValues) -> bool:
    """Whether numbers are those of a quantity: many, or most next to another, or steps up to 100; codes are not."""
    counts = found.counts[1:]
    there = np.pad(counts > 0, 1)
    beside = there[1:-1] & (there[:-2] | there[2:])
    # Of a small scene the rare high ones stand alone; of one under cloud most pixels may have one and the same.
    mostly = 2 * beside.sum() > there.sum() or 2 * counts[beside].sum() > counts.sum()
    if there.sum() >= _MANY_GRADES or (beside.sum() >= _LEAST_GRADES and mostly):
        return True
    return found.high == 100 and found.whole <= {*range(0, 101, 5)}


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


def reconstructed_percent(weights: np.ndarray) -> np.ndarray:
    """uint8 of any shape from weights 0…1, rounded up, since 0 means observed; 100 is for full weight alone."""
    return np.minimum(np.ceil(weights * 100), np.where(weights < 1, 99, 100)).astype(np.uint8)


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
