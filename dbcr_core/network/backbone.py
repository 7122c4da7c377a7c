# SPDX-License-Identifier: GPL-3.0-or-later
"""The bridge network: SAR encoder without time, optical U-Net with time, an SFBlock at every encoder level."""

from __future__ import annotations

import math
from collections.abc import Container, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..errors import ModelError
from ..model_card import HEADS
from .blocks import Downsample, SpatialConv, Upsample, make_block
from .config import OPTICAL_CHANNELS, SAR_CHANNELS, NetworkConfig
from .fusion import SFBlock
from .heads import OpacityHead, ScaleHead

OPEN_GATE = 1.0


class NetworkOutput(NamedTuple):
    """``clear`` (n, 13, h, w) estimates x0; ``scale`` (n, 13, h, w) and ``opacity`` (n, 2, h, w) may be None.

    ``kept`` (n, 13, h, w): the share of the input, 0..1, that a gated residual lets through; None without a gate.
    """

    clear: Tensor
    scale: Tensor | None
    opacity: Tensor | None
    kept: Tensor | None = None


class TimeEmbedding(nn.Module):
    """Sinusoidal embedding of t (0..1000), then linear, SiLU, linear."""

    def __init__(self, frequencies: int, width: int) -> None:
        super().__init__()
        self.frequencies = frequencies
        self.linear1 = nn.Linear(frequencies, width)
        self.linear2 = nn.Linear(width, width)

    def forward(self, t: Tensor) -> Tensor:
        half = self.frequencies // 2
        rates = torch.exp(-math.log(10_000.0) * torch.arange(half, device=t.device, dtype=torch.float32) / (half - 1))
        angles = t.float()[:, None] * rates[None, :]
        waves = torch.cat([angles.sin(), angles.cos()], dim=1)
        waves = F.pad(waves, (0, self.frequencies - waves.shape[1]))
        return self.linear2(F.silu(self.linear1(waves)))


class Level(nn.Module):
    """A run of blocks of one width."""

    def __init__(self, kind: str, width: int, count: int, time_width: int | None) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(make_block(kind, width, time_width) for _ in range(count))

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        for block in self.blocks:
            x = block(x, context)
        return x


