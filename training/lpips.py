# SPDX-License-Identifier: GPL-3.0-or-later
"""LPIPS with AlexNet features (Zhang et al. 2018, version 0.1), computed from two weight files without torchvision."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from dbcr_core.errors import BackendMissingError, InputError

FEATURES = "alexnet_features.pth"
USUAL_WEIGHTS = Path("../shared/weights")
SHIFT = (-0.030, -0.088, -0.188)
SCALE = (0.458, 0.448, 0.450)
BRIGHT_DN = 3000.0
RED_GREEN_BLUE = (3, 2, 1)
# index in torchvision's ``features``, stride, padding, whether a 3x3 max pool of stride 2 comes first
LAYERS = ((0, 4, 2, False), (3, 1, 2, True), (6, 1, 1, True), (8, 1, 1, False), (10, 1, 1, False))


def find_lpips(weights: Path | None) -> Lpips | None:
    """LPIPS with the weights of a folder, or, where none is named, of the usual one; None and a line if that has none.

    Raises InputError or BackendMissingError where a named folder will not do.
    """
    try:
        return Lpips(weights or USUAL_WEIGHTS)
    except (InputError, BackendMissingError) as error:
        if weights is not None:
            raise
        print(f"LPIPS is left out: {error}")
        return None


class Lpips:
    """Perceptual distance of two natural-colour pictures; 0 for equal ones."""

    def __init__(self, weights: Path) -> None:
        """``weights``: folder with ``alexnet_features.pth``; the linear heads come with the ``lpips`` package."""
        path = Path(weights) / FEATURES
        if not path.exists():
            raise InputError(
                f"{path} is missing; save torchvision's AlexNet feature weights there, or give --no-lpips."
            )
        self.features = torch.load(path, map_location="cpu", weights_only=True)
        package = importlib.util.find_spec("lpips")
        if package is None or package.origin is None:  # a bare folder of that name is found, too
            raise BackendMissingError(
                "LPIPS needs the linear heads of the lpips package: `pip install --no-deps lpips`."
            )
        heads = torch.load(
            Path(package.origin).parent / "weights" / "v0.1" / "alex.pth", map_location="cpu", weights_only=True
        )
        self.heads = [heads[f"lin{i}.model.1.weight"] for i in range(len(LAYERS))]

    @torch.inference_mode()
    def __call__(self, target: np.ndarray, prediction: np.ndarray) -> float:
        """(13, h, w) reflectance twice; red, green, blue are shown as DN / 3000, clipped to 0..1."""
        a, b = (self._layers(_picture(image)) for image in (target, prediction))
        return float(sum(F.conv2d((_unit(x) - _unit(y)) ** 2, head).mean() for x, y, head in zip(a, b, self.heads)))

    @torch.inference_mode()
    def summary(self, image: np.ndarray) -> np.ndarray:
        """(256,) mean activations of the last layer for one picture (13, h, w)."""
        return self._layers(_picture(image))[-1].mean((0, 2, 3)).numpy()

    def _layers(self, x: Tensor) -> list[Tensor]:
        found = []
        for index, stride, padding, pool in LAYERS:
            if pool:
                x = F.max_pool2d(x, 3, 2)
            weight, bias = (self.features[f"features.{index}.{k}"] for k in ("weight", "bias"))
            x = F.relu(F.conv2d(x, weight, bias, stride, padding))
            found.append(x)
        return found


def _picture(reflectance: np.ndarray) -> Tensor:
    rgb = torch.from_numpy(np.ascontiguousarray(reflectance[list(RED_GREEN_BLUE)], np.float32)) * 10000 / BRIGHT_DN
    shift, scale = (torch.tensor(v).view(3, 1, 1) for v in (SHIFT, SCALE))
    return ((rgb.clamp(0, 1) * 2 - 1 - shift) / scale)[None]


def _unit(x: Tensor) -> Tensor:
    return x / (x.pow(2).sum(1, keepdim=True).sqrt() + 1e-10)
