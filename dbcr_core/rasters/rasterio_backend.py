# SPDX-License-Identifier: GPL-3.0-or-later
"""Rasters through rasterio, for use outside QGIS (QGIS must not load a second GDAL)."""

from __future__ import annotations

import atexit
import contextlib
import logging
import re
import threading
import warnings
from typing import Any, Callable, Iterator, Mapping, Sequence

import numpy as np
import rasterio
import rasterio.shutil
from rasterio._err import CPLE_BaseError
from rasterio.crs import CRS
from rasterio.enums import MaskFlags
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import MemoryFile
from rasterio.warp import transform
from rasterio.windows import Window as RasterioWindow

from ..errors import Cancelled, InputError
from ..grid import RasterGrid, Window
from .cache import CACHE_BYTES, COPY_CACHE_BYTES, COPY_OPTIONS
from .faults import files_on_disk, no_bands, not_a_raster, not_utf8, unreadable, unwritable
from .partial import COPYING, remove_named
from .raster import GroundControlPoint, RasterProfile, common_dtype, common_nodata
from .source import RasterSource

# Where rasterio tells what GDAL says: the first up to 1.3, both from 1.4 on.
_LOGGERS = (logging.getLogger("rasterio._env"), logging.getLogger("rasterio._err"))
_SIGNALLED = re.compile(r"GDAL signalled an error: err_no=\d+, msg=['\"](.*)['\"]", re.DOTALL)


class RasterioSource(RasterSource):
    """One on an open rasterio dataset."""

    def __init__(self, name: str, path: str, allow_network: bool = False, on_all_cores: bool = False) -> None:
        super().__init__(name, path, allow_network, on_all_cores)
        with _session(self.options) as errors:
            try:
                self._dataset = rasterio.open(name)
            except (RasterioError, CPLE_BaseError, OSError, ValueError, TypeError) as error:
                raise not_a_raster(path, errors or _said(error)) from error
            try:
                self.profile = _profile(self._dataset)
            except UnicodeDecodeError as error:
                self.close()
                raise not_utf8(path) from error
            except (RasterioError, CPLE_BaseError) as error:  # of tags that GDAL reads only when they are asked for
                self.close()
                raise not_a_raster(path, errors or _said(error)) from error
            if self._dataset.driver == "GTiff":
                height, width = self._dataset.block_shapes[0]
                self.take_blocks(width, height, self._dataset.tags(ns="IMAGE_STRUCTURE"))

    @property
    def files(self) -> tuple[str, ...]:
        return files_on_disk(self.name, self._dataset.files)

    def read(self, bands: Sequence[int], window: Window) -> np.ndarray:
        array = np.empty((len(bands), window.height, window.width), self.profile.dtype)
        place = RasterioWindow(window.col, window.row, window.width, window.height)
        with _session(self.options, self.cache_bytes) as errors:
            try:
                if self._dataset.driver != "VRT":
                    return self._dataset.read(list(bands), window=place, out=array)
                # Of several bands at once GDAL from 3.10 on warps just the window, which gives other values than
                # whole blocks do; of one band it warps these, as the other library does.
                for index, band in enumerate(bands):
                    self._dataset.read(band, window=place, out=array[index])
                return array
            except (RasterioError, CPLE_BaseError, OSError) as error:
                raise unreadable(self.path, window, errors or _said(error)) from error

    def masked(self, window: Window) -> np.ndarray:
        place = RasterioWindow(window.col, window.row, window.width, window.height)
        with _session(self.options, self.cache_bytes) as errors:
            try:
                return self._dataset.read_masks(1, window=place) == 0
            except (RasterioError, CPLE_BaseError, OSError) as error:
                raise unreadable(self.path, window, errors or _said(error)) from error

    def close(self) -> None:
        self._dataset.close()


def open_source(name: str, path: str, allow_network: bool = False, on_all_cores: bool = False) -> RasterioSource:
    """Open what GDAL calls `name` (a path, a subdataset, a virtual raster as text); messages call it `path`."""
    return RasterioSource(name, path, allow_network, on_all_cores)


def can_compress(compression: str) -> bool:
    """Whether rasterio's GDAL writes GeoTIFFs with that compression; only trying it tells."""
    try:
        with _session({}), MemoryFile() as file:
            file.open(driver="GTiff", width=1, height=1, count=1, dtype="uint8", compress=compression).close()
            with file.open() as made:
                return made.tags(ns="IMAGE_STRUCTURE").get("COMPRESSION") == compression.upper()
    except (RasterioError, CPLE_BaseError, OSError, SystemError):
        return False


def copy_to_cog(xml: str, path: str, options: dict[str, str], cancelled: Callable[[], bool]) -> None:
    """Write the virtual raster as a cloud-optimised GeoTIFF; OutputError where that fails, Cancelled on request.

    rasterio cannot be told to stop copying: the copy runs in a thread, which is left to itself when the user cancels,
    and removes its file when it is done. `cli.leave` ends a process without waiting for it.
    """
    failures: list[BaseException] = []
    is_left = threading.Event()

    def copy() -> None:
        try:
            _copy(xml, path, options)
        except BaseException as error:  # raised again below, unless nobody waits for it any more
            failures.append(error)
        finally:
            if is_left.is_set():
                remove_named(path)

    thread = threading.Thread(target=copy, name=COPYING, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.1)
            if cancelled():
                raise Cancelled()
    except BaseException:
        is_left.set()
        atexit.register(thread.join)  # GDAL must not be taken down under a thread that uses it
        raise
    if failures:
        raise failures[0]


