#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Fixes on a leaky engine of this file's own: planned, refused, undone, applied; and after the restart that the plan names, the alarms are gone.
load support

setup_file() {
  export BULKHEAD_LAB_DIR=$E2E_DIR/fix-labs
  "$bulkhead" lab up leaky >"$E2E_DIR/fix-lab.log" 2>&1 || { cat "$E2E_DIR/fix-lab.log"; return 1; }
  host=$(lab_host leaky)
  etc=$(lab_dir leaky)/etc/docker
  export host etc
}

teardown_file() { BULKHEAD_LAB_DIR=$E2E_DIR/fix-labs "$bulkhead" lab down leaky >/dev/null 2>&1; }

# The settings that a file can decide here; what else the engine has comes by flags.
by_file="cis_v160_2_2 cis_v160_2_14 cis_v160_2_15 cis_v160_2_16 csvs_2_9 csvs_7_3"

# The engine again, as the user would restart it: in its own namespaces, with the flags of the lab but for those that the plan names.
restart_engine() {
  kill "$(cat "$(lab_dir leaky)/pid")"
  for i in $(seq 600); do [ -e "/proc/$(cat "$(lab_dir leaky)/pid")" ] || break; sleep 0.1; done
  # What waits for the engine looks whether this process lives.
  rm "$(lab_dir leaky)/pid"
  bash -c 'here=$1; base=$BULKHEAD_LAB_DIR
    for part in say state netns processes engine images shop; do . "$here/lib/$part.sh"; done
    lab_select leaky
    engine_start "$state" engine bulkhead-leaky "$lan_client" --host tcp://127.0.0.1:2375 --tls=false && engine_wait "$state"' restart "$lab_folder" 3>&-
}

# A tree and its modes, to see that nothing changed.
tree() { find "$etc" -printf '%P %m %U:%G %s\n' | sort; }

@test "fix: a plan shows diffs and commands and changes nothing" {
  tree >"$BATS_TEST_TMPDIR/before"
  COLUMNS=80 "$bulkhead" fix --host "$host" $by_file cis_v160_2_3 csvs_11_5 >"$BATS_TEST_TMPDIR/plan"
  cat "$BATS_TEST_TMPDIR/plan"
  grep -q '^  +++ b/etc/docker/daemon.json$' "$BATS_TEST_TMPDIR/plan"
  grep -q '^  +  "userland-proxy": false' "$BATS_TEST_TMPDIR/plan"
  grep -q 'docker update --restart on-failure:5 shop-guest-1' "$BATS_TEST_TMPDIR/plan"
  grep -q 'restart the engine (process ' "$BATS_TEST_TMPDIR/plan"
  grep -q -- "--log-level on the engine's command line" "$BATS_TEST_TMPDIR/plan"
  tree >"$BATS_TEST_TMPDIR/after"
  equal tree "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
  "$bulkhead" fix --host "$host" --format json | jq -e '.bulkhead_fix_plan == 1 and (.changes | length) == 1 and (.summary.alarms > 20)'
}

@test "fix: without a terminal and without --yes nothing is applied" {
  tree >"$BATS_TEST_TMPDIR/before"
  run "$bulkhead" fix --host "$host" csvs_7_3 --apply </dev/null
  [ "$status" -eq 2 ]
  [[ $output == *"--yes says so beforehand"* ]]
  tree >"$BATS_TEST_TMPDIR/after"
  equal tree "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
}

@test "fix: a plan whose target changed since is refused" {
  "$bulkhead" fix --host "$host" csvs_7_3 --output "$BATS_TEST_TMPDIR/plan.json" >/dev/null
  echo '{}' >"$etc/daemon.json"
  run "$bulkhead" fix --host "$host" --apply "$BATS_TEST_TMPDIR/plan.json" --yes
  [ "$status" -eq 2 ]
  [[ $output == *"its target has changed since"* ]]
  [ "$(cat "$etc/daemon.json")" = '{}' ]
  rm "$etc/daemon.json"
  # A snapshot can be planned for and never applied.
  "$bulkhead" snapshot save "$BATS_TEST_TMPDIR/saved" --host "$host"
  "$bulkhead" fix --from "$BATS_TEST_TMPDIR/saved" csvs_7_3 | grep -q "None of it can be applied: it was made of a snapshot"
  run "$bulkhead" fix --from "$BATS_TEST_TMPDIR/saved" csvs_7_3 --apply --yes
  one_line_error 2 "nothing can be applied"
}

@test "fix: what fails half-way is undone" {
  # The Compose file is a mount point, which no rename replaces; daemon.json comes before it.
  mkdir "$BATS_TEST_TMPDIR/zz"
  printf 'services:\n  web:\n    image: x\n' | tee "$BATS_TEST_TMPDIR/zz/compose.yaml" >"$BATS_TEST_TMPDIR/zz/other"
  mount --bind "$BATS_TEST_TMPDIR/zz/other" "$BATS_TEST_TMPDIR/zz/compose.yaml"
  tree >"$BATS_TEST_TMPDIR/before"
  run "$bulkhead" fix --host "$host" csvs_7_3 csvs_3_9 --compose "$BATS_TEST_TMPDIR/zz/compose.yaml" --apply --yes
  umount "$BATS_TEST_TMPDIR/zz/compose.yaml"
  echo "$output"
  [ "$status" -eq 2 ]
  [[ $output == *"everything was undone"* ]]
  tree >"$BATS_TEST_TMPDIR/after"
  equal tree "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
  [ "$(ls -A "$BATS_TEST_TMPDIR/zz")" = $'compose.yaml\nother' ]
}

