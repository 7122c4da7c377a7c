# SPDX-License-Identifier: GPL-3.0-or-later
"""Which band of a file is which band of the sensor: by name, by wavelength, by an explicit list, never by a guess."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Mapping, Sequence

from .errors import InputError
from .rasters import RasterProfile

OPTICAL_BANDS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")
SAR_BANDS = ("VV", "VH")

# Central wavelengths of Sentinel-2 in nanometres (mean of the satellites); B08 and B8A overlap on purpose.
OPTICAL_WAVELENGTHS_NM = (443, 492, 560, 665, 704, 740, 783, 833, 865, 945, 1374, 1612, 2195)
MINIMUM_OPTICAL_BANDS = 3
_MOST_LISTED = 12

_COLOURS = {
    "coastal": "B01",
    "coastalaerosol": "B01",
    "aerosol": "B01",
    "blue": "B02",
    "green": "B03",
    "red": "B04",
    "rededge": "B05",
    "rededge1": "B05",
    "rededge2": "B06",
    "rededge3": "B07",
    "vegetationrededge1": "B05",
    "vegetationrededge2": "B06",
    "vegetationrededge3": "B07",
    "re1": "B05",
    "re2": "B06",
    "re3": "B07",
    "nir": "B08",
    "nearinfrared": "B08",
    "nir1": "B08",
    "nirwide": "B08",
    "nirbroad": "B08",
    "broadnir": "B08",
    "nir08": "B8A",
    "nir2": "B8A",
    "nirnarrow": "B8A",
    "narrownir": "B8A",
    "rededge4": "B8A",
    "nir09": "B09",
    "watervapor": "B09",
    "watervapour": "B09",
    "cirrus": "B10",
    "swir16": "B11",
    "swir1": "B11",
    "swir22": "B12",
    "swir2": "B12",
}
_OF_NBAR = {"swir2": "B11", "swir3": "B12"}  # Digital Earth Australia and Africa count them so
_NOT_REFLECTANCE = re.compile(
    r"(?<![a-z0-9])(scl|aot|wvp|qa\d*|msk|tci|cld|clouds?|snw|snow|datamask|mask|alpha|dem|probability|"
    r"angle|azimuth|zenith|fmask|ndvi|ndwi|nbr|evi)(?![a-z0-9])"
)
_BAND_CODE = re.compile(r"(?<![a-z0-9])b(?:and)?[ _.-]?0*(8a|1[0-3]|[1-9])(?![a-z0-9])")
_ANY_CODE = re.compile(r"(?:b|band|layer|channel|ch)?[ _.#-]?0*(\d{1,3})")
_NANOMETRES = re.compile(r"(\d{3,4}(?:\.\d+)?)\s*(?:nm|nanomet)")
_MICROMETRES = re.compile(r"(?<![\d.])([0-2]\.\d+)\s*(?:um|µm|μm|micromet|micron)")
_POLARISATION = re.compile(r"(?<![a-z])(vv|vh|hh|hv)(?![a-z])")
_NOT_BACKSCATTER = re.compile(r"angle|incidence|phase|ratio|mask|dem|coherence|layover|shadow|(?<![a-z])lia(?![a-z])")


@dataclass(frozen=True)
class BandSelection:
    """Bands found in a file, in file order.

    model_bands are 0-based indices into OPTICAL_BANDS or SAR_BANDS, file_bands the matching 1-based bands of the
    file; `how` says in plain words what they were recognised by.
    """

    sensor_bands: tuple[str, ...]
    model_bands: tuple[int, ...]
    file_bands: tuple[int, ...]
    how: str

    def __post_init__(self) -> None:
        if not self.model_bands or len(self.model_bands) != len(self.file_bands):
            raise InputError("A band selection needs one band of the file for each band of the sensor.")
        if len(set(self.model_bands)) != len(self.model_bands) or len(set(self.file_bands)) != len(self.file_bands):
            raise InputError(f"A band was chosen twice: {', '.join(self.names)}.")

    @property
    def names(self) -> tuple[str, ...]:
        """The sensor's names of the bands, in file order."""
        return tuple(self.sensor_bands[i] for i in self.model_bands)

    @property
    def missing(self) -> tuple[str, ...]:
        """The sensor's bands that the file lacks."""
        return tuple(name for i, name in enumerate(self.sensor_bands) if i not in self.model_bands)


