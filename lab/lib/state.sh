# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Where a lab keeps its state, who may change it, and what `status` says about it.

lab_names=(leaky hardened swarm)
base=${BULKHEAD_LAB_DIR:-/var/tmp/bulkhead-lab}
case $base in /*) ;; *) base=$PWD/$base ;; esac
lab=
state=
cgroup=

# Sets lab, state and cgroup. The cgroup name is made from the state path, so that two labs
# with different BULKHEAD_LAB_DIR never meet: whatever is in that cgroup is this lab's.
lab_select() {
  case " ${lab_names[*]} " in *" $1 "*) ;; *) die "no lab is called '$1': use one of ${lab_names[*]}" ;; esac
  lab=$1
  state=$base/$lab
  cgroup=bulkhead-lab-$(printf %s "$state" | cksum | cut -d' ' -f1)
}

# The default lies in a world-writable folder: refuse one that somebody else has put there.
state_dir_is_safe() {
  case $base in *[!A-Za-z0-9_./-]*) die "BULKHEAD_LAB_DIR may hold only letters, digits and _ . / -" ;; esac
  # The path of a Unix socket ends at 107 bytes.
  [ ${#base} -le 80 ] || die "BULKHEAD_LAB_DIR is too long: use at most 80 characters"
  [ -L "$base" ] && die "$base is a symbolic link: remove it or set BULKHEAD_LAB_DIR"
  mkdir -p "$base" || die "cannot make $base: set BULKHEAD_LAB_DIR to a folder on a disk"
  [ "$(stat -c %u "$base")" = 0 ] || die "$base does not belong to root: remove it or set BULKHEAD_LAB_DIR"
  chmod 755 "$base"
}

# One up or down at a time per lab. Long-lived children must close fd 9 or the lock outlives us.
state_lock() {
  [ -d "$base" ] || return 0
  exec 9>"$base/.$lab.lock"
  flock -w 60 9 || die "another lab command for $lab is still at work: wait for it and try again"
}

state_unlock() {
  [ -d "$base" ] || return 0
  exec 9>&-
  [ -e "$state" ] || rm -f "$base/.$lab.lock"
}

# Folder of a node's engine: the state folder itself, for swarm one folder per node.
node_dir() {
  if [ "$lab" != swarm ]; then
    [ "$1" = n1 ] && echo "$state"
  else
    case $1 in n1|n2|n3) echo "$state/$1" ;; *) return 1 ;; esac
  fi
}

node_names() { if [ "$lab" = swarm ]; then echo n1 n2 n3; else echo n1; fi; }

lab_is_ready() {
  local node
  [ -e "$state/ready" ] || return 1
  for node in $(node_names); do engine_answers "$(node_dir "$node")" || return 1; done
}

lab_word() {
  if [ ! -e "$state" ]; then echo down; elif lab_is_ready; then echo up; else echo broken; fi
}

# Yields one line per engine: lab node word pid socket containers
status_rows() {
  local name node dir word pid count
  for name in "${lab_names[@]}"; do
    lab_select "$name"
    word=$(lab_word)
    for node in $(node_names); do
      dir=$(node_dir "$node") pid=0 count=0
      if [ "$word" != down ]; then
        engine_runs "$dir" && pid=$(cat "$dir/pid")
        [ "$word" = up ] && count=$(docker_at "$dir" ps -aq | wc -l)
      fi
      echo "$name $node $word $pid $dir/docker.sock $count"
    done
  done
}

status_text() {
  local a b c d e f
  printf '%-9s %-5s %-7s %8s %11s  %s\n' LAB NODE STATE PID CONTAINERS SOCKET
  status_rows | while read -r a b c d e f; do
    [ "$d" = 0 ] && d=-
    printf '%-9s %-5s %-7s %8s %11s  %s\n' "$a" "$b" "$c" "$d" "$f" "$e"
  done
}

status_json() {
  local a b c d e f comma=
  echo '['
  while read -r a b c d e f; do
    [ -n "$comma" ] && echo ','
    [ "$d" = 0 ] && d=null
    printf '  {"lab":"%s","node":"%s","state":"%s","pid":%s,"socket":"%s","containers":%s}' "$a" "$b" "$c" "$d" "$e" "$f"
    comma=1
  done < <(status_rows)
  printf '\n]\n'
}
