# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are there, and what both raster backends say when one cannot be opened, read or written."""

from __future__ import annotations

import os
import re
from typing import Mapping, Sequence

from ..band_names import names_band
from ..errors import InputError, OutputError, UnreadableError
from ..grid import Window

_ARCHIVE = re.compile(r"/vsi(?:zip|tar|gzip|7z|rar)/(?:\{(?P<braced>.*)\}|(?P<rest>.*))", re.DOTALL)


def existing(path: str) -> str:
    """The path as GDAL opens it; InputError where it names a file that does not exist or is empty."""
    if is_virtual(path):
        return path
    if not os.path.exists(path):
        raise UnreadableError(f"The file {path} does not exist; check the path.")
    if os.path.isfile(path) and os.path.getsize(path) == 0:
        raise UnreadableError(f"The file {path} is empty; it was probably not copied or downloaded completely.")
    return os.path.abspath(path)


def is_virtual(path: str) -> bool:
    """True for names that GDAL understands and the file system does not (/vsi…, DRIVER:file:part, XML)."""
    if os.path.exists(path):
        return False
    driver, colon, _ = path.partition(":")
    return path.startswith(("/vsi", "<")) or (bool(colon) and len(driver) > 1 and driver.replace("_", "").isalnum())


def files_on_disk(name: str, listed: Sequence[str]) -> tuple[str, ...]:
    """Absolute paths of the files behind a dataset; a file inside an archive counts as the archive."""
    found = []
    # Of a mask beside a file GDAL tells where it opened that file, but not where a virtual raster names it.
    for file in (*listed, *(f"{file}.msk" for file in listed), name):
        while (archive := _ARCHIVE.match(file)) is not None:
            file = archive["braced"] or archive["rest"] or ""
            while file and not os.path.exists(file) and not _ARCHIVE.match(file):
                file = os.path.dirname(file) if os.path.dirname(file) != file else ""
        if os.path.isfile(file) and os.path.abspath(file) not in found:
            found.append(os.path.abspath(file))
    return tuple(found)


def not_a_raster(path: str, errors: Sequence[str] = ()) -> InputError:
    """The error for a file that GDAL cannot open."""
    if _wants_jpeg_2000(path, errors):
        return _no_jpeg_2000(path)
    if missing := _missing_source(path, errors):
        return without_source(path, missing)
    if images := _images_of_snap(path):
        return InputError(
            f"{path} only describes an image of SNAP's; give its bands' files separated by commas, such as "
            f"{','.join(images[:2])}."
        )
    return UnreadableError(
        f"{shown(path)} is not a raster that can be read{because(errors)}; give a GeoTIFF or a product."
    )


def without_source(path: str, missing: str) -> InputError:
    """The error for a virtual raster that refers to a file which is not there."""
    return UnreadableError(
        f"{path} refers to {missing}, which is not there; put that file back, or make the virtual raster again."
    )


def not_utf8(path: str) -> InputError:
    """The error for a raster whose band names cannot be read as text."""
    return InputError(f"The band names of {shown(path)} are not UTF-8 text; rename the bands and try again.")


def no_bands(subdatasets: Mapping[str, str]) -> str:
    """The message for a container without bands of its own; subdatasets: GDAL's metadata domain of that name."""
    names = [value for key, value in subdatasets.items() if key.endswith("_NAME")]
    if names:
        return (
            f"The file holds {len(names)} rasters and no bands of its own; give one of its subdatasets instead, or "
            f"several of one band each as a list, such as {','.join(names[:2])}."
        )
    return "The raster has no bands."


def too_large_blocks(path: str, size: int) -> InputError:
    """The error for a file whose compressed blocks, of `size` bytes for all bands, need too much memory."""
    return InputError(
        f"{shown(path)} is compressed in blocks of {size / 1e6:.0f} MB, which can only be read as a whole; "
        "cut it into tiles first (gdal_translate -co TILED=YES IN OUT)."
    )


def unreadable(path: str, window: Window, errors: Sequence[str] = ()) -> InputError:
    """The error for a raster whose pixels cannot be read."""
    if _wants_jpeg_2000("", errors):
        return _no_jpeg_2000(path)
    if missing := _missing_source(path, errors):
        return without_source(path, missing)
    return UnreadableError(
        f"{shown(path)} cannot be read at rows {window.row}–{window.bottom - 1}{because(errors)}; "
        "the file is damaged or incomplete, copy or download it again."
    )


def unwritable(path: str, errors: Sequence[str] = ()) -> OutputError:
    """The error for a GeoTIFF that cannot be written."""
    return OutputError(
        f"The GeoTIFF cannot be written in {os.path.dirname(path)}{because(errors)}; "
        "free some space or choose another output."
    )


def _missing_source(path: str, errors: Sequence[str]) -> str:
    """The file behind a virtual raster that is not there, where GDAL complains of it."""
    from .virtual_bands import missing_sources

    said = " ".join(errors)
    return next((file for file in missing_sources(path) if os.path.basename(file) in said), "")


def _images_of_snap(path: str) -> list[str]:
    """The bands in the folder beside a BEAM-DIMAP description: those of the sensors, or else all."""
    stem, suffix = os.path.splitext(path)
    folder = f"{stem}.data"
    if suffix.lower() != ".dim" or not os.path.isdir(folder):
        return []
    images = sorted(name for name in os.listdir(folder) if name.lower().endswith(".img"))
    return [os.path.join(folder, name) for name in [*filter(names_band, images)] or images]


def _wants_jpeg_2000(path: str, errors: Sequence[str]) -> bool:
    """True where GDAL does not know a JPEG 2000 file for what it is: no driver, or its first bytes are damaged."""
    texts = [text for text in errors if "not recognized as" in text]
    return any(".jp2" in text.lower() for text in texts) or bool(texts and path.lower().endswith(".jp2"))


def _no_jpeg_2000(path: str) -> InputError:
    return InputError(
        f"{shown(path)} holds a JPEG 2000 image that GDAL does not know; download it again if others open, "
        "or else install a GDAL with the driver JP2OpenJPEG."
    )


def shown(path: str) -> str:
    """The name of a raster in a message; XML is not shown."""
    return "The virtual raster" if path.startswith("<") else path


def because(errors: Sequence[str]) -> str:
    """GDAL's first complaint, as a parenthesis; empty where it said nothing or only that it does not know the file."""
    for message in errors:
        first = " ".join(message.split())
        if first and "not recognized as" not in first and "<VRTDataset" not in first:
            return f" ({first[:160].rstrip('.')})"
    return ""
