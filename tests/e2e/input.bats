#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Bad input that needs no engine: one clear line each, exit code 2, nothing left behind.
load support

fake() {  # fake MODE: an engine that answers badly; its socket is $BATS_TEST_TMPDIR/fake.sock
  perl "$E2E_SOURCE/fake_engine.pl" "$BATS_TEST_TMPDIR/fake.sock" "$1" 3>&- &
  fake_pid=$!
  for i in $(seq 100); do [ -S "$BATS_TEST_TMPDIR/fake.sock" ] && return 0; sleep 0.05; done
  return 1
}

teardown() { [ -z "${fake_pid:-}" ] || { kill "$fake_pid" 2>/dev/null || true; }; }

@test "input: no engine answers" {
  run "$bulkhead" audit --host "unix://$BATS_TEST_TMPDIR/nobody.sock"
  one_line_error 2 "nobody.sock"
  DOCKER_HOST="unix://$BATS_TEST_TMPDIR/nobody.sock" run "$bulkhead" audit
  one_line_error 2 "nobody.sock"
  run "$bulkhead" audit --host tcp://127.0.0.1:1
  one_line_error 2 "127.0.0.1:1"
  run "$bulkhead" audit --host ftp://example
  one_line_error 2 "ftp"
  # A socket file that nobody serves.
  perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 1)' "$BATS_TEST_TMPDIR/dead.sock"
  run "$bulkhead" audit --host "unix://$BATS_TEST_TMPDIR/dead.sock"
  one_line_error 2 "dead.sock"
}

@test "input: DOCKER_HOST, the docker context and --host are followed in the order of docker" {
  mkdir -p "$BATS_TEST_TMPDIR/config/contexts/meta/$(printf far | sha256sum | cut -d ' ' -f 1)"
  echo '{"currentContext": "far"}' >"$BATS_TEST_TMPDIR/config/config.json"
  printf '{"Name":"far","Metadata":{},"Endpoints":{"docker":{"Host":"unix://%s/context.sock","SkipTLSVerify":false}}}' "$BATS_TEST_TMPDIR" \
    >"$BATS_TEST_TMPDIR/config/contexts/meta/$(printf far | sha256sum | cut -d ' ' -f 1)/meta.json"
  export DOCKER_CONFIG=$BATS_TEST_TMPDIR/config
  run "$bulkhead" audit
  one_line_error 2 "context.sock"
  DOCKER_HOST="unix://$BATS_TEST_TMPDIR/variable.sock" run "$bulkhead" audit
  one_line_error 2 "variable.sock"
  DOCKER_HOST="unix://$BATS_TEST_TMPDIR/variable.sock" run "$bulkhead" audit --host "unix://$BATS_TEST_TMPDIR/option.sock"
  one_line_error 2 "option.sock"
  DOCKER_CONTEXT=nowhere run "$bulkhead" audit
  one_line_error 2 "nowhere"
}

@test "input: an engine that answers no JSON, half an answer, too much, too deep or not UTF-8" {
  for mode in garbage cut huge deep bytes closes; do
    fake $mode
    echo "mode $mode"
    run timeout 60 "$bulkhead" audit --host "unix://$BATS_TEST_TMPDIR/fake.sock"
    kill "$fake_pid"
    rm -f "$BATS_TEST_TMPDIR/fake.sock"
    one_line_error 2 "fake.sock"
  done
}

@test "input: an engine that stops answering is left after a time" {
  fake silent
  began=$(date +%s)
  run timeout 100 "$bulkhead" audit --host "unix://$BATS_TEST_TMPDIR/fake.sock"
  one_line_error 2 "fake.sock"
  [ $(($(date +%s) - began)) -lt 60 ]
}

