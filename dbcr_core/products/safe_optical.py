# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentinel-2 Level-1C and Level-2A products in SAFE format as one virtual raster of all bands at 10 m.

Built from the product's own metadata: MTD_MSIL*.xml lists the images, the quantification and the offsets, the
granule's MTD_TL.xml the grids. Coarser bands are repeated by nearest neighbour, so that no stored value changes.
Until 2016 a product held several granules (tiles that overlap by 10 km): those of one CRS are put side by side.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from ..band_names import OPTICAL_BANDS, OPTICAL_WAVELENGTHS_NM
from ..errors import InputError
from ..grid import RasterGrid, Window
from ..rasters import vrt

if TYPE_CHECKING:
    from .product_files import ProductFiles

_IMAGE_BAND = re.compile(r"_(B\d\d|B8A)(?:_(\d\d)m)?$")
# Level-2A has called its lists by names of their own until 2018.
_GRANULE_TAGS = ("Granule", "Granules")
_IMAGE_TAGS = ("IMAGE_FILE", "IMAGE_ID", "IMAGE_FILE_2A", "IMAGE_ID_2A")
_GRANULE_METADATA = re.compile(r"(?P<folder>(?:.*/)?GRANULE/[^/]+)/(?:MTD_TL|S2[A-D]_\w+_MTD_L(?:1C|2A)_\w+)\.xml$")
_NATIVE_RESOLUTION = {"B01": 60, "B02": 10, "B03": 10, "B04": 10, "B08": 10, "B09": 60, "B10": 60}  # else 20 m
_KEPT_TAGS = (
    "PRODUCT_URI",
    "PRODUCT_URI_2A",
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
    "L2A_BOA_QUANTIFICATION_VALUE",
)


@dataclass(frozen=True)
class _Image:
    """One band's image: its file and its pixel size in metres."""

    name: str
    resolution: int


@dataclass(frozen=True)
class _Granule:
    """One tile: its folder, {pixel size in metres: grid}, and {band: its finest image}."""

    folder: str
    grids: dict[int, RasterGrid]
    images: dict[str, _Image]

    @property
    def name(self) -> str:
        """The folder's own name."""
        return self.folder.rpartition("/")[2]


def optical_product(files: ProductFiles, metadata: str, granule: str = "") -> str:
    """The virtual raster of a product whose metadata file is `metadata`; InputError where files are missing.

    granule: the folder of the only granule to take, "" for all of them.
    """
    root = files.xml(metadata)
    granules = _granules(root, files, metadata.rpartition("/")[0], granule)
    resolution = min(image.resolution for tile in granules for image in tile.images.values())
    target = _common_grid(granules, resolution, files)
    offsets = _offsets(root)
    bands: list[str] = []
    for band in (band for band in OPTICAL_BANDS if any(band in tile.images for tile in granules)):
        sources = [_source(files, tile, band, resolution, target, len(granules)) for tile in granules]
        tags = {"BANDNAME": band, "WAVELENGTH": str(OPTICAL_WAVELENGTHS_NM[OPTICAL_BANDS.index(band)])}
        if band in offsets:
            tags["RADIO_ADD_OFFSET"] = f"{offsets[band]:g}"
        bands.append(vrt.band(len(bands) + 1, "uint16", "".join(sources), nodata=0, description=band, tags=tags))
    return vrt.dataset(target, bands, _tags(root))


def _source(files: ProductFiles, tile: _Granule, band: str, finest: int, target: RasterGrid, count: int) -> str:
    """A granule's image of a band at its place in the common grid; nothing where the granule has none."""
    if band not in tile.images:
        return ""
    image = tile.images[band]
    grid, place = tile.grids[image.resolution], tile.grids[finest]
    col, row = target.colrow(*place.xy(0, 0))
    return vrt.source(
        files.path(image.name),
        1,
        nodata=0 if count > 1 else None,  # a granule's border without data must not cover its neighbour
        size=(grid.width, grid.height),
        target=Window(round(col), round(row), place.width, place.height),
    )


