#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Reading is all that happens: no command is run in a container, and neither the engine nor its firewall changes.
load support

setup_file() { lab_is_up leaky; }

# Everything that reads: an audit with probes, each table, and a snapshot.
read_everything() {
  local host=$1
  audit_json "$host" "$BATS_TEST_TMPDIR/report.json" --probe
  "$bulkhead" list tables --format json | jq -r '.[].table' | while read -r table; do echo "select count(*) as $table from $table;"; done >"$BATS_TEST_TMPDIR/all.sql"
  [ "$(wc -l <"$BATS_TEST_TMPDIR/all.sql")" -gt 40 ]
  # These ask for one thing; the rest is read as a whole.
  sed -i -E "s/from (host_file|container_file);/from \1 where path = '\/etc\/passwd';/" "$BATS_TEST_TMPDIR/all.sql"
  sed -i -E "s/from image_file_list;/from image_file_list where image_id = (select id from docker_image limit 1);/" "$BATS_TEST_TMPDIR/all.sql"
  sed -i -E "s/from node_latency;/from node_latency where address = '127.0.0.1';/" "$BATS_TEST_TMPDIR/all.sql"
  sed -i -E "s/from server_answer;/from server_answer where pid = 1 and address = '127.0.0.1' and port = 1 and question = 'redis';/" "$BATS_TEST_TMPDIR/all.sql"
  audit_rules_readable || sed -i '/ from audit_rule;/d; / from audit_status;/d; / from docker_audit_watch;/d' "$BATS_TEST_TMPDIR/all.sql"
  # The tables of the past ask files and no engine, and here is no past.
  sed -i -E '/ from (flow|edge|dns_query|http_request|tls_session|container_history|datapath_stats|blind_spot);/d' "$BATS_TEST_TMPDIR/all.sql"
  while read -r statement; do "$bulkhead" query --host "$host" "$statement" >>"$BATS_TEST_TMPDIR/rows" || { echo "failed: $statement"; return 1; }; done <"$BATS_TEST_TMPDIR/all.sql"
  "$bulkhead" snapshot save "$BATS_TEST_TMPDIR/all.snapshot" --host "$host"
}

@test "no exec: an audit, a query of each table and a snapshot cause no event in the engine" {
  host=$(lab_host leaky)
  engine_state "$host" >"$BATS_TEST_TMPDIR/engine.before"
  namespace_state leaky >"$BATS_TEST_TMPDIR/namespace.before"
  since=$(date +%s.%N)
  read_everything "$host"
  until=$(date +%s.%N)
  # The slow HEALTHCHECK of mail is the engine's own exec; looking into an image is told as the export that it is.
  docker_of "$host" events --since "$since" --until "$until" --format '{{.Type}} {{.Action}} {{index .Actor.Attributes "name"}}' |
    { grep -vE '^image save |^container (exec_(create|start): /bin/sh -c sleep 900|exec_die|health_status.*) shop-mail-1$' || true; } >"$BATS_TEST_TMPDIR/events"
  : >"$BATS_TEST_TMPDIR/none"
  equal events "$BATS_TEST_TMPDIR/none" "$BATS_TEST_TMPDIR/events"
  engine_state "$host" >"$BATS_TEST_TMPDIR/engine.after"
  equal engine "$BATS_TEST_TMPDIR/engine.before" "$BATS_TEST_TMPDIR/engine.after"
  namespace_state leaky >"$BATS_TEST_TMPDIR/namespace.after"
  equal namespace "$BATS_TEST_TMPDIR/namespace.before" "$BATS_TEST_TMPDIR/namespace.after"
}

@test "no exec: this test sees an exec when there is one" {
  host=$(lab_host leaky)
  since=$(date +%s.%N)
  # In a container of its own: the shop stays as it is.
  id=$(docker_of "$host" create --network none shop/app:1 sleep 100)
  docker_of "$host" start "$id" >/dev/null
  docker_of "$host" exec "$id" true
  docker_of "$host" rm -f "$id" >/dev/null
  docker_of "$host" events --since "$since" --until "$(date +%s.%N)" --format '{{.Action}}' | grep -q '^exec_create: true'
}
