#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command as QGIS needs it without a screen: Qt offscreen, and a HOME and runtime folder of its own.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/home" "$scratch/run"
chmod 700 "$scratch/run"
HOME="$scratch/home" XDG_RUNTIME_DIR="$scratch/run" QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}" \
    PYTHONDONTWRITEBYTECODE=1 "$@"
