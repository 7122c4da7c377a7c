# SPDX-License-Identifier: GPL-3.0-or-later
"""A STAC item collection as a list of scenes: Sentinel-2 items, each with the Sentinel-1 item that fits it best.

An item may also name its inputs itself, as the assets `optical`, `sar` and `mask`. Properties `dbcr:…` are options.
Bands in files of their own are put together in a virtual raster, which is written to the batch's folder.
"""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any, Mapping

from ..acquisition import parse_time
from ..band_names import OPTICAL_BANDS, SAR_BANDS
from ..errors import InputError
from ..rasters.stack import write_stack
from .scene_row import JOB_FIELDS, file_name, input_path, writable_name
from .stac import COMMON_NAMES

MAXIMUM_DAYS = 31.0
"""A radar image further away in time is not paired: the ground has changed."""

_OWN_ASSETS = ("optical", "sar", "mask")
_BAND_OF = {
    **{name.lower(): name for name in OPTICAL_BANDS},
    **{common: name for name, common in COMMON_NAMES.items() if common != "rededge"},
    **{f"rededge{i}": name for i, name in enumerate(("B05", "B06", "B07"), 1)},
    "rededge071": "B05",
    "rededge075": "B06",
    "rededge078": "B07",
}

Item = Mapping[str, Any]


def rows_of_items(
    content: Mapping[str, Any], base: str, folder: str, allow_network: bool = False
) -> list[tuple[str, dict[str, Any]]]:
    """(place for messages, raw values of `scene_list`) of each scene; raises InputError where an item does not fit."""
    items = [content] if content.get("type") == "Feature" else content.get("features")
    if not isinstance(items, list) or not all(_is_item(item) for item in items):
        raise InputError("The STAC collection holds features that are no items with assets; give an ItemCollection.")
    radar = [item for item in items if _radar_assets(item) and not _optical_assets(item)]
    rows = []
    for item in items:
        own, optical = _own_assets(item), _optical_assets(item)
        place = f"item {item['id']}"
        if "optical" in own:
            row: dict[str, Any] = {key: input_path(href, base) for key, href in own.items()}
            sources = [item]
        elif optical:
            partner = _best_partner(item, radar, place)
            row = {
                "optical": _as_one(optical, item, "optical", base, folder, allow_network),
                "sar": _as_one(_radar_assets(partner), partner, "sar", base, folder, allow_network),
            }
            sources = [item, partner]
        else:
            continue
        row["name"] = str(item["id"])
        row["datetime"] = str(item.get("properties", {}).get("datetime") or "")
        row["derived_from"] = [address for source in sources for address in _addresses(source)]
        row.update(_options(item))
        rows.append((place, row))
    return rows


def _is_item(item: Any) -> bool:
    """True where the parts that are read later are of the kinds that STAC asks for."""
    return (
        isinstance(item, dict)
        and bool(item.get("id"))
        and isinstance(item.get("assets"), dict)
        and all(_is_asset(asset) for asset in item["assets"].values())
        and isinstance(item.get("properties", {}), dict)
        and _is_box(item.get("bbox"))
    )


def _is_asset(asset: Any) -> bool:
    if not isinstance(asset, dict) or not isinstance(asset.get("href"), str):
        return False
    lists = [asset[key] for key in ("eo:bands", "bands", "roles") if asset.get(key) is not None]
    bands = [band for key in ("eo:bands", "bands") for band in asset.get(key) or []] if _all_lists(lists) else [None]
    return all(isinstance(band, dict) for band in bands)


def _all_lists(values: list[Any]) -> bool:
    return all(isinstance(value, list) for value in values)


def _is_box(box: Any) -> bool:
    return box is None or (
        isinstance(box, list) and len(box) in (4, 6) and all(isinstance(edge, (int, float)) for edge in box)
    )


def _own_assets(item: Item) -> dict[str, str]:
    return {key: str(item["assets"][key]["href"]) for key in _OWN_ASSETS if key in item["assets"]}


def _optical_assets(item: Item) -> dict[str, str]:
    """Addresses by Sentinel-2 band, of the assets that hold exactly one band."""
    found: dict[str, str] = {}
    for key, asset in item["assets"].items():
        bands = asset.get("eo:bands") or asset.get("bands") or [{}]
        names = [bands[0].get("name"), bands[0].get("eo:common_name"), bands[0].get("common_name"), key]
        known = [_BAND_OF[str(name).lower()] for name in names if str(name).lower() in _BAND_OF]
        if len(bands) == 1 and known and "overview" not in (asset.get("roles") or ()):
            found.setdefault(known[0], str(asset["href"]))
    return {name: found[name] for name in OPTICAL_BANDS if name in found}


def _radar_assets(item: Item) -> dict[str, str]:
    keys = {str(key).upper(): asset for key, asset in item["assets"].items()}
    return {name: str(keys[name]["href"]) for name in SAR_BANDS if name in keys}


def _best_partner(item: Item, radar: list[Item], place: str) -> Item:
    """The radar item nearest in time among those that cover most of the item's bounding box."""
    best: tuple[float, float] | None = None
    chosen = None
    for candidate in radar:
        cover, days = _cover(item.get("bbox"), candidate.get("bbox")), _days_between(item, candidate)
        if cover <= 0 or days > MAXIMUM_DAYS:
            continue
        # A tenth of the scene without radar is worse than any wait.
        rank = (-round(cover, 1), days)
        if best is None or rank < best:
            best, chosen = rank, candidate
    if chosen is None:
        raise InputError(
            f"{place}: no Sentinel-1 item of the collection covers it within {MAXIMUM_DAYS:g} days; "
            "add one, or give the item an asset 'sar'."
        )
    return chosen


def _cover(box: Any, other: Any) -> float:
    """Share of a bounding box that another covers; [west, south, east, north], or with heights, six numbers."""
    if not box or not other:
        return 0.0
    (w, s, e, n), (w2, s2, e2, n2) = ((b[0], b[1], b[len(b) // 2], b[len(b) // 2 + 1]) for b in (box, other))
    area = (e - w) * (n - s)
    common = max(0.0, min(e, e2) - max(w, w2)) * max(0.0, min(n, n2) - max(s, s2))
    return common / area if area > 0 else 0.0


def _days_between(item: Item, other: Item) -> float:
    times = [parse_time(str(i.get("properties", {}).get("datetime") or "")) for i in (item, other)]
    if not all(times):
        return 0.0
    first, second = (datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ") for time in times)
    return abs((first - second).total_seconds()) / 86400


def _as_one(assets: Mapping[str, str], item: Item, kind: str, base: str, folder: str, allow_network: bool) -> str:
    """Path of one raster with all bands."""
    paths = {name: input_path(href, base) for name, href in assets.items()}
    if len(set(paths.values())) == 1:
        return next(iter(paths.values()))
    name = f"{file_name(str(item['id']))}_{kind}.vrt"
    return write_stack(writable_name(os.path.join(folder, "inputs", name)), paths, allow_network)


def _addresses(item: Item) -> list[str]:
    links = item.get("links")
    if not isinstance(links, list):
        return []
    return [
        str(link["href"]) for link in links if isinstance(link, dict) and link.get("rel") == "self" and "href" in link
    ]


def _options(item: Item) -> dict[str, Any]:
    """Options of the engine among the item's properties; those that an output of ours carries are none."""
    values = {}
    for key, value in item.get("properties", {}).items():
        name = key[len("dbcr:") :] if key.startswith("dbcr:") else ""
        if name in JOB_FIELDS:
            values[name] = value
    return values
