#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The rules of the house (ruff), types (mypy), and the rules of the plugin site (bandit, detect-secrets, flake8-qgis).
set -euo pipefail
bin=.venv/bin
"$bin/ruff" check "$@"
"$bin/ruff" format --check "$@"
# Types of what ships, under the name that QGIS gives its folder.
under=$(mktemp -d)
trap 'rm -rf "$under"' EXIT
ln -s "$PWD" "$under/dbcr"
(cd "$under" && dbcr/.venv/bin/mypy --config-file dbcr/pyproject.toml --cache-dir dbcr/build/mypy -p dbcr.dbcr_core -p dbcr.plugin)
# Training runs from the root and finds the engine there under its own name.
"$bin/mypy" --cache-dir build/mypy -p training
# The site blocks on findings of high severity in what ships.
"$bin/bandit" --quiet --recursive --severity-level high __init__.py plugin dbcr_core
# Nothing of Qt 5 alone: against the type stubs of PyQt6, which lie apart.
"$bin/python" .ci/qt6_check.py .venv/qt6/PyQt6 __init__.py plugin tests/plugin
"$bin/python" -m flake8 --isolated --select QGS1 --max-line-length 120 __init__.py plugin
git ls-files -z -- __init__.py metadata.txt plugin dbcr_core | xargs -0 "$bin/detect-secrets-hook"
echo "lint: clean"
