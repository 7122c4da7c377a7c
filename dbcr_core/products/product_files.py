# SPDX-License-Identifier: GPL-3.0-or-later
"""Products as they are downloaded, seen as one raster: SAFE folders, zips, bands in files of their own.

A product becomes a name that GDAL opens: a path, a subdataset, or a virtual raster as text.
"""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Sequence
from xml.etree import ElementTree

from ..band_names import names_band
from ..errors import InputError, UnreadableError
from ..rasters.faults import existing, is_virtual
from ..rasters.virtual_bands import VirtualBand

_ZIP = "/vsizip/"
RASTER_SUFFIXES = (".tif", ".tiff", ".jp2", ".vrt", ".img")
_OPTICAL_METADATA = re.compile(r"(MTD_MSIL(1C|2A)|S2[A-D]_\w+_MTD_SAFL(1C|2A)(_\w+)?)\.xml$")
_OPTICAL_NAME = re.compile(r"(^|[/\\])S2[A-D]_[^/\\]*\.SAFE([/\\]|$)")
_SEN2LIKE_METADATA = re.compile(r"MTD_MSIL2[FH]\.xml$")
_LISTED_FILES = re.compile(r"\s*[;,|]\s*")


@dataclass(frozen=True)
class ProductFiles:
    """The files of a folder or zip; `root` is what GDAL puts before their names (a path, or /vsizip/…).

    Without those that macOS puts beside each file: they bear its name, and hold none of it.
    """

    root: str
    names: tuple[str, ...]  # relative to the root, with slashes

    def __post_init__(self) -> None:
        kept = (n for n in self.names if not (n.startswith("__MACOSX/") or n.rpartition("/")[2].startswith("._")))
        object.__setattr__(self, "names", tuple(kept))

    @property
    def shown(self) -> str:
        """The folder or zip as the user knows it."""
        return self.root[len(_ZIP) :] if self.root.startswith(_ZIP) else self.root

    def path(self, name: str) -> str:
        """A file as GDAL opens it."""
        return f"{self.root}/{name}"

    def read(self, name: str) -> bytes:
        """The content of a small file; InputError where it cannot be read."""
        try:
            if self.root.startswith(_ZIP):
                with zipfile.ZipFile(self.shown) as archive:
                    return archive.read(name)
            with open(self.path(name), "rb") as file:
                return file.read()
        except (OSError, EOFError, KeyError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error) as error:
            raise UnreadableError(
                f"{name} in {self.shown} cannot be read ({error}); download the product again."
            ) from error

    def xml(self, name: str) -> ElementTree.Element:
        """A file's root element; InputError where it cannot be read."""
        try:
            return ElementTree.fromstring(self.read(name))
        except (ElementTree.ParseError, LookupError, ValueError) as error:
            raise InputError(f"{name} in {self.shown} is damaged ({error}); download the product again.") from error

    def below(self, folder: str) -> ProductFiles:
        """The files of a subfolder ("" is everything)."""
        if not folder:
            return self
        prefix = folder + "/"
        return ProductFiles(self.root, tuple(n for n in self.names if n.startswith(prefix)))


def resolve(path: str, allow_network: bool = False) -> str:
    """What GDAL opens for a path that the user gave.

    Beside plain rasters: several files as "VV.tif,VH.tif", a Sentinel-2 or Sentinel-1 SAFE folder, its zip, its
    MTD_MSIL*.xml or manifest.safe, or the folder of one granule (inside GRANULE). Raises InputError where nothing fits
    or a product is incomplete. allow_network: whether listed files may be read over the network.
    """
    parts = listed_files(path)
    if len(parts) > 1:
        return _stack(parts, allow_network)
    if is_virtual(path) or not os.path.exists(path):
        return existing(path)
    absolute = existing(path)
    root = product_folder(absolute)
    if root:
        folder = absolute if os.path.isdir(absolute) else os.path.dirname(absolute)
        granule = "" if folder == root else f"GRANULE/{os.path.basename(folder)}"
        return _from_files(_folder(root), path, granule)
    return _from_files(_zip(absolute), path) if absolute.lower().endswith(".zip") else absolute


def product_folder(path: str) -> str:
    """The folder of all that an absolute path stands for: of a product, its metadata or granule; else ""."""
    name = os.path.basename(path)
    folder = path if os.path.isdir(path) else os.path.dirname(path)
    if os.path.basename(os.path.dirname(folder)) == "GRANULE" and (folder == path or name == "MTD_TL.xml"):
        return os.path.dirname(os.path.dirname(folder))
    is_metadata = any(kind.search(name) for kind in (_OPTICAL_METADATA, _SEN2LIKE_METADATA))
    return folder if folder == path or is_metadata or name == "manifest.safe" else ""


def listed_files(path: str) -> list[str]:
    """The files of "VV.tif,VH.tif"; the path itself where it is no list."""
    if os.path.exists(path) or path.startswith("<"):
        return [path]
    parts = [part for part in _LISTED_FILES.split(path) if part]
    # A name that only GDAL understands may hold a comma itself.
    return [path] if is_virtual(path) and not all(map(_is_name, parts)) else parts


