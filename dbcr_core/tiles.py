# SPDX-License-Identifier: GPL-3.0-or-later
"""Which windows the network sees: overlapping square tiles that cover a scene, row by row."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import InputError
from .grid import Window


@dataclass(frozen=True)
class TileRow:
    """A row of tiles with the same top edge, left to right."""

    index: int
    row: int
    height: int
    tiles: tuple[Window, ...]


@dataclass(frozen=True)
class TilePlan:
    """Tiles of `size` pixels that overlap by at least `overlap`, shifted inwards at the far edges.

    A scene narrower or lower than a tile gets one tile of the scene's own width or height, which is padded to `size`
    before the network sees it. overlap None: a quarter of a tile.
    scene: None, or where the scene lies of which width x height pixels are a part, seen from the part's corner; its
    tiles are then those of the whole scene's that lie within the part.
    """

    width: int
    height: int
    size: int = 256
    overlap: int | None = None
    scene: Window | None = None

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise InputError("A scene without pixels cannot be tiled.")
        if not 0 <= self.least_overlap <= self.size // 2:
            raise InputError(f"The tile overlap must lie between 0 and {self.size // 2} pixels, not {self.overlap}.")

    @property
    def least_overlap(self) -> int:
        """Pixels that neighbours share at least."""
        return self.size // 4 if self.overlap is None else self.overlap

    @property
    def columns(self) -> tuple[int, ...]:
        """First column of each tile in a row."""
        return self._starts(self.width, (0, self.width) if self.scene is None else (self.scene.col, self.scene.width))

    @property
    def rows(self) -> tuple[int, ...]:
        """First row of each row of tiles."""
        return self._starts(
            self.height, (0, self.height) if self.scene is None else (self.scene.row, self.scene.height)
        )

    def _starts(self, length: int, scene: tuple[int, int]) -> tuple[int, ...]:
        first, scene_length = scene
        last = length - min(self.size, scene_length)
        starts = (first + start for start in tile_starts(scene_length, self.size, self.least_overlap))
        return tuple(start for start in starts if 0 <= start <= last)

    def finished(self, index: int, lag: int) -> int:
        """First row that is not final once the tile rows 0 … index are blended, `lag` rows being held back."""
        if index < 0:
            return 0
        return self.height if index + 1 >= len(self.rows) else max(0, self.rows[index + 1] - lag)

    def first_needed(self, rows_done: int, lag: int) -> int:
        """Index of the tile row to begin with so that every row from `rows_done` on comes out as if from the start.

        Rows from rows_done − lag on must hold all their tiles, for the mask looks that far up.
        """
        extent = min(self.size, self.height)
        for index, row in enumerate(self.rows):
            if row + extent > rows_done - lag:
                return index
        return len(self.rows)

    @property
    def count(self) -> int:
        """Number of tiles."""
        return len(self.columns) * len(self.rows)

    def tile_rows(self) -> list[TileRow]:
        """All rows of tiles, top to bottom."""
        width, height = min(self.size, self.width), min(self.size, self.height)
        return [
            TileRow(index, row, height, tuple(Window(col, row, width, height) for col in self.columns))
            for index, row in enumerate(self.rows)
        ]


def part_around(whole: TilePlan, window: Window, reach: int, grain: int) -> tuple[Window, TilePlan]:
    """The part of a scene that decides a window of it, and the tiles in it: all that lie within `reach` pixels.

    whole: the plan of all of the scene. The part begins at multiples of `grain` pixels.
    """
    col, right = _span(whole.columns, min(whole.size, whole.width), window.col - reach, window.right + reach, grain)
    row, bottom = _span(whole.rows, min(whole.size, whole.height), window.row - reach, window.bottom + reach, grain)
    part = Window(col, row, right - col, bottom - row)
    scene = Window(-col, -row, whole.width, whole.height)
    return part, TilePlan(part.width, part.height, whole.size, whole.overlap, scene)


def _span(starts: tuple[int, ...], size: int, first: int, end: int, grain: int) -> tuple[int, int]:
    """(first pixel, end) of the tiles that hold pixels of first … end − 1."""
    needed = [start for start in starts if start < end and start + size > first]
    return needed[0] // grain * grain, needed[-1] + size


def tile_starts(length: int, size: int, overlap: int) -> tuple[int, ...]:
    """First pixels of tiles of `size` that cover `length` pixels with at least `overlap` shared between neighbours.

    The tiles are spread evenly, so that no two overlap much more than the others.
    """
    if length <= size:
        return (0,)
    gaps = -(-(length - size) // (size - overlap))
    return tuple(round(k * (length - size) / gaps) for k in range(gaps + 1))
