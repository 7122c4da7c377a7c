# SPDX-License-Identifier: GPL-3.0-or-later
"""The model card, for reading."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from ..dbcr_core.model_card import ModelCard
from . import reports
from .words import say


class CardDialog(QDialog):
    """Shows where the model comes from, how well it does and where not to trust it."""

    def __init__(self, card: ModelCard, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(card.id)
        self.resize(620, 560)
        text = QTextBrowser()
        text.setHtml(card_page(card))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(text)
        layout.addWidget(buttons)


def card_page(card: ModelCard) -> str:
    """The card as HTML."""
    scores = []
    for data_set, entry in card.metrics.items():
        table = entry.get("nfe") if isinstance(entry, dict) else None
        if isinstance(table, dict):
            names = sorted({name for row in table.values() if isinstance(row, dict) for name in row})
            rows = [
                (nfe, *(row.get(name, "") for name in names)) for nfe, row in table.items() if isinstance(row, dict)
            ]
            scores += [f"<h2>{reports.escape(str(data_set))}</h2>", reports.table(("NFE", *names), rows)]
    return reports.page(
        card.id,
        reports.paragraphs([card.description]),
        reports.paragraphs(card.limits, "warning"),
        *scores,
        f"<h2>{say('Training')}</h2>",
        reports.table(("", ""), [(name, str(value)) for name, value in card.training.items()]),
        reports.paragraphs([say("Licence: {0}").format(card.licence)]),
    )
