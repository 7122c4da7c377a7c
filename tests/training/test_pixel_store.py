# SPDX-License-Identifier: GPL-3.0-or-later
"""Crops are windows of their scenes in one of eight orientations, all images alike; what is missing stays missing."""

from __future__ import annotations

import numpy as np
from scenes import make_scene

from training.datasets.scene import SAR_NODATA
from training.pixel_store import PixelStore


def orientations(window: np.ndarray) -> list[np.ndarray]:
    turned = [np.rot90(window, k, (1, 2)) for k in range(4)]
    return turned + [a[:, :, ::-1] for a in turned]


def windows(image: np.ndarray, crop: int):
    for row in range(image.shape[1] - crop + 1):
        for col in range(image.shape[2] - crop + 1):
            yield row, col, image[:, row : row + crop, col : col + crop]


def test_crops_are_windows_of_every_orientation_and_all_images_agree():
    scenes = [make_scene(size=12), make_scene("b", size=10, seed=1, cloudy=True)]
    store, random = PixelStore(scenes), np.random.default_rng(0)
    met = set()
    for _ in range(40):
        chosen = np.array([1, 0, 1])
        clear, cloudy, sar = (a.numpy() for a in store.cut(chosen, 8, random))
        for i, scene in enumerate(scenes[k] for k in chosen):
            found = [
                (row, col, turn)
                for row, col, window in windows(scene.clear, 8)
                for turn, view in enumerate(orientations(window))
                if np.array_equal(view, clear[i])
            ]
            assert len(found) == 1
            row, col, turn = found[0]
            met.add(turn)
            cut = slice(row, row + 8), slice(col, col + 8)
            assert np.array_equal(orientations(scene.sar[:, cut[0], cut[1]])[turn], sar[i])
            wanted = np.zeros_like(clear[i])
            if scene.cloudy is not None:
                wanted = orientations(scene.cloudy[:, cut[0], cut[1]])[turn]
            assert np.array_equal(wanted, cloudy[i])
    assert met == set(range(8))


def test_small_scenes_are_mirrored_and_missing_sar_is_nodata():
    clear = make_scene(size=5).clear.copy()
    clear[0, 0, 0] = 65535
    scene = make_scene(size=5, clear=clear, sar=None, sar_bands=None)
    values, _, sar = (a.numpy() for a in PixelStore([scene]).cut(np.array([0]), 8, np.random.default_rng(0)))
    mirrored = np.pad(scene.clear, ((0, 0), (0, 3), (0, 3)), mode="symmetric")
    assert any(np.array_equal(view, values[0]) for view in orientations(mirrored))
    assert values.max() == 65535
    assert (sar == SAR_NODATA).all()
