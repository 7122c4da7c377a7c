# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file's numbers mean: optical DN or reflectance, with or without the −1000 offset; SAR in dB or linear.

Metadata is asked first and values second. Where the two contradict each other nothing is guessed: RadiometryError
names the option that decides. `how` says in plain words what was found and why.
"""

from __future__ import annotations

import re
from typing import Callable, Mapping, Sequence

import numpy as np

from .bands import BandSelection
from .errors import InputError, RadiometryError
from .grid import RasterGrid
from .rasters import RasterProfile, RasterSource
from .rasters.value_samples import middle_values, sample_values
from .stored_values import OpticalRadiometry, SarOnGrid, SarRadiometry, physical_values
from .wording import percent

__all__ = ["OpticalRadiometry", "SarOnGrid", "SarRadiometry", "detect_optical", "detect_sar"]

OPTICAL_VALUES = ("dn", "dn-1000", "reflectance")
SAR_VALUES = ("db", "power", "amplitude")
OPTICAL_OPTION = "--optical-values"
SAR_OPTION = "--sar-values"

QUANTIFICATION = 10000.0
BASELINE_WITH_OFFSET = 4.0  # processing baseline 04.00, 25 January 2022
# 20·log10 of the calibration constant of Sentinel-1 IW GRD, which depends on the range: in the table of
# S1B_IW_GRDH_1SDV_20211223T051122 it lies between 54.9 and 56.4 dB, half of it below 55.5. Only for measurements
# without their table: a SAFE product is calibrated by its own (`safe_sar`).
GRD_CALIBRATION_DB = 55.5
_SOME_DARK = 0.0005  # share of values below 900 that tells of shadow or water in a file without the offset
_ENOUGH_VALID = 0.25  # share of the spots in the middle that holds data, for these to tell of the whole
_WIDE_SCENE = 1000  # pixels per side; a scene so large holds some shadow or water, a smaller one need not


def detect_optical(source: RasterSource, selection: BandSelection, override: str | None = None) -> OpticalRadiometry:
    """How stored values become reflectance.

    override is "dn" (reflectance × 10000), "dn-1000" (the same with the offset of baseline 04.00 still in) or
    "reflectance". Raises RadiometryError where metadata and values contradict each other, InputError where the
    image holds no data at all.
    """
    profile = source.profile
    if override:
        if override not in OPTICAL_VALUES:
            raise InputError(f"Optical values {override!r} are unknown; choose {', '.join(OPTICAL_VALUES)}.")
        return _optical(profile, override, "as you said")
    stated, why_stated = _stated_offset(profile, source.path)
    if stated and _few_agree(source, selection, stated):
        return _optical(profile, stated, why_stated)
    values, valid = _sampled(source, selection.file_bands)
    if not valid.any():
        raise InputError("The optical image holds no data at all; choose another scene.")
    scales = {(profile.scales[b - 1], profile.offsets[b - 1]) for b in selection.file_bands}
    if scales != {(1.0, 0.0)}:
        return _from_scale(profile, scales, values[valid])
    if _is_reflectance(profile, values[valid]):
        return _optical(profile, "reflectance", "decimal values, mostly between 0 and 1")
    seen, why_seen, is_certain = _seen_offset(values, valid, selection, profile.grid)
    if stated and seen != stated and is_certain:
        raise RadiometryError(
            f"The metadata says that the −1000 offset {_OFFSET_WORDS[stated]} ({why_stated}), but {why_seen}; "
            f"decide with {OPTICAL_OPTION} dn (offset removed) or dn-1000 (offset still in).",
            "optical_values",
            ("dn", "dn-1000"),
        )
    kind, why = (stated, why_stated) if stated else (seen, why_seen)
    quantification = _stated_quantification(profile, values[valid])
    if quantification != QUANTIFICATION:
        why = f"{why}; quantification {quantification:g} in the tags" if why else f"quantification {quantification:g}"
    if kind:
        return _optical(profile, kind, why, quantification=quantification)
    why = why or "assumed, as neither metadata nor a dark pixel tells of an offset"
    return _optical(profile, "dn", why, True, quantification)


def detect_sar(source: RasterSource, selection: BandSelection, override: str | None = None) -> SarRadiometry:
    """Unit of the SAR image; override is "db", "power" or "amplitude".

    Raises RadiometryError where metadata and values contradict each other, InputError where the image holds no data.
    """
    profile = source.profile

    def valid_sar(stored: np.ndarray) -> np.ndarray:
        physical = physical_values(stored, profile, selection.file_bands, profile.nodata)
        return np.isfinite(physical) & (physical != 0)

    stored, valid = sample_values(source, selection.file_bands, valid_sar)
    values = physical_values(stored, profile, selection.file_bands, profile.nodata)
    if not valid.any():
        raise InputError("The SAR image holds no data at all; choose another scene.")
    if override:
        if override not in SAR_VALUES:
            raise InputError(f"SAR values {override!r} are unknown; choose {', '.join(SAR_VALUES)}.")
        stated, unit, why = override, override, "as you said"
    else:
        seen, why_seen = _seen_unit(values[valid])
        stated, why_stated = _stated_unit(profile, selection, source.path)
        if stated and not _compatible(stated, seen):
            raise RadiometryError(
                f"The metadata says that the SAR image is in {_UNIT_WORDS[stated]} ({why_stated}), but {why_seen}; "
                f"decide with {SAR_OPTION} db, power or amplitude.",
                "sar_values",
                SAR_VALUES,
            )
        unit, why = (stated, why_stated) if stated else (seen, why_seen)
    # Exactly 0 dB does not happen in floating point: where it does, a program filled the border with it.
    nodata = 0.0 if profile.nodata is None and (unit != "db" or profile.dtype.startswith("float")) else None
    gain = 0.0
    if unit == "amplitude" and float(np.median(values[valid])) > 5:
        gain, why = (
            -GRD_CALIBRATION_DB,
            why + "; not calibrated, so the typical calibration of an IW GRD scene is applied (±1 dB)",
        )
    return SarRadiometry(unit, why, gain, nodata, is_assumed=not stated and unit != "db")


_HARMONISED = re.compile(r"(?<!un)(?<!non)(?<!non[-_ ])(?<!not[-_ ])harmoni[sz]ed", re.IGNORECASE)
_OFFSET_WORDS = {"dn": "is removed", "dn-1000": "is still in"}
_UNIT_WORDS = {"db": "decibel", "power": "linear power", "amplitude": "amplitude"}


def _optical(
    profile: RasterProfile, kind: str, how: str, is_assumed: bool = False, quantification: float = QUANTIFICATION
) -> OpticalRadiometry:
    scale, offset = {
        "dn": (1 / quantification, 0.0),
        "dn-1000": (1 / quantification, -1000 / quantification),
        "reflectance": (1.0, 0.0),
    }[kind]
    zero_is_nodata = profile.nodata is None
    return OpticalRadiometry(scale, offset, profile.nodata, zero_is_nodata, how, is_assumed)


def _sampled(
    source: RasterSource, bands: Sequence[int], sample: Callable[..., tuple[np.ndarray, np.ndarray]] = sample_values
) -> tuple[np.ndarray, np.ndarray]:
    """Stored values (n, pixels) of optical bands and which are observations, from a few spots."""
    nodata = source.profile.nodata
    any_scale = OpticalRadiometry(1.0, 0.0, nodata, nodata is None, "")
    return sample(source, bands, lambda stored: ~any_scale.missing(stored[:, :, None])[:, :, 0])


def _from_scale(profile: RasterProfile, scales: set[tuple[float, float]], values: np.ndarray) -> OpticalRadiometry:
    if len(scales) > 1:
        raise RadiometryError(
            f"The bands state different scales and offsets; decide with {OPTICAL_OPTION} dn, dn-1000 or reflectance.",
            "optical_values",
            OPTICAL_VALUES,
        )
    scale, offset = scales.pop()
    typical = float(np.median(values.astype(np.float64))) * scale + offset
    if not (scale > 0 and -0.2 < typical < 2):
        raise RadiometryError(
            f"The file states reflectance = stored × {scale:g} + {offset:g}, which makes a typical reflectance of "
            f"{typical:.3g}; decide with {OPTICAL_OPTION} dn, dn-1000 or reflectance.",
            "optical_values",
            OPTICAL_VALUES,
        )
    return OpticalRadiometry(
        scale, offset, profile.nodata, profile.nodata is None, f"the file's own scale {scale:g} and offset {offset:g}"
    )


def _is_reflectance(profile: RasterProfile, values: np.ndarray) -> bool:
    if not profile.dtype.startswith("float"):
        return False
    typical = float(np.percentile(values, 90))
    if 3 <= typical <= 30:
        raise RadiometryError(
            f"The optical values (90 % below {typical:.3g}) are neither reflectance nor DN; "
            f"decide with {OPTICAL_OPTION} dn, dn-1000 or reflectance.",
            "optical_values",
            OPTICAL_VALUES,
        )
    return typical < 3


def _stated_offset(profile: RasterProfile, path: str) -> tuple[str, str]:
    """("dn" | "dn-1000" | "", the reason) from tags and the product's name."""
    tags = _all_tags(profile)
    offsets = {
        float(value)
        for key, value in tags.items()
        if re.match(r"(radio|boa)_add_offset", key) and re.fullmatch(r"-?\d+(\.\d+)?", value.strip())
    }
    if _HARMONISED.search(" ".join((path, *tags.values()))):
        return "dn", "a harmonised collection"
    if offsets:
        return ("dn-1000", "offset −1000 in the tags") if min(offsets) <= -999 else ("dn", "offset 0 in the tags")
    baseline = re.match(r"\d\d\.\d\d", tags.get("processing_baseline", ""))
    named = re.search(r"_N(\d\d)(\d\d)_R\d{3}_", path)
    number = float(baseline.group()) if baseline else float(f"{named[1]}.{named[2]}") if named else None
    if number is None:
        return "", ""
    return ("dn-1000" if number >= BASELINE_WITH_OFFSET else "dn"), f"processing baseline {number:05.2f}"


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
    if dark > _SOME_DARK:
        return "dn", f"{percent(dark)} of the values lie below 900", dark > 0.02
    floor = float(np.percentile(lit, 0.1))
    if 980 <= floor < 1100 and not (lit < 950).any() and min(grid.width, grid.height) >= _WIDE_SCENE:
        return "dn-1000", f"the darkest values lie at {floor:.0f} and none below 950", True
    return "", "", False


