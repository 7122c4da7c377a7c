# SPDX-License-Identifier: GPL-3.0-or-later
"""The QGIS side: Processing algorithms and the dock. It asks; dbcr_core computes."""
