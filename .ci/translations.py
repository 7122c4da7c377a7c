# SPDX-License-Identifier: GPL-3.0-or-later
"""Gathers the plugin's texts into resources/i18n/*.ts and compiles them to *.qm (needs Qt's lrelease).

Texts are the literal arguments of self.tr(…), whose context is the class, and of the functions in FUNCTIONS.
Translations already in a .ts file are kept; texts that are gone are dropped.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "i18n"
LANGUAGES = ("de", "es", "fr", "pt")
FUNCTIONS = {"translated": "DbcrAlgorithm", "say": "Dbcr"}
"""Functions that translate their argument, and the contexts they do it in."""


def texts() -> list:
    """(context, text) pairs in the order of the sources, without repeats."""
    found: dict = {}
    for path in sorted((ROOT / "plugin").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                for text in _literal_calls(node, lambda call: getattr(call.func, "attr", "") == "tr"):
                    found[node.name, text] = None
        for function, context in FUNCTIONS.items():
            for text in _literal_calls(tree, lambda call, name=function: getattr(call.func, "id", "") == name):
                found[context, text] = None
    return list(found)


def _literal_calls(tree: ast.AST, wanted) -> list:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and wanted(node) and node.args]
    arguments = [call.args[0] for call in calls]
    return [each.value for each in arguments if isinstance(each, ast.Constant) and isinstance(each.value, str)]


def known(path: Path) -> dict:
    """(context, text) → finished translation of a .ts file."""
    if not path.is_file():
        return {}
    entries = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is not None and translation.text and translation.get("type") != "unfinished":
                entries[context.findtext("name"), message.findtext("source")] = translation.text
    return entries


def write(path: Path, language: str, translations: dict) -> int:
    """Writes a .ts file; returns how many texts still wait for a translation."""
    root = ElementTree.Element("TS", version="2.1", language=language, sourcelanguage="en")
    contexts: dict = {}
    waiting = 0
    for context, text in texts():
        if context not in contexts:
            contexts[context] = ElementTree.SubElement(root, "context")
            ElementTree.SubElement(contexts[context], "name").text = context
        message = ElementTree.SubElement(contexts[context], "message")
        ElementTree.SubElement(message, "source").text = text
        translation = ElementTree.SubElement(message, "translation")
        translation.text = translations.get((context, text))
        if not translation.text:
            translation.set("type", "unfinished")
            waiting += 1
    ElementTree.indent(root, " ")
    content = ElementTree.tostring(root, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{content}\n', encoding="utf-8")
    return waiting


def main() -> None:
    lrelease = shutil.which("lrelease") or shutil.which("lrelease", path="/usr/lib/qt5/bin:/usr/lib/qt6/bin")
    for language in LANGUAGES:
        path = FOLDER / f"dbcr_{language}.ts"
        waiting = write(path, language, known(path))
        print(f"{path.name}: {len(texts())} texts, {waiting} untranslated")
        if lrelease:
            subprocess.run([lrelease, "-silent", str(path)], check=True)
    if not lrelease:
        sys.exit("lrelease is missing, the .qm files are as they were; install qttools5-dev-tools.")


if __name__ == "__main__":
    main()
