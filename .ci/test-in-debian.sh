#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the plugin's tests with the QGIS of another Debian release, in a debootstrap root (needs root).
#     .ci/test-in-debian.sh trixie     QGIS 3.40
#     .ci/test-in-debian.sh testing    QGIS 3.44
# The root stays in build/roots for the next call. The commit that is checked out is what is tested.
set -euo pipefail
suite=$1
repository=$(cd "$(dirname "$0")/.." && pwd)
root=$repository/build/roots/$suite
inside() {
    chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive PIP_CERT=/etc/ssl/certs/ca-certificates.crt "$@"
}
unmount() { umount "$root/proc" 2>/dev/null || true; }

if [ ! -e "$root/ready" ]; then
    command -v debootstrap >/dev/null || { apt-get update -q && apt-get install -y -q debootstrap; }
    mkdir -p "$root"
    # A script of debootstrap's own for every later release is the one of sid.
    script=/usr/share/debootstrap/scripts/$suite
    [ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid
    [ -e "$root/usr/bin/apt-get" ] || debootstrap --variant=minbase --include=python3,ca-certificates,git \
        "$suite" "$root" http://deb.debian.org/debian "$script"
    # This machine's certificates and names, in case it reaches the registries its own way.
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
    cp /etc/resolv.conf "$root/etc/"
fi
trap unmount EXIT
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
if [ ! -e "$root/ready" ]; then
    # A mirror of testing may lag behind its own date of expiry.
    inside apt-get -o Acquire::Check-Valid-Until=false update -q
    inside apt-get install -y -q --no-install-recommends qgis python3-qgis python3-gdal gdal-bin python3-rasterio \
        python3-numpy python3-scipy python3-venv python3-pip xvfb xauth
    inside /usr/bin/python3 -m venv --system-site-packages /root/venv
    inside /root/venv/bin/pip install -q --no-deps onnxruntime==1.32.0
    # pytest-qgis 5 is the line for QGIS 3.34 and later.
    inside /root/venv/bin/pip install -q pytest==9.2.0 pytest-qgis==5.0.2 hypothesis==6.170.15 onnx==1.23.2
    touch "$root/ready"
fi
rm -rf "$root/root/dbcr"
git clone -q "$repository" "$root/root/dbcr"
inside qgis_process --version | head -1
# torch is the main environment's alone: its one test is skipped here.
inside bash -c "cd /root/dbcr && .ci/headless.sh /root/venv/bin/python -m pytest -p pytest_qgis tests/plugin"
