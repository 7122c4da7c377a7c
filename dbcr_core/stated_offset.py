# SPDX-License-Identifier: GPL-3.0-or-later
"""What tags and names say of the −1000 offset in an optical file's numbers."""

from __future__ import annotations

import re
from typing import Mapping, Sequence

BASELINE_WITH_OFFSET = 4.0  # processing baseline 04.00, 25 January 2022
_FIRST_DAY_WITH_OFFSET = "20220126"
_UNKNOWN_BASELINE = "99.99"  # of whoever runs Sen2Cor himself, whatever its version
_HARMONISED = re.compile(r"(?<!un)(?<!non)(?<!non[-_ ])(?<!not[-_ ])harmoni[sz]ed", re.IGNORECASE)
_FOLDERS = re.compile(r"[^/\\,;|]*[/\\]")
_OF_THE_AGENCY = re.compile(r"T\d\d[A-Z]{3}_(\d{8})T\d{6}_[A-Z][A-Z0-9]{2}(?:_\d0m)?(?:\.\w+)?")
"""A band's file as the agency names it, all of the name: who changes the values mostly changes it as well."""


def stated_offset(tags: Mapping[str, str], path: str) -> tuple[str, str]:
    """("dn" | "dn-1000" | "", the reason) from tags, with keys in lower case, and the file's or product's name."""
    # Earth Engine's harmonised images keep the tags of the offset that was taken out of them.
    if _HARMONISED.search(" ".join(tags.values())):
        return "dn", "a harmonised collection"
    offsets = {
        float(value)
        for key, value in tags.items()
        if re.match(r"(radio|boa)_add_offset", key) and re.fullmatch(r"-?\d+(\.\d+)?", value.strip())
    }
    if offsets:
        return ("dn-1000", "offset −1000 in the tags") if min(offsets) <= -999 else ("dn", "offset 0 in the tags")
    if is_called_harmonised(_own_names(path)):
        return "dn", "a harmonised collection"
    baseline = known_baseline(tags.get("processing_baseline", ""))
    if not baseline:
        named = re.search(r"_N(\d\d)(\d\d)_R\d{3}_", path)
        baseline = known_baseline(f"{named[1]}.{named[2]}") if named else ""
    if not baseline:
        return "", ""
    return ("dn-1000" if float(baseline) >= BASELINE_WITH_OFFSET else "dn"), f"processing baseline {baseline}"


def is_called_harmonised(text: str) -> bool:
    """Whether a name has the word for values from which the offset was taken."""
    return bool(_HARMONISED.search(text))


def known_baseline(text: str) -> str:
    """The processing baseline that a text begins with; "" where there is none, or one that tells nothing."""
    found = re.match(r"\d\d\.\d\d", text)
    return found.group() if found and found.group() != _UNKNOWN_BASELINE else ""


def is_of_agency_with_offset(path: str, source_names: Sequence[str]) -> bool:
    """Whether all files of bands still have the names that the agency gives to files with the offset."""
    names = source_names if any(source_names) else re.split(r"[,;|]", _own_names(path))
    found = [_OF_THE_AGENCY.fullmatch(name.strip()) for name in names]
    return all(match and match[1] >= _FIRST_DAY_WITH_OFFSET for match in found)


def _own_names(path: str) -> str:
    """The names of a file, product or list of files, without the folders that they lie in."""
    return _FOLDERS.sub("", path.rstrip("/\\"))
