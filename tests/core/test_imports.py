# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import ast
import os
import subprocess
import sys

HEAVY = ("torch", "onnxruntime", "onnx", "rasterio", "osgeo", "qgis", "PyQt5", "scipy", "matplotlib")
OF_A_LIBRARY = ("network", "rasters.gdal_backend", "rasters.rasterio_backend")
"""What may import one at once: nothing else imports these but when it is needed."""
BLOCK = """
import importlib, sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in {heavy!r}:
            raise ImportError('blocked: ' + name)
sys.meta_path.insert(0, Blocked())
for name in {modules!r}:
    importlib.import_module(name)
print('imported', len({modules!r}))
"""


def modules(folder):
    """Names of the engine's modules but those of OF_A_LIBRARY, and the one that is a program."""
    for path in sorted(folder.rglob("*.py")):
        name = ".".join(part for part in path.relative_to(folder).with_suffix("").parts if part != "__init__")
        if name != "__main__" and not name.startswith(OF_A_LIBRARY):
            yield f"dbcr_core.{name}".rstrip(".")


def test_the_engine_imports_without_any_heavy_library(repository):
    names = [*modules(repository / "dbcr_core")]
    code = BLOCK.format(heavy=HEAVY, modules=names)
    done = subprocess.run([sys.executable, "-c", code], cwd=repository, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["imported", str(len(names))]


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


def test_onnx_runtime_reports_to_nobody(repository, tmp_path):
    """Its telemetry leaves files behind as soon as a session is opened; where there are none, nothing was gathered."""
    code = (
        "from dbcr_core.predictors import open_predictor; from dbcr_core.model_card import bundled_model_path\n"
        "open_predictor(bundled_model_path(), 'cpu').close()"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("ORT_", "XDG_"))}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=repository, env={**environment, "HOME": str(tmp_path)}, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert not [path for path in tmp_path.rglob("*") if "onnxruntime" in path.name or "Microsoft" in path.name]
