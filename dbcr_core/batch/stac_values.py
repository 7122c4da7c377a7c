# SPDX-License-Identifier: GPL-3.0-or-later
"""What a STAC item says of its single-band files: scale, offset and no data, and which is finer."""

from __future__ import annotations

import posixpath
import re
import sys
from typing import Any, Mapping

from ..errors import InputError
from ..rasters.stated import StatedValues
from ..stated_offset import BASELINE_WITH_OFFSET, known_baseline

_PRODUCTS = ("S2MSI1C", "S2MSI2A")
_LEVELS = ("L1C", "L2A")
_APPLIED = ("earthsearch:boa_offset_applied", "sentinel:boa_offset_applied")


def properties_of(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """An item's properties; none where they are no object."""
    properties = item.get("properties")
    return properties if isinstance(properties, dict) else {}


def stated_values(item: Mapping[str, Any], asset: Mapping[str, Any]) -> StatedValues:
    """By the raster extension, as STAC 1.0 (raster:bands) and STAC 1.1 (bands, or the asset itself) have it.

    Raises InputError where a value is none.
    """
    scale = _number(asset, "scale", 1.0)
    offset = _number(asset, "offset", 0.0)
    nodata = _number(asset, "nodata", None)
    if not scale or offset is None:
        raise InputError(f"the scale of {asset['href']} is 0; correct the item.")
    properties, href = properties_of(item), str(asset["href"])
    baseline = "" if _is_applied(properties, href) else _baseline(properties)
    why = _why_no_offset(properties, href) if offset < 0 else ""
    return StatedValues(f"the STAC item{why}", scale, 0.0 if why else offset, nodata, baseline=baseline)


def finest(assets: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """Of the assets of one band the one with the smallest pixels, as far as all of them tell; of equals the first."""
    left = list(assets)
    # What some say of the band is its own resolution, not the file's: that counts last.
    for measure in (_pixels, _metres_of_name, _metres_told):
        sizes = {key: measure(key, assets[key]) for key in left}
        known = [size for size in sizes.values() if size is not None]
        if len(known) == len(left):
            left = [key for key in left if sizes[key] == min(known)]
    return assets[left[0]]


def _pixels(_key: str, asset: Mapping[str, Any]) -> float | None:
    """Less for more pixels: all lie on the same ground."""
    shape = asset.get("proj:shape")
    if isinstance(shape, list) and len(shape) == 2 and all(map(_is_length, shape)):
        return -float(shape[0] * shape[1])
    return None


def _metres_of_name(key: str, asset: Mapping[str, Any]) -> float | None:
    stem = posixpath.splitext(str(asset["href"]).partition("?")[0])[0]
    found = next(filter(None, (re.search(r"[_-](\d+)m$", text) for text in (key, stem))), None)
    return float(found[1]) if found else None


def _metres_told(_key: str, asset: Mapping[str, Any]) -> float | None:
    old, new = (_first(asset.get(name)) for name in ("raster:bands", "bands"))
    told = (old.get("spatial_resolution"), asset.get("raster:spatial_resolution"), asset.get("gsd"), new.get("gsd"))
    return next((float(metres) for metres in told if metres is not None and _is_length(metres)), None)


def _is_length(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e9


def _number(asset: Mapping[str, Any], key: str, usual: float | None) -> float | None:
    old, new = (_first(asset.get(name)) for name in ("raster:bands", "bands"))
    name = "nodata" if key == "nodata" else f"raster:{key}"
    value = next((each for each in (old.get(key), new.get(name), asset.get(name)) if each is not None), usual)
    if key == "nodata" and str(value).lower() in ("nan", "inf", "-inf"):
        return float(str(value))
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= sys.float_info.max:
        raise InputError(f"the {key} {value!r} of {asset['href']} is no number; correct the item.")
    return float(value)


def _first(bands: Any) -> Mapping[str, Any]:
    return bands[0] if isinstance(bands, list) and bands and isinstance(bands[0], dict) else {}


def _why_no_offset(properties: Mapping[str, Any], href: str) -> str:
    """Why an offset that Sentinel-2's band states is not in the values any more, or never was; "" where it is."""
    if _is_applied(properties, href):
        return ", which says that its offset is applied already"
    baseline = _baseline(properties)
    if baseline and float(baseline) < BASELINE_WITH_OFFSET:
        return f", whose processing baseline {baseline} has no offset"
    return ""


def _is_applied(properties: Mapping[str, Any], href: str) -> bool:
    """Whether the item says so of the file.

    Earth Search's items keep the offset in raster:bands although their GeoTIFFs are harmonised; the agency's JPEG 2000
    are not.
    """
    is_said = any(properties.get(key) is True for key in _APPLIED)
    return is_said and not href.partition("?")[0].lower().endswith(".jp2")


def _baseline(properties: Mapping[str, Any]) -> str:
    """Sentinel-2's processing baseline, "" where it is not told."""
    version = str(properties.get("processing:version"))
    is_baseline = re.fullmatch(r"\d\d\.\d\d", version) and _is_agencys(properties)
    return known_baseline(str(properties.get("s2:processing_baseline") or (version if is_baseline else "")))


def _is_agencys(properties: Mapping[str, Any]) -> bool:
    """Whether it is one of the agency's own products, whose version of the processing is the baseline."""
    sensor = f"{properties.get('constellation')} {properties.get('platform')}".lower()
    is_product = any(properties.get(key) in _PRODUCTS for key in ("product:type", "s2:product_type"))
    return "sentinel-2" in sensor and (is_product or properties.get("processing:level") in _LEVELS)
