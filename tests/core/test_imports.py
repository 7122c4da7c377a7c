# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import ast
import subprocess
import sys

HEAVY = ("torch", "onnxruntime", "onnx", "rasterio", "osgeo", "qgis", "PyQt5", "scipy", "matplotlib")
MODULES = (
    "scene",
    "cli",
    "predictors",
    "predictors.onnx_predictor",
    "predictors.torch_predictor",
    "assess",
    "rasters",
    "inspect",
    "model_card",
)
BLOCK = """
import importlib, sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in {heavy!r}:
            raise ImportError('blocked: ' + name)
sys.meta_path.insert(0, Blocked())
for name in {modules!r}:
    importlib.import_module('dbcr_core.' + name)
print('imported', len({modules!r}))
"""


def test_the_engine_imports_without_any_heavy_library(repository):
    code = BLOCK.format(heavy=HEAVY, modules=MODULES)
    done = subprocess.run([sys.executable, "-c", code], cwd=repository, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["imported", str(len(MODULES))]


def test_no_package_imports_against_the_arrows(repository):
    """plugin → dbcr_core ← training, and inside the plugin and the engine relative imports only."""
    forbidden = {"dbcr_core": ("plugin", "training", "qgis", "PyQt5"), "training": ("plugin",), "plugin": ("training",)}
    for package, names in forbidden.items():
        for path in (repository / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    roots = [alias.name.split(".")[0] for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    roots = [(node.module or "").split(".")[0]]
                    absolute = node.level == 0 and roots[0] in ("dbcr_core", "plugin", "training")
                    assert package == "training" or not absolute, f"{path}: absolute import of {roots[0]}"
                else:
                    continue
                assert not set(roots) & set(names), f"{path} imports {roots}"