def match_optical(profile: RasterProfile, explicit: Sequence[str] | str | None = None) -> BandSelection:
    """Find Sentinel-2's bands in a file.

    explicit lists the file's bands in order ("B02,B03,B04,B08", "-" skips one) and overrules everything else.
    Raises InputError where fewer than three bands are found, where names are ambiguous or contradict the
    wavelengths, and for 8-bit pictures.
    """
    if profile.dtype == "uint8" and profile.count > 1 and set(profile.scales) == {1.0}:
        raise InputError(
            f"The optical image is an 8-bit picture ({profile.count} bands), not reflectance; "
            "give the Sentinel-2 bands themselves (UInt16, Int16 or Float32)."
        )
    if explicit:
        found, how = _explicit(profile, explicit, _optical_name), "the band list given"
    else:
        found, how = _optical_bands(profile)
    if len(found) < MINIMUM_OPTICAL_BANDS:
        raise InputError(
            f"{_unknown_bands(profile, found)}; at least {MINIMUM_OPTICAL_BANDS} of Sentinel-2's bands are needed, "
            "name them in file order, for example --bands B02,B03,B04,B08 (- skips a band)."
        )
    return _selection(OPTICAL_BANDS, found, profile, how, "--bands")


def match_sar(profile: RasterProfile, explicit: Sequence[str] | str | None = None, path: str = "") -> BandSelection:
    """Find VV and VH in a file; VV alone is enough. `path` helps where only the file's name tells.

    Raises InputError where VV is not found or the choice is ambiguous.
    """
    found, how = _sar_bands(profile, explicit, path)
    if set(found.values()) == {"VH"}:
        raise InputError(
            "The SAR image holds VH but no VV, and no model has learnt to see by VH alone; "
            "give an image with VV, or leave the SAR image out."
        )
    return _selection(SAR_BANDS, found, profile, how, "--sar-bands")


def left_out_bands(profile: RasterProfile, selection: BandSelection) -> tuple[str, ...]:
    """How the bands are called in which no sensor's band was recognised, in file order; "…" for the many of a stack."""
    names = enumerate(profile.descriptions, 1)
    left = tuple(name.strip()[:40] or f"band {i}" for i, name in names if i not in selection.file_bands)
    return left if len(left) <= _MOST_LISTED else (*left[:_MOST_LISTED], "…")


def _sar_bands(
    profile: RasterProfile, explicit: Sequence[str] | str | None, path: str
) -> tuple[Mapping[int, str], str]:
    """{1-based file band: VV or VH} and the words for how they were found."""
    if explicit:
        return _explicit(profile, explicit, _polarisation), "the band list given"
    found = {}
    for i in range(profile.count):
        texts = (profile.descriptions[i], profile.source_names[i])
        name = next(filter(None, map(_polarisation, texts)), "") or _tagged_polarisation(profile.band_tags[i])
        if name:
            found[i + 1] = name
    if found:
        return found, "band descriptions"
    if profile.count == 1:
        name = _polarisation(os.path.basename(path).lower()) or _tagged_polarisation(profile.tags)
        if name:
            return {1: name}, "the file's name"
    nameless = all(_is_generic(text, i) for i, text in enumerate(profile.descriptions))
    if nameless and profile.count == 2:
        return {1: "VV", 2: "VH"}, "their order (undescribed, taken as VV, VH)"
    raise InputError(
        f"No VV or VH band is recognised in the SAR image ({_listed(profile)}); "
        "name its bands in file order, for example --sar-bands VV,VH (- skips a band)."
    )