def _is_name(path: str) -> bool:
    return is_virtual(path) or os.path.exists(path)


def source_names(bands: Sequence[VirtualBand]) -> tuple[str, ...]:
    """Names (without folder and suffix) of the one file behind each band of a virtual raster; empty where that is not
    so."""
    files = [{file for file, _ in band.sources} for band in bands]
    # One file behind all bands says nothing of any of them.
    return tuple(_distinct_names([each.pop() for each in files])) if all(len(each) == 1 for each in files) else ()


def _from_files(files: ProductFiles, path: str, granule: str = "") -> str:
    """The raster that a folder or zip holds; `granule` names the only one to take of a Sentinel-2 product."""
    from .safe_optical import optical_product
    from .safe_sar import sar_product

    metadata = [n for n in files.names if _OPTICAL_METADATA.search(n) and "GRANULE/" not in n and "DATASTRIP/" not in n]
    if len(metadata) > 1:
        raise InputError(f"{path} holds {len(metadata)} Sentinel-2 products; give one of them.")
    if metadata:
        return optical_product(files, metadata[0], granule)
    if any(map(_SEN2LIKE_METADATA.search, files.names)):
        raise InputError(
            f"{files.shown} is a product of sen2like; give its bands' files (GRANULE/…/IMG_DATA) separated by commas."
        )
    manifests = [n for n in files.names if n.rpartition("/")[2] == "manifest.safe"]
    if len(manifests) == 1 and any("GRANULE/" in n or _OPTICAL_NAME.search(n) for n in (*files.names, files.shown)):
        raise InputError(
            f"The Sentinel-2 product {files.shown} lacks its MTD_MSIL1C.xml or MTD_MSIL2A.xml; download it again."
        )
    if len(manifests) == 1:
        return sar_product(files, manifests[0])
    rasters = [n for n in files.names if n.lower().endswith(RASTER_SUFFIXES)]
    if len(rasters) == 1:
        return files.path(rasters[0])
    raise InputError(
        f"{path} is no Sentinel product and holds {len(rasters) or 'no'} rasters; "
        "give one raster, or the bands' files separated by commas."
    )


def _folder(path: str) -> ProductFiles:
    names = []
    for folder, folders, files in os.walk(path):
        depth = os.path.relpath(folder, path).count(os.sep)
        if depth >= 5:  # a SAFE folder is not deeper; a user's home may be
            folders.clear()
        relative = os.path.relpath(folder, path)
        names += [name if relative == "." else f"{relative}/{name}".replace(os.sep, "/") for name in files]
        if len(names) > 10_000:
            raise InputError(f"{path} holds too many files to be a product; give the product's own folder.")
    return ProductFiles(path, tuple(sorted(names)))


def _zip(path: str) -> ProductFiles:
    try:
        with zipfile.ZipFile(path) as archive:
            root = _ZIP + path.replace(os.sep, "/")
            return ProductFiles(root, tuple(sorted(archive.namelist())))
    except (OSError, RuntimeError, ValueError, zipfile.BadZipFile) as error:
        raise UnreadableError(f"{path} is not a readable zip file ({error}); download it again.") from error


def _stack(paths: Sequence[str], allow_network: bool) -> str:
    """Files of one or more bands each as one raster on the finest grid."""
    from ..rasters.stack import stack_vrt

    return stack_vrt(bands_of_files(paths), allow_network)


def bands_of_files(paths: Sequence[str]) -> dict[str, str]:
    """Listed files by what may name their bands; InputError where one is missing, or there twice."""
    for path in paths:
        existing(path)
    names = _distinct_names(paths) or [os.path.splitext(path)[0] for path in paths]  # VV/data.tif, VH/data.tif
    if len(set(names)) < len(names):
        raise InputError("The list of files names the same file twice; name each band's file once.")
    return dict(zip(names, paths))


def _distinct_names(paths: Sequence[str]) -> list[str]:
    """What may name the band of each file, or of each subdataset of one; empty where two are the same."""
    for naming in (band_name, _part_name):
        names = [naming(path) for path in paths]
        if all(names) and len(set(names)) == len(names):
            return names
    return []


def band_name(path: str) -> str:
    """The part of a file's name that may name its band; of DRIVER:"file":part the part where that does."""
    part = _part_name(path)
    # So GDAL calls the only band of a netCDF file, whatever it holds.
    return part if names_band(part) and part != "Band1" else _stem(path)


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path.partition("?")[0] if is_virtual(path) else path))[0]


def _part_name(path: str) -> str:
    """What follows the last colon of DRIVER:"file":part; the same as of a file where that is no such name."""
    rest = path.partition(":")[2]
    is_part = is_virtual(path) and not path.startswith(("/vsi", "<")) and ":" in rest and not rest.startswith("//")
    return os.path.basename(path.rpartition(":")[2]) if is_part else _stem(path)
