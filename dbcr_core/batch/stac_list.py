# SPDX-License-Identifier: GPL-3.0-or-later
"""A STAC item collection as a list of scenes: Sentinel-2 items, each with the Sentinel-1 item that fits it best.

An item may also name its inputs itself, as the assets `optical`, `sar` and `mask`. Properties `dbcr:…` are options.
Bands in files of their own are put together in a virtual raster, which is written to the batch's folder.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Mapping

from ..band_names import OPTICAL_BANDS, SAR_BANDS, is_landsat
from ..errors import InputError
from ..identity import unsigned
from ..rasters.stack import write_stack
from .input_files import input_path, stack_or_files, stack_path
from .names import usable_name
from .scene_row import JOB_FIELDS, Row
from .stac import COMMON_NAMES
from .stac_pairing import Item, best_partner, item_time, placed
from .stac_values import finest, properties_of, stated_values

_OWN_ASSETS = ("optical", "sar", "mask")
_BAND_OF = {
    **{name.lower(): name for name in OPTICAL_BANDS},
    **{common: name for name, common in COMMON_NAMES.items() if common != "rededge"},
    **{f"rededge{i}": name for i, name in enumerate(("B05", "B06", "B07"), 1)},
    "rededge071": "B05",
    "rededge075": "B06",
    "rededge078": "B07",
}

_DAMAGED = "dbcr damaged"
"""Key of an item under which `_readable` keeps which of its assets is so."""

Asset = Mapping[str, Any]


def rows_of_items(content: Mapping[str, Any], base: str, folder: str, options: Mapping[str, Any]) -> list[Row]:
    """A row for each scene, with its problem where its items do not fit; InputError where the list is none of items.

    base: what addresses are relative to. folder: the batch's. options: those of the job that hold for every scene.
    """
    items = [content] if content.get("type") == "Feature" else content.get("features")
    if not isinstance(items, list):
        raise InputError("The STAC collection holds no list of features; give an ItemCollection.")
    for number, item in enumerate(items, 1):
        if not _is_item(item):
            name = f"{item['id']!r}" if isinstance(item, dict) and item.get("id") else f"number {number}"
            raise InputError(
                f"The STAC collection's feature {name} is no item with an id, assets and a bbox that can be read; "
                "give an ItemCollection."
            )
    items = [_readable(item) for item in items]
    radar = [placed(item) for item in items if _radar_assets(item) and not _optical_assets(item)]
    rows = []
    for item in items:
        own, optical = _own_assets(item), _optical_assets(item)
        place, own_options = f"item {item['id']}", _options(item)
        values: dict[str, Any] = {"name": str(item["id"]), "datetime": item_time(item)}
        sources, problems = [item], []
        if not isinstance(item.get("properties", {}), dict):
            problems.append(f"{place}: its properties are no JSON object; correct the item.")
        if "optical" not in own and not optical:
            if not (item[_DAMAGED] == "optical" or _band(item[_DAMAGED], {})):
                continue
            own["optical"] = item[_DAMAGED]  # for a name; the scene cannot run
        # A catalogue's own "mask" beside its bands may be anything.
        named = own if "optical" in own else own.keys() & {"sar"}
        values.update({key: input_path(own[key], base) for key in named})
        parts = [] if "optical" in own else [("optical", item, optical)]
        if parts and is_landsat([str(properties_of(item).get("platform"))]):
            problems.append(f"{place}: it is Landsat's, which the model has not learnt; take Sentinel-2 items.")
        elif parts and "sar" not in own:
            try:
                partner = best_partner(placed(item), radar)
                sources.append(partner)
                parts.append(("sar", partner, _radar_assets(partner)))
            except InputError as error:
                problems.append(f"{place}: {error}")
        problems += [_damage(source, item) for source in sources if source[_DAMAGED]]
        for kind, source, assets in parts:
            values[kind], problem = _as_one(assets, source, kind, base, folder, {**options, **own_options})
            if problem:
                problems.append(f"{_place(source, item)}: {problem}")
        derived_from = tuple(address for source in sources for address in _addresses(source))
        rows.append(Row(place, values, derived_from, problems[0] if problems else "", own_options))
    return rows


def _is_item(item: Any) -> bool:
    """True where the parts that are read later are of the kinds that STAC asks for."""
    return (
        isinstance(item, dict)
        and bool(item.get("id"))
        and isinstance(item.get("assets"), dict)
        and _is_box(item.get("bbox"))
    )


def _readable(item: Item) -> Item:
    """The item with the assets that can be read, and the key of one that cannot although a scene may need it, or ""."""
    assets = {str(key): asset for key, asset in item["assets"].items()}
    sound = {key: asset for key, asset in assets.items() if _is_asset(asset)}
    damaged = [key for key in assets.keys() - sound.keys() if _may_be_needed(key, assets[key])]
    return {**item, "assets": sound, _DAMAGED: min(damaged, default="")}


def _may_be_needed(key: str, asset: Any) -> bool:
    return key in _OWN_ASSETS or key.upper() in SAR_BANDS or bool(_band(key, asset if _has_bands(asset) else {}))


def _damage(source: Item, item: Item) -> str:
    return f"{_place(source, item)}: its asset {source[_DAMAGED]} cannot be read; correct its href and bands."


def _place(source: Item, item: Item) -> str:
    """Of which item a problem speaks: the scene's own, or its radar."""
    return f"item {item['id']}" + ("" if source is item else f", its radar {source['id']}")


