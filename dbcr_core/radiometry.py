# SPDX-License-Identifier: GPL-3.0-or-later
"""What an optical file's numbers mean: DN or reflectance, with or without the −1000 offset.

Metadata is asked first and values second. Where the two contradict each other nothing is guessed: RadiometryError
names the option that decides. `how` says in plain words what was found and why.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Callable, Mapping, Sequence

import numpy as np

from .band_order import order_doubts
from .bands import BandSelection
from .errors import InputError, RadiometryError
from .grid import RasterGrid
from .rasters import RasterProfile, RasterSource
from .rasters.raster import check_nodata
from .rasters.stated import STATED_BY
from .rasters.value_samples import middle_values, sample_values
from .stated_offset import is_of_agency_with_offset, stated_offset
from .stored_values import OpticalRadiometry
from .wording import OFFSET_ASSUMED, OFFSET_BY_NAME, OFFSET_IN_DECIMALS, percent

OPTICAL_VALUES = ("dn", "dn-1000", "reflectance")
OPTICAL_OPTION = "--optical-values"

QUANTIFICATION = 10000.0
_SOME_DARK = 0.0005  # share of values below 900 that tells of shadow or water in a file without the offset
_ENOUGH_VALID = 0.25  # share of the spots in the middle that holds data, for these to tell of the whole
_FEWEST_DN = (
    255  # below lie percentages and the grey values of pictures; DN of the darkest lake's brightest pixel do not
)
_BRIGHT_DN = 20_000
_SOME_BRIGHT, _MOST_BRIGHT = 0.005, 0.05  # share above that no scene with cloud or snow has: 0.0011 in 250 of them
_COUNTS = ("uint16", "int16")  # types in which DN are delivered
_WIDE_SCENE = 1000  # pixels per side; a scene so large holds some shadow or water, a smaller one need not


def detect_optical(source: RasterSource, selection: BandSelection, override: str | None = None) -> OpticalRadiometry:
    """How stored values become reflectance.

    override is "dn" (reflectance × 10000), "dn-1000" (the same with the offset of baseline 04.00 still in) or
    "reflectance". Raises RadiometryError where metadata and values contradict each other, BandOrderError where the
    values are not those of the bands that nothing but their number told, InputError where there is no data at all.
    """
    check_nodata(source.profile, selection.file_bands)
    found = _detected(source, selection, override)
    return replace(found, doubts=(*order_doubts(source, selection, found), *found.doubts))


def _detected(source: RasterSource, selection: BandSelection, override: str | None) -> OpticalRadiometry:
    profile = source.profile
    if override:
        if override not in OPTICAL_VALUES:
            raise InputError(f"Optical values {override!r} are unknown; choose {', '.join(OPTICAL_VALUES)}.")
        return _optical(profile, override, "as you said")
    stated, why_stated = stated_offset(all_tags(profile), source.path)
    if stated and _few_agree(source, selection, stated):
        return _optical(profile, stated, why_stated)
    values, valid = _sampled(source, selection.file_bands)
    if not valid.any():
        raise InputError("The optical image holds no data at all; choose another scene.")
    scales = _scales(profile, selection.file_bands)
    if scales != {(1.0, 0.0)}:
        return _from_scale(profile, scales, values, valid, selection)
    if _is_reflectance(profile, values[valid]):
        seen, *_ = _seen_offset(values * QUANTIFICATION, valid, selection, profile.grid)
        untold = () if (seen or stated) == "dn" else (OFFSET_IN_DECIMALS,)
        return _optical(profile, "reflectance", "decimal values, mostly between 0 and 1", untold)
    highest = float(values[valid].max())
    # A dark sea without cloud stays below, too, which is told from a picture by its metadata. Not where values are
    # decimal: percentages are made from products, and may keep their tags.
    if highest <= _FEWEST_DN and not (stated and profile.dtype in _COUNTS):
        raise _neither(f"none above {highest:g}")
    seen, why_seen, is_certain = _seen_offset(values, valid, selection, profile.grid)
    if stated and seen != stated and is_certain:
        raise _contradicted(stated, why_stated, why_seen)
    kind, why = (stated, why_stated) if stated else (seen, why_seen)
    quantification = _stated_quantification(profile, values[valid])
    if quantification != QUANTIFICATION:
        why = f"{why}; quantification {quantification:g} in the tags" if why else f"quantification {quantification:g}"
    doubts = () if stated or quantification != QUANTIFICATION else _too_bright(values[valid])
    if not kind and is_of_agency_with_offset(source.path, profile.source_names):
        kind, why = "dn-1000", "the agency's names and dates of files"
        doubts = (OFFSET_BY_NAME, *doubts)
    if not kind:
        kind, why = "dn", why or "assumed, as neither metadata nor a dark pixel tells of an offset"
        doubts = (OFFSET_ASSUMED, *doubts)
    return _optical(profile, kind, why, doubts, quantification)


_OFFSET_WORDS = {"dn": "is removed", "dn-1000": "is still in"}


def _optical(
    profile: RasterProfile,
    kind: str,
    how: str,
    doubts: tuple[str, ...] = (),
    quantification: float = QUANTIFICATION,
) -> OpticalRadiometry:
    scale, offset = {
        "dn": (1 / quantification, 0.0),
        "dn-1000": (1 / quantification, -1000 / quantification),
        "reflectance": (1.0, 0.0),
    }[kind]
    return OpticalRadiometry(scale, offset, profile.nodata, profile.nodata != 0, how, doubts)


def _sampled(
    source: RasterSource, bands: Sequence[int], sample: Callable[..., tuple[np.ndarray, np.ndarray]] = sample_values
) -> tuple[np.ndarray, np.ndarray]:
    """Stored values (n, pixels) of optical bands and which are observations, from a few spots."""
    profile = source.profile
    scales = _scales(profile, bands)
    scale, offset = scales.pop()  # by which negative numbers may be reflectance
    if scales or not (scale > 0 and abs(offset) < 1e6):
        scale, offset = 1.0, 0.0  # refused later on, with what the file states
    stated = OpticalRadiometry(scale, offset, profile.nodata, profile.nodata != 0, "")
    return sample(source, bands, lambda stored: ~stated.missing(stored[:, :, None])[:, :, 0])


def _scales(profile: RasterProfile, bands: Sequence[int]) -> set[tuple[float, float]]:
    """The (scale, offset) that the file states for 1-based bands."""
    return {(profile.scales[band - 1], profile.offsets[band - 1]) for band in bands}


def _contradicted(stated: str, why_stated: str, why_seen: str) -> RadiometryError:
    return RadiometryError(
        f"The metadata says that the −1000 offset {_OFFSET_WORDS[stated]} ({why_stated}), but {why_seen}; "
        f"decide with {OPTICAL_OPTION} dn (offset removed) or dn-1000 (offset still in).",
        "optical_values",
        ("dn", "dn-1000"),
    )


def _from_scale(
    profile: RasterProfile,
    scales: set[tuple[float, float]],
    values: np.ndarray,
    valid: np.ndarray,
    selection: BandSelection,
) -> OpticalRadiometry:
    if len(scales) > 1:
        raise RadiometryError(
            f"The bands state different scales and offsets; decide with {OPTICAL_OPTION} dn, dn-1000 or reflectance.",
            "optical_values",
            OPTICAL_VALUES,
        )
    scale, offset = scales.pop()
    typical = float(np.median(values[valid].astype(np.float64))) * scale + offset
    # Who turned DN into reflectance may have kept the scale of the DN.
    is_float = profile.dtype.startswith("float")
    is_scaled_already = is_float and scale <= 0.001 and bool(np.percentile(values[valid], 90) < 3)
    if is_scaled_already or not (scale > 0 and -0.2 < typical < 2):
        raise RadiometryError(
            f"The file states reflectance = stored × {scale:g} + {offset:g}, which makes a typical reflectance of "
            f"{typical:.3g}; decide with {OPTICAL_OPTION} dn, dn-1000 or reflectance.",
            "optical_values",
            OPTICAL_VALUES,
        )
    how = f"the file's own scale {scale:g} and offset {offset:g}"
    if STATED_BY in profile.tags:
        how = f"scale {scale:g} and offset {offset:g} of {profile.tags[STATED_BY]}"
    stated = {0.0: "dn", -1000 / QUANTIFICATION: "dn-1000"}.get(offset)
    if stated and scale == 1 / QUANTIFICATION:
        # Catalogues go on stating the offset of files from which they removed it.
        seen, why_seen, is_certain = _seen_offset(values, valid, selection, profile.grid)
        if seen != stated and is_certain:
            raise _contradicted(stated, how, why_seen)
    return OpticalRadiometry(scale, offset, profile.nodata, profile.nodata != 0, how)


def _is_reflectance(profile: RasterProfile, values: np.ndarray) -> bool:
    if not profile.dtype.startswith("float"):
        return False
    typical = float(np.percentile(values, 90))
    if 3 <= typical <= 30:
        raise _neither(f"90 % below {typical:.3g}")
    return typical < 3


def _too_bright(values: np.ndarray) -> tuple[str, ...]:
    """Doubts about DN of which many are brighter than cloud; RadiometryError where no scene has so many."""
    share = float((values > _BRIGHT_DN).mean())
    if share <= _SOME_BRIGHT:
        return ()
    fact = (
        f"{percent(share)} of the optical values lie above {_BRIGHT_DN}, as DN brighter than cloud or snow (if they "
        "are reflectance × 65535, or 65535 is no data, write that into the file: gdal_edit.py -scale 1.5259e-05, or "
        "-a_nodata 65535)"
    )
    if share > _MOST_BRIGHT:
        raise RadiometryError(
            f"{fact}; decide with {OPTICAL_OPTION} dn or dn-1000.", "optical_values", ("dn", "dn-1000")
        )
    return (fact,)


def _neither(seen: str) -> RadiometryError:
    return RadiometryError(
        f"The optical values ({seen}) are neither reflectance nor DN; "
        f"decide with {OPTICAL_OPTION} dn, dn-1000 or reflectance.",
        "optical_values",
        OPTICAL_VALUES,
    )


def _few_agree(source: RasterSource, selection: BandSelection, stated: str) -> bool:
    """Whether little of the image shows that the metadata are right, so that no more is read; no then says nothing."""
    profile = source.profile
    if profile.dtype.startswith("float"):
        return False
    if {*zip(profile.scales, profile.offsets)} != {(1.0, 0.0)} or _quantifications(profile) != {QUANTIFICATION}:
        return False
    return _cirrus_agrees(source, selection, stated) or _middle_agrees(source, selection, stated)


def _middle_agrees(source: RasterSource, selection: BandSelection, stated: str) -> bool:
    """Whether the spots in the middle do: of JPEG 2000, where every spot is costly and metadata are the agency's.

    Of any other file, whose tags may be older than its values, all spots are looked at; so they are where the cirrus
    band, which tells most, does not agree.
    """
    if not source.is_wavelet or "B10" in selection.names:
        return False
    values, valid = _sampled(source, selection.file_bands, middle_values)
    if not valid.size or valid.mean() < _ENOUGH_VALID:
        return False
    dark = float((values[valid] < 900).mean())
    if stated == "dn":
        return dark > _SOME_DARK
    # Some shadow, water or forest is there, at a reflectance of .02 at most, and yet nothing is darker than the offset.
    return dark <= _SOME_DARK and bool(np.percentile(values[valid], 0.1) < 1200)


def _cirrus_agrees(source: RasterSource, selection: BandSelection, stated: str) -> bool:
    """Whether the cirrus band alone does, whose image in a product is the smallest: the others need not be decoded."""
    if "B10" not in selection.names:
        return False
    values, valid = _sampled(source, [selection.file_bands[selection.names.index("B10")]])
    cirrus = values[valid]
    if not cirrus.size:
        return False
    if stated == "dn-1000":
        return _is_raised(cirrus)
    return not _is_raised(cirrus) and bool((cirrus < 900).mean() > 0.5)  # of one band in 13: beyond doubt


def _is_raised(cirrus: np.ndarray) -> bool:
    """Whether values of the cirrus band, which sees hardly any ground, lie as high as the offset of 1000."""
    floor, middle = np.percentile(cirrus, (1, 50))
    return bool(980 <= floor < 1100 and middle < 1300)


def _quantifications(profile: RasterProfile) -> set[float]:
    """DN per reflectance 1 as the tags state it."""
    return {
        float(value)
        for key, value in profile.tags.items()
        if re.fullmatch(r"(l2a_)?(boa_)?quantification_value", key.lower())
        and re.fullmatch(r"\d+(\.\d+)?", value.strip())
    } or {QUANTIFICATION}


def _stated_quantification(profile: RasterProfile, values: np.ndarray) -> float:
    """The tags' quantification: 10000 but for Level-2A of the first years, which may use 1000."""
    stated = _quantifications(profile)
    typical = float(np.median(values)) / max(min(stated), 1)
    if len(stated) > 1 or min(stated) < 1 or (stated != {QUANTIFICATION} and typical > 2):
        raise RadiometryError(
            f"The tags state a quantification of {min(stated):g}, which makes a typical reflectance of {typical:.3g}; "
            f"decide with {OPTICAL_OPTION} dn or dn-1000 (both of 10000).",
            "optical_values",
            ("dn", "dn-1000"),
        )
    return stated.pop()


