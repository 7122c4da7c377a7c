# SPDX-License-Identifier: GPL-3.0-or-later
"""The second backend: the network of `dbcr_core.network` in PyTorch, with the weights of the same model file.

For machines where torch reaches a GPU that ONNX Runtime does not, and as the measure of the ONNX graphs. The weights
are the graphs' initializers, whose names are those of the torch modules; nothing is unpickled.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterable, Iterator

import numpy as np

from ..errors import BackendMissingError, DeviceError, InputError, ModelError
from ..model_card import HEADS
from ..model_file import GRAPH_NAMES, ModelFile, read_model_file
from ..schedule import STEPS
from .predictor import DevicePrediction, DeviceState, Prediction, clear_on_device, largest_batch, still_open

INT8, SCALE = "_int8", "_scale"


class TorchPredictor:
    """Runs a model file with torch on "cpu", "cuda" or "mps". See `Predictor` for the shapes.

    Graphics cards take several tiles per call, as many as their memory holds; the radar's features stay on the device.
    All devices compute in float32: deep in the radar encoder values pass what float16 can hold (they reach 97,000), and
    bfloat16 was off by up to 0.006 in reflectance. heads: see `open_predictor`. Raises
    BackendMissingError where torch, onnx or the device is missing, ModelError for an unsound model.
    """

    def __init__(
        self, path: str, device: str = "cpu", threads: int | None = None, heads: Iterable[str] | None = None
    ) -> None:
        model = read_model_file(path)
        self.card, self.model_sha256 = model.card, model.sha256
        self._torch = _import_torch()
        self._device = _open_device(self._torch, device)
        if threads:
            self._torch.set_num_threads(threads)
        self._heads = frozenset(HEADS if heads is None else heads)
        with self._computing():
            self._network: Any = _load_network(model).to(self._device).eval()
        self._steps = {t: i for i, t in enumerate(self.card.timesteps)}
        self.device = f"{_device_label(self._torch, device)}, torch {self._torch.__version__}"
        self.at_once = 1  # a second thread only waits: torch holds Python's lock for each of its many small calls
        self.tiles_per_call = 1 if device == "cpu" else largest_batch(self)

    def encode_sar(self, sar: np.ndarray) -> Any:
        """(n, 2, h, w) float32 0…1 → the features on the device, finest first."""
        with self._computing():
            return still_open(self._network).encode_sar(self._tensor(sar))

    def predict_clear(self, x_t: np.ndarray, t: int, sar_features: Any) -> Prediction:
        """One evaluation at timestep t; raises InputError for a t that the model's table does not hold.

        The steps after a walk's first leave the heads out.
        """
        if t not in self._steps:
            raise InputError(f"The model {self.card.id} holds no time embedding for t = {t}; choose another NFE.")
        with self._computing():
            step = self._torch.tensor([self._steps[t]], device=self._device)
            heads = self._heads if t == STEPS else frozenset()
            outputs = still_open(self._network)(self._tensor(x_t), step, sar_features, heads)
            return DevicePrediction(asked_values(outputs), self._fetch)

    def advance(self, x_t: Any, prediction: Prediction, ratio: float, noise: np.ndarray | None) -> DeviceState:
        """x_{t−δ} on the device; see `sample_bridge`."""
        with self._computing():
            state, clear = self._tensor(x_t), self._tensor(clear_on_device(prediction))
            state = self._torch.add(state, clear - state, alpha=float(1 - ratio))
            return DeviceState(state if noise is None else state + self._tensor(noise), self._fetch)

    def close(self) -> None:
        """Frees the network, on a graphics card its memory too."""
        self._network = None
        if self._device.type == "cuda":
            self._torch.cuda.empty_cache()

    @contextmanager
    def _computing(self) -> Iterator[None]:
        """Inference; what a graphics card without room for it raises becomes a DeviceError."""
        torch = self._torch
        try:
            with torch.inference_mode():
                yield
        except torch.cuda.OutOfMemoryError as error:
            torch.cuda.empty_cache()
            name = _device_label(torch, self._device.type)
            raise DeviceError(
                f"{name} has too little memory for a tile; close what else uses it and run it again, or use the device "
                "'cpu'."
            ) from error

    def _fetch(self, tensor: Any) -> np.ndarray:
        with self._computing():
            return _array(tensor)

    def _tensor(self, array: Any) -> Any:
        if isinstance(array, DeviceState):
            return array.value
        if isinstance(array, self._torch.Tensor):
            return array
        return self._torch.from_numpy(np.ascontiguousarray(array, np.float32)).to(self._device)


def _import_torch() -> Any:
    try:
        import torch
    except (ImportError, OSError) as error:
        raise BackendMissingError(
            f"torch cannot be loaded ({error}); install it, or use the device 'cpu' (ONNX Runtime)."
        ) from error
    return torch


def _open_device(torch: Any, device: str) -> Any:
    present = {"cpu": lambda: True, "cuda": torch.cuda.is_available, "mps": torch.backends.mps.is_available}
    if device not in present or not present[device]():
        raise BackendMissingError(f"torch has no {device} device here; use another device.")
    return torch.device(device)


def _device_label(torch: Any, device: str) -> str:
    return torch.cuda.get_device_name() if device == "cuda" else {"cpu": "CPU", "mps": "Apple GPU"}[device]


def _load_network(model: ModelFile) -> Any:
    """The folded network with the file's weights; raises ModelError where they do not fit its configuration."""
    import torch

    from ..network import FoldedBridgeNetwork, NetworkConfig

    try:
        network = FoldedBridgeNetwork.empty(NetworkConfig.from_dict(model.card.network), model.card.timesteps)
        weights = read_weights(model)
        tensors = {name: torch.from_numpy(weights[name]) for name in network.state_dict()}
        network.load_state_dict(tensors)
    except (KeyError, RuntimeError, TypeError, ValueError) as error:
        raise ModelError(
            f"The weights in {model.path} do not fit the network that its card describes; get the model again."
        ) from error
    return network


def prediction_of(output: Any) -> Prediction:
    """What a network of `dbcr_core.network` answered, as float32 arrays of the main memory."""
    return Prediction(**{name: _array(value) for name, value in asked_values(output).items()})


def _array(tensor: Any) -> np.ndarray:
    return tensor.float().cpu().numpy()


def asked_values(output: Any) -> dict[str, Any]:
    """The tensors in what a network of `dbcr_core.network` answered."""
    return {name: getattr(output, name) for name in ("clear", *HEADS) if getattr(output, name) is not None}


def read_weights(model: ModelFile) -> dict[str, np.ndarray]:
    """All initializers of both graphs as float32 by name; int8 ones times their per-channel scale (first axis)."""
    try:
        import onnx
        from google.protobuf.message import Error as ProtobufError
        from onnx import numpy_helper
    except ImportError as error:
        raise BackendMissingError(
            "The torch backend reads model files with the onnx package; install it with `pip install onnx`."
        ) from error
    arrays: dict[str, np.ndarray] = {}
    for name in GRAPH_NAMES:
        try:
            graph = onnx.load_from_string(model.graph(name)).graph
        except ProtobufError as error:
            raise ModelError(f"{name} in {model.path} is no ONNX graph; get the model again.") from error
        arrays.update({value.name: numpy_helper.to_array(value) for value in graph.initializer})
    weights = {}
    for name, array in arrays.items():
        if name.endswith(INT8):
            stem = name[: -len(INT8)]
            scale = arrays[stem + SCALE]
            weights[stem] = array.astype(np.float32) * scale.reshape(-1, *[1] * (array.ndim - 1))
        elif array.dtype == np.float32:
            weights[name] = array.copy()
    return weights
