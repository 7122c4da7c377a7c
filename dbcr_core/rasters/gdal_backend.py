# SPDX-License-Identifier: GPL-3.0-or-later
"""Rasters through GDAL's own Python bindings, for use inside QGIS.

GDAL's exceptions, error handlers, options and block cache belong to the process, that is to QGIS: this module works
whether exceptions are on or off, and changes nothing that outlives a call, but for what lies in that cache.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Any, Callable, Iterator, Sequence

import numpy as np
from osgeo import gdal

from ..errors import Cancelled, InputError
from ..grid import RasterGrid, Window
from .cache import COPY_CACHE_BYTES, COPY_OPTIONS
from .faults import files_on_disk, no_bands, not_a_raster, not_utf8, unreadable, unwritable
from .raster import GroundControlPoint, RasterProfile, common_dtype, common_nodata
from .source import RasterSource

_DTYPES = {
    gdal.GDT_Byte: "uint8",
    gdal.GDT_UInt16: "uint16",
    gdal.GDT_Int16: "int16",
    gdal.GDT_UInt32: "uint32",
    gdal.GDT_Int32: "int32",
    gdal.GDT_Float32: "float32",
    gdal.GDT_Float64: "float64",
}

_CACHE_LIMIT = threading.Lock()  # two that trim at once must not take each other's limit for QGIS's


class GdalSource(RasterSource):
    """One on an open GDAL dataset."""

    def __init__(self, name: str, path: str, allow_network: bool = False, on_all_cores: bool = False) -> None:
        super().__init__(name, path, allow_network, on_all_cores)
        with quiet() as errors, _thread_options(self.options):
            try:
                self._dataset = gdal.Open(name)
            except RuntimeError as error:
                errors.append(str(error))
                self._dataset = None
            except SystemError as error:
                # GDAL's bindings could not hand on a message that quotes the damaged file.
                raise not_utf8(path) from error
        if self._dataset is None:
            raise not_a_raster(path, errors)
        try:
            self.profile = _profile(self._dataset)
            "".join(self.profile.descriptions).encode()
        except (UnicodeError, TypeError) as error:
            raise not_utf8(path) from error
        except RuntimeError as error:  # of tags that GDAL reads only when they are asked for
            raise not_a_raster(path, [str(error)]) from error
        if self._dataset.GetDriver().ShortName == "GTiff":
            width, height = self._dataset.GetRasterBand(1).GetBlockSize()
            self.take_blocks(width, height, _tags(self._dataset, "IMAGE_STRUCTURE"))

    @property
    def files(self) -> tuple[str, ...]:
        return files_on_disk(self.name, self._dataset.GetFileList() or ())

    def read(self, bands: Sequence[int], window: Window) -> np.ndarray:
        array = np.empty((len(bands), window.height, window.width), self.profile.dtype)
        for index, band in enumerate(bands):
            self._read(self._dataset.GetRasterBand(band), window, array[index])
        _trim_cache(self.cache_bytes)
        return array

    def masked(self, window: Window) -> np.ndarray:
        array = np.empty((window.height, window.width), np.uint8)
        self._read(self._dataset.GetRasterBand(1).GetMaskBand(), window, array)
        return array == 0

    def _read(self, band: gdal.Band, window: Window, array: np.ndarray) -> None:
        """(h, w) values of a band into an array."""
        with quiet() as errors, _thread_options(self.options):
            try:
                ok = band.ReadAsArray(window.col, window.row, window.width, window.height, buf_obj=array)
            except RuntimeError as error:
                errors.append(str(error))
                ok = None
        if ok is None:
            raise unreadable(self.path, window, errors)

    def close(self) -> None:
        self._dataset = None


def open_source(name: str, path: str, allow_network: bool = False, on_all_cores: bool = False) -> GdalSource:
    """Open what GDAL calls `name` (a path, a subdataset, a virtual raster as text); messages call it `path`."""
    return GdalSource(name, path, allow_network, on_all_cores)


def can_compress(compression: str) -> bool:
    """Whether this GDAL writes GeoTIFFs with that compression."""
    return f">{compression.upper()}<" in gdal.GetDriverByName("COG").GetMetadataItem("DMD_CREATIONOPTIONLIST")


def copy_to_cog(xml: str, path: str, options: dict[str, str], cancelled: Callable[[], bool]) -> None:
    """Write the virtual raster as a cloud-optimised GeoTIFF; OutputError where that fails, Cancelled on request."""
    is_cancelled = False

    def go_on(_done: float, _message: str, _data: object) -> int:
        nonlocal is_cancelled
        _trim_cache(COPY_CACHE_BYTES)
        is_cancelled = is_cancelled or cancelled()
        return 0 if is_cancelled else 1

    with quiet() as errors, _thread_options(COPY_OPTIONS):
        try:
            source = gdal.Open(xml)
            copy = gdal.GetDriverByName("COG").CreateCopy(
                path,
                source,
                strict=1,
                options=[f"{key}={value}" for key, value in options.items()],
                callback=go_on,
            )
            finished = copy is not None
            copy = source = None  # closing writes, and may fail
        except RuntimeError as error:
            errors.append(str(error))
            finished = False
    if is_cancelled and not finished:
        raise Cancelled()
    if errors or not finished:
        raise unwritable(path, errors)


def epsg_code(wkt: str) -> int | None:
    """The EPSG code of a CRS, None where it has none."""
    reference = _osr().SpatialReference()
    reference.ImportFromWkt(wkt)
    reference.AutoIdentifyEPSG()
    code = reference.GetAuthorityCode(None)
    return int(code) if code and reference.GetAuthorityName(None) == "EPSG" else None


def metres_per_unit(wkt: str) -> float | None:
    """Length of a CRS's unit, None where that is a degree."""
    reference = _osr().SpatialReference()
    reference.ImportFromWkt(wkt)
    return None if reference.IsGeographic() else float(reference.GetLinearUnits())


