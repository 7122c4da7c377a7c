# SPDX-License-Identifier: GPL-3.0-or-later
"""What a SAR file's numbers mean: decibel, linear power or amplitude, calibrated or not.

Metadata is asked first and values second. Where the two contradict each other, or make a backscatter that nothing has,
nothing is guessed: the error names the option or the remedy.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Sequence

import numpy as np

from .bands import BandSelection
from .errors import BandOrderError, InputError, RadiometryError
from .radiometry import all_tags
from .rasters import RasterProfile, RasterSource
from .rasters.data_range import BACKSCATTER
from .rasters.raster import check_nodata
from .rasters.value_samples import sample_values
from .stored_values import SarRadiometry, is_number, physical_values
from .wording import UNIT_ASSUMED, percent

SAR_VALUES = ("db", "power", "amplitude")
SAR_OPTION = "--sar-values"

# 20·log10 of the calibration constant of Sentinel-1 IW GRD, which depends on the range: in the table of
# S1B_IW_GRDH_1SDV_20211223T051122 it lies between 54.9 and 56.4 dB, half of it below 55.5. Only for measurements
# without their table: a SAFE product is calibrated by its own (`safe_sar`).
GRD_CALIBRATION_DB = 55.5
_UNCALIBRATED = {"amplitude": 5.0, "power": 25.0}  # typical values above are digital numbers, and their squares
_SQUARES = 1000.0  # as amplitude it would be brighter than any land, as intensity it is water or more
_BRIGHTEST_DB = -1.0  # that half of any land but a city stays below; power less its noise has a median around 0
_LIKELY_DB, _POSSIBLE_DB = (-45.0, 5.0), (-60.0, 20.0)  # typical backscatter: of a scene, of one whose user insists
_MOSTLY = 0.6  # share of pixels with VH above VV that tells of swapped bands: where both are noise it is half
_IN_16_BITS = " (if they are linear power × 65535, write that into the file: gdal_edit.py -scale 1.5259e-05)"
_FEW_FILLS = 16  # values by which programs fill a raster; more different ones mean something
_UNIT_WORDS = {"db": "decibel", "power": "linear power", "amplitude": "amplitude"}


def detect_sar(source: RasterSource, selection: BandSelection, override: str | None = None) -> SarRadiometry:
    """Unit of the SAR image; override is "db", "power" or "amplitude".

    Raises RadiometryError where metadata and values contradict each other or make a backscatter that no land has,
    InputError where the image holds no data or is a picture, BandOrderError where bands without names look swapped.
    """
    if override and override not in SAR_VALUES:
        raise InputError(f"SAR values {override!r} are unknown; choose {', '.join(SAR_VALUES)}.")
    profile = source.profile
    check_nodata(profile, selection.file_bands)

    def valid_sar(stored: np.ndarray) -> np.ndarray:
        physical = physical_values(stored, profile, selection.file_bands, profile.nodata)
        return np.isfinite(physical) & (physical != 0)

    stored, valid = sample_values(source, selection.file_bands, valid_sar)
    if not valid.any():
        raise _empty()
    physical = np.where(valid, physical_values(stored, profile, selection.file_bands, profile.nodata), np.nan)
    values = _without_fill(physical[valid])
    stated, why = "", ""
    if override:
        unit, why = override, "as you said"
    else:
        if profile.dtype == "uint8" and set(profile.scales) == {1.0}:
            raise InputError("The SAR image is an 8-bit picture, not backscatter; give the backscatter itself.")
        seen, why_seen = _seen_unit(values)
        stated, why_stated = _stated_unit(profile, selection, source.path)
        if stated and not _compatible(stated, seen):
            raise _undecided(
                f"The metadata says that the SAR image is in {_UNIT_WORDS[stated]} ({why_stated}), but {why_seen}"
            )
        unit, why = (stated, why_stated) if stated else (seen, why_seen)
    # Zeros that a program filled the border with may become another value by the file's offset.
    nodata = None if is_number(profile.nodata) else 0.0
    gain = 0.0
    if unit != "db" and float(np.median(values)) > _UNCALIBRATED[unit]:
        gain, why = (
            -GRD_CALIBRATION_DB,
            why + "; not calibrated, so the typical calibration of an IW GRD scene is applied (±1 dB)",
        )
    found = SarRadiometry(unit, why, gain, nodata)
    hint = _IN_16_BITS if profile.dtype == "uint16" and set(profile.scales) == {1.0} else ""
    _check_level(found, values, bool(override), hint)
    decibel = found.to_decibel(physical)
    _check_order(selection, decibel)
    doubts = _doubts(decibel, selection.names, hint)
    if hint and gain and unit == "power":
        doubts.append(f"16 bits hardly hold linear power that is not scaled: check the SAR values{hint}")
    if not (stated or override) and unit != "db":
        doubts.append(UNIT_ASSUMED)
    return replace(found, doubts=tuple(doubts))


def _check_order(selection: BandSelection, decibel: np.ndarray) -> None:
    """BandOrderError where decibels (n, pixels) contradict an order that nothing but the number of bands tells."""
    if not selection.is_assumed:
        return
    vv, vh = decibel
    judged = np.isfinite(vv) & np.isfinite(vh)
    share = float((vh > vv)[judged].mean()) if judged.any() else 0.0
    if share > _MOSTLY:
        raise BandOrderError(
            f"The two SAR bands have no names, and the second is brighter in {percent(share)} of the pixels, as VV is; "
            "name them in file order with --sar-bands VH,VV (or VV,VH if that is right)."
        )


def _doubts(decibel: np.ndarray, names: Sequence[str], hint: str) -> list[str]:
    """What is unusual in decibels (n, pixels) of the bands of those names; hint: what may be behind an odd level."""
    middles = {name: float(np.nanmedian(band)) for name, band in zip(names, decibel) if np.isfinite(band).any()}
    doubts = []
    if middles.get("VH", -99.0) > middles.get("VV", 99.0):
        doubts.append("VH is brighter than VV, which nature hardly does: are they swapped? (--sar-bands VH,VV)")
    if middles.get("VV", -10.0) > 3 or middles.get("VV", -10.0) < -30:
        doubts.append(f"the typical VV of {middles['VV']:.0f} dB is unusual: check the unit with --sar-values{hint}")
    return doubts


def _without_fill(values: np.ndarray) -> np.ndarray:
    """Those of a SAR image's values that can be backscatter; raises InputError where there are none."""
    likely = values > BACKSCATTER["db"].low
    if likely.mean() < 0.5 and len(np.unique(values[~likely])) > _FEW_FILLS:
        raise _scaled(float(np.median(values)))
    if not likely.any():
        raise _empty()
    return values[likely]


