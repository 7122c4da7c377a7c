# SPDX-License-Identifier: GPL-3.0-or-later
"""QGIS's entry point. Importing it needs neither QGIS nor any package."""

from __future__ import annotations


def classFactory(iface):  # noqa: N802 (QGIS asks for this name)
    """Returns the plugin object; iface is None in qgis_process."""
    from .plugin.plugin import DbcrPlugin

    return DbcrPlugin(iface)
