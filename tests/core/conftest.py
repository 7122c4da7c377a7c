# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for the engine's tests."""

from __future__ import annotations

from typing import Sequence

import pytest

from dbcr_core.grid import Window
from dbcr_core.rasters.rasterio_backend import RasterioSource

try:
    from dbcr_core.rasters.gdal_backend import GdalSource
except ImportError:  # where rasterio's wheel is all there is, as on Windows without QGIS
    GdalSource = None


@pytest.fixture
def reads(monkeypatch) -> list[tuple[tuple[int, ...], Window]]:
    """Bands and window of every read from a raster, by whom ever and through either library."""
    found: list[tuple[tuple[int, ...], Window]] = []

    def count(library: type) -> None:
        read = library.read

        def counted(self, bands: Sequence[int], window: Window):
            found.append((tuple(bands), window))
            return read(self, bands, window)

        monkeypatch.setattr(library, "read", counted)

    for library in (GdalSource, RasterioSource):
        if library is not None:
            count(library)
    return found
