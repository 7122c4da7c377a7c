# SPDX-License-Identifier: GPL-3.0-or-later
"""Which scenes teach the bundled model, and how a raw data folder becomes its pack.

Left out on purpose: the validation folder, the demo, and every scene of an official SEN12MS-CR test or validation ROI.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from dbcr_core.errors import InputError

from .datasets import ombria
from .datasets.scene import Scene
from .datasets.scene_folders import read_scene, scene_paths
from .datasets.sen12mscr import HELD_OUT_ROIS
from .packing import write_training_pack

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
    return match is not None and (int(match[1]), int(match[2])) in HELD_OUT_ROIS


def gather_scenes(root: Path) -> list[Scene]:
    """Every training scene under the data folder, with modelled SAR where a clear image has none."""
    if not (root / "pairs").is_dir() or not (root / "s2_only").is_dir():
        raise InputError(
            f"{root} holds no folders pairs/ and s2_only/; point --data at the unpacked data, or --scenes at your own."
        )
    scenes = []
    for folder in (*scene_paths(root / "pairs"), *scene_paths(root / "s2_only")):
        if not is_held_out(folder.name):
            group = group_of(folder.name)
            # Overcast ones do not tell themselves that they have no offset; who gathered the data did.
            kind = "mean" if group in ("biomassters", "wc") else "db"
            scenes.append(read_scene(folder, group, kind, is_known_dn=True))
    scenes = pair_series(scenes)
    if (root / "ombria").is_dir():
        scenes += list(ombria.read_pairs(root / "ombria"))
    return scenes


def pair_series(scenes: list[Scene]) -> list[Scene]:
    """Give each cloudy date of the time series the nearest clear date of the same patch within 16 days."""
    clear: dict[str, list[tuple[date, Scene]]] = {}
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


def write_bundled_pack(root: Path, output: Path, max_mib: float = 0.0) -> None:
    """Gather, model missing SAR, collect cloud spectra, write. With ``max_mib`` the file is cut to travel."""
    write_training_pack(gather_scenes(root), output, max_mib)
