# Two commands for newcomers: `make demo` and `make test`. Both set up all they need on Debian 12 (root or sudo).
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip install --quiet --disable-pip-version-check
PYTEST := $(PYTHON) -m pytest
HEADLESS := .ci/headless.sh
SOURCES := __init__.py plugin dbcr_core $(wildcard training) tests .ci
.PHONY: help demo test test-core test-plugin test-qgis-3.40 test-qgis-3.44 test-qt6 test-arm test-windows lint bench guide package screenshots translations setup clean

help: ## this list
	@sed -n 's/^\([a-z0-9.-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

demo: $(VENV)/runtime.stamp ## clears the real sample scene through qgis_process; results in demo-output/
	$(PYTHON) .ci/demo.py demo-output

test: test-core test-plugin ## every test, the QGIS ones in a real QGIS

test-core: $(VENV)/develop.stamp ## engine and training, without QGIS
	$(HEADLESS) $(PYTEST) $(wildcard tests/core tests/fuzz tests/training)

test-plugin: $(VENV)/develop.stamp ## plugin, in a real QGIS and through real qgis_process children
	$(HEADLESS) $(PYTEST) -p pytest_qgis tests/plugin

test-qgis-3.40: ## the plugin's tests in Debian 13's QGIS (root; builds a debootstrap root once)
	.ci/test-in-debian.sh trixie

test-qgis-3.44: ## the plugin's tests in Debian testing's QGIS
	.ci/test-in-debian.sh testing

test-qt6: ## the plugin's tests in QGIS with Qt 6, as QGIS 4 has it (builds that QGIS once: an hour)
	.ci/test-in-debian.sh trixie qt6

test-arm: ## the engine's tests that need no network, and the self-test, on an emulated ARM (root; ten minutes)
	.ci/test-in-debian.sh bookworm arm64

test-windows: ## the engine's tests in Windows's Python with Windows's wheels, under Wine (root; ten minutes)
	.ci/test-in-windows.sh

lint: $(VENV)/develop.stamp ## ruff, mypy, bandit, detect-secrets, flake8-qgis, Qt 6
	.ci/lint.sh $(SOURCES)

bench: $(VENV)/develop.stamp ## speed and memory, as a table and JSON
	$(PYTHON) tests/bench/run.py

guide: $(VENV)/develop.stamp ## the user guide as HTML in build/guide/
	$(PYTHON) -m mkdocs build --strict

package: $(VENV)/runtime.stamp ## the plugin zip in dist/, from tracked files
	$(PYTHON) .ci/package.py dist

screenshots: $(VENV)/develop.stamp ## QGIS desktop with the dock, for the README, into resources/screenshots
	$(PYTHON) .ci/screenshots.py resources/screenshots

translations: $(VENV)/runtime.stamp ## gathers texts into resources/i18n and compiles them (needs lrelease)
	$(PYTHON) .ci/translations.py

setup: $(VENV)/develop.stamp ## Debian packages and .venv

$(VENV)/system.stamp: .ci/install-system.sh
	.ci/install-system.sh
	test -x $(PYTHON) || /usr/bin/python3 -m venv --system-site-packages $(VENV)
	touch $@

$(VENV)/runtime.stamp: .ci/runtime.txt $(VENV)/system.stamp
	$(PIP) --no-deps -r .ci/runtime.txt
	touch $@

$(VENV)/develop.stamp: .ci/requirements.txt .ci/constraints.txt .ci/no-deps.txt .ci/qt6.txt $(VENV)/runtime.stamp
	$(PIP) -r .ci/requirements.txt
	$(PIP) --no-deps -r .ci/no-deps.txt
	$(PIP) --no-deps --upgrade --target $(VENV)/qt6 -r .ci/qt6.txt
	touch $@

clean: ## removes results and caches, keeps .venv
	rm -rf demo-output dist build/guide .pytest_cache .ruff_cache .hypothesis