@test "input: lists that are cut make results unknown or errors; verdicts rest on whole answers alone" {
  fake half
  "$bulkhead" audit --host "unix://$BATS_TEST_TMPDIR/fake.sock" --format json >"$BATS_TEST_TMPDIR/report.json" || code=$?
  [ "${code:-0}" -le 1 ]
  # /info and /version are the two that this engine answers whole.
  jq -c '.results[] | select(.status == "ok" or .status == "alarm") | select(.evidence == [] or any(.evidence[]; .locator != "engine:/info" and .locator != "engine:/version"))
    | [.control, .resource_name, .status, .reason]' "$BATS_TEST_TMPDIR/report.json" >"$BATS_TEST_TMPDIR/unfounded"
  [ "$(jq '.results | length' "$BATS_TEST_TMPDIR/report.json")" -gt 50 ]
  [ ! -s "$BATS_TEST_TMPDIR/unfounded" ] || { cat "$BATS_TEST_TMPDIR/unfounded"; false; }
}

@test "input: an unknown control is answered with the nearest name" {
  run "$bulkhead" audit csvs_7_66
  one_line_error 2 "csvs_7_6"
  run "$bulkhead" explain csv_7_6
  one_line_error 2 "csvs_7_6"
  run "$bulkhead" audti
  [ "$status" -eq 2 ]
  [[ "$output" == *audit* ]]
}

@test "input: broken SQL" {
  fake garbage
  host=unix://$BATS_TEST_TMPDIR/fake.sock
  run "$bulkhead" query --host "$host" "selec 1"
  one_line_error 2 'near "selec"'
  run "$bulkhead" query --host "$host" "select nmae from docker_network"
  one_line_error 2 "name"
  run "$bulkhead" query --host "$host" "select * from docker_netwrok"
  one_line_error 2 "docker_network"
  run "$bulkhead" query --host "$host" "create table t(a)"
  one_line_error 2 "read"
  run "$bulkhead" query --host "$host" "attach '$BATS_TEST_TMPDIR/new.db' as new"
  [ "$status" -eq 2 ]
  [ ! -e "$BATS_TEST_TMPDIR/new.db" ]
  run "$bulkhead" query --host "$host" --timeout 0.5 "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
  one_line_error 2 "500 ms"
  run "$bulkhead" query --host "$host" --max-rows 5 "with recursive n(i) as (select 1 union all select i + 1 from n limit 100) select i from n"
  [[ "$output" == *"only the first 5 rows"* ]]
}

@test "input: a broken control file is named with line and column" {
  mkdir "$BATS_TEST_TMPDIR/own"
  printf 'id: own_1\ntitle: "half\nlevels: [1\n' >"$BATS_TEST_TMPDIR/own/own_1.yaml"
  run "$bulkhead" list controls --controls "$BATS_TEST_TMPDIR/own"
  [ "$status" -eq 2 ]
  [[ "$output" =~ own_1\.yaml:[0-9]+:[0-9]+ ]]
  printf "id: own_1\ntitle: Own\nlevels: [1]\nseverity: terrible\nlayers: [configured]\ndescription: d\nrationale: r\ndefault: d\nremediation: r\nreferences: []\nsql: select 1\n" >"$BATS_TEST_TMPDIR/own/own_1.yaml"
  run "$bulkhead" list controls --controls "$BATS_TEST_TMPDIR/own"
  [ "$status" -eq 2 ]
  [[ "$output" =~ own_1\.yaml:4:[0-9]+ ]]
  run "$bulkhead" list controls --controls "$BATS_TEST_TMPDIR/nowhere"
  one_line_error 2 nowhere
}

@test "input: options that mean nothing are refused before anything is asked" {
  run "$bulkhead" audit --level 9
  [ "$status" -eq 2 ]
  run "$bulkhead" audit --format xml
  [ "$status" -eq 2 ]
  run "$bulkhead" audit --fail-on sometimes
  [ "$status" -eq 2 ]
  run "$bulkhead" audit --no-such-option
  [ "$status" -eq 2 ]
  run "$bulkhead"
  [ "$status" -eq 2 ] || [ "$status" -eq 0 ]
}

@test "input: --output to a folder that does not exist loses nothing silently" {
  fake garbage
  run "$bulkhead" audit --host "unix://$BATS_TEST_TMPDIR/fake.sock" --output "$BATS_TEST_TMPDIR/no/folder/report"
  [ "$status" -eq 2 ]
  [ ! -e "$BATS_TEST_TMPDIR/no" ]
}
