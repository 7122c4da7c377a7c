# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring the scale head's promise in line with the errors seen on validation images.

Trained on simulated clouds the head expects too small errors on real ones. One factor for all bands corrects the level;
where it is large and where small stays as learnt.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from dbcr_core.network.heads import ScaleHead
from dbcr_core.predictors import Predictor

from .validation import ValidationImage, restore_image

LEVEL = 0.8
SMALLEST, LARGEST = 0.2, 5.0


def scale_factor(predictor: Predictor, images: Sequence[ValidationImage]) -> float:
    """What to multiply Laplace scales b by so that ``|e| < -b ln(1 - LEVEL)`` holds for a share ``LEVEL`` of values."""
    ratios = []
    for image in images:
        restored, first = restore_image(predictor, image)
        assert first.scale is not None  # the predictor is one with a scale head
        error = np.abs(restored - image.clear.numpy())[image.bands]
        ratios.append(image.counted(error / first.scale[0][image.bands]).ravel()[::7])
    factor = np.quantile(np.concatenate(ratios), LEVEL) / -np.log(1 - LEVEL)
    return float(np.clip(factor, SMALLEST, LARGEST))


@torch.no_grad()
def multiply_scale(head: ScaleHead, factor: float) -> None:
    """Scale b by ``factor`` through the head's bias: for scales that occur (< 0.1) softplus(z) is close to exp(z)."""
    head.output.bias += float(np.log(factor))
