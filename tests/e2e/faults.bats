#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Rights that are missing, containers that vanish, and runs that are broken off.
load support

setup_file() { lab_is_up leaky; }

nobody() { setpriv --reuid 65534 --regid "$1" --clear-groups env HOME=/nonexistent "${@:2}"; }

@test "rights: a user who may not open the socket is told so in one line" {
  run nobody 65534 "$bulkhead" audit --host "$(lab_host leaky)"
  one_line_error 2 "ermission denied"
  [[ "$output" == *root* || "$output" == *sudo* || "$output" == *group* ]]
}

@test "rights: a user of the docker group sees what the engine tells; what needs root is unknown, never ok" {
  group=$(stat -c %g "$(lab_dir leaky)/docker.sock")
  code=0
  nobody "$group" "$bulkhead" audit --host "$(lab_host leaky)" --format json >"$BATS_TEST_TMPDIR/report.json" || code=$?
  [ $code -le 1 ]
  jq -e '.summary.error == 0' "$BATS_TEST_TMPDIR/report.json"
  # By the engine's word alone.
  [ "$(status_of "$BATS_TEST_TMPDIR/report.json" csvs_7_5 shop-legacy-1)" = alarm ]
  [ "$(status_of "$BATS_TEST_TMPDIR/report.json" csvs_7_8 shop-proxy-1:0.0.0.0:8080-\>80/tcp)" = alarm ]
  # No result is ok that root does not find ok; and what root finds alarming is not passed.
  rows "$BATS_TEST_TMPDIR/report.json" >"$BATS_TEST_TMPDIR/got"
  expected leaky >"$BATS_TEST_TMPDIR/want"
  grep -P '\tok$' "$BATS_TEST_TMPDIR/got" | comm -23 - "$BATS_TEST_TMPDIR/want" >"$BATS_TEST_TMPDIR/too_good"
  : >"$BATS_TEST_TMPDIR/none"
  equal passed "$BATS_TEST_TMPDIR/none" "$BATS_TEST_TMPDIR/too_good"
  # Evidence that only root can read is not there.
  jq -e '[.results[] | select(.control == "csvs_3_2" or .control == "csvs_7_13" or .control == "csvs_7_7") | select(.status == "ok")] | length == 0' "$BATS_TEST_TMPDIR/report.json"
  jq -e '.blind_spots | length > 0 and any(.reason | test("denied|permitted|root"))' "$BATS_TEST_TMPDIR/report.json"
}

@test "vanishing: containers that come and go during audits are no error" {
  host=$(lab_host leaky)
  touch "$BATS_TEST_TMPDIR/go"
  (while [ -e "$BATS_TEST_TMPDIR/go" ]; do
    docker_of "$host" run --rm --network none --name e2e-brief shop/app:1 true
  done) >/dev/null 2>&1 3>&- &
  churn=$!
  vanished=0
  for i in $(seq 12); do
    audit_json "$host" "$BATS_TEST_TMPDIR/$i.json" || { rm "$BATS_TEST_TMPDIR/go"; return 1; }
    jq -e '.summary.error == 0' "$BATS_TEST_TMPDIR/$i.json"
    vanished=$((vanished + $(jq .vanished "$BATS_TEST_TMPDIR/$i.json")))
    # What stays is judged as ever.
    rows "$BATS_TEST_TMPDIR/$i.json" | grep -P '\talarm$' | grep -v e2e-brief >"$BATS_TEST_TMPDIR/got"
    expected leaky | grep -P '\talarm$' >"$BATS_TEST_TMPDIR/want"
    equal alarms "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/got" || { rm "$BATS_TEST_TMPDIR/go"; return 1; }
  done
  rm "$BATS_TEST_TMPDIR/go"
  wait $churn
  echo "vanished: $vanished"
}

@test "breaking off: Ctrl-C in an audit ends it at once and leaves no file" {
  mkdir "$BATS_TEST_TMPDIR/here" "$BATS_TEST_TMPDIR/tmp"
  # An engine that never answers keeps the audit waiting.
  perl "$E2E_SOURCE/fake_engine.pl" "$BATS_TEST_TMPDIR/fake.sock" silent 3>&- &
  fake=$!
  for i in $(seq 100); do [ -S "$BATS_TEST_TMPDIR/fake.sock" ] && break; sleep 0.05; done
  cd "$BATS_TEST_TMPDIR/here"
  for signal in INT TERM; do
    # A background job of a shell ignores SIGINT; env puts that right.
    TMPDIR=$BATS_TEST_TMPDIR/tmp env --default-signal=INT "$bulkhead" audit --host "unix://$BATS_TEST_TMPDIR/fake.sock" --output report --save-snapshot kept >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
    pid=$!
    sleep 1
    kill -$signal $pid
    began=$(date +%s%N)
    code=0
    wait $pid || code=$?
    echo "$signal: exit code $code after $((($(date +%s%N) - began) / 1000000)) ms"
    cat "$BATS_TEST_TMPDIR/out"
    [ $code -ge 128 ] || [ $code = 2 ]
    [ $((($(date +%s%N) - began) / 1000000)) -lt 3000 ]
    [ -z "$(ls -A "$BATS_TEST_TMPDIR/here" "$BATS_TEST_TMPDIR/tmp" | grep -v ':$' | tr -d '\n')" ]
  done
  kill $fake
}

@test "breaking off: Ctrl-C in 'lab up' leaves no process, mount or file" {
  export BULKHEAD_LAB_DIR=$E2E_DIR/half TMPDIR=$E2E_DIR/tmp
  cgroup=bulkhead-lab-$(printf %s "$BULKHEAD_LAB_DIR/leaky" | cksum | cut -d ' ' -f 1)
  env --default-signal=INT "$bulkhead" lab up leaky >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
  pid=$!
  for i in $(seq 300); do grep -q containers "$BATS_TEST_TMPDIR/out" && break; sleep 0.1; done
  sleep 0.5
  kill -INT $pid
  code=0
  wait $pid || code=$?
  cat "$BATS_TEST_TMPDIR/out"
  [ $code = 130 ]
  [ ! -e "$BULKHEAD_LAB_DIR/leaky" ]
  [ -z "$(ls -A "$TMPDIR")" ]
  [ -z "$(find /sys/fs/cgroup -maxdepth 2 -name "$cgroup" 2>/dev/null)" ]
  run grep -F "$BULKHEAD_LAB_DIR" /proc/self/mounts
  [ "$status" -ne 0 ]
}

@test "breaking off: a lab whose 'up' was killed is cleaned up by 'down'" {
  export BULKHEAD_LAB_DIR=$E2E_DIR/killed TMPDIR=$E2E_DIR/tmp
  setsid "$bulkhead" lab up hardened >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
  pid=$!
  for i in $(seq 300); do grep -q images "$BATS_TEST_TMPDIR/out" && break; sleep 0.1; done
  kill -KILL $pid $(cat /proc/$pid/task/$pid/children)
  wait $pid || true
  "$bulkhead" lab down hardened
  [ ! -e "$BULKHEAD_LAB_DIR/hardened" ]
  run grep -F "$BULKHEAD_LAB_DIR" /proc/self/mounts
  [ "$status" -ne 0 ]
}
