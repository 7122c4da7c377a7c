# SPDX-License-Identifier: GPL-3.0-or-later
"""How the sensors' bands are called: by Sentinel-2 and Sentinel-1, and by those who hand their images on."""

from __future__ import annotations

import re
from typing import Mapping, Sequence

OPTICAL_BANDS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")
SAR_BANDS = ("VV", "VH")

BAND_SETS = (
    ",".join(OPTICAL_BANDS),
    ",".join(name for name in OPTICAL_BANDS if name != "B10"),
    ",".join(name for name in OPTICAL_BANDS if name not in ("B01", "B09", "B10")),
    "B02,B03,B04,B08,B11,B12",
    "B02,B03,B04,B08",
    "B02,B03,B04",
)
"""The sets of bands by which a model finds clouds, unless its card names others: those that training leaves of the 13
(`training.sampling.PROFILES`), and six that were never trained but measured."""

# Central wavelengths of Sentinel-2 in nanometres (mean of the satellites); B08 and B8A overlap on purpose.
OPTICAL_WAVELENGTHS_NM = (443, 492, 560, 665, 704, 740, 783, 833, 865, 945, 1374, 1612, 2195)

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
_LANDSAT = re.compile(r"landsat|(?<![a-z0-9])(?:l[cteom]0[1-9] ?l[12]|hls[ .-]?l30)(?![0-9])|(?<![a-z])oli(?![a-z])")
_LANDSAT_BAND = re.compile(r"sr b[1-7]")
_POLARISATION = re.compile(r"(?<![a-z])(vv|vh|hh|hv)(?![a-z])")
_NOT_BACKSCATTER = re.compile(
    r"(?<!rect)(?<!quadr)(?<!tri)angle|incidence|phase|(?<!calib)ratio|mask|(?<![a-z])dem(?![a-z])|coherence|layover|"
    r"shadow|(?<![a-z])lia(?![a-z])"
)
_DUAL = re.compile(r"vv[ _]?\+[ _]?vh")  # the mode in which both were taken


def optical_name(text: str) -> str:
    """The Sentinel-2 band that a description names, or nothing."""
    lowered = text.strip().lower()
    if not lowered or _NOT_REFLECTANCE.search(_words(text)):
        return ""
    codes = {f"B{int(c):02d}" if c.isdigit() else "B8A" for c in _BAND_CODE.findall(_words(text))}
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


def is_landsat(texts: Sequence[str]) -> bool:
    """Whether names or tags are those of Landsat, whose band numbers mean other colours: its B5 is near infrared."""
    words = [_words(text) for text in texts]
    if any("sentinel" in text for text in words):
        return False
    if any(map(_LANDSAT.search, words)):
        return True
    codes = [text for text in words if text.startswith("sr b")]
    return bool(codes) and all(map(_LANDSAT_BAND.fullmatch, codes))


def is_class(text: str) -> bool:
    """Whether a description is that of a band whose numbers are classes or bits, which have no mean."""
    words = _words(text)
    is_named = re.search(r"(?<![a-z0-9])(scl|qa\d*|msk|cld|clouds?|datamask|mask|fmask)(?![a-z0-9])", words)
    return bool(is_named) and not _BAND_CODE.search(words)


def _words(text: str) -> str:
    return text.strip().lower().replace("_", " ")


def letters_of(text: str) -> str:
    """The letters of a name, in lower case."""
    return re.sub(r"[^a-z]", "", text.lower())


NAME_TAGS = ("bandname", "band_name", "name", "common_name", "band", "long_name", "eo:common_name")
_WAVELENGTH_TAGS = ("central_wavelength_um", "central_wavelength_nm", "wavelength", "wavelengths", "center_wavelength")


def first_tag(tags: Mapping[str, str], keys: Sequence[str]) -> str:
    """The value of the first of those keys that is there, in whatever case; "" where none is."""
    lowered = {key.lower(): value for key, value in tags.items()}
    return next((str(lowered[key]) for key in keys if lowered.get(key)), "")


def band_of_wavelength(tags: Mapping[str, str], description: str) -> str:
    """The Sentinel-2 band nearest to a wavelength in tags or description, or nothing."""
    value = first_tag(tags, _WAVELENGTH_TAGS)
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


def polarisation(text: str) -> str:
    """VV or VH where a text names exactly one of them as backscatter."""
    lowered = text.lower()
    if _NOT_BACKSCATTER.search(lowered):
        return ""
    found = set(_POLARISATION.findall(_DUAL.sub("", lowered)))
    return found.pop().upper() if len(found) == 1 and found <= {"vv", "vh"} else ""


def names_band(text: str) -> bool:
    """Whether a text names a band of either sensor."""
    return bool(optical_name(text) or polarisation(text))


def tagged_polarisation(tags: Mapping[str, str]) -> str:
    """VV or VH where a band's tags name it."""
    return polarisation(first_tag(tags, ("polarization", "polarisation", "bandname", "band_name", "name")))


def is_sequence(descriptions: Sequence[str]) -> bool:
    """True where the descriptions only count the bands ("Band 1" …), so that "Band 9" need not be B09.

    "B01" … and "B1" … "B8" are names: up to B08 counting and Sentinel-2's naming agree.
    """
    counted = [_ANY_CODE.fullmatch(text.strip().lower()) for text in descriptions]
    if [int(match[1]) if match else 0 for match in counted] != list(range(1, len(descriptions) + 1)):
        return False
    if all(re.fullmatch(r"[Bb](0\d|1[0-2])", text.strip()) for text in descriptions):
        return False
    return len(descriptions) > 8 or not all(re.fullmatch(r"[Bb]\d", text.strip()) for text in descriptions)


def is_generic(text: str, index: int) -> bool:
    """Whether the name of the band at a 0-based index is none, or only its number."""
    match = _ANY_CODE.fullmatch(text.strip().lower())
    return not text.strip() or bool(match and int(match.group(1)) == index + 1)
