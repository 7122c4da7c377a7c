# SPDX-License-Identifier: GPL-3.0-or-later
"""All training scenes in one file: fast to read with numpy alone, small enough to travel."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from dbcr_core.disk import reserve
from dbcr_core.errors import InputError

from .datasets.scene import Scene
from .files import whole_file

FORMAT = 1


def save_pack(path: Path, scenes: Sequence[Scene], extra: dict | None = None, compressed: bool = False) -> None:
    """Write scenes into one ``.npz``; only the bands that exist are stored. No pickle is used.

    Raises OSError where the disk refuses; then nothing is left.
    """
    arrays, index = {}, []
    for i, scene in enumerate(scenes):
        for name in ("clear", "cloudy"):
            values = getattr(scene, name)
            if values is not None:
                arrays[f"{i}_{name}"] = values[scene.bands]
        if scene.sar is not None:
            arrays[f"{i}_sar"] = scene.sar
        index.append(
            {
                "id": scene.id,
                "group": scene.group,
                "bands": scene.bands.tolist(),
                "sar_bands": None if scene.sar_bands is None else scene.sar_bands.tolist(),
                "sar_kind": scene.sar_kind,
            }
        )
    header = json.dumps({"format": FORMAT, "scenes": index, "extra": extra or {}})
    arrays["index"] = np.frombuffer(header.encode(), np.uint8)
    with whole_file(path) as unfinished, open(unfinished, "wb") as file:
        # A disk that is too small is found out now and not in the middle.
        reserve(file, sum(values.nbytes for values in arrays.values()), path.parent)
        (np.savez_compressed if compressed else np.savez)(file, **arrays)
        file.truncate()


def scenes_of(path: Path) -> list[Scene]:
    """The scenes of a pack, or of a folder as in `datasets.scene_folders`; raises InputError as these do."""
    if path.suffix == ".npz":
        return load_pack(path)[0]
    from .datasets.scene_folders import read_scenes  # needs rasterio, which the machine that trains may lack

    return list(read_scenes(path))


def load_pack(path: Path) -> tuple[list[Scene], dict]:
    """Scenes and the extra facts of a pack. Raises InputError for anything that is not a whole pack."""
    try:
        with np.load(path, allow_pickle=False) as file:
            header = json.loads(file["index"].tobytes())
            if header["format"] != FORMAT:
                raise InputError(f"{path} is a pack of format {header['format']}, not {FORMAT}: pack the data again.")
            scenes = [_load_scene(file, i, entry) for i, entry in enumerate(header["scenes"])]
    except FileNotFoundError as error:
        raise InputError(f"There is no pack at {path}; make it with `python -m training pack`.") from error
    except (OSError, KeyError, ValueError, EOFError, BadZipFile) as error:
        raise InputError(
            f"{path} is not a whole pack ({error}); make it again with `python -m training pack`."
        ) from error
    return scenes, header["extra"]


def _load_scene(file, i: int, entry: dict) -> Scene:
    bands = np.array(entry["bands"], bool)
    optical = {}
    for name in ("clear", "cloudy"):
        if f"{i}_{name}" in file:
            values = file[f"{i}_{name}"]
            optical[name] = np.zeros((len(bands), *values.shape[1:]), np.uint16)
            optical[name][bands] = values
    return Scene(
        id=entry["id"],
        group=entry["group"],
        bands=bands,
        clear=optical.get("clear"),
        cloudy=optical.get("cloudy"),
        sar=file.get(f"{i}_sar"),
        sar_bands=None if entry["sar_bands"] is None else np.array(entry["sar_bands"], bool),
        sar_kind=entry["sar_kind"],
    )


def crop_scene(scene: Scene, row: int, col: int, height: int, width: int) -> Scene:
    """The same scene cut to a window."""

    def cut(values: np.ndarray | None) -> np.ndarray | None:
        return None if values is None else np.ascontiguousarray(values[:, row : row + height, col : col + width])

    return replace(scene, clear=cut(scene.clear), cloudy=cut(scene.cloudy), sar=cut(scene.sar))
