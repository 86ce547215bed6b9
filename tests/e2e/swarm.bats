#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The swarm lab: what a manager can tell, what a worker can, and what the kernel really does with overlays and virtual addresses.
load support

setup_file() {
  lab_is_up swarm
  audit_json "$(lab_host swarm n1)" "$BATS_FILE_TMPDIR/n1.json"
  audit_json "$(lab_host swarm n2)" "$BATS_FILE_TMPDIR/n2.json"
}

# truth NODE: swarm.expect.tsv with the words ipvs and esp replaced by what this machine's kernel does.
truth() {
  local ipvs=alarm esp=alarm
  [ -e /proc/net/ip_vs ] && ipvs=ok
  in_lab swarm "$1" ip xfrm state | grep -q 'proto esp' && esp=ok
  awk -F '\t' -v OFS='\t' -v node="$1" -v ipvs=$ipvs -v esp=$esp \
    '$1 == node { if ($4 == "ipvs") $4 = ipvs; if ($4 == "esp") $4 = esp; print $2, $3, $4 }' "$lab_folder/swarm.expect.tsv" | sort
}

# The results of the resources that the truth names (names of tasks change from run to run).
named() { rows "$1" | awk -F '\t' 'NR == FNR { wanted[$1, $2] = 1; next } ($1, $2) in wanted' "$2" -; }

@test "swarm: a manager's results are the true ones" {
  truth n1 >"$BATS_TEST_TMPDIR/want"
  named "$BATS_FILE_TMPDIR/n1.json" "$BATS_TEST_TMPDIR/want" >"$BATS_TEST_TMPDIR/got"
  equal results "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/got"
}

@test "swarm: a worker's results are the true ones, and what only a manager knows is unknown" {
  truth n2 >"$BATS_TEST_TMPDIR/want"
  named "$BATS_FILE_TMPDIR/n2.json" "$BATS_TEST_TMPDIR/want" >"$BATS_TEST_TMPDIR/got"
  equal results "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/got"
  [[ "$(reason_of "$BATS_FILE_TMPDIR/n2.json" csvs_7_10 host)" == *worker* ]]
}

@test "swarm: no control fails on any node" {
  audit_json "$(lab_host swarm n3)" "$BATS_TEST_TMPDIR/n3.json"
  jq -e '.summary.error == 0' "$BATS_FILE_TMPDIR/n1.json" "$BATS_FILE_TMPDIR/n2.json" "$BATS_TEST_TMPDIR/n3.json"
}

@test "swarm: a virtual address without IPVS, and encryption without keys, are configured and not in force" {
  if [ ! -e /proc/net/ip_vs ]; then
    jq -e '.results[] | select(.control == "csvs_7_2" and .resource_name == "pay_gate") | .layer == "disagreement"' "$BATS_FILE_TMPDIR/n1.json"
  fi
  if ! in_lab swarm n1 ip xfrm state | grep -q 'proto esp'; then
    jq -e '.results[] | select(.control == "csvs_7_11" and .resource_name == "shop_net") | .layer == "disagreement" and (.reason | test("not in force"))' \
      "$BATS_FILE_TMPDIR/n1.json"
  fi
}

@test "swarm: an encrypted overlay without keys is not ok on a worker either" {
  in_lab swarm n2 ip xfrm state | grep -q 'proto esp' && skip "the kernel has ESP"
  [ "$(status_of "$BATS_FILE_TMPDIR/n2.json" csvs_7_11 shop_net)" != ok ]
}

@test "swarm: ports published in host mode are found on the nodes that have the tasks" {
  : >"$BATS_TEST_TMPDIR/got"
  : >"$BATS_TEST_TMPDIR/want"
  for node in n1 n2 n3; do
    host=$(lab_host swarm $node)
    "$bulkhead" audit csvs_7_8 --host "$host" --format json >"$BATS_TEST_TMPDIR/$node" || [ $? -eq 1 ]
    rows "$BATS_TEST_TMPDIR/$node" | grep -P ":0\.0\.0\.0:.*\talarm$" | cut -f 2 | sed "s/^/$node /" >>"$BATS_TEST_TMPDIR/got" || true
    docker_of "$host" ps --filter publish=8080 --format '{{.Names}}' | sed "s/^/$node /; s/\$/:0.0.0.0:8080->80\/tcp/" >>"$BATS_TEST_TMPDIR/want"
  done
  [ "$(wc -l <"$BATS_TEST_TMPDIR/want")" = 2 ]
  equal ports "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/got"
}

