# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentinel-1 GRD products in SAFE format as one virtual raster of calibrated amplitude.

The product's own table takes stored numbers to sigma nought: σ⁰ = (DN / A)², where A depends on the range. The image
stays in the geometry of the radar and is located by the annotation's grid points: terrain is not corrected for, and
thermal noise is left in (it matters below −20 dB: calm water, shadow).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np

from ..errors import InputError
from ..grid import RasterGrid
from ..rasters import GroundControlPoint, vrt

if TYPE_CHECKING:
    from .product_files import ProductFiles

_MEASUREMENT = re.compile(r"(^|/)measurement/(?P<stem>[^/]*-grd-(?P<pol>vv|vh|hh|hv)-[^/]*)\.tiff?$")
_STRIPES = 64  # of columns, each with one calibration constant: less than 0.02 dB off a real product's table


def sar_product(files: ProductFiles, manifest: str) -> str:
    """The virtual raster of a product; InputError where it is no GRD with VV or VH, or incomplete."""
    folder = manifest.rpartition("/")[0]
    inside = files.below(folder)
    prefix = f"{folder}/" if folder else ""
    found = {m["pol"].upper(): (n, m) for n in inside.names if (m := _MEASUREMENT.search(n))}
    if any("-slc-" in n.rpartition("/")[2] for n in inside.names):
        raise InputError(
            f"{files.shown} is a single-look complex product; download the GRD product of the same acquisition, or "
            "better a terrain-corrected one (RTC)."
        )
    if not found:
        raise InputError(f"{files.shown} holds no Sentinel-1 GRD measurements; download the GRD product again.")
    wanted = [pol for pol in ("VV", "VH") if pol in found]
    if not wanted:
        raise InputError(f"{files.shown} holds neither VV nor VH; choose a scene taken over land in VV and VH.")
    bands, grid, points, tags = [], None, [], {}
    for number, pol in enumerate(wanted, 1):
        image, match = found[pol]
        annotation = _parse(files, f"{prefix}annotation/{match['stem']}.xml")
        calibration = _parse(files, f"{prefix}annotation/calibration/calibration-{match['stem']}.xml")
        grid, points = _size(annotation, files), _points(annotation)
        tags = {"PRODUCT_START_TIME": annotation.findtext("adsHeader/startTime", ""), "PRODUCT_TYPE": "GRD"}
        sources = "".join(
            vrt.source(
                files.path(image), 1, nodata=0, scale=1 / constant, size=(grid.width, grid.height), columns=columns
            )
            for columns, constant in _constants(calibration, grid.width, files)
        )
        words = {"POLARIZATION": pol, "CALIBRATION": "sigma0 amplitude"}
        bands.append(vrt.band(number, "float32", sources, nodata=0, description=pol, unit="amplitude", tags=words))
    assert grid is not None
    return vrt.dataset(grid, bands, tags, gcps=points, gcps_crs="EPSG:4326")


def _parse(files: ProductFiles, name: str) -> ElementTree.Element:
    if name not in files.names:
        raise InputError(f"The Sentinel-1 product {files.shown} lacks {name}; download it again.")
    return files.xml(name)


def _size(annotation: ElementTree.Element, files: ProductFiles) -> RasterGrid:
    image = annotation.find("imageAnnotation/imageInformation")
    width, height = (image.findtext(k, "") if image is not None else "" for k in ("numberOfSamples", "numberOfLines"))
    if not (width.strip().isdecimal() and height.strip().isdecimal()):
        raise InputError(f"The annotation of {files.shown} gives no image size; download the product again.")
    return RasterGrid(int(width), int(height), (1, 0, 0, 0, 1, 0), "")


def _points(annotation: ElementTree.Element) -> list[GroundControlPoint]:
    """The grid points, in longitude and latitude; a stored position is a pixel's centre."""
    try:
        return [
            GroundControlPoint(
                float(p.findtext("pixel", "")) + 0.5,
                float(p.findtext("line", "")) + 0.5,
                float(p.findtext("longitude", "")),
                float(p.findtext("latitude", "")),
            )
            for p in annotation.iter("geolocationGridPoint")
        ]
    except ValueError as error:
        raise InputError("The product's grid points are damaged; download the product again.") from error


def _constants(
    calibration: ElementTree.Element, width: int, files: ProductFiles
) -> list[tuple[tuple[int, int], float]]:
    """[(columns, A)]: the calibration constant of stripes of columns, averaged over the lines."""
    edges = np.unique(np.linspace(0, width, min(_STRIPES, width) + 1).round().astype(int))
    middles = (edges[:-1] + edges[1:]) / 2
    rows = []
    try:
        for vector in calibration.iter("calibrationVector"):
            pixels = np.array(vector.findtext("pixel", "").split(), float)
            values = np.array(vector.findtext("sigmaNought", "").split(), float)
            rows.append(np.interp(middles, pixels, values))
        constants = np.mean(rows, axis=0)
        if not (np.isfinite(constants).all() and (constants > 0).all()):
            raise ValueError("no positive calibration constants")
    except ValueError as error:
        raise InputError(f"The calibration of {files.shown} is damaged; download the product again.") from error
    columns = zip(edges[:-1].tolist(), edges[1:].tolist())
    return list(zip(columns, constants.tolist()))
