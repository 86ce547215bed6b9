#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Snapshots: judged offline as the host was judged live, complete, without secrets, and readable by everyone's sqlite3.
load support

setup_file() {
  lab_is_up hardened
  host=$(lab_host hardened)
  export host
  # One secret in every place an engine keeps such things in.
  docker_of "$host" network create --label db.password=hunter2-network e2e_net >/dev/null
  docker_of "$host" volume create --label db.password=hunter2-volume e2e_volume >/dev/null
  printf 'FROM shop/app:1\nENV SECRET_TOKEN=hunter2-image\nLABEL db.password=hunter2-imagelabel\n' |
    DOCKER_BUILDKIT=0 docker_of "$host" build -q -t e2e/secret:1 - >/dev/null
  docker_of "$host" run -d --name e2e-secret -e SECRET_TOKEN=hunter2-env -l db.password=hunter2-label --network e2e_net -v e2e_volume:/data \
    -e PORT=7777 e2e/secret:1 /app/shop store >/dev/null
}

teardown_file() {
  docker_of "$host" rm -f e2e-secret >/dev/null
  docker_of "$host" rmi e2e/secret:1 >/dev/null
  docker_of "$host" network rm e2e_net >/dev/null
  docker_of "$host" volume rm e2e_volume >/dev/null
}

# What two reports of the same readings have in common: all but when and by whom they were made.
judgement() { jq -S 'del(.started_at, .as_of, .tool)' "$1"; }

# texts SNAPSHOT: all readings, decompressed, by sqlite3 alone.
texts() {
  sqlite3 "$1" "select count(*) from reading where bytes is not null and size > 0 and sqlar_uncompress(bytes, size) is null" | grep -qx 0
  sqlite3 "$1" "select locator, reason, cast(sqlar_uncompress(bytes, size) as text) from reading"
}

@test "offline: an audit of the snapshot that an audit kept gives the same report" {
  audit_json "$host" "$BATS_TEST_TMPDIR/live.json" --save-snapshot "$BATS_TEST_TMPDIR/kept"
  "$bulkhead" audit --from "$BATS_TEST_TMPDIR/kept" --format json >"$BATS_TEST_TMPDIR/kept.json" || [ $? -eq 1 ]
  judgement "$BATS_TEST_TMPDIR/live.json" >"$BATS_TEST_TMPDIR/live"
  judgement "$BATS_TEST_TMPDIR/kept.json" >"$BATS_TEST_TMPDIR/offline"
  [ "$(jq '.results | length' "$BATS_TEST_TMPDIR/live.json")" -gt 100 ]
  equal report "$BATS_TEST_TMPDIR/live" "$BATS_TEST_TMPDIR/offline"
}

@test "offline: a saved snapshot gives the same report each time, and that of a live audit" {
  "$bulkhead" snapshot save "$BATS_TEST_TMPDIR/saved" --host "$host"
  audit_json "$host" "$BATS_TEST_TMPDIR/live.json"
  for i in 1 2; do "$bulkhead" audit --from "$BATS_TEST_TMPDIR/saved" --format json >"$BATS_TEST_TMPDIR/$i.json" || [ $? -eq 1 ]; done
  judgement "$BATS_TEST_TMPDIR/1.json" >"$BATS_TEST_TMPDIR/1"
  judgement "$BATS_TEST_TMPDIR/2.json" >"$BATS_TEST_TMPDIR/2"
  equal report "$BATS_TEST_TMPDIR/1" "$BATS_TEST_TMPDIR/2"
  rows "$BATS_TEST_TMPDIR/live.json" >"$BATS_TEST_TMPDIR/live"
  rows "$BATS_TEST_TMPDIR/1.json" >"$BATS_TEST_TMPDIR/offline"
  equal results "$BATS_TEST_TMPDIR/live" "$BATS_TEST_TMPDIR/offline"
}

@test "offline: every command takes --from, and needs no engine for it" {
  "$bulkhead" snapshot save "$BATS_TEST_TMPDIR/saved" --host "$host"
  # The engine that would be asked does not exist.
  export DOCKER_HOST=unix://$BATS_TEST_TMPDIR/nobody.sock
  [ "$("$bulkhead" query --from "$BATS_TEST_TMPDIR/saved" --format csv "select count(*) from docker_container" | tail -n 1 | tr -d '\r')" = 8 ]
  echo "select name from docker_container where name = 'e2e-secret'" | "$bulkhead" query --from "$BATS_TEST_TMPDIR/saved" | grep -q e2e-secret
  "$bulkhead" snapshot show "$BATS_TEST_TMPDIR/saved" | grep -q '^format_version'
  "$bulkhead" snapshot show "$BATS_TEST_TMPDIR/saved" --all | grep -q 'engine:/networks'
  "$bulkhead" explain csvs_7_6 --from "$BATS_TEST_TMPDIR/saved" >/dev/null
  "$bulkhead" list tables --from "$BATS_TEST_TMPDIR/saved" >/dev/null
  for format in text brief csv json; do
    "$bulkhead" audit --from "$BATS_TEST_TMPDIR/saved" --format $format --level 2 --container 'shop-*' >"$BATS_TEST_TMPDIR/$format"
    [ -s "$BATS_TEST_TMPDIR/$format" ]
  done
}

