#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Engines that are reached or started in other ways: over TCP with client certificates, by socket activation, in other namespaces.
load support

# A machine of its own for two engines: namespace "far" has them, "near" is where bulkhead runs; a cable lies between.
setup_file() {
  dir=$E2E_DIR/engines
  export dir
  mkdir -p "$dir/net" "$dir/tls" "$dir/far" "$dir/activated"
  for name in far near; do
    touch "$dir/net/$name"
    unshare --net="$dir/net/$name" ip link set lo up
  done
  nsenter --net="$dir/net/far" ip link add cable type veth peer name end
  nsenter --net="$dir/net/far" ip link set end netns "$dir/net/near"
  nsenter --net="$dir/net/far" sh -c 'ip addr add 192.168.99.1/24 dev cable; ip link set cable up'
  nsenter --net="$dir/net/near" sh -c 'ip addr add 192.168.99.2/24 dev end; ip link set end up'
  certificates >"$dir/tls.log" 2>&1
  start_engine far --host "unix://$dir/far/docker.sock" --host tcp://192.168.99.1:2376 --tlsverify \
    --tlscacert "$dir/tls/ca.pem" --tlscert "$dir/tls/server.pem" --tlskey "$dir/tls/server.key"
  answers "unix://$dir/far/docker.sock"
  # Two containers on docker0, which would be alarms by the host's facts too.
  tar -C "$(dirname "$(command -v busybox)")" -c busybox | docker_of "unix://$dir/far/docker.sock" import - e2e/busybox:1 >/dev/null
  for i in 1 2; do docker_of "unix://$dir/far/docker.sock" run -d --name "far-$i" e2e/busybox:1 /busybox sleep 1000000 >/dev/null; done
}

teardown_file() {
  for name in far activated; do
    if [ -s "$dir/$name/id" ]; then
      docker_of "unix://$dir/$name/docker.sock" ps -q | xargs -r env DOCKER_HOST="unix://$dir/$name/docker.sock" "$docker_client" kill >/dev/null || true
      kill "$(cat "$dir/$name/id")" || true
      for i in $(seq 100); do [ -e "/proc/$(cat "$dir/$name/id")" ] || break; sleep 0.1; done
    fi
    [ ! -s "$dir/$name/opener" ] || kill "$(cat "$dir/$name/opener")" || true
  done
  umount "$dir/net/far" "$dir/net/near"
}

certificates() {
  cd "$dir/tls" || return 1
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=e2e-ca -keyout ca.key -out ca.pem
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other-ca -keyout other.key -out other.pem
  for who in server client; do
    openssl req -newkey rsa:2048 -nodes -subj "/CN=$who" -keyout $who.key -out $who.csr
    printf 'subjectAltName=IP:192.168.99.1\nextendedKeyUsage=%sAuth\n' $who >$who.ext
    openssl x509 -req -in $who.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile $who.ext -out $who.pem
  done
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=stranger -keyout stranger.key -out stranger.pem
  mkdir right wrong_ca no_client stranger
  cp ca.pem right/ca.pem; cp client.pem right/cert.pem; cp client.key right/key.pem
  cp other.pem wrong_ca/ca.pem; cp client.pem wrong_ca/cert.pem; cp client.key wrong_ca/key.pem
  cp ca.pem no_client/ca.pem
  cp ca.pem stranger/ca.pem; cp stranger.pem stranger/cert.pem; cp stranger.key stranger/key.pem
  chmod -R go= .
}

# start_engine NAME FLAGS...: a dockerd in "far" with mounts, /run and state of its own.
start_engine() {
  local name=$1
  shift
  printf 'mount --make-rprivate /; mount -t tmpfs tmpfs /run; echo $$ >%s; exec "$@"' "$dir/$name/id" >"$dir/$name/inside"
  setsid nsenter --net="$dir/net/far" unshare --mount --propagation private sh "$dir/$name/inside" \
    ${opener:-} dockerd --data-root "$dir/$name/data" --exec-root /run/docker --pidfile "$dir/$name/docker.pid" \
    --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent /bulkhead-e2e "$@" >"$dir/$name/log" 2>&1 </dev/null 3>&- &
}

