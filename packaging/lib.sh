# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by packaging/run and packaging/test: a sane environment in any shell, chroot or CI job.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
jobs=$(nproc)

# Qt wants UTF-8; a minimal root has no other locale than this one.
export LC_ALL=C.UTF-8
# HAProxy and sshd live there, and not every shell looks.
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
# A job without a home still has a compiler cache and a place for settings.
if [ -z "${HOME:-}" ] || [ ! -w "${HOME:-/}" ]; then
    mkdir -p build/home
    export HOME=$root/build/home
fi
# A clone that belongs to somebody else may still be read by git.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=$root

say() { printf '\n== %s\n' "$*"; }
