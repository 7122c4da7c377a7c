# SPDX-License-Identifier: GPL-3.0-or-later
"""The default backend: ONNX Runtime, on whichever execution provider the machine has."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Iterable, Sequence

import numpy as np

from ..cores import available_cores
from ..errors import DeviceError, InputError, ModelError
from ..model_card import HEADS
from ..model_file import ModelFile, read_model_file
from ..schedule import STEPS
from .device_choice import DeviceChoice, choose_device
from .onnx_advance import INPUTS, OUTPUT
from .onnx_sessions import (
    BATCHING,
    KEEPS_STATE,
    LABELS,
    OVERLAPPING,
    Sessions,
    import_runtime,
    open_advance,
    open_sessions,
    without_heads,
)
from .predictor import (
    CALLS_AT_ONCE,
    MOST_TILES_PER_CALL,
    DevicePrediction,
    DeviceState,
    Prediction,
    clear_on_device,
    largest_batch,
    still_open,
)

MOST_AT_ONCE = 8
"""Tiles that are computed at once: each takes about 100 MB, and beyond these a tile gets several cores."""

MOST_PER_TILE = 8
"""Threads for one tile on the processor: with more, ONNX Runtime sums single rows in another order, and a preview on
all cores would not be, to the last digit, what a run with a few tiles at once gives."""

LATER_STEPS = 64
"""Steps of walks, without the first ones, after which the bridge is opened once more without its heads, as only the
first step's are of use: opening takes as long as a dozen of them, and each then a fifth less."""


@dataclass(frozen=True)
class SarFeatures:
    """What the radar encoder gave, finest level first, in the memory of the device that needs it."""

    values: tuple[Any, ...]

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(value.tensor_size_in_bytes() for value in self.values)


