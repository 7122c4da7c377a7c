# SPDX-License-Identifier: GPL-3.0-or-later
"""The doors to both raster libraries: open a raster or product, start an output."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from dataclasses import replace
from typing import Any, Sequence

from ..errors import BackendMissingError, InputError
from .raster import RasterProfile
from .sink import CogSink
from .source import RasterSource


def open_raster(path: str | os.PathLike[str], backend: str | None = None, allow_network: bool = False) -> RasterSource:
    """Open a raster or product for reading (see `products.resolve` for what a path may be).

    `backend` is "gdal", "rasterio" or None for the one that fits the process. Raises InputError (missing file, not a
    raster, read over the network without allow_network) and BackendMissingError.
    """
    from ..products import resolve, source_names
    from ..remote import check_local

    library = raster_library(backend)
    name = resolve(os.fspath(path), allow_network)
    if not allow_network:
        check_local(name, os.fspath(path))
    source = library.open_source(name, os.fspath(path), allow_network)
    source.profile = replace(source.profile, source_names=source_names(os.fspath(path), source.profile.count))
    return source


def create_raster(
    path: str | os.PathLike[str],
    profile: RasterProfile,
    backend: str | None = None,
    *,
    inputs: Sequence[RasterSource] = (),
    resume_key: str = "",
    compression: str = "deflate",
) -> CogSink:
    """Start a raster that will appear at `path` (GeoTIFF, compressed by one of COMPRESSIONS) when published.

    A resume_key stands for everything that decides the pixels: a run that was killed or suspended goes on, in the next
    run with the same key, after the sink's `rows_done` rows.
    Raises OutputError where the folder cannot be written to, the disk is too small, `path` is one of the files that
    `inputs` read from, or the raster library was built without that compression.
    """
    return CogSink(os.fspath(path), profile, raster_library(backend), inputs, resume_key, compression)


def default_backend() -> str:
    """The library to read and write with: QGIS's own GDAL inside QGIS, rasterio (or else osgeo) outside."""
    if "qgis" in sys.modules:
        return "gdal"
    return "rasterio" if importlib.util.find_spec("rasterio") else "gdal"


def raster_library(name: str | None = None) -> Any:
    """The backend's module; for `name` see `open_raster`."""
    name = name or default_backend()
    if name not in ("gdal", "rasterio"):
        raise InputError(f"Unknown raster library {name!r}; choose gdal or rasterio.")
    try:
        return importlib.import_module(f".{name}_backend", __package__)
    except ImportError as error:
        library = "GDAL's Python bindings" if name == "gdal" else "rasterio"
        raise BackendMissingError(f"{library} cannot be loaded ({error}); install rasterio, or run in QGIS.") from error
