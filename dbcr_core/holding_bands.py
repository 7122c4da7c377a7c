# SPDX-License-Identifier: GPL-3.0-or-later
"""Which bands of a whole file hold anything at all: one that is empty throughout tells nothing of where there is land."""

from __future__ import annotations

from typing import Sequence

import numpy as np

from .rasters import RasterSource
from .rasters.lattice import lattice_over, look_at_stored
from .rasters.value_samples import read_spot, spots_from_the_middle
from .stored_values import OpticalRadiometry
from .tile_inputs import band_index

_LATTICE = 128  # points per side


def holding_bands(source: RasterSource, bands: Sequence[int], radiometry: OpticalRadiometry) -> slice | list[int]:
    """Index of those of some 1-based bands that hold an observation, by a few spots or else by a lattice over the file.

    One spot tells of all bands as a rule, and it is one by which values are judged, so that little is decoded for this.
    """
    found = np.zeros(len(bands), bool)
    for spot in spots_from_the_middle(source.grid):
        found |= ~radiometry.missing(read_spot(source, bands, spot)).all(axis=(1, 2))
        if found.all():
            return slice(None)
    unseen = np.flatnonzero(~found)
    lattice = look_at_stored(source, lattice_over(source.grid, _LATTICE), [bands[place] for place in unseen])
    found[unseen] = ~radiometry.missing(lattice).all(axis=(1, 2))
    return band_index([int(place) for place in np.flatnonzero(found)], len(bands))
