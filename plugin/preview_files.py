# SPDX-License-Identifier: GPL-3.0-or-later
"""A preview's picture as plain GeoTIFFs in a folder of its own, so that QGIS shows it as raster layers."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from typing import Optional

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
        """Writes a picture and removes old ones."""
        self._count += 1
        stem = os.path.join(self._folder, f"preview-{self._count}")
        error = picture.uncertainty
        files = PictureFiles(f"{stem}.tif", f"{stem}-changed.tif", None if error is None else f"{stem}-uncertainty.tif")
        _write(picture.stored, picture, files.image, picture.nodata)
        _write(picture.changed[None], picture, files.changed, None)
        if error is not None:
            _write(error[None], picture, f"{stem}-uncertainty.tif", None)
        self._written.append(files)
        for old in self._written[:-KEPT]:
            for path in (old.image, old.changed, old.uncertainty):
                # Windows refuses to remove a file that is being drawn; `close` gets it.
                with contextlib.suppress(OSError, TypeError):
                    os.remove(path)
        del self._written[:-KEPT]
        return files

    def close(self) -> None:
        """Removes all that was written."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _write(pixels, picture: PreviewPicture, path: str, nodata) -> None:
    from osgeo import gdal, gdal_array

    count, height, width = pixels.shape
    kind = gdal_array.NumericTypeCodeToGDALTypeCode(pixels.dtype.type)
    raster = gdal.GetDriverByName("GTiff").Create(path, width, height, count, kind)
    a, b, c, d, e, f = picture.grid.transform
    raster.SetGeoTransform((c, a, b, f, d, e))
    raster.SetProjection(picture.grid.crs_wkt)
    for band in range(count):
        raster.GetRasterBand(band + 1).WriteArray(pixels[band])
        if nodata is not None:
            raster.GetRasterBand(band + 1).SetNoDataValue(float(nodata))
    raster.FlushCache()
