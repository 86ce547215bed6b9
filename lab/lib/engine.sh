# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Starts a dockerd in its own network, mount and host-name namespaces.

docker_bin=/usr/bin/docker
[ -x $docker_bin ] || docker_bin=docker

# The client of one engine; never the user's context, configuration or proxy settings.
docker_at() {
  local dir=$1
  shift
  env -u DOCKER_CONTEXT -u DOCKER_TLS_VERIFY -u DOCKER_CERT_PATH DOCKER_HOST="unix://$dir/docker.sock" \
    DOCKER_CONFIG="$state/cli" DOCKER_BUILDKIT=0 "$docker_bin" "$@" 9>&-
}

engine_answers() { [ -S "$1/docker.sock" ] && docker_at "$1" version >/dev/null 2>&1; }

# Whether the recorded pid is still the process that was started (pids are used again).
engine_runs() {
  local pid
  pid=$(cat "$1/pid" 2>/dev/null) || return 1
  [ -s "$1/pid_start" ] && [ "$(process_start "$pid")" = "$(cat "$1/pid_start")" ]
}

# Start time of a process in ticks since boot; nothing for one that is gone or a zombie.
process_start() { sed -n '/) Z /d; s/.*) //p' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# engine_start DIR NETNS HOSTNAME RESOLVER [dockerd flags]. RESOLVER is an address of the lab where nobody
# answers: names outside the lab fail at once instead of after the time-out of an unreachable server. Files put into DIR/etc before (passwd, hosts, subuid,
# docker/daemon.json, ...) cover those of the same name below /etc, for this engine alone.
engine_start() {
  local dir=$1 netns=$2 name=$3
  mkdir -p "$dir/data" "$dir/etc/docker"
  echo "nameserver $4" >"$dir/etc/resolv.conf"
  shift 4
  [ -d /etc/docker ] || mkdir /etc/docker
  in_netns "$netns" sysctl -qw net.ipv4.ip_forward=1
  # PREFER_OFFLINE: a Swarm task takes the local image without asking a registry first.
  # nsenter, not "ip netns exec": that one mounts a new /sys, which hides the cgroup v1 trees.
  setsid nsenter --net="$state/net/$netns" unshare --mount --uts --propagation private \
    env -i PATH="$PATH" DOCKER_SERVICE_PREFER_OFFLINE_IMAGE=1 bash "$here/lib/engine_inside.sh" "$dir" "$name" "$cgroup" "$@" \
    >"$dir/dockerd.log" 2>&1 </dev/null 8>&- 9>&- &
  disown $!
}

engine_wait() {
  local dir=$1 i
  for i in $(seq 150); do
    if engine_answers "$dir"; then
      process_start "$(cat "$dir/pid")" >"$dir/pid_start"
      return 0
    fi
    if [ -s "$dir/pid" ] && [ -z "$(process_start "$(cat "$dir/pid")")" ]; then break; fi
    sleep 0.1
  done
  say "last lines of the engine's log:"
  tail -n 5 "$dir/dockerd.log" >&2
  die "the engine of $lab did not start"
}
