# SPDX-License-Identifier: GPL-3.0-or-later
"""The one door to all backends."""

from __future__ import annotations

from typing import Iterable

from ..errors import InputError
from ..model_card import bundled_model_path
from ..model_file import read_model_file
from .predictor import Predictor

DEVICES = ("auto", "cpu", "cuda", "tensorrt", "directml", "coreml", "openvino", "torch-cpu", "torch-cuda", "torch-mps")


def open_predictor(
    path: str,
    device: str = "auto",
    threads: int | None = None,
    at_once: int = 1,
    heads: Iterable[str] | None = None,
) -> Predictor:
    """Opens a model file on a device; "auto" takes ONNX Runtime's fastest provider at hand.

    threads: of all calls together, None for all cores. at_once: how many calls there will be at the same time, if the
    device allows it; a single call is fastest with 1, a scene with as many as there are cores. heads: those of the
    card's whose outputs are wanted, None for all; the others may be missing in predictions, and then cost nothing.

    Raises ModelError for a file that is no sound model, BackendMissingError where the library is missing,
    InputError for an unknown device.
    """
    if device not in DEVICES:
        raise InputError(f"Unknown device {device!r}; choose one of {', '.join(DEVICES)}.")
    if device.startswith("torch-"):
        from .torch_predictor import TorchPredictor

        return TorchPredictor(path, device[len("torch-") :], threads, heads)
    from .onnx_predictor import OnnxPredictor

    return OnnxPredictor(path, device, threads, at_once, heads)


def auto_device(path: str | None = None) -> str:
    """The name of the device that "auto" means here for a model file, the bundled one without a path.

    Raises as `open_predictor` does.
    """
    from .onnx_predictor import auto_choice

    path = path or bundled_model_path()
    return auto_choice(path, read_model_file(path)).device
