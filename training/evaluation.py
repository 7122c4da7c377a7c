# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge a model on real cloudy images: the benchmark's metrics by NFE, by cloud cover, by band, by what is missing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.errors import InputError
from dbcr_core.metrics import image_metrics
from dbcr_core.predictors import Predictor

from .broken_clouds import under_broken_clouds
from .datasets.reading import read_raster
from .frechet import picture_distance
from .lpips import Lpips
from .sampling import PROFILES
from .validation import ValidationImage, restore_image, with_bands, without_gaps

METRICS = ("psnr", "ssim", "mae", "sam", "lpips")
COVER_EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
VISIBLE = (1, 2, 3)
BRIGHT = 0.25
RECALL_WANTED = 0.95
MASK_LEVELS = tuple(percent / 100 for percent in (*range(1, 20), *range(20, 100, 5)))
"""Finely where thresholds mostly lie: on two images .08 had a precision of .62, .05 of .51."""
COVERAGE_LEVELS = (0.5, 0.8, 0.9, 0.95)


def cloud_masks(folder: Path, images: Sequence[ValidationImage]) -> dict[str, np.ndarray]:
    """(h, w) bool per image: ``cloudmask.tif`` where there is one, elsewhere what is bright in the first visible band.

    Images with neither are left out. Raises InputError for a mask that is smaller than its image.
    """
    masks = {}
    for image in images:
        path = folder / image.id / "cloudmask.tif"
        height, width = image.clear.shape[1:]
        visible = [band for band in VISIBLE if image.bands[band]]
        if path.exists():
            mask = read_raster(path)[0][0] > 0
        elif visible:
            mask = image.cloudy[visible[0]].numpy() > BRIGHT
        else:
            continue
        masks[image.id] = mask[:height, :width]
        if masks[image.id].shape != (height, width):
            raise InputError(f"{path} is smaller than its scene; warp it to the scene's grid.")
    return masks


def scores(
    image: ValidationImage, prediction: np.ndarray, lpips: Lpips | None, where: np.ndarray | None = None
) -> dict:
    """PSNR, SSIM, MAE and SAM of (13, h, w) over the bands and pixels that the image has, and LPIPS of whole images;
    NaN becomes None."""
    target, prediction = image.clear.numpy(), prediction * image.valid
    counted = None if image.valid.all() else image.valid
    found = asdict(image_metrics(target[image.bands], prediction[image.bands], counted if where is None else where))
    found.pop("pixels")
    if lpips is not None and where is None:
        found["lpips"] = lpips(target, prediction)
    return {k: float(v) if np.isfinite(v) else None for k, v in found.items()}


def mean_scores(entries: Sequence[dict]) -> dict[str, float | None]:
    """Mean per metric over images, leaving out images where it has no value."""
    means = {}
    for name in METRICS:
        values = [e[name] for e in entries if e.get(name) is not None]
        means[name] = float(np.mean(values)) if values else None
    return means