def _optical_bands(profile: RasterProfile) -> tuple[dict[int, str], str]:
    """{1-based file band: sensor band} and the words for how they were found."""
    by_name, by_wavelength = {}, {}
    sequence = _is_sequence(profile.descriptions)
    descriptions = profile.descriptions
    if sequence or not any(descriptions):
        descriptions, sequence = (
            (profile.source_names, False) if any(profile.source_names) else (descriptions, sequence)
        )
    for i, description in enumerate(descriptions):
        tags = {**profile.band_tags[i], **profile.imagery_tags[i]}
        wavelength = _wavelength(tags, description)
        if wavelength:
            by_wavelength[i + 1] = wavelength
        name = "" if sequence else _optical_name(description) or _optical_name(_first(tags, _NAME_TAGS))
        if name:
            by_name[i + 1] = name
    if "broadnir" in map(_letters, descriptions):  # FORCE: the broad one is B08, and NIR alone the narrow one
        by_name.update({i: "B8A" for i, text in enumerate(descriptions, 1) if _letters(text) == "nir"})
    for i in by_name.keys() & by_wavelength.keys():
        if by_name[i] != by_wavelength[i] and {by_name[i], by_wavelength[i]} != {"B08", "B8A"}:
            raise InputError(
                f"Band {i} is named {by_name[i]} but has the wavelength of {by_wavelength[i]}, unlike Sentinel-2; "
                "if it is, name the bands in file order with --bands."
            )
    if by_name:
        how = "band descriptions" if descriptions is profile.descriptions else "the names of the bands' files"
        return {**by_wavelength, **by_name} if len(by_name) < MINIMUM_OPTICAL_BANDS else by_name, how
    if by_wavelength:
        return by_wavelength, "wavelengths"
    nameless = all(_is_generic(text, i) for i, text in enumerate(profile.descriptions))
    if nameless and profile.count == 13:
        return dict(enumerate(OPTICAL_BANDS, 1)), "their number (13 undescribed bands, taken as B01 … B12 of Level-1C)"
    if nameless and profile.count == 12 and not all(re.match(r"[Bb]\d", text) for text in profile.descriptions):
        names = [name for name in OPTICAL_BANDS if name != "B10"]
        return dict(enumerate(names, 1)), "their number (12 undescribed bands, taken as Level-2A, without B10)"
    return {}, ""


def _selection(
    sensor_bands: tuple[str, ...], found: Mapping[int, str], profile: RasterProfile, how: str, option: str
) -> BandSelection:
    taken: dict[str, int] = {}
    for number, name in sorted(found.items()):
        if name in taken:
            raise InputError(
                f"Bands {taken[name]} and {number} both look like {name}; "
                f"say which to use by naming the bands in file order with {option} (- skips a band)."
            )
        taken[name] = number
    return BandSelection(sensor_bands, tuple(sensor_bands.index(n) for n in taken), tuple(taken.values()), how)


def _explicit(profile: RasterProfile, explicit: Sequence[str] | str, recognise: object) -> dict[int, str]:
    names = explicit.split(",") if isinstance(explicit, str) else list(explicit)
    names = [name.strip() for name in names]
    if len(names) > profile.count:
        raise InputError(f"The list names {len(names)} bands but the file has {profile.count}; shorten the list.")
    found = {}
    for number, name in enumerate(names, 1):
        if name in ("", "-"):
            continue
        known = recognise(name)  # type: ignore[operator]
        if not known:
            raise InputError(f"{name!r} in the band list is not a band of the sensor; use names like B04, B8A or VV.")
        found[number] = known
    if not found:
        raise InputError("The band list skips every band; name at least one.")
    return found


def _optical_name(text: str) -> str:
    """The Sentinel-2 band that a description names, or nothing."""
    lowered = text.strip().lower()
    if not lowered or _NOT_REFLECTANCE.search(lowered.replace("_", " ")):
        return ""
    codes = {f"B{int(c):02d}" if c.isdigit() else "B8A" for c in _BAND_CODE.findall(lowered.replace("_", " "))}
    if len(codes) == 1:
        name = codes.pop()
        return name if name in OPTICAL_BANDS else ""
    if codes:
        return ""
    words = re.sub(r"\(.*?\)|[\d.]+ ?(nm|um|µm|m)\b", "", lowered)
    compact = re.sub(r"[^a-z0-9]", "", re.sub(r"reflectance|band|toa|boa|surface|nbart?", "", words))
    if lowered.startswith("nbar") and compact in _OF_NBAR:
        return _OF_NBAR[compact]
    if compact in _COLOURS:
        return _COLOURS[compact]
    found = {_COLOURS[w] for w in re.split(r"[^a-z0-9]+", words) if w in _COLOURS}
    return found.pop() if len(found) == 1 else ""


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


