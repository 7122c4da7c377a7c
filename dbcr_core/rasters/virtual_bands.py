# SPDX-License-Identifier: GPL-3.0-or-later
"""The bands of a virtual raster on disk and the files behind them, which know what the tools that make one leave out.

gdalbuildvrt puts tiles side by side without the descriptions of their bands.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from typing import Callable, Iterator, Sequence
from xml.etree import ElementTree

from ..band_names import optical_name, polarisation
from ..errors import InputError
from .faults import is_virtual, without_source

UNLIKE = "not named alike in all files"
"""Description of a band whose files do not agree: it names none, and is no nameless band that could be counted."""


@dataclass(frozen=True)
class VirtualBand:
    """A band's own description and its sources, each a file as GDAL opens it and a band there (0: none of its bands).

    is_derived: the values are computed from those of the sources, and may be something else.
    """

    description: str
    sources: tuple[tuple[str, int], ...]
    is_derived: bool


def read(path: str) -> list[VirtualBand]:
    """The bands of a .vrt file; none where it is no such file, or damaged."""
    if not path.lower().endswith(".vrt") or not os.path.isfile(path):
        return []
    try:
        root = ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError, ValueError):
        return []
    folder = os.path.dirname(os.path.realpath(path))
    return [
        VirtualBand(
            (band.findtext("Description") or "").strip(),
            tuple(_sources(band, folder)),
            band.get("subClass") == "VRTDerivedRasterBand",
        )
        for band in root.findall("VRTRasterBand")
    ]


def descriptions(bands: Sequence[VirtualBand], path: str, describe: Callable[[str], Sequence[str]]) -> tuple[str, ...]:
    """What the files say of the bands of the virtual raster `path`, UNLIKE where they do not agree; empty where they
    say nothing.

    All of them are asked: a single one whose bands are in another order would be cleared wrongly. describe: the
    descriptions of a file's bands, or InputError. A file that is not there says nothing, as whoever reads its pixels
    will hear; raises InputError where all are missing.
    """
    asked = _Asked(describe)
    told = [asked.of_band(band) for band in bands]
    if asked.missing and not any(told):
        raise without_source(path, asked.missing[0])
    found = tuple(next(iter(texts.values()), "") if len(texts) < 2 else UNLIKE for texts in told)
    return found if any(found) else ()


def missing_sources(path: str) -> Iterator[str]:
    """The files behind a virtual raster, and those behind them, that are not on disk."""
    waiting, seen = [path], set()
    while waiting:
        name = waiting.pop()
        for file in dict.fromkeys(file for band in read(name) for file, _ in band.sources):
            if file not in seen:
                seen.add(file)
                waiting.append(file)
                if _is_missing(file):
                    yield file


class _Asked:
    """What files say of their bands, each asked once."""

    def __init__(self, describe: Callable[[str], Sequence[str]]) -> None:
        self.missing: list[str] = []
        self._describe = describe
        self._files: dict[str, list[dict[str, str]]] = {}

    def of_band(self, band: VirtualBand) -> dict[str, str]:
        """Texts by what they name, one for texts that name the same; "" by "" where a source has none."""
        if band.description:
            return _named(band.description)
        if band.is_derived:
            return _named("")
        told: dict[str, str] = {}
        for file, number in band.sources:
            bands = self._of_file(file)
            told.update(bands[number - 1] if 0 < number <= len(bands) else {} if _is_missing(file) else _named(""))
        return told

    def _of_file(self, file: str) -> list[dict[str, str]]:
        if file not in self._files:
            self._files[file] = []  # for a virtual raster that refers to itself
            if _is_missing(file):
                self.missing.append(file)
                return []
            nested = read(file)
            with contextlib.suppress(InputError):
                self._files[file] = [*map(self.of_band, nested)] or [*map(_named, self._describe(file))]
        return self._files[file]


def _named(text: str) -> dict[str, str]:
    return {optical_name(text) or polarisation(text) or text.strip().lower(): text}


def _sources(band: ElementTree.Element, folder: str) -> Iterator[tuple[str, int]]:
    for source in band:
        name = source.find("SourceFilename")
        if name is None or not source.tag.endswith("Source"):  # an overview
            continue
        file, number = (name.text or "").strip(), (source.findtext("SourceBand") or "1").strip()
        is_relative = name.get("relativeToVRT") == "1" and not is_virtual(file)
        yield os.path.join(folder, file) if is_relative else file, int(number) if number.isdecimal() else 0


def _is_missing(file: str) -> bool:
    return not is_virtual(file) and not os.path.exists(file)
