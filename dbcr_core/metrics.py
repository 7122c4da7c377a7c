# SPDX-License-Identifier: GPL-3.0-or-later
"""PSNR, SSIM, MAE and SAM as the SEN12MS-CR benchmark computes them: per image, all bands pooled, on 0…1 data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Iterable

import numpy as np

SSIM_RADIUS = 5
SSIM_SIGMA = 1.5
SSIM_C1, SSIM_C2 = 0.01**2, 0.03**2


@dataclass(frozen=True)
class ImageMetrics:
    """Scores of one image: psnr in dB, ssim and mae on reflectance 0…1, sam in degrees; count of pixels judged.

    NaN where there was nothing to judge; psnr is infinite where nothing differs. A spectrum of zeros has no direction;
    sam is the mean of the others.
    """

    psnr: float
    ssim: float
    mae: float
    sam: float
    pixels: int


class MetricSums:
    """Adds up an image's scores piece by piece, for images that do not fit in memory."""

    def __init__(self) -> None:
        self._squared = self._absolute = self._similarity = self._angle = 0.0
        self._values = self._pixels = self._angles = 0
        self._bands: np.ndarray | None = None

    def add(self, scores: PixelScores, where: np.ndarray | None = None) -> None:
        """where: (h, w) bool, the pixels that count."""
        counted = np.s_[:] if where is None or where.all() else where
        per_band = np.zeros(len(scores.absolute))
        for band, (absolute, similarity) in enumerate(zip(scores.absolute, scores.similarity)):
            absolute = absolute[counted]
            per_band[band] = absolute.sum()
            self._squared += float(np.square(absolute).sum())
            self._similarity += float(similarity[counted].sum())
        angle = scores.angle[counted]
        self._absolute += float(per_band.sum())
        self._values += angle.size * len(per_band)
        self._pixels += angle.size
        angle = angle[~np.isnan(angle)]
        self._angle += float(angle.sum())
        self._angles += angle.size
        self._bands = per_band if self._bands is None else self._bands + per_band

    def __iadd__(self, other: MetricSums) -> MetricSums:
        self._squared += other._squared
        self._absolute += other._absolute
        self._similarity += other._similarity
        self._angle += other._angle
        self._values += other._values
        self._pixels += other._pixels
        self._angles += other._angles
        if other._bands is not None:
            self._bands = other._bands if self._bands is None else self._bands + other._bands
        return self

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
            self._angle / self._angles if self._angles else np.nan,
            self._pixels,
        )

    def mae_per_band(self) -> np.ndarray:
        """(c,) mean absolute error of each band."""
        if self._bands is None or self._pixels == 0:
            return np.zeros(0)
        return self._bands / self._pixels


def image_metrics(target: np.ndarray, prediction: np.ndarray, where: np.ndarray | None = None) -> ImageMetrics:
    """Scores of (c, h, w) reflectance 0…1 against its target; the prediction is not clipped.

    RMSE over all bands and pixels; PSNR = 20·log₁₀(1/RMSE); MAE = mean |t − p|; SSIM and SAM as below, and SAM NaN
    where a spectrum is zero, as in the benchmark.
    where: (h, w) bool limits the scores to some pixels (SSIM windows still see their neighbours).
    """
    sums = MetricSums()
    scores = PixelScores(*target.shape).of(zero_padded(target), zero_padded(prediction))
    sums.add(scores, where)
    is_black = np.isnan(scores.angle if where is None else scores.angle[where]).any()
    return replace(sums.result(), sam=np.nan) if is_black else sums.result()


def zero_padded(image: np.ndarray) -> np.ndarray:
    """(c, h, w) with SSIM_RADIUS zeros around it, as the benchmark pads."""
    return np.pad(image, ((0, 0), (SSIM_RADIUS, SSIM_RADIUS), (SSIM_RADIUS, SSIM_RADIUS)))


