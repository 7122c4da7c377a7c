# SPDX-License-Identifier: GPL-3.0-or-later
"""Translations: complete, current, compiled, and loaded with the user's language."""

from __future__ import annotations

import re

import pytest
import translations
from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

DOCK = ("DbcrDock", "CompareLines", "RunBox", "AssessBox")
"""What is seen at once: a letter leads to one place only."""
MENUS = {
    "de": "abdehjlnrvw",
    "es": "cdefmorvwy",
    "fr": "abcijmprtuvxé",
    "pt": "abcefjmoprsvwx",  # of Portugal and of Brazil
}
"""Letters of QGIS's own menus, as read from the menu bar of QGIS 3.22 in these languages."""


@pytest.mark.parametrize(
    ("chosen", "system", "title"),
    [
        ("de", "C", "Wolken entfernen (DB-CR)"),  # qgis --lang de
        ("pt_BR", "de", "Remoção de nuvens (DB-CR)"),
        ("en", "de", "Cloud removal (DB-CR)"),
        ("", "de", "Wolken entfernen (DB-CR)"),
    ],
)
def test_the_language_is_the_one_that_qgis_took(dbcr, desktop, monkeypatch, chosen, system, title):
    monkeypatch.setattr(QgsApplication, "locale", staticmethod(lambda: system))
    QgsSettings().setValue("locale/userLocale", chosen)
    plugin = dbcr.classFactory(desktop)
    plugin.initGui()
    text = desktop.actions[0].text()
    plugin.unload()
    QgsSettings().remove("locale/userLocale")
    assert text == title


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_every_text_of_the_sources_is_translated_and_no_other_is_kept(language):
    path = translations.FOLDER / f"dbcr_{language}.ts"
    done = translations.known(path)
    assert path.read_text(encoding="utf-8").count("<source>") == len(translations.texts()), "run `make translations`"
    for context, text in translations.texts():
        assert (context, text) in done, f"{text!r} has no {language} translation"


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_a_translation_keeps_placeholders_tags_and_spaces_at_the_ends(language):
    for (_, text), translation in translations.known(translations.FOLDER / f"dbcr_{language}.ts").items():
        for pattern in (r"{\d?}", r"</?\w+>", r"^\s*", r"\s*$"):
            assert sorted(re.findall(pattern, text)) == sorted(re.findall(pattern, translation)), translation


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_mnemonics_of_the_dock_are_unique_and_leave_qgis_its_menus_in_every_language(language):
    done = translations.known(translations.FOLDER / f"dbcr_{language}.ts")
    found: dict = {}
    for (context, text), translation in done.items():
        for letter in re.findall(r"&(\w)", translation.lower()) if context in DOCK else ():
            assert "&" in text and letter not in MENUS[language], f"{translation!r} in {context}"
            assert letter not in found, f"{translation!r} and {found[letter]!r}"
            found[letter] = translation
    assert len(found) >= 5


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_the_compiled_catalogue_says_what_its_source_says(language):
    translator = QTranslator()
    assert translator.load(str(translations.FOLDER / f"dbcr_{language}.qm"))
    QCoreApplication.installTranslator(translator)
    try:
        for (context, text), translation in translations.known(translations.FOLDER / f"dbcr_{language}.ts").items():
            assert QCoreApplication.translate(context, text) == translation
    finally:
        QCoreApplication.removeTranslator(translator)


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
