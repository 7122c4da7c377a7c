# SPDX-License-Identifier: GPL-3.0-or-later
"""The training loop: one process, or several through ``torchrun``; resumes to the same step."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from dbcr_core.band_names import OPTICAL_BANDS
from dbcr_core.errors import DbcrError, InputError, ModelError
from dbcr_core.network import BridgeNetwork, NetworkOutput
from dbcr_core.schedule import STEPS, schedule_from_card

from .checkpoints import load_checkpoint, save_checkpoint
from .config import TrainConfig
from .curves import add_line, draw_curves
from .ema import WeightAverage
from .files import whole_file
from .interrupts import StopRequest
from .objective import bridge_losses, draw_timesteps, draw_walked, point_on_bridge
from .unfolding import starting_bands, starting_weights
from .validation import validate, validation_of, with_bands

AGREE_EVERY = 10
GROWTH = 1e4


class Evaluation(nn.Module):
    """SAR encoder and bridge step in one forward, as DDP wants it."""

    def __init__(self, network: BridgeNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, x_t: Tensor, t: Tensor, sar: Tensor) -> NetworkOutput:
        return self.network(x_t, t, self.network.encode_sar(sar))


def learning_rate_share(step: int, warmup: int, progress: float) -> float:
    """Share of the peak rate: linear warm-up, then a cosine to zero over the run's budget (``progress`` 0..1)."""
    warm = min(1.0, (step + 1) / max(warmup, 1))
    return warm * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))


def level_network(config: TrainConfig, device: str) -> Evaluation:
    """The network whose broad levels are learned. Raises ModelError where its weights do not fit the configuration."""
    network = BridgeNetwork(config.network)
    try:
        network.load_state_dict(starting_weights(Path(config.levels_of)))
    except RuntimeError as error:
        raise ModelError(f"The weights of {config.levels_of} do not fit this network (setting levels_of).") from error
    return Evaluation(network.to(device).eval().requires_grad_(False))


def keep_still(network: BridgeNetwork, only: tuple[str, ...]) -> None:
    """Leave only the parts of these names to learn. Raises InputError for a name that the network does not have."""
    if not only:
        return
    network.requires_grad_(False)
    for part in only:
        weights = [weight for name, weight in network.named_parameters() if f"{name}.".startswith(f"{part}.")]
        if not weights:
            raise InputError(f"This network has no part {part!r} (setting only); see its named parameters.")
        for weight in weights:
            weight.requires_grad_(True)