@test "offline: each table has the rows that it has live" {
  "$bulkhead" snapshot save "$BATS_TEST_TMPDIR/saved" --host "$host"
  for table in docker_container docker_container_endpoint docker_container_label docker_image docker_image_history docker_network docker_volume \
    container_namespace container_mount host_address host_interface host_route firewall_chain firewall_rule dockerd_config host_kernel_feature; do
    echo "$table,$(query "$host" "select count(*) from $table")" >>"$BATS_TEST_TMPDIR/live"
    echo "$table,$("$bulkhead" query --from "$BATS_TEST_TMPDIR/saved" --format csv "select count(*) from $table" | tail -n 1 | tr -d '\r')" >>"$BATS_TEST_TMPDIR/offline"
  done
  equal rows "$BATS_TEST_TMPDIR/live" "$BATS_TEST_TMPDIR/offline"
}

@test "offline: no value of an environment variable or of a secret label is in a snapshot" {
  "$bulkhead" snapshot save "$BATS_TEST_TMPDIR/saved" --host "$host"
  audit_json "$host" "$BATS_TEST_TMPDIR/report.json" --save-snapshot "$BATS_TEST_TMPDIR/kept"
  for file in saved kept; do
    texts "$BATS_TEST_TMPDIR/$file" >"$BATS_TEST_TMPDIR/texts"
    grep -q e2e-secret "$BATS_TEST_TMPDIR/texts"
    grep -q SECRET_TOKEN "$BATS_TEST_TMPDIR/texts"
    grep -ao 'hunter2-[a-z]*' "$BATS_TEST_TMPDIR/texts" && return 1
    grep -ao 'hunter2-[a-z]*' "$BATS_TEST_TMPDIR/$file" && return 1
  done
  grep -o 'hunter2-[a-z]*' "$BATS_TEST_TMPDIR/report.json" && return 1
  true
}

@test "offline: --show-values keeps the values" {
  "$bulkhead" audit --host "$host" --show-values --save-snapshot "$BATS_TEST_TMPDIR/kept" --output "$BATS_TEST_TMPDIR/report" || [ $? -eq 1 ]
  texts "$BATS_TEST_TMPDIR/kept" >"$BATS_TEST_TMPDIR/texts"
  for secret in env label network volume; do grep -q "hunter2-$secret" "$BATS_TEST_TMPDIR/texts" || { echo "hunter2-$secret is missing"; return 1; }; done
  # And they are shown only to who asks again.
  [ "$("$bulkhead" query --from "$BATS_TEST_TMPDIR/kept" --format csv "select count(*) from docker_container_env where value like 'hunter2%'" | tail -n 1 | tr -d '\r')" = 0 ]
  [ "$("$bulkhead" query --from "$BATS_TEST_TMPDIR/kept" --show-values --format csv "select value from docker_container_env where name = 'SECRET_TOKEN'" | tail -n 1 | tr -d '\r')" = hunter2-env ]
}

@test "offline: a snapshot belongs to the user alone, and is written whole or not at all" {
  (umask 022; "$bulkhead" snapshot save "$BATS_TEST_TMPDIR/saved" --host "$host")
  [ "$(stat -c %a "$BATS_TEST_TMPDIR/saved")" = 600 ]
  mkdir "$BATS_TEST_TMPDIR/part"
  run "$bulkhead" snapshot save "$BATS_TEST_TMPDIR/part/saved" --host "unix://$BATS_TEST_TMPDIR/nobody.sock"
  [ "$status" -eq 2 ]
  [ -z "$(ls -A "$BATS_TEST_TMPDIR/part")" ]
}

@test "offline: a snapshot that is cut, spoilt or of a later format is refused in one line" {
  "$bulkhead" snapshot save "$BATS_TEST_TMPDIR/saved" --host "$host"
  head -c 20000 "$BATS_TEST_TMPDIR/saved" >"$BATS_TEST_TMPDIR/cut"
  cp "$BATS_TEST_TMPDIR/saved" "$BATS_TEST_TMPDIR/newer"
  sqlite3 "$BATS_TEST_TMPDIR/newer" "update meta set value = '99' where key = 'format_version'"
  head -c 5000 /dev/urandom >"$BATS_TEST_TMPDIR/noise"
  : >"$BATS_TEST_TMPDIR/empty"
  sqlite3 "$BATS_TEST_TMPDIR/other" "create table t(a); insert into t values (1)"
  cp "$BATS_TEST_TMPDIR/saved" "$BATS_TEST_TMPDIR/spoilt"
  sqlite3 "$BATS_TEST_TMPDIR/spoilt" "update reading set bytes = x'789c00ff00ff' where locator = 'engine:/info'"
  for file in cut newer noise empty other missing; do
    for command in "audit" "query select_1" "snapshot show"; do
      echo "$command $file"
      case $command in
        audit) run "$bulkhead" audit --from "$BATS_TEST_TMPDIR/$file" ;;
        query*) run "$bulkhead" query --from "$BATS_TEST_TMPDIR/$file" "select name from docker_info" ;;
        *) run "$bulkhead" snapshot show "$BATS_TEST_TMPDIR/$file" ;;
      esac
      one_line_error 2 "$file"
    done
  done
  # One spoilt reading spoils what rests on it, and only that.
  run "$bulkhead" query --from "$BATS_TEST_TMPDIR/spoilt" "select name from docker_info"
  [ "$status" -eq 2 ]
  [[ "$output" == *damaged* ]]
  "$bulkhead" query --from "$BATS_TEST_TMPDIR/spoilt" "select name from docker_network"
}
