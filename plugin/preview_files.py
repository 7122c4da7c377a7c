# SPDX-License-Identifier: GPL-3.0-or-later
"""A preview's picture as plain GeoTIFFs in a folder of its own, so that QGIS shows it as raster layers."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from typing import Optional

from ..dbcr_core.disk import DERIVED
from ..dbcr_core.errors import OutputError
from ..dbcr_core.rasters.faults import because
from .preview_engine import PreviewPicture

KEPT = 3
"""Pictures that stay on disk: older ones may still be being drawn."""


@dataclass(frozen=True)
class PictureFiles:
    """Paths of one picture: the image with the input's bands, percent reconstructed, expected error or None."""

    image: str
    changed: str
    uncertainty: Optional[str]


class PictureFolder:
    """Holds the latest pictures; `close` removes the folder."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="dbcr-preview-")
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
        shutil.rmtree(self._folder, ignore_errors=True)

    def _existing_folder(self) -> str:
        """The folder, or a new one where something has cleared the temporary files away."""
        if not os.path.isdir(self._folder):
            try:
                self._folder = tempfile.mkdtemp(prefix="dbcr-preview-")
            except OSError as error:
                raise _unwritable(tempfile.gettempdir(), [str(error)]) from error
        return self._folder


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