class Trainer:
    """Owns network, optimiser and average; ``run`` trains until the budget is spent or ``session_minutes`` are over.

    Writes into ``output``: config.json, log.jsonl (a line per report), last.pt, best.pt (best average by validation
    PSNR; without validation images that of the newest report), loss.png and validation.png. ``compiled``: let torch
    fuse the network's operations, once per crop size.
    """

    def __init__(self, config: TrainConfig, sampler, output: Path, device: str = "cpu", compiled: bool = False) -> None:
        self.config, self.sampler, self.output, self.device = config, sampler, output, device
        self.band_moments, self.scenes = sampler.band_moments, sampler.scenes
        self._learn(sampler.trained_bands, starting_bands(config.init)[1])
        self.world = int(os.environ.get("WORLD_SIZE", "1"))
        self.rank = int(os.environ.get("RANK", "0"))
        torch.manual_seed(config.seed)
        self.network = BridgeNetwork(config.network).to(device)
        if config.init:
            earlier, own = starting_weights(Path(config.init)), self.network.state_dict()
            fitting = {k: v for k, v in earlier.items() if k in own and own[k].shape == v.shape}
            if 2 * len(fitting) < len(earlier):
                raise ModelError(
                    f"Most weights of {config.init} do not fit this network; choose another file for init."
                )
            self.network.load_state_dict(fitting, strict=False)
        self.levels = level_network(config, device) if config.levels_of else None
        keep_still(self.network, config.only)
        schedule = schedule_from_card({"kind": config.schedule})
        self.alphas = torch.tensor(schedule.alphas, dtype=torch.float32, device=device)
        self.sigmas = torch.tensor(schedule.sigmas, dtype=torch.float32, device=device)
        self.average = WeightAverage(self.network, config.ema)
        evaluation = Evaluation(self.network)
        if compiled:
            for module in (evaluation, self.levels):
                if module is not None:
                    module.compile(dynamic=False)
        self.evaluation = (
            DistributedDataParallel(evaluation, gradient_as_bucket_view=True) if self.world > 1 else evaluation
        )
        kind = torch.optim.AdamW if config.optimiser == "adamw" else torch.optim.Adam
        decay = config.weight_decay if config.optimiser == "adamw" else 0.0
        learning = [p for p in self.network.parameters() if p.requires_grad]
        self.optimiser = kind(learning, lr=config.learning_rate, betas=(0.9, 0.99), weight_decay=decay, fused=True)
        self.validation = validation_of(config) if self.rank == 0 else []
        self.step, self.elapsed, self.best, self.samples = 0, 0.0, -math.inf, 0
        self.time_share, self.interrupted = 0.0, False
        self.has_other_scenes = False  # than those that a resumed run was trained with before
        self.recent: list[Tensor] = []

    def resume(self) -> bool:
        """Go on from ``last.pt`` if there is one. Raises ModelError when another configuration wrote it."""
        path = self.output / "last.pt"
        if not path.exists():
            return False
        state = load_checkpoint(path, self.config)
        self.network.load_state_dict(state["network"])
        self.average.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.elapsed, self.best = state["step"], state["elapsed"], state["best"]
        self.samples = state["samples"]
        self._learn(self.trained_bands, state.get("trained_bands", ()))
        self.has_other_scenes = state.get("scenes", self.scenes) != self.scenes
        if state.get("judged_on", self._judged_on()) != self._judged_on():
            self.best = -math.inf  # of other images, which these may never reach
        return True

    def _learn(self, *bands: Sequence[str]) -> None:
        """Note which bands the weights know: those of the data, and of what they began with."""
        self.trained_bands = tuple(band for band in OPTICAL_BANDS if any(band in some for some in bands))

    def _judged_on(self) -> list[str]:
        return [image.id for image in self.validation]

    def progress(self) -> float:
        """Share of the budget that is spent, 0..1, the same in every process; time is agreed on now and then."""
        shares = [self.time_share]
        if self.config.steps:
            shares.append(self.step / self.config.steps)
        if self.config.epochs:
            shares.append(self.samples / (self.config.epochs * self.sampler.epoch))
        return max(shares)

    def run(self, session_minutes: float = 0.0, bar=None) -> bool:
        """Train. Returns whether the budget is spent (False: the session's own limit, or Ctrl-C or SIGTERM, came
        first; resume later). ``interrupted`` says whether these were it, upon which last.pt is written and nothing is
        lost."""
        if self.rank == 0:
            with whole_file(self.output / "config.json") as unfinished:
                unfinished.write_text(json.dumps(self.config.to_dict(), indent=1))
        self._agree_on_time()
        with StopRequest() as request:
            self._train_on(session_minutes, request, bar)
            if self.recent:
                # Who asked to stop does not wait for images to be judged.
                if self.step % self.config.validate_every and not (self.interrupted and self.config.data.validation):
                    self._validate(bar)
                self._save(self.output / "last.pt")
        return self.progress() >= 1

    def _train_on(self, session_minutes: float, request: StopRequest, bar) -> None:
        """Steps until the budget is spent, the session is over, or somebody asked to stop."""
        began, before = time.monotonic(), self.elapsed
        over = False
        while self.progress() < 1 and not over:
            self.recent.append(self.train_step(self.progress()))
            self.elapsed = before + time.monotonic() - began
            if bar is not None:
                bar.update(1)
            if self.step % AGREE_EVERY == 0:
                self._agree_on_time()
                over = bool(session_minutes) and self._session_over(began, session_minutes)
            is_judged = self.step % self.config.validate_every == 0
            if is_judged:
                self._validate(bar)
            # Beside a new best.pt always: without last.pt the next command would begin anew and write over it.
            if is_judged or self.step % self.config.checkpoint_every == 0:
                self._save(self.output / "last.pt")
            self.interrupted = self._anyone_asked(request)
            over = over or self.interrupted

    def _anyone_asked(self, request: StopRequest) -> bool:
        """Whether to stop, the same in every process: all leave the loop at the same step, or none."""
        if self.world == 1:
            return request.asked
        if self.step % AGREE_EVERY:
            return False
        asked = torch.tensor(float(request.asked), device=self.device)
        dist.all_reduce(asked)
        return bool(asked)

    def _agree_on_time(self) -> None:
        """Refuse nonsense, then take rank 0's clock for the share of ``max_minutes`` that is spent."""
        self._refuse_nonsense()
        if not self.config.max_minutes:
            return
        spent = torch.tensor(self.elapsed / 60 / self.config.max_minutes, device=self.device)
        if self.world > 1:
            dist.broadcast(spent, 0)
        self.time_share = float(spent)

    def train_step(self, progress: float) -> Tensor:
        """One optimiser step; returns the detached reconstruction loss."""
        config = self.config
        stage = config.stage_at(progress)
        rate = config.learning_rate * learning_rate_share(self.step, config.warmup, progress)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        batch = self.sampler(self.step, stage.crop, stage.batch)
        generator = torch.Generator(self.device).manual_seed((config.seed * 1_000_003 + self.step) * 64 + self.rank)
        t = draw_timesteps(stage.batch, config, generator)
        alpha = self.alphas[t]
        noise = None
        if config.stochastic:
            noise = torch.randn(batch.clear.shape, generator=generator, device=self.device)
            noise = noise * self.sigmas[t][:, None, None, None]
        x_t = point_on_bridge(batch, alpha, noise)
        with torch.autocast(torch.device(self.device).type, torch.bfloat16, enabled=config.precision == "bf16"):
            levels = None
            if self.levels is not None:
                walked = draw_walked(t, config, generator)
                is_led = walked[:, None, None, None]
                seen, at = torch.where(is_led, batch.cloudy, x_t), torch.where(walked, STEPS, t)
                with torch.no_grad():
                    levels = self.levels(seen, at, batch.sar).clear.float()
                if config.walked:
                    x_t = torch.where(is_led, point_on_bridge(replace(batch, clear=levels), alpha, noise), x_t)
            output = self.evaluation(x_t, t, batch.sar)
        heads = config.head_weight if config.network.heads else 0.0
        loss, total = bridge_losses(
            output, batch, alpha, heads, config.angle_weight, config.square_weight, config.gate_weight, levels
        )
        self.optimiser.zero_grad(set_to_none=True)
        total.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), config.clip)
        self.optimiser.step()
        self.step += 1
        self.samples += stage.batch * self.world
        self.average.update(self.network, self.step)
        return loss.detach()

    def _refuse_nonsense(self) -> None:
        """Stop when the loss is NaN or has exploded, before anything is saved."""
        losses = [float(x) for x in self.recent[-AGREE_EVERY:]]
        bad = torch.tensor(float(any(not math.isfinite(x) or x > GROWTH for x in losses)), device=self.device)
        if self.world > 1:
            dist.all_reduce(bad)
        if bad > 0:
            last = self.output / "last.pt"
            place = f"goes on from {last}" if last.exists() else "begins anew"
            raise DbcrError(
                f"The loss is not a number any more at step {self.step}; "
                f"lower learning_rate and give the same command again, which {place}."
            )

    def _session_over(self, began: float, minutes: float) -> bool:
        over = torch.tensor(float(time.monotonic() - began > minutes * 60), device=self.device)
        if self.world > 1:
            dist.broadcast(over, 0)
        return bool(over)

    def _validate(self, bar) -> None:
        self._refuse_nonsense()
        if self.rank != 0:
            return
        line: dict[str, float | list[float] | None] = {
            "step": self.step,
            "minutes": round(self.elapsed / 60, 2),
            "progress": round(self.progress(), 4),
            "loss": float(torch.stack(self.recent).mean()) if self.recent else None,
        }
        self.recent = self.recent[-AGREE_EVERY:]
        if self.validation:
            found = validate(
                self.average.average,
                with_bands(self.validation, self.trained_bands),
                picture=self.output / "validation.png",
                band_moments=self.band_moments,
            )
            line.update(psnr=round(found.psnr, 3), mae=round(found.mae, 5), each=found.each)
            if found.psnr > self.best:
                self.best = found.psnr
                self._save(self.output / "best.pt", weights_only=True)
        else:
            self._save(self.output / "best.pt", weights_only=True)
        add_line(self.output, line)
        if bar is not None:
            bar.write(json.dumps(line))
        draw_curves(self.output)

    def _save(self, path: Path, weights_only: bool = False) -> None:
        if not weights_only:
            self._refuse_nonsense()
        if self.rank != 0:
            return
        state = {
            "config": self.config.to_dict(),
            "average": self.average.average.state_dict(),
            "step": self.step,
            "samples": self.samples,
            "elapsed": self.elapsed,
            "best": self.best,
            "judged_on": self._judged_on(),
            "band_moments": list(self.band_moments),
            "trained_bands": list(self.trained_bands),
            "scenes": self.scenes,
        }
        if not weights_only:
            state.update(network=self.network.state_dict(), optimiser=self.optimiser.state_dict())
        save_checkpoint(path, state)
