# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a result differs from its reference: a small picture for the assessment's report."""

from __future__ import annotations

import base64

import numpy as np
from qgis.PyQt.QtCore import QBuffer, QByteArray, QIODevice
from qgis.PyQt.QtGui import QImage

from ..dbcr_core.bands import match_optical
from ..dbcr_core.grid import RasterGrid
from ..dbcr_core.radiometry import detect_optical
from ..dbcr_core.rasters import RasterSource, open_raster

LONGEST = 480
"""Pixels of the picture's longer side; the rasters are averaged down to it."""
DARKEST = 0.1
"""Mean absolute error, in reflectance, that gets the darkest colour."""


def error_map(prediction: str, reference: str) -> np.ndarray:
    """(h, w) float32, mean absolute difference of the common bands in reflectance; NaN where one has no data."""
    with open_raster(prediction) as mine, open_raster(reference) as theirs:
        left, right = match_optical(mine.profile, None), match_optical(theirs.profile, None)
        common = sorted(set(left.model_bands) & set(right.model_bands))
        grid = coarse_grid(mine.grid)
        first = _reflectance(mine, left, common, grid)
        second = _reflectance(theirs, right, common, grid)
    return np.abs(first - second).mean(axis=0)


def coarse_grid(grid: RasterGrid) -> RasterGrid:
    """The same ground in at most LONGEST pixels a side."""
    step = max(1.0, max(grid.width, grid.height) / LONGEST)
    width, height = max(1, round(grid.width / step)), max(1, round(grid.height / step))
    a, b, c, d, e, f = grid.transform
    across, down = grid.width / width, grid.height / height
    return RasterGrid(width, height, (a * across, b * down, c, d * across, e * down, f), grid.crs_wkt)


def as_image_tag(errors: np.ndarray) -> str:
    """The map as an <img> that holds its own pixels: white is no error, dark red DARKEST and more, grey no data."""
    share = np.clip(np.nan_to_num(errors / DARKEST, nan=0.0), 0, 1)[..., None]
    colours = (1 - share) * np.array([255, 255, 255]) + share * np.array([127, 0, 20])
    colours[~np.isfinite(errors)] = 190
    height, width = errors.shape
    pixels = colours.astype(np.uint8).tobytes()  # QImage borrows these bytes: they live until it is saved
    image = QImage(pixels, width, height, 3 * width, QImage.Format.Format_RGB888)
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    times = max(1, LONGEST // max(width, height))
    size = f'width="{width * times}" height="{height * times}"'
    return (
        f'<img alt="error map" {size} src="data:image/png;base64,{base64.b64encode(bytes(content)).decode("ascii")}">'
    )


def _reflectance(source: RasterSource, selection, common: list, grid: RasterGrid) -> np.ndarray:
    radiometry = detect_optical(source, selection)
    place = dict(zip(selection.model_bands, selection.file_bands))
    nodata = 0.0 if radiometry.nodata is None and radiometry.zero_is_nodata else radiometry.nodata
    with source.warped(grid, [place[band] for band in common], resampling="average", nodata=nodata) as coarse:
        stored = coarse.read(range(1, len(common) + 1), grid.window)
    return stored * np.float32(radiometry.scale) + np.float32(radiometry.offset)
