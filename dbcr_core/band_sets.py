# SPDX-License-Identifier: GPL-3.0-or-later
"""What a model makes of the bands that a file has: which it never learned, and whether its mask is to be trusted."""

from __future__ import annotations

from .bands import BandSelection
from .errors import InputError
from .model_card import ModelCard

BLUE, ENOUGH = "B02", 6
"""What must be there, or how many bands, for those that lack to be estimated so well that bright land is no cloud."""


def learned_bands(selection: BandSelection, card: ModelCard) -> tuple[BandSelection, str]:
    """The bands of a file that a network learned, and what to tell of the others, which it neither sees nor clears;
    empty where it learned all. Raises InputError where it learned none."""
    places = [place for place, name in enumerate(selection.names) if name in card.trained_bands]
    if len(places) == len(selection.names):
        return selection, ""
    if not places:
        raise InputError(
            f"The model {card.id} learned {', '.join(card.trained_bands)}, none of which the image has; "
            "choose another model."
        )
    others = ", ".join(name for name in selection.names if name not in card.trained_bands)
    return selection.those(places), f"the model never learned {others}, left as in the image, clouds included"


def mask_doubt(selection: BandSelection, count: int, card: ModelCard) -> str:
    """What to beware of where a model finds clouds by the bands of a file of `count`; empty where it can.

    A network that sees zeros for a band that always came with the others may take most of a clear scene for cloud.
    """
    present, sets = set(selection.names) & set(card.trained_bands), [set(names.split(",")) for names in card.band_sets]
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
