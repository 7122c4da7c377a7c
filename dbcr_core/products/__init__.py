# SPDX-License-Identifier: GPL-3.0-or-later
"""Products as they are downloaded: SAFE folders, zips, bands in files of their own, each seen as one raster."""

from __future__ import annotations

from .product_files import (
    RASTER_SUFFIXES,
    ProductFiles,
    band_name,
    bands_of_files,
    listed_files,
    product_folder,
    resolve,
    source_names,
)

__all__ = [
    "RASTER_SUFFIXES",
    "ProductFiles",
    "band_name",
    "bands_of_files",
    "listed_files",
    "product_folder",
    "resolve",
    "source_names",
]
