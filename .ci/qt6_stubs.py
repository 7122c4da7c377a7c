# SPDX-License-Identifier: GPL-3.0-or-later
"""What PyQt6 has: its classes, their members and what its event handlers are given, read from its type stubs.

The stubs are parsed, PyQt6 itself is never loaded: it lies in a folder of its own, beside QGIS's PyQt5.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

# QGIS's own qgis.PyQt adds to Qt 6's QtWidgets what Qt 5 had there.
MOVED = {"QtWidgets": {"QAction": "QtGui", "QActionGroup": "QtGui", "QShortcut": "QtGui"}}


@dataclass
class QtClass:
    """A class or enumeration. bases: "Module.Name" or "Name"; methods: {name: annotations of its arguments}."""

    module: str
    name: str
    bases: tuple[str, ...] = ()
    members: set[str] = field(default_factory=set)
    nested: dict[str, QtClass] = field(default_factory=dict)
    methods: dict[str, list[str]] = field(default_factory=dict)
    is_enum: bool = False


class Stubs:
    """All modules of PyQt6; `folder` holds QtCore.pyi and its like."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._modules: dict[str, dict[str, QtClass | None]] = {}
        if not folder.joinpath("QtCore.pyi").is_file():
            raise SystemExit(f"{folder} holds no type stubs of PyQt6; run `make setup`.")

    def module(self, name: str) -> dict[str, QtClass | None]:
        """{name: its class, or None for what is no class} of a module; empty where PyQt6 has no such module."""
        if name not in self._modules:
            path = self._folder / f"{name}.pyi"
            text = path.read_text(encoding="utf-8") if path.is_file() else ""
            # Their generator puts "/" behind *args, which is no Python.
            tree = ast.parse(re.sub(r"(\*\w+: [^()]*?), /\)", r"\1)", text))
            self._modules[name] = {
                found: _read_class(node, name) if isinstance(node, ast.ClassDef) else None
                for node in tree.body
                for found in _names_of(node)
            }
        return self._modules[name]

    def find(self, module: str, name: str) -> tuple[bool, QtClass | None]:
        """(whether the module has the name, its class if it is one)."""
        home = MOVED.get(module, {}).get(name, module)
        names = self.module(home)
        return name in names, names.get(name)

    def lineage(self, kind: QtClass) -> list[QtClass]:
        """The class and all that it inherits from."""
        found = [kind]
        for base in kind.bases:
            module, _, name = base.rpartition(".")
            parent = self.module(module or kind.module).get(name)
            if parent is not None:
                found += self.lineage(parent)
        return found

    def member(self, kind: QtClass, name: str) -> tuple[bool, QtClass | None]:
        """(whether the class has the member, the nested class if it is one)."""
        for each in self.lineage(kind):
            if name in each.nested:
                return True, each.nested[name]
            if name in each.members:
                return True, None
        if kind.is_enum:
            return name in ("name", "value", "__members__"), None
        return name.startswith("__"), None

    def arguments(self, kind: QtClass, method: str) -> list[QtClass | None]:
        """The classes of a method's arguments, None where the annotation is no class of Qt's."""
        for each in self.lineage(kind):
            if method in each.methods:
                return [self._annotated(text, each.module) for text in each.methods[method]]
        return []

    def _annotated(self, text: str, module: str) -> QtClass | None:
        for found in re.findall(r"(?:(Qt\w+)\.)?(Q\w+)", text):
            kind = self.module(found[0] or module).get(found[1])
            if kind is not None:
                return kind
        return None


def _names_of(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def _read_class(node: ast.ClassDef, module: str) -> QtClass:
    bases = tuple(ast.unparse(base).strip("'\"") for base in node.bases)
    kind = QtClass(module, node.name, bases, is_enum=any(base.startswith("enum.") for base in bases))
    for child in node.body:
        if isinstance(child, ast.ClassDef):
            kind.nested[child.name] = _read_class(child, module)
        for name in _names_of(child):
            kind.members.add(name)
        if isinstance(child, ast.FunctionDef):
            everything = [*child.args.posonlyargs, *child.args.args]
            kind.methods.setdefault(
                child.name, [ast.unparse(a.annotation) if a.annotation else "" for a in everything[1:]]
            )
    return kind
