# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences in QGIS's message bar."""

from __future__ import annotations

import html
from typing import Optional

from qgis.core import Qgis
from qgis.gui import QgsMessageBarItem
from qgis.PyQt import sip

LEVELS = {None: Qgis.MessageLevel.Info, True: Qgis.MessageLevel.Success, False: Qgis.MessageLevel.Warning}


class Messages:
    """Tells plain text under one title."""

    def __init__(self, iface, title: str) -> None:  # noqa: QGS105 (tests give their own)
        self._iface, self._title = iface, title
        self._told: dict = {}

    def tell(self, text: str, succeeded: Optional[bool] = None, about: str = "") -> None:
        """succeeded: None where it is only for information. about: takes the place of what was told of the same."""
        bar = self._iface.messageBar()
        before = self._told.pop(about, None)
        if before is not None and not sip.isdeleted(before):
            bar.popWidget(before)
        # The bar shows HTML, and names of layers may hold anything.
        item = QgsMessageBarItem(self._title, html.escape(text, quote=False), LEVELS[succeeded], -1)
        bar.pushItem(item)
        if about:
            self._told[about] = item