def _granules(root: ElementTree.Element, files: ProductFiles, folder: str, only: str) -> list[_Granule]:
    """The granules that are there, in the order of their names; a product may have been downloaded in part."""
    inside = files.below(folder)
    found = {match["folder"]: name for name in inside.names if (match := _GRANULE_METADATA.search(name))}
    if only:
        found = {place: name for place, name in found.items() if place == only}
    listed: dict[str, list[str]] = {place: [] for place in sorted(found)}
    for element in (e for tag in _GRANULE_TAGS for e in root.iter(tag)):
        for image in element:
            if image.tag in _IMAGE_TAGS and image.text:
                stem = image.text.strip()
                # Since December 2016 images are listed with their folder, before without.
                own = re.match(r"(GRANULE/[^/]+)/", stem)
                place = _join(folder, own[1] if own else f"GRANULE/{element.get('granuleIdentifier', '')}")
                if place in listed:
                    listed[place].append(stem)
    if not found:
        raise InputError(f"The Sentinel-2 product {files.shown} holds no complete granule; download it again.")
    granules = []
    for place, stems in listed.items():
        grids = _grids(files.xml(found[place]))
        images = _images(stems, inside.below(place), folder)
        if not {image.resolution for image in images.values()} <= grids.keys():
            raise InputError(f"{found[place]} in {files.shown} does not give the images' size; download it again.")
        granules.append(_Granule(place, grids, images))
    return granules


def _images(stems: list[str], files: ProductFiles, folder: str) -> dict[str, _Image]:
    """{band: its finest image}, in the sensor's order; InputError where a listed image is missing."""
    found: dict[str, _Image] = {}
    for stem in stems:
        match = _IMAGE_BAND.search(stem)
        if not match or match[1] not in OPTICAL_BANDS:
            continue
        band = match[1]
        resolution = int(match[2]) if match[2] else _NATIVE_RESOLUTION.get(band, 20)
        if band in found and found[band].resolution <= resolution:
            continue
        found[band] = _Image(_image_file(stem, files, folder), resolution)
    if not found:
        raise InputError(f"The Sentinel-2 product {files.shown} lists no images; download it again.")
    return {band: found[band] for band in OPTICAL_BANDS if band in found}


def _image_file(stem: str, files: ProductFiles, folder: str) -> str:
    for suffix in (".jp2", ".tif", ".tiff"):
        if _join(folder, f"{stem}{suffix}") in files.names:
            return _join(folder, f"{stem}{suffix}")
    ending = stem.rpartition("/")[2] + ".jp2"
    for name in files.names:
        if name.endswith("/" + ending):
            return name
    raise InputError(f"The Sentinel-2 product {files.shown} lacks the image {ending}; download it again.")


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _common_grid(granules: list[_Granule], resolution: int, files: ProductFiles) -> RasterGrid:
    """The grid of all granules together, at the finest resolution."""
    zones: dict[str, list[str]] = {}
    for tile in granules:
        if resolution not in tile.grids:
            raise InputError(f"The granule {tile.name} in {files.shown} gives no size at {resolution} m; clip it out.")
        zones.setdefault(tile.grids[resolution].crs_wkt, []).append(tile.name)
    if len(zones) > 1:
        words = "; ".join(f"{crs}: {len(names)}, such as {names[0]}" for crs, names in sorted(zones.items()))
        raise InputError(
            f"The granules of {files.shown} lie in {len(zones)} coordinate systems ({words}); give the folder of one "
            "granule, inside GRANULE, instead of the product."
        )
    grids = [tile.grids[resolution] for tile in granules]
    bounds = [grid.bounds for grid in grids]
    left, bottom, right, top = (pick(edges) for pick, edges in zip((min, min, max, max), zip(*bounds)))
    a, b, _, d, e, _ = grids[0].transform
    whole = RasterGrid(round((right - left) / a), round((bottom - top) / e), (a, b, left, d, e, top), grids[0].crs_wkt)
    for tile, grid in zip(granules, grids):
        place = whole.colrow(*grid.xy(0, 0))
        if grid.pixel_size != whole.pixel_size or any(abs(value - round(value)) > 1e-6 for value in place):
            raise InputError(f"The granule {tile.name} in {files.shown} is off the others' pixels; give it alone.")
    return whole


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
