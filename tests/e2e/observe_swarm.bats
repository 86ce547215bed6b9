#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The agent on a node of a swarm: overlays have namespaces of their own, and the other end is on another node.
load support
load agent

setup_file() {
  lab_is_up swarm
  docker_of "$(lab_host swarm n1)" network create -d overlay --attachable obs-overlay >/dev/null
}

teardown_file() {
  stop_agent || true # of a test that failed
  docker_of "$(lab_host swarm n1)" network rm obs-overlay >/dev/null || true
}

# from_to NODE: both ends by group, node and network, of all TCP flows on container networks.
from_to() {
  past "select distinct coalesce(s.project, '') || '/' || coalesce(s.service, s.container) || ' ' || coalesce(d.project, '') || '/' || coalesce(d.service, d.container) || ' ' || t.value
    from flow f join conversation c on c.id = f.conversation join identity s on s.id = c.source_identity join identity d on d.id = c.destination_identity
    join text t on t.id = c.network where c.protocol = 6 order by 1"
}
seen() { from_to | grep -qx "$1"; }

@test "swarm: tasks on other nodes are named by service and stack, on a manager and on a worker" {
  start_agent "$(lab_host swarm n1)"
  eventually seen 'pay/clerk pay/ledger pay_net'
  eventually seen 'shop/api pay/ledger shop_bus'
  peers() { [ "$(past "select count(*) from identity where who = 2 and service in ('api', 'ledger', 'clerk', 'web') and project <> '' and node in ('n2', 'n3')")" -ge 1 ]; }
  eventually peers
  stop_agent
  rm -rf "$E2E_DIR/history"
  start_agent "$(lab_host swarm n2)"
  eventually seen 'shop/api pay/ledger shop_bus' || eventually seen 'shop/api /pay_ledger shop_bus'
  stop_agent
}

# What is said before the namespace is found is counted as before attachment: it begins to speak a moment later.
@test "swarm: flows between nodes are there on an overlay whose namespace came after the agent, both ends by name" {
  rm -rf "$E2E_DIR/history"
  start_agent "$(lab_host swarm n1)"
  docker_of "$(lab_host swarm n2)" run -d --name obs-far --network obs-overlay shop/app:1 busybox httpd -f -p 80 -h /etc >/dev/null
  address=$(docker_of "$(lab_host swarm n2)" inspect -f '{{(index .NetworkSettings.Networks "obs-overlay").IPAddress}}' obs-far)
  docker_of "$(lab_host swarm n1)" run -d --name obs-near --network obs-overlay shop/app:1 busybox sh -c \
    "busybox sleep 2; i=0; while [ \$i -lt 20 ]; do busybox wget -q -O /dev/null http://$address/hostname && i=\$((i+1)); done; busybox sleep 600" >/dev/null
  all() { [ "$(past "select count(*) from flows where source_container = 'obs-near' and destination_ip_hex = '$(printf '%02X' ${address//./ })' and protocol = 6")" -ge 20 ]; }
  eventually all
  [ "$(past "select count(*) from flows where source_container = 'obs-near' and destination_container = 'obs-far' and packets_to_source > 0 and l7_name = 'http'")" -ge 20 ]
  [ "$(past "select distinct who || ' ' || network from identity where container = 'obs-far'")" = '2 obs-overlay' ]
  stop_agent
  docker_of "$(lab_host swarm n1)" rm -f obs-near >/dev/null
  docker_of "$(lab_host swarm n2)" rm -f obs-far >/dev/null
}
