# SPDX-License-Identifier: GPL-3.0-or-later
"""Clouds, haze, cirrus and shadows over clear images, drawn in batches on any device."""

from __future__ import annotations

from .simulation import CloudSettings, CloudSimulator, CloudySample

__all__ = ["CloudSettings", "CloudSimulator", "CloudySample"]
