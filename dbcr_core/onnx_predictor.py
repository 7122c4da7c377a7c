# SPDX-License-Identifier: GPL-3.0-or-later
"""The default backend: ONNX Runtime, on whichever execution provider the machine has."""

from __future__ import annotations

from typing import Any

import numpy as np

from .cores import available_cores
from .errors import BackendMissingError, InputError, ModelError
from .model_card import ModelFile, read_model_file
from .predictor import Prediction

PROVIDERS = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
    "directml": "DmlExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
}
"""Device names and ONNX Runtime's names for them."""

AUTO_ORDER = ("cuda", "directml", "coreml", "cpu")
"""What "auto" tries, first to last; the CPU always works. OpenVINO only on request: its result differs by 2e-3."""

LABELS = {
    "cpu": "CPU",
    "cuda": "NVIDIA GPU (CUDA)",
    "tensorrt": "NVIDIA GPU (TensorRT)",
    "directml": "GPU (DirectML)",
    "coreml": "Apple CoreML",
    "openvino": "OpenVINO",
}


class OnnxPredictor:
    """Runs the two graphs of a model file. See `Predictor` for the shapes.

    Raises ModelError for an unsound model, BackendMissingError where ONNX Runtime or the asked device is missing.
    """

    def __init__(self, path: str, device: str = "auto", threads: int | None = None) -> None:
        model = read_model_file(path)
        self.card = model.card
        self.model_sha256 = model.sha256
        runtime = _import_runtime()
        self._encoder, self._bridge, name = _open_sessions(runtime, model, device, threads)
        self.device = f"{LABELS[name]}, ONNX Runtime {runtime.__version__}"
        self._steps = {t: np.array([i], np.int64) for i, t in enumerate(self.card.timesteps)}
        self._sar_names = [output.name for output in self._encoder.get_outputs()]
        self._output_names = _check_signatures(self._encoder, self._bridge, self.card.heads)

    def encode_sar(self, sar: np.ndarray) -> Any:
        """(n, 2, h, w) float32 0…1 → the four feature arrays, finest first."""
        return _run(self._encoder, None, {"sar": np.ascontiguousarray(sar, np.float32)})

    def predict_clear(self, x_t: np.ndarray, t: int, sar_features: Any) -> Prediction:
        """One evaluation at timestep t; raises InputError for a t that the model's table does not hold."""
        if t not in self._steps:
            raise InputError(f"The model {self.card.id} holds no time embedding for t = {t}; choose another NFE.")
        feeds = {"x_t": np.ascontiguousarray(x_t, np.float32), "step": self._steps[t]}
        feeds.update(zip(self._sar_names, sar_features))
        outputs = dict(zip(self._output_names, _run(self._bridge, self._output_names, feeds)))
        _check_outputs(outputs, x_t.shape)
        return Prediction(outputs["clear"], outputs.get("scale"), outputs.get("opacity"))

    def close(self) -> None:
        """Releases both sessions."""
        self._encoder = self._bridge = None


def available_devices() -> tuple[str, ...]:
    """Device names that this ONNX Runtime build offers, best first; raises BackendMissingError without it."""
    offered = _import_runtime().get_available_providers()
    return tuple(name for name in (*AUTO_ORDER, "openvino", "tensorrt") if PROVIDERS[name] in offered)


def _import_runtime() -> Any:
    try:
        import onnxruntime
    except (ImportError, OSError, AttributeError) as error:
        raise BackendMissingError(
            f"ONNX Runtime cannot be loaded ({error}); install it with `pip install --no-deps onnxruntime`, "
            "in QGIS with the plugin's own installer."
        ) from error
    if not hasattr(onnxruntime, "InferenceSession"):
        raise BackendMissingError("The onnxruntime found is incomplete; reinstall it with `--no-deps`.")
    onnxruntime.set_default_logger_severity(3)
    return onnxruntime


def _open_sessions(runtime: Any, model: ModelFile, device: str, threads: int | None) -> tuple[Any, Any, str]:
    """Both sessions on the asked device, or with "auto" on the first that works; and that device's name."""
    offered = runtime.get_available_providers()
    wanted = AUTO_ORDER if device == "auto" else (device,)
    for name in wanted:
        provider = PROVIDERS[name]
        if provider not in offered:
            continue
        options = runtime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = threads or available_cores()
        try:
            sessions = [
                runtime.InferenceSession(model.graph(graph), sess_options=options, providers=[provider])
                for graph in ("sar_encoder.onnx", "bridge_step.onnx")
            ]
        except ModelError:
            raise
        except Exception as error:  # ONNX Runtime's exceptions share no base class
            if name != "cpu" and device == "auto":
                continue
            if name == "cpu":
                raise ModelError(f"ONNX Runtime refuses the graphs in {model.path}; get the model again.") from error
            raise BackendMissingError(f"{LABELS[name]} failed to start; use another device or 'auto'.") from error
        if sessions[1].get_providers()[0] == provider:
            return sessions[0], sessions[1], name
    raise BackendMissingError(
        f"This ONNX Runtime offers no {LABELS.get(device, device)}; use 'auto' or 'cpu', "
        "or install a build for that device."
    )


def _check_signatures(encoder: Any, bridge: Any, heads: tuple[str, ...]) -> list[str]:
    """The bridge's output names, after checking that both graphs ask and give what the card says."""
    features = [output.name for output in encoder.get_outputs()]
    outputs = ["clear", *(head for head in ("scale", "opacity") if head in heads)]
    expected = (
        (encoder.get_inputs(), ["sar"]),
        (bridge.get_inputs(), ["x_t", "step", *features]),
        (bridge.get_outputs(), outputs),
    )
    for found, names in expected:
        if sorted(value.name for value in found) != sorted(names):
            raise ModelError("The graphs do not have the inputs and outputs that the card names; get the model again.")
    return outputs


def _check_outputs(outputs: dict[str, Any], shape: tuple[int, ...]) -> None:
    """ModelError where the bridge answers x_t of that shape with arrays of other shapes or types."""
    expected = {"clear": shape, "scale": shape, "opacity": (shape[0], 2, *shape[2:])}
    for name, array in outputs.items():
        if getattr(array, "shape", None) != expected[name] or array.dtype != np.float32:
            raise ModelError(f"The network's output {name} has a wrong shape or type; get the model again.")


def _run(session: Any, names: list[str] | None, feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
    if session is None:
        raise ModelError("The model was closed; open it again.")
    try:
        return session.run(names, feeds)
    except MemoryError:
        raise
    except Exception as error:  # ONNX Runtime's exceptions share no base class
        raise ModelError(f"ONNX Runtime failed in the network ({str(error).splitlines()[0]}).") from error
