# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentinel-2 Level-1C and Level-2A products in SAFE format as one virtual raster of all bands at 10 m.

Built from the product's own metadata: MTD_MSIL*.xml lists the images, the quantification and the offsets, the
granule's MTD_TL.xml the grids. Coarser bands are repeated by nearest neighbour, so that no stored value changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from . import vrt
from .bands import OPTICAL_BANDS, OPTICAL_WAVELENGTHS_NM
from .errors import InputError
from .grid import RasterGrid

if TYPE_CHECKING:
    from .products import ProductFiles

_IMAGE_BAND = re.compile(r"_(B\d\d|B8A)(?:_(\d\d)m)?$")
_NATIVE_RESOLUTION = {"B01": 60, "B02": 10, "B03": 10, "B04": 10, "B08": 10, "B09": 60, "B10": 60}  # else 20 m
_KEPT_TAGS = (
    "PRODUCT_URI",
    "PROCESSING_LEVEL",
    "PROCESSING_BASELINE",
    "PRODUCT_TYPE",
    "PRODUCT_START_TIME",
    "GENERATION_TIME",
    "SPACECRAFT_NAME",
    "DATATAKE_SENSING_START",
    "Cloud_Coverage_Assessment",
    "QUANTIFICATION_VALUE",
    "BOA_QUANTIFICATION_VALUE",
)


@dataclass(frozen=True)
class _Image:
    """One band's image: its file and its pixel size in metres."""

    name: str
    resolution: int


def optical_product(files: ProductFiles, metadata: str) -> str:
    """The virtual raster of a product whose metadata file is `metadata`; InputError where files are missing."""
    root = _parse(files, metadata)
    folder = metadata.rpartition("/")[0]
    inside = files.below(folder)
    images = _images(root, inside, folder)
    granules = [n for n in inside.names if re.search(r"GRANULE/[^/]+/(MTD_TL|S2[A-D]_\w+_MTD_L\w+)\.xml$", n)]
    if len(granules) != 1:
        raise InputError(
            f"The Sentinel-2 product {files.root} holds {len(granules)} granules, not one; "
            "download it again, or build one raster from a granule's bands."
        )
    grids = _grids(_parse(files, granules[0]))
    resolution = min(image.resolution for image in images.values())
    if not {image.resolution for image in images.values()} <= grids.keys():
        raise InputError(f"{granules[0]} in {files.root} does not give the images' size; download the product again.")
    target = grids[resolution]
    offsets = _offsets(root)
    bands = []
    for number, (band, image) in enumerate(images.items(), 1):
        grid = grids[image.resolution]
        source = vrt.source(
            files.path(image.name),
            1,
            size=(grid.width, grid.height),
            target_size=(target.width, target.height),
        )
        tags = {"BANDNAME": band, "WAVELENGTH": str(OPTICAL_WAVELENGTHS_NM[OPTICAL_BANDS.index(band)])}
        if band in offsets:
            tags["RADIO_ADD_OFFSET"] = f"{offsets[band]:g}"
        bands.append(vrt.band(number, "uint16", source, nodata=0, description=band, tags=tags))
    return vrt.dataset(target, bands, _tags(root))


def _parse(files: ProductFiles, name: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(files.read(name))
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise InputError(f"{name} in {files.root} is damaged ({error}); download the product again.") from error


def _images(root: ElementTree.Element, files: ProductFiles, folder: str) -> dict[str, _Image]:
    """{band: its finest image}, in the sensor's order; InputError where a listed image is missing."""
    found: dict[str, _Image] = {}
    for element in root.iter():
        if element.tag not in ("IMAGE_FILE", "IMAGE_ID") or not element.text:
            continue
        stem = element.text.strip()
        match = _IMAGE_BAND.search(stem)
        if not match or match[1] not in OPTICAL_BANDS:
            continue
        band = match[1]
        resolution = int(match[2]) if match[2] else _NATIVE_RESOLUTION.get(band, 20)
        if band in found and found[band].resolution <= resolution:
            continue
        found[band] = _Image(_image_file(stem, files, folder), resolution)
    if not found:
        raise InputError(f"The Sentinel-2 product {files.root} lists no images; download it again.")
    return {band: found[band] for band in OPTICAL_BANDS if band in found}


def _image_file(stem: str, files: ProductFiles, folder: str) -> str:
    prefix = f"{folder}/" if folder else ""
    for suffix in (".jp2", ".tif", ".tiff"):
        if f"{prefix}{stem}{suffix}" in files.names:
            return f"{prefix}{stem}{suffix}"
    ending = stem.rpartition("/")[2] + ".jp2"  # products before December 2016 list names without folders
    for name in files.names:
        if name.endswith("/" + ending):
            return name
    raise InputError(f"The Sentinel-2 product {files.root} lacks the image {ending}; download it again.")


def _grids(granule: ElementTree.Element) -> dict[int, RasterGrid]:
    """{pixel size in metres: grid}."""
    crs = next((e.text or "" for e in granule.iter("HORIZONTAL_CS_CODE")), "").strip()
    grids = {}
    try:
        sizes = {int(e.get("resolution", 0)): e for e in granule.iter("Size")}
        for place in granule.iter("Geoposition"):
            resolution = int(place.get("resolution", 0))
            x, y, dx, dy = (float(place.findtext(k, "nan")) for k in ("ULX", "ULY", "XDIM", "YDIM"))
            size = sizes[resolution]
            width, height = int(size.findtext("NCOLS", "0")), int(size.findtext("NROWS", "0"))
            grids[resolution] = RasterGrid(width, height, (dx, 0.0, x, 0.0, dy, y), crs)
    except (KeyError, ValueError) as error:
        raise InputError("The granule's MTD_TL.xml is damaged; download the product again.") from error
    return grids


def _offsets(root: ElementTree.Element) -> dict[str, float]:
    """{band: radiometric offset in DN}, empty before processing baseline 04.00."""
    offsets = {}
    for element in root.iter():
        if element.tag in ("RADIO_ADD_OFFSET", "BOA_ADD_OFFSET"):
            number = element.get("band_id", "")
            if number.isdecimal() and int(number) < len(OPTICAL_BANDS) and element.text:
                try:
                    offsets[OPTICAL_BANDS[int(number)]] = float(element.text)
                except ValueError as error:
                    raise InputError(
                        f"The product's metadata give the offset {element.text!r}; download the product again."
                    ) from error
    return offsets


def _tags(root: ElementTree.Element) -> dict[str, str]:
    tags = {}
    for name in _KEPT_TAGS:
        element = next(root.iter(name), None)
        if element is not None and element.text and element.text.strip():
            tags[name.upper()] = element.text.strip()
    return tags
