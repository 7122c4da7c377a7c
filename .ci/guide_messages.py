# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide's list of messages, taken from the source: what a user may read, nothing that no code says."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Iterator

ROOT = Path(__file__).resolve().parents[1]
PLACE = "<!-- messages -->"
KINDS = {
    "InputError": "Inputs and options",
    "InputChanged": "Inputs and options",
    "BandOrderError": "Inputs and options",
    "RadiometryError": "Metadata that contradict the values",
    "ModelError": "Model files",
    "BackendMissingError": "ONNX Runtime and other libraries",
    "OutputError": "Outputs",
}
VARIABLE = "…"
"""Stands for what a message fills in."""


def messages() -> list[tuple[str, str]]:
    """(kind, sentence) of every error that the engine and the plugin raise, VARIABLE for what is filled in."""
    found = []
    for tree in _sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KINDS and node.args:
                text = _text(node.args[0])
                if len(text.replace(VARIABLE, "").strip(" ,:;.")) > 10:
                    found.append((node.func.id, text))
    return list(dict.fromkeys(found))


def is_said(sentence: str) -> bool:
    """Whether some code says a sentence of the guide; VARIABLE in either stands for anything."""
    wanted = _skeleton(sentence)
    return any(wanted in _skeleton(_text(node)) for tree in _sources() for node in ast.walk(tree) if _is_text(node))


def on_page_markdown(markdown: str, **_: object) -> str:
    """MkDocs hook: puts the list in its place."""
    return markdown.replace(PLACE, "\n".join(_lines())) if PLACE in markdown else markdown


def _sources() -> Iterator[ast.Module]:
    for folder in ("dbcr_core", "plugin"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield ast.parse(path.read_text(encoding="utf-8"))


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, (ast.JoinedStr, ast.Constant, ast.BinOp))


def _lines() -> Iterator[str]:
    for title in dict.fromkeys(KINDS.values()):
        yield f"\n### {title}\n"
        for text in sorted({text for kind, text in messages() if KINDS[kind] == title}):
            yield f"* {_escaped(text[0].upper() + text[1:])}"


def _text(node: ast.expr) -> str:
    """The text of a string expression."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"\{\d\}", VARIABLE, node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    if isinstance(node, ast.BinOp):
        return _text(node.left) + _text(node.right)
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
        return _text(node.args[0])
    return VARIABLE


def _skeleton(text: str) -> str:
    return re.sub(rf"\s*{VARIABLE}+\s*", VARIABLE, re.sub(r"\s+", " ", text)).strip()


def _escaped(text: str) -> str:
    """The text so that Markdown shows it as it is; between backticks it does so anyway."""
    return re.sub(r"(`[^`]*`)|([*_<>{}\[\]])", lambda found: found[1] or f"\\{found[2]}", text)
