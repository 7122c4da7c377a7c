# SPDX-License-Identifier: GPL-3.0-or-later
"""The bridge's deterministic sampler on torch tensors, for validation while training (the engine has its own)."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from dbcr_core.network import BridgeNetwork, NetworkOutput
from dbcr_core.schedule import BridgeSchedule, timesteps


@torch.no_grad()
def restore(
    network: BridgeNetwork,
    cloudy: Tensor,
    sar: Tensor,
    schedule: BridgeSchedule,
    nfe: int = 1,
    noise: torch.Generator | None = None,
) -> NetworkOutput:
    """Clear image from ``cloudy`` (n, 13, h, w) and ``sar`` (n, 2, h, w), both 0..1.

    ``x_(t-d) = (1 - a) x0 + a x_t`` with ``a = alpha_(t-d) / alpha_t``; the heads' answers are those of the first step.
    With ``noise`` the SDE variant is sampled.
    """
    features = network.encode_sar(sar)
    times = (*timesteps(nfe), 0)
    x_t = cloudy
    heads: tuple[Tensor | None, Tensor | None] = (None, None)
    for t, later in zip(times, times[1:]):
        output = network(x_t, torch.full((len(cloudy),), t, device=cloudy.device), features)
        if t == times[0]:
            heads = output.scale, output.opacity
        share = float(schedule.alphas[later] / schedule.alphas[t])
        x_t = (1 - share) * output.clear + share * x_t
        if noise is not None and later > 0:
            spread = float(np.sqrt(max(schedule.sigmas[later] ** 2 - share**2 * schedule.sigmas[t] ** 2, 0)))
            x_t = x_t + spread * torch.randn(x_t.shape, generator=noise, device=x_t.device)
    return NetworkOutput(x_t, *heads)