def in_degrees(wkt: str, points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """(longitude, latitude) of points in a CRS."""
    osr = _osr()
    source, target = osr.SpatialReference(), osr.SpatialReference()
    source.ImportFromWkt(wkt)
    target.ImportFromEPSG(4326)
    for reference in (source, target):
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    moved = osr.CoordinateTransformation(source, target).TransformPoints([list(point) for point in points])
    return [(x, y) for x, y, *_ in moved]


def _osr() -> Any:
    from osgeo import osr

    osr.UseExceptions()
    return osr


@contextlib.contextmanager
def quiet() -> Iterator[list[str]]:
    """Collect GDAL's failures of this thread instead of printing them."""
    errors: list[str] = []

    def keep(level: int, _number: int, message: str) -> None:
        if level >= gdal.CE_Failure:
            errors.append(message)

    gdal.PushErrorHandler(keep)
    try:
        yield errors
    finally:
        gdal.PopErrorHandler()


@contextlib.contextmanager
def _thread_options(options: dict[str, str]) -> Iterator[None]:
    """Set options for this thread only, and put back what it had."""
    before = {key: gdal.GetThreadLocalConfigOption(key) for key in options}
    for key, value in options.items():
        gdal.SetThreadLocalConfigOption(key, value)
    try:
        yield
    finally:
        for key, value in before.items():
            gdal.SetThreadLocalConfigOption(key, value)


def _trim_cache(most: int) -> None:
    """Drop the blocks used longest ago, beyond `most` bytes; FlushCache() does not reach those of a warp or a copy.

    The limit is back to what it was before the call returns.
    """
    if gdal.GetCacheUsed() > most:
        with _CACHE_LIMIT:
            limit = gdal.GetCacheMax()
            gdal.SetCacheMax(most)
            gdal.SetCacheMax(limit)


def _profile(dataset: gdal.Dataset) -> RasterProfile:
    bands = [dataset.GetRasterBand(i + 1) for i in range(dataset.RasterCount)]
    if not bands:
        raise InputError(no_bands(_tags(dataset, "SUBDATASETS")))
    c, a, b, f, d, e = dataset.GetGeoTransform()
    flags = bands[0].GetMaskFlags()
    dtype = common_dtype([_DTYPES.get(b.DataType, gdal.GetDataTypeName(b.DataType)) for b in bands])
    grid = RasterGrid(dataset.RasterXSize, dataset.RasterYSize, (a, b, c, d, e, f), dataset.GetProjection() or "")
    nodata, others = common_nodata([band.GetNoDataValue() for band in bands], dtype)
    return RasterProfile(
        grid=grid,
        count=len(bands),
        dtype=dtype,
        nodata=nodata,
        other_nodata=others,
        descriptions=tuple(band.GetDescription() or "" for band in bands),
        scales=tuple(_or(band.GetScale(), 1.0) for band in bands),
        offsets=tuple(_or(band.GetOffset(), 0.0) for band in bands),
        units=tuple(band.GetUnitType() or "" for band in bands),
        colours=tuple(gdal.GetColorInterpretationName(band.GetColorInterpretation()).lower() for band in bands),
        tags=_tags(dataset),
        band_tags=tuple(_tags(band) for band in bands),
        imagery_tags=tuple(_tags(band, "IMAGERY") for band in bands),
        gcps=tuple(GroundControlPoint(p.GCPPixel, p.GCPLine, p.GCPX, p.GCPY) for p in dataset.GetGCPs()),
        gcps_wkt=dataset.GetGCPProjection() or "",
        has_mask=bool(flags & gdal.GMF_PER_DATASET) and not flags & gdal.GMF_ALPHA,
    )


def _tags(described: gdal.MajorObject, domain: str = "") -> dict[str, str]:
    """Metadata as text; what is not UTF-8 comes as bytes and is left out, as rasterio does."""
    tags = described.GetMetadata(domain) or {}
    return {key: value for key, value in tags.items() if isinstance(key, str) and isinstance(value, str)}


def _or(value: float | None, default: float) -> float:
    return default if value is None else value
