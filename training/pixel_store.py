# SPDX-License-Identifier: GPL-3.0-or-later
"""The pixels of many scenes in one array per kind of image, on any device, from which whole batches are cut at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from .datasets.scene import SAR_NODATA, Scene

TELLING_PIXELS = 300


class Images:
    """Images of one kind, (c, h, w) 16-bit each or None, laid end to end as (pixels, c) on the device."""

    def __init__(self, images: Sequence[np.ndarray | None], channels: int, fill: int, device: str) -> None:
        areas = [0 if a is None else a.shape[1] * a.shape[2] for a in images]
        ends = np.cumsum(areas)
        joined = np.empty((max(1, int(ends[-1])), channels), np.int16)
        for image, area, end in zip(images, areas, ends):
            if image is not None:
                joined[end - area : end] = image.view(np.int16).reshape(channels, -1).T
        there = np.array([a is not None for a in images])
        self.there = torch.from_numpy(there).to(device)
        self.firsts = torch.from_numpy(np.where(there, ends - areas, 0)).to(device)
        self.signed = all(a is None or a.dtype == np.int16 for a in images)
        self.fill = fill
        self.pixels = torch.from_numpy(joined).to(device)

    def take(self, chosen: Tensor, places: Tensor) -> Tensor:
        """Float32 (n, c, crop, crop) of the ``chosen`` (n,) images; ``places`` (n, crop, crop) count pixels in each."""
        firsts, there = (values[chosen].view(-1, 1, 1) for values in (self.firsts, self.there))
        rows = self.pixels.index_select(0, ((firsts + places) * there).flatten()).to(torch.int32)
        if not self.signed:
            rows &= 0xFFFF
        values = rows.view(*places.shape, -1).permute(0, 3, 1, 2).to(torch.float32).contiguous()
        return torch.where(there[..., None], values, float(self.fill))


class PixelStore:
    """The clear, cloudy and SAR images of ``scenes``, which need not be kept beside it."""

    def __init__(self, scenes: Sequence[Scene], device: str = "cpu") -> None:
        self.device = device
        self.shapes = np.array([s.shape for s in scenes])
        self.clear = Images([s.clear for s in scenes], 13, 0, device)
        self.cloudy = Images([s.cloudy for s in scenes], 13, 0, device)
        self.sar = Images([s.sar for s in scenes], 2, int(SAR_NODATA), device)

    def cut(self, chosen: np.ndarray, crop: int, random: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """A random crop of each of the ``chosen`` (n,) scenes in one of eight orientations.

        Clear and cloudy images (n, 13, crop, crop) in DN, zeros where a scene has none, and SAR (n, 2, crop, crop) in
        centidecibels, ``SAR_NODATA`` where it has none; float32. What a scene is too small for is mirrored.
        """
        places = self._places(chosen, crop, random)
        scenes = torch.from_numpy(chosen).to(self.device)
        return tuple(images.take(scenes, places) for images in (self.clear, self.cloudy, self.sar))

    def shows(self, number: int, clear: np.ndarray, bands: np.ndarray, valid: np.ndarray) -> bool:
        """Whether the scene of that number has this clear image (13, h, w), 0..1, where both reach and ``valid`` (h, w)
        says so, in these ``bands`` (13,). Some hundred pixels tell."""
        height, width = np.minimum(self.shapes[number], clear.shape[1:])
        rows, cols = np.nonzero(valid[:height, :width])
        if not self.clear.there[number] or not len(rows) or not bands.any():
            return False
        some = slice(None, None, 1 + len(rows) // TELLING_PIXELS)
        rows, cols = rows[some], cols[some]
        chosen = torch.tensor([number], device=self.device)
        places = torch.from_numpy(rows * self.shapes[number][1] + cols).to(self.device)[None, None]
        ours = self.clear.take(chosen, places)[0, :, 0].clamp(max=10000).cpu().numpy()
        theirs = (clear[:, rows, cols] * 10000).round()
        return bool((ours == theirs)[bands].all())

    def _places(self, chosen: np.ndarray, crop: int, random: np.random.Generator) -> Tensor:
        heights, widths = self.shapes[chosen].T
        drawn = [
            heights,
            widths,
            random.integers(np.maximum(heights - crop, 0) + 1),
            random.integers(np.maximum(widths - crop, 0) + 1),
            *random.integers(2, size=(3, len(chosen))),
        ]
        drawn = torch.from_numpy(np.stack(drawn)).to(self.device)[:, :, None, None]
        height, width, row, col, turned, upside_down, mirrored = drawn
        along = torch.arange(crop, device=self.device)
        down, across = along.view(1, -1, 1), along.view(1, 1, -1)
        down = torch.where(upside_down > 0, crop - 1 - down, down)
        across = torch.where(mirrored > 0, crop - 1 - across, across)
        rows = row + torch.where(turned > 0, across, down)
        cols = col + torch.where(turned > 0, down, across)
        return _mirrored(rows, height) * width + _mirrored(cols, width)


def _mirrored(place: Tensor, size: Tensor) -> Tensor:
    """Places beyond the edge, counted back from it."""
    place = place % (2 * size)
    return torch.minimum(place, 2 * size - 1 - place)
