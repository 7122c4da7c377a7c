# SPDX-License-Identifier: GPL-3.0-or-later
"""Bands in files of their own, seen as one raster: a virtual stack on the finest of their grids."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import Mapping

from ..band_names import names_band
from ..disk import remedy, write_text
from ..errors import InputError, OutputError
from ..grid import RasterGrid
from ..hidden_gaps import refuse_hidden_gaps
from . import vrt
from .faults import existing
from .opening import open_raster
from .raster import common_dtype
from .stated import StatedValues


def write_stack(
    path: str,
    files: Mapping[str, str],
    allow_network: bool = False,
    stated: Mapping[str, StatedValues] | None = None,
) -> str:
    """Writes a virtual raster of the first band of each file; returns its path.

    A band is described by its key, or as its file does where that alone names a band of a sensor.
    Coarser bands are repeated to the finest grid. stated: what others say of a file's values, by its key. A file that
    already says the same is left as it is, so that its time tells whether anything changed. Raises InputError where
    the files do not lie on the same ground, state other values themselves, or one tells by a mask alone where it holds
    no data: a virtual raster has only the values.
    """
    text = stack_vrt(files, allow_network, stated)
    try:
        if os.path.isfile(path):
            with open(path, encoding="utf-8", errors="replace") as stream:
                if stream.read() == text:
                    return path
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write_text(path, text)
    except OSError as error:
        raise OutputError(
            f"The virtual raster {path} cannot be written ({error.strerror}); {remedy(error)}."
        ) from error
    return path


def stack_vrt(
    files: Mapping[str, str], allow_network: bool = False, stated: Mapping[str, StatedValues] | None = None
) -> str:
    """The virtual raster as text."""
    with ExitStack() as opened:
        sources = {
            name: opened.enter_context(open_raster(file, allow_network=allow_network)) for name, file in files.items()
        }
        profiles = {name: source.profile for name, source in sources.items()}
        for name, values in (stated or {}).items():
            profiles[name] = values.complete(profiles[name], files[name])
        finest = min(profiles.values(), key=lambda profile: profile.grid.pixel_size)
        for name, profile in profiles.items():
            if not _same_ground(profile.grid, finest.grid):
                raise InputError(
                    f"The band {name} ({files[name]}) does not lie on the same ground as the others; list files of the "
                    f"same ground, and put tiles side by side first (gdalbuildvrt mosaic.vrt TILES)."
                )
            if profile.count != 1:
                raise InputError(
                    f"{files[name]} holds {profile.count} bands; list files of one band each, or if these are tiles "
                    f"put them side by side first (gdalbuildvrt mosaic.vrt TILES)."
                )
            refuse_hidden_gaps(sources[name], "single-band")
        dtype = common_dtype([profile.dtype for profile in profiles.values()])
        nodata = next((profile.nodata for profile in profiles.values() if profile.nodata is not None), None)
        bands = []
        for number, (name, profile) in enumerate(profiles.items(), 1):
            grid = profile.grid
            described = profile.descriptions[0]
            source = vrt.source(
                existing(files[name]),
                1,
                nodata=profile.nodata if profile.nodata != nodata else None,  # left out, and so the stack's own
                size=(grid.width, grid.height),
                target=finest.grid.window,
            )
            bands.append(
                vrt.band(
                    number,
                    dtype,
                    source,
                    nodata=nodata,
                    description=described if names_band(described) and not names_band(name) else name,
                    scale=profile.scales[0],
                    offset=profile.offsets[0],
                    unit=profile.units[0],
                    tags=profile.band_tags[0],
                )
            )
        return vrt.dataset(finest.grid, bands, finest.tags, gcps=finest.gcps, gcps_crs=finest.gcps_wkt)


def _same_ground(grid: RasterGrid, finest: RasterGrid) -> bool:
    """The same CRS, first and last corners that agree within half a pixel of the coarser grid: neither is flipped."""
    reach = 0.5 * max(grid.pixel_size)
    corners = [[*each.xy(0, 0), *each.xy(each.width, 0), *each.xy(each.width, each.height)] for each in (grid, finest)]
    return grid.crs_wkt == finest.crs_wkt and all(abs(a - b) <= reach for a, b in zip(*corners))
