# SPDX-License-Identifier: GPL-3.0-or-later
"""Bands that a file lacks, estimated from those it has by how the bands of Sentinel-2 go together.

A network that always saw 13 bands takes zeros for something that is no land. With x the square roots of the bands, the
estimate is the mean of a normal distribution given the bands there are: m₂ + C₂₁ C₁₁⁻¹ (x₁ − m₁).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Sequence

import numpy as np

from .band_names import OPTICAL_BANDS
from .errors import ModelError

COUNT = len(OPTICAL_BANDS)


def moments_of(values: np.ndarray, ridge: float = 1e-5) -> tuple[float, ...]:
    """(13, n) pixels in a model's units → what its card keeps: the 13 means of their square roots, then the covariance
    row by row. ridge: variance that is taken for noise."""
    roots = np.sqrt(values.astype(np.float64).clip(0))
    covariance = np.cov(roots) + ridge * np.eye(COUNT)
    return tuple(round(float(number), 9) for number in (*roots.mean(axis=1), *covariance.ravel()))


def with_estimates(tile: np.ndarray, present: Sequence[int], moments: tuple[float, ...]) -> None:
    """Puts estimates in place of the bands of `tile` (13, h, w), in a model's units, that are not `present` (0-based).

    moments: of the model's card. Raises ModelError where these are no mean and covariance.
    """
    lacking, weights, constants = regression(moments, tuple(sorted(present)))
    roots = [np.sqrt(tile[band]) for band in sorted(present)]
    # Band by band, which stays in the processor's cache and gives the same bits whatever the number of threads.
    for band, row, constant in zip(lacking, weights, constants):
        found = np.full(tile.shape[1:], constant, np.float32)
        for root, weight in zip(roots, row):
            found += weight * root
        np.clip(found, 0, 1, out=found)
        np.multiply(found, found, out=tile[band])


@lru_cache(maxsize=64)
def regression(moments: tuple[float, ...], present: tuple[int, ...]) -> tuple[tuple[int, ...], np.ndarray, np.ndarray]:
    """(bands that lack, float32 weights of the roots of the ascending present ones for each, constant for each)."""
    numbers = np.array(moments, np.float64)
    means, covariance = numbers[:COUNT], numbers[COUNT:].reshape(COUNT, COUNT)
    lacking = tuple(band for band in range(COUNT) if band not in present)
    try:
        np.linalg.cholesky(covariance)
        weights = np.linalg.solve(covariance[np.ix_(present, present)], covariance[np.ix_(present, lacking)]).T
    except np.linalg.LinAlgError as error:
        raise ModelError("The model card's band moments are no covariance; get the model file again.") from error
    constants = means[list(lacking)] - weights @ means[list(present)]
    return lacking, weights.astype(np.float32), constants.astype(np.float32)
