# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Network namespaces of a lab, kept as files below $state/net. No link leads to the host's own
# network: every veth has both ends in namespaces made here.

netns_make() {
  touch "$state/net/$1"
  unshare --net="$state/net/$1" true || die "cannot make a network namespace"
  in_netns "$1" ip link set lo up
}

in_netns() { local name=$1; shift; nsenter --net="$state/net/$name" "$@"; }

# netns_cable NS_A IF_A NS_B IF_B
netns_cable() {
  in_netns "$1" ip link add "$2" type veth peer name bhpeer
  in_netns "$1" ip link set bhpeer netns "$state/net/$3" name "$4" || die "cannot connect the namespaces $1 and $3"
}

netns_remove_all() {
  local file
  for file in "$state"/net/*; do
    [ -e "$file" ] || continue
    umount "$file" 2>/dev/null
    rm -f "$file"
  done
}
