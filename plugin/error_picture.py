# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a result differs from its reference: a small picture for the assessment's report."""

from __future__ import annotations

import base64

import numpy as np
from qgis.PyQt.QtCore import QBuffer, QByteArray, QIODevice
from qgis.PyQt.QtGui import QImage

from ..dbcr_core.error_map import LONGEST

DARKEST = 0.1
"""Mean absolute error, in reflectance, that gets the darkest colour."""


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
