# SPDX-License-Identifier: GPL-3.0-or-later
"""Is the plugin's Qt code good for Qt 6? Reads the sources, runs nothing of them.

    python .ci/qt6_check.py PYQT6_FOLDER SOURCE…

Checked against PyQt6's type stubs: every name imported from qgis.PyQt, every chain of attributes that begins with one
(enumerations must be scoped), and, as far as the type is plain from the source, the methods of objects: `self` in
subclasses, variables and attributes made by a constructor, arguments of event handlers. Enumerations of QGIS's own
classes must be scoped, too: these are looked up in the QGIS at hand.
"""

from __future__ import annotations

import ast
import importlib
import sys
from dataclasses import dataclass, field
from pathlib import Path

from qt6_stubs import QtClass, Stubs

FORBIDDEN_ATTRIBUTES = {"exec_": "use exec()", "print_": "use print()", "toPyObject": "gone since Qt 5"}
FORBIDDEN_IMPORTS = ("PyQt5", "PyQt6", "sip")
FREE_QGIS_MODULES = ("qgis.core", "qgis.gui", "qgis.analysis")


@dataclass
class _Scope:
    """What names stand for within a class or function; `self_kind` is the Qt class that the class inherits from."""

    kinds: dict[str, QtClass | None] = field(default_factory=dict)
    self_kind: QtClass | None = None
    self_names: set[str] | None = None  # members of the class's own, None where they cannot be known


