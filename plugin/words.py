# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences that no widget owns, in the user's language."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication


def say(text: str) -> str:
    """The text in the user's language, placeholders and all."""
    return QCoreApplication.translate("Dbcr", text)
