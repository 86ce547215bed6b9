# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Ends a lab. A process is ours when it is in one of the lab's network namespaces or in the lab's
# cgroup: membership that the kernel keeps, valid even if `up` was killed half-way. No names, no patterns.

cgroup_dirs() {
  local dir
  for dir in /sys/fs/cgroup/"$cgroup" /sys/fs/cgroup/*/"$cgroup"; do [ -d "$dir" ] && echo "$dir"; done
}

container_pids() {
  local dir
  for dir in $(cgroup_dirs); do
    find "$dir" -name cgroup.procs -exec cat {} + 2>/dev/null
  done | sort -un | grep -vx 0
}

# Only bind-mounted namespaces count: an unmounted file's inode could equal any number.
netns_pids() {
  local file wanted=()
  for file in "$state"/net/*; do
    [ -e "$file" ] && [ "$(stat -f -c %T "$file")" = nsfs ] && wanted+=(-o -lname "net:\\[$(stat -c %i "$file")\\]")
  done
  [ ${#wanted[@]} -gt 0 ] || return 0
  find /proc/[0-9]*/ns/net -maxdepth 0 \( -false "${wanted[@]}" \) 2>/dev/null | cut -d/ -f3
}

# A frozen process does not die under cgroup v1.
thaw() {
  local dir
  for dir in $(cgroup_dirs); do
    find "$dir" -name freezer.state -exec sh -c 'echo THAWED > "$1"' _ {} \; 2>/dev/null
    find "$dir" -mindepth 1 -name cgroup.freeze -exec sh -c 'echo 0 > "$1"' _ {} \; 2>/dev/null
  done
}

kill_all() {
  local signal=$1 pids
  shift
  pids=$("$@")
  # shellcheck disable=SC2086
  [ -n "$pids" ] && kill "-$signal" $pids 2>/dev/null
}

lab_remove() {
  local round
  # The daemons first, so that nothing restarts a container; then containers; until nobody is left.
  for round in 1 2 3 4 5 6 7 8 9 10; do
    kill_all KILL netns_pids
    thaw
    kill_all KILL container_pids
    [ -z "$(netns_pids)$(container_pids)" ] && break
    sleep 0.2
  done
  for round in 1 2 3 4 5; do
    # shellcheck disable=SC2046
    find $(cgroup_dirs) /dev/null -depth -type d -exec rmdir {} \; 2>/dev/null
    [ -z "$(cgroup_dirs)" ] && break
    sleep 0.2
  done
  netns_remove_all
  if grep -q " $state/" /proc/self/mounts; then
    grep " $state/" /proc/self/mounts | cut -d' ' -f2 | sort -r | while read -r round; do umount "$round"; done
  fi
  rm -rf --one-file-system "$state"
  if [ -e "$state" ] || [ -n "$(netns_pids)$(container_pids)" ]; then
    say "something of $lab could not be removed: see $state and /sys/fs/cgroup/*/$cgroup"
    return 1
  fi
}