class PixelScores:
    """What each pixel of two images counts; one object serves one pair of images after the other, in the same memory.

    absolute: (c, h, w) |t − p|. similarity: (c, h, w) local SSIM per band, 11 × 11 Gaussian window, σ = 1.5,
    C1 = 0.01², C2 = 0.03², on values 0…1. angle: (h, w) degrees, arccos(⟨t, p⟩ / √⟨t, t⟩ / √⟨p, p⟩); NaN for an
    all-zero spectrum. All float64.
    """

    def __init__(self, count: int, height: int, width: int) -> None:
        self.absolute, self.similarity = np.empty((2, count, height, width))
        self.angle = np.empty((height, width))
        self._smooth = _Gaussian(height, width)
        self._dots = np.empty((3, height, width))
        self._smoothed = np.empty((4, height, width))
        self._padded = np.empty((3, height + 2 * SSIM_RADIUS, width + 2 * SSIM_RADIUS))

    def of(self, target: Iterable[np.ndarray], prediction: Iterable[np.ndarray]) -> PixelScores:
        """Compares two images given as their bands, (h + 10, w + 10) each: what SSIM sees around them, too."""
        self._dots[:] = 0
        # Band by band and in few arrays: they stay in the processor's cache.
        for band, (t, p) in enumerate(zip(target, prediction)):
            self._compare(t, p, self.absolute[band], self.similarity[band])
        tp, tt, pp = self._dots
        with np.errstate(invalid="ignore", divide="ignore"):
            self.angle[:] = np.degrees(np.arccos(np.clip(tp / np.sqrt(tt) / np.sqrt(pp), -1, 1)))
        return self

    def _compare(
        self, target: np.ndarray, prediction: np.ndarray, absolute: np.ndarray, similarity: np.ndarray
    ) -> None:
        """Fills in what one band counts, and adds its products to the dots ⟨t, p⟩, ⟨t, t⟩ and ⟨p, p⟩."""
        inner = (slice(SSIM_RADIUS, -SSIM_RADIUS),) * 2
        t, p, tp = self._padded
        mean_t, mean_p, covariance, variances = self._smoothed
        t[:], p[:] = target, prediction
        np.subtract(p[inner], t[inner], out=absolute)
        np.abs(absolute, out=absolute)
        self._smooth(t, mean_t)
        self._smooth(p, mean_p)
        np.multiply(t, p, out=tp)
        t *= t
        p *= p
        for dot, product in zip(self._dots, (tp, t, p)):
            dot += product[inner]
        self._smooth(tp, covariance)  # E[tp], of which E[t]·E[p] is to be taken off
        t += p
        self._smooth(t, variances)  # E[t² + p²], of which E[t]² + E[p]² are
        # SSIM = (2·E[t]·E[p] + C1)·(2·covariance + C2) / (E[t]² + E[p]² + C1) / (both variances + C2)
        np.multiply(mean_t, mean_p, out=similarity)
        covariance -= similarity
        covariance *= 2
        covariance += SSIM_C2
        similarity *= 2
        similarity += SSIM_C1
        similarity *= covariance
        mean_t *= mean_t
        mean_p *= mean_p
        mean_t += mean_p
        variances -= mean_t
        variances += SSIM_C2
        mean_t += SSIM_C1
        variances *= mean_t
        similarity /= variances


class _Gaussian:
    """The separable Gaussian of padded (h + 10, w + 10) arrays: (h, w)."""

    def __init__(self, height: int, width: int) -> None:
        taps = np.exp(-0.5 * (np.arange(-SSIM_RADIUS, SSIM_RADIUS + 1) / SSIM_SIGMA) ** 2)
        self._taps = taps / taps.sum()
        self._shape = height, width
        self._rows, self._pair = np.empty((2, height, width + 2 * SSIM_RADIUS))

    def __call__(self, image: np.ndarray, out: np.ndarray) -> None:
        height, width = self._shape
        self._along([image[k : k + height] for k in range(len(self._taps))], self._rows)
        self._along([self._rows[:, k : k + width] for k in range(len(self._taps))], out)

    def _along(self, shifted: list[np.ndarray], out: np.ndarray) -> None:
        pair = self._pair[:, : out.shape[1]]
        np.multiply(shifted[SSIM_RADIUS], self._taps[SSIM_RADIUS], out=out)
        for k in range(SSIM_RADIUS):  # both sides have the same weights
            np.add(shifted[k], shifted[-1 - k], out=pair)
            pair *= self._taps[k]
            out += pair
