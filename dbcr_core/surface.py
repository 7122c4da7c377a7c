# SPDX-License-Identifier: GPL-3.0-or-later
"""What covers the ground, judged roughly by reflectance: cloud, cirrus, snow, water, saturation.

Fixed thresholds on single pixels, good enough to warn before hours of work; no cloud mask.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import numpy as np

BRIGHT = 0.22  # mean visible reflectance from which a pixel is cloud or snow
CIRRUS = 0.01  # reflectance in B10, where the lower atmosphere is opaque
SNOW_INDEX, SNOW_GREEN = 0.4, 0.2  # NDSI and green reflectance of snow
WATER_INDEX, WATER_NIR = 0.1, 0.08  # NDWI and near-infrared reflectance of water
SATURATED = 1.0
RISES_TO_SWIR, RISES_FROM_BLUE = 1.2, 0.75  # SWIR / red and blue / red of sand and bare soil; a cloud is flat


@dataclass(frozen=True)
class SurfaceShares:
    """Shares (0 … 1) of the pixels with data; None where the bands that would tell are missing."""

    cloud: float | None
    cirrus: float | None
    snow: float | None
    water: float | None
    saturated: float


def surface_shares(reflectance: np.ndarray, names: Sequence[str]) -> SurfaceShares:
    """Judge (n, h, w) reflectance of the named bands; NaN is no data. Raises ValueError where there is no data."""
    valid = np.isfinite(reflectance).any(axis=0)
    if not valid.any():
        raise ValueError("no data")
    bands = {name: band[valid] for name, band in zip(names, reflectance)}
    visible = [bands[n] for n in ("B02", "B03", "B04") if n in bands]
    green, swir = bands.get("B03"), bands.get("B11", bands.get("B12"))
    nir = bands.get("B08", bands.get("B8A"))

    def share(flags: np.ndarray) -> float:
        return float(flags.mean())

    with np.errstate(invalid="ignore", divide="ignore"):
        is_snow = is_water = None
        if green is not None and swir is not None:
            is_snow = ((green - swir) / (green + swir) > SNOW_INDEX) & (green > SNOW_GREEN) & (swir < 0.2)
        if green is not None and nir is not None:
            is_water = ((green - nir) / (green + nir) > WATER_INDEX) & (nir < WATER_NIR)
        cloud = None
        if visible:
            bright = np.mean(visible, axis=0) > BRIGHT
            if swir is not None and "B02" in bands and "B04" in bands:
                blue, red = bands["B02"], bands["B04"]
                bright &= ~((swir > RISES_TO_SWIR * red) & (blue < RISES_FROM_BLUE * red))
            cloud = share(bright & ~is_snow if is_snow is not None else bright)
        cirrus = share(bands["B10"] > CIRRUS) if "B10" in bands else None
        saturated = share(np.max(visible or list(bands.values()), axis=0) >= SATURATED)
    return SurfaceShares(
        cloud,
        cirrus,
        None if is_snow is None else share(is_snow),
        None if is_water is None else share(is_water),
        saturated,
    )
