# SPDX-License-Identifier: GPL-3.0-or-later
"""Small pictures of samples and results, written as PNG."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .files import whole_file

RED_GREEN_BLUE = (3, 2, 1)
FALSE_COLOUR = (11, 7, 3)
GAP = 2
LARGEST = 1024
"""Pixels per side above which a tile is thinned: nobody looks at more, and a sheet of whole scenes takes gigabytes."""


def natural_colour(reflectance: np.ndarray, bands: Sequence[int] = RED_GREEN_BLUE, bright: float = 0.3) -> np.ndarray:
    """(13, h, w) reflectance to (h, w, 3) 0..1, ``bright`` shown as white; with a gentle gamma."""
    return np.clip(reflectance[list(bands)] / bright, 0, 1).transpose(1, 2, 0) ** 0.8


def false_colour_sar(sar: np.ndarray) -> np.ndarray:
    """(2, h, w) scaled SAR to (h, w, 3): VV, VH, VV."""
    return np.stack([sar[0], sar[1], sar[0]], -1).clip(0, 1)


def grey(values: np.ndarray, top: float = 1.0) -> np.ndarray:
    """(h, w) to (h, w, 3)."""
    return np.repeat(np.clip(values / top, 0, 1)[..., None], 3, -1)


def save_grid(path: Path, rows: Sequence[Sequence[np.ndarray]]) -> None:
    """Tiles (h, w, 3) in rows, with a white gap, to a PNG; smaller ones in the upper left of the largest one's room."""
    step = -(-max(side for row in rows for tile in row for side in tile.shape[:2]) // LARGEST)
    rows = [[tile[::step, ::step] for tile in row] for row in rows]
    height, width = (max(tile.shape[axis] for row in rows for tile in row) for axis in (0, 1))
    columns = max(len(r) for r in rows)
    sheet = np.ones((len(rows) * (height + GAP), columns * (width + GAP), 3), np.float32)
    for i, row in enumerate(rows):
        for j, tile in enumerate(row):
            top, left = i * (height + GAP), j * (width + GAP)
            sheet[top : top + tile.shape[0], left : left + tile.shape[1]] = tile
    with whole_file(path) as unfinished:
        unfinished.write_bytes(png_bytes((np.clip(sheet, 0, 1) * 255 + 0.5).astype(np.uint8)))


def png_bytes(pixels: np.ndarray) -> bytes:
    """An (h, w, 3) uint8 picture as PNG. Written here so that training needs nothing but torch and numpy."""
    height, width, _ = pixels.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], axis=1)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows.tobytes())), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