def evaluate(
    predictor: Predictor,
    folder: Path,
    images: Sequence[ValidationImage],
    nfes: Sequence[int],
    lpips: Lpips | None,
    thorough: bool = True,
    stochastic: bool = False,
    weights: str = "",
) -> tuple[dict[str, Any], dict[str, np.ndarray], dict[str, Any]]:
    """Everything about a model on the scenes of ``folder``, ready for JSON; also the reconstructions at the first NFE
    and the first predictions by image. ``thorough`` adds what missing inputs cost and what happens to clear ones;
    ``stochastic`` samples the SDE. ``weights``: the hash of those that are judged.
    """
    masks = cloud_masks(folder, images)
    images = with_bands(images, predictor.card.trained_bands)
    report: dict[str, Any] = {"model": predictor.card.id, "weights": weights, "images": len(images)}
    report["sampler"] = "sde" if stochastic else "ode"
    report.update(each={}, nfe={})
    if len(predictor.card.trained_bands) < len(OPTICAL_BANDS):
        report["trained_bands"] = list(predictor.card.trained_bands)
    restored: dict[int, dict[str, np.ndarray]] = {nfe: {} for nfe in nfes}
    first = {}
    for image in images:
        target, cloudy, mask = image.clear.numpy(), image.cloudy.numpy(), masks.get(image.id)
        by_nfe: dict[int, dict] = {}
        entry: dict[str, Any] = {"input": scores(image, cloudy, lpips), "nfe": by_nfe}
        for nfe in nfes:
            restored[nfe][image.id], prediction = restore_image(predictor, image, nfe, stochastic)
            first[image.id] = prediction
            by_nfe[nfe] = scores(image, restored[nfe][image.id], lpips)
        result = restored[nfes[0]][image.id]
        if mask is not None:
            cloud, open_land = mask & image.valid, ~mask & image.valid
            entry["cover"] = float(mask[image.valid].mean())
            entry["cloudy_pixels"] = scores(image, result, None, cloud) if cloud.any() else None
            entry["clear_pixels"] = scores(image, result, None, open_land) if open_land.any() else None
            entry["input_clear_pixels"] = scores(image, cloudy, None, open_land) if open_land.any() else None
        errors = image.counted(np.abs(result - target)).mean((1, 2)).round(5).tolist()
        entry["mae_per_band"] = {b: e for b, e, there in zip(OPTICAL_BANDS, errors, image.bands) if there}
        report["each"][image.id] = entry
    entries = report["each"]
    subsets = {"all": list(entries), "without_coordinates": [i for i in entries if i.startswith("sen12mscr_test")]}
    for name, ids in subsets.items():
        if ids:
            report["nfe"][name] = {nfe: mean_scores([entries[i]["nfe"][nfe] for i in ids]) for nfe in nfes}
            report["nfe"][name]["input"] = mean_scores([entries[i]["input"] for i in ids])
    if masks:
        judged = {name: entry for name, entry in entries.items() if name in masks}
        report["by_cover"] = by_cover(judged, nfes[0])
        for part in ("cloudy_pixels", "clear_pixels", "input_clear_pixels"):
            report[part] = mean_scores([e[part] for e in judged.values() if e[part]])
    by_band = {b: [e["mae_per_band"][b] for e in entries.values() if b in e["mae_per_band"]] for b in OPTICAL_BANDS}
    report["mae_per_band"] = {band: float(np.mean(errors)) for band, errors in by_band.items() if errors}
    if lpips is not None:
        clear = [i.clear.numpy() for i in images]
        report["frechet"] = {nfe: picture_distance(lpips, clear, [restored[nfe][i.id] for i in images]) for nfe in nfes}
    if "scale" in predictor.card.heads:
        report["calibration"] = calibration(images, restored[nfes[0]], first)
    if "opacity" in predictor.card.heads and any(mask.any() for mask in masks.values()):
        report["auto_mask"] = auto_mask(images, masks, first, predictor.card.mask_threshold)
    if thorough:
        report["missing"] = missing_inputs(predictor, images, restored[nfes[0]], nfes[0], stochastic)
        report["clear_inputs"] = clear_inputs(predictor, images, nfes[0])
        report["broken_clouds"] = under_broken_clouds(predictor, images, nfes[0])
    report["card"] = {folder.name: card_metrics(report)}
    return json.loads(json.dumps(report)), restored[nfes[0]], first


def card_metrics(report: dict[str, Any]) -> dict[str, Any]:
    """What the model card keeps: rounded means by NFE, all images and those without coordinates, and the losses."""
    kept: dict[str, Any] = {"images": report["images"]}
    for subset, entries in report["nfe"].items():
        rounded = {
            str(nfe): {k: round(v, 4) for k, v in entry.items() if v is not None} for nfe, entry in entries.items()
        }
        kept["nfe" if subset == "all" else f"nfe_{subset}"] = rounded
    if report.get("broken_clouds"):
        kept["rmse_under_broken_clouds"] = {k: round(v["rmse"], 4) for k, v in report["broken_clouds"].items()}
    for name in ("missing", "auto_mask", "calibration"):
        if name == "missing" and name in report:
            kept["loss_db_when_missing"] = {k: round(v["loss_db"], 2) for k, v in report[name].items()}
        elif name == "auto_mask" and name in report:
            kept[name] = {k: round(v, 3) for k, v in report[name]["at_card"].items()}
        elif name in report:
            kept["scale_coverage"] = {k: round(v, 3) for k, v in report[name]["coverage"].items()}
    return kept


def by_cover(entries: dict[str, dict], nfe: int) -> dict[str, dict]:
    """Mean scores per bin of cloud cover, with the number of images."""
    bins = {}
    for low, high in zip(COVER_EDGES, COVER_EDGES[1:]):
        chosen = [e for e in entries.values() if low <= e["cover"] < high or (high == 1.0 and e["cover"] == 1.0)]
        bins[f"{low:.0%}-{high:.0%}"] = {
            "images": len(chosen),
            "model": mean_scores([e["nfe"][nfe] for e in chosen]),
            "input": mean_scores([e["input"] for e in chosen]),
        }
    return bins


