# SPDX-License-Identifier: GPL-3.0-or-later
"""SFBlock: cross-modal channel attention that adds SAR to optical features (paper Sec. III-C2)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .blocks import ConditionedNorm

LENGTH_EPSILON = 1e-6


class SFBlock(nn.Module):
    """Fuse SAR features into optical ones, both (n, h, w, c); 8c^2 + 9c + heads parameters. The SAR is not changed.

    Queries come from the optical branch, keys and values from the SAR branch. Each query and key *channel* is a vector
    over the h*w pixels of length 1, so the attention map is (c/heads, c/heads) and its cost is linear in the pixels:
    ``A = softmax(q k^T * temperature)``, ``out = optical + W A v``, then a norm and a two-layer MLP with a residual.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm_optical = ConditionedNorm(width)
        self.norm_sar = ConditionedNorm(width)
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width, bias=False)
        self.project = nn.Linear(width, width, bias=False)
        self.temperature = nn.Parameter(torch.ones(heads, 1, 1))
        self.norm_mlp = ConditionedNorm(width)
        self.mlp_in = nn.Linear(width, 2 * width)
        self.mlp_out = nn.Linear(2 * width, width)

    def attend(self, optical: Tensor, sar: Tensor) -> Tensor:
        """Attention output (n, h, w, c) before the projection."""
        n, h, w, c = sar.shape
        sar = self.norm_sar(sar)
        query = self.query(self.norm_optical(optical)).reshape(n, h * w, self.heads, c // self.heads)
        key = self.key(sar).reshape(n, h * w, self.heads, c // self.heads)
        value = self.value(sar).reshape(n, h * w, self.heads, c // self.heads)
        # Dividing the small product by the lengths equals normalising the long vectors, at a fraction of the traffic.
        device = "cpu" if sar.is_meta else sar.device.type
        with torch.autocast(device, enabled=False):
            query, key = query.permute(0, 2, 3, 1).float(), key.permute(0, 2, 1, 3).float()
            lengths = query.norm(dim=3).unsqueeze(3) * key.norm(dim=2).unsqueeze(2)
            weights = F.softmax(query @ key / (lengths + LENGTH_EPSILON) * self.temperature, dim=3)
        attended = value.permute(0, 2, 1, 3) @ weights.transpose(2, 3).to(value.dtype)
        return attended.permute(0, 2, 1, 3).reshape(n, h, w, c)

    def forward(self, optical: Tensor, sar: Tensor) -> Tensor:
        fused = optical + self.project(self.attend(optical, sar))
        return fused + self.mlp_out(F.gelu(self.mlp_in(self.norm_mlp(fused))))
