#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The agent on a real engine: who talked to whom, exactly, under the right names, also of containers that are gone.
load support
load agent

setup_file() {
  lab_is_up leaky
  start_agent "$(host)"
}

teardown_file() {
  stop_agent || true
  [ ! -e "$E2E_DIR/forward.pid" ] || kill "$(cat "$E2E_DIR/forward.pid")" 2>/dev/null || true
}

host() { lab_host leaky; }
docker() { docker_of "$(host)" "$@"; }

# What the kernel counted of a container's own IP: packets in and out, bytes in and out, without the link's headers.
ip_counters() {
  local pid
  pid=$(docker inspect -f '{{.State.Pid}}' "$1")
  nsenter --net="/proc/$pid/ns/net" awk '
    /^Ip: [0-9]/ { packets = $4 " " $11 } /^IpExt: [0-9]/ { bytes = $8 " " $9 } END { print packets, bytes }' /proc/net/snmp /proc/net/netstat
}

address_of() { docker inspect -f '{{.NetworkSettings.Networks.shop_app.IPAddress}}' "$1"; }
quiet() { echo --sysctl net.ipv6.conf.all.disable_ipv6=1 --sysctl net.ipv6.conf.default.disable_ipv6=1; }

@test "flows: every connection is there once, with names, and packets and bytes equal the container's own counters" {
  # shellcheck disable=SC2046
  docker run -d --name obs-server $(quiet) --network shop_app shop/app:1 busybox httpd -f -p 80 -h /etc >/dev/null
  address=$(address_of obs-server)
  # shellcheck disable=SC2046
  docker run -d --name obs-client $(quiet) --network shop_app shop/app:1 busybox sh -c \
    "i=0; while [ \$i -lt 100 ]; do busybox wget -q -O /dev/null http://$address/hostname && i=\$((i+1)); done; busybox touch /tmp/done; busybox sleep 600" >/dev/null
  eventually has_flows obs-client obs-server 100
  sleep 3 # what comes late
  read -r in_packets out_packets in_bytes out_bytes < <(ip_counters obs-client)
  IFS='|' read -r flows there back there_bytes back_bytes < <(flows_between obs-client obs-server)
  echo "kernel: out $out_packets packets $out_bytes bytes, in $in_packets packets $in_bytes bytes; history: $flows flows, $there $there_bytes, $back $back_bytes"
  [ "$flows" -ge 100 ]
  # All its packets are those of these flows: it speaks to nobody else.
  [ "$there" = "$out_packets" ]
  [ "$back" = "$in_packets" ]
  [ $((there_bytes - 14 * there)) = "$out_bytes" ]
  [ $((back_bytes - 14 * back)) = "$in_bytes" ]
  [ "$(past "select count(*) from flow_more where loss > 0")" = 0 ]
}

@test "names: a container that is removed keeps its flows under its name, image and project" {
  docker run -d --name obs-gone --label com.docker.compose.project=obs --label com.docker.compose.service=job --network shop_app shop/app:1 \
    busybox sh -c "busybox wget -q -O /dev/null http://$(address_of obs-server)/hostname; busybox sleep 600" >/dev/null
  eventually has_flows obs-gone obs-server 1
  docker rm -f obs-gone >/dev/null
  [ "$(past "select distinct source_project || '/' || source_service from flows where source_container = 'obs-gone' and destination_container = 'obs-server'")" = obs/job ]
  [ "$(past "select distinct image || ' ' || network from identity where container = 'obs-gone'")" = 'shop/app:1 shop_app' ]
}