answers() {
  local i
  for i in $(seq 200); do docker_of "$1" version >/dev/null 2>&1 && return 0; sleep 0.1; done
  tail -n 5 "$dir"/*/log
  return 1
}

near() { nsenter --net="$dir/net/near" "$@"; }

@test "tcp: an engine on another host is audited with client certificates" {
  export DOCKER_HOST=tcp://192.168.99.1:2376 DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=$dir/tls/right
  near "$bulkhead" audit --format json >"$BATS_TEST_TMPDIR/report.json" || [ $? -eq 1 ]
  [ "$(status_of "$BATS_TEST_TMPDIR/report.json" csvs_7_5 far-1)" = alarm ]
  [ "$(near "$bulkhead" query --format csv "select count(*) from docker_container" | tail -n 1 | tr -d '\r')" = 2 ]
  unset DOCKER_HOST
  near "$bulkhead" audit --host tcp://192.168.99.1:2376 --format json csvs_7_5 >"$BATS_TEST_TMPDIR/option.json" || [ $? -eq 1 ]
  [ "$(status_of "$BATS_TEST_TMPDIR/option.json" csvs_7_5 far-1)" = alarm ]
}

@test "tcp: what rests on the other host's own facts is unknown, and says why" {
  export DOCKER_HOST=tcp://192.168.99.1:2376 DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=$dir/tls/right
  near "$bulkhead" audit --format json >"$BATS_TEST_TMPDIR/report.json" || [ $? -eq 1 ]
  jq -e '.summary.error == 0' "$BATS_TEST_TMPDIR/report.json"
  for control in csvs_3_1 csvs_3_2 csvs_3_12; do
    echo $control
    [ "$(status_of "$BATS_TEST_TMPDIR/report.json" $control far-1)" = unknown ]
    [[ "$(reason_of "$BATS_TEST_TMPDIR/report.json" $control far-1)" == *"the engine is on another host"* ]]
  done
  jq -e '[.results[] | select(.control == "csvs_7_3" or .control == "csvs_7_7")] | length == 2 and all(.status == "unknown")' "$BATS_TEST_TMPDIR/report.json"
  # No verdict shows evidence from this machine; what lies in images comes from the engine.
  jq -r '.results[] | select(.status != "unknown") | .evidence[] | select(.source != "engine" and .source != "image" and .source != "image_layer") | .locator' "$BATS_TEST_TMPDIR/report.json" >"$BATS_TEST_TMPDIR/local"
  : >"$BATS_TEST_TMPDIR/none"
  equal evidence "$BATS_TEST_TMPDIR/none" "$BATS_TEST_TMPDIR/local"
}

@test "tcp: the same engine through its socket has its facts" {
  audit_json "unix://$dir/far/docker.sock" "$BATS_TEST_TMPDIR/report.json"
  [ "$(status_of "$BATS_TEST_TMPDIR/report.json" csvs_3_2 far-1)" = alarm ]
  [[ "$(reason_of "$BATS_TEST_TMPDIR/report.json" csvs_3_1 far-1)" == *"1 of 1 processes runs as root"* ]]
  [ "$(query "unix://$dir/far/docker.sock" "select address from host_address where interface_name = 'cable' and family = 'ipv4'")" = 192.168.99.1 ]
}

@test "tcp: wrong authority, missing or unknown client certificate, no TLS: one line each" {
  export DOCKER_HOST=tcp://192.168.99.1:2376 DOCKER_TLS_VERIFY=1
  for folder in wrong_ca no_client stranger nowhere; do
    echo "certificates: $folder"
    DOCKER_CERT_PATH=$dir/tls/$folder run near "$bulkhead" audit
    one_line_error 2 ""
  done
  unset DOCKER_TLS_VERIFY
  run near "$bulkhead" audit
  one_line_error 2 "TLS"
}

@test "socket activation: the engine is found though another process opened its socket" {
  opener="perl $E2E_SOURCE/open_socket.pl $dir/activated/docker.sock $dir/activated/id $dir/activated/opener" start_engine activated --host fd:// \
    --bridge none --iptables=false
  answers "unix://$dir/activated/docker.sock"
  host=unix://$dir/activated/docker.sock
  pid=$(query "$host" "select pid from host_process where name = 'dockerd'")
  [ "$(cat "/proc/$pid/comm")" = dockerd ]
  [ "$pid" = "$(cat "$dir/activated/id")" ]
  [ "$pid" != "$(cat "$dir/activated/opener")" ]
  [ "$(query "$host" "select value || ' ' || source from dockerd_config where name = 'iptables'" | tr -d '"')" = "false flag" ]
  audit_json "$host" "$BATS_TEST_TMPDIR/report.json"
  jq -e '[.results[] | select(.control == "csvs_7_7")] | all(.status == "alarm")' "$BATS_TEST_TMPDIR/report.json"
}

@test "same name, other machine: a socket that was forwarded from elsewhere gives no host facts" {
  # A process that is no engine stands behind the socket, as with `ssh -L`.
  perl "$E2E_SOURCE/forward.pl" "$BATS_TEST_TMPDIR/forwarded.sock" "$dir/far/docker.sock" 3>&- &
  forwarder=$!
  for i in $(seq 100); do [ -S "$BATS_TEST_TMPDIR/forwarded.sock" ] && break; sleep 0.05; done
  code=0
  "$bulkhead" audit --host "unix://$BATS_TEST_TMPDIR/forwarded.sock" --format json >"$BATS_TEST_TMPDIR/report.json" || code=$?
  kill $forwarder
  [ $code -le 1 ]
  [ "$(status_of "$BATS_TEST_TMPDIR/report.json" csvs_7_5 far-1)" = alarm ]
  [ "$(status_of "$BATS_TEST_TMPDIR/report.json" csvs_3_1 far-1)" = unknown ]
}
