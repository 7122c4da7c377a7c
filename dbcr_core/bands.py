# SPDX-License-Identifier: GPL-3.0-or-later
"""Which band of a file is which band of the sensor: by name, by wavelength, by an explicit list, never by a guess."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from typing import Mapping, Sequence

from .band_names import (
    NAME_TAGS,
    OPTICAL_BANDS,
    SAR_BANDS,
    band_of_wavelength,
    first_tag,
    is_generic,
    is_landsat,
    is_sequence,
    letters_of,
    optical_name,
    polarisation,
    tagged_polarisation,
)
from .errors import InputError
from .rasters import RasterProfile
from .rasters.virtual_bands import UNLIKE

MINIMUM_OPTICAL_BANDS = 3
_MOST_LISTED = 12
_BY_NUMBER = "their number"
_SATELLITE_TAGS = ("spacecraft_id", "satellite", "platform", "sensor")


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
    def is_assumed(self) -> bool:
        """Whether nothing but their number tells which they are."""
        return self.how.startswith(_BY_NUMBER)

    @property
    def missing(self) -> tuple[str, ...]:
        """The sensor's bands that the file lacks."""
        return tuple(name for i, name in enumerate(self.sensor_bands) if i not in self.model_bands)

    def those(self, index: slice | list[int]) -> BandSelection:
        """Some of the bands, by their places in file order."""
        places = range(len(self.model_bands))[index] if isinstance(index, slice) else index
        return replace(
            self,
            model_bands=tuple(self.model_bands[place] for place in places),
            file_bands=tuple(self.file_bands[place] for place in places),
        )


def match_optical(profile: RasterProfile, explicit: Sequence[str] | str | None = None) -> BandSelection:
    """Find Sentinel-2's bands in a file.

    explicit lists the file's bands in order ("B02,B03,B04,B08", "-" skips one) and overrules everything else.
    Raises InputError where fewer than three bands are found, where names are ambiguous, contradict the wavelengths or
    are another satellite's, and for 8-bit pictures.
    """
    if profile.dtype == "uint8" and profile.count > 1 and set(profile.scales) == {1.0}:
        raise InputError(
            f"The optical image is an 8-bit picture ({profile.count} bands), not reflectance; "
            "give the Sentinel-2 bands themselves (UInt16, Int16 or Float32)."
        )
    if explicit:
        found, how = _explicit(profile, explicit, optical_name), "the band list given"
    else:
        found, how = _optical_bands(profile)
    if len(found) < MINIMUM_OPTICAL_BANDS:
        raise InputError(
            f"{_unknown_bands(profile, found)}; at least {MINIMUM_OPTICAL_BANDS} of Sentinel-2's bands are needed, "
            "name them in file order, for example --bands B02,B03,B04,B08 (- skips a band)."
        )
    return _selection(OPTICAL_BANDS, found, how, "--bands")


def match_sar(profile: RasterProfile, explicit: Sequence[str] | str | None = None, path: str = "") -> BandSelection:
    """Find VV and VH in a file; one of them is enough. `path` helps where only the file's name tells.

    Raises InputError where neither is found or the choice is ambiguous.
    """
    found, how = _sar_bands(profile, explicit, path)
    return _selection(SAR_BANDS, found, how, "--sar-bands")


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
        return _explicit(profile, explicit, polarisation), "the band list given"
    found = {}
    for i in range(profile.count):
        texts = (profile.descriptions[i], profile.source_names[i])
        name = next(filter(None, map(polarisation, texts)), "") or tagged_polarisation(profile.band_tags[i])
        if name:
            found[i + 1] = name
    if found:
        return found, "band descriptions"
    if profile.count == 1:
        name = polarisation(os.path.basename(path).lower()) or tagged_polarisation(profile.tags)
        if name:
            return {1: name}, "the file's name"
    nameless = all(is_generic(text, i) for i, text in enumerate(profile.descriptions))
    if nameless and profile.count == 2:
        return {1: "VV", 2: "VH"}, f"{_BY_NUMBER} (2 undescribed bands, taken as VV, VH)"
    raise InputError(
        f"No VV or VH band is recognised in the SAR image ({_listed(profile)}); "
        "name its bands in file order, for example --sar-bands VV,VH (- skips a band)."
    )


def _optical_bands(profile: RasterProfile) -> tuple[dict[int, str], str]:
    """{1-based file band: sensor band} and the words for how they were found."""
    by_name, by_wavelength = {}, {}
    satellite = first_tag(profile.tags, _SATELLITE_TAGS)
    if is_landsat([*profile.descriptions, *profile.source_names, satellite]):
        raise InputError(
            "The optical image is Landsat's, whose bands are numbered otherwise than Sentinel-2's, which the model was "
            "made for; give a Sentinel-2 image, or name the nearest bands in file order with --bands (- skips a band)."
        )
    sequence = is_sequence(profile.descriptions)
    descriptions = profile.descriptions
    if sequence or not any(descriptions):
        descriptions, sequence = (
            (profile.source_names, False) if any(profile.source_names) else (descriptions, sequence)
        )
    for i, description in enumerate(descriptions):
        tags = {**profile.band_tags[i], **profile.imagery_tags[i]}
        wavelength = band_of_wavelength(tags, description)
        if wavelength:
            by_wavelength[i + 1] = wavelength
        name = "" if sequence else optical_name(description) or optical_name(first_tag(tags, NAME_TAGS))
        if name:
            by_name[i + 1] = name
    if "broadnir" in map(letters_of, descriptions):  # FORCE: the broad one is B08, and NIR alone the narrow one
        by_name.update({i: "B8A" for i, text in enumerate(descriptions, 1) if letters_of(text) == "nir"})
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
    # A last band of alpha, as a mosaic has it, would count as one.
    nameless = profile.colours[-1] != "alpha" and all(map(is_generic, profile.descriptions, range(profile.count)))
    if nameless and profile.count == 13:
        return dict(enumerate(OPTICAL_BANDS, 1)), f"{_BY_NUMBER} (13 undescribed bands, taken as B01 … B12 of Level-1C)"
    if nameless and profile.count == 12 and not all(re.match(r"[Bb]\d", text) for text in profile.descriptions):
        names = [name for name in OPTICAL_BANDS if name != "B10"]
        return dict(enumerate(names, 1)), f"{_BY_NUMBER} (12 undescribed bands, taken as Level-2A, without B10)"
    return {}, ""


def _selection(sensor_bands: tuple[str, ...], found: Mapping[int, str], how: str, option: str) -> BandSelection:
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


def _unknown_bands(profile: RasterProfile, found: Mapping[int, str]) -> str:
    if profile.count == 1:
        return "The optical image has only one band"
    if found:
        why = f" ({_unlike(profile)})" if UNLIKE in profile.descriptions else ""
        return f"Only {', '.join(found.values())} is recognised among the bands of the optical image{why}"
    return f"The bands of the optical image are not recognised ({_listed(profile)})"


def _listed(profile: RasterProfile) -> str:
    names = [" ".join(d.split())[:40] or "no name" for d in profile.descriptions if d != UNLIKE]
    if not any(profile.descriptions):
        return f"{profile.count} band{'s' if profile.count > 1 else ''} without names"
    listed = ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
    return listed if len(names) == profile.count else "; ".join(filter(None, (listed, _unlike(profile))))


def _unlike(profile: RasterProfile) -> str:
    """What is said once of all bands of that description."""
    file = os.path.basename(profile.unlike_file.partition("?")[0])
    return f"{UNLIKE}, compare {file} with the others"
