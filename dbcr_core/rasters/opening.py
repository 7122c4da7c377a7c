# SPDX-License-Identifier: GPL-3.0-or-later
"""The doors to both raster libraries: open a raster or product, start an output."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import time
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, Sequence

from ..band_names import names_band
from ..errors import BackendMissingError, InputError
from ..remote import check_local, is_remote, remote_address
from . import virtual_bands
from .faults import files_on_disk
from .raster import RasterProfile
from .sink import CogSink
from .source import RasterSource, states


def open_raster(path: str | os.PathLike[str], backend: str | None = None, allow_network: bool = False) -> RasterSource:
    """Open a raster or product for reading (see `products.resolve` for what a path may be).

    `backend` is "gdal", "rasterio" or None for the one that fits the process. Raises InputError (missing file, not a
    raster, read over the network without allow_network) and BackendMissingError.
    """
    from ..products import resolve

    library = raster_library(backend)
    name = resolve(os.fspath(path), allow_network)
    if not allow_network:
        check_local(name, os.fspath(path))
    source = library.open_source(name, os.fspath(path), allow_network)
    try:
        source.profile = _with_names(source.profile, name, library, allow_network)
    except InputError:
        source.close()
        raise
    return source


def _with_names(profile: RasterProfile, name: str, library: Any, allow_network: bool) -> RasterProfile:
    """The profile of a virtual raster with what the files behind it say of bands that have no names."""
    from ..products import source_names

    bands = virtual_bands.read(name)
    if len(bands) != profile.count:
        return profile
    files = source_names(bands)
    if any(profile.descriptions) or any(map(names_band, files)):
        return replace(profile, source_names=files)
    is_far = allow_network and remote_address(name) is not None
    most = virtual_bands.MOST_ASKED_FAR if is_far else virtual_bands.MOST_ASKED
    found, unlike = virtual_bands.descriptions(bands, name, partial(_described, library, allow_network), most)
    return replace(profile, source_names=files, descriptions=found, unlike_file=unlike)


def _described(library: Any, allow_network: bool, file: str) -> tuple[str, ...]:
    """The descriptions of a file's bands, remembered for as long as it stays the same, of a remote one for good, as
    GDAL itself does: a mosaic is opened again and again."""
    # Descriptions may stand beside a raster, too.
    known = states(files_on_disk(file, (f"{file}.aux.xml",)), time.time())
    read = _remembered if known or is_remote(file) else _remembered.__wrapped__
    return read(library, allow_network, file, known)


@lru_cache(maxsize=4096)
def _remembered(library: Any, allow_network: bool, file: str, _known: tuple[str, ...]) -> tuple[str, ...]:
    """The descriptions of a file's bands; of a single one what its name tells where they tell nothing."""
    from ..products import band_name

    with library.open_source(file, file, allow_network) as source:
        found = tuple(source.profile.descriptions)
    name = band_name(file)
    return (name,) if len(found) == 1 and names_band(name) and not names_band(found[0]) else found


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
