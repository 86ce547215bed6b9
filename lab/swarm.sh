# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The swarm lab: one manager (n1) and two workers on a wire of their own, with two stacks whose
# overlays are encrypted (shop_net), clear (pay_net) and wrongly shared by both (shop_bus).

build_swarm() {
  local node stack service
  say "network: three machines on one wire"
  swarm_wire
  say "starting three engines"
  for node in n1 n2 n3; do
    engine_start "$state/$node" $node $node 10.99.0.254 --userland-proxy=false
  done
  mkdir -p "$state/rootfs"
  rootfs_base "$state/rootfs/base"
  for node in n1 n2 n3; do engine_wait "$state/$node"; done
  say "images"
  image_import "$state/n1" "$state/rootfs/base" lab/base:1
  image_build "$state/n1" app shop/app:1
  docker_at "$state/n1" save -o "$state/images.tar" lab/base:1 shop/app:1 || die "cannot save the images"
  for node in n2 n3; do docker_at "$state/$node" load -q -i "$state/images.tar" >/dev/null || die "cannot load the images on $node"; done
  say "swarm"
  swarm_join
  swarm_meet
  say "stacks"
  for stack in shop pay; do
    docker_at "$state/n1" stack deploy --resolve-image never -c "$here/stacks/$stack.yml" $stack >/dev/null || die "cannot deploy the stack $stack"
  done
  # One after the other: an engine that joins two overlays at the same moment may wait 30 s for its
  # own gossip ("Bulk sync to node ... timed out" in its log).
  for service in shop_web=2 shop_api=2 pay_ledger=2 pay_clerk=1 pay_gate=1; do
    docker_at "$state/n1" service scale -d $service >/dev/null || die "cannot start $service"
    swarm_settle
  done
}

swarm_wire() {
  local i
  netns_make wire
  in_netns wire ip link add wire0 type bridge
  in_netns wire ip addr add 10.99.0.254/24 dev wire0
  in_netns wire ip link set wire0 up
  for i in 1 2 3; do
    netns_make n$i
    netns_cable wire port$i n$i eth0
    in_netns wire ip link set port$i master wire0 up
    in_netns n$i ip addr add 10.99.0.$i/24 dev eth0
    in_netns n$i ip link set eth0 up
    in_netns n$i ip route add default via 10.99.0.254
  done
}

swarm_join() {
  local token i
  docker_at "$state/n1" swarm init --advertise-addr 10.99.0.1 --listen-addr 10.99.0.1:2377 >/dev/null || die "cannot start the swarm"
  token=$(docker_at "$state/n1" swarm join-token -q worker)
  for i in 2 3; do
    docker_at "$state/n$i" swarm join --token "$token" --advertise-addr 10.99.0.$i 10.99.0.1:2377 >/dev/null || die "n$i cannot join the swarm"
  done
}

# Waits until every node knows the others in the ingress network, which all join by themselves.
swarm_meet() {
  local i node met
  for i in $(seq 100); do
    met=0
    for node in n1 n2 n3; do
      [ "$(docker_at "$state/$node" network inspect -f '{{len .Peers}}' ingress 2>/dev/null)" = 3 ] && met=$((met + 1))
    done
    [ $met = 3 ] && return 0
    sleep 0.2
  done
  die "the nodes of the swarm do not see each other"
}

# Waits until every service has all its tasks.
swarm_settle() {
  local i missing
  for i in $(seq 150); do
    missing=$(docker_at "$state/n1" service ls --format '{{.Replicas}}' | cut -d' ' -f1 | awk -F/ '$1 != $2' | wc -l)
    [ "$missing" = 0 ] && return 0
    sleep 0.2
  done
  die "$missing services of the swarm did not start; see docker service ls"
}
