# SPDX-License-Identifier: GPL-3.0-or-later
"""DB-CR engine: removes clouds from Sentinel-2 scenes with Sentinel-1 and a diffusion bridge.

Knows neither QGIS nor Qt, and imports nothing heavier than numpy until a backend is asked for.
"""

import os

__version__ = "0.2.19"

# Nothing leaves the computer: from 1.32 on ONNX Runtime reports each process to its maker, unless told not to before it
# is imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
