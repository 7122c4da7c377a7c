# SPDX-License-Identifier: GPL-3.0-or-later
"""From a checkpoint's averaged weights to a model file: fold, write both graphs, check them, fill the card."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from dbcr_core.errors import ModelError
from dbcr_core.model_card import ModelCard
from dbcr_core.model_file import read_model_file, write_model_file
from dbcr_core.network import FoldedBridgeNetwork
from dbcr_core.predictors import Predictor, open_predictor
from dbcr_core.predictors.golden_tile import answer_means, golden_tile
from dbcr_core.predictors.torch_predictor import INT8
from dbcr_core.schedule import ALL_TIMESTEPS, STEPS

from .calibration import multiply_scale, scale_factor
from .card_facts import judged_at
from .checkpoint_predictor import CheckpointPredictor, load_average
from .files import whole_file
from .onnx_network import write_graphs
from .unfolding import load_folded
from .validation import ValidationImage, restore_image

PARITY = 1e-4
MOST_LOSS_DB = 0.05
SMALL = 64


@dataclass(frozen=True)
class ExportReport:
    """``parity``: largest difference of the fp32 graphs to torch; ``loss_db``: mean PSNR that int8 weights cost;
    ``scale_factor``: what the learnt uncertainty was multiplied by."""

    path: Path
    size: int
    parity: float
    loss_db: float | None
    scale_factor: float | None


def export_model(
    checkpoint: Path,
    output: Path,
    images: list[ValidationImage],
    card_facts: dict[str, Any],
    int8: bool = True,
    calibration: list[ValidationImage] | None = None,
) -> ExportReport:
    """Write ``output``; ``images`` judge the int8 weights, ``calibration`` (default: the same) the expected errors.

    Raises ModelError when the graphs disagree with torch or int8 costs more than 0.05 dB, OSError where the disk
    refuses; then ``output`` is left alone.
    """
    network, state = load_average(checkpoint)
    schedule = state["config"]["schedule"]
    reference = CheckpointPredictor(network, schedule, "reference")
    factor = None
    calibration = images if calibration is None else calibration
    if calibration and network.scale_head is not None:
        factor = scale_factor(reference, calibration)
        multiply_scale(network.scale_head, factor)
        found = {"scale_factor": round(factor, 3), "scale_fitted_on": [image.id for image in calibration]}
        # How often errors stayed within what was expected holds no more.
        metrics = {
            name: {k: v for k, v in kept.items() if k != "scale_coverage"}
            for name, kept in card_facts.get("metrics", {}).items()
        }
        card_facts = {**card_facts, "metrics": metrics, "training": {**card_facts.get("training", {}), **found}}
    folded = FoldedBridgeNetwork(network, ALL_TIMESTEPS)
    card = ModelCard(
        schedule={"kind": schedule},
        timesteps=ALL_TIMESTEPS,
        network=network.config.to_dict(),
        heads=network.config.heads,
        **card_facts,
    )
    loss = None
    output.parent.mkdir(parents=True, exist_ok=True)
    fp32 = output.with_name(f"{output.stem}.fp32.unfinished{output.suffix}")
    try:
        write_answered(fp32, card, write_graphs(folded, int8=False))
        exported = open_predictor(str(fp32), "cpu")
        parity = largest_difference(reference, exported)
        if parity > PARITY:
            raise ModelError(
                f"The exported graphs differ from torch by {parity:.1e}, more than {PARITY:.0e}; "
                "try another version of ONNX Runtime."
            )
        if int8:
            with whole_file(output) as unchecked:
                write_answered(unchecked, card, write_graphs(folded, int8=True))
                if images:
                    loss = mean_psnr(exported, images) - mean_psnr(open_predictor(str(unchecked), "cpu"), images)
                    if loss > MOST_LOSS_DB:
                        raise ModelError(
                            f"int8 weights cost {loss:.3f} dB, more than {MOST_LOSS_DB}; export with --fp32."
                        )
        else:
            fp32.replace(output)
    finally:
        fp32.unlink(missing_ok=True)
    return ExportReport(output, output.stat().st_size, parity, loss, factor)


def rewrite_model(
    model: Path, output: Path, version: str | None = None, changes: dict[str, Any] | None = None
) -> float:
    """Write the graphs of a model file anew as this version writes them, with the same weights; returns the largest
    difference of what they answer.

    The card stays, but for the entries in `changes`, `version`, if given, the answer to the golden tile and the hashes.
    Raises ModelError when the answers differ by more than 1e-4; ``output`` is then left alone.
    """
    folded, card = load_folded(model)
    stored = read_model_file(str(model)).graph("bridge_step.onnx")
    card = replace(card, **{**(changes or {}), **({"version": version} if version else {})})
    card = replace(card, metrics=judged_at(card.mask_threshold, card.metrics))
    graphs = write_graphs(folded.requires_grad_(False), INT8.encode() in stored, card.tile_size)
    with whole_file(output) as unchecked:
        write_answered(unchecked, card, graphs)
        difference = largest_difference(*(open_predictor(str(path), "cpu") for path in (model, unchecked)))
        if difference > PARITY:
            raise ModelError(
                f"The new graphs differ from the old ones by {difference:.1e}, more than {PARITY:.0e}; "
                "keep the old file, or try another version of ONNX Runtime."
            )
    return difference


def write_answered(path: Path, card: ModelCard, graphs: dict[str, bytes]) -> ModelCard:
    """Write a model file whose card says what the model makes of the golden tile; returns that card.

    Raises OSError where the disk refuses; ``path`` may then hold a model without that answer.
    """
    try:
        write_model_file(str(path), card, graphs)
        predictor = open_predictor(str(path), "cpu", heads=())
        try:
            cloudy, sar = golden_tile(card.tile_size)
            answer = answer_means(predictor.predict_clear(cloudy, STEPS, predictor.encode_sar(sar)).clear[0])
        finally:
            predictor.close()
        return write_model_file(str(path), replace(card, answer=answer), graphs)
    finally:
        # What the engine's writer leaves behind where the disk is full.
        Path(f"{path}.partial").unlink(missing_ok=True)


def largest_difference(first: Predictor, second: Predictor) -> float:
    """Largest absolute difference of any output for the steps of NFE 1, 3 and 5, on two small noisy images at once and
    on a tile: a processor has graphs of their own for each."""
    random = np.random.default_rng(0)
    worst = 0.0
    for count, side in ((2, SMALL), (1, second.card.tile_size)):
        x_t = random.random((count, 13, side, side), np.float32)
        sar = random.random((count, 2, side, side), np.float32)
        features = [p.encode_sar(sar) for p in (first, second)]
        for t in (1000, 667, 333, 200):
            answers = [p.predict_clear(x_t, t, f) for p, f in zip((first, second), features)]
            for name in ("clear", "scale", "opacity"):
                a, b = (getattr(answer, name) for answer in answers)
                if a is not None and b is not None:
                    worst = max(worst, float(np.abs(a - b).max()))
    return worst


def mean_psnr(predictor: Predictor, images: list[ValidationImage], nfe: int = 1) -> float:
    """Mean PSNR over images, of the bands and pixels that they have."""
    errors = [i.counted((restore_image(predictor, i, nfe)[0] - i.clear.numpy())[i.bands]) for i in images]
    squares = [float((error**2).mean()) for error in errors]
    return float(np.mean([-10 * np.log10(s) for s in squares]))
