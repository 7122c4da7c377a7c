# SPDX-License-Identifier: GPL-3.0-or-later
"""How near a result is to a reference image of the same place: the benchmark's scores, cloudy and clear apart."""

from __future__ import annotations

import json
import math
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from typing import Callable

import numpy as np

from .bands import OPTICAL_BANDS, BandSelection, match_optical
from .errors import Cancelled, InputError
from .grid import Window
from .metrics import SSIM_RADIUS, ImageMetrics, MetricSums, ssim_map
from .radiometry import detect_optical
from .rasters import RasterSource, open_raster
from .scene_mask import layer_on_grid, read_layer_kind
from .stored_values import OpticalRadiometry

BLOCK_ROWS = 128


@dataclass(frozen=True)
class Assessment:
    """Scores of a prediction against a reference. cloudy and clear are None without a cloud mask.

    bands: names compared; mae_per_band: their mean absolute error in reflectance.
    """

    all: ImageMetrics
    cloudy: ImageMetrics | None
    clear: ImageMetrics | None
    bands: tuple[str, ...]
    mae_per_band: tuple[float, ...]

    def to_json(self) -> str:
        """One JSON object; scores that are not finite become null."""
        return json.dumps(_finite(asdict(self)))

    def lines(self) -> list[str]:
        """A small table for people."""
        rows = [("all", self.all), ("cloudy", self.cloudy), ("clear", self.clear)]
        table = [f"{'pixels':<8}{'PSNR dB':>9}{'SSIM':>8}{'MAE':>9}{'SAM °':>8}{'count':>12}"]
        table += [
            f"{name:<8}{m.psnr:>9.2f}{m.ssim:>8.3f}{m.mae:>9.4f}{m.sam:>8.2f}{m.pixels:>12,}"
            for name, m in rows
            if m is not None
        ]
        table.append("MAE by band: " + ", ".join(f"{b} {e:.4f}" for b, e in zip(self.bands, self.mae_per_band)))
        return table


def assess(
    prediction: str,
    reference: str,
    cloud_mask: str | None = None,
    *,
    bands: str | None = None,
    reference_bands: str | None = None,
    mask_kind: str = "auto",
    allow_network: bool = False,
    cancelled: Callable[[], bool] | None = None,
) -> Assessment:
    """Compares two optical rasters over the bands and pixels that both have, in bounded memory.

    The reference is warped to the prediction's grid where the grids differ. cloud_mask: a raster whose cloudy pixels
    are scored apart. Raises InputError where there is nothing to compare.
    """
    with ExitStack() as stack:
        mine = stack.enter_context(open_raster(prediction, allow_network=allow_network))
        theirs = stack.enter_context(open_raster(reference, allow_network=allow_network))
        left, right = match_optical(mine.profile, bands), match_optical(theirs.profile, reference_bands)
        common = sorted(set(left.model_bands) & set(right.model_bands))
        if not common:
            raise InputError("The prediction and the reference share no band; compare images of the same bands.")
        first = _Reflectance(mine, left, common, detect_optical(mine, left))
        second = _Reflectance(theirs, right, common, detect_optical(theirs, right))
        if not mine.grid.same_pixels(theirs.grid) or mine.grid.crs_wkt != theirs.grid.crs_wkt:
            second.align(stack, mine)
        cloud = None
        if cloud_mask:
            layer = stack.enter_context(open_raster(cloud_mask, allow_network=allow_network))
            cloud = stack.enter_context(layer_on_grid(layer, mine.grid))
        return _compare(first, second, cloud, [OPTICAL_BANDS[band] for band in common], mask_kind, cancelled)


class _Reflectance:
    """Reads some bands of a raster as reflectance with its validity."""

    def __init__(
        self, source: RasterSource, selection: BandSelection, common: list[int], radiometry: OpticalRadiometry
    ) -> None:
        place = dict(zip(selection.model_bands, selection.file_bands))
        self.source, self._bands, self._radiometry = source, [place[band] for band in common], radiometry

    def align(self, stack: ExitStack, other: RasterSource) -> None:
        """Warps this raster to another's grid; a warp gives values with the file's own scale and offset applied."""
        profile, band = self.source.profile, self._bands[0] - 1
        gain = self._radiometry.scale / profile.scales[band]
        offset = self._radiometry.offset - profile.offsets[band] * gain
        self.source = stack.enter_context(self.source.warped(other.grid, self._bands))
        self._bands = list(range(1, len(self._bands) + 1))
        self._radiometry = replace(self._radiometry, scale=gain, offset=offset, nodata=None, zero_is_nodata=False)

    def read(self, window: Window) -> tuple[np.ndarray, np.ndarray]:
        """(c, h, w) float64 reflectance, zero where there is no data; (h, w) bool where every band has data."""
        stored = self.source.read(self._bands, window)
        valid = ~self._radiometry.missing(stored).any(axis=0)
        values = np.where(valid, stored, 0).astype(np.float64) * self._radiometry.scale + self._radiometry.offset
        return np.where(valid, values, 0.0), valid


def _compare(
    prediction: _Reflectance,
    reference: _Reflectance,
    cloud: Callable[[Window], np.ndarray] | None,
    names: list[str],
    mask_kind: str,
    cancelled: Callable[[], bool] | None,
) -> Assessment:
    grid = prediction.source.grid
    everything, cloudy, clear = MetricSums(), MetricSums(), MetricSums()
    reading = None
    if cloud is not None:
        reading = read_layer_kind(cloud, grid.window, mask_kind)
    for top in range(0, grid.height, BLOCK_ROWS):
        if cancelled is not None and cancelled():
            raise Cancelled()
        rows = Window(0, top, grid.width, min(BLOCK_ROWS, grid.height - top))
        p, valid_p, padded_p = _with_margin(prediction, rows)
        t, valid_t, padded_t = _with_margin(reference, rows)
        similarity, valid = ssim_map(padded_t, padded_p), valid_p & valid_t
        everything.add(t, p, similarity, valid)
        if reading is not None:
            mask = reading.cloud(cloud(rows)[0])
            cloudy.add(t, p, similarity, valid & mask)
            clear.add(t, p, similarity, valid & ~mask)
    if everything.result().pixels == 0:
        raise InputError("The prediction and the reference have no valid pixel in common; check that they overlap.")
    apart = (cloudy.result(), clear.result()) if reading is not None else (None, None)
    return Assessment(everything.result(), *apart, tuple(names), tuple(float(v) for v in everything.mae_per_band()))


def _with_margin(image: _Reflectance, rows: Window) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rows, their validity, and the rows with SSIM's margin: neighbours inside the scene, zeros beyond it."""
    grid = image.source.grid
    top, bottom = max(0, rows.row - SSIM_RADIUS), min(grid.height, rows.bottom + SSIM_RADIUS)
    values, valid = image.read(Window(0, top, grid.width, bottom - top))
    above, below = SSIM_RADIUS - (rows.row - top), SSIM_RADIUS - (bottom - rows.bottom)
    padded = np.pad(values, ((0, 0), (above, below), (SSIM_RADIUS, SSIM_RADIUS)))
    inner = slice(rows.row - top, rows.row - top + rows.height)
    return values[:, inner], valid[inner], padded


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {key: _finite(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(v) for v in value]
    return value if not isinstance(value, float) or math.isfinite(value) else None
