# SPDX-License-Identifier: GPL-3.0-or-later
"""The two-branch, time-conditioned backbone of DB-CR (needs torch).

Written fresh after the paper, "Multimodal Diffusion Bridge with Attention-Based SAR Fusion for Satellite Image Cloud
Removal", Sec. III-C. The blocks follow published designs: NAFNet (Chen et al. 2022), time conditioning as in Refusion
(Luo et al. 2023), cross-modal channel attention as in EFNet (Sun et al. 2022). Unlike those, every block here works on
channels-last arrays ``(n, h, w, c)``: then a 1x1 convolution is one matrix product and a norm over channels reads
contiguous memory, which is what a CPU wants.
"""

from __future__ import annotations

from .backbone import BridgeNetwork, NetworkOutput
from .config import BUNDLED_CONFIG, PAPER_CONFIG, NetworkConfig
from .counting import count_macs, count_parameters
from .folding import FoldedBridgeNetwork

__all__ = [
    "BUNDLED_CONFIG",
    "PAPER_CONFIG",
    "BridgeNetwork",
    "FoldedBridgeNetwork",
    "NetworkConfig",
    "NetworkOutput",
    "count_macs",
    "count_parameters",
]
