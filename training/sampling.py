# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw training batches: choose a scene, cut, flip, cover with clouds, drop bands. Every step has its own seed."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.errors import InputError

from .clouds import CloudSimulator
from .clouds.seasons import other_date
from .clouds.simulation import WAVELENGTHS_NM
from .clouds.transplant import transplant_clouds
from .config import DataSettings, DropSettings
from .datasets.scene import Scene
from .moments import estimate_lacking
from .pixel_store import PixelStore
from .sar_samples import scale_sar, vary_sar
from .validation import ValidationImage

PROFILES = {
    "l2a": tuple(b != "B10" for b in OPTICAL_BANDS),
    "ten": tuple(b not in ("B01", "B09", "B10") for b in OPTICAL_BANDS),
    "four": tuple(b in ("B02", "B03", "B04", "B08") for b in OPTICAL_BANDS),
    "rgb": tuple(b in ("B02", "B03", "B04") for b in OPTICAL_BANDS),
}

OPEN_SKY = 0.05
"""Opacity of cloud and shadow below which a pixel shows the ground as it is."""


@dataclass(frozen=True)
class Batch:
    """``clear``, ``cloudy`` (n, 13, h, w) reflectance 0..1; ``valid`` the same shape, the weight in the loss: 1 where
    measured, 0 where missing; ``sar`` (n, 2, h, w) 0..1; ``opacity`` (n, 2, h, w) with ``opacity_known`` (n,) bool;
    ``surrounded`` (n,) bool: enough clear land of the same date is seen to tell the levels from."""

    clear: Tensor
    cloudy: Tensor
    valid: Tensor
    sar: Tensor
    opacity: Tensor
    opacity_known: Tensor
    surrounded: Tensor


