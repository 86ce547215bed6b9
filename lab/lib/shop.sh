# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the leaky and the hardened lab share: the machine's "outside" and how a container of the shop is started.

lan_engine=192.168.77.1
lan_client=192.168.77.100
internet=203.0.113.10

# The engine's machine has one cable, to a namespace "outside" that is client, gateway and internet in one.
outside_connect() {
  netns_make engine
  netns_make outside
  netns_cable engine eth0 outside eth0
  in_netns engine ip addr add $lan_engine/24 dev eth0
  in_netns engine ip addr add fd00:77::1/64 dev eth0 nodad 2>/dev/null
  in_netns engine ip link set eth0 up
  in_netns outside ip addr add $lan_client/24 dev eth0
  in_netns outside ip addr add fd00:77::64/64 dev eth0 nodad 2>/dev/null
  in_netns outside ip addr add $internet/32 dev lo
  in_netns outside ip link set eth0 up
  in_netns engine ip route add default via $lan_client
}

# Starts a process of the outside world; it is ended with its namespace.
outside_run() {
  setsid nsenter --net="$state/net/outside" env -i PATH="$state/rootfs/base/bin" EVERY="${EVERY:-3}" "$@" >/dev/null 2>&1 </dev/null 8>&- 9>&- &
  disown $!
}

outside_serves() { outside_run httpd -f -p 80 -h "$state/images/app/app/www"; }

outside_calls() { outside_run sh "$state/images/app/app/call.sh" "$@"; }

# container VERB SERVICE [docker flags] IMAGE [COMMAND]: VERB is "run -d" or "create". The labels are those of Compose.
container() {
  local verb=$1 service=$2
  shift 2
  # shellcheck disable=SC2086
  docker_at "$state" $verb --name "shop-$service-1" \
    --label com.docker.compose.project=shop --label "com.docker.compose.service=$service" \
    --label com.docker.compose.container-number=1 --label com.docker.compose.oneoff=False \
    "$@" >/dev/null 2>"$state/log/$service" || { cat "$state/log/$service" >&2; return 1; }
}

# network NAME [docker flags]
network() {
  local name=$1
  shift
  docker_at "$state" network create --label com.docker.compose.project=shop \
    --label "com.docker.compose.network=$name" "$@" "shop_$name" >/dev/null || die "cannot make the network shop_$name"
}

# join NETWORK SERVICE...
join() {
  local name=$1 service
  shift
  for service in "$@"; do
    docker_at "$state" network connect "shop_$name" "shop-$service-1" || die "cannot connect $service to $name"
  done
}

# together COMMAND... : commands of one wave, each a quoted string, run side by side; dies if one fails.
together() {
  local pids=() pid
  for command in "$@"; do
    eval "$command" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do
    wait "$pid" || die "a container of the shop did not start"
  done
}
