# SPDX-License-Identifier: GPL-3.0-or-later
"""Many scenes: a list in, one cleared file each out, on the cores of this machine or on a Dask cluster."""

from __future__ import annotations

from .run import SUMMARY_COLUMNS, SUMMARY_NAME, BatchReport, Crew, Finished, run_batch

__all__ = ["SUMMARY_COLUMNS", "SUMMARY_NAME", "BatchReport", "Crew", "Finished", "run_batch"]