def epsg_code(wkt: str) -> int | None:
    """The EPSG code of a CRS, None where it has none."""
    code: int | None = CRS.from_wkt(wkt).to_epsg()
    return code


def metres_per_unit(wkt: str) -> float | None:
    """Length of a CRS's unit, None where that is a degree."""
    crs = CRS.from_wkt(wkt)
    return None if crs.is_geographic else float(crs.linear_units_factor[1])


def in_degrees(wkt: str, points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """(longitude, latitude) of points in a CRS."""
    return list(zip(*transform(CRS.from_wkt(wkt), CRS.from_epsg(4326), *zip(*points))))


def _copy(xml: str, path: str, options: dict[str, str]) -> None:
    with _session(COPY_OPTIONS, COPY_CACHE_BYTES) as errors:
        try:
            rasterio.shutil.copy(xml, path, driver="COG", strict=True, **options)
        except (RasterioError, CPLE_BaseError, OSError, SystemError) as error:
            raise unwritable(path, errors or _said(error)) from error
    if errors:
        raise unwritable(path, errors)


def _said(error: BaseException) -> list[str]:
    """What an error says, and before it those behind it: rasterio has GDAL's own words there."""
    behind = error.__cause__ or error.__context__
    return [*(_said(behind) if behind else ()), str(error)]


@contextlib.contextmanager
def _session(options: Mapping[str, str], cache: int = CACHE_BYTES) -> Iterator[list[str]]:
    """GDAL with a bounded block cache, its failures collected instead of logged, its warnings kept quiet."""
    errors: list[str] = []
    mine = threading.get_ident()

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread != mine:
                return
            # rasterio logs the failures that it does not raise, such as those on closing, as mere information.
            found = _SIGNALLED.search(record.getMessage())
            if found or record.levelno >= logging.ERROR:
                errors.append(found[1] if found else record.getMessage())

    handler = Keep()
    with _hush, rasterio.Env(GDAL_CACHEMAX=cache, **options):
        for logger in _LOGGERS:
            logger.addHandler(handler)
        try:
            yield errors
        finally:
            for logger in _LOGGERS:
                logger.removeHandler(handler)


class _Hush:
    """Keeps rasterio's log and warnings to ourselves while any thread is within; both belong to the whole process."""

    def __init__(self) -> None:
        self._lock, self._within, self._undo = threading.Lock(), 0, contextlib.ExitStack()

    def __enter__(self) -> None:
        with self._lock:
            self._within += 1
            if self._within == 1:
                self._undo.enter_context(warnings.catch_warnings())
                warnings.simplefilter("ignore", NotGeoreferencedWarning)
                for logger in _LOGGERS:
                    self._undo.callback(setattr, logger, "propagate", logger.propagate)
                    self._undo.callback(logger.setLevel, logger.level)
                    logger.propagate = False
                    logger.setLevel(logging.INFO)

    def __exit__(self, *exc: object) -> None:
        with self._lock:
            self._within -= 1
            if not self._within:
                self._undo.close()


_hush = _Hush()


def _profile(dataset: Any) -> RasterProfile:
    if not dataset.count:
        raise InputError(no_bands(dataset.tags(ns="SUBDATASETS")))
    grid = RasterGrid(dataset.width, dataset.height, tuple(dataset.transform)[:6], _wkt(dataset.crs))
    gcps, gcps_crs = dataset.gcps
    bands = range(1, dataset.count + 1)
    flags, dtype = dataset.mask_flag_enums[0], common_dtype([str(t) for t in dataset.dtypes])
    nodata, others = common_nodata(dataset.nodatavals, dtype)
    return RasterProfile(
        grid=grid,
        count=dataset.count,
        dtype=dtype,
        nodata=nodata,
        other_nodata=others,
        descriptions=tuple(d or "" for d in dataset.descriptions),
        scales=tuple(float(s) for s in dataset.scales),
        offsets=tuple(float(o) for o in dataset.offsets),
        units=tuple(u or "" for u in dataset.units),
        colours=tuple(c.name.lower() for c in dataset.colorinterp),
        tags=dict(dataset.tags()),
        band_tags=tuple(dict(dataset.tags(b)) for b in bands),
        imagery_tags=tuple(dict(dataset.tags(b, ns="IMAGERY")) for b in bands),
        gcps=tuple(GroundControlPoint(p.col, p.row, p.x, p.y) for p in gcps),
        gcps_wkt=_wkt(gcps_crs),
        has_mask=MaskFlags.per_dataset in flags and MaskFlags.alpha not in flags,
    )


def _wkt(crs: Any) -> str:
    return crs.to_wkt() if crs else ""
