# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentinel-2 and Sentinel-1 bands (matching follows)."""

OPTICAL_BANDS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")
SAR_BANDS = ("VV", "VH")
