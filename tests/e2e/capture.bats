#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# `bulkhead capture` on a real engine: traffic whose every packet is known comes out of the file, once and with its container's name.
bats_require_minimum_version 1.5.0
load support

setup_file() {
  lab_is_up leaky
  host=$(lab_host leaky)
  # It serves nobody: what is not ours is neighbour discovery, which the filters leave out.
  address=$(docker_of "$host" inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' shop-legacy-1)
  export host address
}

setup() { cd "$BATS_TEST_TMPDIR" || return; }

# Echo requests of 100 bytes from the engine's machine; each is answered.
pings() { in_lab leaky engine busybox ping -c "$1" -i "${2:-0.1}" -s 100 "$address" >/dev/null; }

# listening FILE COMMAND...: starts it, and returns when it writes.
listening() {
  local file=$1 i
  shift
  "$@" >out 2>&1 &
  listener=$!
  for i in $(seq 100); do
    [ -s "$file" ] && return 0
    sleep 0.1
  done
  cat out
  return 1
}

flows() { "$bulkhead" observe --pcap "$1" --format jsonl 2>counts; }

@test "capture: every packet once, both ways, with the container's name" {
  listening known.pcapng "$bulkhead" capture --host "$host" shop-legacy-1 --filter icmp --duration 4s -w known.pcapng
  pings 7
  wait "$listener"
  cat out
  grep -q '^bulkhead: 14 frames' out
  flows known.pcapng | jq -e -s 'length == 1 and .[0].packets == {to_destination: 7, to_source: 7} and .[0].bytes.to_destination == 7 * 142'
  grep -q '14 frames, 1 flows$' counts
  grep -aq 'container shop-legacy-1' known.pcapng
  [ "$(stat -c %a known.pcapng)" = 600 ]
}

@test "capture: ends after so many packets, and keeps so much of each" {
  listening few.pcapng "$bulkhead" capture --host "$host" shop-legacy-1 --filter 'icmp and src host '"$address" --packets 3 --snap 60 --duration 30s -w few.pcapng
  pings 5
  wait "$listener"
  grep -q '^bulkhead: 3 frames' out
  flows few.pcapng | jq -e -s 'length == 1 and .[0].packets.to_destination == 3 and .[0].bytes.to_destination == 3 * 142'
  [ "$(stat -c %s few.pcapng)" -lt 800 ]
}

@test "capture: a ring of files keeps the newest, and each is whole" {
  "$bulkhead" capture --host "$host" shop-legacy-1 --filter icmp --duration 4s --file-size 600 --files 2 -w ring.pcapng >out 2>&1 &
  sleep 1.5
  pings 8 0.2
  wait $!
  cat out
  [ "$(find . -name 'ring_*.pcapng' | wc -l)" = 2 ]
  [ ! -e ring.pcapng ]
  grep -q '16 frames' out
  for file in ring_*.pcapng; do
    flows "$file" >/dev/null
    run ! grep -q 'ends within' counts
  done
}

@test "capture: Ctrl-C and SIGTERM end it with a whole file" {
  for signal in INT TERM; do
    rm -f stopped.pcapng
    listening stopped.pcapng "$bulkhead" capture --host "$host" shop-legacy-1 --filter icmp -w stopped.pcapng
    pings 2
    sleep 0.3
    kill -s "$signal" "$listener"
    wait "$listener"
    grep -q '^bulkhead: 4 frames' out
    flows stopped.pcapng | jq -e -s '.[0].packets == {to_destination: 2, to_source: 2}'
  done
}

@test "capture: by a pipe into observe" {
  "$bulkhead" capture --host "$host" shop-legacy-1 --filter icmp --packets 4 --duration 20s -w - 2>/dev/null | "$bulkhead" observe --pcap - --format jsonl >piped 2>/dev/null &
  sleep 1.5
  pings 2
  wait $!
  jq -e -s '.[0].packets == {to_destination: 2, to_source: 2}' piped
}

@test "capture: the loopback only when it is asked for, and each of its packets once" {
  local pid
  pid=$(docker_of "$host" inspect -f '{{.State.Pid}}' shop-legacy-1)
  for choice in "" --loopback; do
    rm -f lo.pcapng
    listening lo.pcapng "$bulkhead" capture --host "$host" shop-legacy-1 --filter 'icmp and host 127.0.0.1' --duration 2s $choice -w lo.pcapng
    nsenter --net="/proc/$pid/ns/net" busybox ping -c 2 -i 0.1 127.0.0.1 >/dev/null
    wait "$listener"
    grep -q "^bulkhead: $([ -z "$choice" ] && echo 0 || echo 4) frames" out
  done
}

@test "capture: a container that ends is told, and what it said is kept" {
  local name=e2e-capture-$$
  docker_of "$host" run -d --name "$name" shop/web:1 sleep 3 >/dev/null
  run "$bulkhead" capture --host "$host" "$name" --duration 60s -w ended.pcapng
  docker_of "$host" rm -f "$name" >/dev/null
  [ "$status" = 0 ]
  [[ $output == *"$name ended meanwhile"* ]]
  flows ended.pcapng >/dev/null
}

@test "capture: what cannot be says why" {
  refused() {
    local expected=$1
    shift
    run "$bulkhead" capture --host "$host" "$@"
    [ "$status" = 2 ] || { echo "exit code $status: $*"; return 1; }
    [[ $output == *"$expected"* ]] || { echo "$output"; return 1; }
  }
  refused "whose packets?" -w a
  refused "where to?" shop-web-1
  refused "no container nobody" nobody -w a
  refused "does not run" shop-job-1 -w a
  refused "--filter" shop-web-1 -w a --filter 'tcp prot 80'
  refused "cannot write /nowhere/a" shop-web-1 -w /nowhere/a
  refused "no running container" --project nothing -w a
  refused "standard output" shop-web-1 -w - --file-size 1MB
  [ ! -e a ]
}

@test "capture: without root it says what it needs" {
  run setpriv --reuid 65534 --regid 65534 --groups "$(stat -c %g "$(lab_dir leaky)/docker.sock")" "$bulkhead" capture --host "$host" shop-web-1 -w "$BATS_TEST_TMPDIR/x"
  [ "$status" = 2 ]
  [[ $output == *root* || $output == *permission* || $output == *denied* ]]
}