def _is_asset(asset: Any) -> bool:
    return _has_bands(asset) and isinstance(asset.get("href"), str)


def _has_bands(asset: Any) -> bool:
    """Whether what an asset says of its bands and roles, if anything, is of the right kind."""
    if not isinstance(asset, dict):
        return False
    lists = [asset[key] for key in ("eo:bands", "bands", "roles") if asset.get(key) is not None]
    bands = [band for key in ("eo:bands", "bands") for band in asset.get(key) or []] if _all_lists(lists) else [None]
    return all(isinstance(band, dict) for band in bands)


def _all_lists(values: list[Any]) -> bool:
    return all(isinstance(value, list) for value in values)


def _is_box(box: Any) -> bool:
    return box is None or (isinstance(box, list) and len(box) in (4, 6) and all(map(_is_degree, box)))


def _is_degree(edge: Any) -> bool:
    """Heights, too, are below that."""
    return isinstance(edge, (int, float)) and abs(edge) < 1e6


def _own_assets(item: Item) -> dict[str, str]:
    return {key: str(item["assets"][key]["href"]) for key in _OWN_ASSETS if key in item["assets"]}


def _optical_assets(item: Item) -> dict[str, Asset]:
    """The finest of the assets that hold exactly one band, by Sentinel-2 band."""
    found: dict[str, dict[str, Asset]] = {}
    for key, asset in item["assets"].items():
        found.setdefault(_band(key, asset), {})[key] = asset
    return {name: finest(found[name]) for name in OPTICAL_BANDS if name in found}


def _band(key: str, asset: Asset) -> str:
    """The one Sentinel-2 band that an asset holds, or ""."""
    bands = asset.get("eo:bands") or asset.get("bands") or [{}]
    alone = re.sub(r"[_-]\d+m$", "", key)  # B02_10m
    names = [bands[0].get("name"), bands[0].get("eo:common_name"), bands[0].get("common_name"), alone]
    known = [_BAND_OF[str(name).lower()] for name in names if str(name).lower() in _BAND_OF]
    return known[0] if len(bands) == 1 and known and "overview" not in (asset.get("roles") or ()) else ""


def _radar_assets(item: Item) -> dict[str, Asset]:
    keys = {str(key).upper(): asset for key, asset in item["assets"].items()}
    return {name: keys[name] for name in SAR_BANDS if name in keys}


def _as_one(
    assets: Mapping[str, Asset], item: Item, kind: str, base: str, folder: str, options: Mapping[str, Any]
) -> tuple[str, str]:
    """(path of one raster with all bands, "") or, where that cannot be made, (names of their files, why)."""
    paths = {name: input_path(str(asset["href"]), base) for name, asset in assets.items()}
    # Items of two collections may share an id.
    hrefs = sorted((name, unsigned(str(asset["href"]))) for name, asset in assets.items())
    path = stack_path(folder, str(item["id"]), kind, [str(item["id"]), *hrefs])
    try:
        stated = {name: stated_values(item, asset) for name, asset in assets.items()}
        if len(set(paths.values())) == 1 and (len(paths) > 1 or all(each.says_nothing for each in stated.values())):
            return next(iter(paths.values())), ""
        if kind == "optical":
            stated = {name: replace(values, option="optical_values") for name, values in stated.items()}
            if options.get("optical_values"):
                stated = {name: replace(values, scale=1.0, offset=0.0) for name, values in stated.items()}
        return write_stack(usable_name(path), paths, bool(options.get("allow_network")), stated), ""
    except InputError as error:
        return stack_or_files(path, list(paths.values())), str(error)


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
    for key, value in properties_of(item).items():
        name = key[len("dbcr:") :] if key.startswith("dbcr:") else ""
        if name in JOB_FIELDS:
            values[name] = value
    return values
