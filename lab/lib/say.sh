# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Messages, and the checks of what the lab needs before it starts anything.

say() { echo "lab: $*" >&2; }

die() { echo "lab: error: $*" >&2; exit 2; }

need_root() {
  [ "$(id -u)" = 0 ] || die "engines need root: run this with sudo"
}

# Debian keeps the tools of root in /usr/sbin, which a caller's PATH may lack.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH

need_programs() {
  local pair missing=
  for pair in dockerd:docker.io docker:docker.io containerd:containerd runc:runc docker-proxy:docker.io \
      ip:iproute2 iptables:iptables busybox:busybox-static dropbear:dropbear-bin sysctl:procps \
      nsenter:util-linux unshare:util-linux setsid:util-linux flock:util-linux; do
    command -v "${pair%%:*}" >/dev/null || case " $missing " in *" ${pair#*:} "*) ;; *) missing="$missing ${pair#*:}" ;; esac
  done
  [ -z "$missing" ] || die "missing Debian package(s):$missing; run: apt-get install --no-install-recommends$missing"
  if LC_ALL=C ldd "$(command -v busybox)" >/dev/null 2>&1; then
    die "busybox is the dynamic one; run: apt-get install busybox-static"
  fi
}
