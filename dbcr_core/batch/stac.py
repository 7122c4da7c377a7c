# SPDX-License-Identifier: GPL-3.0-or-later
"""A STAC 1.0 item beside each output: what it is, where, when, from what, and how it came to be.

https://github.com/radiantearth/stac-spec with the extensions eo, projection, raster, file and processing.
"""

from __future__ import annotations

import json
import math
import os
from typing import Any

from .. import __version__
from ..acquisition import acquisition_time, now
from ..band_names import OPTICAL_BANDS, OPTICAL_WAVELENGTHS_NM
from ..bands import match_optical
from ..disk import remedy, write_text
from ..errors import OutputError
from ..job import SceneReport
from ..provenance import NOTICE
from ..rasters import RasterProfile, open_raster
from .geography import bounding_box, epsg_code, footprint, metres_per_unit
from .journal import relative
from .scene_row import Scene

STAC_VERSION = "1.0.0"
EXTENSIONS = tuple(
    f"https://stac-extensions.github.io/{name}/schema.json"
    for name in ("eo/v1.1.0", "projection/v1.1.0", "raster/v1.1.0", "file/v2.1.0", "processing/v1.1.0")
)
COG_TYPE = "image/tiff; application=geotiff; profile=cloud-optimized"
FIRST_SENTINEL2_DAY = "2015-06-23T00:00:00Z"

COMMON_NAMES = {
    "B01": "coastal",
    "B02": "blue",
    "B03": "green",
    "B04": "red",
    "B05": "rededge",
    "B06": "rededge",
    "B07": "rededge",
    "B08": "nir",
    "B8A": "nir08",
    "B09": "nir09",
    "B10": "cirrus",
    "B11": "swir16",
    "B12": "swir22",
}
"""The eo extension's common names of Sentinel-2's bands."""

_WAVELENGTHS = dict(zip(OPTICAL_BANDS, OPTICAL_WAVELENGTHS_NM))


def item_path(output: str) -> str:
    """Where the item of an output lies."""
    return os.path.splitext(output)[0] + ".json"


def write_item(scene: Scene, report: SceneReport) -> dict[str, Any]:
    """Writes the item of a finished scene beside its output, in one step, and returns it; raises OutputError."""
    path = item_path(scene.job.output)
    item = scene_item(scene, report)
    try:
        write_text(path, json.dumps(item, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    except OSError as error:
        raise OutputError(f"The STAC item {path} cannot be written ({error.strerror}); {remedy(error)}.") from error
    return item


def scene_item(scene: Scene, report: SceneReport) -> dict[str, Any]:
    """The item of a finished scene, read from its output."""
    job = scene.job
    with open_raster(job.output) as raster:
        profile = raster.profile
    grid = profile.grid
    geometry = footprint(grid)
    a, b, c, d, e, f = grid.transform
    code = epsg_code(grid.crs_wkt)
    folder = os.path.dirname(job.output)
    assets = {"data": _asset(job.output, folder, "Sentinel-2 without clouds", profile, _band_names(profile, job.bands))}
    for key, path, title in (
        ("changed", job.changed, "How much of each pixel was reconstructed, in percent"),
        ("uncertainty", job.uncertainty, "Expected absolute error of each band"),
    ):
        if path:
            with open_raster(path) as raster:
                assets[key] = _asset(path, folder, title, raster.profile, {})
                assets[key]["roles"] = ["metadata"]
    return {
        "type": "Feature",
        "stac_version": STAC_VERSION,
        "stac_extensions": list(EXTENSIONS),
        "id": scene.name,
        "geometry": geometry,
        "bbox": bounding_box(geometry),
        "properties": {
            **_when(scene, profile),
            "title": f"{scene.name} without clouds",
            "description": NOTICE,
            "gsd": round(_ground_metres(profile), 2),
            "instruments": ["msi"],
            "proj:epsg": code,
            **({} if code else {"proj:wkt2": grid.crs_wkt}),
            "proj:shape": [grid.height, grid.width],
            "proj:transform": [a, b, c, d, e, f, 0, 0, 1],
            "proj:bbox": list(grid.bounds),
            "processing:lineage": f"DB-CR cloud removal, model {report.model}, NFE {report.nfe}",
            "processing:software": {"dbcr": __version__},
            "dbcr:reconstructed": report.reconstructed,
            **_provenance(profile),
        },
        "links": [{"rel": "derived_from", "href": href, "type": "application/geo+json"} for href in scene.derived_from],
        "assets": assets,
    }


def _when(scene: Scene, profile: RasterProfile) -> dict[str, Any]:
    """STAC's time of acquisition; where nothing tells it, the span in which it must lie."""
    time = scene.datetime or acquisition_time(profile.tags, scene.job.optical)
    created = now()
    if time:
        return {"datetime": time, "created": created}
    return {"datetime": None, "start_datetime": FIRST_SENTINEL2_DAY, "end_datetime": created, "created": created}


def _provenance(profile: RasterProfile) -> dict[str, str]:
    """The output's own tags, DBCR_MODEL as dbcr:model and so on."""
    return {
        f"dbcr:{key[len('DBCR_') :].lower()}": value
        for key, value in profile.tags.items()
        if key.startswith("DBCR_") and key != "DBCR_NOTICE"
    }


def _asset(path: str, folder: str, title: str, profile: RasterProfile, names: dict[int, str]) -> dict[str, Any]:
    asset: dict[str, Any] = {
        "href": _relative(path, folder),
        "type": COG_TYPE,
        "title": title,
        "roles": ["data", "reflectance"],
        "file:size": os.path.getsize(path),
        "raster:bands": [_raster_band(profile, index) for index in range(profile.count)],
    }
    if names:
        asset["eo:bands"] = [
            _optical_band(names[index])
            if index in names
            else {"name": profile.descriptions[index] or f"band{index + 1}"}
            for index in range(profile.count)
        ]
    return asset


def _relative(path: str, folder: str) -> str:
    """An address relative to the item."""
    place = relative(path, folder)
    return place if place.startswith("..") or os.path.isabs(place) else f"./{place}"


def _band_names(profile: RasterProfile, explicit: str | None) -> dict[int, str]:
    """Sentinel-2's names by 0-based band of the file."""
    selection = match_optical(profile, explicit)
    return {band - 1: name for band, name in zip(selection.file_bands, selection.names)}


def _optical_band(name: str) -> dict[str, Any]:
    return {"name": name, "common_name": COMMON_NAMES[name], "center_wavelength": _WAVELENGTHS[name] / 1000}


def _raster_band(profile: RasterProfile, index: int) -> dict[str, Any]:
    nodata = profile.nodata
    band: dict[str, Any] = {"data_type": profile.dtype, "spatial_resolution": round(_ground_metres(profile), 2)}
    if nodata is not None:
        band["nodata"] = nodata if math.isfinite(nodata) else str(float(nodata))  # as the raster extension spells them
    if profile.scales[index] != 1 or profile.offsets[index] != 0:
        band.update(scale=profile.scales[index], offset=profile.offsets[index])
    if profile.units[index]:
        band["unit"] = profile.units[index]
    return band


def _ground_metres(profile: RasterProfile) -> float:
    """The pixel's height in metres."""
    return profile.grid.pixel_size[1] * metres_per_unit(profile.grid.crs_wkt)
