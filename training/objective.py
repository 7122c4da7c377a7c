# SPDX-License-Identifier: GPL-3.0-or-later
"""The paper's training objective, and the losses of the heads, which see detached features only."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional as F

from dbcr_core.network import NetworkOutput

from .config import TrainConfig
from .sampling import Batch

TINY = 1e-6
DARK = 0.02
"""Length of a spectrum below which its direction counts less and less: noise decides there."""
BROAD = 17
"""Side of the window, in pixels, that is averaged over twice to find the level of the ground."""


def draw_timesteps(count: int, config: TrainConfig, generator: torch.Generator) -> Tensor:
    """t (count,) uniform in 1..1000, with a share at 1000 where the configuration asks for it."""
    device = generator.device
    t = torch.randint(1, 1001, (count,), generator=generator, device=device)
    last = torch.rand(count, generator=generator, device=device) < config.terminal_share
    return torch.where(last | (not config.bridge), 1000, t)


def draw_walked(t: Tensor, config: TrainConfig, generator: torch.Generator) -> Tensor:
    """Which samples (count,) bool of those below t = 1000 stand where a walk leads, see the setting ``walked``."""
    if not config.walked:
        return torch.zeros_like(t, dtype=torch.bool)
    return (torch.rand(len(t), generator=generator, device=t.device) < config.walked) & (t < 1000)


def point_on_bridge(batch: Batch, alpha: Tensor, noise: Tensor | None) -> Tensor:
    """``x_t = (1 - alpha_t) x_0 + alpha_t y`` (paper, Eq. 10), plus sigma_t noise in the SDE variant; alpha (n,)."""
    alpha = alpha[:, None, None, None]
    x_t = (1 - alpha) * batch.clear + alpha * batch.cloudy
    return x_t if noise is None else x_t + noise * (batch.valid > 0)


def with_levels(batch: Batch, estimate: Tensor) -> Batch:
    """The batch with the detail of its clear image over the broad levels of an ``estimate`` (n, 13, h, w) of it.

    How bright the land under a cloud is, a network knows by heart after a few hundred steps over few places, long
    before it has learned their detail. With the levels of an early network it can go on for the detail alone. Samples
    that show enough of the land around their clouds keep their own.
    """
    exists = (batch.valid > 0).float()
    share = _broad_mean(exists).clamp_min(0.05)
    change = _broad_mean((estimate - batch.clear) * exists) / share * ~batch.surrounded[:, None, None, None]
    return replace(batch, clear=(batch.clear + change) * exists)


def _broad_mean(images: Tensor) -> Tensor:
    for _ in range(2):
        images = F.avg_pool2d(F.pad(images, (BROAD // 2,) * 4, mode="replicate"), BROAD, 1)
    return images


def reconstruction_loss(output: NetworkOutput, batch: Batch) -> Tensor:
    """Mean absolute error over the bands and pixels that exist."""
    return ((output.clear.float() - batch.clear).abs() * batch.valid).sum() / batch.valid.sum().clamp_min(1)


def angle_loss(output: NetworkOutput, batch: Batch) -> Tensor:
    """Mean spectral angle, in radians, between reconstruction and clear image over the bands that exist.

    As the chord between the normalised spectra, which is the angle to a hundredth below 30 degrees and, other than the
    arc cosine, has a bounded slope at 0. Every pixel counts with the mean weight of its bands.
    """
    exists = batch.valid > 0
    directions = [F.normalize(image * exists, dim=1, eps=DARK) for image in (output.clear.float(), batch.clear)]
    chord = ((directions[0] - directions[1]).square().sum(1) + TINY).sqrt()
    weight = batch.valid.mean(1)
    return (chord * weight).sum() / weight.sum().clamp_min(TINY)


def square_loss(output: NetworkOutput, batch: Batch) -> Tensor:
    """Mean over the samples of the root of the mean square error, over the bands and pixels that exist.

    The absolute error asks for the median of what may lie under a cloud, this one for the mean, which PSNR measures.
    """
    error = ((output.clear.float() - batch.clear).square() * batch.valid).flatten(1).sum(1)
    return (error / batch.valid.flatten(1).sum(1).clamp_min(1) + TINY).sqrt().mean()


def _cross_entropy(share: Tensor, wanted: Tensor) -> Tensor:
    """Of each pixel's share, 0..1, against the wanted one.

    Written out: torch's own raises on NaN instead of passing it on to the check that stops the run in good order.
    """
    share = share.float().clamp(TINY, 1 - TINY)
    return -(wanted * share.log() + (1 - wanted) * (1 - share).log())


def head_losses(output: NetworkOutput, batch: Batch, alpha: Tensor) -> Tensor:
    """Laplace likelihood of the scale head, cross-entropy of the opacity head.

    Clouds can be seen in x_t only in so far as it still holds some of y, so opacity counts with alpha_t.
    """
    total = torch.zeros((), device=batch.clear.device)
    if output.scale is not None:
        scale = output.scale.float()
        error = (output.clear.detach().float() - batch.clear).abs()
        likelihood = (error / scale + scale.log()) * batch.valid
        total = total + likelihood.sum() / batch.valid.sum().clamp_min(1)
    if output.opacity is not None:
        seen = batch.valid.amax(1, keepdim=True) * (alpha * batch.opacity_known)[:, None, None, None]
        total = total + (_cross_entropy(output.opacity, batch.opacity) * seen).sum() / (2 * seen.sum()).clamp_min(1)
    return total


def gate_loss(output: NetworkOutput, batch: Batch, alpha: Tensor) -> Tensor:
    """Cross-entropy between the share of y that the gate lets through and what shines through the simulated cloud.

    A gate that stays half open under an opaque cloud lets its relief through, to be taken away again to the last
    detail, and hardly moves by itself. Only where x_t is all y: before, x_t holds some of the ground.
    """
    if output.kept is None:
        return torch.zeros((), device=batch.clear.device)
    counted = (batch.valid > 0) * ((alpha == 1) & batch.opacity_known)[:, None, None, None]
    return (_cross_entropy(output.kept, 1 - batch.opacity[:, :1]) * counted).sum() / counted.sum().clamp_min(1)


def bridge_losses(
    output: NetworkOutput,
    batch: Batch,
    alpha: Tensor,
    head_weight: float,
    angle_weight: float = 0.0,
    square_weight: float = 0.0,
    gate_weight: float = 0.0,
    levels: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """The reconstruction loss, to report, and the weighted sum with the other losses and the heads, to descend.

    levels: an estimate whose broad levels stand for those of the clear image, see `with_levels`; the heads are told
    the errors against the clear image itself.
    """
    aim = batch if levels is None else with_levels(batch, levels)
    loss = total = reconstruction_loss(output, aim)
    if angle_weight:
        total = total + angle_weight * angle_loss(output, aim)
    if square_weight:
        total = total + square_weight * square_loss(output, aim)
    if gate_weight:
        total = total + gate_weight * gate_loss(output, batch, alpha)
    if head_weight:
        total = total + head_weight * head_losses(output, batch, alpha)
    return loss, total
