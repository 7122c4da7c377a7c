# SPDX-License-Identifier: GPL-3.0-or-later
"""A preview's picture as plain GeoTIFFs in a folder of its own, so that QGIS shows it as raster layers."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from qgis.PyQt.QtCore import QLockFile

from ..dbcr_core.disk import DERIVED
from ..dbcr_core.errors import OutputError
from ..dbcr_core.rasters.faults import because
from .preview_engine import PreviewPicture

PREFIX, LOCK = "dbcr-preview-", "in-use.lock"
"""What folders of pictures are called, and the file in them that is locked for as long as their QGIS lives."""
KEPT = 3
"""Pictures that stay on disk: older ones may still be being drawn."""


@dataclass(frozen=True)
class PictureFiles:
    """Paths of one picture: the image with the input's bands, percent reconstructed, expected error or None."""

    image: str
    changed: str
    uncertainty: Optional[str]


class PictureFolder:
    """Holds the latest pictures; `close` removes the folder. The next to begin removes those of a killed QGIS."""

    def __init__(self) -> None:
        _remove_abandoned()
        self._begin_folder()
        self._count = 0
        self._written: list = []

    def write(self, picture: PreviewPicture) -> PictureFiles:
        """Writes a picture and removes old ones; raises OutputError where it cannot be written."""
        self._count += 1
        stem = os.path.join(self._existing_folder(), f"preview-{self._count}")
        error = picture.uncertainty
        files = PictureFiles(f"{stem}.tif", f"{stem}-changed.tif", None if error is None else f"{stem}-uncertainty.tif")
        try:
            _write(picture.stored, picture, files.image, picture.nodata)
            _write(picture.changed[None], picture, files.changed, None)
            if error is not None:
                _write(error[None], picture, f"{stem}-uncertainty.tif", None)
        except OutputError:
            _remove(files)
            raise
        self._written.append(files)
        for old in self._written[:-KEPT]:
            _remove(old)
        del self._written[:-KEPT]
        return files

    def close(self) -> None:
        """Removes all that was written."""
        self._lock.unlock()  # Windows removes no file that is open
        shutil.rmtree(self._folder, ignore_errors=True)

    def _begin_folder(self) -> None:
        self._folder = tempfile.mkdtemp(prefix=PREFIX)
        self._lock = _lock(self._folder)
        self._lock.tryLock()

    def _existing_folder(self) -> str:
        """The folder, or a new one where something has cleared the temporary files away."""
        if not os.path.isdir(self._folder):
            try:
                self._begin_folder()
            except OSError as error:
                raise _unwritable(tempfile.gettempdir(), [str(error)]) from error
        return self._folder


def _lock(folder: str) -> QLockFile:
    lock = QLockFile(os.path.join(folder, LOCK))
    lock.setStaleLockTime(0)  # however old: it holds while its process lives
    return lock


def _remove_abandoned() -> None:
    """Removes folders whose QGIS is gone. One without a lock may be another QGIS's that is just beginning it."""
    for file in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{LOCK}"):
        lock = _lock(str(file.parent))
        if lock.tryLock():
            lock.unlock()
            shutil.rmtree(file.parent, ignore_errors=True)


def _write(pixels, picture: PreviewPicture, path: str, nodata) -> None:
    from osgeo import gdal, gdal_array

    from ..dbcr_core.rasters.gdal_backend import quiet

    count, height, width = pixels.shape
    kind = gdal_array.NumericTypeCodeToGDALTypeCode(pixels.dtype.type)
    a, b, c, d, e, f = picture.grid.transform
    with quiet() as errors:
        try:
            raster = gdal.GetDriverByName("GTiff").Create(path, width, height, count, kind)
            if raster is not None:
                raster.SetGeoTransform((c, a, b, f, d, e))
                raster.SetProjection(picture.grid.crs_wkt)
                for band in range(count):
                    raster.GetRasterBand(band + 1).WriteArray(pixels[band])
                    if nodata is not None:
                        raster.GetRasterBand(band + 1).SetNoDataValue(float(nodata))
                raster.FlushCache()
            raster = None  # closing writes, and may fail
        except RuntimeError as error:
            errors.append(str(error))
    # A full disk does not always speak up.
    if errors or not os.path.isfile(path) or os.path.getsize(path) < pixels.nbytes:
        raise _unwritable(os.path.dirname(path), errors)


def _unwritable(folder: str, errors: list) -> OutputError:
    return OutputError(f"The preview cannot be written in {folder}{because(errors)}; free some space there.")


def _remove(files: PictureFiles) -> None:
    for path in filter(None, (files.image, files.changed, files.uncertainty)):
        # With the statistics that QGIS keeps of its bands once it was stretched.
        for each in (path, *(path + ending for ending in DERIVED)):
            # Windows refuses to remove a file that is being drawn; `close` gets it.
            with contextlib.suppress(OSError):
                os.remove(each)
