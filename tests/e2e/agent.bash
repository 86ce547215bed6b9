# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2154
# A running agent and what it has seen, for the tests that need one: one agent a machine, whose state lies in E2E_DIR.

agent_listen() { echo "unix:$E2E_DIR/agent.sock"; }

# start_agent HOST: `serve` for this engine, and it is ready.
start_agent() {
  printf 'listen: %s\nhistory:\n  folder: %s\n' "$(agent_listen)" "$E2E_DIR/history" >"$E2E_DIR/agent.yaml"
  "$bulkhead" serve --host "$1" --config "$E2E_DIR/agent.yaml" >"$E2E_DIR/agent.log" 2>&1 3>&- &
  echo $! >"$E2E_DIR/agent.pid"
  eventually status_answers || { cat "$E2E_DIR/agent.log"; return 1; }
}

stop_agent() {
  local pid
  pid=$(cat "$E2E_DIR/agent.pid")
  kill "${1:--TERM}" "$pid" 2>/dev/null || true
  eventually gone "$pid"
}

gone() { ! kill -0 "$1" 2>/dev/null; }
status_answers() { "$bulkhead" status --listen "$(agent_listen)" >/dev/null 2>&1; }

# eventually COMMAND...: within 15 s.
eventually() {
  local _
  for _ in $(seq 150); do
    "$@" && return 0
    sleep 0.1
  done
  return 1
}

# past SQL: of all days. Each day has a file of its own, and midnight may come: rows of numbers are added up, others are told once.
past() {
  local file
  for file in "$E2E_DIR"/history/flows-*.sqlite; do
    [ ! -e "$file" ] || sqlite3 -readonly -cmd '.timeout 5000' "$file" "$1"
  done | awk -F '|' -v OFS='|' '
    { rows[NR] = $0; if ($0 !~ /^[0-9|]*$/) words = 1; for (i = 1; i <= NF; i++) sum[i] += $i; if (NF > columns) columns = NF }
    END { if (words) { for (i = 1; i <= NR; i++) if (!seen[rows[i]]++) print rows[i] } else { for (i = 1; i <= columns; i++) $i = sum[i]; if (columns) print } }'
}

# flows_between FROM TO: how many, packets there and back, bytes there and back; of TCP.
flows_between() {
  past "select count(*), sum(packets_to_destination), sum(packets_to_source), sum(bytes_to_destination), sum(bytes_to_source) from flows
    where source_container = '$1' and destination_container = '$2' and protocol = 6"
}
count_between() { flows_between "$1" "$2" | cut -d'|' -f1; }
has_flows() { [ "$(count_between "$1" "$2")" -ge "$3" ]; }

counter() { "$bulkhead" status --listen "$(agent_listen)" --format json | jq -r ".counts.$1"; }
