# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
# What ./run and ./test share: Debian packages and the build. Sourced in the project's folder; needs Debian's base system only.

log_dir=build
policy=/usr/sbin/policy-rc.d
policy_mark="# Written by bulkhead's tools/prepare.sh for the time of one installation."

say() { echo "${0##*/}: $*" >&2; }

die() { say "error: $*"; exit 2; }

# packages_of SECTION...: the entries of these sections of tools/packages.
packages_of() {
    awk -v wanted=" $* " '/^\[/ { here = index(wanted, " " substr($0, 2, length($0) - 2) " ") } /^[a-z]/ && here { print $1 }' tools/packages
}

# missing_of SECTION...: the packages to install, one a line.
missing_of() {
    entries=$(packages_of "$@")
    # dpkg-query fails where it does not know one of the names; the others are listed all the same.
    # shellcheck disable=SC2046
    dpkg-query -W -f '${db:Status-Status} ${Package}\n' $(echo "$entries" | tr '|' ' ') 2>/dev/null |
        entries=$entries awk '
            $1 == "installed" { have[$2] = 1 }
            END {
                count = split(ENVIRON["entries"], entry, "\n")
                for (i = 1; i <= count; i++) {
                    choices = split(entry[i], choice, "|"); met = 0
                    for (j = 1; j <= choices; j++) met = met || choice[j] in have
                    if (!met) print choice[1]
                }
            }'
}

# need_packages SECTION...: installs what is missing; asks apt nothing where nothing is.
need_packages() {
    command -v dpkg-query >/dev/null || die "this is not a Debian system. Install what tools/packages names by other means, then: make build"
    missing=$(missing_of "$@")
    [ -n "$missing" ] || return 0
    list=$(echo "$missing" | tr '\n' ' ')
    [ "$(id -u)" = 0 ] || die "packages are missing and only root can install them. Run this as root, or as root: apt-get install --no-install-recommends $list"
    release_is_known
    mkdir -p "$log_dir"
    say "installing $(echo "$missing" | wc -l) packages and what they need: $list"
    services_stay_down
    # shellcheck disable=SC2086
    install_packages $list
    services_may_start
}

# need_oracle: npm's dockerfile-ast, a second opinion on Dockerfiles for one test. Without it that test is skipped, and says so.
need_oracle() {
    if ! { command -v node && command -v npm; } >/dev/null; then
        if [ "$(id -u)" != 0 ]; then say "no node and npm: the test against dockerfile-ast is skipped"; return 0; fi
        need_packages oracle
    fi
    oracle=build/dockerfile_oracle
    mkdir -p "$oracle"
    if [ -d "$oracle/node_modules" ] && cmp -s tests/dockerfile_oracle/package-lock.json "$oracle/package-lock.json"; then
        cp tests/dockerfile_oracle/oracle.js "$oracle/"
        return 0
    fi
    cp tests/dockerfile_oracle/package.json tests/dockerfile_oracle/package-lock.json tests/dockerfile_oracle/oracle.js "$oracle/"
    (cd "$oracle" && npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1) || { rm -rf "$oracle/node_modules"; say "npm ci failed ($oracle/npm.log): the test against dockerfile-ast is skipped"; }
}

release_is_known() {
    release=$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release 2>/dev/null)
    case $release in
        'Debian GNU/Linux 12'*) ;;
        *) say "the package list is that of Debian 12; trying it on ${release:-an unknown system}" ;;
    esac
}

install_packages() {
    log=$log_dir/apt.log
    : >"$log"
    # Without lists of packages (fresh image), or with old ones that name files gone from the mirror, they are fetched.
    if apt-cache show --no-all-versions "$@" >/dev/null 2>&1 && apt_get install "$@"; then return 0; fi
    apt_get update || apt_failed "the lists of packages could not be fetched"
    apt_get install "$@" || apt_failed "the packages could not be installed"
}

# --no-remove: a package of the user's is never taken away to make room for ours.
apt_get() {
    verb=$1
    shift
    options="-q -y -o DPkg::Lock::Timeout=120"
    [ "$verb" = install ] && options="$options --no-install-recommends --no-remove"
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get $options "$verb" "$@" >>"$log" 2>&1 </dev/null
}

apt_failed() {
    grep -E '^(E|W|Err)[: ]' "$log" | tail -n 5 >&2
    die "$1 (is there a network, and a mirror in /etc/apt?). All of apt's output: $PWD/$log"
}

# The lab starts engines of its own; the machine's own is not started because a package came. Debian asks this file.
services_stay_down() {
    if grep -qsF "$policy_mark" "$policy"; then rm -f "$policy"; fi  # left by a run that was killed
    [ -e "$policy" ] && return 0
    trap services_may_start EXIT
    trap 'services_may_start; exit 130' INT TERM
    # shellcheck disable=SC2016
    printf '#!/bin/sh\n%s\ncase $1 in docker*|containerd*) exit 101 ;; esac\nexit 0\n' "$policy_mark" >"$policy"
    chmod 755 "$policy"
}

services_may_start() {
    trap - EXIT INT TERM
    if grep -qsF "$policy_mark" "$policy"; then rm -f "$policy"; fi
}

# build_program TARGET TESTS: configures and builds the release preset; quiet but for progress. TESTS is ON or OFF: with OFF the
# libraries of the tests need not be there. A folder that was configured with tests keeps them.
build_program() {
    mkdir -p "$log_dir"
    log=$log_dir/build.log
    # A build folder that came along with a copied tree belongs to the place it was made in.
    if [ -f build/CMakeCache.txt ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" build/CMakeCache.txt; then
        rm -rf build/CMakeCache.txt build/CMakeFiles build/build.ninja
    fi
    # Later runs ask only ninja, which configures again by itself where a CMake file or the set of sources changed.
    if ! [ -f build/build.ninja ] || ! grep -qx "BULKHEAD_TESTS:BOOL=\($2\|ON\)" build/CMakeCache.txt; then
        say "configuring"
        cmake --preset release -D "BULKHEAD_TESTS=$2" >"$log" 2>&1 || build_failed
    fi
    say "building"
    { cmake --build build --parallel "$(nproc)" --target "$1" 2>&1 || echo "BUILD FAILED"; } | tee "$log" | show_progress
    if tail -n 1 "$log" | grep -qx 'BUILD FAILED'; then build_failed; fi
}

# On a terminal one line that counts; elsewhere every fiftieth step.
show_progress() {
    if [ -t 2 ]; then live=1; else live=; fi
    awk -v live="$live" '
        /^\[[0-9]+\/[0-9]+\]/ {
            if (live) { printf "\r  %s ", $1 > "/dev/stderr"; shown = 1; next }
            split(substr($1, 2), at, "/")
            if (at[1] > 0 && at[1] % 50 == 0) print "  " $1 > "/dev/stderr"
        }
        END { if (shown) printf "\r\033[K" > "/dev/stderr" }'
}

build_failed() {
    grep -E -A 8 '(error:|CMake Error|^FAILED:)' "$log" | head -n 40 >&2
    die "the build failed. All of its output: $PWD/$log"
}
