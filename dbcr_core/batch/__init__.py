# SPDX-License-Identifier: GPL-3.0-or-later
"""Many scenes: a list in, one cleared file each out, on the cores of this machine or on a Dask cluster."""
