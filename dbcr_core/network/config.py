# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of a network as plain data, so that it can travel in a model card and be compared with a checkpoint."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from ..errors import ModelError
from ..model_card import HEADS

BACKBONES = ("naf", "res")
FUSIONS = ("sf", "concat")
OPTICAL_CHANNELS = 13
SAR_CHANNELS = 2


@dataclass(frozen=True)
class NetworkConfig:
    """Widths and depths of both branches; the defaults are the paper's network.

    ``widths``: channels per level, each twice the one before. ``encoder_blocks``: blocks per level in *each* branch.
    ``decoder_blocks``: blocks per level of the optical decoder, finest level first. ``fusion_heads``: attention heads
    of the SFBlock at each level. ``time_width``: width of the time embedding after its MLP.

    ``backbone`` ("naf" or "res") and ``fusion`` ("sf" or "concat") are the switches of the paper's Table II.
    ``heads`` is a subset of ("scale", "opacity").

    ``gated``: how much of x_t the output keeps is learnt per pixel and band, ``keep * x_t + f``; the paper adds all of
    x_t, and under opaque cloud must then subtract every bit of the cloud's texture again.
    """

    widths: tuple[int, ...] = (22, 44, 88, 176)
    encoder_blocks: tuple[int, ...] = (1, 1, 1, 28)
    middle_blocks: int = 2
    decoder_blocks: tuple[int, ...] = (1, 1, 1, 1)
    fusion_heads: tuple[int, ...] = (1, 1, 2, 4)
    time_width: int = 176
    backbone: str = "naf"
    fusion: str = "sf"
    heads: tuple[str, ...] = ()
    gated: bool = False

    def __post_init__(self) -> None:
        for name in ("widths", "encoder_blocks", "decoder_blocks", "fusion_heads", "heads"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        levels = len(self.widths)
        if levels < 2 or any(len(t) != levels for t in (self.encoder_blocks, self.decoder_blocks, self.fusion_heads)):
            raise ModelError("widths, encoder_blocks, decoder_blocks and fusion_heads must have the same length.")
        if any(b != 2 * a for a, b in zip(self.widths, self.widths[1:])):
            raise ModelError(f"Each width must be twice the one before it, not {self.widths}.")
        if any(w % h for w, h in zip(self.widths, self.fusion_heads)):
            raise ModelError(f"Fusion heads {self.fusion_heads} must divide the widths {self.widths}.")
        if self.backbone not in BACKBONES or self.fusion not in FUSIONS:
            raise ModelError(f"The backbone must be one of {BACKBONES} and the fusion one of {FUSIONS}.")
        if any(h not in HEADS for h in self.heads):
            raise ModelError(f"Heads must be among {HEADS}, not {self.heads}.")

    @property
    def stride(self) -> int:
        """Height and width of an input must be multiples of this."""
        return 2 ** (len(self.widths) - 1)

    def to_dict(self) -> dict[str, Any]:
        """Plain lists, numbers and strings, ready for JSON."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> NetworkConfig:
        unknown = sorted(set(values) - {f.name for f in fields(cls)})
        if unknown:
            raise ModelError(f"Unknown network settings {unknown}: this model needs another version of the program.")
        given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        return cls(**given)


PAPER_CONFIG = NetworkConfig()
BUNDLED_CONFIG = NetworkConfig(encoder_blocks=(1, 1, 1, 4), heads=HEADS, gated=True)
