# SPDX-License-Identifier: GPL-3.0-or-later
"""Which numbers of a raster can be data, said once for numpy and for GDAL: programs fill with others undeclared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LARGEST = 3e38
"""What no number in a file's float32 need be above."""


@dataclass(frozen=True)
class DataRange:
    """Numbers between low and high, neither of them included; 0 among them only if has_zero."""

    low: float
    high: float
    has_zero: bool = False

    def holds(self, values: np.ndarray) -> np.ndarray:
        """True where there is data, of any shape; never for NaN."""
        held = (values > self.low) & (values < self.high)
        return held if self.has_zero else held & (values != 0)

    def table(self, none: float) -> tuple[tuple[float, float], ...]:
        """Points of a piecewise linear function for `vrt.source` that keeps data and makes `none` of all else."""
        low, high, infinity = (np.float32(value) for value in (self.low, self.high, np.inf))
        edges = float(np.nextafter(low, infinity)), float(np.nextafter(high, -infinity))
        inner = [(edge, edge) for edge in edges]
        if self.low < 0 < self.high and not self.has_zero:
            least = float(np.finfo(np.float32).tiny)
            inner[1:1] = [(-least, -least), (0.0, none), (least, least)]
        return ((self.low, none), *inner, (self.high, none))


BACKSCATTER = {
    "db": DataRange(-450.0, 385.0),  # what linear power in float32 can express
    "power": DataRange(0.0, LARGEST),
    "amplitude": DataRange(0.0, LARGEST**0.5),
}
"""Backscatter by its unit. Exactly 0 dB hardly happens: where it does, a program filled a border with it."""
UNKNOWN = DataRange(BACKSCATTER["db"].low, float("inf"))
"""Numbers whose meaning is not known yet: 0 and what programs fill with, such as -9999, are none in any."""
