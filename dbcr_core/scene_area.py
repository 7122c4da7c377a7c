# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of a scene is computed, so that a part of it comes out as a run over the whole scene would give it."""

from __future__ import annotations

from dataclasses import dataclass

from .grid import Window
from .job import CloudRemovalJob
from .model_card import ModelCard
from .surroundings import CELL, LAG, LEVELLED
from .tiles import TilePlan, part_around


def matches_surroundings(job: CloudRemovalJob, card: ModelCard) -> bool:
    """Whether levels under clouds follow the land around: not without a head that tells cloud from land."""
    return job.fits_levels and "opacity" in card.heads


def keeps_opacity(job: CloudRemovalJob, card: ModelCard) -> bool:
    """Whether the opacities of tiles are put together as their values are."""
    return job.uses_opacity and "opacity" in card.heads


@dataclass(frozen=True)
class SceneArea:
    """The tiles that decide a window of a scene: those of the whole scene's that lie within `lag` pixels of it.

    window, place: what is asked for, and what is computed, both in the whole scene's pixels. plan: the tiles, counted
    from the corner of `place`. lag: pixels around a pixel that must be known before that one is.
    """

    window: Window
    place: Window
    plan: TilePlan
    lag: int

    @staticmethod
    def of(job: CloudRemovalJob, card: ModelCard, scene: Window, window: Window) -> SceneArea:
        """What a job needs of a scene to clear a window of it with the network of that card."""
        lag = job.mask_shape.reach if job.mask == "auto" else 0
        if matches_surroundings(job, card):
            lag = max(lag, LAG)
        return SceneArea.within(TilePlan(scene.width, scene.height, card.tile_size, job.overlap), window, lag)

    @staticmethod
    def within(whole: TilePlan, window: Window, lag: int) -> SceneArea:
        """The same where `lag` and the plan of the whole scene are known."""
        place, plan = part_around(whole, window, lag, CELL)
        return SceneArea(window, place, plan, lag)

    @property
    def inner(self) -> Window:
        """`window`, counted from the corner of `place`."""
        return self.window.shifted(-self.place.col, -self.place.row)

    def shows(self, tile: Window) -> bool:
        """Whether a tile's reconstruction counts; of the others only where it is cloudy does, one evaluation tells."""
        inner = self.inner
        near = Window(
            inner.col - LEVELLED, inner.row - LEVELLED, inner.width + 2 * LEVELLED, inner.height + 2 * LEVELLED
        )
        return tile.intersection(near) is not None