_NAME_TAGS = ("bandname", "band_name", "name", "common_name", "band", "long_name", "eo:common_name")
_WAVELENGTH_TAGS = ("central_wavelength_um", "central_wavelength_nm", "wavelength", "wavelengths", "center_wavelength")


def _first(tags: Mapping[str, str], keys: Sequence[str]) -> str:
    lowered = {key.lower(): value for key, value in tags.items()}
    return next((str(lowered[key]) for key in keys if lowered.get(key)), "")


def _wavelength(tags: Mapping[str, str], description: str) -> str:
    """The Sentinel-2 band nearest to a wavelength in tags or description, or nothing."""
    value = _first(tags, _WAVELENGTH_TAGS)
    match = re.search(r"\d+(\.\d+)?", value)
    nanometres = float(match.group()) if match else 0.0
    if not nanometres:
        lowered = description.lower()
        match = _NANOMETRES.search(lowered)
        micro = _MICROMETRES.search(lowered)
        nanometres = float(match.group(1)) if match else float(micro.group(1)) if micro else 0.0
    if 0 < nanometres < 20:
        nanometres *= 1000
    if not nanometres:
        return ""
    distance, name = min((abs(w - nanometres), n) for w, n in zip(OPTICAL_WAVELENGTHS_NM, OPTICAL_BANDS))
    return name if distance <= (12 if nanometres < 1000 else 30) else ""


def _polarisation(text: str) -> str:
    """VV or VH where a text names exactly one of them as backscatter."""
    lowered = text.lower()
    if _NOT_BACKSCATTER.search(lowered):
        return ""
    found = set(_POLARISATION.findall(lowered))
    return found.pop().upper() if len(found) == 1 and found <= {"vv", "vh"} else ""


def _tagged_polarisation(tags: Mapping[str, str]) -> str:
    return _polarisation(_first(tags, ("polarization", "polarisation", "bandname", "band_name", "name")))


def _is_sequence(descriptions: Sequence[str]) -> bool:
    """True where the descriptions only count the bands ("Band 1" …), so that "Band 9" need not be B09.

    "B01" … and "B1" … "B8" are names: up to B08 counting and Sentinel-2's naming agree.
    """
    counted = [_ANY_CODE.fullmatch(text.strip().lower()) for text in descriptions]
    if [int(match[1]) if match else 0 for match in counted] != list(range(1, len(descriptions) + 1)):
        return False
    if all(re.fullmatch(r"[Bb](0\d|1[0-2])", text.strip()) for text in descriptions):
        return False
    return len(descriptions) > 8 or not all(re.fullmatch(r"[Bb]\d", text.strip()) for text in descriptions)


def _is_generic(text: str, index: int) -> bool:
    match = _ANY_CODE.fullmatch(text.strip().lower())
    return not text.strip() or bool(match and int(match.group(1)) == index + 1)


def _unknown_bands(profile: RasterProfile, found: Mapping[int, str]) -> str:
    if profile.count == 1:
        return "The optical image has only one band"
    if found:
        return f"Only {', '.join(found.values())} is recognised among the bands of the optical image"
    return f"The bands of the optical image are not recognised ({_listed(profile)})"


def _listed(profile: RasterProfile) -> str:
    names = [" ".join(d.split())[:40] or "no name" for d in profile.descriptions[:6]]
    if not any(profile.descriptions):
        return f"{profile.count} band{'s' if profile.count > 1 else ''} without names"
    return ", ".join(names) + (" …" if profile.count > 6 else "")
