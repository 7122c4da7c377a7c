# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes of a few hundred pixels and a network of a few operations, so that thousands of cases take seconds."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.core.raster_files import backscatter_db, reflective_dn, write_raster
from tests.plugin.tiny_model import write_tiny_model

BANDS = ("B02", "B03", "B04")
HEIGHT, WIDTH = 12, 14


def write_optical(path: Path, **options) -> str:
    """Three described bands of DN."""
    return write_raster(path, reflective_dn(3, HEIGHT, WIDTH), descriptions=BANDS, nodata=0, **options)


def write_radar(path: Path, **options) -> str:
    """VV and VH in decibels."""
    return write_raster(path, backscatter_db(HEIGHT, WIDTH), descriptions=("VV", "VH"), **options)


def write_mask(path: Path) -> str:
    """A binary cloud mask."""
    mask = np.zeros((1, HEIGHT, WIDTH), np.uint8)
    mask[0, :5] = 1
    return write_raster(path, mask)


def write_model(path: Path) -> str:
    """The tiny network with tiles of 64 pixels."""
    return str(write_tiny_model(path, tile_size=64))
