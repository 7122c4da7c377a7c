# SPDX-License-Identifier: GPL-3.0-or-later
"""Which scenes teach the bundled model, and how a raw data folder becomes its pack.

Left out on purpose: the validation folder, the demo, and every scene of an official SEN12MS-CR test or validation ROI.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from dbcr_core.errors import InputError

from .backscatter import FIT_BANDS, add_backscatter, fit_backscatter, fit_scenes
from .datasets import ombria
from .datasets.scene import Scene
from .datasets.scene_folders import read_scene, read_scenes, scene_paths
from .datasets.sen12mscr import TEST_ROIS, VALIDATION_ROIS
from .pack import crop_scene, save_pack

DAYS_APART = 16
SURFACE_GROUPS = frozenset({"ben", "biomassters", "wc"})
SEN12MSCR_SCENE = re.compile(r"sen12mscr__ROIs(\d+)_[a-z]+_(\d+)_p\d+")
SERIES_SCENE = re.compile(r"roi2017_146__(patch\d+)_(\d{4}-\d{2}-\d{2})")


def group_of(name: str) -> str:
    """The source of a scene, from its folder's name."""
    for prefix in ("terramind", "sen1floods11", "ben", "biomassters", "wc", "snowg"):
        if name.startswith(prefix + "_"):
            return prefix
    return name.split("__")[0]


def is_held_out(name: str) -> bool:
    """Whether a SEN12MS-CR scene belongs to an official test or validation ROI."""
    match = SEN12MSCR_SCENE.fullmatch(name)
    return bool(match) and (int(match[1]), int(match[2])) in TEST_ROIS | VALIDATION_ROIS


def gather_scenes(root: Path) -> list[Scene]:
    """Every training scene under the data folder, with modelled SAR where a clear image has none."""
    if not (root / "pairs").is_dir() or not (root / "s2_only").is_dir():
        raise InputError(f"{root} holds no folders pairs/ and s2_only/; point --data at the unpacked data.")
    scenes = []
    for folder in (*scene_paths(root / "pairs"), *scene_paths(root / "s2_only")):
        if not is_held_out(folder.name):
            group = group_of(folder.name)
            scenes.append(read_scene(folder, group, "mean" if group in ("biomassters", "wc") else "db"))
    scenes = pair_series(scenes)
    if (root / "ombria").is_dir():
        scenes += list(ombria.read_pairs(root / "ombria"))
    return scenes


def pair_series(scenes: list[Scene]) -> list[Scene]:
    """Give each cloudy date of the time series the nearest clear date of the same patch within 16 days."""
    clear = {}
    for scene in scenes:
        match = SERIES_SCENE.fullmatch(scene.id)
        if match and scene.clear is not None:
            clear.setdefault(match[1], []).append((date.fromisoformat(match[2]), scene))
    paired = []
    for scene in scenes:
        match = SERIES_SCENE.fullmatch(scene.id)
        if match and scene.clear is None and match[1] in clear:
            day = date.fromisoformat(match[2])
            distance, partner = min(((abs((d - day).days), s) for d, s in clear[match[1]]), key=lambda p: p[0])
            if distance <= DAYS_APART:
                scene = replace(scene, clear=partner.clear)
        paired.append(scene)
    return paired


def add_modelled_sar(scenes: list[Scene]) -> tuple[list[Scene], dict]:
    """Fit the backscatter model on the pairs in dB and fill in the scenes that have no SAR."""
    fit = fit_scenes(scenes)
    model, residual = fit_backscatter(fit)
    filled = [
        add_backscatter(s, model) if s.sar is None and s.clear is not None and s.bands[list(FIT_BANDS)].all() else s
        for s in scenes
    ]
    return filled, {"backscatter_residual_db": residual, "backscatter_fitted_on": [s.id for s in fit]}


def cloud_spectra(scenes: list[Scene], count: int = 6000, seed: int = 0) -> np.ndarray:
    """(count, 13) uint16 DN spectra of real cloud pixels, spread evenly over brightness in the blue band."""
    random = np.random.default_rng(seed)
    pixels = np.concatenate(
        [s.cloudy[:, ::3, ::3].reshape(13, -1) for s in scenes if s.cloudy is not None and s.bands.all()], axis=1
    )
    blue, green, swir = pixels[1].astype(float), pixels[2].astype(float), pixels[11].astype(float)
    # Cloud is bright and grey; a lower SWIR-to-green bound keeps snow out.
    cloud = (blue > 2800) & (pixels[2] > 0.8 * blue) & (pixels[3] < 1.35 * blue) & (swir > 0.28 * green)
    pixels, blue = pixels[:, cloud], blue[cloud]
    bins = np.digitize(blue, [3500, 4500, 5500, 6500, 8000, 9500, 11000])
    shares = [random.choice(np.flatnonzero(bins == b), count // 8) for b in range(8) if (bins == b).any()]
    return pixels[:, np.concatenate(shares)].T.copy()


def cut_to_size(scenes: list[Scene], max_mib: float) -> list[Scene]:
    """Keep about ``max_mib`` of compressed data: relative-SAR pairs first lose numbers, then all scenes lose area."""
    packed_share = 0.33

    def mebibytes(chosen: list[Scene]) -> float:
        total = sum(
            np.prod(s.shape) * (s.bands.sum() * sum(a is not None for a in (s.clear, s.cloudy)) + 2) for s in chosen
        )
        return total * 2 * packed_share / 2**20

    structure = [s for s in scenes if s.group == "ombria"]
    rest = [s for s in scenes if s.group != "ombria"]
    structure = structure[:: max(1, int(np.ceil(mebibytes(structure) / (0.25 * max_mib))))]
    side = 1.0
    kept = rest
    while mebibytes(kept) > 0.75 * max_mib:
        side *= 0.95
        kept = [crop_scene(s, 0, 0, max(64, int(s.shape[0] * side)), max(64, int(s.shape[1] * side))) for s in rest]
    return kept + structure


def write_bundled_pack(root: Path, output: Path, max_mib: float = 0.0) -> None:
    """Gather, model missing SAR, collect cloud spectra, write. With ``max_mib`` the file is cut to travel."""
    scenes, facts = add_modelled_sar(gather_scenes(root))
    facts["cloud_spectra"] = cloud_spectra(scenes).tolist()
    if max_mib:
        scenes = cut_to_size(scenes, max_mib)
    save_pack(output, scenes, facts, compressed=bool(max_mib))


def write_validation_pack(folder: Path, output: Path) -> None:
    """The validation scenes in one compressed file, for a machine without rasterio."""
    save_pack(output, list(read_scenes(folder)), compressed=True)
