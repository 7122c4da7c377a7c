# SPDX-License-Identifier: GPL-3.0-or-later
"""PSNR, SSIM, MAE and SAM as the SEN12MS-CR benchmark computes them: per image, all bands pooled, on 0…1 data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SSIM_RADIUS = 5
SSIM_SIGMA = 1.5
SSIM_C1, SSIM_C2 = 0.01**2, 0.03**2


@dataclass(frozen=True)
class ImageMetrics:
    """Scores of one image: psnr in dB, ssim and mae on reflectance 0…1, sam in degrees; count of pixels judged.

    NaN where there was nothing to judge; psnr is infinite where nothing differs; sam is NaN where a spectrum is zero.
    """

    psnr: float
    ssim: float
    mae: float
    sam: float
    pixels: int


class MetricSums:
    """Adds up an image's scores block by block, for images that do not fit in memory."""

    def __init__(self) -> None:
        self._squared = self._absolute = self._similarity = self._angle = 0.0
        self._values = self._pixels = 0
        self._bands: np.ndarray | None = None

    def add(
        self, target: np.ndarray, prediction: np.ndarray, similarity: np.ndarray, where: np.ndarray | None = None
    ) -> None:
        """target, prediction, similarity (their SSIM map): (c, h, w); where: (h, w) bool, the pixels that count."""
        difference = prediction.astype(np.float64) - target
        angle = spectral_angle(target, prediction)
        if where is None:
            where = np.ones(angle.shape, bool)
        chosen = difference[:, where]
        self._squared += float((chosen**2).sum())
        self._absolute += float(np.abs(chosen).sum())
        self._similarity += float(similarity[:, where].sum(dtype=np.float64))
        self._angle += float(angle[where].sum())
        self._values += chosen.size
        self._pixels += chosen.shape[1]
        per_band = np.abs(chosen).sum(axis=1)
        self._bands = per_band if self._bands is None else self._bands + per_band

    def result(self) -> ImageMetrics:
        """The scores of everything added so far."""
        if self._pixels == 0:
            return ImageMetrics(np.nan, np.nan, np.nan, np.nan, 0)
        rmse = np.sqrt(self._squared / self._values)
        psnr = float(20 * np.log10(1 / rmse)) if rmse > 0 else float("inf")
        return ImageMetrics(
            psnr,
            self._similarity / self._values,
            self._absolute / self._values,
            self._angle / self._pixels,
            self._pixels,
        )

    def mae_per_band(self) -> np.ndarray:
        """(c,) mean absolute error of each band."""
        if self._bands is None or self._pixels == 0:
            return np.zeros(0)
        return self._bands / self._pixels


def image_metrics(target: np.ndarray, prediction: np.ndarray, where: np.ndarray | None = None) -> ImageMetrics:
    """Scores of (c, h, w) reflectance 0…1 against its target; the prediction is not clipped.

    RMSE over all bands and pixels; PSNR = 20·log₁₀(1/RMSE); MAE = mean |t − p|; SSIM and SAM as below.
    where: (h, w) bool limits the scores to some pixels (SSIM windows still see their neighbours).
    """
    sums = MetricSums()
    sums.add(target, prediction, ssim_map(zero_padded(target), zero_padded(prediction)), where)
    return sums.result()


def spectral_angle(target: np.ndarray, prediction: np.ndarray) -> np.ndarray:
    """(c, h, w) twice → (h, w) degrees: arccos(⟨t, p⟩ / √⟨t, t⟩ / √⟨p, p⟩); NaN for an all-zero spectrum."""
    t, p = target.astype(np.float64), prediction.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = (t * p).sum(0) / np.sqrt((t * t).sum(0)) / np.sqrt((p * p).sum(0))
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def zero_padded(image: np.ndarray) -> np.ndarray:
    """(c, h, w) with SSIM_RADIUS zeros around it, as the benchmark pads."""
    return np.pad(image, ((0, 0), (SSIM_RADIUS, SSIM_RADIUS), (SSIM_RADIUS, SSIM_RADIUS)))


def ssim_map(target: np.ndarray, prediction: np.ndarray) -> np.ndarray:
    """Local SSIM per band of two (c, h + 10, w + 10) images: (c, h, w).

    11 × 11 Gaussian window, σ = 1.5, C1 = 0.01², C2 = 0.03², on values 0…1.
    """
    # Band by band: what is computed on the way stays in the processor's cache.
    return np.stack([_ssim_of_band(t.astype(np.float64), p.astype(np.float64)) for t, p in zip(target, prediction)])


def _ssim_of_band(t: np.ndarray, p: np.ndarray) -> np.ndarray:
    mean_t, mean_p = _gaussian(t), _gaussian(p)
    var_t = _gaussian(t * t) - mean_t**2
    var_p = _gaussian(p * p) - mean_p**2
    covariance = _gaussian(t * p) - mean_t * mean_p
    luminance = (2 * mean_t * mean_p + SSIM_C1) / (mean_t**2 + mean_p**2 + SSIM_C1)
    return luminance * (2 * covariance + SSIM_C2) / (var_t + var_p + SSIM_C2)


def _gaussian(image: np.ndarray) -> np.ndarray:
    """Separable Gaussian of (h, w), valid part only."""
    taps = np.exp(-0.5 * (np.arange(-SSIM_RADIUS, SSIM_RADIUS + 1) / SSIM_SIGMA) ** 2)
    taps /= taps.sum()
    height, width = image.shape[0] - 2 * SSIM_RADIUS, image.shape[1] - 2 * SSIM_RADIUS
    rows = sum(tap * image[k : k + height] for k, tap in enumerate(taps))
    return sum(tap * rows[:, k : k + width] for k, tap in enumerate(taps))