@test "swarm: tables of the swarm are what the manager answers" {
  host=$(lab_host swarm n1)
  docker_of "$host" service ls --format '{{.Name}}' | sort >"$BATS_TEST_TMPDIR/want"
  query "$host" "select name from docker_service order by name" >"$BATS_TEST_TMPDIR/got"
  equal services "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/got"
  [ "$(query "$host" "select count(*) from docker_node")" = 3 ]
  [ "$(query "$host" "select count(*) from docker_task where desired_state = 'running'")" = 8 ]
  in_lab swarm n1 ip xfrm policy | grep -c '^src' >"$BATS_TEST_TMPDIR/want" || true
  query "$host" "select count(*) from xfrm_policy" >"$BATS_TEST_TMPDIR/got"
  equal policies "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/got"
}

# call NODE [curl options]: the call of --probe made by another program; prints gRPC's status and the bytes of the answer.
call() {
  local node=$1
  shift
  printf '\0\0\0\0\0' >"$BATS_TEST_TMPDIR/message"
  : >"$BATS_TEST_TMPDIR/answer"
  in_lab swarm "$node" curl -sk --max-time 10 --http2 "$@" -H 'content-type: application/grpc' -H 'te: trailers' --data-binary "@$BATS_TEST_TMPDIR/message" -D "$BATS_TEST_TMPDIR/head" \
    -o "$BATS_TEST_TMPDIR/answer" https://10.99.0.1:2377/docker.swarmkit.v1.Control/ListNodes
  echo "$(sed -n 's/^grpc-status: \([0-9]*\).*/\1/p' "$BATS_TEST_TMPDIR/head") $(wc -c <"$BATS_TEST_TMPDIR/answer")"
}

@test "swarm: asked with --probe, the manager serves managers only, seen from each node" {
  for node in n1 n2; do
    audit_json "$(lab_host swarm $node)" "$BATS_TEST_TMPDIR/$node.json" --probe docker_net_2
    [ "$(status_of "$BATS_TEST_TMPDIR/$node.json" docker_net_2 'manager 10.99.0.1:2377')" = ok ]
    [[ "$(reason_of "$BATS_TEST_TMPDIR/$node.json" docker_net_2 'manager 10.99.0.1:2377')" == TLSv1.*OU=swarm-manager* ]]
  done
  # What openssl sees is what the table says.
  in_lab swarm n2 openssl s_client -connect 10.99.0.1:2377 </dev/null 2>/dev/null | openssl x509 -noout -subject -nameopt RFC2253 | sed 's/^subject=//' >"$BATS_TEST_TMPDIR/want"
  jq -r '.results[] | select(.control == "docker_net_2" and .resource_name != "n2") | .evidence[0].value' "$BATS_TEST_TMPDIR/n2.json" | grep -qF "$(cat "$BATS_TEST_TMPDIR/want")"
}

@test "swarm: the call that --probe makes is one that is answered to a manager, and to nobody else" {
  certificates=$(lab_dir swarm n1)/data/swarm/certificates
  # Headers in a PEM file are swarmkit's own; curl does not read such a key.
  sed '/: /d; /^$/d' "$certificates/swarm-node.key" >"$BATS_TEST_TMPDIR/key"
  read -r status bytes <<<"$(call n1 --cert "$certificates/swarm-node.crt" --key "$BATS_TEST_TMPDIR/key")"
  rm "$BATS_TEST_TMPDIR/key"
  [ "$status" = 0 ]
  [ "$bytes" -gt 100 ]
  [ "$(call n1)" = "7 0" ]
}

@test "swarm: without --probe no manager is asked, and a snapshot of probes is judged as the host was" {
  jq -e '[.results[] | select(.control == "docker_net_2")] | length == 1' "$BATS_FILE_TMPDIR/n1.json"
  host=$(lab_host swarm n1)
  "$bulkhead" snapshot save "$BATS_TEST_TMPDIR/n1.snapshot" --host "$host" --probe
  code=0
  "$bulkhead" audit --from "$BATS_TEST_TMPDIR/n1.snapshot" docker_net_2 --format json >"$BATS_TEST_TMPDIR/n1.json" || code=$?
  [ $code -eq 0 ]
  [ "$(status_of "$BATS_TEST_TMPDIR/n1.json" docker_net_2 'manager 10.99.0.1:2377')" = ok ]
}
