# SPDX-License-Identifier: GPL-3.0-or-later
"""A checkpoint behind the engine's ``Predictor`` protocol, so that evaluation treats it like an exported model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.model_card import ModelCard
from dbcr_core.network import BridgeNetwork, NetworkConfig
from dbcr_core.predictors import Prediction
from dbcr_core.predictors.torch_predictor import prediction_of
from dbcr_core.schedule import ALL_TIMESTEPS

from .checkpoints import load_checkpoint


def load_average(path: Path) -> tuple[BridgeNetwork, dict[str, Any]]:
    """The averaged network of a checkpoint and the checkpoint itself."""
    state = load_checkpoint(path)
    network = BridgeNetwork(NetworkConfig.from_dict(state["config"]["network"]))
    network.load_state_dict(state["average"])
    return network.eval().requires_grad_(False), state


class CheckpointPredictor:
    """Runs an unfolded network; answers for any t."""

    def __init__(
        self,
        network: BridgeNetwork,
        schedule: str,
        name: str,
        device: str = "cpu",
        band_moments: Sequence[float] = (),
        trained_bands: Sequence[str] = OPTICAL_BANDS,
    ) -> None:
        self.network = network.to(device).eval()
        self.device = device
        self.card = ModelCard(
            name=name,
            version="checkpoint",
            description="A checkpoint under evaluation.",
            licence="unreleased",
            schedule={"kind": schedule},
            timesteps=ALL_TIMESTEPS,
            network=network.config.to_dict(),
            heads=network.config.heads,
            band_moments=tuple(band_moments),
            trained_bands=tuple(trained_bands),
        )

    @classmethod
    def from_file(cls, path: Path, device: str = "cpu") -> CheckpointPredictor:
        network, state = load_average(path)
        config, bands = state["config"], state.get("trained_bands", OPTICAL_BANDS)
        return cls(network, config["schedule"], config["name"], device, state.get("band_moments", ()), bands)

    @torch.inference_mode()
    def encode_sar(self, sar: np.ndarray) -> Sequence[Tensor]:
        return self.network.encode_sar(torch.from_numpy(sar).to(self.device))

    @torch.inference_mode()
    def predict_clear(self, x_t: np.ndarray, t: int, sar_features: Any) -> Prediction:
        times = torch.full((len(x_t),), t, device=self.device)
        output = self.network(torch.from_numpy(x_t).to(self.device), times, sar_features)
        return prediction_of(output)

    def close(self) -> None:
        self.network = None
