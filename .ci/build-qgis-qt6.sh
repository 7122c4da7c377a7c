#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds Debian 13's QGIS with Qt 6 in place of Qt 5, which no package of Debian's has yet, and installs it.
# Runs as root inside such a Debian, started by .ci/test-in-debian.sh; an hour on two cores. What the plugin never meets
# is left out, and nothing is optimised, as compilers would take thrice the time.
set -euo pipefail
rm -rf /src
mkdir /src
cd /src
packages="bison clang cmake dpkg-dev flex g++ lld make ninja-build patch pkgconf xz-utils
    gdal-bin libexiv2-dev libexpat1-dev libgdal-dev libgeos-dev libgsl-dev libpq-dev libproj-dev libprotobuf-dev
    libspatialindex-dev libspatialite-dev libsqlite3-dev libsqlite3-mod-spatialite libzip-dev libzstd-dev
    nlohmann-json3-dev protobuf-compiler
    libqca-qt6-dev libqca-qt6-plugins libqscintilla2-qt6-dev libqt6sql6-sqlite qt6-5compat-dev qt6-base-dev
    qt6-base-private-dev qt6-declarative-dev qt6-l10n-tools qt6-multimedia-dev qt6-positioning-dev qt6-serialport-dev
    qt6-svg-dev qt6-svg-plugins qt6-tools-dev qt6-tools-dev-tools qtkeychain-qt6-dev
    pyqt6-dev pyqt6-dev-tools pyqt6.qsci-dev python3-dev python3-jinja2 python3-lxml python3-owslib python3-psycopg2
    python3-pygments python3-pyproj python3-pyqt6 python3-pyqt6.qsci python3-pyqt6.qtmultimedia
    python3-pyqt6.qtpositioning python3-pyqt6.qtserialport python3-pyqt6.qtsvg python3-pyqtbuild python3-sipbuild
    python3-termcolor python3-yaml sip-tools"
# shellcheck disable=SC2086
apt-get install -y -q --no-install-recommends $packages

# Qwt knows Qt 6 since a release that only the next Debian has.
sed -n 's/^deb /deb-src /p; s/ trixie / testing /p' /etc/apt/sources.list >/etc/apt/sources.list.d/source.list
apt-get -o Acquire::Check-Valid-Until=false update -q
apt-get source -q --only-source qgis/trixie
apt-get source -q --only-source --tar-only qwt/testing
tar xf qwt_*.orig.tar.*

cd /src/qwt-*/
sed -i 's/^QWT_CONFIG *+= *Qwt\(Designer\|Examples\|Playground\|Tests\|OpenGL\)/#&/' qwtconfig.pri
sed -i 's#QWT_INSTALL_PREFIX *= /usr/local/.*#QWT_INSTALL_PREFIX = /usr/local/qwt#' qwtconfig.pri
qmake6 qwt.pro QMAKE_CXXFLAGS="-O0 -g0 -w"
make -j"$(nproc)"
make install
echo /usr/local/qwt/lib >/etc/ld.so.conf.d/qwt.conf
ldconfig

# Headers that nearly every file reads are read once: half the time.
cat >/src/often.h <<'H'
#include <QColor>
#include <QDateTime>
#include <QDir>
#include <QDomDocument>
#include <QHash>
#include <QIcon>
#include <QMap>
#include <QNetworkReply>
#include <QPainter>
#include <QPointer>
#include <QSet>
#include <QThread>
#include <QUrl>
#include <functional>
#include <memory>
#include <unordered_map>
#include "qgsprocessingalgorithm.h"
#include "qgsproject.h"
#include "qgsvectorlayer.h"
H
cd /src/qgis-*/
for library in core analysis gui; do
    echo "target_precompile_headers(qgis_$library PRIVATE \$<\$<COMPILE_LANGUAGE:CXX>:/src/often.h>)" \
        >>src/$library/CMakeLists.txt
done
echo "set_source_files_properties(pointcloud/qgspointcloudrequest.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON)" \
    >>src/core/CMakeLists.txt # two functions of one name
off=""
for part in 3D AUTH COPC DRACO EPT GRASS7 GRASS8 OAUTH2_PLUGIN PDAL QSCIAPI QSPATIALITE QTSERIALPORT QTWEBENGINE QTWEBKIT \
    SERVER; do
    off="$off -DWITH_$part=OFF"
done
# shellcheck disable=SC2086
CC=clang CXX=clang++ cmake -G Ninja -S . -B /src/build -DBUILD_WITH_QT6=ON $off \
    -DCMAKE_BUILD_TYPE=None -DCMAKE_C_FLAGS="-g0 -w" -DCMAKE_CXX_FLAGS="-g0 -w" \
    -DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld -DCMAKE_SHARED_LINKER_FLAGS=-fuse-ld=lld \
    -DCMAKE_MODULE_LINKER_FLAGS=-fuse-ld=lld -DCMAKE_INSTALL_PREFIX=/usr -DBINDINGS_GLOBAL_INSTALL=ON \
    -DENABLE_TESTS=OFF -DUSE_CCACHE=OFF -DUSE_OPENCL=OFF -DWITH_CRASH_HANDLER=OFF -DWITH_INTERNAL_NLOHMANN_JSON=OFF \
    -DQWT_INCLUDE_DIR=/usr/local/qwt/include -DQWT_LIBRARY=/usr/local/qwt/lib/libqwt.so \
    -DGEOS_LIBRARY="/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)/libgeos_c.so" -DPython_FIND_UNVERSIONED_NAMES=FIRST
ninja -C /src/build install
ldconfig
rm -rf /src
