# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether bands that were taken by their number look like what they were taken for."""

from __future__ import annotations

from .bands import BandSelection
from .errors import BandOrderError
from .rasters import RasterSource
from .rasters.value_samples import sample_values
from .stored_values import OpticalRadiometry
from .wording import ORDER_ASSUMED, percent

_HARDLY_EVER = (("B10", 1.0, "B04"), ("B12", 1.5, "B11"), ("B04", 1.5, "B05"))
"""(band, times, other): in 257 real images less than 1 % of the pixels reflect so many times as much in the band as in
the other. Where files were sorted by name, B8A last, or by pixel size, B08 fourth, most do."""
_LIT = 0.1  # reflectance that is no noise
_SOME = 0.05


def order_doubts(source: RasterSource, selection: BandSelection, radiometry: OpticalRadiometry) -> tuple[str, ...]:
    """What to beware of in an order that only their number tells; BandOrderError where the values contradict it."""
    if not selection.is_assumed:
        return ()
    of_file = dict(zip(selection.names, selection.file_bands))
    for band, times, other in _HARDLY_EVER:
        if band not in of_file:
            continue
        stored, valid = sample_values(
            source, [of_file[band], of_file[other]], lambda values: ~radiometry.missing(values[:, :, None])[:, :, 0]
        )
        seen, against = radiometry.scaled(stored)
        judged = valid.all(axis=0)
        share = float(((seen > times * against) & (seen > _LIT))[judged].mean()) if judged.any() else 0.0
        if share > _SOME:
            raise BandOrderError(
                f"The {len(of_file)} bands have no names, and cannot be in Sentinel-2's order: band {of_file[band]} is "
                f"too bright for {band} in {percent(share)} of the pixels; name them in file order with --bands "
                "(B8A comes last where files were sorted by name)."
            )
    return (ORDER_ASSUMED,)
