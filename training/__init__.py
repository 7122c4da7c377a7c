# SPDX-License-Identifier: GPL-3.0-or-later
"""Training of the model that ``dbcr_core`` runs: data, clouds, the loop, evaluation and export (needs torch)."""