class CropSampler:
    """Batches from scenes in memory.

    The same (seed, step, rank) gives the same batch, so a resumed run sees what it would have seen. ``trained_bands``:
    those that any sample teaches. ``scenes``: what tells these scenes from others.
    """

    def __init__(
        self,
        scenes: Sequence[Scene],
        data: DataSettings,
        drop: DropSettings,
        simulator: CloudSimulator,
        seed: int,
        rank: int = 0,
        band_moments: tuple[float, ...] = (),
    ) -> None:
        self.data, self.drop, self.simulator = data, drop, simulator
        self.seed, self.rank = seed, rank
        self.band_moments = band_moments  # by which bands that lack are estimated, as the engine then does
        grounds = [i for i, s in enumerate(scenes) if s.clear is not None]
        if not grounds:
            raise InputError("The data hold no clear image to learn from; pack scenes with an s2_clear.tif.")
        groups = data.groups or {scenes[i].group: 1.0 for i in grounds}
        self.epoch = len(grounds)
        drawn, shares = [], []
        for group, weight in groups.items():
            members = [i for i in grounds if scenes[i].group == group]
            if not members:
                known = ", ".join(sorted({scenes[i].group for i in grounds}))
                raise InputError(
                    f"No clear scenes of group {group!r} in the data, but of {known}; correct or omit [data.groups]."
                )
            areas = np.array([np.sqrt(np.prod(scenes[i].shape)) for i in members])
            drawn += members
            shares += list(weight * areas / areas.sum())
        self.grounds, self.shares = np.array(drawn), np.array(shares) / np.sum(shares)
        cloudiness = {i: _cloud_share(s.cloudy) for i, s in enumerate(scenes) if s.cloudy is not None and s.bands.all()}
        self.donors = np.array([i for i, share in cloudiness.items() if share > 0.15], int)
        donor_shares = np.array([cloudiness[i] for i in self.donors])
        self.donor_shares = donor_shares / donor_shares.sum()
        device = simulator.device
        self.pixels = PixelStore(scenes, device)
        self.kinds = [s.sar_kind for s in scenes]
        self.scenes = digest_of(_summary(s) for s in scenes)
        bands = np.stack([s.bands for s in scenes])
        measured = np.stack([s.bands if s.measured is None else s.measured for s in scenes])
        weights = np.where(measured, 1.0, data.completed_weight).astype(np.float32)
        self.bands, self.weights = (torch.from_numpy(a).to(device)[:, :, None, None] for a in (bands, weights))
        taught = (bands & (weights > 0))[self.grounds].any(axis=0)
        self.trained_bands = tuple(band for band, there in zip(OPTICAL_BANDS, taught) if there)
        # No clear date: the darkest twentieth of the whole image stands for the ground below its clouds.
        self.dark = torch.zeros(len(scenes), 13, 1, 1, device=device)
        for i in self.donors:
            if scenes[i].clear is None:
                level = np.percentile(scenes[i].cloudy[:, ::4, ::4].reshape(13, -1), 5, axis=1)
                self.dark[i, :, 0, 0] = torch.from_numpy(level).to(self.dark)

    def __call__(self, step: int, crop: int, count: int) -> Batch:
        """The batch of a step: ``count`` crops of ``crop`` x ``crop`` pixels."""
        random = np.random.default_rng((self.seed, step, self.rank))
        device = self.simulator.device
        generator = torch.Generator(device)
        generator.manual_seed(int(random.integers(2**62)))
        chosen = random.choice(self.grounds, count, p=self.shares)
        clear, second, sar = self.pixels.cut(chosen, crop, random)
        place = torch.from_numpy(chosen).to(device)
        present, weight = self.bands[place], self.weights[place]
        seen = present & (clear > 0).any(1, keepdim=True)
        asked = torch.from_numpy(random.random(count) < self.data.real_pairs).to(device)
        real = (self.pixels.cloudy.there[place] & asked)[:, None, None, None]
        clear, second = (clear / 10000).clamp(0, 1), (second / 10000).clamp(0, 1)
        gain = torch.from_numpy(spectral_gain(count, self.data.level_spread, random)).to(device)
        clear = torch.where(real, clear, (clear * gain).clamp(0, 1))

        ground = other_date(clear, self.data.date_change, generator)
        sample = self.simulator(ground, generator)
        # A sky without cloud stays an exact pair: what is clear must come back as it is.
        cloudless = sample.opacity.amax((1, 2, 3), keepdim=True) == 0
        cloudy, opacity = torch.where(cloudless, clear, sample.cloudy), sample.opacity
        moved = torch.from_numpy(random.random(count) < self.data.transplanted).to(device)[:, None, None, None]
        if len(self.donors) and moved.any():
            other = transplant_clouds(ground, *self._donate(count, crop, random))
            cloudy = torch.where(moved, other.cloudy, cloudy)
            opacity = torch.where(moved, other.opacity, opacity)
        open_sky = (opacity.amax(1, keepdim=True) < OPEN_SKY).float().mean((1, 2, 3), keepdim=True)
        surrounded = ~real & (moved | ~cloudless) & (open_sky > self.data.surroundings)
        clear = torch.where(surrounded, ground, clear)
        seen = seen & (~real | (second > 0).any(1, keepdim=True))
        cloudy = torch.where(real, second, cloudy)

        kept = drop_bands(present, self.drop, random)
        sar = vary_sar(sar / 100, [self.kinds[i] for i in chosen], generator)
        sar = drop_sar(scale_sar(sar), self.drop, random)
        seen = seen & kept
        clear, cloudy = clear * seen, cloudy * seen
        if self.band_moments:
            clear, cloudy = (estimate_lacking(images, seen, self.band_moments) for images in (clear, cloudy))
        return Batch(
            clear=clear,
            cloudy=cloudy,
            valid=seen * weight,
            sar=sar,
            opacity=opacity,
            opacity_known=~real.flatten(),
            surrounded=surrounded.flatten(),
        )

    def shows(self, image: ValidationImage) -> bool:
        """Whether one of the scenes that train has the clear image that is to judge."""
        clear, bands = image.clear.numpy(), self.bands.flatten(1).cpu().numpy() & image.bands
        return any(self.pixels.shows(number, clear, bands[number], image.valid) for number in range(len(bands)))

    def _donate(self, count: int, crop: int, random: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Crops of real cloudy images and of the ground below (n, 13, h, w), 0..1."""
        chosen = random.choice(self.donors, count, p=self.donor_shares)
        ground, cloudy, _ = self.pixels.cut(chosen, crop, random)
        ground = ground + self.dark[torch.from_numpy(chosen).to(ground.device)]
        return (cloudy / 10000).clamp(0, 1.6), (ground / 10000).clamp(0, 1)


def digest_of(names: Iterable[str]) -> str:
    """A short text that differs where the names or their order do."""
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]


def spectral_gain(count: int, spread: float, random: np.random.Generator) -> np.ndarray:
    """Factors (count, 13, 1, 1): brightness, tilt towards the long wavelengths and a little of each band's own."""
    tilt = np.clip(np.array(WAVELENGTHS_NM) / 1000 - 0.8, -0.4, 0.8)
    normal = random.standard_normal
    log = normal((count, 1)) + normal((count, 1)) * tilt + 0.3 * normal((count, len(tilt)))
    return np.exp(spread * log).astype(np.float32)[:, :, None, None]


def drop_bands(present: Tensor, drop: DropSettings, random: np.random.Generator) -> Tensor:
    """Which bands (n, 13, 1, 1) stay when some samples lose those that common products lack."""
    names = list(PROFILES)
    shares = [getattr(drop, name) for name in names]
    chosen = random.choice(len(names) + 1, len(present), p=[*shares, 1 - sum(shares)])
    keep = np.ones((len(present), len(OPTICAL_BANDS)), bool)
    for row, choice in enumerate(chosen):
        if choice < len(names):
            keep[row] = PROFILES[names[choice]]
    kept = present & torch.from_numpy(keep).to(present.device)[:, :, None, None]
    # A scene that would be left without any band keeps its own.
    return torch.where(kept.any(1, keepdim=True), kept, present)


def drop_sar(sar: Tensor, drop: DropSettings, random: np.random.Generator) -> Tensor:
    """SAR (n, 2, h, w) with all of it, or VH, zero in some samples."""
    chance = random.random(len(sar))
    keep = np.ones((len(sar), 2), np.float32)
    keep[chance < drop.sar] = 0
    keep[(chance >= drop.sar) & (chance < drop.sar + drop.vh), 1] = 0
    return sar * torch.from_numpy(keep).to(sar.device)[:, :, None, None]


def _summary(scene: Scene) -> str:
    image = scene.clear if scene.clear is not None else scene.cloudy
    assert image is not None  # a scene has one of them
    return f"{scene.id} {scene.group} {scene.shape} {zlib.crc32(image[:, ::16, ::16].tobytes())}"


def _cloud_share(cloudy: np.ndarray) -> float:
    """Share of pixels that are bright in the blue band."""
    return float((cloudy[1, ::4, ::4] > 2800).mean())
