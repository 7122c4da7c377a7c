# SPDX-License-Identifier: GPL-3.0-or-later
"""Translations: complete as far as the dock goes, current, and loaded with the user's language."""

from __future__ import annotations

import pytest
import translations
from qgis.core import QgsApplication, QgsSettings


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_every_text_of_the_sources_is_in_the_catalogue_and_the_docks_are_translated(language):
    path = translations.FOLDER / f"dbcr_{language}.ts"
    done = translations.known(path)
    listed = path.read_text(encoding="utf-8").count("<source>")
    assert listed == len(translations.texts()), "run `make translations`"
    for context, text in translations.texts():
        if context in ("DbcrDock", "NfeDial", "OptionsPage", "DockController", "DbcrPlugin"):
            assert (context, text) in done, f"{text!r} has no {language} translation"


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_a_translation_keeps_placeholders(language):
    for (_, text), translation in translations.known(translations.FOLDER / f"dbcr_{language}.ts").items():
        assert translation.count("{") == text.count("{")


def test_the_dock_speaks_the_users_language_and_unloading_ends_it(dbcr, desktop, monkeypatch):
    monkeypatch.setattr(QgsApplication, "locale", staticmethod(lambda: "de"))
    QgsSettings().setValue("locale/userLocale", "de")
    plugin = dbcr.classFactory(desktop)
    plugin.initGui()
    plugin.show_dock()
    assert plugin.controller.dock.windowTitle() == "Wolken entfernen"
    assert QgsApplication.processingRegistry().algorithmById("dbcr:removeclouds").displayName() == "Wolken entfernen"
    plugin.unload()
    QgsSettings().remove("locale/userLocale")
    again = dbcr.classFactory(desktop)
    monkeypatch.setattr(QgsApplication, "locale", staticmethod(lambda: "en"))
    again.initGui()
    assert desktop.actions[0].text() == "Cloud removal (DB-CR)"
    again.unload()
