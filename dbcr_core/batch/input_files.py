# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a list says of an input to what the engine opens: paths, addresses, bands in files of their own."""

from __future__ import annotations

import hashlib
import json
import os
import re
from typing import Any
from urllib.parse import unquote

from ..errors import InputError
from ..identity import sources_named, unsigned
from ..products import bands_of_files, listed_files
from ..rasters.faults import is_virtual
from ..rasters.stack import write_stack
from .names import file_name, usable_name

_REMOTE = {"http://": "/vsicurl/http://", "https://": "/vsicurl/https://", "s3://": "/vsis3/", "gs://": "/vsigs/"}
_BEFORE_ADDRESS = re.compile(r"\s*[;,|]\s*(?=(?:https?|s3|gs)://|file:|/vsi)", re.IGNORECASE)

_LONGEST_STEM = 64
"""Characters of a scene's name in that of a virtual raster, which its digest tells apart."""


def input_path(text: str, base: str) -> str:
    """A path as the engine opens it: web and bucket addresses through GDAL, others relative to `base`.

    Each file of a list of them counts for itself. Addresses of files are paths, with or without file: before them.
    """
    return ",".join(_files(text, base))


def one_input(text: str, base: str, stack: str, allow_network: bool) -> tuple[str, str]:
    """(the same, "") also of files whose names no list can hold; else (their names, why not).

    These become the virtual raster `stack`.
    """
    files = _files(text, base)
    path = ",".join(files)
    if len(files) == 1 or (listed_files(path) == files and not is_virtual(path)):
        return path, ""
    try:
        return write_stack(usable_name(stack), bands_of_files(files), allow_network), ""
    except InputError as error:
        return stack_or_files(stack, files), str(error)


def stack_path(folder: str, name: str, kind: str, content: Any) -> str:
    """Where the virtual raster of a scene's files lies; content: what tells them from any other files.

    Stays the same where a batch is moved.
    """
    digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:8]
    return os.path.join(folder, "inputs", f"{file_name(name)[:_LONGEST_STEM]}_{kind}_{digest}.vrt")


def stack_or_files(path: str, files: list[str]) -> str:
    """What an earlier run made of the same files, as it still stands for them: a result stays complete in a bad hour.
    Else their names."""
    try:
        with open(path, encoding="utf-8") as stream:
            named = sources_named(stream.read())
    except (OSError, ValueError):
        named = set()
    return path if named >= set(map(unsigned, files)) else ",".join(files)


def _files(text: str, base: str) -> list[str]:
    addresses = _BEFORE_ADDRESS.split(text)
    if len(addresses) > 1:
        return [file for each in addresses for file in _files(each, base)]
    for scheme, prefix in _REMOTE.items():
        if text.lower().startswith(scheme):
            return [prefix + text[len(scheme) :]]
    if text.lower().startswith("file:"):
        return [os.path.normpath(os.path.join(base, _of_address(text[len("file:") :])))]
    found = os.path.normpath(os.path.join(base, os.path.expanduser(text)))
    if os.path.exists(found):
        return [found]
    if is_virtual(text):
        return [text]
    decoded = os.path.normpath(os.path.join(base, unquote(text)))
    if os.path.exists(decoded):
        return [decoded]
    files = listed_files(text)
    return [found] if len(files) < 2 else [each for file in files for each in _files(file, base)]


def _of_address(rest: str) -> str:
    """The path that an address holds after file:, which may name a computer."""
    from urllib.request import url2pathname

    host, slash, path = rest[2:].partition("/") if rest.startswith("//") else ("", "", rest)
    return url2pathname((f"//{host}" if host not in ("", "localhost") else "") + slash + path)