def _stated_unit(profile: RasterProfile, selection: BandSelection, path: str) -> tuple[str, str]:
    words = [profile.descriptions[b - 1] + " " + profile.units[b - 1] for b in selection.file_bands]
    words += [v for k, v in _all_tags(profile).items() if re.search(r"unit|scale|calibration|radiometr", k)]
    for text in words:
        found = set(re.findall(r"(?<![a-z])(db|decibel|power|linear|intensity|amplitude)(?![a-z])", text.lower()))
        units = {"db" if w in ("db", "decibel") else "amplitude" if w == "amplitude" else "power" for w in found}
        if len(units) == 1:
            return units.pop(), f'"{text.strip()}"'
    named = re.search(r"_RTC\d+_G_[gs]([pad])", path)  # ASF HyP3: gamma or sigma nought as power, amplitude, decibel
    if named:
        return {"p": "power", "a": "amplitude", "d": "db"}[named[1]], "the product's name"
    if profile.dtype in ("uint16", "uint8") and set(profile.scales) == {1.0}:
        return "amplitude", "whole numbers of type " + profile.dtype
    return "", ""


def _seen_unit(values: np.ndarray) -> tuple[str, str]:
    negative = float((values < 0).mean())
    middle = float(np.median(values))
    if negative > 0.01:
        if not -60 < middle < 20:
            raise RadiometryError(
                f"SAR values around {middle:.3g} are no decibels; decide with {SAR_OPTION} db, power or amplitude.",
                "sar_values",
                SAR_VALUES,
            )
        return "db", f"{percent(negative)} of the values are negative, the median is {middle:.1f}"
    if middle > 5:
        return "amplitude", f"the values are positive and large, the median is {middle:.0f}"
    return "power", f"the values are positive and small, the median is {middle:.3f}"


def _compatible(stated: str, seen: str) -> bool:
    return (stated == "db") == (seen == "db")


def _all_tags(profile: RasterProfile) -> Mapping[str, str]:
    tags = {key.lower(): str(value) for key, value in profile.tags.items()}
    for band in profile.band_tags:
        tags.update({f"{key.lower()}": str(value) for key, value in band.items() if key.lower() not in tags})
    return tags
