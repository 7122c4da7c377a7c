# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a scene's mask comes from: a layer, the model itself, or nowhere; always as weights for a range of rows."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Callable, Iterator, Protocol

import numpy as np

from .errors import InputError
from .grid import Window
from .job import CloudRemovalJob
from .mask import MaskShape, opacity_mask, reconstruction_weights
from .mask_layer import cloud_on_grid, read_layer_kind
from .progress import never_cancelled
from .rasters import open_raster
from .scene_area import matches_surroundings
from .scene_inputs import SceneInputs
from .strips import RollingRows
from .wording import percent


class SceneMask(Protocol):
    """Reconstruction weights of a scene.

    needs_opacity: the network's own opacity decides. strips: what it reads, to be read and released as the scene's own
    rows are.
    """

    needs_opacity: bool

    @property
    def strips(self) -> tuple[RollingRows, ...]: ...

    def wanted(self, top: int, bottom: int) -> np.ndarray | None:
        """(rows, width) bool, where a reconstruction is needed; None where that is not known beforehand."""

    def weights(self, top: int, bottom: int) -> np.ndarray:
        """(rows, width) float32 weights 0…1 of the rows."""


@contextmanager
def open_mask(
    job: CloudRemovalJob, inputs: SceneInputs, check: Callable[[], None] = never_cancelled
) -> Iterator[SceneMask]:
    """The mask that the job asks for; raises InputError where the layer does not fit or the model has no cloud head.

    check: called again and again while a layer is looked at; what it raises ends this.
    """
    shape = job.mask_shape
    if job.mask == "none":
        yield NoMask(inputs.area.place.width)
    elif job.mask == "auto":
        if "opacity" not in inputs.card.heads:
            raise InputError(
                f"The model {inputs.card.id} cannot find clouds itself; give a mask layer, or 'none' for every pixel."
            )
        threshold = inputs.card.mask_threshold if job.mask_threshold is None else job.mask_threshold
        inputs.find(f"Mask: clouds and shadows from the model, opacity at least {threshold:g}")
        _tell_levels(job, inputs)
        yield OpacityMask(shape, threshold, inputs.area.place.width)
    else:
        with open_raster(job.mask, allow_network=job.allow_network) as raster:
            inputs.sources += (raster,)
            reading, covered = read_layer_kind(raster, inputs.grid, job.mask_kind, check)
            threshold = 0.5 if job.mask_threshold is None else job.mask_threshold
            of_many = f", the first of its {raster.profile.count} bands" if raster.profile.count > 1 else ""
            inputs.find(f"Mask: layer read as {reading.words}{of_many}")
            if covered < 1:
                inputs.find(f"Mask: covers {percent(covered)} of the scene; what lies beyond counts as clear")
            _tell_levels(job, inputs)
            grid, place = inputs.optical.grid, inputs.area.place
            around = place.grown(shape.reach, grid.window)
            with cloud_on_grid(raster, reading, grid, threshold, around, check) as cloud:
                yield LayerMask(cloud, around, place, shape)


def _tell_levels(job: CloudRemovalJob, inputs: SceneInputs) -> None:
    if matches_surroundings(job, inputs.card):
        inputs.find("Under clouds: as bright as the clear land around, where there is enough of it")


class NoMask:
    """Every pixel is reconstructed."""

    needs_opacity = False
    strips = ()

    def __init__(self, width: int) -> None:
        self._width = width

    def wanted(self, top: int, bottom: int) -> np.ndarray | None:
        """Everything, everywhere."""
        return None

    def weights(self, top: int, bottom: int) -> np.ndarray:
        """Ones."""
        return np.ones((bottom - top, self._width), np.float32)


class LayerMask:
    """A mask layer: `cloud` gives (h, w) bool in windows of `around`, of which `window` is computed."""

    needs_opacity = False

    def __init__(
        self,
        cloud: Callable[[Window], np.ndarray],
        around: Window,
        window: Window,
        shape: MaskShape,
    ) -> None:
        self._cloud, self._around, self._shape = cloud, around, shape
        self._rows = RollingRows(self._read, window)
        self.strips = (self._rows,)

    def wanted(self, top: int, bottom: int) -> np.ndarray | None:
        """Where the weight is above zero."""
        return self.weights(top, bottom) > 0

    def weights(self, top: int, bottom: int) -> np.ndarray:
        """Those of the rows, computed when they were read."""
        return self._rows.rows(top, bottom)[0]

    def _read(self, rows: Window) -> np.ndarray:
        """(1, h, w) weights: the cloud in the rows and a margin, grown, feathered, and the margin cut off."""
        around = rows.grown(self._shape.reach, self._around)
        weights = reconstruction_weights(self._cloud(around), self._shape)
        row, col = rows.row - around.row, rows.col - around.col
        return weights[None, row : row + rows.height, col : col + rows.width]


class OpacityMask:
    """The model's own cloud and shadow opacity, fed row by row as tiles finish.

    lag: rows below a row that must be fed with it.
    """

    needs_opacity = True
    strips = ()

    def __init__(self, shape: MaskShape, threshold: float, width: int) -> None:
        self.lag = shape.reach
        self._shape, self._threshold = shape, threshold
        self._above = np.zeros((0, width), bool)
        self._below = np.zeros((0, width), bool)
        self._current = np.zeros((0, width), bool)

    def wanted(self, top: int, bottom: int) -> np.ndarray | None:
        """Not known before the network has looked."""
        return None

    def any_cloud(self, opacity: np.ndarray) -> bool:
        """Whether (2, h, w) opacities of one tile call for a reconstruction: any pixel at or above the threshold."""
        return bool(opacity_mask(opacity, self._threshold).any())

    def feed(self, opacity: np.ndarray, rows: int) -> None:
        """(2, rows + margin, width) final opacities: the rows to be weighed next, then the margin below them."""
        cloud = opacity_mask(opacity, self._threshold)
        self._above = np.concatenate([self._above, self._current])[-self.lag :] if self.lag else self._above
        self._current, self._below = cloud[:rows], cloud[rows:]

    def weights(self, top: int, bottom: int) -> np.ndarray:
        """Weights of the rows last fed."""
        around = np.concatenate([self._above, self._current, self._below])
        start = self._above.shape[0]
        return reconstruction_weights(around, self._shape)[start : start + bottom - top]
