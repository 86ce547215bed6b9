#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Throw-away Docker engines to try bulkhead on: entry point, one function per verb.
# The engines live in namespaces of their own; nothing of the user's engine or firewall is touched.
set -uo pipefail
umask 022
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in say state netns processes engine images shop; do
  # shellcheck source=/dev/null
  . "$here/lib/$part.sh"
done

usage() {
  cat <<'T'
usage: lab.sh up [leaky|hardened|swarm]    start a lab (default leaky); prints DOCKER_HOST=... when it is ready
       lab.sh down [NAME]                  end one lab, or all of them
       lab.sh status [--format json]       what is up
       lab.sh env NAME [NODE]              print DOCKER_HOST=... of a lab (swarm: n1, n2 or n3)
State is kept in ${BULKHEAD_LAB_DIR:-/var/tmp/bulkhead-lab}.
T
}

lab_up() {
  lab_select "$1"
  need_root; need_programs
  state_dir_is_safe
  state_lock
  if lab_is_ready; then
    say "$lab is already up"
    lab_env n1
    return 0
  fi
  [ -e "$state" ] && { say "$lab: cleaning up what an earlier run left"; lab_remove; }
  # Whatever ends this run early (error, Ctrl-C, TERM) takes the half-built lab with it.
  # A second Ctrl-C must not stop the cleaning; fd 8 is for the case that it comes while stderr is redirected.
  exec 8>&2
  trap 'trap "" INT TERM; trap - EXIT; exec 2>&8; say "interrupted, cleaning up"; lab_remove; state_unlock; exit 130' INT TERM
  trap '[ -e "$state/ready" ] || { say "failed, cleaning up"; lab_remove; state_unlock; }' EXIT
  mkdir -p "$state/log" "$state/cli" "$state/net"
  chmod 755 "$state"
  # What outlives this run is read from the state folder: the scripts may be removed once the lab is up.
  cp -r "$here/images" "$here/seccomp.json" "$state/"
  # Unpacked copies of this folder may have lost their modes.
  chmod -R a+rX "$state/images"
  chmod 755 "$state/images/app/app/www/cgi-bin/up"
  # shellcheck source=/dev/null
  . "$here/$lab.sh"
  "build_$lab"
  touch "$state/ready"
  trap - INT TERM EXIT
  say "$lab is up after ${SECONDS} s"
  lab_env n1
}

lab_down() {
  need_root
  local name names=("$@")
  [ ${#names[@]} -gt 0 ] || names=("${lab_names[@]}")
  for name in "${names[@]}"; do
    lab_select "$name"
    state_lock
    if [ -e "$state" ]; then
      lab_remove
      say "$lab is down"
    elif [ $# -gt 0 ]; then
      say "$lab is not up"
    fi
    state_unlock
  done
  rmdir "$base" 2>/dev/null
  return 0
}

lab_env() {
  local dir
  dir=$(node_dir "${1:-n1}") || die "$lab has no node '$1': use n1, n2 or n3"
  echo "DOCKER_HOST=unix://$dir/docker.sock"
}

verb=${1:-}
[ $# -gt 0 ] && shift
case ${1:-} in -h|--help) verb=help ;; esac
case $verb in
  up)     [ $# -le 1 ] || die "up takes one name: ${lab_names[*]}"; lab_up "${1:-leaky}" ;;
  down)   lab_down "$@" ;;
  status) need_root; case "$*" in
            ''|'--format text') status_text ;;
            '--format json'|'--format=json') status_json ;;
            *) die "status knows only --format json" ;;
          esac ;;
  env)    [ $# -ge 1 ] || die "env needs a name: ${lab_names[*]}"; lab_select "$1"; lab_env "${2:-n1}" ;;
  -h|--help|help) usage ;;
  *) usage >&2; exit 2 ;;
esac
