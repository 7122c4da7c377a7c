# SPDX-License-Identifier: GPL-3.0-or-later
"""Read whole GeoTIFFs for training; every error names the file and what to do about it."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

from dbcr_core.errors import BackendMissingError, InputError


def read_raster(path: Path) -> tuple[np.ndarray, tuple[str, ...]]:
    """All bands (k, h, w) in the file's type, and their descriptions ("" where a band has none)."""
    try:
        import rasterio
        from rasterio.errors import NotGeoreferencedWarning, RasterioError
    except ImportError as error:
        raise BackendMissingError("Reading GeoTIFFs needs rasterio: install it with `pip install rasterio`.") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path) as file:
                return file.read(), tuple(d or "" for d in file.descriptions)
    except (RasterioError, OSError) as error:
        raise InputError(f"{path} cannot be read ({error}); it is damaged or truncated: fetch it again.") from error
