# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether reading a raster would use the network: by its name, or because a file behind it refers there.

GDAL follows what it finds in virtual rasters and service descriptions; nothing is read over the network unless the user
allowed it. `BARRIER` stops what no name betrays.
"""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from typing import IO, Iterator
from xml.etree import ElementTree

from .errors import InputError

BARRIER = {
    # No file has this ending, so /vsicurl, /vsis3 and their kin open none; other drivers meet a closed port.
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".network-is-not-allowed",
    "GDAL_HTTP_PROXY": "http://127.0.0.1:9",
    "GDAL_HTTPS_PROXY": "http://127.0.0.1:9",
    "GDAL_HTTP_MAX_RETRY": "0",
}
"""GDAL options, for one thread, under which it reaches no network."""

_REMOTE = re.compile(
    r"/vsi(curl|s3|gs|az|adls|oss|swift|hdfs|webhdfs)(_streaming)?[/?]"
    r"|\b(?!file:)[a-z][a-z0-9+.-]+://"
    r"|^(wms|wmts|wcs|ogcapi|eeda|eedai|daas|ngw|plmosaic|pg|stacit|stacta|dods|jpip|rasdaman|georaster):",
    re.IGNORECASE,
)
# What these hold is text about the raster: addresses there are not opened.
_ONLY_WORDS = ("Metadata", "SRS", "Description", "GCPList", "CategoryNames", "UnitType", "GDALRasterAttributeTable")
_MANY_FILES = 20_000
_LONG_TEXT = 64_000_000


def check_local(name: str, path: str) -> None:
    """InputError where opening what GDAL calls `name` would read over the network; messages call it `path`."""
    address = remote_address(name)
    if address is not None:
        shown = "The virtual raster" if path.startswith("<") else path.partition("?")[0]
        address = address.partition("?")[0]  # what follows may be a key
        told = "" if address in path else f" ({address[:160]})"
        raise InputError(
            f"{shown} is read over the network{told}; save it to disk, or allow that with --allow-network "
            "(in QGIS: the parameter ALLOW_NETWORK)."
        )


def is_remote(name: str) -> bool:
    """True where the name alone, or an XML text given as name, leads to the network."""
    return bool(_REMOTE.search(name)) if not name.lstrip().startswith("<") else remote_address(name) is not None


def remote_address(name: str) -> str | None:
    """The first address on the network that GDAL would read for `name`, None where everything is local."""
    waiting: list[str] = [name]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or len(seen) > _MANY_FILES:
            continue
        seen.add(name)
        if not name.lstrip().startswith("<") and _REMOTE.search(name):
            return name
        for text, folder in references(name):
            if text.lstrip().startswith("<"):
                waiting.append(text)
            elif _REMOTE.search(text):
                return text
            else:
                waiting.append(os.path.normpath(os.path.join(folder, text)) if folder else text)
    return None


def references(name: str) -> Iterator[tuple[str, str]]:
    """(text, folder that it is relative to or "") of whatever may be a file in a virtual raster or a description."""
    text, folder = (name, "") if name.lstrip().startswith("<") else (_text(name), os.path.dirname(name))
    if text.startswith("{"):
        yield from ((match[0], "") for match in _REMOTE.finditer(text))
    if not text.startswith("<"):
        return
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError):
        return  # GDAL says what is wrong with it
    elements = [root]
    while elements:
        element = elements.pop()
        elements += [child for child in element if child.tag not in _ONLY_WORDS]
        content = (element.text or "").strip()
        if content:
            yield content, folder if element.get("relativeToVRT") == "1" else ""


def _text(name: str) -> str:
    """A file's content where it is a text that GDAL may follow (XML, JSON); empty for any other file."""
    try:
        archive, inside = _zip_member(name)
        if archive:
            with zipfile.ZipFile(archive) as opened, opened.open(inside) as file:
                content = _if_text(file)
        elif os.path.isfile(name):
            with open(name, "rb") as file:
                content = _if_text(file)
        else:
            return ""
    except (OSError, EOFError, KeyError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error):
        return ""  # opening it will say why
    return content.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")


def _if_text(file: IO[bytes]) -> bytes:
    """All of a file that begins like XML or JSON, nothing of another."""
    first = file.read(64)
    is_text = first.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{")
    return first + file.read(_LONG_TEXT) if is_text else b""


def _zip_member(name: str) -> tuple[str, str]:
    """(zip file, name inside) of a /vsizip/ name; ("", "") for others."""
    if not name.startswith("/vsizip/"):
        return "", ""
    file = name[len("/vsizip/") :]
    while file and not os.path.isfile(file):
        shorter = os.path.dirname(file)
        file = shorter if shorter != file else ""
    return file, name[len("/vsizip/") + len(file) + 1 :].replace(os.sep, "/")
