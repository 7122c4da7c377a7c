# SPDX-License-Identifier: GPL-3.0-or-later
"""From scenes to a training pack: SAR where there is none, spectra of real clouds, a size that travels."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dbcr_core.errors import InputError
from dbcr_core.model_card import bundled_model_path
from dbcr_core.model_file import read_model_file

from .backscatter import FIT_BANDS, fit_backscatter, fit_pairs, mean_backscatter, with_sar
from .datasets.rasters import read_windows
from .datasets.scene import Scene
from .datasets.scene_folders import read_scenes, require_clear
from .moments import completed
from .pack import crop_scene, save_pack

FEWEST_CLOUD_PIXELS = 1000
"""So few say less of clouds than the spectrum that the simulation has of its own."""

TELLING_CLOUD = (1, 2, 3, 11)
"""Bands, 0-based, by which cloud is told from land and snow."""

CLOUD_SPECTRA = 6000
"""Spectra of real clouds that a pack carries at most."""

SMALLEST_SIDE = 64
"""Pixels per side that are left of a scene at least."""


def add_modelled_sar(scenes: list[Scene]) -> tuple[list[Scene], dict]:
    """Fit the backscatter model on the pairs in dB and fill in the scenes that have no SAR; nothing without pairs."""
    grounds = [s.clear if s.sar is None and s.bands[list(FIT_BANDS)].all() else None for s in scenes]
    fit = fit_pairs(scenes) if any(clear is not None for clear in grounds) else []
    if not fit:
        return scenes, {}
    model, residual = fit_backscatter(fit)
    filled = [
        scene if clear is None else with_sar(scene, mean_backscatter(clear, model), "modelled")
        for scene, clear in zip(scenes, grounds)
    ]
    return filled, {"backscatter_residual_db": residual, "backscatter_fitted_on": [pair.id for pair in fit]}


def cloud_spectra(scenes: list[Scene], moments: tuple[float, ...] = ()) -> np.ndarray:
    """(n, 13) uint16 DN spectra of real cloud pixels, spread evenly over brightness in the blue band; (0, 13) where the
    scenes show too few. Bands are estimated by ``moments`` where too few clouds are seen in all 13."""
    found = _cloud_pixels([s for s in scenes if s.bands.all()])
    if found.shape[1] < FEWEST_CLOUD_PIXELS and moments:
        found = _cloud_pixels([completed(s, moments) for s in scenes if s.bands[list(TELLING_CLOUD)].all()])
    if found.shape[1] < FEWEST_CLOUD_PIXELS:
        return np.zeros((0, 13), np.uint16)
    random = np.random.default_rng(0)
    bins = np.digitize(found[1], [3500, 4500, 5500, 6500, 8000, 9500, 11000])
    shares = [random.choice(np.flatnonzero(bins == b), CLOUD_SPECTRA // 8) for b in range(8) if (bins == b).any()]
    return found[:, np.concatenate(shares)].T.copy()


def _cloud_pixels(scenes: list[Scene]) -> np.ndarray:
    """(13, n) DN of the pixels of cloudy images that are cloud."""
    cloudy = [s.cloudy[:, ::3, ::3].reshape(13, -1) for s in scenes if s.cloudy is not None]
    pixels = np.concatenate([np.zeros((13, 0), np.uint16), *cloudy], axis=1)
    blue, green, swir = pixels[1].astype(float), pixels[2].astype(float), pixels[11].astype(float)
    # Cloud is bright and grey; a lower SWIR-to-green bound keeps snow out.
    cloud = (blue > 2800) & (pixels[2] > 0.8 * blue) & (pixels[3] < 1.35 * blue) & (swir > 0.28 * green)
    return pixels[:, cloud]


def cut_to_size(scenes: list[Scene], max_mib: float) -> list[Scene]:
    """Keep about ``max_mib`` of compressed data: relative-SAR pairs first lose numbers, then all scenes lose area.

    Raises InputError where even crops of 64 pixels are too much.
    """
    packed_share = 0.33

    def mebibytes(chosen: list[Scene]) -> float:
        total = sum(
            np.prod(s.shape) * (s.bands.sum() * sum(a is not None for a in (s.clear, s.cloudy)) + 2) for s in chosen
        )
        return total * 2 * packed_share / 2**20

    structure = [s for s in scenes if s.group == "ombria"]
    rest = [s for s in scenes if s.group != "ombria"]
    structure = structure[:: max(1, int(np.ceil(mebibytes(structure) / (0.25 * max_mib))))]
    fewest = mebibytes([crop_scene(s, 0, 0, SMALLEST_SIDE, SMALLEST_SIDE) for s in rest])
    if fewest > 0.75 * max_mib:
        raise InputError(
            f"{SMALLEST_SIDE} x {SMALLEST_SIDE} pixels of each of {len(rest)} scenes are more than {max_mib:g} MiB; "
            f"allow {np.ceil(fewest / 0.075) / 10:g} MiB, or pack fewer scenes."
        )
    side = 1.0
    kept = rest
    while mebibytes(kept) > 0.75 * max_mib:
        side *= 0.95
        sizes = [tuple(max(SMALLEST_SIDE, int(length * side)) for length in scene.shape) for scene in rest]
        kept = [crop_scene(scene, 0, 0, *size) for scene, size in zip(rest, sizes)]
    return kept + structure


def write_training_pack(scenes: list[Scene], output: Path, max_mib: float = 0.0) -> list[Scene]:
    """Model missing SAR, collect cloud spectra, write; returns what the file holds. ``max_mib``: cut it to travel."""
    scenes, facts = add_modelled_sar(scenes)
    spectra = cloud_spectra(scenes, read_model_file(bundled_model_path()).card.band_moments)
    if len(spectra):
        facts["cloud_spectra"] = spectra.tolist()
    if max_mib:
        scenes = cut_to_size(scenes, max_mib)
    save_pack(output, scenes, facts, compressed=bool(max_mib))
    return scenes


def write_region_pack(folder: Path, output: Path, max_mib: float = 0.0) -> str:
    """The pack of one's own scenes, a folder as in ``datasets.scene_folders``; returns in words what it holds.

    Raises InputError that names the file for a scene that does not fit, and without any clear image.
    """
    scenes = list(read_scenes(folder))
    require_clear(scenes, folder)
    scenes = write_training_pack(scenes, output, max_mib)
    counts = {
        "clear": sum(s.clear is not None for s in scenes),
        "cloudy": sum(s.cloudy is not None for s in scenes),
        "with radar": sum(s.sar is not None and s.sar_kind != "modelled" for s in scenes),
        "with modelled radar": sum(s.sar_kind == "modelled" for s in scenes),
    }
    held = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    return f"{len(scenes)} scene{'' if len(scenes) == 1 else 's'}, {held}"


def write_windows_pack(clear: Path, sar: Path | None, cloudy: Path | None, output: Path) -> None:
    """The pack of windows of one large image, as ``datasets.rasters`` cuts them.

    Raises InputError where none of them has data.
    """
    scenes = list(read_windows(clear, sar, cloudy))
    if not scenes:
        raise InputError(f"{clear} holds no window that is half full of data; choose a fuller image.")
    save_pack(output, scenes)


def write_validation_pack(folder: Path, output: Path) -> None:
    """The validation scenes in one compressed file, for a machine without rasterio.

    Raises InputError for a scene without both images.
    """
    scenes = list(read_scenes(folder))
    for scene in scenes:
        if scene.clear is None or scene.cloudy is None:
            raise InputError(f"{folder / scene.id} needs s2_clear.tif and s2_cloudy.tif to judge by; add what lacks.")
    save_pack(output, scenes, compressed=True)
