# SPDX-License-Identifier: GPL-3.0-or-later
"""OMBRIA-style PNG pairs: structure of the land in SAR and optical, without absolute SAR levels.

Facts: ``<name>_s2.png`` holds (B11, B08, B03) as 255 x reflectance, ``<name>_s1.png`` VV stretched min-max per image,
so decibels are lost; both 256 x 256, several continents, before and after floods. They teach where edges and fields
lie, not what a backscatter value means; training maps the stretched VV to a plausible range at random.
Source: OMBRIA (Drakonakis et al. 2022), contains modified Copernicus Sentinel data.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from dbcr_core.errors import InputError

from .reading import read_raster
from .scene import Scene, spread_optical, spread_sar

PNG_BANDS = ("B11", "B08", "B03")
STRETCH_DB = (-22.0, 2.0)


def read_pairs(root: Path) -> Iterator[Scene]:
    """Every pair under ``root``; pixels that are black in all three bands are nodata."""
    paths = sorted(Path(root).glob("*_s2.png"))
    if not paths:
        raise InputError(f"{root} holds no <name>_s2.png; unpack the OMBRIA pairs into it.")
    for path in paths:
        name = path.name[: -len("_s2.png")]
        optical = read_raster(path)[0][:3].astype(np.float32) * (10000 / 255)
        clear, bands = spread_optical(optical, PNG_BANDS, str(path))
        low, high = STRETCH_DB
        stretched = read_raster(path.with_name(f"{name}_s1.png"))[0][:1].astype(np.float32) / 255
        sar, sar_bands = spread_sar(low + stretched * (high - low), ("VV",), str(path))
        yield Scene(name, "ombria", bands, clear=clear, sar=sar, sar_bands=sar_bands, sar_kind="relative")