def _check_level(radiometry: SarRadiometry, values: np.ndarray, is_said: bool, hint: str) -> None:
    """RadiometryError where physical values make a typical backscatter that land and sea do not have, InputError where
    no unit would help. hint: what else may be behind it."""
    decibel = radiometry.to_decibel(values)
    decibel = decibel[np.isfinite(decibel)]
    typical = float(np.median(decibel)) if decibel.size else float("nan")
    low, high = _POSSIBLE_DB if is_said else _LIKELY_DB
    if radiometry.unit == "db" and not typical > low:
        raise _scaled(float(np.median(values)))
    if not low < typical < high:
        raise _undecided(
            f"SAR values in {_UNIT_WORDS[radiometry.unit]} ({radiometry.how}) make a typical backscatter of "
            f"{typical:.0f} dB, which no land has{hint}"
        )


def _empty() -> InputError:
    return InputError("The SAR image holds no data at all; choose another scene.")


def _scaled(middle: float) -> InputError:
    return InputError(
        f"SAR values around {middle:.0f} are no decibels; if they are decibels times 10 or 100, write that into the "
        "file (gdal_edit.py -scale 0.1 or -scale 0.01)."
    )


def _undecided(what: str) -> RadiometryError:
    return RadiometryError(f"{what}; decide with {SAR_OPTION} db, power or amplitude.", "sar_values", SAR_VALUES)


def _stated_unit(profile: RasterProfile, selection: BandSelection, path: str) -> tuple[str, str]:
    words = [profile.descriptions[b - 1] + " " + profile.units[b - 1] for b in selection.file_bands]
    words += [v for k, v in all_tags(profile).items() if re.search(r"unit|scale|calibration|radiometr", k)]
    for text in words:
        found = set(re.findall(r"(?<![a-z])(db|decibel|power|linear|intensity|amplitude)(?![a-z])", text.lower()))
        units = {"db" if w in ("db", "decibel") else "amplitude" if w == "amplitude" else "power" for w in found}
        if re.search(r"_db(?![a-z])", text.lower()):
            units = {"db"}  # of whatever the rest of the name says: Intensity_VV_db
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
    # What the removal of noise left below nothing is no decibel: power is small, the decibels of a city are not.
    is_wide = float((np.abs(values) > 1).mean()) > 0.5
    if negative > 0.01 and (middle < _BRIGHTEST_DB or (is_wide and middle < _LIKELY_DB[1])):
        if middle < _POSSIBLE_DB[0]:
            raise _scaled(middle)
        return "db", f"{percent(negative)} of the values are negative, the median is {middle:.1f}"
    if middle > _UNCALIBRATED["amplitude"]:
        if negative > 0.01:
            raise _undecided(f"The SAR values are large, around {middle:.0f}, and yet {percent(negative)} are negative")
        if middle > _SQUARES:
            return "power", f"the values are positive and as large as squares of digital numbers, around {middle:.0f}"
        return "amplitude", f"the values are positive and large, the median is {middle:.0f}"
    return "power", f"the values are positive and small, the median is {middle:.3f}"


def _compatible(stated: str, seen: str) -> bool:
    return (stated == "db") == (seen == "db")
