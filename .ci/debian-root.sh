# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by the scripts that test in a debootstrap root (needs root): sets $repository, gives make_root and inside.
# Such a script runs in namespaces of its own: its mounts, and whatever it leaves running, end with it.
[ -n "${DBCR_APART:-}" ] || exec env DBCR_APART=1 unshare --mount --pid --fork --kill-child "$0" "$@"
repository=$(cd "$(dirname "$0")/.." && pwd)
environment=() # of what runs inside, beside the usual

# make_root NAME SUITE PACKAGES [OPTIONS]: sets $root, in build/roots, where it stays for the next call. A script that
# has installed all it needs there makes the file $root/ready.
make_root() {
    root=$repository/build/roots/$1
    if [ ! -e "$root/ready" ]; then
        command -v debootstrap >/dev/null || { apt-get update -q && apt-get install -y -q debootstrap; }
        mkdir -p "$root"
        # A script of debootstrap's own for every later release is the one of sid.
        local script=/usr/share/debootstrap/scripts/$2
        [ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid
        [ -e "$root/usr/bin/apt-get" ] || debootstrap --variant=minbase --include="$3" "${@:4}" "$2" "$root" \
            http://deb.debian.org/debian "$script"
        # This machine's certificates and names, in case it reaches the registries its own way.
        cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
        cp /etc/resolv.conf "$root/etc/"
    fi
    mount -t proc proc "$root/proc"
}

inside() {
    chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        PIP_CERT=/etc/ssl/certs/ca-certificates.crt "${environment[@]}" "$@"
}
