# SPDX-License-Identifier: GPL-3.0-or-later
"""The bands of a virtual raster on disk and the files behind them, which know what the tools that make one leave out.

gdalbuildvrt puts tiles side by side without the descriptions of their bands.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from typing import Callable, Dict, Iterator, Sequence
from xml.etree import ElementTree

from ..band_names import optical_name, polarisation
from ..errors import InputError
from .faults import is_virtual, without_source

UNLIKE = "not named alike in all files"
"""Description of a band whose files do not agree: it names none, and is no nameless band that could be counted."""

MOST_ASKED = 64
"""So many files tell the name of a mosaic's band: its tiles come from one export as a rule, or from a few that lie
apart, and hundreds would take seconds."""
MOST_ASKED_FAR = 4
"""The same over the network, where each takes a second."""


@dataclass(frozen=True)
class VirtualBand:
    """A band's own description and its sources, each a file as GDAL opens it and a band there (0: none of its bands,
    but where it has data).

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
    return _bands(root, os.path.dirname(os.path.realpath(path)))


def files_of(name: str) -> list[str]:
    """The files right behind a virtual raster, be that a file or text; none where it is neither, or damaged."""
    if not name.startswith("<"):
        return _files(read(name))
    try:
        return _files(_bands(ElementTree.fromstring(name), ""))
    except (ElementTree.ParseError, ValueError):
        return []


def descriptions(
    bands: Sequence[VirtualBand], path: str, describe: Callable[[str], Sequence[str]], most: int
) -> tuple[tuple[str, ...], str]:
    """What the files say of the bands of the virtual raster `path`, UNLIKE where they do not agree, and one of the few
    that say otherwise; empty where they say nothing.

    For each band `most` of its files are asked, evenly spread: one whose bands are in another order would be cleared
    wrongly. describe: the descriptions of a file's bands, or InputError. A file that is not there says nothing, as
    whoever reads its pixels will hear; raises InputError where all are missing.
    """
    asked = _Asked(describe, most)
    told = [asked.of_band(band, path) for band in bands]
    if asked.missing and not any(told):
        raise without_source(path, asked.missing[0])
    found = tuple(_text(said) if len(said) < 2 else UNLIKE for said in told)
    unlike = next((_rarest(said) for said in told if len(said) > 1), "")
    return (found if any(found) else ()), unlike


def missing_sources(path: str) -> Iterator[str]:
    """The files behind a virtual raster, and those behind them, that are not on disk."""
    waiting, seen = [path], set()
    while waiting:
        name = waiting.pop()
        for file in _files(read(name)):
            if file not in seen:
                seen.add(file)
                waiting.append(file)
                if _is_missing(file):
                    yield file


_Said = Dict[str, Dict[str, str]]
"""Files and their texts for a band, by what these name; "" where they name nothing."""


class _Asked:
    """What files say of their bands, each asked once."""

    def __init__(self, describe: Callable[[str], Sequence[str]], most: int) -> None:
        self.missing: list[str] = []
        self._describe = describe
        self._most = most
        self._is_there: dict[str, bool] = {}
        self._files: dict[str, list[_Said]] = {}

    def of_band(self, band: VirtualBand, path: str) -> _Said:
        """What is said of a band of the virtual raster `path`."""
        if band.description or band.is_derived:
            return _said(band.description, path)
        told: _Said = {}
        for file, number in _spread([source for source in band.sources if self._has(source[0])], self._most):
            bands = self._of_file(file)
            for name, texts in (bands[number - 1] if 0 < number <= len(bands) else _said("", file)).items():
                told.setdefault(name, {}).update(texts)
        return told

    def _has(self, file: str) -> bool:
        if file not in self._is_there:
            self._is_there[file] = not _is_missing(file)
            if not self._is_there[file]:
                self.missing.append(file)
        return self._is_there[file]

    def _of_file(self, file: str) -> list[_Said]:
        if file not in self._files:
            self._files[file] = []  # for a virtual raster that refers to itself
            nested = [self.of_band(band, file) for band in read(file)]
            with contextlib.suppress(InputError):
                self._files[file] = nested or [_said(text, file) for text in self._describe(file)]
        return self._files[file]


def _said(text: str, file: str) -> _Said:
    return {optical_name(text) or polarisation(text) or text.strip().lower(): {file: text}}


def _text(said: _Said) -> str:
    return next((text for texts in said.values() for text in texts.values()), "")


def _rarest(said: _Said) -> str:
    """A file that names a band as the fewest do; of as many rather one that does not name it at all."""
    return next(iter(said[min(said, key=lambda name: (len(said[name]), bool(name)))]))


def _spread(sources: Sequence[tuple[str, int]], most: int) -> Sequence[tuple[str, int]]:
    """At most so many of the sources, evenly, with the first and the last."""
    last = len(sources) - 1
    return sources if last < most else [sources[round(i * last / (most - 1))] for i in range(most)]


def _bands(root: ElementTree.Element, folder: str) -> list[VirtualBand]:
    return [
        VirtualBand(
            (band.findtext("Description") or "").strip(),
            tuple(_sources(band, folder)),
            band.get("subClass") == "VRTDerivedRasterBand",
        )
        for band in root.findall("VRTRasterBand")
    ]


def _files(bands: Sequence[VirtualBand]) -> list[str]:
    return list(dict.fromkeys(file for band in bands for file, _ in band.sources))


def _sources(band: ElementTree.Element, folder: str) -> Iterator[tuple[str, int]]:
    for source in band:
        name = source.find("SourceFilename")
        if name is None or not source.tag.endswith("Source"):  # an overview
            continue
        file, number = (name.text or "").strip(), (source.findtext("SourceBand") or "1").strip()
        if not (source.findtext("ScaleRatio") or "1").strip().strip("0."):
            number = "0"  # gdalbuildvrt -addalpha: the first band's place, and none of its values
        is_relative = name.get("relativeToVRT") == "1" and not is_virtual(file)
        yield os.path.join(folder, file) if is_relative else file, int(number) if number.isdecimal() else 0


def _is_missing(file: str) -> bool:
    return not is_virtual(file) and not os.path.exists(file)
