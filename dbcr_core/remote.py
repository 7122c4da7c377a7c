# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether reading a raster would use the network: by its name, or because a file behind it refers there.

GDAL follows what it finds in virtual rasters and service descriptions; nothing is read over the network unless the user
allowed it. `BARRIER` stops what no name betrays.
"""

from __future__ import annotations

import html
import os
import re
import secrets
from typing import Iterator
from xml.etree import ElementTree

from .errors import InputError
from .virtual_files import HiddenError, opened, read

BARRIER = {
    # No name that GDAL asks for is this one, so /vsicurl, /vsis3 and their kin open none.
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "network-is-not-allowed",
    # The streaming kind goes by endings; nobody can name a file that has this one.
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": f".{secrets.token_hex(16)}",
    # Other drivers meet a closed port, see also `close_exceptions`.
    "GDAL_HTTP_PROXY": "http://127.0.0.1:9",
    "GDAL_HTTPS_PROXY": "http://127.0.0.1:9",
    "GDAL_HTTP_MAX_RETRY": "0",
}
"""GDAL options, for one thread, under which it reaches no network."""

_REMOTE = re.compile(
    r"/vsi(curl|s3|gs|az|adls|oss|swift|hdfs|webhdfs)(_streaming)?[/?]"
    r"|\b(?!file:|vrt:)[a-z][a-z0-9+.-]+://"
    r"|^(wms|wmts|wcs|ogcapi|eeda|eedai|daas|ngw|plmosaic|pg|stacit|stacta|dods|jpip|rasdaman|georaster):",
    re.IGNORECASE,
)
# What these hold is text about the raster: addresses there are not opened.
_ONLY_WORDS = ("Metadata", "SRS", "Description", "GCPList", "CategoryNames", "UnitType", "GDALRasterAttributeTable")
_EXCEPTIONS = {name: os.environ[name] for name in ("no_proxy", "NO_PROXY") if name in os.environ}
_MANY_FILES = 100_000
_LONG_TEXT = 64_000_000
_HEADER = 1024  # what GDAL looks at to tell formats apart
_VIRTUAL = "<VRTDataset"
_OF_A_DRIVER = re.compile(r"(?:vrt://([^?]*)|\w+:\"?([^\"]+)\"?)", re.IGNORECASE)


def check_local(name: str, path: str) -> None:
    """InputError where opening what GDAL calls `name` would read over the network; messages call it `path`."""
    address = remote_address(name)
    if address is None:
        return
    shown = "The virtual raster" if path.startswith("<") else path.partition("?")[0]
    is_hidden = not _REMOTE.search(address)
    address = address.partition("?")[0]  # what follows may be a key
    told = "" if address in path else f" ({address[:160]})"
    if is_hidden:
        raise InputError(
            f"{shown} is read from where addresses on the network cannot be searched for{told}; unpack it, or allow "
            "the network with --allow-network (in QGIS: the parameter ALLOW_NETWORK)."
        )
    raise InputError(
        f"{shown} is read over the network{told}; save it to disk, or allow that with --allow-network "
        "(in QGIS: the parameter ALLOW_NETWORK)."
    )


def is_remote(name: str) -> bool:
    """True where the name alone, or an XML text given as name, leads to the network."""
    return bool(_REMOTE.search(name)) if not _is_xml(name) else remote_address(name) is not None


def close_exceptions(allow_network: bool) -> None:
    """Lets BARRIER's proxy stand for all hosts, or the user's exceptions hold again where the network is allowed.

    libcurl asks the environment which hosts to reach without a proxy, and GDAL has no option for that. Only for a
    process of the engine's own, while no other thread is at work.
    """
    for name, value in _EXCEPTIONS.items():
        if allow_network:
            os.environ[name] = value
        else:
            os.environ.pop(name, None)


def remote_address(name: str) -> str | None:
    """The first address on the network that GDAL would read for `name`, None where everything is local.

    Else the first file that GDAL can look into and we cannot, or do not any more after so many.
    """
    waiting: list[str] = [name]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        if len(seen) > _MANY_FILES:
            return name
        seen.add(name)
        if not _is_xml(name) and _REMOTE.search(name):
            return name
        try:
            found = list(references(name))
        except HiddenError:
            return name
        for text, folder in found:
            if _is_xml(text):
                waiting.append(text)
            elif _REMOTE.search(text):
                return text
            else:
                waiting.append(os.path.normpath(os.path.join(folder, text)) if folder else text)
    return None


def references(name: str) -> Iterator[tuple[str, str]]:
    """(text, folder that it may be relative to or "") of what may be a file in a virtual raster or a description.

    Raises HiddenError where GDAL may be able to look into the file and we are not.
    """
    if _is_xml(name):
        text, folder = name, ""
    else:
        text, folder = _text(name), os.path.dirname(name)
        if not os.path.exists(name) and (inner := _OF_A_DRIVER.match(name)):
            yield inner[1] or inner[2] or "", ""
    if text.startswith("{"):
        yield from ((match[0], "") for match in _REMOTE.finditer(text.replace("\\/", "/")))
    elif _is_xml(text):
        for content in _contents(text):
            yield from ((content.strip(), place) for place in dict.fromkeys(("", folder)) if content.strip())


def _contents(xml: str) -> Iterator[str]:
    """What stands in elements and attributes, of which GDAL takes one for the other."""
    try:
        elements = [ElementTree.fromstring(xml)]
    except (ElementTree.ParseError, ValueError):
        # GDAL reads what is no proper XML, too.
        for content in (*re.findall(r"[^<>]+", xml), *re.findall(r"=\s*[\"']?([^\"'>]+)", xml)):
            yield html.unescape(re.sub(r"^!\[CDATA\[|\]\]$", "", content.strip()))
        return
    while elements:
        element = elements.pop()
        elements += [child for child in element if child.tag not in _ONLY_WORDS]
        yield element.text or ""
        # One with a namespace says where the XML's own description lies.
        yield from (value for key, value in element.items() if "}" not in key)


def _text(name: str) -> str:
    """A file's content where it is a text that GDAL may follow (XML, JSON); empty for any other file."""
    with opened(name) as file:
        if file is None:
            return ""
        first = read(file, _HEADER)
        is_text = first.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{") or _VIRTUAL.encode() in first
        content = first + read(file, _LONG_TEXT) if is_text else b""
    return content.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")


def _is_xml(text: str) -> bool:
    """As GDAL sees it, for which a virtual raster need not begin as one."""
    return text.lstrip().startswith("<") or _VIRTUAL in text
