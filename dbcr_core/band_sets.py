# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a model's own mask is to be trusted with the bands that a file has."""

from __future__ import annotations

from .bands import BandSelection
from .model_card import ModelCard

BLUE, ENOUGH = "B02", 6
"""What must be there, or how many bands, for those that lack to be estimated so well that bright land is no cloud."""


def mask_doubt(selection: BandSelection, count: int, card: ModelCard) -> str:
    """What to beware of where a model finds clouds by the bands of a file of `count`; empty where it can.

    A network that sees zeros for a band that always came with the others may take most of a clear scene for cloud.
    """
    present, sets = set(selection.names), [set(names.split(",")) for names in card.band_sets]
    if present in sets or (card.band_moments and (BLUE in present or len(present) >= ENOUGH)):
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
