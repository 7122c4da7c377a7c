# SPDX-License-Identifier: GPL-3.0-or-later
"""What "auto" means: the device that is fastest at one golden tile and right about it, found once and remembered."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
from dataclasses import dataclass
from typing import Callable

import numpy as np

from .. import __version__
from ..cores import available_cores
from ..disk import write_text
from ..errors import DbcrError
from .cache_folder import cache_folder
from .golden_tile import timed_answer
from .onnx_sessions import LABELS, available_devices, import_runtime
from .predictor import Predictor

CANDIDATES = ("cuda", "directml", "coreml", "openvino")
"""Measured against the CPU. TensorRT is not: before its first answer it builds for minutes, so it is asked by name."""

TOLERANCE = {"openvino": 1e-4}
CARD_TOLERANCE = 2e-3
"""Largest difference from the CPU, in reflectance, that a device may show; graphics cards round to fewer digits."""

CLEARLY_FASTER = 0.9
"""Share of the CPU's time that another device must stay under: else the CPU's exact repeatability is worth more."""


@dataclass(frozen=True)
class DeviceChoice:
    """A device's name, and why it was taken, in words; no words where there was nothing to choose."""

    device: str
    why: str = ""


def choose_device(model_sha256: str, open_on: Callable[[str], Predictor]) -> DeviceChoice:
    """The device for a model; open_on opens it on a named one, as whole scenes use it.

    What was measured holds for this model, machine and ONNX Runtime until one of them changes, and for every use: a
    preview, a run with fewer threads and a part of a scene must give the bytes of the whole.
    """
    offered = [name for name in CANDIDATES if name in available_devices()]
    if not offered:
        return DeviceChoice("cpu")
    folder = cache_folder("devices")
    path = os.path.join(folder, f"{_key(model_sha256, offered)}.json") if folder else None
    remembered = _read(path, offered) if path else None
    if remembered is not None:
        return remembered
    choice, whole = _measure(offered, open_on)
    # A device that does not start may lack no more than a library, and work the next time.
    if whole and path:
        _write(path, choice)
    return choice


def _measure(offered: list[str], open_on: Callable[[str], Predictor]) -> tuple[DeviceChoice, bool]:
    """The choice, and whether every device could be measured."""
    expected, base = _try("cpu", open_on)
    words = [f"{LABELS['cpu']} {base:.2f} s"]
    best, best_seconds, whole = "cpu", CLEARLY_FASTER * base, True
    for name in offered:
        try:
            clear, seconds = _try(name, open_on)
        except DbcrError as error:
            # What does not start says so itself, and by its own name.
            told = str(error).rstrip(".")
            words.append(told if LABELS[name] in told else f"{LABELS[name]} does not work here ({told})")
            whole = False
            continue
        difference = float(np.abs(clear - expected).max())
        if not difference <= TOLERANCE.get(name, CARD_TOLERANCE):
            words.append(f"{LABELS[name]} {seconds:.2f} s, but its result differs by {difference:.0e}")
            continue
        words.append(f"{LABELS[name]} {seconds:.2f} s")
        if seconds < best_seconds:
            best, best_seconds = name, seconds
    return DeviceChoice(best, f"measured on one tile: {', '.join(words)}"), whole


def _try(name: str, open_on: Callable[[str], Predictor]) -> tuple[np.ndarray, float]:
    """See `timed_answer`."""
    predictor = open_on(name)
    try:
        return timed_answer(predictor)
    finally:
        predictor.close()


def _key(model_sha256: str, offered: list[str]) -> str:
    machine = [platform.machine(), platform.processor(), platform.node(), available_cores()]
    facts = [__version__, import_runtime().__version__, model_sha256, offered, machine]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]


def _read(path: str, offered: list[str]) -> DeviceChoice | None:
    try:
        with open(path, encoding="utf-8") as stream:
            known = DeviceChoice(**json.load(stream))
    except (OSError, ValueError, TypeError):
        return None
    return known if known.device in ("cpu", *offered) and isinstance(known.why, str) else None


def _write(path: str, choice: DeviceChoice) -> None:
    # A cache that cannot be written costs a measurement next time, no more.
    with contextlib.suppress(OSError):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write_text(path, json.dumps({"device": choice.device, "why": choice.why}))
