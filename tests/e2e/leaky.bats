#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The leaky lab: an audit shows every flaw that was planted, and nothing else.
load support

setup_file() {
  lab_is_up leaky
  host=$(lab_host leaky)
  export host
  # Someone outside calls every few seconds: until the kernel has counted a call on each port it is not known as used.
  for port in 8080 8082; do
    for i in $(seq 100); do
      in_lab leaky engine iptables-save -c -t nat | grep -- "--dport $port .*DNAT" | grep -qv '^\[0:' && break
      sleep 0.1
    done
  done
  # A process that is root for less than a minute may be about to become somebody else (3.1); the last is started by `up` itself.
  last=$(stat -c %Y "$(lab_dir leaky)/ready")
  while [ $(($(date +%s) - last)) -le 62 ]; do sleep 1; done
  audit_json "$host" "$BATS_FILE_TMPDIR/report.json"
  rows "$BATS_FILE_TMPDIR/report.json" >"$BATS_FILE_TMPDIR/got"
  expected leaky >"$BATS_FILE_TMPDIR/want"
}

alarms() { grep -E $'\t(alarm|error)$' "$1"; }

@test "leaky: every planted flaw is an alarm, and nothing else is" {
  alarms "$BATS_FILE_TMPDIR/want" >"$BATS_TEST_TMPDIR/want"
  alarms "$BATS_FILE_TMPDIR/got" >"$BATS_TEST_TMPDIR/got"
  [ "$(wc -l <"$BATS_TEST_TMPDIR/want")" -gt 40 ]
  equal alarms "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/got"
}

@test "leaky: every result of every control is the true one" {
  equal results "$BATS_FILE_TMPDIR/want" "$BATS_FILE_TMPDIR/got"
}

@test "leaky: the summary counts the results, and the exit code tells of alarms" {
  jq -e '.summary as $s | .results | map(.status) | group_by(.) | map({(.[0]): length}) | add | to_entries | all(.value == $s[.key])' "$BATS_FILE_TMPDIR/report.json"
  run "$bulkhead" audit --host "$host" csvs_7_3
  [ "$status" -eq 1 ]
  run "$bulkhead" audit --host "$host" csvs_7_7
  [ "$status" -eq 0 ]
}

@test "leaky: each alarm names its layer and shows evidence that was read" {
  jq -e '[.results[] | select(.status == "alarm")] | length > 0 and all((.layer | length > 0) and (.reason | length > 0) and (.evidence | length > 0)
    and all(.evidence[]; (.locator | length > 0) and (.value | length > 0) and (.read_at | startswith("20"))))' "$BATS_FILE_TMPDIR/report.json"
}

@test "leaky: two audits give the same results in the same order" {
  audit_json "$host" "$BATS_TEST_TMPDIR/again.json"
  jq -r '.results[] | [.control, .resource, .status] | @tsv' "$BATS_FILE_TMPDIR/report.json" >"$BATS_TEST_TMPDIR/one"
  jq -r '.results[] | [.control, .resource, .status] | @tsv' "$BATS_TEST_TMPDIR/again.json" >"$BATS_TEST_TMPDIR/two"
  equal order "$BATS_TEST_TMPDIR/one" "$BATS_TEST_TMPDIR/two"
}

@test "leaky: addresses of the host are those of the engine's network namespace" {
  query "$host" "select interface_name || ' ' || address from host_address" | tr -d '"' | sort >"$BATS_TEST_TMPDIR/got"
  in_lab leaky engine ip -o addr | sed -E 's/^[0-9]+: +([^ ]+) +inet6? +([^ /]+)[ /].*/\1 \2/' | sort >"$BATS_TEST_TMPDIR/want"
  grep -q '^docker0 172\.17\.0\.1$' "$BATS_TEST_TMPDIR/want"
  equal addresses "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/got"
}

@test "leaky: rules are those of the engine's network namespace" {
  query "$host" "select count(*) from firewall_rule where family = 'ip' and table_name in ('nat', 'filter')" >"$BATS_TEST_TMPDIR/got"
  in_lab leaky engine iptables-save | grep -c '^-A' >"$BATS_TEST_TMPDIR/want"
  equal rules "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/got"
}

@test "leaky: the engine's process is the lab's, though the socket lies in another mount namespace" {
  [ "$(query "$host" "select pid from host_process where name = 'dockerd'")" = "$(cat "$(lab_dir leaky)/pid")" ]
}

@test "leaky: users, seccomp and NoNewPrivs of each container's first process are what /proc says" {
  docker_of "$host" ps -q --no-trunc | xargs env DOCKER_HOST="$host" "$docker_client" inspect -f '{{.State.Pid}}' | sort -n |
    while read -r pid; do
      awk -v pid="$pid" '/^Uid:/ { uid = $3 } /^NoNewPrivs:/ { nnp = $2 } /^Seccomp:/ { mode = $2 } END { print pid "," uid "," nnp "," mode }' "/proc/$pid/status"
    done >"$BATS_TEST_TMPDIR/want"
  query "$host" "select p.pid, p.euid, p.no_new_privs, p.seccomp_mode from container_process p join docker_container c on c.pid = p.pid order by p.pid" >"$BATS_TEST_TMPDIR/got"
  equal processes "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/got"
}

@test "leaky: --container, --project, --where and --level choose results and change none" {
  for choice in "--container shop-api-1" "--project shop" "--level 1" "--where status='alarm'"; do
    # shellcheck disable=SC2086
    "$bulkhead" audit --host "$host" --format json $choice >"$BATS_TEST_TMPDIR/part.json" || [ $? -eq 1 ]
    rows "$BATS_TEST_TMPDIR/part.json" >"$BATS_TEST_TMPDIR/part"
    echo "$choice: $(wc -l <"$BATS_TEST_TMPDIR/part") results"
    [ -s "$BATS_TEST_TMPDIR/part" ]
    [ "$(comm -23 "$BATS_TEST_TMPDIR/part" "$BATS_FILE_TMPDIR/got" | grep -v $'\tskip$')" = "" ]
  done
}

@test "leaky: asked with --probe, a store that serves strangers is an alarm, and an answer that tells nothing is none" {
  audit_json "$host" "$BATS_TEST_TMPDIR/probed.json" --probe csvs_3_13
  [ "$(status_of "$BATS_TEST_TMPDIR/probed.json" csvs_3_13 shop-cache-1:6379)" = alarm ]
  [[ "$(reason_of "$BATS_TEST_TMPDIR/probed.json" csvs_3_13 shop-cache-1:6379)" == *"it answered +PONG"* ]]
  [ "$(status_of "$BATS_TEST_TMPDIR/probed.json" csvs_3_13 shop-db-1:5432)" = info ]
  [ "$(status_of "$BATS_FILE_TMPDIR/report.json" csvs_3_13 shop-cache-1:6379)" = info ]
}

@test "leaky: the truth has rows for each control that judges hosts" {
  "$bulkhead" list controls --format json | jq -r '.[].control' | grep -E '^(csvs|cis|docker_net)_' | sort -u >"$BATS_TEST_TMPDIR/controls"
  [ "$(wc -l <"$BATS_TEST_TMPDIR/controls")" -gt 200 ]
  cut -f 1 "$BATS_FILE_TMPDIR/want" | sort -u | comm -23 "$BATS_TEST_TMPDIR/controls" - >"$BATS_TEST_TMPDIR/got"
  : >"$BATS_TEST_TMPDIR/want"
  equal controls "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/got"
}
