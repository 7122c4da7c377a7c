# SPDX-License-Identifier: GPL-3.0-or-later
"""By what an input is known again: not by keys that sign its address, which expire, nor by a virtual raster's age."""

from __future__ import annotations

import hashlib
import html
import os
import re
from typing import Callable

from .disk import stamp

# Only of a plain address: in /vsizip//vsicurl/… the name of a file inside an archive follows.
_ADDRESS = re.compile(r"((?:^|[;,|]\s*)(?:/vsicurl/)?https?://[^?;,|]*)\?([^;,|]*)", re.IGNORECASE)
_KEY = re.compile(
    r"x-(amz|goog|oss|obs|cos)-.+|sig|signature|expires|policy|key-pair-id|(aws|oss)?accesskeyid|googleaccessid"
    r"|(access|auth|security|sas|id)[-_]token|api[-_]?key|subscription-key|temp_url_(sig|expires)",
    re.IGNORECASE,
)
_BESIDE_SIG = re.compile("s[vterpsi]|srt|spr|sip|sdd|sk(oid|tid|t|e|s|v)|s[au]oid|scid")
"""What an Azure signature covers; elsewhere names so short may mean anything."""

_SOURCE = re.compile(r"(<SourceFilename[^>]*>)([^<]*)(?=</SourceFilename>)")
_LONGEST_TEXT = 64_000_000


def unsigned(path: str) -> str:
    """A path, or a list of them, whose web addresses lack the parameters that only sign them.

    All others stay: they may say which file is meant (`…/download?file=B02.tif`).
    """
    return _ADDRESS.sub(lambda found: found[1] + _without_keys(found[2]), path)


def _without_keys(query: str) -> str:
    parameters = query.split("&")
    names = [parameter.partition("=")[0].lower() for parameter in parameters]
    signs = [bool(_KEY.fullmatch(name) or ("sig" in names and _BESIDE_SIG.fullmatch(name))) for name in names]
    kept = [parameter for parameter, is_key in zip(parameters, signs) if not is_key]
    return f"?{'&'.join(kept)}" if kept else ""


def known_by(file: str, shown: Callable[[str], str] = str) -> str:
    """`disk.stamp` of a file or folder; of a virtual raster what it says, as one that is written anew to name the same
    files is the same. shown: how to tell the place of a file that it names."""
    if not file.lower().endswith(".vrt"):
        return stamp(file)
    try:
        if os.path.getsize(file) > _LONGEST_TEXT:
            return stamp(file)
        with open(file, encoding="utf-8", errors="surrogateescape") as stream:
            text = stream.read()
    except OSError:
        return stamp(file)
    text = _SOURCE.sub(lambda found: found[1] + shown(unsigned(html.unescape(found[2]))), text)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def sources_named(text: str) -> set[str]:
    """The files that a virtual raster's text names."""
    return {unsigned(html.unescape(name)) for _, name in _SOURCE.findall(text)}
