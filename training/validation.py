# SPDX-License-Identifier: GPL-3.0-or-later
"""Quick validation while training: PSNR and MAE on real cloudy images, and pictures. ``evaluate`` judges in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from dbcr_core.band_moments import with_estimates
from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.blend import TileWeights
from dbcr_core.errors import InputError
from dbcr_core.gaps import continued
from dbcr_core.network import BridgeNetwork, NetworkConfig
from dbcr_core.predictors import Prediction, Predictor
from dbcr_core.sampler import sample_bridge
from dbcr_core.tiles import TilePlan

from .checkpoint_predictor import CheckpointPredictor
from .checkpoints import load_checkpoint
from .config import TrainConfig
from .datasets import sen12mscr
from .datasets.scene import Scene
from .datasets.scene_folders import read_scenes
from .pack import load_pack
from .pictures import false_colour_sar, grey, natural_colour, save_grid
from .sar_samples import scale_sar

MOST_PATCHES = 40
"""Of a split of SEN12MS-CR that are judged by: a gigabyte while results are compared."""

SPARSE = 0.05
"""Share of an image with data below which its scores say little."""

MULTIPLE = 8
"""Of pixels per side that an exported network takes."""


@dataclass(frozen=True)
class ValidationImage:
    """``clear``, ``cloudy`` (13, h, w) and ``sar`` (2, h, w), all 0..1; ``bands`` (13,) bool; ``valid`` (h, w) bool:
    both images have data there.

    Elsewhere ``clear`` is 0, and ``cloudy`` continues what is at the edge, as the engine shows it to a network.
    """

    id: str
    clear: Tensor
    cloudy: Tensor
    sar: Tensor
    bands: np.ndarray
    valid: np.ndarray

    def counted(self, values: np.ndarray) -> np.ndarray:
        """The pixels of (k, h, w) that tell something, (k, 1, n) where not all do.

        Nothing is copied where all do: another order in memory would change the last digit of a sum.
        """
        return values if self.valid.all() else values[:, None, self.valid]


def with_bands(images: Sequence[ValidationImage], names: Sequence[str]) -> list[ValidationImage]:
    """The images with no other bands than these: those that a network never learned are left as they are in use.

    Raises InputError for one that has none of them.
    """
    known = np.isin(OPTICAL_BANDS, names)
    for image in images:
        if not (image.bands & known).any():
            raise InputError(f"Image {image.id} has none of the bands that are learned; choose others to judge by.")
    there = torch.from_numpy(known)[:, None, None]
    return [
        image
        if known[image.bands].all()
        else replace(image, clear=image.clear * there, cloudy=image.cloudy * there, bands=image.bands & known)
        for image in images
    ]


def sparse_words(images: Sequence[ValidationImage]) -> str:
    """What to tell of images that hardly show anything; empty without such."""
    shares = {image.id: float(image.valid.mean()) for image in images}
    few = ", ".join(f"{name} ({share:.1%})" for name, share in shares.items() if share < SPARSE)
    return few and f"hardly any pixel has data in both images, yet the scene counts like a whole one: {few}"


def without_gaps(image: Tensor) -> Tensor:
    """(13, h, w) with the edge of its data continued into pixels without any."""
    values = image.numpy()
    known = np.broadcast_to((values > 0).any(0), values.shape)
    return image if known.all() else torch.from_numpy(continued(values, known))


def validation_image(scene: Scene) -> ValidationImage:
    """A scene with a cloudy and a clear image as model inputs, less the last rows and columns beyond a multiple of 8.

    Raises InputError that names the scene where an image lacks or is too small, or no pixel has data in both.
    """
    if scene.clear is None or scene.cloudy is None:
        raise InputError(f"Validation scene {scene.id} needs s2_clear.tif and s2_cloudy.tif; add what lacks.")
    height, width = (side // MULTIPLE * MULTIPLE for side in scene.shape)
    if not height or not width:
        raise InputError(f"Validation scene {scene.id} is {scene.shape[0]} x {scene.shape[1]} pixels; give it 8 x 8.")
    clear, cloudy = (
        torch.from_numpy(a[:, :height, :width].astype(np.float32) / 10000).clamp(0, 1)
        for a in (scene.clear, scene.cloudy)
    )
    sar = torch.zeros(2, height, width)
    if scene.sar is not None:
        sar = scale_sar(torch.from_numpy(scene.sar[:, :height, :width].astype(np.float32))[None] / 100)[0]
    valid = ((clear > 0).any(0) & (cloudy > 0).any(0)).numpy()
    if not valid.any():
        raise InputError(f"No pixel of validation scene {scene.id} has data in both images; choose other dates.")
    return ValidationImage(scene.id, clear * torch.from_numpy(valid), without_gaps(cloudy), sar, scene.bands, valid)


@dataclass(frozen=True)
class Validation:
    """Mean ``psnr`` and ``mae`` over images, and the PSNR of ``each``."""

    psnr: float
    mae: float
    each: list[float]


def scenes_to_judge(path: Path, split: str) -> Iterable[Scene]:
    """Scenes of a folder, of a pack where there is no rasterio, or some of a split of SEN12MS-CR as it is published:
    all of that would not fit into memory."""
    if path.suffix == ".npz":
        return load_pack(path)[0]
    return sen12mscr.read_some(path, split, MOST_PATCHES) if sen12mscr.has_layout(path) else read_scenes(path)


def load_validation(path: str, split: str = "val") -> list[ValidationImage]:
    """The images of `scenes_to_judge`."""
    return [validation_image(s) for s in scenes_to_judge(Path(path), split)]


def validation_of(config: TrainConfig) -> list[ValidationImage]:
    """The validation images of a run, if it has any. Raises InputError that names the setting where they are gone."""
    path = config.data.validation
    if not path:
        return []
    if not Path(path).exists():
        raise InputError(f"There are no validation images at {path}; put scenes there, or leave data.validation empty.")
    return load_validation(path)


def images_to_export(checkpoint: Path, path: str | None) -> list[ValidationImage]:
    """The images of ``path``, those of the checkpoint's own run where it is None, or none where it is empty."""
    if path is not None:
        return load_validation(path) if path else []
    config = load_checkpoint(checkpoint)["config"]
    own = config["data"].get("validation", "")
    if own and not Path(own).exists():
        raise InputError(f"The run's validation images are not at {own}; name them, or '' for none, by --validation.")
    return load_validation(own) if own else []


