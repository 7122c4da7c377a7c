# SPDX-License-Identifier: GPL-3.0-or-later
"""Fréchet distance of two sets of pictures in AlexNet features.

The published FID uses Inception features and needs thousands of pictures. This one ranks models against each other on
the same pictures; its values cannot be compared with published FIDs, and with few pictures it is not computed at all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .lpips import Lpips

FEWEST_IMAGES = 512


def frechet_distance(first: np.ndarray, second: np.ndarray) -> float:
    """``|mu1 - mu2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2))`` of two sets of feature vectors (n, k)."""
    difference = first.mean(0) - second.mean(0)
    one, two = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
    # The eigenvalues of a product of two covariance matrices are real and not negative, but for rounding.
    roots = np.sqrt(np.clip(np.linalg.eigvals(one @ two).real, 0, None))
    return float(difference @ difference + np.trace(one) + np.trace(two) - 2 * roots.sum())


def picture_distance(lpips: Lpips, targets: Sequence[np.ndarray], predictions: Sequence[np.ndarray]) -> float | None:
    """Distance between target and predicted pictures ((13, h, w) each); None when there are fewer than 512."""
    if len(targets) < FEWEST_IMAGES:
        return None
    vectors = [np.stack([lpips.summary(image) for image in images]) for images in (targets, predictions)]
    return frechet_distance(*vectors)
