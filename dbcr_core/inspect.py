# SPDX-License-Identifier: GPL-3.0-or-later
"""A look at the inputs before the work: what was found, how, and what to beware of."""

from __future__ import annotations

import os
import re
from datetime import datetime
from typing import Sequence

import numpy as np

from .acquisition import UTC_FORMAT, acquisition_time
from .backscatter import detect_sar
from .band_sets import learned_bands, mask_doubt
from .bands import BandSelection, match_optical, match_sar
from .errors import InputError
from .holding_bands import empty_bands_doubt, held_bands
from .inspection import InspectionReport, OpticalFinding, RasterFacts, SarFinding
from .job import NO_MASK_FILE
from .mask_layer import read_layer_kind
from .model_card import bundled_model_path
from .model_file import read_model_file
from .pairing import PairReport, check_optical_grid, check_pair
from .progress import never_cancelled
from .provenance import was_cleared
from .radiometry import detect_optical
from .rasters import RasterProfile, RasterSource, open_raster
from .rasters.lattice import lattice_over, look, look_at_stored
from .stored_values import OpticalRadiometry, SarRadiometry
from .surface import SurfaceShares, surface_shares
from .wording import VV_ESTIMATED, percent

_SIDE = 256  # lattice points per side that are looked at
MANY_DAYS = 12  # between SAR and optical; a Sentinel-1 satellite comes back after 12


def inspect_inputs(
    optical: str | os.PathLike[str],
    sar: str | os.PathLike[str] | None = None,
    mask: str | os.PathLike[str] | None = None,
    *,
    model: str | os.PathLike[str] | None = None,
    mask_kind: str = "auto",
    bands: str | None = None,
    sar_bands: str | None = None,
    optical_values: str | None = None,
    sar_values: str | None = None,
    allow_partial_sar: bool = False,
    allow_network: bool = False,
) -> InspectionReport:
    """Look at the inputs of a job without computing anything.

    Parameters as in `scene.remove_clouds`. Raises the same errors, save that a SAR image that covers only a part is a
    warning here, which asks for `allow_partial_sar` where that is not given.
    """
    card = read_model_file(os.fspath(model) if model else bundled_model_path()).card
    with open_raster(optical, allow_network=allow_network) as image:
        check_optical_grid(image)
        selection = match_optical(image.profile, bands)
        radiometry = detect_optical(image, selection, optical_values)
        reflectance = _look_at_reflectance(image, selection, radiometry)
        found = _optical_finding(image, selection, radiometry, reflectance)
        surface = surface_shares(reflectance, selection.names)
        warnings = _surface_warnings(surface)
        if was_cleared(image.profile):
            warnings.append("clouds were removed from this image before: estimates would be taken for observations")
        warnings += radiometry.doubts
        holding = held_bands(image, selection, radiometry, never_cancelled)
        empty = empty_bands_doubt(selection, holding)
        _, unlearned = learned_bands(selection, card)
        warnings += [doubt for doubt in (empty, unlearned) if doubt]
        cloud, cloud_by, is_cloud = surface.cloud, "judged by brightness only", "looks like cloud or bright ground"
        if mask and mask not in NO_MASK_FILE:
            cloud, words = _mask_share(mask, mask_kind, image, np.isfinite(reflectance).any(axis=0), allow_network)
            cloud_by, is_cloud = f"from the mask, read as {words}", "is cloud"
        elif mask != "none":
            doubt = mask_doubt(selection.those(holding), image.profile.count, card)
            warnings += [doubt] if doubt else []
        if cloud is not None and cloud > 0.6:
            warnings.insert(0, f"{percent(cloud)} {is_cloud}: little ground is left to learn from, expect less detail")
        sar_found = None
        if sar:
            with open_raster(sar, allow_network=allow_network) as radar:
                sar_found, more = _sar_finding(
                    image, selection.file_bands, radar, sar_bands, sar_values, allow_partial_sar, found
                )
                warnings += more
    return InspectionReport(found, sar_found, cloud, cloud_by, surface, tuple(warnings))


def _look_at_reflectance(image: RasterSource, selection: BandSelection, radiometry: OpticalRadiometry) -> np.ndarray:
    """Reflectance (n, h, w) on a coarse lattice, NaN where there is no data."""
    reflectance = radiometry.to_reflectance(
        look_at_stored(image, lattice_over(image.grid, _SIDE), selection.file_bands)
    )
    if not np.isfinite(reflectance).any():
        raise InputError("The optical image holds no data at all; choose another scene.")
    return reflectance


def _optical_finding(
    image: RasterSource, selection: BandSelection, radiometry: OpticalRadiometry, reflectance: np.ndarray
) -> OpticalFinding:
    level, level_by = processing_level(image.profile, image.path, selection)
    nodata_share = float((~np.isfinite(reflectance)).all(axis=0).mean())
    return OpticalFinding(
        _facts(image, nodata_share),
        selection.names,
        selection.missing,
        selection.how,
        level,
        level_by,
        radiometry.scale,
        radiometry.offset,
        radiometry.how,
    )


