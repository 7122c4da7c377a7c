# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a model's own mask is to be trusted with the bands that a file has."""

from __future__ import annotations

from typing import Sequence

from .band_names import BAND_SETS
from .bands import BandSelection


def mask_doubt(selection: BandSelection, count: int, known: Sequence[str] = BAND_SETS) -> str:
    """What to beware of where a model finds clouds by the bands of a file of `count`; empty if it knows that set.

    Without a band that always came with the others a network may take most of a clear scene for cloud.
    """
    present, sets = set(selection.names), [set(names.split(",")) for names in known]
    if present in sets:
        return ""
    doubt = "the model's own mask does not know this set of bands and may take clear land for cloud; give a mask layer"
    kept = max((names for names in sets if names < present), key=len, default=None)
    if kept is None:
        return doubt
    in_order = ["-"] * count
    for name, band in zip(selection.names, selection.file_bands):
        if name in kept:
            in_order[band - 1] = name
    # With "=", as a list may begin with a dash.
    return f"{doubt}, or leave bands out, which then keep their clouds: --bands={','.join(in_order).rstrip(',-')}"