class Checker(ast.NodeVisitor):
    """Collects (line, sentence) of everything in one file that Qt 6 does not have."""

    def __init__(self, stubs: Stubs) -> None:
        self.faults: list[tuple[int, str]] = []
        self._stubs = stubs
        self._roots: dict[str, QtClass | str] = {}  # imported name → class, or the module's name
        self._qgis: dict[str, object] = {}
        self._scopes = [_Scope()]

    # Imports

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._check_module(node, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        self._check_module(node, module)
        if module == "qgis.PyQt":
            self._roots.update({alias.asname or alias.name: alias.name for alias in node.names})
        elif module.startswith("qgis.PyQt."):
            for alias in node.names:
                home = module.rpartition(".")[2]
                known, kind = self._stubs.find(home, alias.name)
                if not known:
                    self._fault(node, f"PyQt6.{home} has no {alias.name}")
                elif kind is not None:
                    self._roots[alias.asname or alias.name] = kind
        elif module in FREE_QGIS_MODULES:
            loaded = importlib.import_module(module)
            for alias in node.names:
                if hasattr(loaded, alias.name):
                    self._qgis[alias.asname or alias.name] = getattr(loaded, alias.name)

    def _check_module(self, node: ast.AST, module: str) -> None:
        if module.split(".")[0] in FORBIDDEN_IMPORTS:
            self._fault(node, f"import {module} through qgis.PyQt")

    # Scopes

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        scope = _Scope(self_kind=self._qt_base(node), self_names=_own_names(node))
        scope.kinds = {f"self.{name}": kind for name, kind in self._constructed(node, "self").items()}
        self._scopes.append(scope)
        self.generic_visit(node)
        self._scopes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        outer = self._scopes[-1]
        scope = _Scope(dict(outer.kinds), outer.self_kind, outer.self_names)
        scope.kinds.update(self._constructed(node, ""))
        positional = [*node.args.posonlyargs, *node.args.args]
        is_handler = outer.self_kind is not None and node.name.lower().endswith("event")
        given = self._stubs.arguments(outer.self_kind, node.name) if is_handler else []
        for argument, kind in zip(positional[1:], given):
            scope.kinds[argument.arg] = kind
        self._scopes.append(scope)
        self.generic_visit(node)
        self._scopes.pop()

    def _qt_base(self, node: ast.ClassDef) -> QtClass | None:
        """The Qt class of a class with no other bases but Qt's."""
        kinds = [self._roots.get(base.id) if isinstance(base, ast.Name) else None for base in node.bases]
        return kinds[0] if len(kinds) == 1 and isinstance(kinds[0], QtClass) else None

    def _constructed(self, node: ast.AST, owner: str) -> dict[str, QtClass | None]:
        """{name: Qt class} of what is only ever assigned from the constructor of one Qt class."""
        found: dict[str, QtClass | None] = {}
        for name, value in _assignments(node, owner):
            kind = None
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
                root = self._roots.get(value.func.id)
                kind = root if isinstance(root, QtClass) else None
            found[name] = kind if found.get(name, kind) is kind else None
        return found

    # Attributes

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr in FORBIDDEN_ATTRIBUTES:
            self._fault(node, f".{node.attr} is not in Qt 6, {FORBIDDEN_ATTRIBUTES[node.attr]}")
        chain = _chain(node)
        if chain is None:
            self.generic_visit(node)
            return
        root, rest = chain[0], chain[1:]
        scope = self._scopes[-1]
        if root in self._roots and root not in scope.kinds:
            self._check_chain(node, chain, self._roots[root], rest)
        elif root in self._qgis:
            self._check_qgis(node, chain)
        elif root == "self":
            known = scope.kinds.get(f"self.{rest[0]}")
            if known is not None and len(rest) > 1:
                self._check_chain(node, chain, known, rest[1:])
            elif scope.self_kind is not None and scope.self_names is not None and rest[0] not in scope.self_names:
                self._check_chain(node, chain, scope.self_kind, rest[:1])
        elif scope.kinds.get(root) is not None:
            self._check_chain(node, chain, scope.kinds[root], rest)

    def _check_chain(self, node: ast.AST, chain: list[str], kind: QtClass | str, rest: list[str]) -> None:
        for name in rest:
            if isinstance(kind, str):
                known, found = self._stubs.find(kind, name)
            else:
                known, found = self._stubs.member(kind, name)
            if not known:
                holder = kind if isinstance(kind, str) else kind.name
                self._fault(node, f"{'.'.join(chain)}: PyQt6's {holder} has no {name} (enumerations must be scoped)")
            if found is None:
                return
            kind = found

    def _check_qgis(self, node: ast.AST, chain: list[str]) -> None:
        value = self._qgis[chain[0]]
        for name in chain[1:]:
            parent, value = value, getattr(value, name, None)
            is_member = isinstance(value, int) and type(value) not in (int, bool)
            if is_member and parent is not type(value):
                self._fault(node, f"{'.'.join(chain)}: scope the enumeration, {type(value).__name__}.{name}")
                return

    def _fault(self, node: ast.AST, text: str) -> None:
        if (node.lineno, text) not in self.faults:
            self.faults.append((node.lineno, text))


def _chain(node: ast.expr) -> list[str] | None:
    """["Qt", "ItemDataRole", "UserRole"] of such an expression; None where it does not begin with a name."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return [node.id, *reversed(names)] if isinstance(node, ast.Name) else None


def _assignments(node: ast.AST, owner: str) -> list[tuple[str, ast.expr | None]]:
    """(name, value) of every assignment to a variable (owner "") or to an attribute of `owner`."""
    found: list[tuple[str, ast.expr | None]] = []
    for each in ast.walk(node):
        if isinstance(each, (ast.Assign, ast.AnnAssign, ast.For, ast.withitem, ast.NamedExpr)):
            if isinstance(each, ast.Assign):
                targets, value = each.targets, each.value
            elif isinstance(each, ast.withitem):
                targets, value = [each.optional_vars], None
            else:
                targets, value = [each.target], getattr(each, "value", None)
            for target in targets:
                parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
                for part in parts:
                    chain = _chain(part) if isinstance(part, (ast.Attribute, ast.Name)) else None
                    if chain and (len(chain) == 1 if not owner else len(chain) == 2 and chain[0] == owner):
                        found.append((chain[-1], value if part is target else None))
    return found


def _own_names(node: ast.ClassDef) -> set[str]:
    names = {name for name, _ in _assignments(node, "self")} | {name for name, _ in _assignments(node, "")}
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return names | {child.name for child in node.body if isinstance(child, functions)}


def faults_in(source: str, stubs: Stubs) -> list[tuple[int, str]]:
    """(line, sentence) of everything in a source text that Qt 6 does not have, in order."""
    checker = Checker(stubs)
    checker.visit(ast.parse(source))
    return sorted(checker.faults)


def main() -> int:
    stubs = Stubs(Path(sys.argv[1]))
    files = sorted(
        path for name in sys.argv[2:] for path in ([Path(name)] if name.endswith(".py") else Path(name).rglob("*.py"))
    )
    count = 0
    for path in files:
        for line, text in faults_in(path.read_text(encoding="utf-8"), stubs):
            print(f"{path}:{line}: {text}")
            count += 1
    print(f"Qt 6: {len(files)} files, {count} faults")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
