# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the end-to-end tests share. Loaded by each .bats file; run.sh's environment is theirs: BULKHEAD_PROGRAM, E2E_DIR, E2E_SOURCE.

bulkhead=$BULKHEAD_PROGRAM
lab_folder=$E2E_SOURCE/../../lab
docker_client=/usr/bin/docker
[ -x "$docker_client" ] || docker_client=docker

# lab_is_up NAME: waits for the lab that `run` started.
lab_is_up() {
  local i
  for i in $(seq 2400); do
    [ -e "$BULKHEAD_LAB_DIR/$1/ready" ] && return 0
    [ -e "/proc/$(cat "$E2E_DIR/$1.pid")" ] || break
    sleep 0.1
  done
  [ -e "$BULKHEAD_LAB_DIR/$1/ready" ] && return 0
  echo "the lab $1 did not come up:"
  cat "$E2E_DIR/$1.log"
  return 1
}

lab_dir() { echo "$BULKHEAD_LAB_DIR/$1${2:+/$2}"; }
lab_host() { echo "unix://$(lab_dir "$@")/docker.sock"; }

# in_lab NAME NETNS COMMAND...: in a network namespace of the lab, with the host's own tools.
in_lab() {
  local name=$1 netns=$2
  shift 2
  nsenter --net="$BULKHEAD_LAB_DIR/$name/net/$netns" "$@"
}

# docker_of SOCKET_URL ARGUMENTS...: the docker client, for looking and for planting; the program never runs it.
docker_of() {
  local host=$1
  shift
  DOCKER_HOST=$host DOCKER_CONFIG=$E2E_DIR/home "$docker_client" "$@"
}

# query HOST SQL: rows as CSV without the line of names.
query() { "$bulkhead" query --host "$1" --format csv "$2" | tail -n +2 | tr -d '\r'; }

# audit_json HOST FILE [OPTIONS]: exit codes 0 and 1 are verdicts, all others are failures.
audit_json() {
  local host=$1 file=$2 code=0
  shift 2
  "$bulkhead" audit --host "$host" --format json "$@" >"$file" || code=$?
  [ $code -le 1 ] && return 0
  echo "audit ended with $code"
  jq -r '.results[] | select(.status == "error") | [.control, .resource_name, .reason] | @tsv' "$file"
  return 1
}

# rows FILE: control, resource and status of a report, in byte order; the lab's folder is called LAB_DIR.
rows() { jq -r '.results[] | [.control, .resource_name, .status] | @tsv' "$1" | sed "s|$BULKHEAD_LAB_DIR|LAB_DIR|g" | sort; }

# Whether a tenth of the space below FOLDER is left, and room for a twentieth of its files (2.4).
space_word() { stat -f -c '%a %b %d %c' "$1" | awk '{ print ($1 < 0.1 * $2 || ($4 > 0 && $3 < 0.05 * $4)) ? "alarm" : "ok" }'; }

# expected_of_this_machine LAB: what the machine says whatever runs on it: settings of its kernel (2.13), whether it keeps figures of pressure,
# and what space is left (2.4).
expected_of_this_machine() {
  local name least value word data
  while read -r name least; do
    value=$(cat "/proc/sys/${name/.//}" 2>/dev/null) || value=
    word=info
    if [ -z "$value" ]; then word=skip; elif [ "$value" -ge "$least" ]; then word=ok; fi
    printf 'csvs_2_13\t%s\t%s\n' "$name" $word
  done <<<$'kernel.kptr_restrict 1\nkernel.dmesg_restrict 1\nkernel.unprivileged_bpf_disabled 1\nfs.protected_hardlinks 1\nfs.protected_symlinks 1\nkernel.randomize_va_space 2'
  word=info
  [ -e /proc/pressure/memory ] && word=ok
  printf 'csvs_2_4\tmemory pressure\t%s\n' $word
  data=$(docker_of "$(lab_host "$1")" info --format "{{.DockerRootDir}}")
  printf 'csvs_2_4\tspace below %s\t%s\n' / "$(space_word /)" "${data/#$BULKHEAD_LAB_DIR/LAB_DIR}" "$(space_word "$data")"
}

# Whether the kernel tells its audit rules here: it does to the first pid namespace alone (kernel/audit.c, audit_netlink_ok), so not to a
# container or a clean tree. What rests on them is then unknown, and must not be anything else.
audit_rules_readable() { [ "$(readlink /proc/self/ns/pid)" = 'pid:[4026531836]' ]; }

without_audit_rules() {
  if audit_rules_readable; then cat; else awk -F '\t' -v OFS='\t' '$1 ~ /^cis_v160_1_1_([3-9]|1[0-9])$/ || ($1 == "csvs_2_10" && $2 != "attestation") { $3 = "unknown" } { print }'; fi
}

# expected LAB: the same three of the truth. The words apparmor, no_apparmor and confined stand for what this machine's kernel allows.
expected() {
  local apparmor=skip no_apparmor=skip confined=alarm
  if [ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" = Y ]; then apparmor=ok no_apparmor=alarm confined=ok; fi
  { tail -n +2 "$lab_folder/$1.expect.tsv" | cut -f 1-3; expected_of_this_machine "$1"; } | awk -F '\t' -v OFS='\t' -v yes=$apparmor -v no=$no_apparmor -v confined=$confined '$3 == "apparmor" { $3 = yes } $3 == "no_apparmor" { $3 = no } $3 == "confined" { $3 = confined } { print }' | without_audit_rules | sort
}

# equal WHAT WANTED_FILE GOT_FILE: shows what is missing (-) and what is too much (+).
equal() {
  cmp -s "$2" "$3" && return 0
  echo "$1: - is missing, + is too much"
  diff -U 0 "$2" "$3" | grep '^[-+][^-+]'
  return 1
}

# status_of FILE CONTROL RESOURCE_NAME
status_of() { jq -r --arg c "$2" --arg r "$3" '.results[] | select(.control == $c and .resource_name == $r) | .status' "$1"; }
reason_of() { jq -r --arg c "$2" --arg r "$3" '.results[] | select(.control == $c and .resource_name == $r) | .reason' "$1"; }

# one_line_error CODE WORDS: what `run` kept is that exit code and exactly one line on stderr and stdout together, with these words.
one_line_error() {
  if [ "$status" = "$1" ] && [ "${#lines[@]}" = 1 ] && [[ ${lines[0]} == *$2* ]]; then return 0; fi
  echo "wanted exit code $1 and one line with '$2'; got $status and:"
  printf '%s\n' "$output"
  return 1
}

# What must not change in an engine's network namespace: its rules without counters, its addresses and the loaded tables.
namespace_state() {
  in_lab "$1" engine sh -c 'iptables-save; ip6tables-save; nft list ruleset 2>/dev/null; cat /proc/net/ip_tables_names /proc/net/ip6_tables_names 2>/dev/null; ip -o addr; ip route' |
    sed -E '/^#/d; s/\[[0-9]+:[0-9]+\]//; s/counter packets [0-9]+ bytes [0-9]+/counter/; s/ tentative//; s/valid_lft.*//'
}

engine_state() {
  docker_of "$1" ps -aq --no-trunc | sort | xargs env DOCKER_HOST="$1" "$docker_client" inspect | jq -S 'map(del(.State.Health, .ExecIDs))'
  docker_of "$1" network ls -q --no-trunc | sort | xargs env DOCKER_HOST="$1" "$docker_client" network inspect | jq -S .
  docker_of "$1" images -a --no-trunc --format '{{.ID}} {{.Repository}}:{{.Tag}}' | sort
  docker_of "$1" volume ls -q | sort
}