class SarEncoder(nn.Module):
    """VV and VH (n, 2, h, w), 0..1, to one feature array (n, c, h', w') per level, finest first. No time enters."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.intro = SpatialConv(SAR_CHANNELS, config.widths[0], 3, padding=1)
        self.levels = nn.ModuleList(
            Level(config.backbone, w, n, None) for w, n in zip(config.widths, config.encoder_blocks)
        )
        self.downs = nn.ModuleList(Downsample(w) for w in config.widths[:-1])

    def forward(self, sar: Tensor) -> tuple[Tensor, ...]:
        x = self.intro(sar.permute(0, 2, 3, 1))
        features = []
        for i, level in enumerate(self.levels):
            x = level(x)
            features.append(x.permute(0, 3, 1, 2))
            if i < len(self.downs):
                x = self.downs[i](x)
        return tuple(features)


class BridgeNetwork(nn.Module):
    """``f(x_t, t, S)`` of the paper: predicts the clear image from a point of the bridge, its time and the SAR image.

    Optical arrays are (n, 13, h, w) reflectance 0..1 in the order of ``dbcr_core.band_names.OPTICAL_BANDS``, SAR arrays
    (n, 2, h, w) scaled to 0..1; h and w are multiples of ``config.stride``. A missing band is all zeros.
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        widths, last = config.widths, config.widths[-1]
        self.time = TimeEmbedding(widths[0], config.time_width)
        self.sar_encoder = SarEncoder(config) if config.fusion == "sf" else None
        channels = OPTICAL_CHANNELS + (SAR_CHANNELS if config.fusion == "concat" else 0)
        self.intro = SpatialConv(channels, widths[0], 3, padding=1)
        self.encoder = nn.ModuleList(
            Level(config.backbone, w, n, config.time_width) for w, n in zip(widths, config.encoder_blocks)
        )
        self.fusions = nn.ModuleList(
            SFBlock(w, h) for w, h in zip(widths, config.fusion_heads) if config.fusion == "sf"
        )
        self.downs = nn.ModuleList(Downsample(w) for w in widths[:-1])
        self.middle = Level(config.backbone, last, config.middle_blocks, config.time_width)
        self.decoder = nn.ModuleList(
            Level(config.backbone, w, n, config.time_width) for w, n in zip(widths, config.decoder_blocks)
        )
        self.ups = nn.ModuleList(Upsample(w) for w in widths[1:])
        self.ending = SpatialConv(widths[0], OPTICAL_CHANNELS * (2 if config.gated else 1), 3, padding=1)
        # A fresh network is the identity: training starts from "change nothing", which is right for clear pixels.
        # A gate starts half open instead, for one that is quite open or shut would hardly learn.
        nn.init.zeros_(self.ending.weight)
        nn.init.zeros_(self.ending.bias)
        if config.gated:
            nn.init.constant_(self.ending.bias[OPTICAL_CHANNELS:], OPEN_GATE)
        self.scale_head = ScaleHead(widths[0], OPTICAL_CHANNELS) if "scale" in config.heads else None
        self.opacity_head = OpacityHead(widths[0], OPTICAL_CHANNELS) if "opacity" in config.heads else None

    def _leave(self, ending: Tensor, optical: Tensor) -> tuple[Tensor, Tensor | None]:
        """The global residual: all of the input, or what the gate keeps of it, plus what the network adds."""
        if not self.config.gated:
            return ending + optical, None
        added, gate = ending.split(OPTICAL_CHANNELS, dim=-1)
        kept = gate.sigmoid()
        return torch.addcmul(added, kept, optical), kept

    def encode_sar(self, sar: Tensor) -> tuple[Tensor, ...]:
        """SAR features of every level, reused for all steps of one tile."""
        return (sar,) if self.sar_encoder is None else self.sar_encoder(sar)

    def forward(self, x_t: Tensor, t: Tensor, sar_features: Sequence[Tensor]) -> NetworkOutput:
        """``t`` (n,) holds timesteps 1..1000."""
        return self.restore(x_t, self.time(t), sar_features)

    def restore(
        self, x_t: Tensor, context: Tensor, sar_features: Sequence[Tensor], heads: Container[str] = HEADS
    ) -> NetworkOutput:
        """The optical branch; ``context`` is what the blocks take for time: an embedding, or a step once folded.

        ``heads``: those of the network's that are computed.
        """
        if x_t.shape[2] % self.config.stride or x_t.shape[3] % self.config.stride:
            raise ModelError(f"Height and width of a tile must be multiples of {self.config.stride}.")
        optical = x_t.permute(0, 2, 3, 1)
        sar_features = [f.permute(0, 2, 3, 1) for f in sar_features]
        x = optical if self.sar_encoder is not None else torch.cat([optical, sar_features[0]], dim=-1)
        x = self.intro(x)
        skips = []
        for i, level in enumerate(self.encoder):
            x = level(x, context)
            if self.fusions:
                x = self.fusions[i](x, sar_features[i])
            skips.append(x)
            if i < len(self.downs):
                x = self.downs[i](x)
        x = self.middle(x, context)
        for i in reversed(range(len(self.decoder))):
            x = self.decoder[i](x + skips[i], context)
            if i > 0:
                x = self.ups[i - 1](x)
        clear, kept = self._leave(self.ending(x), optical)
        features, seen, scale, opacity = x.detach(), clear.detach(), None, None
        if self.scale_head is not None and "scale" in heads:
            scale = self.scale_head(features)
        if self.opacity_head is not None and "opacity" in heads:
            opacity = self.opacity_head(features, optical, seen)
        return NetworkOutput(*(None if a is None else a.permute(0, 3, 1, 2) for a in (clear, scale, opacity, kept)))
