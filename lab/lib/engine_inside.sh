#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs inside the new namespaces: gives the engine a private /run and private files below /etc, then
# becomes dockerd. usage: engine_inside.sh DIR HOSTNAME CGROUP [dockerd flags]
set -eu
dir=$1 name=$2 cgroup=$3
shift 3
mount --make-rprivate /
# A /run of its own: netns files, shim sockets and locks of this engine cannot meet those of another,
# and a containerd of the host, whose socket would be found there, is not used.
mount -t tmpfs -o mode=755 tmpfs /run
cd "$dir/etc"
for file in *; do
  target=$(readlink -m "/etc/$file")
  # resolv.conf is often a link to a file below the /run that was just covered.
  case $target in /run/*) mkdir -p "${target%/*}"; touch "$target" ;; esac
  mount --bind "$dir/etc/$file" "$target"
done
cd /
hostname "$name"
echo $$ >"$dir/pid"
exec dockerd --host "unix://$dir/docker.sock" --data-root "$dir/data" --exec-root /run/docker \
  --pidfile "$dir/docker.pid" --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/$cgroup" "$@"