@test "fix: modes and owners of the engine's files are set, and told" {
  echo '{}' >"$etc/daemon.json"
  chmod 0666 "$etc/daemon.json"
  chown 12:34 "$etc/daemon.json"
  chmod 0777 "$etc"
  "$bulkhead" fix --host "$host" cis_v160_3_5 cis_v160_3_6 cis_v160_3_17 cis_v160_3_18 --apply --yes
  [ "$(stat -c '%a %u:%g' "$etc/daemon.json")" = "644 0:0" ]
  [ "$(stat -c %a "$etc")" = 755 ]
  audit_json "$host" "$BATS_TEST_TMPDIR/report.json" cis_v160_3_6 cis_v160_3_17 cis_v160_3_18
  jq -e '.results | length == 3 and all(.status == "ok")' "$BATS_TEST_TMPDIR/report.json"
  rm "$etc/daemon.json"
}

@test "fix: Compose files are changed by their lines, and then judged ok" {
  cat >"$BATS_TEST_TMPDIR/compose.yaml" <<'Y'
# the shop
services:
  web:
    image: shop/web:1  # pinned
    ports:
      - "8080:80"
    restart: always
  db:
    image: shop/db:1
Y
  cp "$BATS_TEST_TMPDIR/compose.yaml" "$BATS_TEST_TMPDIR/old"
  wanted="csvs_3_5 csvs_3_9 cis_v160_5_29 cis_v160_5_15 csvs_7_8"
  # shellcheck disable=SC2086
  "$bulkhead" fix $wanted --compose "$BATS_TEST_TMPDIR/compose.yaml" --risky --apply --yes >"$BATS_TEST_TMPDIR/out"
  cat "$BATS_TEST_TMPDIR/out"
  grep -q "docker compose -f $BATS_TEST_TMPDIR/compose.yaml up -d db web" "$BATS_TEST_TMPDIR/out"
  grep -q '^# the shop$' "$BATS_TEST_TMPDIR/compose.yaml"
  grep -q 'image: shop/web:1  # pinned' "$BATS_TEST_TMPDIR/compose.yaml"
  equal backup "$BATS_TEST_TMPDIR/old" "$(ls "$BATS_TEST_TMPDIR"/compose.yaml.bulkhead-*)"
  # shellcheck disable=SC2086
  "$bulkhead" audit $wanted --compose "$BATS_TEST_TMPDIR/compose.yaml" --format json >"$BATS_TEST_TMPDIR/report.json"
  jq -e '[.results[] | select(.status == "alarm" or .status == "unknown")] | length == 0' "$BATS_TEST_TMPDIR/report.json"
}

@test "fix: the plan that was kept is applied, and after the restart that it names the engine's alarms are gone" {
  audit_json "$host" "$BATS_TEST_TMPDIR/before.json" $by_file cis_v160_2_3 cis_v160_2_5 cis_v160_2_18
  jq -e '[.results[] | select(.status == "alarm") | .control] | unique | length == 9' "$BATS_TEST_TMPDIR/before.json"
  printf '{\n  "mtu": 1400\n}\n' >"$etc/daemon.json"
  # shellcheck disable=SC2086
  "$bulkhead" fix --host "$host" $by_file --output "$BATS_TEST_TMPDIR/plan.json" >/dev/null
  [ "$(stat -c %s "$etc/daemon.json")" = 18 ]
  "$bulkhead" fix --host "$host" --apply "$BATS_TEST_TMPDIR/plan.json" --yes >"$BATS_TEST_TMPDIR/out"
  cat "$BATS_TEST_TMPDIR/out"
  grep -q 'engine 20.10.* has no dockerd --validate' "$BATS_TEST_TMPDIR/out"
  head -n 2 "$etc/daemon.json" | tail -n 1 | grep -qx '  "mtu": 1400,'
  jq -e '.mtu == 1400 and .icc == false and ."userland-proxy" == false and ."live-restore" == true and ."no-new-privileges" == true' "$etc/daemon.json"
  [ "$(cat "$etc"/daemon.json.bulkhead-*)" = $'{\n  "mtu": 1400\n}' ]
  # Neither the engine nor a container was restarted by that.
  [ "$(docker_of "$host" inspect -f '{{.State.Running}}' shop-web-1)" = true ]
  restart_engine
  # The containers are made again: here one stands for all.
  docker_of "$host" ps -aq | xargs env DOCKER_HOST="$host" "$docker_client" rm -f >/dev/null
  docker_of "$host" run -d --name again --network shop_front -p 127.0.0.1:8099:80 --user 1000 shop/app:1 sh /app/serve.sh >/dev/null
  # shellcheck disable=SC2086
  audit_json "$host" "$BATS_TEST_TMPDIR/after.json" $by_file cis_v160_2_3 cis_v160_2_5 cis_v160_2_18
  jq -r '.results[] | [.control, .status, .reason] | @tsv' "$BATS_TEST_TMPDIR/after.json"
  jq -e '.results | length == 9 and all(.status == "ok")' "$BATS_TEST_TMPDIR/after.json"
  # The command that a plan names for a container does what it says.
  docker_of "$host" update --restart always again >/dev/null
  "$bulkhead" fix --host "$host" csvs_11_5 --format json | jq -r '.steps[0].text' >"$BATS_TEST_TMPDIR/command"
  grep -qx 'docker update --restart on-failure:5 again' "$BATS_TEST_TMPDIR/command"
  DOCKER_HOST=$host DOCKER_CONFIG=$E2E_DIR/home sh "$BATS_TEST_TMPDIR/command"
  audit_json "$host" "$BATS_TEST_TMPDIR/policy.json" csvs_11_5
  [ "$(status_of "$BATS_TEST_TMPDIR/policy.json" csvs_11_5 again)" = ok ]
}
