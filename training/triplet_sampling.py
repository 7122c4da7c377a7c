# SPDX-License-Identifier: GPL-3.0-or-later
"""Batches straight from SEN12MS-CR on disk: every triplet once per epoch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from dbcr_core.band_names import OPTICAL_BANDS

from .config import DropSettings
from .datasets.sen12mscr import read_triplet, triplets
from .moments import estimate_lacking
from .pixel_store import PixelStore
from .sampling import Batch, digest_of, drop_bands, drop_sar
from .sar_samples import scale_sar
from .validation import ValidationImage


class TripletSampler:
    """Real cloudy and clear images of the training split. The order follows from the seed alone, so a run can resume.

    ``epoch`` is the number of triplets. Opacity is unknown: the opacity head learns nothing here.
    """

    def __init__(
        self,
        root: Path,
        drop: DropSettings,
        seed: int,
        rank: int,
        world: int,
        device: str,
        band_moments: tuple[float, ...] = (),
    ) -> None:
        self.triplets = triplets(root, "train")
        self.drop, self.seed, self.rank, self.world, self.device = drop, seed, rank, world, device
        self.epoch = len(self.triplets)
        self.scenes = digest_of(triplet.clear.stem for triplet in self.triplets)
        self.band_moments = band_moments  # by which bands that are dropped are estimated, as the engine then does
        self.trained_bands = OPTICAL_BANDS

    def __call__(self, step: int, crop: int, count: int) -> Batch:
        """The batch of a step."""
        clear, cloudy, sar = self._read(step, crop, count)
        random = np.random.default_rng((self.seed, step, self.rank))
        valid = (clear > 0).any(1, keepdim=True) & (cloudy > 0).any(1, keepdim=True)
        present = torch.ones(count, 13, 1, 1, dtype=torch.bool, device=self.device)
        valid = valid & drop_bands(present, self.drop, random)
        clear, cloudy = ((a / 10000).clamp(0, 1) * valid for a in (clear, cloudy))
        if self.band_moments:
            clear, cloudy = (estimate_lacking(images, valid, self.band_moments) for images in (clear, cloudy))
        return Batch(
            clear=clear,
            cloudy=cloudy,
            valid=valid.float(),
            sar=drop_sar(scale_sar(sar / 100), self.drop, random),
            opacity=torch.zeros(count, 2, crop, crop, device=self.device),
            opacity_known=torch.zeros(count, dtype=torch.bool, device=self.device),
            surrounded=torch.zeros(count, dtype=torch.bool, device=self.device),
        )

    def shows(self, image: ValidationImage) -> bool:
        """Whether one of the patches that train is the image that is to judge, by its name."""
        return any(triplet.clear.stem == image.id for triplet in self.triplets)

    def indices(self, step: int, count: int) -> list[int]:
        """Places of a step's triplets: each epoch is one permutation, dealt out to the processes in turn."""
        first = (step * self.world + self.rank) * count
        places = []
        for number in range(first, first + count):
            epoch, place = divmod(number, self.epoch)
            places.append(int(np.random.default_rng((self.seed, epoch)).permutation(self.epoch)[place]))
        return places

    def _read(self, step: int, crop: int, count: int) -> tuple[Tensor, Tensor, Tensor]:
        random = np.random.default_rng((self.seed, step, self.rank, 1))
        pixels = PixelStore([read_triplet(self.triplets[i]) for i in self.indices(step, count)], self.device)
        return pixels.cut(np.arange(count), crop, random)
