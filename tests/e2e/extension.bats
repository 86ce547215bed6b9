#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The loadable extension in the programs that people have: the sqlite3 shell and Python, over a live engine and over a snapshot of it.
load support

setup_file() {
  lab_is_up leaky
  host=$(lab_host leaky)
  export host
  [ -r "$BULKHEAD_EXTENSION.so" ] || skip "$BULKHEAD_EXTENSION.so is missing: ninja -C build bulkhead_extension"
  "$bulkhead" snapshot save "$BATS_FILE_TMPDIR/kept" --host "$host" >/dev/null
}

# shell SQL...: the sqlite3 shell with the extension.
shell() { sqlite3 -batch -csv :memory: ".load $BULKHEAD_EXTENSION" "$@"; }

python() {
  /usr/bin/python3 - "$BULKHEAD_EXTENSION" "$@"
}

containers="select name, image, privileged from docker_container order by name"

@test "extension: the sqlite3 shell says of a live engine what the program says" {
  DOCKER_HOST=$host shell "$containers" >"$BATS_TEST_TMPDIR/shell"
  query "$host" "$containers" >"$BATS_TEST_TMPDIR/program"
  [ "$(wc -l <"$BATS_TEST_TMPDIR/shell")" -gt 3 ]
  diff <(tr -d '\r' <"$BATS_TEST_TMPDIR/shell") "$BATS_TEST_TMPDIR/program"
}

@test "extension: from a snapshot it says the same, by environment and by bulkhead_open" {
  DOCKER_HOST=$host shell "$containers" >"$BATS_TEST_TMPDIR/live"
  BULKHEAD_FROM=$BATS_FILE_TMPDIR/kept shell "$containers" >"$BATS_TEST_TMPDIR/kept"
  diff "$BATS_TEST_TMPDIR/live" "$BATS_TEST_TMPDIR/kept"
  shell "select bulkhead_open('from', '$BATS_FILE_TMPDIR/kept')" "$containers" | tail -n +2 >"$BATS_TEST_TMPDIR/opened"
  diff "$BATS_TEST_TMPDIR/live" "$BATS_TEST_TMPDIR/opened"
}

@test "extension: every table answers or says why not" {
  shell "select bulkhead_open('from', '$BATS_FILE_TMPDIR/kept', 'partial', 1)" >/dev/null
  for table in $("$bulkhead" list tables --format jsonl | jq -r .table); do
    case $table in container_banner | container_file | host_file | node_latency) continue ;; esac
    run shell "select bulkhead_open('from', '$BATS_FILE_TMPDIR/kept', 'partial', 1)" "select count(*) from $table"
    [ "$status" = 0 ] || [[ $output == *"needs a"* ]] || { echo "$table: $output"; false; }
  done
}

@test "extension: what an engine that is away would say is an error and no empty answer" {
  run env DOCKER_HOST=unix:///nowhere.sock sqlite3 -batch :memory: ".load $BULKHEAD_EXTENSION" "select count(*) from docker_container"
  [ "$status" != 0 ]
  [[ $output == *"could not read engine:/containers"* ]]
}

@test "extension: Python has the tables beside its own, and ends in peace" {
  [ -x /usr/bin/python3 ] || skip "no python3"
  BULKHEAD_FROM=$BATS_FILE_TMPDIR/kept python >"$BATS_TEST_TMPDIR/out" <<'PY'
import sqlite3, sys
for turn in range(2):
    connection = sqlite3.connect(":memory:")
    connection.enable_load_extension(True)
    connection.load_extension(sys.argv[1])
    connection.execute("create table owner(project text, who text)")
    connection.execute("insert into owner select distinct compose_project, 'team' from docker_container where compose_project is not null")
    rows = connection.execute("select c.name, o.who from docker_container c join owner o on o.project = c.compose_project order by 1").fetchall()
    assert rows, "no rows"
    connection.execute("select bulkhead_open('dialect', 'osquery')").fetchone()
    assert connection.execute("select name from docker_containers order by 1").fetchone()[0].startswith("/")
    connection.close()
print("done")
PY
  [ "$(cat "$BATS_TEST_TMPDIR/out")" = done ]
}

@test "extension: Python sees what could not be read as an exception" {
  [ -x /usr/bin/python3 ] || skip "no python3"
  DOCKER_HOST=unix:///nowhere.sock python >"$BATS_TEST_TMPDIR/out" <<'PY'
import sqlite3, sys
connection = sqlite3.connect(":memory:")
connection.enable_load_extension(True)
connection.load_extension(sys.argv[1])
try:
    connection.execute("select * from docker_network").fetchall()
except sqlite3.OperationalError as error:
    print(error)
PY
  grep -q 'could not read engine:/networks' "$BATS_TEST_TMPDIR/out"
}

@test "extension: osquery's and Steampipe's queries run over the lab in both" {
  for sql in "select name, state, image from docker_containers order by name" "select * from docker_container_mounts order by id, destination"; do
    # The shell quotes an empty text, the program does not.
    DOCKER_HOST=$host shell "$sql" | tr -d '\r"' >"$BATS_TEST_TMPDIR/shell"
    query "$host" "$sql" | tr -d '"' >"$BATS_TEST_TMPDIR/program"
    [ -s "$BATS_TEST_TMPDIR/shell" ]
    diff "$BATS_TEST_TMPDIR/shell" "$BATS_TEST_TMPDIR/program"
  done
  "$bulkhead" query --host "$host" --dialect steampipe --format json "select * from docker_container" | jq -e 'length > 3 and all(.[]; has("size_rw"))' >/dev/null
}
