#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What a change process asks of an engine that is really there: what is new against a baseline, what changed between two snapshots, who answers for it.
load support

setup_file() {
  lab_is_up leaky
  host=$(lab_host leaky)
  export host
  docker_of "$host" run -d --name e2e-gate shop/app:1 sleep 1000000 >/dev/null
}

teardown_file() {
  docker_of "$host" rm -f e2e-gate e2e-gate-privileged >/dev/null 2>&1 || true
}

@test "gate: a container made anew under its name is known; a privileged one is new and fails, until somebody answers for it" {
  cd "$BATS_TEST_TMPDIR"
  audit_json "$host" main.json
  docker_of "$host" rm -f e2e-gate >/dev/null
  docker_of "$host" run -d --name e2e-gate shop/app:1 sleep 1000000 >/dev/null
  run "$bulkhead" audit --host "$host" --baseline main.json --fail-on new --container e2e-gate --format json
  [ "$status" -eq 0 ]
  [ "$(jq '[.results[] | select(.status == "alarm" and .baseline == "new")] | length' <<<"$output")" = 0 ]
  [ "$(jq '[.results[] | select(.status == "alarm" and .baseline == "known")] | length' <<<"$output")" -gt 3 ]

  docker_of "$host" run -d --name e2e-gate-privileged --privileged shop/app:1 sleep 1000000 >/dev/null
  run "$bulkhead" audit cis_v160_5_5 --host "$host" --baseline main.json --fail-on new --format brief
  [ "$status" -eq 1 ]
  [[ $output == *"e2e-gate-privileged (new): "* ]]
  printf -- '- control: cis_v160_5_5\n  resource: e2e-gate-*\n  reason: A test\n  owner: Testers\n  expires: 2099-01-01\n' >exceptions.yaml
  run "$bulkhead" audit cis_v160_5_5 --host "$host" --baseline main.json --fail-on new --exceptions exceptions.yaml
  [ "$status" -eq 0 ]
  [[ $output == *"Excepted until 2099-01-01 by Testers"* ]]
  docker_of "$host" rm -f e2e-gate-privileged >/dev/null
}

@test "gate: a diff of two snapshots tells what was changed in between, and of one with itself nothing" {
  cd "$BATS_TEST_TMPDIR"
  "$bulkhead" snapshot save a --host "$host"
  docker_of "$host" run -d --name e2e-gate-privileged --privileged -p 127.0.0.1:9999:80 shop/app:1 sleep 1000000 >/dev/null
  "$bulkhead" snapshot save b --host "$host"
  docker_of "$host" rm -f e2e-gate-privileged >/dev/null
  run "$bulkhead" snapshot diff a a
  [ "$status" -eq 0 ]
  run "$bulkhead" snapshot diff a b --format json
  [ "$status" -eq 1 ]
  told() { jq -e --arg a "$1" --arg k "$2" '[.facts[] | select(.about == $a and .change == "appeared" and (.key | contains($k)))] | length > 0' <<<"$output" >/dev/null; }
  told containers e2e-gate-privileged
  told "published ports" "e2e-gate-privileged:127.0.0.1:9999->80/tcp"
  told "firewall rules" "--dport 80"
  jq -e '[.results[] | select(.control == "cis_v160_5_5" and .resource_name == "e2e-gate-privileged" and .after == "alarm" and .before == null)] | length == 1' <<<"$output"
  # Nothing else was touched: no other container differs.
  [ "$(jq '[.facts[] | select(.about == "containers")] | length' <<<"$output")" = 1 ]
}
