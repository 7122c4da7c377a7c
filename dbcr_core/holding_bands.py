# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds anything at all: which bands of a whole file, as an empty one tells nothing of land; and an extent."""

from __future__ import annotations

from itertools import chain
from typing import Callable, Sequence

import numpy as np

from .bands import BandSelection
from .errors import InputError
from .grid import Window
from .rasters import RasterSource
from .rasters.lattice import lattice_over, look_at_stored
from .rasters.value_samples import read_spot, spots_from_the_middle
from .stored_values import OpticalRadiometry
from .strips import PIECE_ROWS
from .tile_inputs import band_index

_LATTICE = 128  # points per side


def holding_bands(
    source: RasterSource, bands: Sequence[int], radiometry: OpticalRadiometry, check: Callable[[], None]
) -> slice | list[int]:
    """Index of those of some 1-based bands that hold an observation, by a few spots or else by a lattice over the file.

    A band that is nothing but zeros was put there to fill its place, whatever the file declares. One spot tells of all
    bands as a rule, and it is one by which values are judged, so that little is decoded for this. check: called before
    every read.
    """
    found = np.zeros(len(bands), bool)
    for spot in spots_from_the_middle(source.grid):
        check()
        found |= _hold(read_spot(source, bands, spot), radiometry)
        if found.all():
            return slice(None)
    unseen = np.flatnonzero(~found)
    check()
    lattice = look_at_stored(source, lattice_over(source.grid, _LATTICE), [bands[place] for place in unseen])
    found[unseen] = _hold(lattice, radiometry)
    return band_index([int(place) for place in np.flatnonzero(found)], len(bands))


def held_bands(
    source: RasterSource, selection: BandSelection, radiometry: OpticalRadiometry, check: Callable[[], None]
) -> slice | list[int]:
    """Index of those bands of a selection that count: as `holding_bands`, or all where the few pixels there are lie
    between what it looks at."""
    return holding_bands(source, selection.file_bands, radiometry, check) or slice(None)


def _hold(stored: np.ndarray, radiometry: OpticalRadiometry) -> np.ndarray:
    """(k) whether bands (k, h, w) hold an observation that is not 0."""
    observed: np.ndarray = ~radiometry.missing(stored) & (stored != 0)
    return observed.any(axis=(1, 2))


def empty_bands_doubt(selection: BandSelection, holding: slice | list[int]) -> str:
    """What to tell of the bands that hold nothing; empty where all do."""
    held = selection.those(holding).names
    empty = [name for name in selection.names if name not in held]
    if not empty:
        return ""
    several = len(empty) > 1
    return (
        f"{', '.join(empty)} {'hold' if several else 'holds'} no data, or nothing but zeros, and "
        f"{'count' if several else 'counts'} as missing: the network is shown an estimate from the other bands"
    )


def check_extent(
    source: RasterSource,
    bands: Sequence[int],
    radiometry: OpticalRadiometry,
    window: Window,
    check: Callable[[], None],
) -> None:
    """InputError where none of some 1-based bands holds an observation in a window. check: called before every read.

    The spots in the middle nearly always tell; only where none does, all is read until the first that is found.
    """
    spots = (spot.shifted(window.col, window.row) for spot in spots_from_the_middle(source.grid.crop(window)))
    tops = range(window.row, window.bottom, PIECE_ROWS)
    rows = (Window(window.col, top, window.width, min(PIECE_ROWS, window.bottom - top)) for top in tops)
    for place in chain(spots, rows):
        check()
        if not radiometry.missing(source.read(bands, place)).all():
            return
    raise InputError("The extent holds no data of the optical image; choose another extent.")
