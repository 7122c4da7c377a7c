# SPDX-License-Identifier: GPL-3.0-or-later
"""A forward model Sentinel-2 -> Sentinel-1, so that images without SAR can teach the use of SAR too.

A small network per pixel and its surroundings is fitted to the pairs that have both; what it predicts is the mean
backscatter of such a surface. What reflectance cannot explain is added as noise when a sample is drawn, partly smooth
over tens of metres (roughness, moisture), partly speckle. The result is plausible, not true:
samples with real SAR keep the larger weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dbcr_core.band_names import OPTICAL_BANDS

from .datasets.scene import SAR_NODATA, Scene

FIT_BANDS = tuple(OPTICAL_BANDS.index(b) for b in ("B02", "B03", "B04", "B08", "B11", "B12"))
LEVELS_DB = np.array([[-12.0], [-18.5]], np.float32)
SPREAD_DB = 5.0
FIT_STEPS = 600


def surface_features(reflectance: Tensor) -> Tensor:
    """(n, 13, h, w) reflectance to (n, 20, h, w): bands, their local means, spread and the usual normalised indices."""
    x = reflectance[:, FIT_BANDS]
    blue, green, red, nir, swir1, swir2 = (x[:, i : i + 1] for i in range(6))

    def index(a: Tensor, b: Tensor) -> Tensor:
        return (a - b) / (a + b + 0.02)

    indices = torch.cat([index(nir, red), index(green, nir), index(swir1, nir), index(green, swir1)], 1)
    near = F.avg_pool2d(F.pad(x, (2, 2, 2, 2), mode="replicate"), 5, 1)
    far = F.avg_pool2d(F.pad(x[:, 3:5], (8, 8, 8, 8), mode="replicate"), 17, 1)
    squares = F.avg_pool2d(F.pad(x[:, 2:4] ** 2, (4, 4, 4, 4), mode="replicate"), 9, 1)
    means = F.avg_pool2d(F.pad(x[:, 2:4], (4, 4, 4, 4), mode="replicate"), 9, 1)
    spread = (squares - means**2).clamp_min(0).sqrt() * 5
    return torch.cat([x.clamp(0, 1).sqrt(), near, far, spread, indices], 1)


@dataclass(frozen=True)
class FitPair:
    """The clear image and the SAR of a scene with both, as `Scene` has them."""

    id: str
    clear: np.ndarray
    sar: np.ndarray
    bands: np.ndarray

    def arrays(self) -> tuple[Tensor, Tensor, Tensor]:
        """Reflectance (1, 13, h, w), decibels (1, 2, h, w) and the validity (1, 1, h, w)."""
        sar = torch.from_numpy(self.sar.astype(np.float32))[None] / 100
        known = torch.from_numpy((self.sar != SAR_NODATA).all(0) & (self.clear[self.bands] > 0).any(0))[None, None]
        return _reflectance(self.clear), sar, known


def fit_pairs(scenes: Sequence[Scene]) -> list[FitPair]:
    """Those of the scenes with calibrated SAR of both polarisations and the bands of the fit over the same land; snow
    would spoil it."""
    pairs = [
        FitPair(s.id, s.clear, s.sar, s.bands)
        for s in scenes
        if s.clear is not None
        and s.sar is not None
        and s.sar_kind == "db"
        and s.sar_bands is not None
        and s.sar_bands.all()
        and s.bands[list(FIT_BANDS)].all()
        and s.group != "snowg"
    ]
    return [pair for pair in pairs if pair.arrays()[2].any()]


def fit_backscatter(pairs: Sequence[FitPair], seed: int = 0) -> tuple[nn.Module, tuple[float, ...]]:
    """Fit to what ``fit_pairs`` chooses, at least one pair. Returns the model and the residual's spread."""
    generator = torch.Generator().manual_seed(seed)
    inputs, targets = [], []
    for pair in pairs:
        optical, sar, known = pair.arrays()
        features = surface_features(optical)[0].flatten(1).T
        # Judge against SAR averaged 3x3: the mean is wanted, speckle is added later.
        smooth = F.avg_pool2d(F.pad(sar, (1, 1, 1, 1), mode="replicate"), 3, 1)[0].flatten(1).T
        chosen = known.flatten().nonzero()[:, 0]
        chosen = chosen[torch.randperm(len(chosen), generator=generator)[:6000]]
        inputs.append(features[chosen])
        targets.append(smooth[chosen])
    inputs, targets = torch.cat(inputs), (torch.cat(targets) - torch.from_numpy(LEVELS_DB[:, 0])) / SPREAD_DB
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = nn.Sequential(nn.Linear(inputs.shape[1], 48), nn.GELU(), nn.Linear(48, 48), nn.GELU(), nn.Linear(48, 2))
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, FIT_STEPS)
    for _ in range(FIT_STEPS):
        chosen = torch.randint(len(inputs), (4096,), generator=generator)
        loss = F.smooth_l1_loss(model(inputs[chosen]), targets[chosen])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    with torch.no_grad():
        residual = (model(inputs) - targets).std(0) * SPREAD_DB
    return model.eval().requires_grad_(False), tuple(float(r) for r in residual)


@torch.no_grad()
def mean_backscatter(clear: np.ndarray, model: nn.Module) -> np.ndarray:
    """SAR (2, h, w) as `Scene` has it: what the model expects of a clear image (13, h, w) in DN."""
    features = surface_features(_reflectance(clear))[0]
    decibels = model(features.flatten(1).T).T.reshape(2, *clear.shape[1:]) * SPREAD_DB
    decibels = decibels + torch.from_numpy(LEVELS_DB)[:, :, None]
    return (decibels.clamp(-40, 10) * 100).round().numpy().astype(np.int16)


def with_sar(scene: Scene, sar: np.ndarray, kind: str) -> Scene:
    """The scene with SAR of both polarisations that comes from the model."""
    return replace(scene, sar=sar, sar_bands=np.ones(2, bool), sar_kind=kind)


def _reflectance(clear: np.ndarray) -> Tensor:
    return torch.from_numpy(clear.astype(np.float32))[None] / 10000