def _seen_offset(
    values: np.ndarray, valid: np.ndarray, selection: BandSelection, grid: RasterGrid
) -> tuple[str, str, bool]:
    """The same from the values, and whether they leave no doubt.

    Shadow, water and the cirrus band reflect almost nothing, so their DN show the offset. Surface reflectance may
    come out slightly negative, and a small or overcast scene may hold nothing dark: then nothing is certain.
    """
    if "B10" in selection.names:
        cirrus = values[selection.names.index("B10")][valid[selection.names.index("B10")]]
        if cirrus.size and _is_raised(cirrus):
            return "dn-1000", f"the cirrus band B10 lies around {np.median(cirrus):.0f}", True
    lit = values[valid]
    dark = float((lit < 900).mean())
    if dark > _SOME_DARK and (dark > 0.02 or (lit < 800).any()):  # with the offset in, L2A goes a little below 900
        return "dn", f"{percent(dark)} of the values lie below 900", dark > 0.02
    floor = float(np.percentile(lit, 0.1))
    if 980 <= floor < 1100 and not (lit < 950).any() and min(grid.width, grid.height) >= _WIDE_SCENE:
        return "dn-1000", f"the darkest values lie at {floor:.0f} and none below 950", True
    return "", "", False


def all_tags(profile: RasterProfile) -> Mapping[str, str]:
    """Tags of the file and of its bands, with keys in lower case."""
    tags = {key.lower(): str(value) for key, value in profile.tags.items()}
    for band in profile.band_tags:
        tags.update({f"{key.lower()}": str(value) for key, value in band.items() if key.lower() not in tags})
    return tags
