# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine's words and defaults that parameters show.

Written out here because the modules that define them import numpy, which QGIS's start-up should not wait for;
a test holds each to the engine's own.
"""

from __future__ import annotations

DEVICES = (
    "auto",
    "cpu",
    "cuda",
    "tensorrt",
    "directml",
    "coreml",
    "openvino",
    "torch-cpu",
    "torch-cuda",
    "torch-mps",
)
MASK_KINDS = ("auto", "binary", "probability", "scl")
SAMPLERS = ("ode", "sde")
COMPRESSIONS = ("deflate", "zstd")
OPTICAL_VALUES = ("dn", "dn-1000", "reflectance")
SAR_VALUES = ("db", "power", "amplitude")
MAX_NFE = 10