def processing_level(profile: RasterProfile, path: str, selection: BandSelection) -> tuple[str, str]:
    """("Level-1C" | "Level-2A" | "level unknown", the reason) from tags, the product's name, or the bands."""
    tags = " ".join(str(value) for value in profile.tags.values())
    for text, why in ((tags, "from the tags"), (os.path.basename(path.rstrip("/")), "from the name")):
        match = re.search(r"Level-?_?(1C|2A)|MSI_?L?(1C|2A)|(?<![A-Za-z0-9])L(1C|2A)(?![A-Za-z0-9])", text)
        if match:
            return f"Level-{next(filter(None, match.groups()))}", why
        if re.search(r"S2_SR(_|\b)|sentinel-2-l2a", text):
            return "Level-2A", why
    if "B10" in selection.names:
        return "Level-1C", "band B10 is there"
    if len(selection.names) == 12:
        return "Level-2A", "all bands but B10"
    return "level unknown", "neither tags, name nor bands tell"


def _sar_finding(
    image: RasterSource,
    optical_bands: Sequence[int],
    radar: RasterSource,
    bands: str | None,
    values: str | None,
    allow_partial: bool,
    optical: OpticalFinding,
) -> tuple[SarFinding, list[str]]:
    selection = match_sar(radar.profile, bands, radar.path)
    radiometry = detect_sar(radar, selection, values)
    pair = check_pair(
        image,
        radar,
        allow_partial_sar=True,
        optical_bands=optical_bands[:2],
        sar_bands=selection.file_bands,
        radiometry=radiometry,
    )
    facts = _facts(radar, 1 - pair.sar_cover)
    finding = SarFinding(
        facts,
        selection.names,
        selection.how,
        radiometry.unit,
        radiometry.how,
        pair.sar_cover,
        pair.same_grid,
        _days(optical.raster.time, facts.time),
    )
    return finding, _sar_warnings(finding, pair, radiometry, allow_partial)


def _sar_warnings(finding: SarFinding, pair: PairReport, radiometry: SarRadiometry, allow_partial: bool) -> list[str]:
    warnings = [VV_ESTIMATED] if finding.bands == ("VH",) else []
    if pair.doubt:
        warnings.append(pair.doubt if allow_partial else f"{pair.doubt}; clearing it needs --allow-partial-sar")
        warnings += [note for note in pair.notes if "has no data" not in note]
    else:
        warnings += pair.notes
    if finding.days_after_optical is not None and abs(finding.days_after_optical) > MANY_DAYS:
        warnings.append(
            f"SAR and optical lie {abs(finding.days_after_optical):.0f} days apart: what changed in between "
            "(harvest, floods, snow) will show"
        )
    return [*warnings, *radiometry.doubts]


def _surface_warnings(surface: SurfaceShares) -> list[str]:
    warnings = []
    for share, least, text in (
        (surface.snow, 0.2, "of the scene looks like snow or ice: it is easily taken for cloud, give a mask"),
        (surface.water, 0.5, "of the scene is water: SAR tells little about its colour"),
        (surface.cirrus, 0.3, "of the scene lies under cirrus, which a cloud mask may miss"),
        (surface.saturated, 0.01, "of the pixels are saturated (reflectance 1 or more): nothing shines through there"),
    ):
        if share is not None and share > least:
            warnings.append(f"{percent(share)} {text}")
    return warnings


def _mask_share(
    mask: str | os.PathLike[str], kind: str, image: RasterSource, valid: np.ndarray, allow_network: bool
) -> tuple[float, str]:
    with open_raster(mask, allow_network=allow_network) as layer:
        reading, _ = read_layer_kind(layer, image.grid, kind)
        values = look(layer, lattice_over(image.grid, _SIDE), [1])[0]
    return float(reading.cloud(values)[valid].mean()), reading.words


def _facts(source: RasterSource, nodata_share: float) -> RasterFacts:
    grid = source.grid
    return RasterFacts(
        source.path,
        grid.width,
        grid.height,
        grid.pixel_size if grid.crs_wkt else None,
        crs_name(grid.crs_wkt or source.profile.gcps_wkt),
        acquisition_time(source.profile.tags, source.path.rstrip("/")),
        nodata_share,
    )


def crs_name(wkt: str) -> str:
    """The name that a CRS's WKT begins with, and its EPSG code where the WKT ends with one."""
    name = re.match(r'[A-Z_0-9]+\["([^"]*)"', wkt)
    code = re.search(r'(?:AUTHORITY|ID)\["EPSG",\s*"?(\d+)"?\]\]\s*$', wkt)
    return (name[1] if name else "unnamed CRS") + (f", EPSG:{code[1]}" if code else "")


def _days(optical: str, sar: str) -> float | None:
    if not optical or not sar:
        return None
    earlier, later = (datetime.strptime(t, UTC_FORMAT) for t in (optical, sar))
    return (later - earlier).total_seconds() / 86_400