def calibration(images: Sequence[ValidationImage], restored: dict, first: dict) -> dict[str, Any]:
    """How often the error stays within the band that the Laplace scale promises: ``P(|e| < -b ln(1 - p)) = p``."""
    ratios, errors, scales = [], [], []
    for image in images:
        error = image.counted(np.abs(restored[image.id] - image.clear.numpy())[image.bands])
        scale = image.counted(first[image.id].scale[0][image.bands])
        ratios.append((error / scale).ravel())
        errors.append(error.mean((1, 2)))
        scales.append(scale.mean((1, 2)))
    ratios = np.concatenate(ratios)
    coverage = {str(p): float((ratios < -np.log(1 - p)).mean()) for p in COVERAGE_LEVELS}
    correlation = float(np.corrcoef(np.concatenate(errors), np.concatenate(scales))[0, 1])
    return {
        "coverage": coverage,
        "mean_error": float(np.mean(errors)),
        "mean_scale": float(np.mean(scales)),
        "correlation_of_band_means": correlation,
    }


def auto_mask(images, masks: dict, first: dict, threshold: float) -> dict[str, Any]:
    """Precision and recall of the cloud opacity against the reference masks, at several thresholds.

    The masks know cloud only, so shadow is left out. Where there are images named ``sen12mscr_test…``, which come with
    reference masks, the others are left out, as images without a mask are.
    """
    images = [i for i in images if i.id in masks]
    chosen = [i for i in images if i.id.startswith("sen12mscr_test")] or images
    truth = np.concatenate([masks[i.id][i.valid] for i in chosen])
    opacity = np.concatenate([first[i.id].opacity[0, 0][i.valid] for i in chosen])

    def judge(level: float) -> dict[str, float]:
        found = opacity >= level
        hits = float((found & truth).sum())
        return {
            "threshold": level,
            "precision": hits / max(float(found.sum()), 1.0),
            "recall": hits / max(float(truth.sum()), 1.0),
        }

    table = [judge(level) for level in MASK_LEVELS]
    enough = [row for row in table if row["recall"] >= RECALL_WANTED]
    return {"at_card": judge(threshold), "best_with_recall": enough[-1] if enough else None, "table": table}


def missing_inputs(
    predictor: Predictor, images: Sequence[ValidationImage], full: dict, nfe: int = 1, stochastic: bool = False
) -> dict[str, dict]:
    """What each missing input costs: PSNR on the bands that are left, with all inputs and without. ``full``: the
    results with all of them, sampled in the same way."""
    cases = {name: (np.array(bands), (True, True)) for name, bands in PROFILES.items()}
    everything = np.ones(len(OPTICAL_BANDS), bool)
    cases["without VH"] = (everything, (True, False))
    cases["without SAR"] = (everything, (False, False))
    report = {}
    for name, (bands, sar_bands) in cases.items():
        pairs = []
        for image in images:
            keep = torch.from_numpy(bands)[:, None, None]
            less = replace(
                image,
                cloudy=image.cloudy * keep,
                sar=image.sar * torch.tensor(sar_bands)[:, None, None],
                bands=image.bands & bands,
            )
            result = restore_image(predictor, less, nfe, stochastic)[0]
            target, kept = image.clear.numpy(), less.bands if less.bands.any() else image.bands
            pairs.append([_psnr(*(image.counted(a[kept]) for a in (target, r))) for r in (full[image.id], result)])
        with_all, without = np.mean(pairs, 0)
        report[name] = {"with_all": float(with_all), "without": float(without), "loss_db": float(with_all - without)}
    return report


def clear_inputs(predictor: Predictor, images: Sequence[ValidationImage], nfe: int = 1) -> dict[str, float]:
    """Feed the clear image itself: what the model changes where there is nothing to do."""
    pairs = []
    for image in images:
        result = restore_image(predictor, replace(image, cloudy=without_gaps(image.clear)), nfe)[0]
        target, result = (image.counted(a[image.bands]) for a in (image.clear.numpy(), result))
        pairs.append((_psnr(target, result), float(np.abs(result - target).mean())))
    psnr, mae = np.mean(pairs, 0)
    return {"psnr": float(psnr), "mae": float(mae)}


def _psnr(target: np.ndarray, prediction: np.ndarray) -> float:
    return float(-10 * np.log10(((target - prediction) ** 2).mean()))
