# SPDX-License-Identifier: GPL-3.0-or-later
"""Does this computer compute the model as its makers' did? One tile that is the same everywhere tells."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from .model_card import bundled_model_path
from .predictors import open_predictor
from .predictors.golden_tile import check_answer, timed_answer
from .predictors.onnx_predictor import MOST_AT_ONCE


@dataclass(frozen=True)
class SelfTest:
    """device: what really ran. seconds: per tile, as many at once as in a scene. difference: in reflectance, from the
    answer that the model's card holds; None where it holds none."""

    model: str
    device: str
    seconds: float
    difference: float | None

    def to_json(self) -> str:
        """One object with the names above."""
        return json.dumps(asdict(self))

    def line(self) -> str:
        """For people."""
        if self.difference is None:
            told = "the model's card does not say what its answer should be"
        else:
            told = f"right, within {self.difference:.7f} of the answer in the model's card"
        return f"{self.device}: {self.seconds:.3f} s per tile, {self.model}, {told}"


def self_test(model: str | None = None, device: str = "auto", threads: int | None = None) -> SelfTest:
    """Raises what `open_predictor` raises, and DeviceError where the answer is wrong."""
    predictor = open_predictor(model or bundled_model_path(), device, threads, at_once=MOST_AT_ONCE, heads=())
    try:
        clear, seconds = timed_answer(predictor)
        difference = check_answer(predictor.card, predictor.device, clear[0])
        return SelfTest(predictor.card.id, predictor.device, seconds, difference)
    finally:
        predictor.close()