@test "names: an address that goes to another container never renames what was before" {
  docker network create --subnet 10.222.0.0/24 obs-reuse >/dev/null
  docker run -d --name obs-reuse-server --network obs-reuse --ip 10.222.0.10 shop/app:1 busybox httpd -f -p 80 -h /etc >/dev/null
  for name in obs-first obs-second obs-third; do
    docker run --rm --name $name --network obs-reuse --ip 10.222.0.20 shop/app:1 busybox wget -q -O /dev/null http://10.222.0.10/hostname
  done
  for name in obs-first obs-second obs-third; do eventually has_flows $name obs-reuse-server 1; done
  docker rm -f obs-reuse-server >/dev/null
  docker network rm obs-reuse >/dev/null
  past "select source_container, count(*) from flows where destination_container = 'obs-reuse-server' and protocol = 6 group by 1 order by 1" >"$BATS_TEST_TMPDIR/got"
  printf 'obs-first|1\nobs-second|1\nobs-third|1\n' | diff - "$BATS_TEST_TMPDIR/got"
}

@test "published port: the real client and the container are told, once, with the port that was asked for" {
  for port in 41001 41002 41003; do
    in_lab leaky outside curl -s -o /dev/null --local-port $port http://192.168.77.1:8080/
  done
  published="select count(*), count(distinct source_port) from flow f join conversation c on c.id = f.conversation join identity d on d.id = c.destination_identity
    where hex(c.source_address) = 'C0A84D64' and f.source_port between 41000 and 41100 and c.protocol = 6"
  real() { [ "$(past "$published and d.container = 'shop-proxy-1' and hex(c.destination_translated) = 'C0A84D01' and c.destination_translated_port = 8080")" = '3|3' ]; }
  eventually real
  [ "$(past "$published")" = '3|3' ]
}

@test "masquerade: a container's flow to the outside is told once, as the container's" {
  outward="select count(*) from flows where destination_ip_hex = 'CB00710A' and protocol = 6"
  some() { [ "$(past "$outward and source_container = 'shop-guest-1'")" -ge 1 ]; }
  eventually some
  [ "$(past "$outward and source_container is null")" = 0 ]
}

@test "churn: containers that live for a moment are all named, and everything they said is there" {
  address=$(address_of obs-server)
  for i in $(seq "${OBS_CHURN:-40}"); do
    docker run --rm --name "obs-brief-$i" --network shop_app shop/app:1 busybox wget -q -O /dev/null "http://$address/hostname" &
    [ $((i % 4)) != 0 ] || wait
  done
  wait
  all() { [ "$(past "select count(distinct source_container) from flows where source_container like 'obs-brief-%' and destination_container = 'obs-server'")" = "${OBS_CHURN:-40}" ]; }
  eventually all
  [ "$(past "select count(*) from flows where source_container like 'obs-brief-%' and destination_container = 'obs-server' and protocol = 6")" = "${OBS_CHURN:-40}" ]
  [ "$(counter words_dropped)" = 0 ]
}

# The lab's engine on another socket, by a process that can be ended: as far as the program sees, the engine itself.
engine_by_way_of() {
  # shellcheck disable=SC2016
  exec nsenter --net="$(lab_dir leaky net/engine)" perl -e '$0 = "dockerd"; my $file = shift; do $file or die $@' \
    "$E2E_SOURCE/forward.pl" "$1" "$(lab_dir leaky)/docker.sock" 3>&-
}

@test "engine away: flows go on under their names, and names are right again after it came back" {
  stop_agent
  engine_by_way_of "$E2E_DIR/via.sock" &
  forward=$!
  echo $forward >"$E2E_DIR/forward.pid"
  eventually test -S "$E2E_DIR/via.sock"
  start_agent "unix://$E2E_DIR/via.sock"
  address=$(address_of obs-server)
  # shellcheck disable=SC2046
  kill $(cat "/proc/$forward/task/$forward/children") $forward
  wait $forward || true
  rm -f "$E2E_DIR/via.sock"
  away() { [ "$(counter engine_gone)" -ge 1 ]; }
  eventually away
  docker run -d --name obs-meanwhile --network shop_app shop/app:1 busybox sh -c "while :; do busybox wget -q -O /dev/null http://$address/hostname; busybox sleep 1; done" >/dev/null
  engine_by_way_of "$E2E_DIR/via.sock" &
  forward=$!
  echo $forward >"$E2E_DIR/forward.pid"
  eventually has_flows obs-meanwhile obs-server 1
  [ "$(counter engine_full_readings)" -ge 2 ]
  stop_agent
  kill $forward
  docker rm -f obs-meanwhile >/dev/null
  start_agent "$(host)"
}