def psnr(target: Tensor, prediction: Tensor) -> float:
    """20 log10(1 / RMSE), bands and pixels pooled."""
    return float(-10 * torch.log10(((prediction - target) ** 2).mean()))


def validate(
    network: BridgeNetwork,
    images: list[ValidationImage],
    picture: Path | None = None,
    band_moments: tuple[float, ...] = (),
) -> Validation:
    """PSNR and MAE of images at NFE 1, of the bands that they have; optionally a sheet: cloudy, SAR, result, clear,
    opacity, scale. ``band_moments``: of the card to be, by which bands that lack are estimated."""
    device = str(next(network.parameters()).device)
    # At NFE 1 every schedule is the same.
    predictor = CheckpointPredictor(network, "linear", "validated", device, band_moments)
    scores, rows = [], []
    for image in images:
        result, first = restore_image(predictor, image)
        restored, valid = torch.from_numpy(result), torch.from_numpy(image.valid)
        # With all bands nothing is copied: another order in memory would change the last digit of a sum.
        there = slice(None) if image.bands.all() else torch.from_numpy(image.bands)
        truth, found = (a[there] if valid.all() else a[there][:, valid] for a in (image.clear, restored))
        scores.append((psnr(truth, found), float((found - truth).abs().mean())))
        if picture is not None:
            shown = _with_estimates(image, band_moments)
            row = [natural_colour(a) for a in (shown.numpy(), result, image.clear.numpy())]
            row.insert(1, false_colour_sar(image.sar.numpy()))
            if first.opacity is not None:
                cloud, shadow = first.opacity[0]
                row.append(np.stack([cloud, 0 * cloud, shadow], -1))
            if first.scale is not None:
                row.append(grey(first.scale[0].mean(0), 0.1))
            rows.append(row)
    if picture is not None:
        save_grid(picture, rows)
    means = np.mean(scores, 0)
    return Validation(float(means[0]), float(means[1]), [round(s[0], 2) for s in scores])


def _with_estimates(image: ValidationImage, moments: tuple[float, ...]) -> Tensor:
    """The cloudy image (13, h, w) as the engine shows it to a network of these moments."""
    if not moments or image.bands.all():
        return image.cloudy
    cloudy = image.cloudy.clone()
    with_estimates(cloudy.numpy(), np.flatnonzero(image.bands).tolist(), moments)
    return cloudy


def restore_image(
    predictor: Predictor, image: ValidationImage, nfe: int = 1, stochastic: bool = False
) -> tuple[np.ndarray, Prediction]:
    """The reconstruction (13, h, w) of a validation image, 0 where that has no data, and the first step's prediction.
    ``stochastic``: the SDE.

    In the engine's tiles, as no memory holds what a network makes of a large scene at once.
    """
    card, (height, width) = predictor.card, image.valid.shape
    stride = NetworkConfig.from_dict(card.network).stride
    margins = ((0, 0), (0, 0), (0, -height % stride), (0, -width % stride))
    cloudy, sar = (
        np.pad(a[None].numpy(), margins, mode="symmetric")
        for a in (_with_estimates(image, card.band_moments), image.sar)
    )

    @cache
    def noise(t: int) -> np.ndarray:
        return np.random.default_rng(t).standard_normal(cloudy.shape, np.float32)

    plan = TilePlan(cloudy.shape[3], cloudy.shape[2], card.tile_size)
    weights = TileWeights(plan)
    wholes: dict[str, np.ndarray] = {}
    for tile in (tile for row in plan.tile_rows() for tile in row.tiles):
        at = (..., *tile.slices())

        def tile_noise(t: int, at=at) -> np.ndarray:
            return noise(t)[at]

        features = predictor.encode_sar(sar[at])
        steps = sample_bridge(predictor, cloudy[at], features, nfe, tile_noise if stochastic else None)
        last = next(steps)
        first = last.prediction
        for step in steps:
            last = step
        parts = {"result": last.x_next, "clear": first.clear, "scale": first.scale, "opacity": first.opacity}
        for name, values in parts.items():
            if values is not None:
                whole = wholes.setdefault(name, np.zeros((*values.shape[:2], plan.height, plan.width), np.float32))
                whole[at] += values * weights.of(tile)
    wholes = {name: whole[..., :height, :width] for name, whole in wholes.items()}
    return wholes.pop("result")[0] * image.bands[:, None, None] * image.valid, Prediction(**wholes)
