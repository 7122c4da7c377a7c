#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs tests in another Debian, in a debootstrap root (needs root; see debian-root.sh).
#     .ci/test-in-debian.sh trixie            the plugin's, in QGIS 3.40, and the engine's of rasters
#     .ci/test-in-debian.sh testing           the plugin's, in QGIS 3.44, and the engine's of rasters
#     .ci/test-in-debian.sh trixie qt6        the plugin's, in QGIS 3.40 with Qt 6, as QGIS 4 has it
#     .ci/test-in-debian.sh bookworm arm64    the engine's that need no network, and the self-test, on an emulated ARM
# The commit that is checked out is what is tested.
set -euo pipefail
# shellcheck source=.ci/debian-root.sh
. "$(dirname "$0")/debian-root.sh"
suite=$1
architecture=$(dpkg --print-architecture)
emulated= qt6=
case ${2:-} in
qt6) qt6=qt6 ;;
?*) architecture=$2 ;;
esac
[ "$architecture" = "$(dpkg --print-architecture)" ] || emulated=$architecture
if [ -n "$emulated" ]; then
    command -v qemu-aarch64-static >/dev/null || { apt-get update -q && apt-get install -y -q qemu-user-static; }
    # Without this the kernel does not know what to start ARM programs with.
    mountpoint -q /proc/sys/fs/binfmt_misc || mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
    [ -e /proc/sys/fs/binfmt_misc/qemu-aarch64 ] || /lib/systemd/systemd-binfmt
fi
make_root "$suite${emulated:+-$emulated}${qt6:+-$qt6}" "$suite" python3,ca-certificates,git --arch="$architecture"
modules="pytest==9.2.0 hypothesis==6.170.15 psutil==7.2.2"
# pytest-qgis 5 is the line for QGIS 3.34 and later.
[ -n "$emulated" ] || modules="$modules pytest-qgis==5.0.2 onnx==1.23.2"
if [ ! -e "$root/ready" ]; then
    packages="python3-gdal gdal-bin python3-rasterio python3-numpy python3-scipy python3-venv python3-pip"
    if [ -z "$emulated" ]; then
        packages="xvfb xauth $packages"
        [ -n "$qt6" ] || packages="qgis python3-qgis $packages"
    fi
    # A mirror of testing may lag behind its own date of expiry.
    inside apt-get -o Acquire::Check-Valid-Until=false update -q
    # shellcheck disable=SC2086
    inside apt-get install -y -q --no-install-recommends $packages
    inside /usr/bin/python3 -m venv --system-site-packages /root/venv
    inside /root/venv/bin/pip install -q --no-deps onnxruntime==1.32.0
    if [ -n "$qt6" ]; then
        cp "$repository/.ci/build-qgis-qt6.sh" "$root/root/"
        inside /root/build-qgis-qt6.sh
    fi
    touch "$root/ready"
fi
# An older root may lack what tests have come to need.
if [ "$(cat "$root/modules" 2>/dev/null)" != "$modules" ]; then
    # shellcheck disable=SC2086
    inside /root/venv/bin/pip install -q $modules
    if [ -n "$qt6" ]; then
        # pytest-qgis expects Qt 6 from QGIS 4 on.
        sed -i 's/QSettings\.IniFormat/QSettings.Format.IniFormat/; s/QSettings\.UserScope/QSettings.Scope.UserScope/' \
            "$root"/root/venv/lib/python3*/site-packages/pytest_qgis/plugin.py
    fi
    echo "$modules" >"$root/modules"
fi
rm -rf "$root/root/dbcr"
git clone -q "$repository" "$root/root/dbcr"
inside chmod 755 /root  # a test starts a child that is nobody
if [ -n "$emulated" ]; then
    # An evaluation takes half a minute here.
    inside bash -c "cd /root/dbcr && /root/venv/bin/python -m dbcr_core self-test --device cpu --threads 1 &&
        /root/venv/bin/python -m pytest tests/core/test_{bands,grid,mask,metrics,model_card,model_file,pairing,radiometry}.py \
        tests/core/test_{rasters,sink,strips,surroundings,work_queue,tiles_and_blend}.py"
else
    inside qgis_process --version | head -1
    # torch is the main environment's alone: its one test is skipped here.
    inside bash -c "cd /root/dbcr && .ci/headless.sh /root/venv/bin/python -m pytest -p pytest_qgis tests/plugin"
    # rasterio and GDAL change, too, from one Debian to the next.
    inside bash -c "cd /root/dbcr && .ci/headless.sh /root/venv/bin/python -m pytest \
        tests/core/test_{inspect,mask_layer,pairing,products,radiometry,rasters,remembered,sink,strips}.py"
fi
