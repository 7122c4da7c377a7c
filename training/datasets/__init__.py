# SPDX-License-Identifier: GPL-3.0-or-later
"""Where training scenes come from: one module per source, each yielding :class:`~training.datasets.scene.Scene`."""

from __future__ import annotations

from .scene import Scene

__all__ = ["Scene"]
