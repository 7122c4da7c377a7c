# SPDX-License-Identifier: GPL-3.0-or-later
"""The preview in QGIS: one background task at a time, the newest request wins, each step arrives as a raster layer."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from typing import Optional

from qgis.core import QgsApplication, QgsTask
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..dbcr_core.errors import DbcrError
from . import runtime
from .preview_engine import PreviewEngine, PreviewPicture, PreviewRequest

QUIET_MILLISECONDS = 120
"""A slider that moves on within this time asks once, not at every stop."""


class PreviewController(QObject):
    """Asks for previews and hands out their steps; lives on the main thread."""

    stepped = pyqtSignal(object, str)
    """(PreviewPicture, path of its GeoTIFF), after each network evaluation of the newest request."""
    failed = pyqtSignal(str)
    busy = pyqtSignal(bool)

    def __init__(self, runtime_folder, engine: Optional[PreviewEngine] = None) -> None:
        super().__init__()
        self._runtime_folder = runtime_folder
        self._engine = engine or PreviewEngine()
        self._turn = threading.Lock()
        self._folder = tempfile.mkdtemp(prefix="dbcr-preview-")
        self._serial = 0
        self._tasks: list = []
        self._waiting: Optional[PreviewRequest] = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET_MILLISECONDS)
        self._timer.timeout.connect(self._start)

    def ask(self, options: dict, nfe: int) -> None:
        """Wants a preview soon; older requests are cancelled now."""
        self.cancel()
        self._serial += 1
        self._waiting = PreviewRequest.of(options, nfe, self._serial)
        self._timer.start()

    def cancel(self) -> None:
        """Drops what is waiting and tells what runs to stop after its current evaluation."""
        self._timer.stop()
        self._waiting = None
        self._serial += 1
        for task in list(self._tasks):
            task.cancel()

    def close(self) -> None:
        """Cancels, waits for the running evaluation, and frees network, pixels and files."""
        self.cancel()
        for task in list(self._tasks):
            task.waitForFinished(60_000)
        with self._turn:
            self._engine.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self) -> None:
        if self._waiting is None:
            return
        request, self._waiting = self._waiting, None
        task = PreviewTask(request, self._engine, self._turn, self._folder, self._runtime_folder())
        task.stepped.connect(self._on_step)
        task.taskCompleted.connect(lambda: self._on_end(task))
        task.taskTerminated.connect(lambda: self._on_end(task))
        self._tasks.append(task)
        self.busy.emit(True)
        QgsApplication.taskManager().addTask(task)

    def _on_step(self, picture: PreviewPicture, path: str) -> None:
        if picture.request.serial == self._serial:
            self.stepped.emit(picture, path)

    def _on_end(self, task: PreviewTask) -> None:
        if task in self._tasks:
            self._tasks.remove(task)
        if task.problem and task.request.serial == self._serial:
            self.failed.emit(task.problem)
        if not self._tasks:
            self.busy.emit(False)


class PreviewTask(QgsTask):
    """Runs one request on QGIS's thread pool."""

    stepped = pyqtSignal(object, str)

    def __init__(self, request: PreviewRequest, engine: PreviewEngine, turn, folder: str, runtime_folder) -> None:
        super().__init__("Cloud removal preview", QgsTask.Flag.CanCancel)
        self.request = request
        self.problem = ""
        self._engine, self._turn, self._folder = engine, turn, folder
        self._runtime_folder = runtime_folder

    def run(self) -> bool:
        with self._turn:
            if self.isCanceled():
                return False
            try:
                self._draw_steps()
            except DbcrError as error:
                self.problem = str(error)
        return not self.problem and not self.isCanceled()

    def _draw_steps(self) -> None:
        status = runtime.load(self._runtime_folder)
        if status.problem:
            self.problem = status.problem
            return
        for picture in self._engine.pictures(self.request):
            if self.isCanceled():
                return
            self.setProgress(100.0 * picture.step / picture.steps)
            path = os.path.join(self._folder, f"preview-{self.request.serial}-{picture.step}.tif")
            write_picture(picture, path)
            self.stepped.emit(picture, path)


def write_picture(picture: PreviewPicture, path: str) -> None:
    """The picture as a plain GeoTIFF: the input's bands, then one of the percent reconstructed, as QGIS layers."""
    from osgeo import gdal, gdal_array

    _write(gdal, gdal_array, picture.stored, picture, path, picture.nodata)
    _write(gdal, gdal_array, picture.changed[None], picture, changed_path(path), None)
    if picture.uncertainty is not None:
        _write(gdal, gdal_array, picture.uncertainty[None], picture, uncertainty_path(path), None)


def uncertainty_path(path: str) -> str:
    """Where `write_picture` puts the expected error, where the model tells it."""
    return path.replace(".tif", "-uncertainty.tif")


def changed_path(path: str) -> str:
    """Where `write_picture` puts the percent reconstructed."""
    return path.replace(".tif", "-changed.tif")


def _write(gdal, gdal_array, pixels, picture: PreviewPicture, path: str, nodata) -> None:
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
