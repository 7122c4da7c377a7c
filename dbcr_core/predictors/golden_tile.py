# SPDX-License-Identifier: GPL-3.0-or-later
"""One tile that is the same everywhere: to see whether a device computes, how fast, and with which result."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from ..errors import DeviceError
from ..model_card import ANSWER_SHAPE, ModelCard
from ..schedule import STEPS
from .predictor import Predictor, calls_at_once, tiles_per_call

DN = 10_000
"""Stored values of a reflectance of 1: the tile holds whole ones, so that a file can hold it."""

ANSWER_TOLERANCE = 1e-3
"""Reflectance by which means of an answer may be off. Processors differ by a millionth; graphics cards round to fewer
digits, in single pixels to a few thousandths."""

RUNS = 2


def golden_tile(size: int) -> tuple[np.ndarray, np.ndarray]:
    """(1, 13, size, size) and (1, 2, size, size) float32 0 … 1: smooth ground, a bright cloud, by formula alone."""
    rows, cols = np.mgrid[0:size, 0:size].astype(np.float32) / size
    ground = 0.15 + 0.08 * np.sin(21 * rows) * np.cos(17 * cols)
    cloud = np.clip(1.2 - 4 * np.hypot(rows - 0.5, cols - 0.5), 0, 1)
    bands = np.linspace(0.7, 1.3, 13, dtype=np.float32)[:, None, None]
    optical = ground * bands * (1 - cloud) + 0.8 * cloud
    sar = np.stack([0.5 + 0.2 * np.sin(21 * rows), 0.4 + 0.2 * np.cos(17 * cols)])
    return (np.rint(optical[None] * DN) / DN).astype(np.float32), sar[None].astype(np.float32)


def answer_means(clear: np.ndarray) -> tuple[float, ...]:
    """What `ModelCard.answer` holds of a clear image (13, size, size), whether it comes from a network or from a file,
    which holds no reflectance below one stored value."""
    bands, rows, cols = ANSWER_SHAPE
    height, width = clear.shape[1] // rows, clear.shape[2] // cols
    held = np.maximum(clear.astype(np.float64), 1 / DN)
    means = held.reshape(bands, rows, height, cols, width).mean((2, 4))
    return tuple(round(float(mean), 7) for mean in means.flat)


def check_answer(card: ModelCard, device: str, clear: np.ndarray) -> float | None:
    """How far the clear image (13, size, size) of the golden tile is off what the card says, in reflectance.

    None where the card does not say. Raises DeviceError where it is too far off; device: what computed it, in words.
    """
    if not card.answer:
        return None
    difference = float(np.abs(np.subtract(answer_means(clear), card.answer)).max())
    if not difference <= ANSWER_TOLERANCE:
        raise DeviceError(
            f"{device} computes the model {card.id} wrongly, off by {difference:.4f} in reflectance on the test tile; "
            "use another device, or another version of what computes."
        )
    return difference


def timed_answer(predictor: Predictor) -> tuple[np.ndarray, float]:
    """The golden tile's clear image (1, 13, size, size), and seconds per tile: the fastest of a few runs after one for
    warming up. As scenes do it: as many tiles per call, and calls at once, as the device takes."""
    tiles = tiles_per_call(predictor)
    at_once = max(1, calls_at_once(predictor))
    cloudy, sar = (np.repeat(image, tiles, axis=0) for image in golden_tile(predictor.card.tile_size))

    def run(_: int) -> np.ndarray:
        return predictor.predict_clear(cloudy, STEPS, predictor.encode_sar(sar)).clear

    def together() -> list[np.ndarray]:
        if at_once == 1:  # a network of torch belongs to the thread that opened it
            return [run(0)]
        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(run, range(at_once)))

    clear, seconds = together()[0], []
    for _ in range(RUNS):
        start = time.perf_counter()
        together()
        seconds.append((time.perf_counter() - start) / (at_once * tiles))
    return clear[:1], min(seconds)