class OnnxPredictor:
    """Runs the two graphs of a model file. See `Predictor` for the shapes, and for at_once.

    why: in words, how "auto" came to its device. Raises ModelError for an unsound model, BackendMissingError where ONNX
    Runtime or the asked device is missing.
    """

    def __init__(
        self,
        path: str,
        device: str = "auto",
        threads: int | None = None,
        at_once: int = 1,
        heads: Iterable[str] | None = None,
    ) -> None:
        model = read_model_file(path)
        self._model: ModelFile | None = model
        self.card = model.card
        self.model_sha256 = model.sha256
        self.why = ""
        version = import_runtime().__version__
        cores = threads or available_cores()
        several = at_once > 1
        at_once = max(1, min(at_once, cores, MOST_AT_ONCE))
        if device == "auto":
            choice = auto_choice(path, model)
            device, self.why = choice.device, choice.why
        # Other devices share the work out themselves.
        self.at_once, self._threads = 1, cores
        if device == "cpu":
            # A tile on a core of its own beats all cores on one tile.
            self.at_once, self._threads = at_once, min(cores // at_once, MOST_PER_TILE)
        elif device in OVERLAPPING:
            self.at_once = min(at_once, CALLS_AT_ONCE)
        self._name = device
        self._memory = KEEPS_STATE.get(device, "cpu")
        self._advancing: Any = None
        self._keeps_state = device in KEEPS_STATE
        if self._keeps_state:
            self.advance = self._advance
        self._sessions: dict[tuple[int, int] | None, Sessions] = {}
        self._opening = threading.Lock()
        self._later_steps = 0
        self._later: Sessions | None = None
        wanted = set(self.card.heads if heads is None else heads).intersection(self.card.heads)
        self._output_names = ["clear", *(head for head in HEADS if head in wanted)]
        self.device = f"{LABELS[device]}, ONNX Runtime {version}"
        self._steps = {t: np.array([i], np.int64) for i, t in enumerate(self.card.timesteps)}
        self.tiles_per_call, size = 1, self.card.tile_size
        if device in BATCHING and several:
            self.tiles_per_call = largest_batch(self, lambda count: self._sessions.pop((count, size), None))
        usual = (self.tiles_per_call, size)
        if usual not in self._sessions:
            self._open(usual)

    def encode_sar(self, sar: np.ndarray) -> SarFeatures:
        """(n, 2, h, w) float32 0…1 → the feature arrays, finest first."""
        sessions = self._for(sar.shape)
        binding = self._run(sessions.encoder, {"sar": sar}, sessions.features)
        return SarFeatures(tuple(binding.get_outputs()))

    def predict_clear(self, x_t: np.ndarray | DeviceState, t: int, sar_features: SarFeatures) -> Prediction:
        """One evaluation at timestep t; raises InputError for a t that the model's table does not hold.

        Once there were enough of them, the steps after a walk's first leave the heads out.
        """
        if t not in self._steps:
            raise InputError(f"The model {self.card.id} holds no time embedding for t = {t}; choose another NFE.")
        value = x_t.value if isinstance(x_t, DeviceState) else x_t
        shape = _shape(value)
        sessions = self._for(shape, is_first=t == STEPS)
        inputs = {**dict(zip(sessions.features, sar_features.values)), "x_t": value, "step": self._steps[t]}
        inputs = {name: value for name, value in inputs.items() if name in sessions.asked}
        binding = self._run(sessions.bridge, inputs, sessions.outputs)
        outputs = dict(zip(sessions.outputs, binding.get_outputs()))
        _check_outputs(outputs, shape)
        if self._keeps_state:
            return DevicePrediction(outputs, _fetch)
        return Prediction(**{name: _fetch(value) for name, value in outputs.items()})

    def _advance(self, x_t: Any, prediction: Prediction, ratio: float, noise: np.ndarray | None) -> DeviceState:
        """x_{t−δ} on the device; see `sample_bridge`."""
        with self._opening:
            self._advancing = self._advancing or open_advance(self._name)
        state = x_t.value if isinstance(x_t, DeviceState) else x_t
        share = np.full((1, 1, 1, 1), 1 - ratio, np.float32)
        noise = np.zeros_like(share) if noise is None else noise
        inputs = dict(zip(INPUTS, (state, clear_on_device(prediction), share, noise)))
        return DeviceState(self._run(self._advancing, inputs, [OUTPUT]).get_outputs()[0], _fetch)

    def close(self) -> None:
        """Releases all sessions."""
        self._sessions = {}
        self._model = self._advancing = self._later = None

    def _for(self, shape: Sequence[int], is_first: bool = True) -> Sessions:
        """The sessions for arrays (n, c, h, w): one for each number of tiles, as a fixed shape computes faster, and
        as a graphics card prepares itself anew for each change of a shape, which takes seconds; one for all else.

        is_first: whether it is for the first step of a walk, or for the radar.
        """
        count, size = shape[0], self.card.tile_size
        is_tile = tuple(shape[2:]) == (size, size) and (count == 1 or self._name in BATCHING)
        place = (count, size) if is_tile and count <= MOST_TILES_PER_CALL else None
        with self._opening:
            sessions = self._sessions.get(place) or self._open(place)
        if is_first or place != (1, size) or self._name != "cpu" or not set(HEADS) & set(sessions.outputs):
            return sessions
        return self._for_later(sessions)

    def _for_later(self, sessions: Sessions) -> Sessions:
        """What computes a step that is not a walk's first: the tile's own sessions until another bridge is worth it."""
        with self._opening:
            self._later_steps += 1
            is_due = self._later_steps == LATER_STEPS
        if is_due:
            # Other threads go on with the tile's own in the meantime.
            self._later = without_heads(sessions, still_open(self._model), self._threads)
        return self._later or sessions

    def _open(self, shape: tuple[int, int] | None) -> Sessions:
        model = still_open(self._model)
        sessions = open_sessions(model, self._name, self._threads, shape, self._output_names)
        self._sessions[shape] = sessions
        return sessions

    def _run(self, session: Any, inputs: dict[str, Any], outputs: Sequence[str]) -> Any:
        """One call, with arrays of the main memory and values kept on the device; outputs stay where such do."""
        try:
            binding = session.io_binding()
            for name, value in inputs.items():
                if isinstance(value, np.ndarray):
                    kind = np.int64 if name == "step" else np.float32
                    binding.bind_cpu_input(name, np.ascontiguousarray(value, kind))
                else:
                    binding.bind_ortvalue_input(name, value)
            for name in outputs:
                binding.bind_output(name, self._memory)
            session.run_with_iobinding(binding)
            return binding
        except MemoryError:
            raise
        except Exception as error:  # ONNX Runtime's exceptions share no base class
            reason, other = str(error).splitlines()[0], "" if self._name == "cpu" else ", or use the device 'cpu'"
            raise DeviceError(f"ONNX Runtime failed in the network ({reason}); run it again{other}.") from error


def auto_choice(path: str, model: ModelFile) -> DeviceChoice:
    """What "auto" means on this machine for an opened model file."""
    return choose_device(model.sha256, lambda name: OnnxPredictor(path, name, at_once=MOST_AT_ONCE))


def _shape(value: Any) -> tuple[int, ...]:
    """Of an array, or of a value on the device."""
    return tuple(value.shape if isinstance(value, np.ndarray) else value.shape())


def _fetch(value: Any) -> np.ndarray:
    """A value on the device as an array."""
    return value.numpy()


def _check_outputs(outputs: dict[str, Any], shape: tuple[int, ...]) -> None:
    """ModelError where the bridge answers x_t of that shape with values of other shapes or types."""
    expected = {"clear": shape, "scale": shape, "opacity": (shape[0], 2, *shape[2:])}
    for name, value in outputs.items():
        if not value.is_tensor() or value.data_type() != "tensor(float)" or _shape(value) != expected[name]:
            raise ModelError(f"The network's output {name} has a wrong shape or type; get the model again.")
