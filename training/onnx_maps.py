# SPDX-License-Identifier: GPL-3.0-or-later
"""How an ONNX graph holds its feature maps: as flat (pixels, channels) arrays, whole for images of any size, in strips
for one tile."""

from __future__ import annotations

import numpy as np

from dbcr_core.network import NetworkConfig

from .onnx_norms import NormWriter, row_width

STRIP_VALUES = 100_000
"""Values of a strip at most. What is computed of it then stays in the second-level cache of a core, which takes a fifth
off the time of an evaluation where every core has a tile of its own. With 200,000 that is a seventh; a single tile on
two cores takes a tenth less time then, and the graphs open in 0.5 instead of 0.9 s."""


def strip_counts(config: NetworkConfig, size: int) -> tuple[int, ...]:
    """Strips of every level's map for a square tile, the finest level first: powers of two, of pairs of rows."""
    counts = []
    for level, width in enumerate(config.widths):
        side, count = size >> level, 1
        while side * side * width > STRIP_VALUES * count and side % (4 * count) == 0 and side // (2 * count) >= 4:
            count *= 2
        counts.append(count)
    return tuple(counts)


class MapWriter(NormWriter):
    """Shapes and layouts. A map is a list of strips from top to bottom, each (pixels, channels).

    size: height and width of the only image that the graph takes, or None for any number of images of any size, whose
    maps are one strip each.
    """

    def __init__(
        self, config: NetworkConfig, state: dict[str, np.ndarray], int8: bool, size: int | None = None
    ) -> None:
        super().__init__(state, int8)
        self.config, self.size = config, size
        self.counts = strip_counts(config, size) if size else (1,) * len(config.widths)
        self._shapes: list[str] = []
        self._sides: list[str] = []

    def measure(self, image: str) -> None:
        """Make (n, h, w, -1) and (w,) of every level known, from an (n, c, h, w) input if need be."""
        if self.size:
            return
        shape = self.op("Shape", [image])
        n, _, h, w = self.op("Split", [shape, self.numbers(1, 1, 1, 1)], outputs=4, axis=0)
        for level in range(len(self.config.widths)):
            scale = self.numbers(2**level)
            sides = [self.op("Div", [side, scale]) for side in (h, w)] if level else [h, w]
            self._shapes.append(self.op("Concat", [n, *sides, self.numbers(-1)], axis=0))
            self._sides.append(sides[1])

    def numbers(self, *values: int) -> str:
        """A small constant of whole numbers."""
        return self.constant(list(values), np.int64)

    def row_length(self, level: int) -> str:
        """(1,): pixels in a row."""
        return self.numbers(self.size >> level) if self.size else self._sides[level]

    def batch(self, level: int) -> str:
        """(1,): images, in a graph for any number of them."""
        return self.op("Slice", [self._shapes[level], self.numbers(0), self.numbers(1)])

    def rows(self, image: str, width: int) -> str:
        """(n, h, w, c) to (pixels, c): a view."""
        return self.op("Reshape", [image, self.numbers(-1, width)])

    def flat(self, image: str, width: int) -> str:
        """(n, c, h, w) to (pixels, c)."""
        return self.rows(self.op("Transpose", [image], perm=[0, 2, 3, 1]), width)

    def pixels(self, x: str, level: int, more: int = 0) -> str:
        """A strip with `more` rows than usual to (n, h, w, c): a view."""
        if not self.size:
            return self.op("Reshape", [x, self._shapes[level]])
        side = self.size >> level
        return self.op("Reshape", [x, self.numbers(1, side // self.counts[level] + more, side, -1)])

    def image(self, x: str, level: int, more: int = 0) -> str:
        """A strip with `more` rows than usual to (n, c, h, w)."""
        return self.op("Transpose", [self.pixels(x, level, more)], perm=[0, 3, 1, 2])

    def swapped(self, x: str, middle: list[str], width: int) -> str:
        """Rows seen as (..., a, b, width), a and b being one-element shapes, to (..., b, a, width)."""
        shape = self.op("Concat", [self.numbers(-1), *middle, self.numbers(width)], axis=0)
        return self.op("Transpose", [self.op("Reshape", [x, shape])], perm=[0, 2, 1, 3])

    # Strips

    def bordered(self, strips: list[str], index: int, level: int) -> tuple[str, int, list[int]]:
        """A strip between the nearest rows of its neighbours: it, the rows added, and the padding of a 3x3
        convolution, which begins with zeros only where the image ends."""
        side = self.size >> level if self.size else 0
        x, more = self._between(strips, index, side, axis=0)
        return x, more, self._padding(index, len(strips))

    def bordered_image(self, strips: list[str], index: int, reach: int) -> tuple[str, list[int]]:
        """The same of strips of the finest level as (n, c, h, w), with `reach` rows of each neighbour."""
        return self._between(strips, index, reach, axis=2)[0], self._padding(index, len(strips), reach)

    def _between(self, strips: list[str], index: int, reach: int, axis: int) -> tuple[str, int]:
        """A strip with so much of its neighbours, and the number of these."""
        parts = [strips[index]]
        if index:
            last = [self.numbers(v) for v in (-reach, np.iinfo(np.int64).max, axis)]
            parts.insert(0, self.op("Slice", [strips[index - 1], *last]))
        if index + 1 < len(strips):
            first = [self.numbers(v) for v in (0, reach, axis)]
            parts.append(self.op("Slice", [strips[index + 1], *first]))
        return self.joined(parts, axis), len(parts) - 1

    def _padding(self, index: int, count: int, reach: int = 1) -> list[int]:
        """Of a convolution of one of so many strips: top, left, bottom, right."""
        return [reach * (index == 0), reach, reach * (index + 1 == count), reach]

    def cut_image(self, image: str, index: int, border: int = 0) -> tuple[str, list[int]]:
        """Rows of an (n, c, h, w) input that a strip of the finest level shows, and `border` rows around them; with
        the padding of a 3x3 convolution."""
        count = self.counts[0]
        if not self.size or count == 1:
            return image, self._padding(0, 1)
        high = self.size // count
        top, end = max(0, index * high - border), min(self.size, (index + 1) * high + border)
        return self.op("Slice", [image, *(self.numbers(v) for v in (top, end, 2))]), self._padding(index, count)

    def joined(self, strips: list[str], axis: int) -> str:
        """Strips as one array."""
        return self.op("Concat", strips, axis=axis) if len(strips) > 1 else strips[0]

    def arranged_for(self, level: int, strips: list[str]) -> list[str]:
        """A level's map in as many strips as the level has."""
        count = self.counts[level]
        while len(strips) > count:
            strips = [self.joined(strips[i : i + 2], 0) for i in range(0, len(strips), 2)]
        if not self.size or len(strips) == count:
            return strips
        share = count // len(strips)
        pixels = (self.size >> level) ** 2 // count
        sizes = self.numbers(*[pixels] * share)
        return [part for x in strips for part in self.op("Split", [x, sizes], outputs=share, axis=0)]

    def image_shape(self, channels: int) -> list[str | int]:
        """Of an input or output image."""
        return [1, channels, self.size, self.size] if self.size else ["n", channels, "h", "w"]

    def map_shape(self, level: int) -> list[str | int]:
        """Of a strip of a level's map as (n, h, w, c)."""
        width = row_width(self.config.widths[level])
        if not self.size:
            return ["n", f"h{level}", f"w{level}", width]
        side = self.size >> level
        return [1, side // self.counts[level], side, width]