@test "status: metrics for Prometheus and words for people are told on the socket alone" {
  curl -s --unix-socket "$E2E_DIR/agent.sock" http://localhost/metrics >"$BATS_TEST_TMPDIR/metrics"
  grep -q '^bulkhead_flows_told_total [0-9]' "$BATS_TEST_TMPDIR/metrics"
  grep -q '^bulkhead_engine_answers 1$' "$BATS_TEST_TMPDIR/metrics"
  [ "$(stat -c %a "$E2E_DIR/agent.sock")" = 600 ]
  "$bulkhead" status --listen "$(agent_listen)" >"$BATS_TEST_TMPDIR/words"
  grep -q '^engine answers$' "$BATS_TEST_TMPDIR/words"
  [ "$(curl -s -o /dev/null -w '%{http_code}' -X POST --unix-socket "$E2E_DIR/agent.sock" http://localhost/status)" = 405 ]
}

@test "reload: a wrong configuration is refused and the old one goes on; a right one is taken over" {
  pid=$(cat "$E2E_DIR/agent.pid")
  echo 'histroy: {}' >>"$E2E_DIR/agent.yaml"
  kill -HUP "$pid"
  refused() { "$bulkhead" status --listen "$(agent_listen)" --format json | jq -e '.reload_error | test("agent.yaml:4:1")' >/dev/null; }
  eventually refused
  sed -i '$d' "$E2E_DIR/agent.yaml"
  echo '  days: 3' >>"$E2E_DIR/agent.yaml"
  kill -HUP "$pid"
  taken() { grep -q 'event=reloaded' "$E2E_DIR/agent.log" && status_answers; }
  eventually taken
  kill -0 "$pid"
}

@test "two agents: the second says who is there and changes nothing" {
  printf 'listen: unix:%s\nhistory:\n  folder: %s\n' "$E2E_DIR/second.sock" "$E2E_DIR/second" >"$E2E_DIR/second.yaml"
  run "$bulkhead" serve --host "$(host)" --config "$E2E_DIR/second.yaml"
  one_line_error 2 "$(cat "$E2E_DIR/agent.pid")"
  status_answers
}

@test "rights: who is not root is told so in one line" {
  run setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=/nonexistent "$bulkhead" serve --host "$(host)"
  one_line_error 2 root
}

@test "SIGKILL: the next start finds its way, and what was seen before is there" {
  before=$(count_between obs-client obs-server)
  stop_agent -KILL
  start_agent "$(host)"
  [ "$(count_between obs-client obs-server)" -ge "$before" ]
  docker run --rm --name obs-after --network shop_app shop/app:1 busybox wget -q -O /dev/null "http://$(address_of obs-server)/hostname"
  eventually has_flows obs-after obs-server 1
  docker rm -f obs-client >/dev/null
}

@test "observe: without a service a flow of this host is shown by name as it begins" {
  stop_agent
  docker run -d --name obs-live --network shop_app shop/app:1 busybox sh -c \
    "while :; do busybox wget -q -O /dev/null http://$(address_of obs-server)/hostname; busybox sleep 0.1; done" >/dev/null
  began=$(date +%s%N)
  timeout 20 "$bulkhead" observe --host "$(host)" --from-container obs-live --to-container obs-server --format jsonl --first 1 >"$BATS_TEST_TMPDIR/flow" 2>"$BATS_TEST_TMPDIR/account"
  echo "first flow, and all of it ended, after $((($(date +%s%N) - began) / 1000000)) ms"
  jq -e '.source.container == "obs-live" and .destination.container == "obs-server" and .network == "shop_app"' "$BATS_TEST_TMPDIR/flow"
  grep -q 'interfaces' "$BATS_TEST_TMPDIR/account"
  docker rm -f obs-live obs-server >/dev/null
}

@test "observe: who is not root is told so in one line" {
  run setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=/nonexistent "$bulkhead" observe --host "$(host)"
  one_line_error 2 root
}
